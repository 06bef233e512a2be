// Whose a file is and for which session: as the file itself says it beside its symbols, and as a
// profile says it. Must not know which strategies, accounts and sessions there are.

import type { FindingCode } from '../domain/finding';
import type { FileOwner } from '../domain/instruction';
import type { JsonMember, JsonNode, JsonObject } from '../json/node';
import { didYouMean } from '../json/suggest';
import { instead, spotOfKey, type Findings } from './findings';
import { fold, isRemark, shown } from './words';

/** Whose file it is, and for when. */
export const OWNER_KEYS = ['strategy', 'account', 'tradingDate'] as const;
export type OwnerKey = (typeof OWNER_KEYS)[number];

export const NO_OWNER: FileOwner = Object.freeze({
  ...{ strategy: null, account: null, tradingDate: null },
});

const FORMS: Readonly<Record<OwnerKey, readonly [RegExp, string]>> = {
  strategy: [
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'the key of a strategy: up to 64 letters, digits, dots, dashes',
  ],
  account: [/^[A-Za-z0-9]{1,32}$/, "the broker's code of an account, e.g. DU123"],
  tradingDate: [/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date, e.g. 2026-11-23'],
};

interface Judging {
  /** Of what is wrong. */
  readonly code: FindingCode;
  readonly findings: Findings;
}

/** Null where it has not the form that the key asks for. */
export function ownerText(
  key: OwnerKey,
  node: JsonNode,
  { code, findings }: Judging,
): string | null {
  const [form, words] = FORMS[key];
  if (node.type === 'string' && form.test(node.value)) {
    if (key !== 'tradingDate' || isDate(node.value)) return node.value;
    findings.add(code, node, `${shown(node.value)} is no day of the calendar.`);
    return null;
  }
  const found = node.type === 'string' ? shown(node.value) : 'something else';
  findings.add(code, node, `"${key}" must be ${words}, not ${found}.`);
  return null;
}

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/**
 * What the members beside the symbols say. A member of such a name that holds an object is a
 * symbol; one that holds anything else is none, and a wrong one refuses the file: its orders
 * would go to another owner or another day than it was written for.
 */
export function readOwner(root: JsonObject, findings: Findings): FileOwner {
  const first = new Map<OwnerKey, JsonMember>();
  for (const member of root.members) {
    const key = ownerKeyOf(member);
    const known = key === null ? undefined : first.get(key);
    if (key === null) nameNearly(member, findings);
    else if (known === undefined) first.set(key, nameSpelling(member, key, findings));
    else if (known.key !== member.key) {
      const message = `${shown(member.key)} says again what ${shown(known.key)} says.`;
      findings.add('OWNER', spotOfKey(member), message);
    }
  }
  const said = (key: OwnerKey): string | null => {
    const member = first.get(key);
    return member === undefined ? null : ownerText(key, member.value, { code: 'OWNER', findings });
  };
  return {
    ...{ strategy: said('strategy'), account: said('account') },
    tradingDate: said('tradingDate'),
  };
}

/** Whether a member of the top level says whose the file is, or nearly does; else a symbol. */
export function isOfOwner(member: JsonMember): boolean {
  return ownerKeyOf(member) !== null || nearlyOwner(member) !== null;
}

function ownerKeyOf({ key, value }: JsonMember): OwnerKey | null {
  if (value.type === 'object') return null;
  return OWNER_KEYS.find((each) => fold(each) === fold(key)) ?? null;
}

function nameSpelling(member: JsonMember, key: OwnerKey, findings: Findings): JsonMember {
  if (member.key !== key) {
    const edit = instead(member.keyPlace, JSON.stringify(key));
    const message = `${shown(member.key)} is read as "${key}".`;
    findings.add('SPELLING', spotOfKey(member), { message, edit });
  }
  return member;
}

/** A text is no symbol's: taken for one, the rest of the file would arm for the default. */
function nearlyOwner({ key, value }: JsonMember): OwnerKey | null {
  if (value.type !== 'string' || isRemark(key) || key.length > 20) return null;
  const bare = fold(key.replace(/[ _-]/g, ''));
  if (bare === 'date' || bare === 'tradingday') return 'tradingDate';
  const same = OWNER_KEYS.find((each) => fold(each) === bare);
  if (same !== undefined) return same;
  const meant = didYouMean(key, OWNER_KEYS);
  return OWNER_KEYS.find((each) => each === meant) ?? null;
}

function nameNearly(member: JsonMember, findings: Findings): void {
  const meant = nearlyOwner(member);
  if (meant === null) return;
  const message = `${shown(member.key)} is not known here: did you mean "${meant}"?`;
  findings.add('OWNER', spotOfKey(member), message);
}

/** Whether a text may say whose it is, without reading it as JSON; never a false no. */
export function mayNameOwner(text: string): boolean {
  return /"(?:strategy|account|tradingdate)"|\\u/i.test(text);
}

/** Where a request names another owner than the file; null: they agree. */
export function contradiction(
  file: FileOwner,
  asked: FileOwner,
): { readonly field: OwnerKey; readonly message: string } | null {
  for (const field of OWNER_KEYS) {
    const [own, other] = [file[field], asked[field]];
    if (own === null || other === null || own === other) continue;
    return { field, message: `the file says ${field} ${own}, the request says ${other}` };
  }
  return null;
}
