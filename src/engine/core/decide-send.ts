/**
 * An order that rests at the broker and is due to be sent: exits and limit adds after an entry, and
 * orders placed by hand. Sized at this moment, decided like every other intent.
 */
import { isZero } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { SendDue } from '../../domain/input';
import type { Ask } from './context';
import { decisionEvents, makeDecision, reasonOf } from './decision';
import { sendableQuantity } from './sizing';
import type { State } from './state';

export function decideSend(
  state: State,
  ask: Ask,
  given: { readonly input: SendDue; readonly at: number },
): Event[] {
  const order = state.orders.get(given.input.order);
  if (order?.status !== 'ARMED' || order.heldBy !== 'BROKER') return [];
  const quantity = sendableQuantity(state, order);
  if (isZero(quantity) && order.effect === 'REDUCE' && order.plan !== null) {
    const reason = 'nothing is left to reduce';
    return [{ type: 'OrderCancelled', order: order.id, reason, by: null }];
  }
  const decision = makeDecision(state, ask, { order, quantity, at: given.at });
  const decided = decisionEvents(state, decision);
  if (decision.approved) {
    return [...decided, { type: 'OrderSubmitted', order: order.id, quantity }];
  }
  const { codes } = decision;
  return [...decided, { type: 'OrderDenied', order: order.id, codes, reason: reasonOf(decision) }];
}
