/**
 * A made-up market of a few US shares: New York sessions one after the other, each worked out from
 * the seed, so that the same seed and time give the same market, whenever it is asked. Knows no
 * clock: whoever drives it takes one event after the other.
 */
import { nextSession, previousSession, sessionOn, type Session } from '../../calendar/sessions';
import { price, quantity } from '../../domain/decimal';
import type { InstrumentKey } from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import { BarBuilder, centsText } from './bars';
import { listingsOf } from './listings';
import { deviate, madeUpDay, seedOf, type MadeUpDay } from './made-up-day';
import type { Bar, BarQuestion, GatewayMarket, Listing, MarketEvent } from './market';
import { seededRandom } from './random';

export interface MadeUpMarketOptions {
  readonly seed: number;
  /** Goes on after this time (epoch milliseconds); without it the first day's tenth minute. */
  readonly from?: number;
}

/** The first simulated day: a Monday without anything special. */
export const FIRST_DAY = '2024-03-11';
/** Taken once: looking a global up again and again is slow where tests run. */
const { floor, max } = Math;
const TEN_MINUTES = 600_000;
const SECOND = 1_000;
const HALF_SECOND = 500;
/** Sessions with bars before the first day. */
export const HISTORY_DAYS = 30;
/** Worked-out days of single instruments that are kept: today's of all, and some of the past. */
const KEPT_DAYS = 40;

/** Symbol, venue, close before the first day in cents, deviation of a day, average volume. */
const SHARES = [
  ['AAPL', 'XNAS', 17073, 0.013, 55_000_000],
  ['AMZN', 'XNAS', 17535, 0.015, 40_000_000],
  ['DIS', 'XNYS', 11100, 0.013, 11_000_000],
  ['IBM', 'XNYS', 19573, 0.011, 5_000_000],
  ['JPM', 'XNYS', 18830, 0.011, 9_000_000],
  ['KO', 'XNYS', 5946, 0.008, 14_000_000],
  ['MSFT', 'XNAS', 40622, 0.012, 22_000_000],
  ['NVDA', 'XNAS', 87528, 0.024, 50_000_000],
  ['SPY', 'ARCX', 51172, 0.008, 75_000_000],
  ['TSLA', 'XNAS', 17534, 0.024, 90_000_000],
] as const;

const INSTRUMENTS: readonly Instrument[] = SHARES.map(([symbol, exchange, , , averageVolume]) => ({
  ...{ key: symbol, symbol, exchange, currency: 'USD', tickSize: price('0.01') },
  ...{ lotSize: quantity('1'), calendar: 'XNYS', conId: null, averageVolume },
}));

interface Place {
  readonly session: Session;
  second: number;
  queue: MarketEvent[];
}

export class MadeUpMarket implements GatewayMarket {
  readonly listings: readonly Listing[] = listingsOf(INSTRUMENTS);
  readonly name: string;
  readonly #seed: number;
  /** Sessions by their distance from the first day; those before it have negative numbers. */
  readonly #sessions = new Map<number, Session>();
  readonly #numbers = new Map<string, number>();
  readonly #closes = new Map<string, number>();
  readonly #days = new Map<string, MadeUpDay>();
  /** Bars of whole days that are over. */
  readonly #dayBars = new Map<string, Bar[]>();
  #now: number;
  #taken = 0;
  #place: Place;

