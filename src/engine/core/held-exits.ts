/**
 * Exits that the broker refused to hold. Tidegate holds them itself, as a new order with the same
 * level, size and role: it fires as the broker would have, and does nothing while Tidegate is down.
 * One that was held and is refused when it fires is not held a second time.
 */
import type { OrderKind } from '../../domain/conditional';
import { compare, minus, NO_QUANTITY, type Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import { shallEnd, type Order, type OrderType, type Trigger } from '../../domain/order';
import { unprotected } from './decision';
import { executedUnits } from './executed';
import { newOrder } from './new-order';
import { reducible } from './sizing';
import type { State } from './state';
import { stopOf } from './trail';

/** The end of an order that the broker refuses, and who holds what it was to protect. */
export function refusedByBroker(
  state: State,
  order: Order,
  { reason, at }: { readonly reason: string; readonly at: number },
): Event[] {
  const rejected: Event = { type: 'OrderRejected', order: order.id, reason };
  const held = heldHere(state, order, { reason, at });
  if (held !== null) return [rejected, { type: 'OrderArmed', order: held }];
  return [rejected, ...unprotected(state, order, { what: `was rejected: ${reason}` })];
}

/** Null where nothing is left to protect, it was no exit of a plan there, or was held before. */
function heldHere(
  state: State,
  order: Order,
  { reason, at }: { readonly reason: string; readonly at: number },
): Order | null {
  const { plan, strategy, account, instrument, side, timeInForce } = order;
  const release = order.insteadOf === undefined ? releaseOf(order) : null;
  if (release === null || shallEnd(order) || !isNeeded(state, order)) return null;
  const quantity = unfilled(order);
  return newOrder(at, {
    ...{ plan, strategy, account, instrument, side, timeInForce, ...release },
    ...{ leg: order.leg, rank: order.rank, source: order.source },
    ...{ role: order.role, effect: order.effect, quantity, intendedQuantity: quantity },
    ...(order.coversPosition === true ? { coversPosition: true } : {}),
    id: idFrom('ord', state.ordersMade + 1),
    requestId: `${order.requestId}/held-${order.id}`,
    stopPrice: null,
    heldBy: 'ENGINE',
    insteadOf: { order: order.id, reason },
    outsideRegularHours: order.outsideRegularHours,
    statusMessage: `held by Tidegate because the broker refused it: ${reason}`,
  });
}

function isNeeded(state: State, order: Order): boolean {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  if (plan?.status !== 'IN_POSITION' || order.effect !== 'REDUCE') return false;
  const more = order.coversPosition === true || compare(unfilled(order), NO_QUANTITY) > 0;
  return more && compare(reducible(state, order), NO_QUANTITY) > 0;
}

const unfilled = (order: Order): Quantity => minus(order.intendedQuantity, executedUnits(order));

interface Release {
  readonly kind: OrderKind;
  readonly trigger: Trigger;
  readonly type: OrderType;
  readonly limitPrice: Order['limitPrice'];
}

/** What fires it here, and what it sends then; null: nothing that the broker was to hold. */
function releaseOf(order: Order): Release | null {
  const { role, trigger, type, limitPrice, stopPrice } = order;
  if (order.heldBy !== 'BROKER' || trigger !== null) return null;
  const unfired = { reference: null, firedAt: null, firedPrice: null };
  const trailing = stopOf(order);
  if (role === 'STOP_LOSS' && trailing !== null) {
    return { kind: 'trailing-stop-from-price', trigger: trailing, type: 'MARKET', limitPrice };
  }
  if (role === 'STOP_LOSS' && stopPrice !== null) {
    const released = type === 'STOP_LIMIT' ? 'LIMIT' : 'MARKET';
    const stop: Trigger = { kind: 'STOP', level: stopPrice, ...unfired };
    return { kind: 'stop-loss-held-here', trigger: stop, type: released, limitPrice };
  }
  if (role === 'TAKE_PROFIT' && limitPrice !== null) {
    const touch: Trigger = { kind: 'TOUCH', level: limitPrice, ...unfired };
    return { kind: 'take-profit-on-touch', trigger: touch, type: 'LIMIT', limitPrice };
  }
  return null;
}

/** Why Tidegate holds an exit that was to rest at the broker, and what to do; null: not held. */
export function heldHereWords({ insteadOf, heldBy }: Order): string | null {
  if (insteadOf === undefined || heldBy !== 'ENGINE') return null;
  return (
    `Held by Tidegate because the broker refused it: ${insteadOf.reason.replace(/\.$/, '')}. ` +
    'It does nothing while Tidegate is down: place an exit of your own when the broker takes ' +
    'one, then cancel this one.'
  );
}
