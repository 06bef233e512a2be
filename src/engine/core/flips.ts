/**
 * Never one order across zero. What a person asks for beyond the position is a second order: it
 * comes to be with the last fill of the first, waits until nothing of the old position is at the
 * broker, and is then decided by itself. It opens where the strategy holds nothing, or not at all.
 */
import { abs, compare, isZero, minus, NO_QUANTITY, signOf, toText } from '../../domain/decimal';
import type { Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import type { Command } from '../../domain/input';
import { isAtBroker, isFinal, shallEnd, type Order } from '../../domain/order';
import type { Refusal } from '../../domain/refusal';
import type { Context } from './context';
import { isOverWith } from './executed';
import type { OwnFill } from './late-fills';
import { newOrder } from './new-order';
import { holdingKey, holdingOf, orderOf, type HoldingKey, type State } from './state';
import { cancelOf } from './tidy-events';

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;

/** Why an order cannot be split at zero; null: it can, or nobody asked for that. */
export function faultOfFlip({ allowFlip, type, timeInForce, trigger }: Placing): Refusal | null {
  if (allowFlip !== true) return null;
  const fault = (message: string, field: string): Refusal => ({ code: 'INVALID', message, field });
  if (trigger !== undefined) return fault('a flip waits for no trigger: place it now', 'trigger');
  if (type !== 'MARKET' && type !== 'LIMIT') {
    return fault(`a flip is a MARKET or a LIMIT order, not ${type}`, 'type');
  }
  if (timeInForce !== 'OPG') return null;
  return fault('a flip is two orders, and the opening auction takes one', 'timeInForce');
}

/** What of the quantity reduces, and what is to open after it; the whole where it is no flip. */
export function splitAtZero(
  state: State,
  command: Placing,
): Pick<Order, 'quantity' | 'flip' | 'tradingDate'> {
  const { quantity, allowFlip, timeInForce, tradingDate } = command;
  const held = heldAgainst(state, command);
  if (allowFlip !== true || held === null || compare(quantity, held) <= 0) return { quantity };
  const ends = timeInForce === 'GTC' || tradingDate === undefined ? {} : { tradingDate };
  return { quantity: held, flip: { quantity: minus(quantity, held) }, ...ends };
}

/** The second order, where the first has just filled to the end; it is due, and waits. */
export function flipGoesOn(state: State, { order, fill }: OwnFill): Event[] {
  if (order.flip === undefined || isFinal(order) || shallEnd(order)) return [];
  if (!isOverWith(order, fill.quantity)) return [];
  return [{ type: 'OrderArmed', order: openingAfter(state, order, fill.at) }];
}

/** What opens after a first part that has closed its position. */
export function openingAfter(state: State, order: Order, at: number): Order {
  const { strategy, account, instrument, side, type, timeInForce } = order;
  const { limitPrice, outsideRegularHours, tradingDate } = order;
  const quantity = order.flip?.quantity ?? NO_QUANTITY;
  return newOrder(at, {
    ...{ strategy, account, instrument, side, type, timeInForce, limitPrice, outsideRegularHours },
    ...(tradingDate === undefined ? {} : { tradingDate }),
    id: idFrom('ord', state.ordersMade + 1),
    requestId: requestOf(order),
    role: 'MANUAL',
    effect: 'OPEN',
    flipOf: order.id,
    ...{ quantity, intendedQuantity: quantity, stopPrice: null },
  });
}

const requestOf = ({ id }: Pick<Order, 'id'>): string => `flip/${id}`;

/** The order that opens after this one has closed; null: none, or it is not made yet. */
export function secondOf(state: State, first: Order): Order | null {
  const request = requestOf(first);
  let id = first.flip === undefined ? undefined : state.requests.get(request);
  // One that never left is decided again, as a new order.
  for (let next = id; next !== undefined; next = state.requests.get(`${request}/again-${next}`)) {
    id = next;
  }
  return id === undefined ? null : orderOf(state, id);
}

/** Whoever calls the first order back calls back what was to follow. */
export function cancelsOfSecond(state: State, first: Order, reason: string): Event[] {
  const second = secondOf(state, first);
  return second === null || isFinal(second) ? [] : [cancelOf(second, reason)];
}

/** What the second order waits for; null: nothing, or it is no second order. */
export function flipWaits(state: State, { market }: Context, order: Order): string | null {
  if (order.flipOf === undefined) return null;
  const leaving = [...(state.exits.get(holdingKey(order)) ?? [])]
    .map((id) => orderOf(state, id))
    .filter((exit) => isAtBroker(exit) || (exit.status === 'ARMED' && exit.heldBy === 'BROKER'));
  // After a restart the first price comes after the link: without one nothing opens.
  const priced = market.last(order.instrument) !== undefined;
  if (leaving.length === 0) return priced ? null : 'no price has been seen yet';
  const ids = leaving.map(({ id }) => id).join(', ');
  return `the flat position is not confirmed: ${ids} must be over first`;
}

/** Nothing of the old position is on its way, and the strategy holds something all the same. */
export function flipMisses(state: State, order: Order): string | null {
  if (order.flipOf === undefined) return null;
  const { quantity } = holdingOf(state, order);
  if (isZero(quantity)) return null;
  return `${order.strategy} is not flat: it holds ${toText(quantity)} ${order.instrument}`;
}

/** What a strategy holds that an order on this side would give back; null: nothing. */
export function heldAgainst(
  state: State,
  order: HoldingKey & Pick<Order, 'side'>,
): Quantity | null {
  const { quantity } = holdingOf(state, order);
  return signOf(quantity) === (order.side === 'SELL' ? 1 : -1) ? abs(quantity) : null;
}
