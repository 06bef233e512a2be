// Checks an import profile: what a folder, or an argument, says of files that do not say it
// themselves. Each key is read as it is in a file. Must not know folders.

import type { ImportSettings } from '../domain/import-settings';
import type { FileOwner, Finding } from '../domain/instruction';
import type { JsonMember, JsonObject } from '../json/node';
import { FORBIDDEN_KEYS } from '../json/node';
import { parseStrict, type JsonFault } from '../json/parse';
import { decodeUtf8 } from '../json/text';
import { DEFAULT_KEYS, mergeSettings } from './defaults';
import { Findings, inTextOrder, WHOLE_TEXT } from './findings';
import { readMembers } from './members';
import { readChoice } from './order';
import { NO_OWNER, OWNER_KEYS, ownerText, type OwnerKey } from './owner';
import { readPriceSource, readSettings } from './settings';
import { fold, ORDER_DEFAULTS, PERMITTED, SETTINGS, type SettingKey } from './words';
import type { OrderKey, SymbolKey } from './words';

export interface Profile extends FileOwner {
  readonly settings: ImportSettings;
}
export const NO_PROFILE: Profile = Object.freeze({
  ...NO_OWNER,
  settings: Object.freeze({}),
});

export interface CheckedProfile {
  /** Null when it is refused. */
  readonly profile: Profile | null;
  readonly findings: readonly Finding[];
}

export const MAX_PROFILE_BYTES = 64 * 1024;
/** The text of a profile; nothing of it holds when anything is wrong in it. */
export function checkProfile(bytes: Uint8Array): CheckedProfile {
  return checked(bytes, OWNER_KEYS);
}

/** Settings alone, as they come with a request. */
export function checkSettings(settings: unknown): CheckedProfile {
  return checked(new TextEncoder().encode(JSON.stringify(settings)), []);
}

function checked(bytes: Uint8Array, owners: readonly OwnerKey[]): CheckedProfile {
  const findings = new Findings();
  const profile = profileOf(bytes, { owners, findings });
  return {
    profile: findings.hasError ? null : profile,
    findings: inTextOrder(findings.list),
  };
}

interface Asked {
  readonly owners: readonly OwnerKey[];
  readonly findings: Findings;
}

function profileOf(bytes: Uint8Array, { owners, findings }: Asked): Profile | null {
  const decoded = decodeUtf8(bytes, MAX_PROFILE_BYTES);
  if (!decoded.ok) {
    const { kind, message, line, column } = decoded.fault;
    const code = kind === 'EMPTY' ? 'FILE_EMPTY' : kind === 'TOO_LARGE' ? 'FILE_TOO_LARGE' : kind;
    findings.add(code, { pointer: null, line, column }, message);
    return null;
  }
  const { root, faults } = parseStrict(decoded.text, { maxDepth: 4 });
  for (const fault of faults) addFault(fault, findings);
  if (root !== undefined && root.type !== 'object') {
    const message = 'A profile is an object: { "exitQty": "position" }.';
    findings.add('NOT_AN_OBJECT', WHOLE_TEXT, message);
  }
  return root?.type === 'object' ? read(root, { owners, findings }) : null;
}

function addFault(fault: JsonFault, findings: Findings): void {
  if (fault.pointer?.startsWith('/_') === true && fault.kind === 'DUPLICATE_KEY') return;
  findings.add(fault.kind, fault, fault);
}

function read(node: JsonObject, { owners, findings }: Asked): Profile {
  const members = readMembers<string>(node, [...owners, ...DEFAULT_KEYS], findings);
  const settings = members as ReadonlyMap<SymbolKey, JsonMember>;
  readSettings({ node, members: settings, findings });
  readPriceSource({ node, members: settings, findings });
  const orderMembers = members as ReadonlyMap<OrderKey, JsonMember>;
  for (const key of ORDER_DEFAULTS) {
    if (members.has(key)) readChoice({ node, members: orderMembers, findings }, key);
  }
  const owner = (key: OwnerKey): string | null => {
    const member = owners.includes(key) ? members.get(key) : undefined;
    return member === undefined
      ? null
      : ownerText(key, member.value, { code: 'UNKNOWN_VALUE', findings });
  };
  return {
    ...{ strategy: owner('strategy'), account: owner('account') },
    tradingDate: owner('tradingDate'),
    settings: mergeSettings(plainSettings(members), {}),
  };
}

/** Words in their usual spelling, so that capitals make no other settings. */
function plainSettings(members: ReadonlyMap<string, JsonMember>): ImportSettings {
  const settings: Record<string, string | number> = {};
  for (const key of DEFAULT_KEYS) {
    const value = members.get(key)?.value;
    if (FORBIDDEN_KEYS.has(key) || value === undefined) continue;
    if (value.type === 'number') settings[key] = Number(value.text);
    if (value.type === 'string') settings[key] = usualSpelling(key, value.value);
  }
  return settings;
}

function usualSpelling(key: string, text: string): string {
  const words: readonly string[] =
    key in SETTINGS ? SETTINGS[key as SettingKey] : PERMITTED[key as 'gap'];
  return words.find((word) => fold(word) === fold(text)) ?? text;
}

/** `profile.json:3:5: "exitQty" must be ...`, one line a fault. */
export function profileFaults(name: string, { findings }: CheckedProfile): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'ERROR')
    .map(({ line, column, message }) => `${name}:${line ?? 1}:${column ?? 1}: ${message}`);
}
