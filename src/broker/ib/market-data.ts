/**
 * Streams of prices, one line for each watched instrument, asked for again on every connection.
 * The way of a price is as short as it can be: look up the line, map, hand over. Knows no order.
 */
import type { InstrumentKey } from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import type { Clock } from '../../domain/ports';
import { explain } from './codes';
import type { Connection } from './connection';
import type { RequestIds } from './ids';
import type { Instruments } from './instruments';
import { toQuote } from './mapping';
import type { Outlet, Teller } from './talk';

/** What a login has unless more are bought; windows in TWS count as well. */
const MOST_LINES = 100;
const REAL_TIME = 1;
const LAST = 4;
/** Of a price message: where its flags stand, and the one for a price outside the limits. */
const FLAGS_FIELD = 6;
const PAST_LIMIT = 2;
/** What the broker writes where there is no such price. */
const NO_PRICE = -1;

interface Line {
  readonly instrument: InstrumentKey;
  at: number;
  /** False while the broker sends delayed or frozen prices. */
  realTime: boolean;
}

export interface MarketDataParts {
  readonly instruments: Instruments;
  readonly ids: RequestIds;
  readonly clock: Clock;
  readonly teller: Teller;
}

export class MarketData {
  readonly #parts: MarketDataParts;
  readonly #watched = new Map<InstrumentKey, Instrument>();
  /** By request id; those of an earlier connection or stream are not in it. */
  #lines = new Map<number, Line>();

  constructor(parts: MarketDataParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    const { clock, teller } = this.#parts;
    this.#lines = new Map();
    connection.onTick((requestId, field, value) => {
      const line = this.#lines.get(requestId);
      if (line === undefined || !line.realTime) return;
      const pastLimit = (Number(connection.frame[FLAGS_FIELD]) & PAST_LIMIT) !== 0;
      if (!pastLimit || field !== LAST) line.at = clock.now();
      const quote = toQuote(line, field, pastLimit ? NO_PRICE : value);
      if (quote !== null) teller.quote(quote);
    });
    connection.on('marketDataType', ([requestId, type]) => this.#typed(requestId, type));
  }

  /** Adds a stream; asks for it at once where there is a connection. */
  watch(instrument: Instrument, outlet: Outlet | null): void {
    if (this.#watched.has(instrument.key)) return;
    if (this.#watched.size >= MOST_LINES) {
      const what = `${instrument.key} is not watched: all ${MOST_LINES} lines are in use.`;
      const next = 'Triggers on it do not fire. Stop watching another instrument first.';
      return this.#parts.teller.notice('ERROR', `${what} ${next}`);
    }
    this.#watched.set(instrument.key, instrument);
    if (outlet !== null) this.#ask(instrument, outlet);
  }

  /** Asks for every stream anew: on a new connection, or when the broker has lost them. */
  askAll(outlet: Outlet): void {
    this.#lines = new Map();
    for (const instrument of this.#watched.values()) {
      this.#ask(instrument, outlet);
      this.#forgetSides(instrument.key);
    }
  }

  /** An error about one of the streams. False: it is about something else. */
  code(requestId: number, code: number, text: string): boolean {
    const line = this.#lines.get(requestId);
    if (line === undefined) return false;
    const message = `Prices of ${line.instrument}: ${explain(code, text)}`;
    this.#parts.teller.notice('WARNING', message, { code });
    return true;
  }

  #ask(instrument: Instrument, outlet: Outlet): void {
    const id = this.#parts.ids.take();
    const contract = this.#parts.instruments.contractOf(instrument);
    this.#lines.set(id, { instrument: instrument.key, at: 0, realTime: true });
    outlet.send('MARKET_DATA', (ib) => void ib.reqMktData(id, contract, '', false, false));
  }

  /** Until the stream has told of them there is no bid and no ask. */
  #forgetSides(instrument: InstrumentKey): void {
    const { teller, clock } = this.#parts;
    teller.quote({ instrument, at: clock.now(), bid: null, ask: null });
  }

  #typed(requestId: number, type: number): void {
    const line = this.#lines.get(requestId);
    if (line === undefined) return;
    const was = line.realTime;
    line.realTime = type === REAL_TIME;
    if (line.realTime === was) return;
    const { teller } = this.#parts;
    const { instrument } = line;
    if (line.realTime) return teller.notice('INFO', `Prices of ${instrument} are real-time again.`);
    this.#forgetSides(instrument);
    const what = `Prices of ${instrument} are delayed or frozen and count for nothing.`;
    teller.notice('WARNING', `${what} Triggers on it do not fire until they are real-time.`);
  }
}
