/**
 * Recorded trades in memory, in columns: time, instrument, price, size, in the order they happened.
 * Prices keep their text, because a fill is at the exact price while a comparison needs a number.
 */
import type { InstrumentKey } from '../domain/ids';
import type { Trade } from '../domain/market';

/** The finest steps seen in a symbol's trades, as counts of decimal places. */
export interface Fineness {
  readonly pricePlaces: number;
  readonly sizePlaces: number;
}

export class TradeTape {
  readonly #at: number[] = [];
  readonly #symbol: InstrumentKey[] = [];
  readonly #price: number[] = [];
  readonly #priceText: string[] = [];
  readonly #sizeText: string[] = [];
  readonly #fineness = new Map<InstrumentKey, { pricePlaces: number; sizePlaces: number }>();
  /** Rows that stood after a later one in the file; they were put in order of time. */
  outOfOrder = 0;

  get length(): number {
    return this.#at.length;
  }

  push(trade: Trade): void {
    if (trade.at < (this.#at.at(-1) ?? trade.at)) this.outOfOrder += 1;
    this.#at.push(trade.at);
    this.#symbol.push(trade.instrument);
    this.#price.push(trade.price);
    this.#priceText.push(trade.priceText);
    this.#sizeText.push(trade.sizeText);
    this.#note(trade);
  }

  /** The n-th trade. */
  trade(n: number): Trade {
    const at = this.#at[n];
    if (at === undefined) throw new RangeError(`no trade ${n} on a tape of ${this.length}`);
    return {
      at,
      instrument: this.#symbol[n] ?? '',
      price: this.#price[n] ?? NaN,
      priceText: this.#priceText[n] ?? '',
      sizeText: this.#sizeText[n] ?? '',
    };
  }

  fineness(instrument: InstrumentKey): Fineness | undefined {
    return this.#fineness.get(instrument);
  }

  /** Puts the rows in order of time; rows of one instant keep their order in the file. */
  sortByTime(): void {
    const order = this.#at
      .map((_, n) => n)
      .sort((a, b) => this.#timeOf(a) - this.#timeOf(b) || a - b);
    for (const column of [this.#at, this.#price]) rearrange(column, order);
    for (const column of [this.#symbol, this.#priceText, this.#sizeText]) rearrange(column, order);
  }

  #timeOf(n: number): number {
    return this.#at[n] ?? 0;
  }

  #note({ instrument, priceText, sizeText }: Trade): void {
    const seen = this.#fineness.get(instrument) ?? { pricePlaces: 0, sizePlaces: 0 };
    seen.pricePlaces = Math.max(seen.pricePlaces, decimalPlaces(priceText));
    seen.sizePlaces = Math.max(seen.sizePlaces, decimalPlaces(sizeText));
    this.#fineness.set(instrument, seen);
  }
}

function rearrange<T>(column: T[], order: readonly number[]): void {
  const copy = column.slice();
  for (const [to, from] of order.entries()) column[to] = copy[from] as T;
}

/** Decimal places that carry meaning: 5.10 has one. */
export function decimalPlaces(text: string): number {
  const point = text.indexOf('.');
  if (point < 0) return 0;
  let end = text.length;
  while (end > point + 1 && text.charCodeAt(end - 1) === 48) end -= 1;
  return end - point - 1;
}
