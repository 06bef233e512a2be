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
