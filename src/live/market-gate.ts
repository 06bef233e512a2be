/**
 * Lets prices through to the engine: only those inside the instrument's session, and only while the
 * link is ready. What came in meanwhile is looked at when it is ready again, so that no cross is
 * lost; after a longer outage the price before it no longer counts.
 */
import { toNumber, toText } from '../domain/decimal';
import type { CalendarKey, Instrument } from '../domain/instrument';
import type { InstrumentKey } from '../domain/ids';
import type { LatestQuote, PriceRange } from '../domain/desk';
import type { Tick } from '../domain/market';
import type { Session } from '../calendar/sessions';
import type { Engine } from '../engine/loop';
import { PriceRanges } from './price-range';
import { sessionAt } from './sessions';
import { StalePrices } from './stale-prices';

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
  readonly #waiting = new Map<InstrumentKey, Tick>();
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
    for (const [key, tick] of this.#waiting) if (at - tick.at > OUTAGE) this.#waiting.delete(key);
    this.#letIn([...this.#waiting.keys()]);
  }

  /** Looks at what waits, where nothing holds it back any more. */
  #letIn(instruments: readonly InstrumentKey[]): void {
    if (this.#closedSince !== null) return;
    for (const instrument of instruments) {
      const tick = this.#waiting.get(instrument);
      if (tick === undefined || this.#stale.holds(instrument)) continue;
      this.#waiting.delete(instrument);
      this.#look(tick);
    }
  }

  /** The link is not ready: what comes in waits, the newest of each instrument. */
  close(at: number): void {
    this.#closedSince ??= at;
  }

  /** A quote with a last price. */
  see(instrument: Instrument, { last, bid, ask, at }: LatestQuote): void {
    if (last === null || !this.#inSession(instrument.calendar, at)) return;
    const tick: Tick = {
      at,
      instrument: instrument.key,
      price: toNumber(last),
      priceText: toText(last),
      ...(bid === null ? {} : { bid: toNumber(bid) }),
      ...(ask === null ? {} : { ask: toNumber(ask) }),
    };
    const held = this.#closedSince !== null || this.#stale.holds(instrument.key);
    if (held) this.#waiting.set(instrument.key, tick);
    else this.#look(tick);
  }

  /** Of what was let through. */
  rangeSince(instrument: InstrumentKey, at: number): PriceRange | null {
    return this.#ranges.since(instrument, at);
  }

  #look(tick: Tick): void {
    const { engine, inputId, work } = this.#parts;
    const observation = engine.observe(tick);
    if (observation.eligible) this.#ranges.see(tick);
    const id = inputId();
    const lost = engine.watchLosses(observation, id);
    if (engine.fire(observation, id) || lost) work();
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
