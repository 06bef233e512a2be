/**
 * Armed orders that have not been placed by their level yet, in the order they were armed, in
 * columns for the same reason as the heap. Knows nothing of prices that come in.
 */
import type { PriceLeg } from '../../domain/conditional';
import type { OrderId } from '../../domain/ids';

/** A leg without the side of its order. */
export type PlainLeg = Exclude<PriceLeg, 'touches' | 'stopsAt' | 'trailsAt'>;

export interface Arrival {
  readonly order: OrderId;
  readonly level: number;
  readonly leg: PlainLeg;
  /** The price before the first one it looks at; null: that one becomes it. */
  readonly reference: number | null;
  /** Tells its arming from every other; a later one has a larger mark. */
  readonly mark: number;
}

export class Arrivals {
  readonly #orders: OrderId[] = [];
  readonly #levels: number[] = [];
  readonly #legs: PlainLeg[] = [];
  /** NaN for none: a list of numbers and null would hold an object for each number. */
  readonly #references: number[] = [];
  readonly #marks: number[] = [];

  get size(): number {
    return this.#orders.length;
  }

  add({ order, level, leg, reference, mark }: Arrival): void {
    this.#orders.push(order);
    this.#levels.push(level);
    this.#legs.push(leg);
    this.#references.push(reference ?? NaN);
    this.#marks.push(mark);
  }

  *[Symbol.iterator](): Generator<Arrival> {
    for (let at = 0; at < this.#orders.length; at += 1) {
      yield {
        order: this.#orders[at] as OrderId,
        level: this.#levels[at] as number,
        leg: this.#legs[at] as PlainLeg,
        reference: this.#referenceAt(at),
        mark: this.#marks[at] as number,
      };
    }
  }

  /** The reference of the arming with that mark; null also where it is not among these. */
  referenceOf(mark: number): number | null {
    let [from, to] = [0, this.#marks.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#marks[middle] as number) < mark) from = middle + 1;
      else to = middle;
    }
    return this.#marks[from] === mark ? this.#referenceAt(from) : null;
  }

  #referenceAt(at: number): number | null {
    const reference = this.#references[at] as number;
    return Number.isNaN(reference) ? null : reference;
  }
}
