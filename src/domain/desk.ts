/**
 * What stands around the engine while it trades live, as the API sees it: the link, the latest
 * quotes, what the broker says of the accounts, and the way of an instruction file to the engine.
 * Reading is synchronous and never waits for the broker.
 */
import type { AccountValues, LinkStatus } from './broker-link';
import type { Price } from './decimal';
import type { AccountKey, InstrumentKey, StrategyKey } from './ids';
import type { InstructionFileRecord } from './instruction';
import type { Mode } from './mode';
import type { Order, Staging } from './order';
import type { PriceKind } from './price-source';
import type { Refusal } from './refusal';
import type { ActiveRule } from './verdict';
import type { WorstCase } from './worst-case';

/** The latest known prices of an instrument. */
export interface LatestQuote {
  readonly instrument: InstrumentKey;
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly last: Price | null;
  readonly at: number;
}

/** One kind of price of one instrument. */
export interface PriceStream {
  readonly instrument: InstrumentKey;
  readonly kind: PriceKind;
}

/** An eligible price of the past. */
export interface SeenPrice {
  readonly at: number;
  readonly price: number;
  readonly priceText: string;
}
export interface PriceRange {
  readonly high: SeenPrice;
  readonly low: SeenPrice;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface LogEntry {
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly orderId: string | null;
}

/** Hears of every value, newest only matters; `off` ends it. Listeners never throw. */
export type Listen<T> = (listener: (value: T) => void) => () => void;

/** An opening auction as an order waits for it. */
export interface Auction extends Omit<Staging, 'releasedAt'> {
  /** Of the session that it opens, yyyy-mm-dd. */
  readonly tradingDate: string;
}

export interface LoadRequest {
  /** Only to name it in answers and logs. */
  readonly fileName: string;
  readonly content: string;
  readonly strategy: StrategyKey;
  /** Null: what the file says, else the only account there is. */
  readonly account: AccountKey | null;
  /** Null: what the file says, else the current session's, else the next one's. */
  readonly tradingDate: string | null;
  /** What holds where the file is silent, as it came; absent: the defaults. */
  readonly settings?: object;
  readonly dryRun: boolean;
}

export interface LoadAnswer {
  /** Null when the request itself was refused. A dry run's record has the id `ins-preview`. */
  readonly file: InstructionFileRecord | null;
  /** Orders of each symbol: those that were armed, or in a dry run those that would be. */
  readonly orders: ReadonlyMap<string, readonly Order[]>;
  /** Of each symbol that could be read, armed or not: worked out when it is asked for. */
  readonly worstCases?: ReadonlyMap<string, () => readonly WorstCase[]>;
  readonly refusal: Refusal | null;
}

/** The rule set in force, for reading. */
export interface ActiveRules {
  readonly hash: string;
  readonly activatedAt: number;
  readonly rules: readonly ActiveRule[];
}

export interface Desk {
  readonly mode: Mode;
  /** The engine's clock, epoch milliseconds. In the demo it is the market's own. */
  now(): number;
  /** A fresh id for a command, made at the edge. */
  commandId(): string;
  link(): LinkStatus;
  rules(): ActiveRules;
  quote(instrument: InstrumentKey): LatestQuote | null;
  /**
   * The instrument of a symbol, added to the books if the broker knows it; null where it does not,
   * or cannot be asked now.
   */
  findInstrument(symbol: string): Promise<InstrumentKey | null>;
  /** The session that is on for an instrument, or else the next one to open, yyyy-mm-dd. */
  tradingDate(instrument: InstrumentKey): string;
  /** The opening auction that an order placed now is for, or why there is none. */
  auction(instrument: InstrumentKey): Promise<Auction | Refusal>;
  /** The highest and lowest eligible price since a moment; null: none was seen since. */
  rangeSince(stream: PriceStream, at: number): PriceRange | null;
  /** Makes sure that quotes of the instrument come in. */
  watch(instrument: InstrumentKey): void;
  accountValues(account: AccountKey): AccountValues | null;
  loadInstructions(request: LoadRequest): Promise<LoadAnswer>;
  readonly onQuote: Listen<LatestQuote>;
  readonly onLog: Listen<LogEntry>;
}
