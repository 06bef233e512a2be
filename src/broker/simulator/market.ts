/**
 * The market a gateway trades in, as a port: what is listed, the next thing that happens, and the
 * bars of the past. A made-up market and a recorded day implement it.
 */
import type { InstrumentKey } from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import type { Trade } from '../../domain/market';

/** An instrument with what a broker's directory says of it. */
export interface Listing {
  readonly instrument: Instrument;
  readonly conId: number;
  readonly longName: string;
  /** The broker's name of the listing venue, such as NASDAQ. */
  readonly primaryExchange: string;
  readonly stockType: 'COMMON' | 'ETF';
}

export type MarketEvent =
  | {
      readonly kind: 'QUOTE';
      readonly at: number;
      readonly instrument: InstrumentKey;
      readonly bid: string;
      readonly ask: string;
      readonly bidSize: string;
      readonly askSize: string;
    }
  | { readonly kind: 'TRADE'; readonly at: number; readonly trade: Trade }
  /** The first instant of a session, before its first trade. */
  | { readonly kind: 'OPEN'; readonly at: number; readonly date: string }
  /** After the last trade of a session. */
  | { readonly kind: 'CLOSE'; readonly at: number; readonly date: string };

/** Trades of a stretch of time put together. */
export interface Bar {
  /** Start of the bar, epoch milliseconds; of a day its session's open. */
  readonly at: number;
  /** The exchange's date it belongs to, yyyy-mm-dd. */
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: number;
  /** Average price, weighted by size. */
  readonly average: string;
  readonly trades: number;
}

export interface BarQuestion {
  readonly instrument: InstrumentKey;
  /** Epoch milliseconds; bars that start from `from` and before `to`, nothing after the present. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds of a bar; `DAY` is one bar a session. */
  readonly size: number | 'DAY';
}

export interface GatewayMarket {
  readonly listings: readonly Listing[];
  /** Names what the market is made of, such as its seed. */
  readonly name: string;
  /** Time of the last event that was taken; before the first, the time the market starts at. */
  readonly now: number;
  /** Number of trades taken so far; a recording goes on from here. */
  readonly taken: number;
  /** The next event, without taking it; undefined at the end of a recording. */
  peek(): MarketEvent | undefined;
  take(): MarketEvent | undefined;
  bars(question: BarQuestion): Bar[];
  /** Time of the earliest bar. */
  head(instrument: InstrumentKey): number;
  /** Sessions around the present, for trading hours; yyyy-mm-dd with open and close. */
  sessions(): readonly { readonly date: string; readonly open: number; readonly close: number }[];
}
