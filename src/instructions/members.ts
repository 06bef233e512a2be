// Reads the members of an object by known keys, whatever their capitals: unknown, doubled and
// oddly spelled keys are named here. Must not know what the keys hold.

import { FORBIDDEN_KEYS, toJsonText, type JsonMember, type JsonObject } from '../json/node';
import { didYouMean } from '../json/suggest';
import { spotOfKey, type Findings } from './findings';
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
        findings.add('SPELLING', spotOfKey(member), message);
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
    nameUnknown(member, { known, free, findings });
  }
  const next = unknown[MOST_UNKNOWN];
  if (next !== undefined) {
    const more = unknown.length - MOST_UNKNOWN;
    findings.add('UNKNOWN_KEY', spotOfKey(next), `${more} more unknown keys follow from here.`);
  }
  return members;
}

function knownKey<Key extends string>(key: string, known: readonly Key[]): Key | undefined {
  const folded = fold(key);
  const other: string | undefined = OTHER_SPELLINGS.get(folded);
  return known.find((each) => fold(each) === folded || each === other);
}

function nameUnknown(
  member: JsonMember,
  where: { known: readonly string[]; free: readonly string[]; findings: Findings },
): void {
  const { known, free, findings } = where;
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
  findings.add('UNKNOWN_KEY', spotOfKey(member), { message, proposal });
}
