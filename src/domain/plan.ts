/**
 * A plan: one symbol of an instruction file, as it was checked and compiled. Its entries are one
 * OCA group; the legs of the side that was taken arm when the entry fills.
 */
import type { Price, Quantity } from './decimal';
import type { AccountKey, InstrumentKey, OrderId, PlanId, StrategyKey } from './ids';
import type { Side } from './order';

export type Direction = 'LONG' | 'SHORT';

/** One order of the file. */
export interface PlanLeg {
  /** `entry[0]`, `long[1]`, `short[2]`. */
  readonly leg: string;
  /** Place in the symbol's part of the file, counted over all three lists. */
  readonly rank: number;
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly side: Side;
  readonly type: 'LIMIT' | 'MARKET';
  readonly quantity: Quantity;
  /** Exact, as written: the trigger level, and before rounding the order price. */
  readonly price: Price;
  /** Entries only. */
  readonly cross: 'CROSS_OVER' | 'CROSS_UNDER' | null;
  /** Entries only: `false` lets an opening gap through the level pass without firing. */
  readonly firesOnGap: boolean;
  /**
   * The comment calls it a stop: settles the role where the price equals the entry's fill price.
   */
  readonly namedStop: boolean;
}

/** What a file says about one symbol, ready to be armed. */
export interface PlanSpec {
  readonly symbol: string;
  readonly entries: readonly PlanLeg[];
  readonly ifLong: readonly PlanLeg[];
  readonly ifShort: readonly PlanLeg[];
}

export interface Plan {
  readonly id: PlanId;
  readonly strategy: StrategyKey;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  /** Exchange-local trading date, yyyy-mm-dd. */
  readonly tradingDate: string;
  readonly fileName: string;
  /** SHA-256 of the file's text. */
  readonly contentHash: string;
  readonly spec: PlanSpec;
  /** WAITING for an entry to fill, IN_POSITION, or DONE for the session. */
  readonly status: 'WAITING' | 'IN_POSITION' | 'DONE';
  readonly direction: Direction | null;
  /** The price of the entry's first fill: what the roles of the other orders are measured from. */
  readonly reference: Price | null;
  readonly entryOrder: OrderId | null;
  /** Adds wait until the entry is final. */
  readonly addsArmed: boolean;
}
