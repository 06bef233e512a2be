/**
 * Prices as they come in. Plain numbers, because a tick is compared and forgotten; the text keeps
 * the exact value for the moment something is decided or filled at it.
 */
import type { InstrumentKey } from './ids';
import type { PriceKind } from './price-source';

/** One trade of the market. */
export interface Trade {
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  readonly instrument: InstrumentKey;
  readonly price: number;
  readonly priceText: string;
  readonly sizeText: string;
}

/** The eligible price a trigger looks at, with the quote of that moment where there is one. */
export interface Tick {
  readonly at: number;
  readonly instrument: InstrumentKey;
  readonly price: number;
  readonly priceText: string;
  readonly bid?: number;
  readonly ask?: number;
}

/** The last known price of an instrument. */
export interface LastPrice {
  readonly at: number;
  readonly price: number;
  readonly priceText: string;
  readonly bid?: number;
  readonly ask?: number;
}

/** Reads the latest prices; kept outside the journal, so it is rebuilt from the feed. */
export interface Market {
  last(instrument: InstrumentKey): LastPrice | undefined;
  /** Of quotes only while an armed order looks at that kind. */
  latest(instrument: InstrumentKey, kind: PriceKind): LastPrice | undefined;
}
