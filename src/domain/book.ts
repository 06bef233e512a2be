/** Nouns of the books beside orders and fills: strategies, and orders of somebody else. */
import type { Price, Quantity } from './decimal';
import type { AccountKey, InstrumentKey, OrderId } from './ids';
import type { Side } from './order';

export type StrategyStage = 'RESEARCH' | 'PAPER' | 'PRODUCTION';

/**
 * A live order of one of our accounts that carries no reference of ours: EXTERNAL. Or a second one
 * under the reference of an order of ours that was sent once.
 */
export interface ExternalOrder {
  readonly permId: string;
  readonly clientId: number;
  readonly brokerOrderId: number;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** The order of ours whose reference it carries; absent: none. */
  readonly order?: OrderId;
}
