/**
 * A plan: one symbol of an instruction file, as it was checked and compiled, or a bracket placed by
 * hand. Its entries are one OCA group; the legs of the side that was taken arm when the entry
 * fills.
 */
import type { Price, Quantity } from './decimal';
import type { AccountKey, InstrumentKey, OrderId, PlanId, StrategyKey } from './ids';
import type { ImportSettings } from './import-settings';
import type { Side, TrailTerms } from './order';
import type { QuoteSource } from './price-source';

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
  /**
   * Exact, as written: the trigger level, and before rounding the order price. Null for a trailing
   * stop, whose level comes of the entry's fill.
   */
  readonly price: Price | null;
  /** Of a trailing stop only; it is a MARKET order. */
  readonly trail?: TrailTerms;
  /** Which price its trigger looks at, where Tidegate holds it; absent: the last trade. */
  readonly priceSource?: QuoteSource;
  /** Entries only. */
  readonly cross: 'CROSS_OVER' | 'CROSS_UNDER' | null;
  /** Entries only: `false` lets an opening gap through the level pass without firing. */
  readonly firesOnGap: boolean;
  /**
   * The comment calls it a stop: settles the role where the price equals the entry's fill price.
   */
  readonly namedStop: boolean;
  /**
   * Of a bracket by hand: what it is, wherever the entry fills. Absent: its price says so, measured
   * from the price of that fill.
   */
  readonly exit?: 'TAKE_PROFIT' | 'STOP_LOSS';
  /** Of a stop whose limit is not its level; exact, as asked for. */
  readonly limitPrice?: Price;
}

/** What a file says of a plan as a whole. */
export interface PlanSettings {
  /** LITERAL: each exit for its own quantity. POSITION: for whatever is held, after every fill. */
  readonly exitQuantity: 'LITERAL' | 'POSITION';
  /** Round trips in one session. */
  readonly cycles: number;
  /** FLATTEN: the position is closed before the session ends. Absent: it is kept. */
  readonly onClose?: 'FLATTEN';
  /** FILL: the first fill of an entry cancels its siblings. Absent: its trigger does. */
  readonly ocaRelease?: 'FILL';
}
/** How long before the close such a plan is closed out, milliseconds. */
export const FLATTEN_BEFORE_CLOSE = 300_000;
export const ONE_ROUND_TRIP = 1;
export const DEFAULT_PLAN_SETTINGS: PlanSettings = Object.freeze({
  exitQuantity: 'LITERAL',
  cycles: ONE_ROUND_TRIP,
});

/** What a file says about one symbol, ready to be armed. */
export interface PlanSpec {
  readonly symbol: string;
  readonly settings: PlanSettings;
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
  /** Empty for a bracket by hand. */
  readonly fileName: string;
  /** SHA-256 of the file's text; empty for a bracket by hand. */
  readonly contentHash: string;
  /** A bracket placed by hand: no file knows it, and none replaces it. */
  readonly byHand?: true;
  /** What held where the file was silent; absent: the defaults. */
  readonly settings?: ImportSettings;
  readonly spec: PlanSpec;
  /** Which round trip of the session: 1, 2, ...; a changed file goes on counting. */
  readonly cycle: number;
  /** The plan of the round trip before; null for the first of a file's version. */
  readonly follows: PlanId | null;
  /** The plan of the round trip after it; null while there is none. */
  readonly followedBy: PlanId | null;
  /** WAITING for an entry to fill, IN_POSITION, or DONE for the session. */
  readonly status: 'WAITING' | 'IN_POSITION' | 'DONE';
  readonly direction: Direction | null;
  /** The price of the entry's first fill: what the roles of the other orders are measured from. */
  readonly reference: Price | null;
  readonly entryOrder: OrderId | null;
  /** Adds wait until the entry is final. */
  readonly addsArmed: boolean;
  /** The session before whose end it is closed at the market, yyyy-mm-dd; absent: it is not. */
  readonly closingOut?: string;
  /** Why it is DONE, as its end in the journal says; absent before that. */
  readonly closedFor?: string;
}
