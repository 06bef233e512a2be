/**
 * A recorded day as a market: its trades in their order, and nothing else; a recording of trades
 * has no quotes. Knows no clock: whoever drives it takes one trade after the other.
 */
import {
  CalendarRangeError,
  exchangeDate,
  previousSession,
  sessionOn,
  type Session,
} from '../../calendar/sessions';
import type { InstrumentKey } from '../../domain/ids';
import { resolveInstrument } from '../../market-data/instruments';
import type { TradeTape } from '../../market-data/trade-tape';
import { BarBuilder } from './bars';
import { listingsOf } from './listings';
import type { Bar, BarQuestion, GatewayMarket, Listing, MarketEvent } from './market';

export interface RecordedMarketOptions {
  readonly tape: TradeTape;
  /** Names the recording: its file and the hash of its bytes. */
  readonly name: string;
  /** Goes on with this trade; 0 is the first. */
  readonly nextTrade?: number;
  /** Previous session's closes, as text; the daily bars of a recording have no other past. */
  readonly previousCloses?: ReadonlyMap<InstrumentKey, string>;
}

const DAY = 86_400_000;

export class RecordedMarket implements GatewayMarket {
  readonly listings: readonly Listing[];
  readonly name: string;
  readonly #tape: TradeTape;
  readonly #closes: ReadonlyMap<InstrumentKey, string>;
  readonly #session: Session;
  #next: number;
  #now: number;
  #closed = false;
  #opened: boolean;

  constructor({ tape, name, nextTrade = 0, previousCloses = new Map() }: RecordedMarketOptions) {
    this.#tape = tape;
    this.name = name;
    this.#closes = previousCloses;
    this.#next = Math.min(nextTrade, tape.length);
    this.#opened = this.#next > 0;
    const symbols = new Set<InstrumentKey>();
    for (let n = 0; n < tape.length; n += 1) symbols.add(tape.trade(n).instrument);
    this.listings = listingsOf(
      [...symbols].map((symbol) => resolveInstrument(symbol, tape).instrument),
    );
    this.#session = this.#sessionOfTape();
    this.#now = this.#next > 0 ? tape.trade(this.#next - 1).at : this.#session.open;
    this.#skipOutside();
  }

  get now(): number {
    return this.#now;
  }
  get taken(): number {
    return this.#next;
  }

  peek(): MarketEvent | undefined {
    const { date } = this.#session;
    if (this.#next < this.#tape.length) {
      const trade = this.#tape.trade(this.#next);
      if (!this.#opened) return { kind: 'OPEN', at: Math.min(this.#now, trade.at), date };
      return { kind: 'TRADE', at: trade.at, trade };
    }
    if (this.#closed) return undefined;
    return { kind: 'CLOSE', at: Math.max(this.#now, this.#session.close), date };
  }

  take(): MarketEvent | undefined {
    const event = this.peek();
    if (event === undefined) return undefined;
    this.#now = event.at;
    if (event.kind === 'OPEN') this.#opened = true;
    if (event.kind === 'CLOSE') this.#closed = true;
    if (event.kind === 'TRADE') {
      this.#next += 1;
      this.#skipOutside();
    }
    return event;
  }

  /** Bars of the trades taken so far, and one of the previous close where it is known. */
  bars({ instrument, from, to, size }: BarQuestion): Bar[] {
    const length = size === 'DAY' ? Infinity : size;
    const { open, date } = this.#session;
    const builders: BarBuilder[] = [];
    const places = Math.max(2, this.#tape.fineness(instrument)?.pricePlaces ?? 2);
    for (let n = 0; n < this.#next; n += 1) {
      const trade = this.#tape.trade(n);
      if (trade.instrument !== instrument || !this.#counts(trade.at)) continue;
      const whole = Number.isFinite(length);
      const start = whole ? Math.max(Math.floor(trade.at / length) * length, open) : open;
      let bar = builders.at(-1);
      if (bar?.at !== start) builders.push((bar = new BarBuilder(start, date)));
      bar.add(trade.price, Number(trade.sizeText));
    }
    const bars = builders.map((bar) => bar.bar((value) => shortened(value.toFixed(places + 2))));
    const close = this.#closes.get(instrument);
    if (size === 'DAY' && close !== undefined) bars.unshift(this.#previousDay(close));
    return bars.filter((bar) => bar.at >= from && bar.at < to);
  }

  #previousDay(close: string): Bar {
    const { date, open } = this.#previousSession();
    const prices = { open: close, high: close, low: close, close, average: close };
    return { at: open, date, ...prices, volume: 0, trades: 0 };
  }

  #previousSession(): { readonly date: string; readonly open: number } {
    const calendar = this.listings[0]?.instrument.calendar ?? 'UTC';
    try {
      return previousSession(calendar, this.#session.date);
    } catch (cause) {
      if (!(cause instanceof CalendarRangeError)) throw cause;
      const open = this.#session.open - DAY;
      return { date: new Date(open).toISOString().slice(0, 10), open };
    }
  }

  head(instrument: InstrumentKey): number {
    return this.#closes.has(instrument) ? this.#previousSession().open : this.#session.open;
  }

  sessions(): readonly Session[] {
    return [this.#session];
  }

  /** The session of the first trade; where the calendar has none, from first to last trade. */
  #sessionOfTape(): Session {
    if (this.#tape.length === 0) return { date: '1970-01-01', open: 0, close: 0 };
    const first = this.#tape.trade(0);
    const calendar = resolveInstrument(first.instrument, this.#tape).instrument.calendar;
    const date = exchangeDate(calendar, first.at);
    const whole = { date, open: first.at, close: this.#tape.trade(this.#tape.length - 1).at };
    try {
      return sessionOn(calendar, date) ?? whole;
    } catch (cause) {
      if (!(cause instanceof CalendarRangeError)) throw cause;
      return whole;
    }
  }

  #counts(at: number): boolean {
    return at >= this.#session.open && at <= this.#session.close;
  }

  /** Trades outside the session are no part of the day. */
  #skipOutside(): void {
    while (this.#next < this.#tape.length && !this.#counts(this.#tape.trade(this.#next).at)) {
      this.#next += 1;
    }
  }
}

/** 12.3400: `12.34`; at least two places. */
function shortened(text: string): string {
  return text.replace(/(\.\d{2,}?)0+$/, '$1');
}
