// Reads the members of an object by known keys, whatever their capitals: unknown, doubled and
// oddly spelled keys are named here. Must not know what the keys hold.

import { FORBIDDEN_KEYS, toJsonText, type JsonMember, type JsonObject } from '../json/node';
import { clearlyMeant, didYouMean } from '../json/suggest';
import { instead, spotOfKey, type Findings } from './findings';
import { fold, isRemark, listed, OTHER_SPELLINGS, shown } from './words';

/** Nobody mends more in one go, and a hostile object could hold a million. */
const MOST_UNKNOWN = 50;

/** The first member of each known key. */
export function readMembers<Key extends string>(
  object: JsonObject,
  known: readonly Key[],
  findings: Findings,
): ReadonlyMap<Key, JsonMember> {
  const members = new Map<Key, JsonMember>();
  const unknown: JsonMember[] = [];
  for (const member of object.members) {
    // The parser has named these already.
    if (FORBIDDEN_KEYS.has(member.key)) continue;
    const key = knownKey(member.key, known);
    if (key === undefined) {
      if (!isRemark(member.key)) unknown.push(member);
      continue;
    }
    const first = members.get(key);
    if (first === undefined) {
      members.set(key, member);
      if (member.key !== key) {
        const message = `${shown(member.key)} is read as "${key}".`;
        const edit = instead(member.keyPlace, JSON.stringify(key));
        findings.add('SPELLING', spotOfKey(member), { message, edit });
      }
    } else if (first.key !== member.key) {
      const { line, column } = first.keyPlace;
      const message =
        `${shown(member.key)} means "${key}", ` +
        `which stands at line ${line}, column ${column} already.`;
      findings.add('DUPLICATE_KEY', spotOfKey(member), message);
    }
  }
  const free = known.filter((key) => !members.has(key));
  for (const member of unknown.slice(0, MOST_UNKNOWN)) {
    const rivals = unknown.filter((each) => each !== member);
    nameUnknown(member, { known, free, rivals, findings });
  }
  const next = unknown[MOST_UNKNOWN];
  if (next !== undefined) {
    const more = unknown.length - MOST_UNKNOWN;
    findings.add('UNKNOWN_KEY', spotOfKey(next), `${more} more unknown keys follow from here.`);
  }
  return members;
}

function knownKey<Key extends string>(key: string, known: readonly Key[]): Key | undefined {
  const exact = known.find((each) => each === key);
  if (exact !== undefined) return exact;
  const folded = fold(key);
  const other: string | undefined = OTHER_SPELLINGS.get(folded);
  return known.find((each) => fold(each) === folded || each === other);
}

interface UnknownKey {
  readonly known: readonly string[];
  /** Those of the known keys that stand nowhere yet. */
  readonly free: readonly string[];
  /** The other unknown keys of the object. */
  readonly rivals: readonly JsonMember[];
  readonly findings: Findings;
}

function nameUnknown(member: JsonMember, where: UnknownKey): void {
  const { known, free, rivals, findings } = where;
  const meant = didYouMean(member.key, free) ?? didYouMean(member.key, known);
  if (meant === null) {
    const keys = listed(known.filter((key) => !isRemark(key)));
    const message = `Unknown key ${shown(member.key)}; expected ${keys}.`;
    findings.add('UNKNOWN_KEY', spotOfKey(member), message);
    return;
  }
  const message = `Unknown key ${shown(member.key)}: did you mean "${meant}"?`;
  const short = member.value.type !== 'object' && member.value.type !== 'array';
  const correctable = short && free.includes(meant);
  const proposal = correctable ? `"${meant}": ${toJsonText(member.value)}` : null;
  const certain =
    free.includes(meant) &&
    clearlyMeant(member.key, known) === meant &&
    rivals.every(({ key }) => didYouMean(key, known) !== meant);
  const edit = certain ? instead(member.keyPlace, JSON.stringify(meant)) : null;
  findings.add('UNKNOWN_KEY', spotOfKey(member), { message, proposal, edit });
}
