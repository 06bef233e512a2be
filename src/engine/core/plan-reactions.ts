/**
 * What a fill sets in motion within its plan: the side that was taken arms, a flat position cancels
 * the rest, and a stop that fires makes a working entry give way.
 */
import { abs, isZero, signOf, smaller, type Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import { isAtBroker, isFinal, shallEnd, type Order } from '../../domain/order';
import type { Direction, Plan, PlanLeg } from '../../domain/plan';
import type { Ask } from './context';
import { isOverWith } from './executed';
import { exitsFollow } from './exit-sizes';
import { flipGoesOn } from './flips';
import { flattenEvents, looseUnits, type OwnFill } from './late-fills';
import { isClosedOut } from './close-out';
import { nextCycle } from './plan-entries';
import { isExit, kindAfterEntry, orderFromLeg } from './plan-orders';
import { isInFlight } from './sizing';
import { holdingOf, ordersOfPlan, plansOn, type State } from './state';
import { cancelOf, renumbered } from './tidy-events';

/** Everything that follows from a fill of one of our orders. */
export function afterOwnFill(state: State, ask: Ask, given: OwnFill): Event[] {
  const loose = looseUnits(state, given);
  const events: Event[] = [];
  for (const plan of plansOf(state, given.order)) {
    const plansAhead = events.filter(({ type }) => type === 'PlanCreated').length;
    events.push(...afterPlanFill(state, ask, { ...given, plan, plansAhead }));
  }
  events.push(...exitsFollow(state, given, loose), ...flattenEvents(state, given, loose));
  events.push(...flipGoesOn(state, given));
  return renumbered(state, events);
}

/** The order's own plan; for an order placed by hand, the plan whose position it changes. */
function plansOf(state: State, order: Order): Plan[] {
  if (order.plan !== null) {
    const plan = state.plans.get(order.plan);
    return plan === undefined ? [] : [plan];
  }
  return plansOn(state, order).filter(({ status }) => status === 'IN_POSITION');
}

interface PlanFill extends OwnFill {
  readonly plan: Plan;
  /** Plans that the same decision has made before. */
  readonly plansAhead: number;
}

function afterPlanFill(state: State, ask: Ask, given: PlanFill): Event[] {
  const { order, fill, holdingAfter, plan } = given;
  if (plan.status === 'DONE') return [];
  const direction: Direction = plan.direction ?? (order.side === 'BUY' ? 'LONG' : 'SHORT');
  const held = signOf(holdingAfter) === (direction === 'LONG' ? 1 : -1);
  if (!held || isClosedOut(state, given)) return closePlan(state, ask, given);
  const events: Event[] = [];
  let taken: Taken = { plan, held: holdingAfter, at: fill.at };
  if (plan.status === 'WAITING') {
    const { price: reference } = fill;
    const entered = { direction, reference, entryOrder: order.id } as const;
    events.push({ type: 'PlanEntered', plan: plan.id, ...entered });
    taken = { ...taken, plan: { ...plan, ...entered } };
    const adds = isFilledBy(order, fill) || isFinal(order);
    const others = otherEntries(state, order);
    return [...events, ...others, ...armLegs(state, ask, { ...taken, exits: true, adds })];
  }
  const done = isFilledBy(order, fill) ? order.id : null;
  return armWaitingAdds(state, ask, { ...taken, done });
}

/** An entry that was given up and fills all the same: its siblings, armed again, give way. */
function otherEntries(state: State, { id, plan, leg }: Order): Event[] {
  if (plan === null) return [];
  return ordersOfPlan(state, plan)
    .filter((other) => other.role === 'ENTRY' && other.id !== id)
    .filter((other) => !isFinal(other) && other.status !== 'CANCEL_PENDING')
    .map((other) => cancelOf(other, `OCA: ${leg ?? id} filled`));
}

const isFilledBy = (order: Order, fill: OwnFill['fill']): boolean =>
  isOverWith(order, fill.quantity);

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
    const whole = plan.spec.settings.exitQuantity === 'POSITION';
    const sized = whole ? abs(held) : smaller(leg.quantity, abs(held));
    const quantity = exit ? sized : leg.quantity;
    const arming = { plan, leg, kind, quantity, reference: null, at, ahead: events.length };
    events.push({ type: 'OrderArmed', order: orderFromLeg(state, ask, arming) });
  }
  if (taken.adds) events.push({ type: 'PlanAddsArmed', plan: plan.id });
  return events;
}

/**
 * Adds wait until the entry is final, and while an exit that has fired is on its way. `done` is the
 * order that becomes final by what is being decided. The end of the session arms nothing.
 */
function armWaitingAdds(
  state: State,
  ask: Ask,
  taken: Taken & { readonly done: OrderId | null },
): Event[] {
  const { plan, done } = taken;
  if (plan.status !== 'IN_POSITION' || plan.addsArmed || plan.entryOrder === null) return [];
  if (plan.closingOut !== undefined) return [];
  const entry = state.orders.get(plan.entryOrder);
  const entryEnded = plan.entryOrder === done || (entry !== undefined && isFinal(entry));
  if (!entryEnded || entry?.status === 'EXPIRED') return [];
  const flying = ordersOfPlan(state, plan.id).filter(
    (other) => other.id !== done && other.effect === 'REDUCE' && isInFlight(other),
  );
  if (flying.length > 0) return [];
  return armLegs(state, ask, { ...taken, exits: false, adds: true });
}

/**
 * Flat, or turned: what is left of the plan's orders is cancelled; it is done. Flat, another round
 * trip may follow.
 */
function closePlan(state: State, ask: Ask, given: PlanFill): Event[] {
  const { plan, order, fill, holdingAfter, plansAhead } = given;
  const reason = 'position closed';
  const events: Event[] = [];
  for (const other of ordersOfPlan(state, plan.id)) {
    if (isFinal(other) || other.status === 'CANCEL_PENDING' || other.role === 'LIQUIDATION')
      continue;
    if (other.id === order.id && isFilledBy(order, fill)) continue;
    events.push(cancelOf(other, reason));
  }
  const flat =
    isZero(holdingAfter) && plan.status === 'IN_POSITION' && plan.closingOut === undefined;
  const next = flat ? nextCycle(state, ask, { plan, at: fill.at, plansAhead }) : [];
  return [...events, { type: 'PlanClosed', plan: plan.id, reason }, ...next];
}

/** An order of a plan is final without a fill of this moment: adds that waited for it may arm. */
export function afterOrderEnds(
  state: State,
  ask: Ask,
  given: { readonly order: Order; readonly at: number },
): Event[] {
  const { order, at } = given;
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined) return [];
  const held = holdingOf(state, order).quantity;
  return isZero(held) ? [] : armWaitingAdds(state, ask, { plan, held, at, done: order.id });
}

/** A stop that fires while what opens still works: that is called back first. */
export function openingsGiveWay(state: State, order: Order): Event[] {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan === undefined || order.effect !== 'REDUCE') return [];
  return ordersOfPlan(state, plan.id)
    .filter((other) => other.effect === 'OPEN' && !shallEnd(other))
    .filter((other) => isAtBroker(other) || isDue(other))
    .map((other) => cancelOf(other, `${order.leg ?? order.id} fired ${whileOpen(other)}`));
}

const isDue = ({ status, heldBy }: Order): boolean => status === 'ARMED' && heldBy === 'BROKER';
const whileOpen = ({ role }: Order): string =>
  role === 'ENTRY' ? 'while the entry was still working' : 'before the add had filled';
