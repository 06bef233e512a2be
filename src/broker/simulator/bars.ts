/** Puts trades together to bars. Knows prices as plain numbers, and no market. */
import type { Bar } from './market';

/** A bar that is being filled; prices as plain numbers in the unit of whoever fills it. */
export class BarBuilder {
  #open = 0;
  #high = -Infinity;
  #low = Infinity;
  #close = 0;
  #volume = 0;
  #turnover = 0;
  #trades = 0;

  constructor(
    readonly at: number,
    readonly date: string,
  ) {}

  get empty(): boolean {
    return this.#trades === 0;
  }

  add(price: number, size: number): void {
    if (this.#trades === 0) this.#open = price;
    if (price > this.#high) this.#high = price;
    if (price < this.#low) this.#low = price;
    this.#close = price;
    this.#volume += size;
    this.#turnover += price * size;
    this.#trades += 1;
  }

  /** The bar with its prices written by `text`. */
  bar(text: (price: number) => string): Bar {
    const average = this.#volume > 0 ? this.#turnover / this.#volume : this.#close;
    return {
      ...{ at: this.at, date: this.date, open: text(this.#open), high: text(this.#high) },
      ...{ low: text(this.#low), close: text(this.#close), volume: this.#volume },
      ...{ average: text(average), trades: this.#trades },
    };
  }
}

/** 17012.5 cents: `170.125`; for averages, cut to four places. */
export function centsText(cents: number): string {
  return Number.isInteger(cents) ? (cents / 100).toFixed(2) : (cents / 100).toFixed(4);
}
