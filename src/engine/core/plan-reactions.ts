/**
 * What a fill sets in motion within its plan: the side that was taken arms, exits follow the size
 * of the position, a flat position cancels the rest, and what comes in too late is flattened.
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
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import { idFrom } from '../../domain/ids';
import { isAtBroker, isFinal, type Order } from '../../domain/order';
import type { Direction, Plan, PlanLeg } from '../../domain/plan';
import type { Ask } from './decide';
import { blankOrder } from './decide-command';
import { isExit, kindAfterEntry, orderFromLeg } from './plan-orders';
import { exitQuantityFor, needsResize, remaining } from './sizing';
import { holdingOf, ordersOfPlan, type State } from './state';

export interface PlanFill {
  readonly order: Order;
  readonly fill: Fill;
  /** What the plan's strategy holds after the fill. */
  readonly holdingAfter: Quantity;
}

/** Everything that follows from a fill of one of the plan's orders. */
export function afterPlanFill(state: State, ask: Ask, given: PlanFill): Event[] {
  const { order, fill, holdingAfter } = given;
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined) return [];
  const entering = plan.status === 'WAITING' && order.role === 'ENTRY';
  const direction: Direction = plan.direction ?? (order.side === 'BUY' ? 'LONG' : 'SHORT');
  const turned = signOf(holdingAfter) === (direction === 'LONG' ? -1 : 1);
  if (plan.status === 'DONE' || turned) return flatten(state, plan, given);
  if (isZero(holdingAfter)) return closePlan(state, plan, given);
  const events: Event[] = [];
  if (entering) {
    const { price: reference, at } = fill;
    events.push({
      ...{ type: 'PlanEntered', plan: plan.id, direction, reference, entryOrder: order.id },
    });
    const adds = isFilledBy(order, fill);
    const taken: Taken = { plan: { ...plan, direction, reference }, held: holdingAfter, at };
    events.push(...armLegs(state, ask, { ...taken, exits: true, adds }));
  } else if (order.id === plan.entryOrder && isFilledBy(order, fill) && !plan.addsArmed) {
    const taken: Taken = { plan, held: holdingAfter, at: fill.at };
    events.push(...armLegs(state, ask, { ...taken, exits: false, adds: true }));
  }
  const exits = ordersOfPlan(state, plan.id).filter((other) => other.effect === 'REDUCE');
  events.push(...resizeExits(exits.map(withFill(given)), holdingAfter));
  return events;
}

const isFilledBy = (order: Order, fill: Fill): boolean =>
  compare(plus(order.filledQuantity, fill.quantity), order.quantity) >= 0;

/** The order as it will be once the fill is folded in. */
const withFill =
  ({ order, fill }: PlanFill) =>
  (other: Order): Order =>
    other.id === order.id
      ? { ...other, filledQuantity: plus(other.filledQuantity, fill.quantity) }
      : other;

interface Taken {
  /** With direction and reference set. */
  readonly plan: Plan;
  readonly held: Quantity;
  readonly at: number;
}

/** Arms the orders of the side that was taken, in file order. */
function armLegs(
  state: State,
  ask: Ask,
  taken: Taken & { readonly exits: boolean; readonly adds: boolean },
): Event[] {
  const { plan, held, at } = taken;
  const { direction, reference } = plan;
  if (direction === null || reference === null) return [];
  const legs: readonly PlanLeg[] = direction === 'LONG' ? plan.spec.ifLong : plan.spec.ifShort;
  const events: Event[] = [];
  for (const leg of legs) {
    const exit = isExit(leg, direction);
    if (exit ? !taken.exits : !taken.adds) continue;
    const kind = kindAfterEntry(leg, direction, reference);
    const quantity = exit ? smaller(leg.quantity, abs(held)) : leg.quantity;
    const arming = { plan, leg, kind, quantity, reference: null, at, ahead: events.length };
    events.push({ type: 'OrderArmed', order: orderFromLeg(state, ask, arming) });
  }
  if (taken.adds) events.push({ type: 'PlanAddsArmed', plan: plan.id });
  return events;
}

