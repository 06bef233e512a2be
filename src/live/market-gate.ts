/**
 * Lets prices through to the engine: only those inside the instrument's session, and only while the
 * link is ready. What came in meanwhile is looked at when it is ready again, so that no cross is
 * lost; after a longer outage the price before it no longer counts.
 */
import { toNumber, toText, type Price } from '../domain/decimal';
import type { CalendarKey, Instrument } from '../domain/instrument';
import type { InstrumentKey } from '../domain/ids';
import type { LatestQuote, PriceRange, PriceStream } from '../domain/desk';
import type { Tick } from '../domain/market';
import type { PriceKind } from '../domain/price-source';
import type { Session } from '../calendar/sessions';
import type { Engine } from '../engine/loop';
import { isNew, priceOf, type NewSides } from './quote-prices';
import { PriceRanges } from './price-range';
import { sessionAt } from './sessions';
import { StalePrices } from './stale-prices';

/** Prices of one instrument, by their kind. */
type Moment = Map<PriceKind, Tick>;

/** A feed outage longer than this resets the reference of entries. */
const OUTAGE = 60_000;

export interface MarketGateParts {
  readonly engine: Engine;
  /** Works off what an observation set in motion. */
  readonly work: () => void;
  readonly inputId: () => string;
  /** For tests; see `StalePricesParts`. */
  readonly mostOrders?: number;
}

export class MarketGate {
  readonly #parts: MarketGateParts;
  readonly #waiting = new Map<InstrumentKey, Moment>();
  readonly #sessions = new Map<CalendarKey, Session>();
  readonly #ranges = new PriceRanges();
  readonly #stale: StalePrices;
  #closedSince: number | null = 0;

  constructor(parts: MarketGateParts) {
    this.#parts = parts;
    const { engine, mostOrders } = parts;
    this.#stale = new StalePrices({
      ...{ engine, fresh: (instruments) => this.#letIn(instruments) },
      ...(mostOrders !== undefined && { mostOrders }),
    });
  }

  /** The link is ready: prices count again. */
  open(at: number): void {
    const since = this.#closedSince;
    this.#closedSince = null;
    if (since !== null && since > 0 && at - since > OUTAGE) this.#stale.forget(at);
    // What came in before a longer outage is no price of now.
    for (const moment of this.#waiting.values()) {
      for (const [kind, tick] of moment) if (at - tick.at > OUTAGE) moment.delete(kind);
    }
    this.#letIn([...this.#waiting.keys()]);
  }

  /** Looks at what waits, where nothing holds it back any more. */
  #letIn(instruments: readonly InstrumentKey[]): void {
    if (this.#closedSince !== null) return;
    for (const instrument of instruments) {
      const moment = this.#waiting.get(instrument);
      if (moment === undefined || this.#stale.holds(instrument)) continue;
      this.#waiting.delete(instrument);
      const last = moment.get('LAST');
      if (last !== undefined) this.#look(last);
      const wanted = [...this.#parts.engine.quotesOn(instrument)];
      this.#lookAtQuotes(new Map([...moment].filter(([kind]) => wanted.some((w) => w === kind))));
    }
  }

  /** The link is not ready: what comes in waits, the newest of each instrument. */
  close(at: number): void {
    this.#closedSince ??= at;
  }

  /** A quote with a last price. */
  see(instrument: Instrument, now: LatestQuote): void {
    const { last } = now;
    if (last === null || !this.#inSession(instrument.calendar, now.at)) return;
    const tick = tickOf(now, last);
    if (this.#holds(instrument.key)) this.#hold('LAST', tick);
    else this.#look(tick);
  }

  /** A quote with a new side: of what no armed order looks at, nothing goes on. */
  seeQuote({ key, calendar }: Instrument, now: LatestQuote, sides: NewSides): void {
    const moment: Moment = new Map();
    for (const kind of this.#parts.engine.quotesOn(key)) {
      if (!isNew(kind, sides)) continue;
      const price = priceOf(now, kind);
      if (price === null) this.#waiting.get(key)?.delete(kind);
      else moment.set(kind, tickOf(now, price));
    }
    if (moment.size === 0 || !this.#inSession(calendar, now.at)) return;
    if (!this.#holds(key)) this.#lookAtQuotes(moment);
    else for (const [kind, tick] of moment) this.#hold(kind, tick);
  }

  /** Whether prices of the instrument wait. */
  #holds(instrument: InstrumentKey): boolean {
    return this.#closedSince !== null || this.#stale.holds(instrument);
  }

  #hold(kind: PriceKind, tick: Tick): void {
    const held = this.#waiting.get(tick.instrument) ?? new Map<PriceKind, Tick>();
    this.#waiting.set(tick.instrument, held.set(kind, tick));
  }

  /** Of what was let through. */
  rangeSince(stream: PriceStream, at: number): PriceRange | null {
    return this.#ranges.since(stream, at);
  }

  #look(tick: Tick): void {
    const { engine, inputId, work } = this.#parts;
    const observation = engine.observe(tick);
    if (observation.eligible) this.#ranges.see(tick);
    const id = inputId();
    // What waits for a first price of this run is looked at again.
    const first = observation.previous === null && engine.state.dueSends.size > 0;
    if (first) engine.submit({ id: `${id}/due`, at: tick.at, input: { kind: 'PACE_ALLOWS' } });
    const lost = engine.watchLosses(observation, id);
    if (engine.fire(observation, id) || lost || first) work();
  }

  /** Kinds of price of one moment are looked at together: file order holds over all of them. */
  #lookAtQuotes(moment: Moment): void {
    if (moment.size === 0) return;
    const { engine, inputId, work } = this.#parts;
    const observations = [...moment].map(([kind, tick]) => engine.observe(tick, kind));
    for (const { eligible, tick, kind } of observations) {
      if (eligible) this.#ranges.see(tick, kind);
    }
    if (engine.fireAll(observations, inputId())) work();
  }

  #inSession(calendar: CalendarKey, at: number): boolean {
    const known = this.#sessions.get(calendar);
    if (known !== undefined && known.open <= at && at <= known.close) return true;
    const session = sessionAt(calendar, at);
    if (session === null) return false;
    this.#sessions.set(calendar, session);
    return true;
  }
}

function tickOf({ instrument, at, bid, ask }: LatestQuote, price: Price): Tick {
  return {
    ...{ at, instrument, price: toNumber(price), priceText: toText(price) },
    ...(bid === null ? {} : { bid: toNumber(bid) }),
    ...(ask === null ? {} : { ask: toNumber(ask) }),
  };
}
