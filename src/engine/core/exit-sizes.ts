/**
 * Exits follow what their strategy owns, those of a plan and those placed by hand alike: after each
 * fill every one at the broker is brought to the size of the position, and none outlives it.
 */
import { abs, compare, isZero, minus, plus, signOf, type Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { isAtBroker, type Order } from '../../domain/order';
import type { OwnFill } from './late-fills';
import { exitQuantityFor, exitsOfOwner, needsResize, remainingOf } from './sizing';
import type { State } from './state';

/** What the exits at the broker must be asked for after a fill. */
export function exitsFollow(state: State, given: OwnFill, loose: Quantity): Event[] {
  const { order, holdingAfter } = given;
  const exits = exitsOfOwner(state, order).map(withFill(given));
  const closing = exits.filter(({ role, status }) => role === 'LIQUIDATION' && isLive(status));
  const covered = plus(loose, remainingOf(closing.filter((other) => reduces(other, holdingAfter))));
  const held = minus(abs(holdingAfter), covered);
  return exits
    .filter((other) => isAtBroker(other) && other.status !== 'CANCEL_PENDING')
    .filter((other) => other.role !== 'LIQUIDATION')
    .flatMap((other) => {
      if (reduces(other, holdingAfter)) return resized(other, held);
      return [{ type: 'OrderCancelRequested', order: other.id, reason: 'position closed' }];
    });
}

const isLive = (status: Order['status']): boolean =>
  status !== 'CANCEL_PENDING' && status !== 'FILLED';
const reduces = ({ side }: Order, held: Quantity): boolean =>
  signOf(held) === (side === 'SELL' ? 1 : -1);

/** The order as it will be once the fill is folded in. */
function withFill({ order, fill }: OwnFill) {
  return (other: Order): Order => {
    if (other.id !== order.id) return other;
    const filledQuantity = plus(other.filledQuantity, fill.quantity);
    const whole = compare(filledQuantity, other.quantity) >= 0;
    return { ...other, filledQuantity, status: whole ? 'FILLED' : other.status };
  };
}

/** Asks for another quantity of a working exit where the size of the position demands one. */
export function resized(order: Order, held: Quantity): Event[] {
  if (order.effect !== 'REDUCE' || order.role === 'LIQUIDATION' || signOf(held) <= 0) return [];
  const wanted = exitQuantityFor(order, held);
  if (compare(wanted, order.filledQuantity) <= 0 || !needsResize(order, wanted)) return [];
  return [{ type: 'OrderModifyRequested', order: order.id, quantity: wanted }];
}

/** A fill between a request and its answer may ask for yet another quantity. */
export function resizedAgain(order: Order, held: Quantity): Event[] {
  if (!isAtBroker(order) || order.status === 'CANCEL_PENDING' || isZero(held)) return [];
  return reduces(order, held) ? resized(order, abs(held)) : [];
}
