/**
 * How far an order is at the broker, as against what of it stands in the book: an execution that
 * the broker took back, or that was more than ever sent, is not to be executed once more. Pure.
 */
import {
  compare,
  isZero,
  larger,
  minus,
  NO_QUANTITY,
  plus,
  type Quantity,
} from '../../domain/decimal';
import { isFinal, type Order, type OrderStatus } from '../../domain/order';

/** Units executed under its reference, in whosever books they are. */
export function executedUnits({ filledQuantity, uncounted }: Order): Quantity {
  return uncounted === undefined ? filledQuantity : plus(filledQuantity, uncounted);
}

/** An execution beyond its size proves that the change which was asked for has been made. */
export function sizeProved({ quantity, requestedQuantity }: Order, executed: Quantity): Quantity {
  const beyond = compare(executed, quantity) > 0;
  const asked = beyond && requestedQuantity !== null;
  return asked && compare(executed, requestedQuantity) <= 0 ? requestedQuantity : quantity;
}

/** Whether it is over at the broker with so much more executed. */
export function isOverWith(order: Order, more: Quantity = NO_QUANTITY): boolean {
  const executed = plus(executedUnits(order), more);
  return compare(executed, sizeProved(order, executed)) >= 0;
}

/** What corrections leave uncounted when what counts goes from one size to another. */
export function uncountedAfter(
  { uncounted = NO_QUANTITY }: Order,
  change: { readonly from: Quantity; readonly to: Quantity },
): Quantity {
  return larger(plus(uncounted, minus(change.from, change.to)), NO_QUANTITY);
}

/** Status and size of an order in its new counts; what is over never works again. */
export function standingOf(order: Order): Pick<Order, 'status' | 'quantity' | 'requestedQuantity'> {
  const { filledQuantity, requestedQuantity } = order;
  const quantity = sizeProved(order, executedUnits(order));
  if (!isOverWith(order)) {
    return { status: whileOpen(order), quantity, requestedQuantity };
  }
  if (!isZero(filledQuantity)) {
    return { status: 'FILLED', quantity: filledQuantity, requestedQuantity: null };
  }
  const status = isFinal(order) && order.status !== 'FILLED' ? order.status : 'CANCELLED';
  return { status, quantity, requestedQuantity: null };
}

function whileOpen(order: Order): OrderStatus {
  const { status, filledQuantity } = order;
  if (isFinal(order) || status === 'CANCEL_PENDING' || isZero(filledQuantity)) return status;
  return 'PARTIALLY_FILLED';
}
