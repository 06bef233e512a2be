/**
 * The highest and lowest price since any moment, of one instrument: two stacks of records, where an
 * older price stands only while no later one has beaten it. A price costs constant time on average,
 * a question the logarithm of the stack, which stays short.
 */
import type { PriceRange, PriceStream, SeenPrice } from '../domain/desk';
import type { InstrumentKey } from '../domain/ids';
import type { Tick } from '../domain/market';
import type { PriceKind } from '../domain/price-source';

type ByInstrument = Map<InstrumentKey, Extremes>;

/** Of every instrument and kind of price, since the server began to watch. */
export class PriceRanges {
  readonly #extremes: Readonly<Record<PriceKind, ByInstrument>> = {
    ...{ LAST: new Map(), BID: new Map(), ASK: new Map(), MID: new Map() },
  };

  see({ instrument, at, price, priceText }: Tick, kind: PriceKind = 'LAST'): void {
    const ofKind = this.#extremes[kind];
    let known = ofKind.get(instrument);
    if (known === undefined) {
      known = new Extremes();
      ofKind.set(instrument, known);
    }
    known.see({ at, price, priceText });
  }

  since({ instrument, kind }: PriceStream, at: number): PriceRange | null {
    const extremes = this.#extremes[kind].get(instrument);
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
