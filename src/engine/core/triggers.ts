/**
 * The trigger index: armed orders by instrument and level, so that a price costs the same with a
 * hundred armed orders and with a hundred thousand. It is a cache over the state, rebuilt from it
 * at start, and holds what the journal does not: which side of its level each cross has last
 * seen. Levels are compared as doubles: exact up to 15 significant digits, and no more are let
 * in.
 */
import type { ConditionalKind, PriceLeg } from '../../domain/conditional';
import { toNumber, type Price } from '../../domain/decimal';
import type { InstrumentKey, OrderId } from '../../domain/ids';
import type { TrailMove } from '../../domain/input';
import type { Order, Side } from '../../domain/order';
import { Arrivals, type Arrival, type PlainLeg } from './arrivals';
import { Heap } from './heap';
import { isTrailing, stopOf, type Trailing } from './trail';
import { Trails, type SeenPrice } from './trails';

/** An armed order that its price leg has let out of the index. */
export interface Armed {
  readonly order: OrderId;
  readonly level: number;
  readonly leg: PlainLeg;
  /**
   * At its first look, the reference; null later, when the market's own last price is before it.
   */
  readonly from: number | null;
  /** Tells this arming of the order from every other. */
  readonly mark: number;
}

/** Which way a sided leg looks. */
export function plainLeg(leg: PriceLeg, side: Side): PlainLeg {
  switch (leg) {
    case 'touches':
      return side === 'BUY' ? 'atOrBelow' : 'atOrAbove';
    case 'stopsAt':
    case 'trailsAt':
      return side === 'BUY' ? 'atOrAbove' : 'atOrBelow';
    default:
      return leg;
  }
}

/** As it looks for its level where the price before the next one is not known. */
export function withoutReference(order: Order): Order {
  return withReference(order, null);
}

/** As it looks for its level after a price that it is to have seen. */
export function withReference(order: Order, reference: Price | null): Order {
  const { trigger } = order;
  return trigger === null ? order : { ...order, trigger: { ...trigger, reference } };
}

const NONE: readonly Armed[] = [];
const NO_MOVES: readonly TrailMove[] = [];
const NO_ARRIVALS = new Arrivals();

/** What is placed by its level. */
type Placing = Pick<Arrival, 'order' | 'level' | 'leg' | 'mark'>;

/** One instrument's armed orders. Heaps that look upwards hold the negated level. */
class Ladder {
  /** Armed since the last price: they look at the next one. */
  #fresh = new Arrivals();
  readonly #overReady = new Heap<OrderId>();
  readonly #overWaiting = new Heap<OrderId>();
  readonly #underReady = new Heap<OrderId>();
  readonly #underWaiting = new Heap<OrderId>();
  readonly #atOrAbove = new Heap<OrderId>();
  readonly #atOrBelow = new Heap<OrderId>();
  /** Crosses that have no price before them yet: this price becomes it. */
  #unreferenced: Arrival[] = [];
  /** Those whose first look is at the last price. */
  #firstLook = NO_ARRIVALS;
  /** Whether something was armed since the last price, or has had its first look at it. */
  #stirs = false;
  /** A price between the two reaches no level: for most prices the only question asked. */
  #low = -Infinity;
  #high = Infinity;

  arm(arrival: Arrival): void {
    this.#fresh.add(arrival);
    this.#stirs = true;
  }

