/**
 * An order that rests at the broker and is due to be sent: exits and limit adds after an entry, and
 * orders placed by hand. Sized at this moment, decided like every other intent.
 */
import { isZero } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import type { SendDue } from '../../domain/input';
import type { Order } from '../../domain/order';
import type { Ask, Context } from './context';
import { decisionEvents, makeDecision, reasonOf } from './decision';
import { flipMisses, flipWaits } from './flips';
import { sendableQuantity } from './sendable';
import { heldBack } from './sizing';
import { isOnStage, missedAuction, stagedEvent } from './staging';
import { submission } from './submission';
import { linkAllows, orderOf, type State } from './state';
import { cancelOf } from './tidy-events';

/** Whether it can be decided now, or something new can be said of why it cannot. */
export function isDue(state: State, context: Context, id: OrderId): boolean {
  if (!state.dueSends.has(id)) return false;
  const order = orderOf(state, id);
  if (!linkAllows(state)) return decidedUnlinked(order);
  const missing = waitsFor(state, context, order);
  return missing === null || missing !== order.statusMessage;
}

/**
 * A person's order, the entry of a bracket too, does not wait for the link: it is denied at once. A
 * staged one does, and the second part of a flip, whose first part is done.
 */
const decidedUnlinked = ({ role, staged, flipOf }: Order): boolean =>
  (role === 'MANUAL' || role === 'ENTRY') &&
  staged?.releasedAt === undefined &&
  flipOf === undefined;

/** A person who places too much now is told so; what waited has nothing to do any more. */
const endsInVain = ({ plan, staged }: Order): boolean =>
  plan !== null || staged?.releasedAt !== undefined;

const waitsFor = (state: State, context: Context, order: Order): string | null =>
  flipWaits(state, context, order) ?? heldBack(state, order);

export function decideSend(
  state: State,
  ask: Ask,
  given: { readonly input: SendDue; readonly at: number },
): Event[] {
  const order = state.orders.get(given.input.order);
  if (order?.status !== 'ARMED' || order.heldBy !== 'BROKER') return [];
  const late = missedAuction(order, given.at);
  if (late !== null) return [late];
  const missing = waitsFor(state, ask, order);
  if (missing !== null) {
    if (order.statusMessage === missing) return [];
    return [{ type: 'OrderHeldBack', order: order.id, reason: missing }];
  }
  const notFlat = flipMisses(state, order);
  if (notFlat !== null) return [cancelOf(order, notFlat)];
  const quantity = sendableQuantity(state, order);
  if (isZero(quantity) && order.effect === 'REDUCE' && endsInVain(order)) {
    const reason = 'nothing is left to reduce';
    return [{ type: 'OrderCancelled', order: order.id, reason, by: null }];
  }
  const decision = makeDecision(state, ask, { order, quantity, at: given.at });
  const decided = decisionEvents(state, decision);
  if (decision.approved && isOnStage(order)) return [...decided, stagedEvent(order)];
  if (decision.approved) {
    return [...decided, ...submission(state, ask, { order, quantity })];
  }
  const { codes } = decision;
  return [...decided, { type: 'OrderDenied', order: order.id, codes, reason: reasonOf(decision) }];
}
