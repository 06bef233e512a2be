/**
 * An armed order whose price leg fired. The claim of the trigger, the decision and the order are
 * one journal record, so that it fires at most once whatever crashes. Siblings of the OCA group
 * are cancelled in the same record, or wait for its first fill; when the order is denied they
 * simply stay armed.
 */
import { isZero } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { LegFired } from '../../domain/input';
import { isAtBroker, type Order } from '../../domain/order';
import { kindOf, type QuoteKind } from '../../domain/price-source';
import type { Ask } from './context';
import { asFired } from './decide-place';
import { openingsGiveWay } from './plan-reactions';
import { decisionEvents, makeDecision, reasonOf } from './decision';
import { sendableQuantity, whyNothing } from './sendable';
import { linkAllows, ordersOfPlan, type State } from './state';
import { submission } from './submission';

/** The order to release, as it is now; undefined when the trigger no longer stands. */
export function releasable(state: State, input: LegFired): Order | undefined {
  const order = state.orders.get(input.order);
  if (order?.status !== 'ARMED' || order.heldBy !== 'ENGINE') return undefined;
  return asFired(state, order);
}

export function decideTrigger(
  state: State,
  ask: Ask,
  given: { readonly input: LegFired; readonly at: number },
): Event[] {
  const { input, at } = given;
  const order = releasable(state, input);
  if (order === undefined) return [];
  const { conditional } = ask.assessment;
  if (conditional === null || !conditional.fires) {
    const reason = conditional?.reason ?? 'the rule could not be evaluated';
    return declined(order, { input, reason, conditions: conditional?.conditions ?? [] });
  }
  if (order.effect === 'REDUCE' && !linkAllows(state)) {
    const reason = 'the broker link is not ready';
    return declined(order, { input, reason, conditions: [] });
  }
  const ahead = siblingAtBroker(state, order);
  if (ahead !== undefined) {
    const reason = `${ahead.leg ?? ahead.id} is at the broker: one of the group at a time`;
    return declined(order, { input, reason, conditions: [] });
  }
  const quantity = sendableQuantity(state, order, input.price);
  if (isZero(quantity)) {
    const reason = whyNothing(state, order);
    return declined(order, { input, reason, conditions: [] });
  }
  const firedOn = { priceKind: kindOf(order), price: input.price };
  const decision = { ...makeDecision(state, ask, { order, quantity, at }), firedOn };
  const { effect } = order;
  const turned = effect === state.orders.get(order.id)?.effect ? {} : { effect };
  const fired: Event = {
    ...{ type: 'TriggerFired', order: order.id, price: input.price, ...ofKind(order), quantity },
    ...turned,
  };
  const decided = decisionEvents(state, decision);
  if (!decision.approved) {
    const { codes } = decision;
    return [
      fired,
      ...decided,
      { type: 'OrderDenied', order: order.id, codes, reason: reasonOf(decision) },
    ];
  }
  const givesWay = order.role === 'STOP_LOSS' ? openingsGiveWay(state, order) : [];
  const submitted = submission(state, ask, { order, quantity });
  return [fired, ...decided, ...givesWay, ...submitted, ...siblingCancels(state, order)];
}

/** Recorded when the reason changes, not on every price while the level is through. */
function declined(
  order: Order,
  why: {
    readonly input: LegFired;
    readonly reason: string;
    readonly conditions: Extract<Event, { type: 'TriggerDeclined' }>['conditions'];
  },
): Event[] {
  if (order.statusMessage === why.reason) return [];
  const { reason, conditions, input } = why;
  const looked = { order: order.id, price: input.price, ...ofKind(order) };
  return [{ type: 'TriggerDeclined', ...looked, reason, conditions }];
}

/** What the price is, where it is not that of the last trade. */
function ofKind(order: Order): { readonly priceKind?: QuoteKind } {
  const priceKind = kindOf(order);
  return priceKind === 'LAST' ? {} : { priceKind };
}

function siblings(state: State, order: Order): Order[] {
  if (order.ocaGroup === null || order.plan === null) return [];
  return ordersOfPlan(state, order.plan).filter(
    (other) => other.ocaGroup === order.ocaGroup && other.id !== order.id,
  );
}

/** One that may still fill: a group takes one entry, so no second one leaves beside it. */
function siblingAtBroker(state: State, order: Order): Order | undefined {
  return siblings(state, order).find(isAtBroker);
}

/** Where the group is released by a fill, that cancels them. */
function siblingCancels(state: State, order: Order): Event[] {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan?.spec.settings.ocaRelease === 'FILL') return [];
  return siblings(state, order)
    .filter((other) => other.status === 'ARMED')
    .map((other) => ({
      type: 'OrderCancelled',
      order: other.id,
      reason: `OCA: ${order.leg ?? order.id} triggered`,
      by: order.id,
    }));
}
