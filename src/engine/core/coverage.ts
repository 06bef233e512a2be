/**
 * How much of what a strategy owns no exit covers, and how much of it no stop does. Stops and
 * targets are two ways out for the same units, so the better of both counts, not their sum; against
 * a loss only stops count. What is being cancelled, or is UNKNOWN, covers nothing.
 */
import {
  abs,
  isZero,
  larger,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import type { OrderId } from '../../domain/ids';
import type { Order } from '../../domain/order';
import { executedUnits } from './executed';
import { fillsAtOnce } from './sizing';
import {
  holdingKey,
  holdingOf,
  orderOf,
  ordersOfPlan,
  plansOn,
  type HoldingKey,
  type State,
} from './state';
import { isInForce, isTrailing } from './trail';

/** Units that no working or waiting exit covers, but for one that is over; never negative. */
export function uncoveredUnits(state: State, owner: HoldingKey, but?: OrderId): Quantity {
  const { held, leaving, stops, targets } = coverOf(state, owner, but);
  return larger(minus(held, plus(leaving, larger(stops, targets))), NO_QUANTITY);
}

/** Units that no stop in force covers and that are not on their way out, whatever targets rest. */
export function unprotectedUnits(state: State, owner: HoldingKey, but?: OrderId): Quantity {
  const { held, leaving, stops } = coverOf(state, owner, but);
  return larger(minus(held, plus(leaving, stops)), NO_QUANTITY);
}

/**
 * Units that a stop of their plan was to cover, and that none does: it is lost, too small, or did
 * not fill to its end. What a file leaves without a stop is not among them.
 */
export function unitsWithoutTheirStop(state: State, owner: HoldingKey, but?: OrderId): Quantity {
  const bare = unprotectedUnits(state, owner, but);
  if (isZero(bare)) return bare;
  const held = abs(holdingOf(state, owner).quantity);
  const promised = plansOn(state, owner)
    .filter(({ status }) => status === 'IN_POSITION')
    .flatMap(({ id }) => stopsOfLegs(ordersOfPlan(state, id)))
    .reduce((sum, order) => plus(sum, intendedOf(order, held)), NO_QUANTITY);
  return larger(minus(smaller(promised, held), minus(held, bare)), NO_QUANTITY);
}

/** The last order of each leg that is a stop, or was one when it ended. */
function stopsOfLegs(orders: readonly Order[]): Order[] {
  const stops = orders.filter((order) => order.effect === 'REDUCE' && isStop(order));
  return [...new Map(stops.map((order) => [order.leg, order])).values()];
}

interface Cover {
  readonly held: Quantity;
  /** About to fill at any price. */
  readonly leaving: Quantity;
  readonly stops: Quantity;
  readonly targets: Quantity;
}

/** The units held, and what the exits on their side are for. */
function coverOf(state: State, owner: HoldingKey, but?: OrderId): Cover {
  const { quantity } = holdingOf(state, owner);
  const held = abs(quantity);
  const out = signOf(quantity) > 0 ? 'SELL' : 'BUY';
  const exits = [...(state.exits.get(holdingKey(owner)) ?? [])]
    .filter((id) => id !== but)
    .map((id) => orderOf(state, id))
    .filter((order) => order.side === out && covers(order));
  const openUnits = (orders: readonly Order[]): Quantity =>
    orders.reduce((sum, order) => plus(sum, openOf(order, held)), NO_QUANTITY);
  const waiting = exits.filter((order) => !fillsAtOnce(order));
  return {
    held,
    leaving: openUnits(exits.filter(fillsAtOnce)),
    stops: openUnits(waiting.filter(isStop)),
    targets: openUnits(waiting.filter((order) => !isStop(order))),
  };
}

const COVERING: ReadonlySet<Order['status']> = new Set([
  ...(['ARMED', 'SUBMITTED', 'WORKING', 'PARTIALLY_FILLED'] as const),
]);
const covers = ({ status }: Order): boolean => COVERING.has(status);

/** Until a trailing stop holds it is a way out on the winning side only. */
export const isStop = ({ type, trigger, role }: Order): boolean =>
  type === 'STOP' ||
  type === 'STOP_LIMIT' ||
  type === 'TRAILING_STOP' ||
  trigger?.kind === 'STOP' ||
  isInForce(trigger) ||
  // It takes the place of one that had fired here and was not sent.
  (role === 'STOP_LOSS' && !isTrailing(trigger));

/** In the size that was last asked for; what waits for its price here is sized when it comes. */
function openOf(order: Order, held: Quantity): Quantity {
  const { requestedQuantity, quantity, status, heldBy } = order;
  if (status === 'ARMED' && heldBy === 'ENGINE') return intendedOf(order, held);
  return minus(requestedQuantity ?? quantity, executedUnits(order));
}

/** All that it is to be for, as the file or a person asked. */
function intendedOf(order: Order, held: Quantity): Quantity {
  if (order.coversPosition === true) return held;
  return minus(order.intendedQuantity, executedUnits(order));
}
