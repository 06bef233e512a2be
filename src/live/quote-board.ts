/** The latest quote of each instrument, and whoever wants to hear of the next one. */
import type { BrokerQuote } from '../domain/broker-link';
import type { LatestQuote, Listen } from '../domain/desk';
import type { InstrumentKey } from '../domain/ids';

/** Keeps listeners and tells them; a listener must not throw. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  readonly listen: Listen<T> = (listener) => {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  };

  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }
}

export class QuoteBoard {
  readonly #latest = new Map<InstrumentKey, LatestQuote>();
  readonly #listeners = new Listeners<LatestQuote>();
  readonly onQuote = this.#listeners.listen;

  /** The quote with what is new in it; a side that is gone is null. */
  see(quote: BrokerQuote): LatestQuote {
    const { instrument, at } = quote;
    const before = this.#latest.get(instrument);
    const { bid = before?.bid ?? null, ask = before?.ask ?? null } = quote;
    const last = quote.last ?? before?.last ?? null;
    const now = { instrument, bid, ask, last, at };
    this.#latest.set(instrument, now);
    this.#listeners.tell(now);
    return now;
  }

  of(instrument: InstrumentKey): LatestQuote | null {
    return this.#latest.get(instrument) ?? null;
  }
}
