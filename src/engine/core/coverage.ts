/**
 * How much of what a strategy owns no exit covers. Stops and targets are two ways out for the same
 * units, so the better of both counts, not their sum. What is being cancelled, or is UNKNOWN,
 * covers nothing.
 */
import { abs, larger, minus, NO_QUANTITY, plus, signOf, type Quantity } from '../../domain/decimal';
import type { OrderId } from '../../domain/ids';
import type { Order } from '../../domain/order';
import { executedUnits } from './executed';
import { fillsAtOnce } from './sizing';
import { holdingKey, holdingOf, orderOf, type HoldingKey, type State } from './state';
import { isInForce } from './trail';

/** Units that no working or waiting exit covers, but for one that is over; never negative. */
export function uncoveredUnits(state: State, owner: HoldingKey, but?: OrderId): Quantity {
  const { quantity: held } = holdingOf(state, owner);
  if (signOf(held) === 0) return NO_QUANTITY;
  const out = signOf(held) > 0 ? 'SELL' : 'BUY';
  const exits = [...(state.exits.get(holdingKey(owner)) ?? [])]
    .filter((id) => id !== but)
    .map((id) => orderOf(state, id))
    .filter((order) => order.side === out && covers(order));
  const openUnits = (orders: readonly Order[]): Quantity =>
    orders.reduce((sum, order) => plus(sum, openOf(order, abs(held))), NO_QUANTITY);
  const leaving = exits.filter(fillsAtOnce);
  const waiting = exits.filter((order) => !fillsAtOnce(order));
  const stops = openUnits(waiting.filter(isStop));
  const targets = openUnits(waiting.filter((order) => !isStop(order)));
  const covered = plus(openUnits(leaving), larger(stops, targets));
  return larger(minus(abs(held), covered), NO_QUANTITY);
}

const COVERING: ReadonlySet<Order['status']> = new Set([
  ...(['ARMED', 'SUBMITTED', 'WORKING', 'PARTIALLY_FILLED'] as const),
]);
const covers = ({ status }: Order): boolean => COVERING.has(status);

/** Until a trailing stop holds it is a way out on the winning side only. */
const isStop = ({ type, trigger }: Order): boolean =>
  type === 'STOP' ||
  type === 'STOP_LIMIT' ||
  type === 'TRAILING_STOP' ||
  trigger?.kind === 'STOP' ||
  isInForce(trigger);

/** In the size that was last asked for; what waits for its price here is sized when it comes. */
function openOf(order: Order, held: Quantity): Quantity {
  const { requestedQuantity, quantity, intendedQuantity } = order;
  const executed = executedUnits(order);
  const waits = order.status === 'ARMED' && order.heldBy === 'ENGINE';
  if (!waits) return minus(requestedQuantity ?? quantity, executed);
  return order.coversPosition === true ? held : minus(intendedQuantity, executed);
}
