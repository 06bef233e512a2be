/**
 * How many units an order may be for at this moment. An order that reduces is cut to what its
 * strategy owns less what is already on its way out, so that no exit ever turns a position round.
 */
import {
  abs,
  compare,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import { isAtBroker, type Order } from '../../domain/order';
import { holdingOf, workingOrders, type State } from './state';

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

/** What is left to fill of an order. */
export function remaining(order: Order): Quantity {
  return minus(order.quantity, order.filledQuantity);
}

/** Orders at the broker that reduce what the order's strategy owns in its instrument. */
export function exitsOfOwner(
  state: State,
  order: Pick<Order, 'account' | 'strategy' | 'instrument'>,
): Order[] {
  return workingOrders(state, order.instrument).filter(
    (other) =>
      other.effect === 'REDUCE' &&
      other.account === order.account &&
      other.strategy === order.strategy,
  );
}

/** What is left to fill of all of them. */
export function remainingOf(orders: readonly Order[]): Quantity {
  return orders.reduce((sum, order) => plus(sum, remaining(order)), NO_QUANTITY);
}

/**
 * Units on their way out of what the strategy owns in the instrument. What is being cancelled may
 * still fill and counts, but not against a liquidation: that is sent once and must not be short.
 */
function leaving(state: State, order: Order): Quantity {
  const flying = exitsOfOwner(state, order)
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

/** What the strategy owns on that side and nothing on its way takes away. */
export function freeToReduce(state: State, order: Order): Quantity {
  const free = minus(reducible(state, order), leaving(state, order));
  return signOf(free) > 0 ? free : NO_QUANTITY;
}

/**
 * The quantity to send now: the intended one, cut for an exit. Zero: nothing left to reduce. An
 * order placed by hand is never cut behind its back: too much of it is denied.
 */
export function sendableQuantity(state: State, order: Order): Quantity {
  if (order.effect === 'OPEN' || order.role === 'MANUAL') return order.intendedQuantity;
  return smaller(order.intendedQuantity, freeToReduce(state, order));
}

/** Whether the quantity at the broker, or the one requested there, differs from the wanted one. */
export function needsResize(order: Order, wanted: Quantity): boolean {
  return compare(order.requestedQuantity ?? order.quantity, wanted) !== 0;
}
