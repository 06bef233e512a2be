/**
 * After a long outage the prices of before it say nothing about a cross. With few orders they are
 * forgotten at once; with many in parts, and an instrument takes no price before its part is done.
 * Must not know the link.
 */
import type { InstrumentKey } from '../domain/ids';
import type { Engine } from '../engine/loop';
import { Breath } from '../instructions/breath';

/** Orders that are looked through in one turn of the event loop: some milliseconds. */
const MOST_ORDERS = 5_000;

export interface StalePricesParts {
  readonly engine: Pick<Engine, 'state' | 'forgetPrices'>;
  /** These take prices again. */
  readonly fresh: (instruments: readonly InstrumentKey[]) => void;
  /** Fewer in tests. */
  readonly mostOrders?: number;
}

export class StalePrices {
  readonly #parts: StalePricesParts;
  readonly #stale = new Set<InstrumentKey>();
  #since = 0;
  #working = false;

  constructor(parts: StalePricesParts) {
    this.#parts = parts;
  }

  /** Whether an instrument takes no price yet. */
  holds(instrument: InstrumentKey): boolean {
    return this.#stale.has(instrument);
  }

  /** What is armed from this instant on has seen nothing of before and keeps its reference. */
  forget(at: number): void {
    const { engine, mostOrders = MOST_ORDERS } = this.#parts;
    const { instruments, orders } = engine.state;
    if (orders.size <= mostOrders) {
      engine.forgetPrices(instruments.keys(), at);
      this.#stale.clear();
      return;
    }
    for (const instrument of instruments.keys()) this.#stale.add(instrument);
    this.#since = at;
    if (this.#working) return;
    this.#working = true;
    void this.#forgetInParts(Math.ceil(instruments.size / Math.ceil(orders.size / mostOrders)));
  }

  async #forgetInParts(most: number): Promise<void> {
    const breath = new Breath();
    for (let part = this.#some(most); part.length > 0; part = this.#some(most)) {
      this.#parts.engine.forgetPrices(part, this.#since);
      for (const instrument of part) this.#stale.delete(instrument);
      this.#parts.fresh(part);
      await breath.turn();
    }
    this.#working = false;
  }

  #some(most: number): InstrumentKey[] {
    const some: InstrumentKey[] = [];
    for (const instrument of this.#stale) {
      if (some.length >= most) break;
      some.push(instrument);
    }
    return some;
  }
}
