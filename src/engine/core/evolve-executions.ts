/**
 * The order's part of an execution: what counts as filled, what was taken back or is nobody's, and
 * whether the order is over. It must not touch the ledger.
 */
import {
  isZero,
  NO_MONEY,
  NO_QUANTITY,
  plus,
  times,
  toText,
  type Quantity,
} from '../../domain/decimal';
import type { Fill } from '../../domain/fill';
import type { OrderId } from '../../domain/ids';
import { isFinal, type Order } from '../../domain/order';
import { executedUnits, standingOf, uncountedAfter } from './executed';
import { changeOrder } from './evolve-order';
import { orderOf, type State } from './state';

/** An execution of the order. */
export function fillOrder(state: State, fill: Fill, at: number): void {
  if (fill.order === null) return;
  const order = orderOf(state, fill.order);
  const counted = {
    filledQuantity: plus(order.filledQuantity, fill.quantity),
    filledValue: plus(order.filledValue, times(fill.price, fill.quantity)),
  };
  stand(state, order, { counted, at });
}

/** An execution under its reference that is more than was ever sent: UNALLOCATED has it. */
export function overfillOrder(
  state: State,
  id: OrderId,
  { units, at }: { readonly units: Quantity; readonly at: number },
): void {
  const order = orderOf(state, id);
  const uncounted = plus(order.uncounted ?? NO_QUANTITY, units);
  // It says nothing about the end of an order that is over: those shares are not its own.
  if (isFinal(order)) changeOrder(state, id, { uncounted });
  else stand(state, order, { counted: { uncounted }, words: overfillWords(units), at });
}

/** The order of an execution that was corrected; `stays`: the new version is its own as well. */
export function refillOrder(
  state: State,
  order: Order,
  { old, now, at }: { readonly old: Fill; readonly now: Fill; readonly at: number },
): void {
  const fills = [...state.fills.values()].filter((fill) => fill.order === order.id);
  const filledQuantity = fills.reduce((sum, { quantity }) => plus(sum, quantity), NO_QUANTITY);
  const filledValue = fills.reduce((sum, f) => plus(sum, times(f.price, f.quantity)), NO_MONEY);
  const own = now.order === order.id;
  const uncounted = own
    ? uncountedAfter(order, { from: old.quantity, to: now.quantity })
    : plus(order.uncounted ?? NO_QUANTITY, now.quantity);
  const known = order.uncounted !== undefined || !isZero(uncounted);
  const counted = { filledQuantity, filledValue, ...(known ? { uncounted } : {}) };
  const words = own ? correctionWords(order, filledQuantity) : overfillWords(now.quantity);
  stand(state, order, { counted, words, at });
}

const overfillWords = (units: Quantity): string =>
  `${toText(units)} more were executed under its reference than were sent: UNALLOCATED has them`;

function correctionWords(order: Order, filled: Quantity): string {
  if (isZero(filled)) return 'the broker took back all that it had filled';
  return `the broker corrected it to ${toText(filled)} of ${toText(executedUnits(order))} filled`;
}

interface Standing {
  readonly counted: Partial<Order>;
  /** Said of an order that is over with something else than it was for. */
  readonly words?: string;
  readonly at: number;
}

function stand(state: State, order: Order, { counted, words, at }: Standing): void {
  const standing = standingOf({ ...order, ...counted });
  const ended = standing.status === 'FILLED' || (standing.status !== order.status && words);
  const told = ended && words !== undefined && changes(order, counted) ? words : null;
  changeOrder(state, order.id, {
    ...counted,
    ...standing,
    ...(told === null ? {} : { statusMessage: told }),
    updatedAt: at,
  });
}

/** A corrected price alone leaves the words as they are. */
const changes = (order: Order, { filledQuantity, uncounted }: Partial<Order>): boolean =>
  toText(filledQuantity ?? order.filledQuantity) !== toText(order.filledQuantity) ||
  uncounted !== undefined;
