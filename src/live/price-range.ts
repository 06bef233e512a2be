/**
 * The highest and lowest price since any moment, of one instrument: two stacks of records, where an
 * older price stands only while no later one has beaten it. A price costs constant time on average,
 * a question the logarithm of the stack, which stays short.
 */
import type { PriceRange, SeenPrice } from '../domain/desk';
import type { InstrumentKey } from '../domain/ids';
import type { Tick } from '../domain/market';

/** Of every instrument, since the server began to watch. */
export class PriceRanges {
  readonly #extremes = new Map<InstrumentKey, Extremes>();

  see({ instrument, at, price, priceText }: Tick): void {
    let known = this.#extremes.get(instrument);
    if (known === undefined) {
      known = new Extremes();
      this.#extremes.set(instrument, known);
    }
    known.see({ at, price, priceText });
  }

  since(instrument: InstrumentKey, at: number): PriceRange | null {
    const extremes = this.#extremes.get(instrument);
    const [high, low] = [extremes?.highSince(at), extremes?.lowSince(at)];
    return high === undefined || low === undefined ? null : { high, low };
  }
}

class Extremes {
  readonly #highs: SeenPrice[] = [];
  readonly #lows: SeenPrice[] = [];

  see(seen: SeenPrice): void {
    push(this.#highs, seen, (a, b) => a <= b);
    push(this.#lows, seen, (a, b) => a >= b);
  }

  /** Undefined: no price since then. */
  highSince(at: number): SeenPrice | undefined {
    return firstSince(this.#highs, at);
  }
  lowSince(at: number): SeenPrice | undefined {
    return firstSince(this.#lows, at);
  }
}

function push(
  stack: SeenPrice[],
  seen: SeenPrice,
  beaten: (older: number, newer: number) => boolean,
): void {
  for (let top = stack.at(-1); top !== undefined && beaten(top.price, seen.price);) {
    stack.pop();
    top = stack.at(-1);
  }
  stack.push(seen);
}

/** The stack is in order of time, and each price beats those that come after it. */
function firstSince(stack: readonly SeenPrice[], at: number): SeenPrice | undefined {
  let [low, high] = [0, stack.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stack[middle]?.at ?? 0) >= at) high = middle;
    else low = middle + 1;
  }
  return stack[low];
}
