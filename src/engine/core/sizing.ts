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

/** What is left to fill of an order. */
export function remaining(order: Order): Quantity {
  return minus(order.quantity, order.filledQuantity);
}

/** Units on their way out of what the strategy owns in the instrument. */
function leaving(state: State, order: Order): Quantity {
  return workingOrders(state, order.instrument)
    .filter((other) => other.id !== order.id && other.effect === 'REDUCE' && isInFlight(other))
    .filter((other) => other.account === order.account && other.strategy === order.strategy)
    .filter((other) => other.side === order.side)
    .reduce((sum, other) => plus(sum, remaining(other)), NO_QUANTITY);
}

/** What the strategy owns on the side the order reduces; nothing when it owns the other way. */
export function reducible(state: State, order: Order): Quantity {
  const { quantity } = holdingOf(state, order);
  const reduces = signOf(quantity) === (order.side === 'SELL' ? 1 : -1);
  return reduces ? abs(quantity) : NO_QUANTITY;
}

/** The quantity to send now: the intended one, cut for an exit. Zero: nothing left to reduce. */
export function sendableQuantity(state: State, order: Order): Quantity {
  if (order.effect === 'OPEN' || order.plan === null) return order.intendedQuantity;
  const free = minus(reducible(state, order), leaving(state, order));
  if (signOf(free) <= 0) return NO_QUANTITY;
  return smaller(order.intendedQuantity, free);
}

/** The total quantity a working exit should have after the holding has changed to `held`. */
export function exitQuantityFor(order: Order, held: Quantity): Quantity {
  return smaller(order.intendedQuantity, plus(order.filledQuantity, abs(held)));
}

/** Whether the quantity at the broker, or the one requested there, differs from the wanted one. */
export function needsResize(order: Order, wanted: Quantity): boolean {
  return compare(order.requestedQuantity ?? order.quantity, wanted) !== 0;
}
