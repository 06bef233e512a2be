/** What one client has asked to be told of, until it takes it back or goes. */
import type { Bar } from './market';
import type { BarBuilder } from './bars';

export interface BarStream {
  readonly instrument: string;
  readonly size: number;
  builder: BarBuilder | null;
}

export interface HistoryStream {
  readonly instrument: string;
  readonly size: number | 'DAY';
  readonly daily: boolean;
  readonly epoch: boolean;
  last: Bar | null;
}

/** Market data lines a client may have at once. */
export const MAX_LINES = 100;

export class Subscriptions {
  /** Instrument by request id. */
  readonly quotes = new Map<number, string>();
  readonly ticks = new Map<number, { readonly instrument: string; readonly type: TickType }>();
  readonly bars = new Map<number, BarStream>();
  readonly histories = new Map<number, HistoryStream>();
  /** Tags by request id. */
  readonly summaries = new Map<number, readonly string[]>();
  readonly positionsMulti = new Set<number>();
  readonly updatesMulti = new Set<number>();
  readonly profits = new Set<number>();
  /** Instrument by request id. */
  readonly singleProfits = new Map<number, string>();
  positions = false;
  account = false;
}

/** Kinds of ticks one by one, with their numbers on the wire. */
export type TickType = 'Last' | 'AllLast' | 'BidAsk' | 'MidPoint';
export const TICK_TYPES: Readonly<Record<TickType, string>> = {
  Last: '1',
  AllLast: '2',
  BidAsk: '3',
  MidPoint: '4',
};
