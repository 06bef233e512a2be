/** The latest price of every instrument. Not journalled: rebuilt from the feed or the recording. */
import type { InstrumentKey } from '../domain/ids';
import type { LastPrice, Market, Tick } from '../domain/market';

export class LatestPrices implements Market {
  readonly #last = new Map<InstrumentKey, LastPrice>();

  last(instrument: InstrumentKey): LastPrice | undefined {
    return this.#last.get(instrument);
  }

  /** Takes a price in and returns the one before it. */
  see(tick: Tick): LastPrice | undefined {
    const before = this.#last.get(tick.instrument);
    this.#last.set(tick.instrument, tick);
    return before;
  }
}
