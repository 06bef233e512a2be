/**
 * Closes, before the session ends, what plans hold that are not to outlast it. One record ends what
 * would open, and arms the order that closes the position; it is sized and decided when it is sent.
 * Stops and targets stay until it has filled, since until then they are the only protection.
 */
import {
  abs,
  isZero,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import type { Command } from '../../domain/input';
import { isFinal, shallEnd, type Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import { outcome, type Outcome } from './context';
import type { OwnFill } from './late-fills';
import { newOrder } from './new-order';
import { isInFlight } from './sizing';
import { holdingOf, ordersOfPlan, type State } from './state';
import { cancelOf, renumbered } from './tidy-events';

/** What is said of the orders that end for it, and of the one that closes the position. */
export const CLOSING_OUT = 'closed out before the session ends';

interface Given {
  readonly command: Extract<Command, { kind: 'CLOSE_OUT' }>;
  readonly at: number;
}

/** Once for each plan and session. */
export function closeOut(state: State, { command, at }: Given): Outcome {
  const closing = new Set(command.instruments);
  const events: Event[] = [];
  for (const plan of duePlans(state, command.tradingDate)) {
    if (closing.has(plan.instrument)) events.push(...closedOut(state, plan, { command, at }));
  }
  return outcome(renumbered(state, events));
}

/** Plans that are still to be closed before the end of a session, also those of earlier ones. */
export function duePlans(state: State, tradingDate: string): Plan[] {
  return [...state.flattening]
    .flatMap((id) => state.plans.get(id) ?? [])
    .filter((plan) => plan.tradingDate <= tradingDate && plan.closingOut !== tradingDate);
}

function closedOut(state: State, plan: Plan, { command, at }: Given): Event[] {
  const { tradingDate, reason } = command;
  const events: Event[] = [{ type: 'PlanClosingOut', plan: plan.id, tradingDate, reason }];
  for (const order of ordersOfPlan(state, plan.id)) {
    if (isFinal(order) || shallEnd(order)) continue;
    if (order.effect === 'OPEN') events.push(endOf(order, reason));
    // A stop that was reached and waits at its limit would keep the units from being sold.
    else if (isInFlight(order) && order.limitPrice !== null) events.push(cancelOf(order, reason));
  }
  if (plan.status === 'WAITING') return [...events, { type: 'PlanClosed', plan: plan.id, reason }];
  const quantity = heldByPlan(state, plan);
  if (isZero(quantity)) return events;
  const order = closingOrder(plan, { command, at, quantity });
  return [...events, { type: 'OrderArmed', order }];
}

function endOf(order: Order, reason: string): Event {
  if (order.status !== 'ARMED') return cancelOf(order, reason);
  return { type: 'OrderExpired', order: order.id, reason };
}

/** What the plan's orders took and its strategy still owns: what that owns beside it stays. */
function heldByPlan(state: State, plan: Plan): Quantity {
  const { quantity: owned } = holdingOf(state, plan);
  const direction = plan.direction === 'LONG' ? 1 : -1;
  if (signOf(owned) !== direction) return NO_QUANTITY;
  const net = netOf(state, plan);
  return signOf(net) === direction ? smaller(abs(net), abs(owned)) : NO_QUANTITY;
}

function closingOrder(plan: Plan, given: Given & { readonly quantity: Quantity }): Order {
  const { strategy, account, instrument, id } = plan;
  const { quantity, at } = given;
  const { tradingDate, reason } = given.command;
  return newOrder(at, {
    ...{ strategy, account, instrument, plan: id, source: plan.fileName, quantity, tradingDate },
    id: idFrom('ord', 1),
    requestId: `flatten/${id}/${tradingDate}`,
    role: 'LIQUIDATION',
    effect: 'REDUCE',
    side: plan.direction === 'LONG' ? 'SELL' : 'BUY',
    type: 'MARKET',
    timeInForce: 'DAY',
    intendedQuantity: quantity,
    limitPrice: null,
    stopPrice: null,
    statusMessage: reason,
  });
}

/** The plan has given back all that its orders took: what its strategy still owns is not of it. */
export function isClosedOut(state: State, given: OwnFill & { readonly plan: Plan }): boolean {
  const { plan, order, fill } = given;
  if (plan.closingOut === undefined || order.effect !== 'REDUCE') return false;
  const before = netOf(state, plan);
  const after = fill.side === 'BUY' ? plus(before, fill.quantity) : minus(before, fill.quantity);
  return signOf(after) !== (plan.direction === 'LONG' ? 1 : -1);
}

/** What the plan's own orders have bought and not sold; below zero the other way round. */
function netOf(state: State, plan: Plan): Quantity {
  return ordersOfPlan(state, plan.id).reduce(
    (sum, { side, filledQuantity }) =>
      side === 'BUY' ? plus(sum, filledQuantity) : minus(sum, filledQuantity),
    NO_QUANTITY,
  );
}