  /** A price was seen: what was armed before it starts to look. */
  admit(): void {
    if (!this.#stirs) return;
    this.#stirs = this.#fresh.size > 0;
    this.#firstLook = this.#stirs ? this.#fresh : NO_ARRIVALS;
    if (!this.#stirs) return;
    this.#fresh = new Arrivals();
    for (const arrival of this.#firstLook) {
      const cross = arrival.leg === 'crossesAbove' || arrival.leg === 'crossesBelow';
      if (cross && arrival.reference === null) this.#unreferenced.push(arrival);
      else this.#place(arrival, arrival.reference ?? 0);
    }
    this.#bound();
  }

  /**
   * Takes out every order whose leg holds at the price and moves crosses to the side they are on.
   */
  take(price: number): readonly Armed[] {
    if (price > this.#low && price < this.#high) return NONE;
    const taken: Armed[] = [];
    while (this.#overReady.least < price) taken.push(this.#out(this.#overReady, 'crossesAbove'));
    while (-this.#underReady.least > price) taken.push(this.#out(this.#underReady, 'crossesBelow'));
    while (this.#atOrAbove.least <= price) taken.push(this.#out(this.#atOrAbove, 'atOrAbove'));
    while (-this.#atOrBelow.least >= price) taken.push(this.#out(this.#atOrBelow, 'atOrBelow'));
    while (-this.#overWaiting.least >= price) {
      this.#place(this.#out(this.#overWaiting, 'crossesAbove'), price);
    }
    while (this.#underWaiting.least <= price) {
      this.#place(this.#out(this.#underWaiting, 'crossesBelow'), price);
    }
    if (this.#unreferenced.length > 0) {
      for (const arrival of this.#unreferenced) this.#place(arrival, price);
      this.#unreferenced = [];
    }
    this.#bound();
    return taken;
  }

  /** Between the nearest levels on either side; no such place while a cross waits for a price. */
  #bound(): void {
    const waits = this.#unreferenced.length > 0;
    const { least: over } = this.#overReady;
    const above = Math.min(over, this.#atOrAbove.least, this.#underWaiting.least);
    const { least: under } = this.#underReady;
    const below = Math.min(under, this.#atOrBelow.least, this.#overWaiting.least);
    this.#high = waits ? -Infinity : above;
    this.#low = waits ? Infinity : -below;
  }

  /** Puts an order back that did not go: its leg may hold again. */
  putBack(armed: Armed, price: number): void {
    this.#place(armed, price);
    this.#bound();
  }

  /** The least of a heap, which is not empty and whose orders all have the leg. */
  #out(heap: Heap<OrderId>, leg: PlainLeg): Armed {
    const { least, leastMark: mark } = heap;
    // Negated or not: no level is below zero.
    const level = Math.abs(least);
    const from = this.#firstLook.referenceOf(mark);
    return { order: heap.pop() as OrderId, level, leg, from, mark };
  }

  /**
   * `seen` is the price the order has last seen: a cross is ready on one side of its level only.
   */
  #place({ order, level, leg, mark }: Placing, seen: number): void {
    switch (leg) {
      case 'crossesAbove':
        if (seen <= level) this.#overReady.push(level, order, mark);
        else this.#overWaiting.push(-level, order, mark);
        break;
      case 'crossesBelow':
        if (seen >= level) this.#underReady.push(-level, order, mark);
        else this.#underWaiting.push(level, order, mark);
        break;
      case 'atOrAbove':
        this.#atOrAbove.push(level, order, mark);
        break;
      case 'atOrBelow':
        this.#atOrBelow.push(-level, order, mark);
        break;
    }
  }
}

export class TriggerIndex {
  readonly #ladders = new Map<InstrumentKey, Ladder>();
  /**
   * The mark of the last arming of each order that is in the index: one that was cancelled and
   * arms anew leaves an old entry.
   */
  readonly #current = new Map<OrderId, number>();
  /** Trailing stops know what the journal does not hold yet: forgetting prices leaves them be. */
  readonly #trails = new Map<InstrumentKey, Trails<Armed>>();
  /** Where each of them is. */
  readonly #trailing = new Map<OrderId, Trails<Armed>>();
  readonly #kinds: ReadonlyMap<string, ConditionalKind>;
  #armings = 0;

  constructor(kinds: ReadonlyMap<string, ConditionalKind>) {
    this.#kinds = kinds;
  }

  /** Starts to look for the order's level, from the next price on. */
  arm(order: Order): void {
    const kind = order.kind === null ? undefined : this.#kinds.get(order.kind);
    if (order.trigger === null || kind === undefined) return;
    const { level, reference } = order.trigger;
    if (isTrailing(order.trigger)) {
      this.#trail(order, order.trigger, false);
      return;
    }
    this.#armings += 1;
    placeFor(this.#ladders, order.instrument, () => new Ladder()).arm({
      order: order.id,
      level: toNumber(level),
      leg: plainLeg(kind.leg, order.side),
      reference: reference === null ? null : toNumber(reference),
      mark: this.#armings,
    });
    this.#current.set(order.id, this.#armings);
  }

  /** Follows a stop that the broker holds: it fires there, and how far it came is known here. */
  follow(order: Order): void {
    const trigger = stopOf(order);
    if (trigger !== null) this.#trail(order, trigger, true);
  }

  #trail({ id, instrument, side }: Order, trigger: Trailing, elsewhere: boolean): void {
    this.#armings += 1;
    const trails = placeFor(this.#trails, instrument, () => new Trails<Armed>());
    const level = toNumber(trigger.level);
    const mark = this.#armings;
    const armed: Armed = { order: id, level, leg: plainLeg('trailsAt', side), from: null, mark };
    trails.arm(armed, { order: id, side, trigger, elsewhere });
    this.#trailing.set(id, trails);
  }

  /** An order waits no more. Those without a trail are found to be over when their price comes. */
  ended(order: OrderId): void {
    this.#trailing.get(order)?.drop(order);
    this.#trailing.delete(order);
  }

  /** Forgets every order of an instrument: each is armed anew. */
  forget(instrument: InstrumentKey): void {
    this.#ladders.delete(instrument);
  }

  /** A price of the instrument was seen: orders armed until now look at it, later ones do not. */
  admit(instrument: InstrumentKey): void {
    this.#ladders.get(instrument)?.admit();
    this.#trails.get(instrument)?.admit();
  }

  /**
   * Orders whose price leg holds at this price, out of the index; put back those that stay armed.
   */
  firedBy(look: Look): readonly Armed[] {
    const taken = this.#ladders.get(look.instrument)?.take(look.price) ?? NONE;
    const trailed = this.#trails.get(look.instrument)?.take(look) ?? NONE;
    if (taken.length === 0) return trailed;
    const fired = taken.filter(({ order, mark }) => this.#current.get(order) === mark);
    for (const { order } of fired) this.#current.delete(order);
    return trailed.length === 0 ? fired : [...fired, ...trailed];
  }

  /** How far trailing stops have come, as far as it is due to be recorded by then. */
  moved(instrument: InstrumentKey, at: number): readonly TrailMove[] {
    return this.#trails.get(instrument)?.moved(at) ?? NO_MOVES;
  }

  /** The same of every instrument; all of it, where a decision must know what is in force. */
  allMoved(at: number, all: boolean): readonly TrailMove[] {
    return [...this.#trails.values()].flatMap((trails) => trails.moved(at, all));
  }

  /** An order that was looked at and stays armed; nothing where it was armed anew meanwhile. */
  putBack(armed: Armed, look: Look): void {
    const trails = this.#trailing.get(armed.order);
    if (trails !== undefined) {
      trails.putBack(armed.order);
      return;
    }
    const ladder = this.#ladders.get(look.instrument);
    if (ladder === undefined || this.#current.has(armed.order)) return;
    this.#current.set(armed.order, armed.mark);
    ladder.putBack(armed, look.price);
  }
}

export interface Look extends SeenPrice {
  readonly instrument: InstrumentKey;
}

function placeFor<K, V>(places: Map<K, V>, key: K, make: () => V): V {
  const known = places.get(key);
  if (known !== undefined) return known;
  const made = make();
  places.set(key, made);
  return made;
}
