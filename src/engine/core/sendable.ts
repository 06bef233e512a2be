/** What of an order is sent at this moment: an exit is cut to what is held and free. */
import { isZero, larger, minus, NO_QUANTITY, smaller } from '../../domain/decimal';
import type { Price, Quantity } from '../../domain/decimal';
import type { Order } from '../../domain/order';
import { besideFired, restingLikewise } from './exits-beside';
import { freeToReduce, nothingThere } from './sizing';
import type { State } from './state';

/**
 * The quantity to send now: the intended one, cut for an exit. Zero: nothing left to reduce. An
 * order placed by hand is never cut behind its back: too much of it is denied. One that waited for
 * its trigger or for an auction is cut, as every exit that was armed before the position was known.
 */
export function sendableQuantity(state: State, order: Order, firedOn?: Price): Quantity {
  if (order.effect === 'OPEN' || isPlacedNow(order)) return order.intendedQuantity;
  const free = minus(freeToReduce(state, order), beside(state, order, firedOn));
  const open = larger(free, NO_QUANTITY);
  return order.coversPosition === true ? open : smaller(order.intendedQuantity, open);
}

/** Of an exit that nothing can be sent of, why. */
export function whyNothing(state: State, order: Order): string {
  const missing = nothingThere(state, order);
  if (missing !== null) return missing;
  if (isZero(freeToReduce(state, order))) return 'nothing is left to reduce';
  return 'what is held rests in other exits that the same price can fill';
}

const isPlacedNow = ({ role, trigger, staged }: Order): boolean =>
  role === 'MANUAL' && trigger === null && staged?.releasedAt === undefined;

/** The exits of a plan overlap as its file has them: only what a person adds has to fit. */
function beside(state: State, order: Order, firedOn?: Price): Quantity {
  if (order.role !== 'MANUAL') return NO_QUANTITY;
  if (order.staged !== undefined) return restingLikewise(state, order);
  return firedOn === undefined ? NO_QUANTITY : besideFired(state, order, firedOn);
}
