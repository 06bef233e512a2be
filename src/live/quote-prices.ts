/** The prices that are in a quote: its sides where they count, and the middle between them. */
import { compare, halfway, signOf, type Price } from '../domain/decimal';
import type { LatestQuote } from '../domain/desk';
import type { QuoteKind } from '../domain/price-source';

/** Which sides of a quote are new. */
export interface NewSides {
  readonly bid: boolean;
  readonly ask: boolean;
}

/** Whether there may be a new price of this kind. */
export function isNew(kind: QuoteKind, { bid, ask }: NewSides): boolean {
  if (kind === 'MID') return bid || ask;
  return kind === 'BID' ? bid : ask;
}

/** Null where a side is missing, and for the middle also where the sides are crossed. */
export function priceOf({ bid, ask }: LatestQuote, kind: QuoteKind): Price | null {
  if (kind === 'BID') return counted(bid);
  if (kind === 'ASK') return counted(ask);
  const [below, above] = [counted(bid), counted(ask)];
  if (below === null || above === null || compare(below, above) > 0) return null;
  return halfway(below, above);
}

/** Zero and below stand for "no such price". */
function counted(side: Price | null): Price | null {
  return side !== null && signOf(side) > 0 ? side : null;
}