  constructor({ seed, from }: MadeUpMarketOptions) {
    this.#seed = seed;
    this.name = `made-up ${seed}`;
    const first = sessionOn('XNYS', FIRST_DAY);
    if (first === undefined) throw new Error(`the calendar has no session on ${FIRST_DAY}`);
    this.#keepSession(0, first);
    this.#now = Math.max(from ?? 0, first.open + TEN_MINUTES);
    let number = 0;
    while (this.#session(number).close <= this.#now) number += 1;
    const session = this.#session(number);
    const second = Math.max(-1, Math.floor((this.#now - session.open) / SECOND));
    this.#place = { session, second, queue: [] };
    if (second >= 0) this.#place.queue = this.#eventsOf(session, second);
    this.#place.queue = this.#place.queue.filter((event) => event.at > this.#now);
  }

  get now(): number {
    return this.#now;
  }
  get taken(): number {
    return this.#taken;
  }

  peek(): MarketEvent {
    for (;;) {
      const [event] = this.#place.queue;
      if (event !== undefined) return event;
      this.#goOn();
    }
  }

  take(): MarketEvent {
    const event = this.peek();
    this.#place.queue.shift();
    this.#now = event.at;
    if (event.kind === 'TRADE') this.#taken += 1;
    return event;
  }

  /** Fills the queue with the next second, or the end of the session, or the next session. */
  #goOn(): void {
    const place = this.#place;
    const { session } = place;
    place.second += 1;
    if (place.second === 0) {
      const { open: at, date } = session;
      place.queue = [{ kind: 'OPEN', at, date }, ...this.#eventsOf(session, 0)];
    } else if (place.second < secondsOf(session)) {
      place.queue = this.#eventsOf(session, place.second);
    } else if (place.second === secondsOf(session)) {
      place.queue = [{ kind: 'CLOSE', at: session.close, date: session.date }];
    } else {
      const number = (this.#numbers.get(session.date) ?? 0) + 1;
      this.#place = { session: this.#session(number), second: -1, queue: [] };
    }
  }

  #eventsOf(session: Session, second: number): MarketEvent[] {
    const start = session.open + second * SECOND;
    const events: MarketEvent[] = [];
    for (const [n, { instrument }] of this.listings.entries()) {
      const day = this.#day(instrument.key, session);
      const offset = Math.floor((n * SECOND) / this.listings.length);
      const middle = day.middle[second] ?? 0;
      const size = day.size[second] ?? 0;
      const { key } = instrument;
      const quote = { bid: centsText(middle - 1), ask: centsText(middle + 1) };
      const sizes = { bidSize: String(size + 200), askSize: String(700 - size) };
      events.push({ kind: 'QUOTE', at: start + offset, instrument: key, ...quote, ...sizes });
      events.push(tradeOf(key, start + offset, { cents: day.trade[second] ?? 0, size }));
      const cents = day.between[second] ?? 0;
      if (cents === 0) continue;
      const at = start + ((offset + HALF_SECOND) % SECOND);
      events.push({ kind: 'QUOTE', at, instrument: key, ...quote, ...sizes });
      events.push(tradeOf(key, at, { cents, size: day.betweenSize[second] ?? 1 }));
    }
    return events.sort((a, b) => a.at - b.at);
  }

  bars({ instrument, from, to, size }: BarQuestion): Bar[] {
    const bars: Bar[] = [];
    for (let number = -HISTORY_DAYS; ; number += 1) {
      const session = this.#session(number);
      if (session.open > this.#now || session.open >= to) return bars;
      if (session.close <= from) continue;
      const length = size === 'DAY' ? Infinity : size;
      for (const bar of this.#barsOf(instrument, { session, length })) {
        if (bar.at >= from && bar.at < to) bars.push(bar);
      }
    }
  }

  /** The bars of a session up to the present. */
  #barsOf(symbol: InstrumentKey, stretch: { session: Session; length: number }): Bar[] {
    const { session, length } = stretch;
    const key = `${symbol}/${session.date}`;
    const keep = !Number.isFinite(length) && session.close < this.#now;
    const kept = keep ? this.#dayBars.get(key) : undefined;
    if (kept !== undefined) return kept;
    const bars = this.#newBars(symbol, stretch);
    if (keep) this.#dayBars.set(key, bars);
    return bars;
  }

  #newBars(symbol: InstrumentKey, stretch: { session: Session; length: number }): Bar[] {
    const { session, length } = stretch;
    const day = this.#day(symbol, session);
    const whole = Number.isFinite(length);
    const n = this.listings.findIndex(({ instrument }) => instrument.key === symbol);
    const offset = Math.floor((n * SECOND) / this.listings.length);
    const late = (offset + HALF_SECOND) % SECOND;
    const bars: BarBuilder[] = [];
    const add = (at: number, trade: { cents: number; size: number }): void => {
      if (trade.cents === 0 || at > this.#now) return;
      const start = whole ? max(floor(at / length) * length, session.open) : session.open;
      let bar = bars.at(-1);
      if (bar?.at !== start) bars.push((bar = new BarBuilder(start, session.date)));
      bar.add(trade.cents, trade.size);
    };
    for (let second = 0; second < day.trade.length; second += 1) {
      const start = session.open + second * SECOND;
      if (start > this.#now) break;
      const usual = { cents: day.trade[second] ?? 0, size: day.size[second] ?? 0 };
      const extra = { cents: day.between[second] ?? 0, size: day.betweenSize[second] ?? 0 };
      if (late < offset) add(start + late, extra);
      add(start + offset, usual);
      if (late > offset) add(start + late, extra);
    }
    return bars.map((bar) => bar.bar(centsText));
  }

  head(): number {
    return this.#session(-HISTORY_DAYS).open;
  }

  sessions(): readonly Session[] {
    const number = this.#numbers.get(this.#place.session.date) ?? 0;
    return [0, 1, 2, 3, 4].map((ahead) => this.#session(number + ahead));
  }

  #session(number: number): Session {
    const known = this.#sessions.get(number);
    if (known !== undefined) return known;
    const beside = this.#session(number > 0 ? number - 1 : number + 1);
    const session = (number > 0 ? nextSession : previousSession)('XNYS', beside.date);
    this.#keepSession(number, session);
    return session;
  }

  #keepSession(number: number, session: Session): void {
    this.#sessions.set(number, session);
    this.#numbers.set(session.date, number);
  }

  #day(symbol: InstrumentKey, session: Session): MadeUpDay {
    const key = `${symbol}/${session.date}`;
    const known = this.#days.get(key);
    if (known !== undefined) {
      // Used again: the last to be let go.
      this.#days.delete(key);
      this.#days.set(key, known);
      return known;
    }
    const [, , , volatility] = shareOf(symbol);
    const number = this.#numbers.get(session.date) ?? 0;
    const random = seededRandom(seedOf(this.#seed, symbol, session.date, 'gap'));
    const gap = 1 + 0.2 * volatility * deviate(random);
    const day = madeUpDay({
      ...{ seed: this.#seed, symbol, date: session.date, volatility },
      open: Math.round(this.#close(symbol, number - 1) * gap),
      close: Math.round(this.#close(symbol, number)),
      seconds: secondsOf(session),
    });
    const [oldest] = this.#days.keys();
    if (this.#days.size >= KEPT_DAYS && oldest !== undefined) this.#days.delete(oldest);
    this.#days.set(key, day);
    return day;
  }

  /** Close of a session in cents: a chain in both directions from the day before the first. */
  #close(symbol: InstrumentKey, number: number): number {
    const [, , base, volatility] = shareOf(symbol);
    if (number === -1) return base;
    const key = `${symbol}/${number}`;
    const known = this.#closes.get(key);
    if (known !== undefined) return known;
    const towards = number > -1 ? number - 1 : number + 1;
    const later = Math.max(number, towards);
    const random = seededRandom(seedOf(this.#seed, symbol, String(later), 'close'));
    const change = 1 + volatility * deviate(random);
    const beside = this.#close(symbol, towards);
    const close = Math.max(100, number > -1 ? beside * change : beside / change);
    this.#closes.set(key, close);
    return close;
  }
}

function shareOf(symbol: InstrumentKey): (typeof SHARES)[number] {
  const share = SHARES.find(([name]) => name === symbol);
  if (share === undefined) throw new Error(`the made-up market has no ${symbol}`);
  return share;
}

function secondsOf({ open, close }: Session): number {
  return Math.floor((close - open) / SECOND);
}

function tradeOf(
  instrument: InstrumentKey,
  at: number,
  { cents, size }: { readonly cents: number; readonly size: number },
): MarketEvent {
  const text = centsText(cents);
  const trade = { at, instrument, price: cents / 100, priceText: text, sizeText: String(size) };
  return { kind: 'TRADE', at, trade };
}
