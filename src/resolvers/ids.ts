/**
 * Ids of the things that have no counter of their own: a prefix and the key, in hexadecimal so
 * that nobody parses it by accident and text order stays key order. Prefixes do not overlap with
 * each other nor with those of domain/ids.ts (ord-, pln-, dec-, ins-).
 */
import type { AccountKey, ExecId, InstrumentKey, StrategyKey } from '../domain/ids';

const PREFIXES = ['acc', 'inm', 'str', 'rul', 'fil', 'alc'] as const;
type Prefix = (typeof PREFIXES)[number];

const encoded = (key: string): string => Buffer.from(key, 'utf8').toString('hex');
const idOf = (prefix: Prefix, ...keys: readonly string[]): string =>
  `${prefix}-${keys.map(encoded).join('-')}`;

export const accountId = (key: AccountKey): string => idOf('acc', key);
export const instrumentId = (key: InstrumentKey): string => idOf('inm', key);
export const strategyId = (key: StrategyKey): string => idOf('str', key);
export const ruleId = (key: string): string => idOf('rul', key);
export const fillId = (execId: ExecId): string => idOf('fil', execId);

export interface AllocationPlace {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly strategy: StrategyKey;
}
export const allocationId = ({ account, instrument, strategy }: AllocationPlace): string =>
  idOf('alc', account, instrument, strategy);

/** An id taken apart; null when it is none of these. */
export function readId(
  id: string,
): { readonly prefix: Prefix; readonly keys: readonly string[] } | null {
  const [head, ...parts] = id.split('-');
  const prefix = PREFIXES.find((known) => known === head);
  const isHex = parts.length > 0 && parts.every((part) => /^([0-9a-f]{2})+$/.test(part));
  if (prefix === undefined || !isHex) return null;
  return { prefix, keys: parts.map((part) => Buffer.from(part, 'hex').toString('utf8')) };
}
