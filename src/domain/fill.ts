/** One execution report from the broker, identified by the broker's own execution id. */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, ExecId, InstrumentKey, OrderId, StrategyKey } from './ids';
import type { Side } from './order';

export interface Fill {
  readonly execId: ExecId;
  /** Null for an execution that carries no reference of ours: EXTERNAL. */
  readonly order: OrderId | null;
  /** Null: goes to UNALLOCATED. */
  readonly strategy: StrategyKey | null;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly at: number;
}

/**
 * The execution that an id is a version of: the broker corrects one by sending it again with a
 * higher number after the last dot. An id without such a number has no versions.
 */
export function versionOf(execId: ExecId): { readonly base: string; readonly version: number } {
  const found = /^(.+)\.(\d+)$/.exec(execId);
  const [, base = execId, version = '0'] = found ?? [];
  return { base, version: Number(version) };
}

/** The execution that stands for what an account came with. */
export function adoptionOf(account: AccountKey, instrument: InstrumentKey): ExecId {
  return `adopted/${account}/${instrument}`;
}

/** What a strategy (or UNALLOCATED) owns of one instrument in one account. */
export interface Holding {
  /** Negative: short. */
  readonly quantity: Quantity;
  /** Signed cost of the quantity held; quantity x average cost. */
  readonly cost: Money;
  /** Realised profit before fees, by average cost. */
  readonly realized: Money;
  readonly fees: Money;
  /** Sale proceeds minus purchases, before fees. Always realised minus cost. */
  readonly cashFlow: Money;
}
