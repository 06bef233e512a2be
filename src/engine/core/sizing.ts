/**
 * How many units an order may be for at this moment. An order that reduces is cut to what its
 * strategy owns less what is already on its way out, and to what the account really holds, so that
 * no exit ever turns a position round.
 */
import {
  abs,
  compare,
  isZero,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  toText,
  type Quantity,
} from '../../domain/decimal';
import { isAtBroker, type Order } from '../../domain/order';
import { executedUnits } from './executed';
import { possibleDifference, unitsThere, type Place } from './missing-units';
import { holdingOf, positionOf, workingOrders, type State } from './state';

/**
 * Given to the broker and about to fill at any price: a market order, or a stop that was reached.
 */
export function isInFlight(order: Order): boolean {
  if (!isAtBroker(order)) return false;
  return order.type === 'MARKET' || order.elected;
}

/** On its way at any price; a stop-limit that was reached may still wait for its limit. */
export function fillsAtOnce(order: Order): boolean {
  return isInFlight(order) && order.limitPrice === null;
}

/** What may still fill of an order. */
export function remaining(order: Order): Quantity {
  return minus(order.quantity, executedUnits(order));
}

/** Orders at the broker that reduce what their strategies own there. */
export function exitsOfPlace(state: State, { account, instrument }: Place): Order[] {
  return workingOrders(state, instrument).filter(
    (other) => other.effect === 'REDUCE' && other.account === account,
  );
}

/** Orders at the broker that reduce what the order's strategy owns in its instrument. */
export function exitsOfOwner(
  state: State,
  order: Pick<Order, 'account' | 'strategy' | 'instrument'>,
): Order[] {
  return exitsOfPlace(state, order).filter(({ strategy }) => strategy === order.strategy);
}

/** What is left to fill of all of them. */
export function remainingOf(orders: readonly Order[]): Quantity {
  return orders.reduce((sum, order) => plus(sum, remaining(order)), NO_QUANTITY);
}

/**
 * Units of other exits that are on their way out on the order's side. What is being cancelled may
 * still fill and counts, but not against a liquidation: that is sent once and must not be short.
 */
function leaving(order: Order, exits: readonly Order[]): Quantity {
  const flying = exits
    .filter((other) => other.id !== order.id && other.side === order.side && isInFlight(other))
    .filter((other) => order.role !== 'LIQUIDATION' || other.status !== 'CANCEL_PENDING');
  return remainingOf(flying);
}

/** What the strategy owns on the side the order reduces; nothing when it owns the other way. */
export function reducible(state: State, order: Order): Quantity {
  const { quantity } = holdingOf(state, order);
  const reduces = signOf(quantity) === (order.side === 'SELL' ? 1 : -1);
  return reduces ? abs(quantity) : NO_QUANTITY;
}

/** What the strategy owns on that side and nothing of its own takes away. */
function ownToReduce(state: State, order: Order): Quantity {
  const own = minus(reducible(state, order), leaving(order, exitsOfOwner(state, order)));
  return signOf(own) > 0 ? own : NO_QUANTITY;
}

/** What the strategies may give back while units of theirs are missing; null: none is. */
function sharedToReduce(state: State, order: Order): Quantity | null {
  const there = unitsThere(state, order, { difference: possibleDifference(state, order) });
  return there === null ? null : minus(there, leaving(order, exitsOfPlace(state, order)));
}

/**
 * What the strategy owns on that side, nothing on its way takes away, and the account has: units
 * that are missing there are missing to whoever comes last.
 */
export function freeToReduce(state: State, order: Order): Quantity {
  const own = ownToReduce(state, order);
  const shared = isZero(own) ? null : sharedToReduce(state, order);
  const free = shared === null ? own : smaller(own, shared);
  return signOf(free) > 0 ? free : NO_QUANTITY;
}

/** What the strategy owns and what the account holds, where units of it are missing; else null. */
export function bothSides(state: State, order: Order): string | null {
  if (sharedToReduce(state, order) === null) return null;
  const { account, instrument, strategy } = order;
  const owns = toText(holdingOf(state, order).quantity);
  const difference = possibleDifference(state, order);
  const holds = toText(plus(positionOf(state, order).quantity, difference));
  const flying = leaving(order, exitsOfPlace(state, order));
  const away = isZero(flying) ? '' : `, and ${toText(flying)} are on their way out`;
  return `${strategy} owns ${owns} ${instrument}, ${account} holds ${holds}${away}`;
}

/** Why nothing of what an exit is for may leave, though its strategy owns it; null: it may. */
export function nothingThere(state: State, order: Order): string | null {
  if (order.effect !== 'REDUCE' || !isZero(freeToReduce(state, order))) return null;
  if (isZero(ownToReduce(state, order))) return null;
  return `${NOTHING_THERE}: ${bothSides(state, order) ?? ''}`;
}

const NOTHING_THERE = 'nothing of it is there';
/** Whether that is the last thing that was said of the order. */
export const isHeldBack = ({ statusMessage }: Order): boolean =>
  statusMessage?.startsWith(NOTHING_THERE) === true;

/**
 * Why an exit that is due stays here until its units return; null: it is decided. What a person
 * has just asked for is refused instead.
 */
export function heldBack(state: State, order: Order): string | null {
  return order.role === 'MANUAL' ? null : nothingThere(state, order);
}

/** Whether the quantity at the broker, or the one requested there, differs from the wanted one. */
export function needsResize(order: Order, wanted: Quantity): boolean {
  return compare(order.requestedQuantity ?? order.quantity, wanted) !== 0;
}
