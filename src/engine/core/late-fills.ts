/**
 * What fills too late or through zero is closed at the market: a fill of a plan that is done, of an
 * entry or add beside a stop that has fired, of an entry whose group was taken by another, and the
 * part of an exit that turned the position round.
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
import { isFinal, opposite, shallEnd, type Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import { newOrder } from './new-order';
import { exitsOfOwner, isInFlight, remainingOf } from './sizing';
import { orderOf, ordersOfPlan, type State } from './state';
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

/** An order that opens, of a plan that is done, is being stopped or closed out, or is taken. */
function comesTooLate(state: State, order: Order): boolean {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined) return false;
  if (plan.status === 'DONE' || plan.closingOut !== undefined) return true;
  if (order.role === 'ENTRY' && isTakenBySibling(plan, order)) return true;
  const stops = ordersOfPlan(state, plan.id).filter(hasFired);
  // What was called back for a stop is late for good; an add may rightly follow a stop for a part.
  const over = order.role === 'ENTRY' || shallEnd(order) || order.status === 'CANCELLED';
  return over ? stops.length > 0 : stops.some(isOnItsWay);
}

/** A group takes one entry: what another of it fills is too much. */
const isTakenBySibling = ({ entryOrder }: Plan, { id }: Order): boolean =>
  entryOrder !== null && entryOrder !== id;

/** A stop that was reached: the broker said so, or Tidegate, which held it, has let it go. */
function hasFired(order: Order): boolean {
  if (order.effect !== 'REDUCE') return false;
  return order.elected || (order.role === 'STOP_LOSS' && wasReleased(order));
}

/** Not while it may never have left; what takes its place then is due to be sent at the market. */
function wasReleased(order: Order): boolean {
  const { trigger, status, heldBy, type } = order;
  const market = type === 'MARKET' && trigger === null && heldBy === 'BROKER';
  const released = trigger === null ? market : trigger.firedAt !== null;
  return released && (!isFinal(order) || status === 'FILLED');
}

const isOnItsWay = (order: Order): boolean => !isFinal(order);

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
    // It is owed until it has filled: no session ends it.
    timeInForce: 'GTC',
    intendedQuantity: quantity,
    limitPrice: null,
    stopPrice: null,
    statusMessage: `flattens the late fill ${fill.execId}${takenWords(state, order)}`,
  });
}

/** Why a fill of an entry is too much; empty where something else makes it late. */
function takenWords(state: State, order: Order): string {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan?.status !== 'IN_POSITION' || plan.entryOrder === null || order.role !== 'ENTRY')
    return '';
  if (!isTakenBySibling(plan, order)) return '';
  const { leg, id } = orderOf(state, plan.entryOrder);
  return `: the group was taken by ${leg ?? id}`;
}
