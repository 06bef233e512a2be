/**
 * The latest price of every instrument, one for each kind of price. Not journalled: rebuilt from
 * the feed or the recording.
 */
import type { InstrumentKey } from '../domain/ids';
import type { LastPrice, Market, Tick } from '../domain/market';
import type { PriceKind, QuoteKind } from '../domain/price-source';

type Prices = Map<InstrumentKey, LastPrice>;

export class LatestPrices implements Market {
  readonly #last: Prices = new Map();
  readonly #byKind: Readonly<Record<PriceKind, Prices>> = {
    ...{ LAST: this.#last, BID: new Map(), ASK: new Map(), MID: new Map() },
  };

  last(instrument: InstrumentKey): LastPrice | undefined {
    return this.#last.get(instrument);
  }

  latest(instrument: InstrumentKey, kind: PriceKind): LastPrice | undefined {
    return this.#byKind[kind].get(instrument);
  }

  /** Takes a price in and returns the one of its kind before it. */
  see(tick: Tick, kind: PriceKind): LastPrice | undefined {
    const prices = this.#byKind[kind];
    const before = prices.get(tick.instrument);
    prices.set(tick.instrument, tick);
    return before;
  }

  /** Nobody takes quotes of this kind in any more: what was seen grows old unnoticed. */
  forget(instrument: InstrumentKey, kind: QuoteKind): void {
    this.#byKind[kind].delete(instrument);
  }
}