/** Asks the broker to bring every working exit to the size of the position. */
export function resizeExits(exits: readonly Order[], held: Quantity): Event[] {
  const events: Event[] = [];
  for (const order of exits) {
    if (order.effect !== 'REDUCE' || order.plan === null || !isAtBroker(order)) continue;
    if (order.status === 'CANCEL_PENDING' || order.role === 'LIQUIDATION' || isZero(held)) continue;
    const wanted = exitQuantityFor(order, held);
    if (compare(wanted, order.filledQuantity) <= 0 || !needsResize(order, wanted)) continue;
    events.push({ type: 'OrderModifyRequested', order: order.id, quantity: wanted });
  }
  return events;
}

/**
 * Flat: all that is left of the plan's orders is cancelled, and the symbol is done for the
 * session.
 */
function closePlan(state: State, plan: Plan, given: PlanFill): Event[] {
  const reason = 'position closed';
  return [
    ...cancelRest(state, plan, { ...given, reason }),
    { type: 'PlanClosed', plan: plan.id, reason },
  ];
}

function cancelRest(
  state: State,
  plan: Plan,
  given: PlanFill & { readonly reason: string },
): Event[] {
  const events: Event[] = [];
  for (const order of ordersOfPlan(state, plan.id)) {
    if (isFinal(order) || order.status === 'CANCEL_PENDING') continue;
    if (order.id === given.order.id && isFilledBy(order, given.fill)) continue;
    const { reason } = given;
    if (isAtBroker(order)) events.push({ type: 'OrderCancelRequested', order: order.id, reason });
    else events.push({ type: 'OrderCancelled', order: order.id, reason, by: null });
  }
  return events;
}

/**
 * A fill that came too late (the plan is done) or went through zero: its part of the position is
 * closed at the market, and the rest of the plan is cancelled.
 */
function flatten(state: State, plan: Plan, given: PlanFill): Event[] {
  const { order, fill, holdingAfter } = given;
  const events: Event[] = [];
  if (plan.status !== 'DONE') events.push(...closePlan(state, plan, given));
  const underWay = ordersOfPlan(state, plan.id)
    .filter((other) => other.role === 'LIQUIDATION' && !isFinal(other) && other.id !== order.id)
    .reduce((sum, other) => plus(sum, remaining(other)), NO_QUANTITY);
  const loose = minus(smaller(fill.quantity, abs(holdingAfter)), underWay);
  if (order.role === 'LIQUIDATION' || signOf(loose) <= 0) return events;
  const liquidation: Order = {
    ...blankOrder(fill.at),
    id: idFrom('ord', state.ordersMade + 1),
    requestId: `${plan.id}/flatten/${fill.execId}`,
    strategy: plan.strategy,
    account: plan.account,
    instrument: plan.instrument,
    role: 'LIQUIDATION',
    effect: 'REDUCE',
    side: signOf(holdingAfter) > 0 ? 'SELL' : 'BUY',
    type: 'MARKET',
    timeInForce: 'DAY',
    intendedQuantity: loose,
    quantity: loose,
    limitPrice: null,
    stopPrice: null,
    plan: plan.id,
    source: order.source,
    statusMessage: `flattens the late fill ${fill.execId}`,
  };
  return [...events, { type: 'OrderArmed', order: liquidation }];
}

/** The entry is final: with something filled, its adds may arm. */
export function afterEntryEnds(
  state: State,
  ask: Ask,
  given: { readonly order: Order; readonly at: number },
): Event[] {
  const { order, at } = given;
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan?.status !== 'IN_POSITION' || plan.entryOrder !== order.id || plan.addsArmed) return [];
  const held = holdingOf(state, order).quantity;
  return armLegs(state, ask, { plan, held, at, exits: false, adds: true });
}

/** A stop that fires while the entry still works: the remainder of the entry is cancelled first. */
export function entryGivesWay(state: State, order: Order): Event[] {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined || order.effect !== 'REDUCE') return [];
  return ordersOfPlan(state, plan.id)
    .filter((other) => other.role === 'ENTRY' && isAtBroker(other))
    .filter((other) => other.status !== 'CANCEL_PENDING')
    .map((other) => ({
      type: 'OrderCancelRequested',
      order: other.id,
      reason: `${order.leg ?? order.id} fired while the entry was still working`,
    }));
}
