// What holds where a file is silent: settings from a profile or from arguments, laid under the keys
// that the file states itself. Must not know where they came from.

import type { ImportSettings } from '../domain/import-settings';
import type { JsonMember } from '../json/node';
import { parseStrict } from '../json/parse';
import type { Findings } from './findings';
import { fold, ORDER_DEFAULTS, SETTING_KEYS } from './words';

/** By key, as a parsed text, so that they are read like what the file says. */
export type DefaultMembers = ReadonlyMap<string, JsonMember>;

/** What goes along with the check of a symbol and of an order. */
export interface Checking {
  readonly findings: Findings;
  readonly defaults: DefaultMembers;
}

/** Keys that hold where a file is silent: of a symbol, and of an order. */
export const DEFAULT_KEYS: readonly string[] = [...SETTING_KEYS, ...ORDER_DEFAULTS];

export function defaultMembers(settings: ImportSettings = {}): DefaultMembers {
  const { root } = parseStrict(JSON.stringify(settings), { maxDepth: 2 });
  const members = root?.type === 'object' ? root.members : [];
  return new Map(members.map((member) => [member.key, member]));
}

/** What is stated, and for the keys named what holds where nothing is. */
export function withDefaults<Key extends string>(
  stated: ReadonlyMap<Key, JsonMember>,
  defaults: DefaultMembers,
  keys: readonly Key[],
): ReadonlyMap<Key, JsonMember> {
  const all = new Map(stated);
  for (const key of keys) {
    const member = defaults.get(key);
    if (member === undefined || all.has(key)) continue;
    // A number of round trips belongs to the word beside it.
    if (key === 'maxCycles' && speaksAgainst(stated, 'rearm' as Key)) continue;
    all.set(key, member);
  }
  return all;
}

function speaksAgainst<Key extends string>(
  stated: ReadonlyMap<Key, JsonMember>,
  key: Key,
): boolean {
  const value = stated.get(key)?.value;
  return value?.type === 'string' && fold(value.value) === 'never';
}

/** The first over the second; in the order of the keys, so that equal settings are equal texts. */
export function mergeSettings(over: ImportSettings, under: ImportSettings): ImportSettings {
  const merged = { ...under, ...over };
  const single = merged['rearm'] === 'never' && over['maxCycles'] === undefined;
  return Object.fromEntries(
    DEFAULT_KEYS.flatMap((key) => {
      const value = merged[key];
      return value === undefined || (single && key === 'maxCycles') ? [] : [[key, value]];
    }),
  );
}
