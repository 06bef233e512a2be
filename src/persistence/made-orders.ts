/**
 * Every order in the order in which they were made, in memory: the newest page of a list is there
 * already, and making it of rows again would cost more than everything else about it. It must not
 * know the tables.
 */
import type { JournalRecord } from '../domain/event';
import type { OrderId } from '../domain/ids';
import type { Order } from '../domain/order';
import type { State } from '../engine/core/state';

/**
 * Orders that one question looks at: a rare one among many is found by an index of the tables, and
 * trading does not wait for a walk over all of them.
 */
const LOOKED_AT = 2_000;

export interface PlacedOrder {
  readonly order: Order;
  /** Sequence of the event that made it: its place in every list. */
  readonly sequence: number;
}

export interface Wanted {
  /** Only orders of places before this one; null: from the newest on. */
  readonly before: number | null;
  /** The walk ends when so many are found. */
  readonly most: number;
  readonly isWanted: (order: Order) => boolean;
}

export interface Walk {
  /** Newest first. */
  readonly found: readonly PlacedOrder[];
  /** Where the tables go on: below this sequence nothing was looked at. Null: there is no more. */
  readonly rest: number | null;
}

export class MadeOrders {
  readonly #places = new Map<OrderId, number>();
  /** By place, the oldest first; ids and sequences stand side by side. */
  readonly #ids: OrderId[] = [];
  readonly #sequences: number[] = [];
  #state: State | null = null;

  /** @param lookedAt - orders that one walk looks at; fewer in tests */
  constructor(private readonly lookedAt = LOOKED_AT) {}

  /** @param record - with the state that includes it; each record of the journal once, in order */
  take({ event, sequence }: JournalRecord, state: State): void {
    this.#state = state;
    if (event.type !== 'OrderArmed') return;
    this.#places.set(event.order.id, sequence);
    this.#ids.push(event.order.id);
    this.#sequences.push(sequence);
  }

  /** An order as it is now; null: not known. */
  find(id: OrderId): PlacedOrder | null {
    const order = this.#state?.orders.get(id);
    const sequence = this.#places.get(id);
    return order === undefined || sequence === undefined ? null : { order, sequence };
  }

  /** Orders as they are now. */
  newest({ before, most, isWanted }: Wanted): Walk {
    const found: PlacedOrder[] = [];
    const start = before === null ? this.#ids.length : this.#countBelow(before);
    const stop = Math.max(0, start - this.lookedAt);
    for (let n = start - 1; n >= stop && found.length < most; n -= 1) {
      const placed = this.find(this.#ids[n] ?? '');
      if (placed !== null && isWanted(placed.order)) found.push(placed);
    }
    const isWhole = stop === 0 || found.length === most;
    return { found, rest: isWhole ? null : (this.#sequences[stop] ?? null) };
  }

  /** How many were made before a place. */
  #countBelow(sequence: number): number {
    let [low, high] = [0, this.#sequences.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sequences[middle] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
