/**
 * What fills too late or through zero is closed at the market: a fill of a plan that is done, of an
 * entry after the plan's stop has fired, and the part of an exit that turned the position round.
 */
import {
  abs,
  isZero,
  minus,
  NO_QUANTITY,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import { idFrom } from '../../domain/ids';
import { opposite, type Order } from '../../domain/order';
import { newOrder } from './new-order';
import { exitsOfOwner, isInFlight, remainingOf } from './sizing';
import { ordersOfPlan, type State } from './state';
import { cancelOf } from './tidy-events';

/** A fill of one of our orders, and what the order's strategy holds after it. */
export interface OwnFill {
  readonly order: Order;
  readonly fill: Fill;
  readonly holdingAfter: Quantity;
}

/**
 * Units of the fill that should not be there and that nothing on its way closes. At most the fill's
 * own size: the strategy may rightly own more of the instrument. Zero: none.
 */
export function looseUnits(state: State, { order, fill, holdingAfter }: OwnFill): Quantity {
  const grows = signOf(holdingAfter) === (fill.side === 'BUY' ? 1 : -1);
  if (!grows || !(order.effect === 'REDUCE' || comesTooLate(state, order))) return NO_QUANTITY;
  const closing = exitsOfOwner(state, order)
    .filter((other) => other.side === opposite(fill.side) && other.status !== 'CANCEL_PENDING')
    .filter((other) => other.role === 'LIQUIDATION' || isInFlight(other));
  const loose = minus(abs(holdingAfter), remainingOf(closing));
  return signOf(loose) > 0 ? smaller(fill.quantity, loose) : NO_QUANTITY;
}

/** An order that opens, of a plan that is done, or is being stopped or closed out. */
function comesTooLate(state: State, order: Order): boolean {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined) return false;
  if (plan.status === 'DONE' || plan.closingOut !== undefined) return true;
  const stopped = (other: Order): boolean => other.effect === 'REDUCE' && other.elected;
  return order.role === 'ENTRY' && ordersOfPlan(state, plan.id).some(stopped);
}

/** Closes the loose units at the market, and calls back liquidations that would now overdo it. */
export function flattenEvents(state: State, given: OwnFill, loose: Quantity): Event[] {
  const { order, holdingAfter } = given;
  const events: Event[] = [];
  const growing = signOf(holdingAfter) > 0 ? 'BUY' : 'SELL';
  for (const other of exitsOfOwner(state, order)) {
    if (other.role !== 'LIQUIDATION' || other.status === 'CANCEL_PENDING') continue;
    if (other.id === order.id || (!isZero(holdingAfter) && other.side !== growing)) continue;
    events.push(cancelOf(other, 'nothing is left to flatten'));
  }
  if (isZero(loose)) return events;
  return [...events, { type: 'OrderArmed', order: liquidation(state, given, loose) }];
}

function liquidation(state: State, { order, fill }: OwnFill, quantity: Quantity): Order {
  const { strategy, account, instrument, plan, source } = order;
  return newOrder(fill.at, {
    ...{ strategy, account, instrument, plan, source, quantity },
    id: idFrom('ord', state.ordersMade + 1),
    requestId: `flatten/${fill.execId}`,
    role: 'LIQUIDATION',
    effect: 'REDUCE',
    side: opposite(fill.side),
    type: 'MARKET',
    timeInForce: 'DAY',
    intendedQuantity: quantity,
    limitPrice: null,
    stopPrice: null,
    statusMessage: `flattens the late fill ${fill.execId}`,
  });
}
