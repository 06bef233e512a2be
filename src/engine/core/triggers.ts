/**
 * The trigger index: armed orders by instrument and level, so that a price costs the same with a
 * hundred armed orders and with a hundred thousand. It is a cache over the state, rebuilt from it
 * at start, and holds what the journal does not: which side of its level each cross has last
 * seen. Levels are compared as doubles: exact up to 15 significant digits, and no more are let
 * in.
 */
import type { ConditionalKind, PriceLeg } from '../../domain/conditional';
import { toNumber } from '../../domain/decimal';
import type { InstrumentKey, OrderId } from '../../domain/ids';
import type { Order, Side } from '../../domain/order';
import { Heap } from './heap';

/** An armed order as the index holds it. */
export interface Armed {
  readonly order: OrderId;
  readonly level: number;
  readonly leg: Exclude<PriceLeg, 'touches' | 'stopsAt'>;
  readonly reference: number | null;
  /**
   * At its first look, the reference; null later, when the market's own last price is before it.
   */
  from: number | null;
}

/** Which way a sided leg looks. */
export function plainLeg(leg: PriceLeg, side: Side): Armed['leg'] {
  switch (leg) {
    case 'touches':
      return side === 'BUY' ? 'atOrBelow' : 'atOrAbove';
    case 'stopsAt':
      return side === 'BUY' ? 'atOrAbove' : 'atOrBelow';
    default:
      return leg;
  }
}

const NONE: readonly Armed[] = [];

/** One instrument's armed orders. Heaps that look upwards hold the negated level. */
class Ladder {
  /** Armed since the last price: they look at the next one. */
  readonly #fresh: Armed[] = [];
  readonly #overReady = new Heap<Armed>();
  readonly #overWaiting = new Heap<Armed>();
  readonly #underReady = new Heap<Armed>();
  readonly #underWaiting = new Heap<Armed>();
  readonly #atOrAbove = new Heap<Armed>();
  readonly #atOrBelow = new Heap<Armed>();
  /** Crosses that have no price before them yet: this price becomes it. */
  #unreferenced: Armed[] = [];
  #firstLook: readonly Armed[] = NONE;

  arm(armed: Armed): void {
    this.#fresh.push(armed);
  }

  /** A price was seen: what was armed before it starts to look. */
  admit(): void {
    if (this.#fresh.length === 0 && this.#firstLook.length === 0) return;
    for (const armed of this.#firstLook) armed.from = null;
    this.#firstLook = this.#fresh.length === 0 ? NONE : [...this.#fresh];
    for (const armed of this.#fresh) {
      const cross = armed.leg === 'crossesAbove' || armed.leg === 'crossesBelow';
      if (cross && armed.reference === null) this.#unreferenced.push(armed);
      else this.#place(armed, armed.reference ?? 0);
    }
    this.#fresh.length = 0;
  }

  /**
   * Takes out every order whose leg holds at the price and moves crosses to the side they are on.
   */
  take(price: number): readonly Armed[] {
    if (!this.#moves(price)) return NONE;
    const taken: Armed[] = [];
    while (this.#overReady.least < price) taken.push(this.#overReady.pop() as Armed);
    while (-this.#underReady.least > price) taken.push(this.#underReady.pop() as Armed);
    while (this.#atOrAbove.least <= price) taken.push(this.#atOrAbove.pop() as Armed);
    while (-this.#atOrBelow.least >= price) taken.push(this.#atOrBelow.pop() as Armed);
    while (-this.#overWaiting.least >= price) this.#place(this.#overWaiting.pop() as Armed, price);
    while (this.#underWaiting.least <= price) this.#place(this.#underWaiting.pop() as Armed, price);
    if (this.#unreferenced.length > 0) {
      for (const armed of this.#unreferenced) this.#place(armed, price);
      this.#unreferenced = [];
    }
    return taken;
  }

  /** Whether the price reaches any level at all: for most prices the only question asked. */
  #moves(price: number): boolean {
    return (
      this.#overReady.least < price ||
      -this.#underReady.least > price ||
      this.#atOrAbove.least <= price ||
      -this.#atOrBelow.least >= price ||
      -this.#overWaiting.least >= price ||
      this.#underWaiting.least <= price ||
      this.#unreferenced.length > 0
    );
  }

  /** Puts an order back that did not go: its leg may hold again. */
  putBack(armed: Armed, price: number): void {
    this.#place(armed, price);
  }

  /**
   * `seen` is the price the order has last seen: a cross is ready on one side of its level only.
   */
  #place(armed: Armed, seen: number): void {
    const { level } = armed;
    switch (armed.leg) {
      case 'crossesAbove':
        if (seen <= level) this.#overReady.push(level, armed);
        else this.#overWaiting.push(-level, armed);
        break;
      case 'crossesBelow':
        if (seen >= level) this.#underReady.push(-level, armed);
        else this.#underWaiting.push(level, armed);
        break;
      case 'atOrAbove':
        this.#atOrAbove.push(level, armed);
        break;
      case 'atOrBelow':
        this.#atOrBelow.push(-level, armed);
        break;
    }
  }
}

export class TriggerIndex {
  readonly #ladders = new Map<InstrumentKey, Ladder>();
  /** The entry of the last arming: an order that was cancelled and arms anew leaves an old one. */
  readonly #current = new Map<OrderId, Armed>();
  readonly #kinds: ReadonlyMap<string, ConditionalKind>;

  constructor(kinds: ReadonlyMap<string, ConditionalKind>) {
    this.#kinds = kinds;
  }

  /** Starts to look for the order's level, from the next price on. */
  arm(order: Order): void {
    const kind = order.kind === null ? undefined : this.#kinds.get(order.kind);
    if (order.trigger === null || kind === undefined) return;
    let ladder = this.#ladders.get(order.instrument);
    if (ladder === undefined) {
      ladder = new Ladder();
      this.#ladders.set(order.instrument, ladder);
    }
    const { level, reference } = order.trigger;
    const armed: Armed = {
      order: order.id,
      level: toNumber(level),
      leg: plainLeg(kind.leg, order.side),
      reference: reference === null ? null : toNumber(reference),
      from: reference === null ? null : toNumber(reference),
    };
    ladder.arm(armed);
    this.#current.set(order.id, armed);
  }

  /** A price of the instrument was seen: orders armed until now look at it, later ones do not. */
  admit(instrument: InstrumentKey): void {
    this.#ladders.get(instrument)?.admit();
  }

  /**
   * Orders whose price leg holds at this price, out of the index; put back those that stay armed.
   */
  firedBy(look: Look): readonly Armed[] {
    const taken = this.#ladders.get(look.instrument)?.take(look.price) ?? NONE;
    if (taken.length === 0) return NONE;
    return taken.filter((armed) => this.#current.get(armed.order) === armed);
  }

  /** An order that was looked at and stays armed. */
  putBack(armed: Armed, look: Look): void {
    this.#ladders.get(look.instrument)?.putBack(armed, look.price);
  }
}

export interface Look {
  readonly instrument: InstrumentKey;
  readonly price: number;
}
