/**
 * What the engine knows of prices and of the orders that wait for them: the latest price of each
 * kind, and the trigger indexes. Follows the state, and changes nothing of it.
 */
import type { ConditionalKind } from '../domain/conditional';
import { price } from '../domain/decimal';
import type { Event } from '../domain/event';
import type { InstrumentKey, OrderId } from '../domain/ids';
import type { TrailMove } from '../domain/input';
import type { Instrument } from '../domain/instrument';
import type { Tick } from '../domain/market';
import type { Order } from '../domain/order';
import { kindOf, type PriceKind, type QuoteKind } from '../domain/price-source';
import { asFired } from './core/decide-place';
import { orderOf, type State } from './core/state';
import { followsAtBroker } from './core/trail';
import { withoutReference, withReference, type Armed } from './core/triggers';
import { TriggersByPrice } from './core/triggers-by-price';
import { LatestPrices } from './latest-prices';

/** A price that was seen, and the one of its kind before it. */
export interface Observation {
  readonly tick: Tick;
  readonly kind: PriceKind;
  readonly previous: number | null;
  /** False for what is no price, such as zero: nothing looks at it. */
  readonly eligible: boolean;
}

/** An order that a price has let out of the index, to be put back when it stays armed. */
export interface Fired {
  readonly order: OrderId;
  readonly armed: Armed;
  readonly observation: Observation;
}

/** Whether an armed order of an earlier run may have looked at a price already. */
export type MayHaveLooked = (order: Order, instrument: Instrument) => boolean;

const NONE: readonly Fired[] = [];

export class PriceWatch {
  readonly prices = new LatestPrices();
  readonly #triggers: TriggersByPrice;

  constructor(kinds: ReadonlyMap<string, ConditionalKind>) {
    this.#triggers = new TriggersByPrice(kinds);
  }

  /** Known from now on; orders armed later do not look at it. */
  see(tick: Tick, kind: PriceKind): Observation {
    if (!(Number.isFinite(tick.price) && tick.price > 0)) {
      return { tick, kind, previous: null, eligible: false };
    }
    this.#triggers.admit(tick.instrument, kind);
    const previous = this.prices.see(tick, kind)?.price ?? null;
    return { tick, kind, previous, eligible: true };
  }

  /** The orders that an eligible price releases. */
  firedBy(observation: Observation): readonly Fired[] {
    const fired = this.#triggers.firedBy(observation.tick, observation.kind);
    if (fired.length === 0) return NONE;
    return fired.map((armed) => ({ order: armed.order, armed, observation }));
  }

  /** How far trailing stops have come, as far as it is due to be recorded by then. */
  moved({ tick, kind }: Observation): readonly TrailMove[] {
    return this.#triggers.moved(tick, kind);
  }
  allMoved(at: number, all: boolean): readonly TrailMove[] {
    return this.#triggers.allMoved(at, all);
  }

  /** It was looked at and stays armed. */
  putBack({ armed, observation }: Fired, state: State): void {
    if (this.#watchDeclined(state, orderOf(state, armed.order))) return;
    this.#triggers.putBack(armed, observation.tick, observation.kind);
  }

  /** The kinds of quotes of an instrument that anything looks at. */
  quotesOn(instrument: InstrumentKey): Iterable<QuoteKind> {
    return this.#triggers.quotesOn(instrument);
  }

  /**
   * The price before the next one is not known after a restart: it only sets the reference. An
   * order that has not looked yet keeps the close of the session before.
   */
  watchAnew(state: State, mayHaveLooked: MayHaveLooked = () => true): void {
    for (const order of state.orders.values()) {
      const instrument = state.instruments.get(order.instrument);
      const looked = instrument === undefined || mayHaveLooked(order, instrument);
      if (!this.#watchDeclined(state, order)) {
        this.#watch(looked ? withoutReference(order) : order);
      }
    }
  }

  /**
   * The same after an outage, for the orders of some instruments that were armed before it. What
   * reduces a position goes on from the last price that it saw.
   */
  forget(instruments: Iterable<InstrumentKey>, state: State, since: number): void {
    const forgotten = new Set(instruments);
    for (const instrument of forgotten) this.#triggers.forget(instrument);
    for (const order of state.orders.values()) {
      if (!forgotten.has(order.instrument) || this.#watchDeclined(state, order)) continue;
      const armedAt = order.trigger?.armedAt ?? order.createdAt;
      if (armedAt >= since) this.#watch(order);
      else if (asFired(state, order).effect === 'REDUCE') this.#watch(this.#asSeen(order, armedAt));
      else this.#watch(withoutReference(order));
    }
  }

  /** With the last price it has seen as the one before the next; as it is where it saw none. */
  #asSeen(order: Order, armedAt: number): Order {
    const seen = this.prices.latest(order.instrument, kindOf(order));
    if (seen === undefined || seen.at < armedAt) return order;
    return withReference(order, price(seen.priceText));
  }

  /**
   * A cross that reduces a position and was kept from firing stays due: it fires on the next price
   * beyond its level. False where the order is none.
   */
  #watchDeclined(state: State, order: Order): boolean {
    if (order.status !== 'ARMED' || order.declined == null || order.trigger === null) return false;
    const { kind, level } = order.trigger;
    if (kind !== 'CROSS_OVER' && kind !== 'CROSS_UNDER') return false;
    if (asFired(state, order).effect !== 'REDUCE') return false;
    this.#watch(withReference(order, level));
    return true;
  }

  /** An event was folded in: orders begin to wait, or wait no more. */
  folded(event: Event, state: State): void {
    if (event.type === 'OrderArmed') this.#watch(event.order);
    const moved = event.type === 'ArmedOrderChanged' && event.levelKept !== true;
    if (event.type === 'OrderRearmed' || moved) this.#watch(orderOf(state, event.order));
    if (!('order' in event) || typeof event.order !== 'string') return;
    const order = orderOf(state, event.order);
    if (event.type === 'OrderModified') this.#watch(order);
    else if (order.status !== 'ARMED' && !followsAtBroker(order)) this.#ended(order);
  }

  #watch(order: Order): void {
    if (order.status === 'ARMED' && order.heldBy === 'ENGINE') this.#triggers.arm(order);
    else if (followsAtBroker(order)) this.#triggers.follow(order);
  }

  #ended(order: Order): void {
    this.#triggers.ended(order);
    const kind = kindOf(order);
    if (kind === 'LAST' || this.#triggers.looksAt(order.instrument, kind)) return;
    this.prices.forget(order.instrument, kind);
  }
}
