/**
 * Which price a trigger looks at, and which stream of prices that is for an order of one side.
 */
import type { Order, Side } from './order';

/** BID_ASK: what the order would meet. A BUY looks at the ask, a SELL at the bid. */
export const PRICE_SOURCES = ['LAST', 'BID', 'ASK', 'MID', 'BID_ASK'] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];
/** Any but the last trade. */
export type QuoteSource = Exclude<PriceSource, 'LAST'>;

/** A stream of prices. MID: halfway between bid and ask. */
export type PriceKind = Exclude<PriceSource, 'BID_ASK'>;
export type QuoteKind = Exclude<PriceKind, 'LAST'>;

/** The stream that a source means for this side; absent: the last trade. */
export function priceKindOf(source: PriceSource | undefined, side: Side): PriceKind {
  if (source === undefined) return 'LAST';
  if (source !== 'BID_ASK') return source;
  return side === 'BUY' ? 'ASK' : 'BID';
}

/** The stream whose prices release the order. */
export function kindOf({ trigger, side }: Pick<Order, 'trigger' | 'side'>): PriceKind {
  return priceKindOf(trigger?.priceSource, side);
}

/** As it is kept: what looks at the last trade does not say so. */
export function keptSource(source: PriceSource | undefined): QuoteSource | undefined {
  return source === 'LAST' ? undefined : source;
}

const WORDS: Readonly<Record<PriceKind, string>> = {
  ...{ LAST: 'last price', BID: 'bid', ASK: 'ask', MID: 'middle of bid and ask' },
};

/** `last price`, `bid`: as it stands in a sentence. */
export function priceWords(kind: PriceKind): string {
  return WORDS[kind];
}
