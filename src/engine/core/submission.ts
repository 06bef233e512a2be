/**
 * From approved to sent. The decision and the claim that the order leaves are one record where the
 * link lets it leave at once; else the order waits approved, and the claim is made when it may.
 */
import { isZero, type Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import type { Order } from '../../domain/order';
import type { Ask } from './context';
import { unprotected } from './decision';
import { blankOrder } from './new-order';
import { ordersOfPlan, type State } from './state';

/** The events of an approved order: submitted, and sent where it may leave now. */
export function submission(
  state: State,
  ask: Ask,
  { order, quantity }: { readonly order: Order; readonly quantity: Quantity },
): Event[] {
  const submitted: Event = { type: 'OrderSubmitted', order: order.id, quantity };
  return ask.canSend && state.unsent.size === 0 ? [submitted, sent(state, order.id)] : [submitted];
}

function sent(state: State, order: string): Event {
  const { clientId, epoch, nextBrokerOrderId: brokerOrderId } = state.link;
  return { type: 'OrderSent', order, brokerOrderId, clientId, epoch };
}

/** The first order that waits may leave. */
export function sendNext(state: State, ask: Ask): Event[] {
  const [order] = state.unsent;
  return order === undefined || !ask.canSend ? [] : [sent(state, order)];
}

/**
 * Orders that certainly never left. An entry must be decided again by its trigger or by a person;
 * what protects or completes a position is decided again at once, as a new order.
 */
export function notSent(
  state: State,
  orders: readonly Order[],
  given: { readonly reason: string; readonly at: number },
): Event[] {
  const { reason, at } = given;
  const events: Event[] = [];
  let ahead = 0;
  for (const order of orders) {
    events.push({ type: 'OrderNotSent', order: order.id, reason });
    const again = replacement(state, order, { at, ahead });
    if (again !== null) {
      ahead += 1;
      events.push({ type: 'OrderArmed', order: again });
    } else if (turnedBack(state, order)) {
      events.push(...unprotected(state, order, { what: `never left: ${reason}` }));
    }
    events.push(...rearmedSiblings(state, order, 'was not sent'));
  }
  return events;
}

const AGAIN = /\/again-(ord-\d+)$/;

/**
 * Handed to a link that is ready, and given back a second time: another attempt would come back
 * just the same, and for ever.
 */
function turnedBack(state: State, { requestId, sending }: Order): boolean {
  const before = AGAIN.exec(requestId)?.[1];
  const first = before === undefined ? null : (state.orders.get(before)?.sending ?? null);
  return state.link.ready && first !== null && first.epoch === sending?.epoch;
}

/** What protects or completes a position, or opens after a flip has closed one. */
function isDecidedAgain(state: State, { role, plan, flipOf }: Order): boolean {
  if (role === 'LIQUIDATION' || flipOf !== undefined) return true;
  if (role === 'ENTRY' || role === 'MANUAL' || plan === null) return false;
  return state.plans.get(plan)?.status === 'IN_POSITION';
}

/** An add that fired is not sent later at any price: the market has to be at its level again. */
function waitsForItsLevel({ effect, heldBy, trigger }: Order, armedAt: number): Partial<Order> {
  if (effect !== 'OPEN' || heldBy !== 'ENGINE' || trigger === null) return {};
  const unfired = { reference: null, firedAt: null, firedPrice: null };
  return { heldBy, trigger: { ...trigger, ...unfired, armedAt } };
}

/** The same intent under a new id; null where somebody has to decide it again. */
function replacement(
  state: State,
  order: Order,
  { at, ahead }: { readonly at: number; readonly ahead: number },
): Order | null {
  if (turnedBack(state, order) || !isDecidedAgain(state, order)) return null;
  return {
    ...order,
    ...blankOrder(at),
    ...waitsForItsLevel(order, at),
    ...{ plan: order.plan, leg: order.leg, rank: order.rank, source: order.source },
    ...{ kind: order.kind, ocaGroup: order.ocaGroup },
    id: idFrom('ord', state.ordersMade + ahead + 1),
    requestId: `${order.requestId.replace(AGAIN, '')}/again-${order.id}`,
    quantity: order.intendedQuantity,
    statusMessage: `takes the place of ${order.id}, which was not sent`,
  };
}

/** Siblings that the order's trigger cancelled look at prices again when it failed unfilled. */
export function rearmedSiblings(state: State, order: Order, what: string): Event[] {
  if (order.plan === null || order.ocaGroup === null || !isZero(order.filledQuantity)) return [];
  const plan = state.plans.get(order.plan);
  if (plan?.status === 'DONE' || plan?.closingOut !== undefined) return [];
  return ordersOfPlan(state, order.plan)
    .filter((other) => other.status === 'CANCELLED' && other.cancelledBy === order.id)
    .map((other) => ({
      type: 'OrderRearmed',
      order: other.id,
      reason: `${order.leg ?? order.id} ${what}`,
    }));
}
