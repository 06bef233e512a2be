/**
 * Exits follow what their strategy owns, those of a plan and those placed by hand alike: after each
 * fill every one at the broker is brought to the size of the position, and none outlives it. Those
 * that wait for a price may each cover the whole position; those that fill at once share it, in
 * file order.
 */
import {
  abs,
  compare,
  isZero,
  larger,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { isAtBroker, type Order } from '../../domain/order';
import type { OwnFill } from './late-fills';
import { exitsOfOwner, fillsAtOnce, needsResize, remainingOf } from './sizing';
import type { State } from './state';

/** What the exits at the broker must be asked for after a fill. */
export function exitsFollow(state: State, given: OwnFill, loose: Quantity): Event[] {
  const { order, holdingAfter } = given;
  const exits = exitsOfOwner(state, order).map(withFill(given)).filter(isAtBroker);
  const [reducing, idle] = [
    exits.filter((other) => reduces(other, holdingAfter)),
    exits.filter((other) => !reduces(other, holdingAfter)),
  ];
  const held = minus(abs(holdingAfter), loose);
  return [...idle.filter(canChange).map(cancelled), ...resizedTo(reducing, held)];
}

/** A fill between a request and its answer may ask for yet another quantity. */
export function resizedAgain(state: State, settled: Order, held: Quantity): Event[] {
  if (!canChange(settled) || !reduces(settled, held)) return [];
  const exits = exitsOfOwner(state, settled).map((each) =>
    each.id === settled.id ? settled : each,
  );
  const reducing = exits.filter((other) => isAtBroker(other) && reduces(other, held));
  return resizedTo(reducing, abs(held)).filter(
    (event) => 'order' in event && event.order === settled.id,
  );
}

/**
 * Requests that bring exits on one side to a position of this size. What is being cancelled may
 * still fill: no exit grows into its share, and none shrinks for it, since it most likely will not.
 */
function resizedTo(exits: readonly Order[], held: Quantity): Event[] {
  const liquidating = exits.filter(({ role }) => role === 'LIQUIDATION');
  const leaving = exits.filter((order) => order.status === 'CANCEL_PENDING' && fillsAtOnce(order));
  const most = minus(held, remainingOf(liquidating));
  const sure = minus(most, remainingOf(leaving.filter(({ role }) => role !== 'LIQUIDATION')));
  let taken = NO_QUANTITY;
  const events: Event[] = [];
  for (const order of exits.filter(canChange).sort(byPlace)) {
    const flies = fillsAtOnce(order);
    const before = flies ? taken : NO_QUANTITY;
    const [low, high] = [shareOf(order, minus(sure, before)), shareOf(order, minus(most, before))];
    const now = minus(order.requestedQuantity ?? order.quantity, order.filledQuantity);
    const open = compare(now, high) > 0 ? high : larger(now, low);
    if (flies) taken = plus(taken, open);
    if (!isZero(open)) events.push(...asked(order, plus(order.filledQuantity, open)));
    else if (flies) events.push(cancelled(order));
  }
  return events;
}

/** What an exit may still fill when so much is free. */
function shareOf(order: Order, free: Quantity): Quantity {
  const wanted = minus(order.intendedQuantity, order.filledQuantity);
  return smaller(wanted, larger(free, NO_QUANTITY));
}

function asked(order: Order, quantity: Quantity): Event[] {
  if (!needsResize(order, quantity)) return [];
  return [{ type: 'OrderModifyRequested', order: order.id, quantity }];
}

const cancelled = (order: Order): Event => ({
  type: 'OrderCancelRequested',
  order: order.id,
  reason: 'position closed',
});

/** Liquidations are sent once; what is being cancelled may still fill but is not changed. */
const canChange = (order: Order): boolean =>
  isAtBroker(order) && order.role !== 'LIQUIDATION' && order.status !== 'CANCEL_PENDING';
const byPlace = (a: Order, b: Order): number => a.rank - b.rank || (a.id < b.id ? -1 : 1);
const reduces = ({ side }: Order, held: Quantity): boolean =>
  signOf(held) === (side === 'SELL' ? 1 : -1);

/** The order as it will be once the fill is folded in. */
function withFill({ order, fill }: OwnFill) {
  return (other: Order): Order => {
    if (other.id !== order.id) return other;
    const filledQuantity = plus(other.filledQuantity, fill.quantity);
    const whole = compare(filledQuantity, other.quantity) >= 0;
    return { ...other, filledQuantity, status: whole ? 'FILLED' : other.status };
  };
}
