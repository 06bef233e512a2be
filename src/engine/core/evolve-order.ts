/**
 * The order's part of the fold: statuses and the books that are kept of them (what works at the
 * broker, what is due to be sent, how often a strategy has sent). It must not touch the ledger.
 */
import { compare, isZero, larger, toText, type Price, type Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import { invariant } from '../../domain/invariant';
import { isAtBroker, isFinal, type Order, type OrderStatus } from '../../domain/order';
import { orderOf, type State } from './state';

/** What the fold needs of a journal record. */
export interface FoldStep {
  readonly sequence: number;
  readonly at: number;
  readonly event: Event;
}

const ORDER_EVENTS = [
  'OrderRearmed',
  'TriggerFired',
  'TriggerDeclined',
  'OrderSubmitted',
  'OrderDenied',
  'OrderAcknowledged',
  'OrderElected',
  'OrderModifyRequested',
  'OrderModified',
  'OrderModifyRefused',
  'OrderCancelRequested',
  'OrderCancelRefused',
  'OrderCancelled',
  'OrderRejected',
  'OrderExpired',
] as const;
type OrderEvent = Extract<Event, { type: (typeof ORDER_EVENTS)[number] }>;
const ORDER_EVENT_TYPES: ReadonlySet<string> = new Set(ORDER_EVENTS);

export function isOrderEvent(event: Event): event is OrderEvent {
  return ORDER_EVENT_TYPES.has(event.type);
}

/** Enters a new order into the books. */
export function addOrder(state: State, order: Order): void {
  invariant(!state.orders.has(order.id), () => `order ${order.id} exists already`);
  state.ordersMade += 1;
  state.orders.set(order.id, order);
  state.requests.set(order.requestId, order.id);
  if (order.plan !== null) state.planOrders.get(order.plan)?.push(order.id);
  keepBooks(state, order);
}

/** Replaces an order by a changed one and keeps the books in step. */
export function changeOrder(state: State, id: OrderId, changes: Partial<Order>): Order {
  const order: Order = { ...orderOf(state, id), ...changes };
  const { filledQuantity, sentQuantity, intendedQuantity } = order;
  invariant(
    compare(filledQuantity, sentQuantity) <= 0,
    () => `order ${id} filled ${toText(filledQuantity)} of ${toText(sentQuantity)} sent`,
  );
  invariant(
    isZero(sentQuantity) || compare(sentQuantity, intendedQuantity) <= 0,
    () => `order ${id} sent ${toText(sentQuantity)} of ${toText(intendedQuantity)} intended`,
  );
  state.orders.set(id, order);
  keepBooks(state, order);
  return order;
}

function keepBooks(state: State, order: Order): void {
  let working = state.working.get(order.instrument);
  if (working === undefined) {
    working = new Set();
    state.working.set(order.instrument, working);
  }
  if (isAtBroker(order)) working.add(order.id);
  else working.delete(order.id);
  if (order.heldBy === 'BROKER' && order.status === 'ARMED') state.dueSends.add(order.id);
  else state.dueSends.delete(order.id);
}

export function foldOrderEvent(state: State, event: OrderEvent, at: number): void {
  const order = orderOf(state, event.order);
  const changes = changesOf(order, event, at);
  changeOrder(state, event.order, { ...changes, updatedAt: at });
  if (event.type === 'OrderSubmitted') countSend(state, order, at);
}

function changesOf(order: Order, event: OrderEvent, at: number): Partial<Order> {
  switch (event.type) {
    case 'OrderRearmed':
      return { ...rearmed(order), statusMessage: event.reason, cancelledBy: null };
    case 'TriggerFired':
      return { quantity: event.quantity, ...fired(order, event.price, at) };
    case 'TriggerDeclined':
      return { statusMessage: event.reason };
    case 'OrderSubmitted':
      return { ...sent(order, event.quantity), status: 'SUBMITTED', quantity: event.quantity };
    case 'OrderAcknowledged':
      return order.status === 'SUBMITTED' ? { status: workingStatus(order) } : {};
    case 'OrderElected':
      return { elected: true };
    case 'OrderModifyRequested':
      return { ...sent(order, event.quantity), requestedQuantity: event.quantity };
    case 'OrderModified':
      return modified(order, event.quantity);
    case 'OrderModifyRefused':
      return { requestedQuantity: null, statusMessage: event.reason };
    case 'OrderCancelRequested':
      if (isFinal(order)) return {};
      return { status: 'CANCEL_PENDING', statusMessage: event.reason };
    case 'OrderCancelRefused':
      return isFinal(order) ? {} : { status: workingStatus(order), statusMessage: event.reason };
    case 'OrderCancelled':
      return { status: 'CANCELLED', statusMessage: event.reason, cancelledBy: event.by };
    default:
      return { status: FINAL_STATUS[event.type], statusMessage: event.reason };
  }
}

const FINAL_STATUS = {
  OrderDenied: 'DENIED',
  OrderRejected: 'REJECTED',
  OrderExpired: 'EXPIRED',
} as const satisfies Record<string, OrderStatus>;

function workingStatus(order: Order): OrderStatus {
  return isZero(order.filledQuantity) ? 'WORKING' : 'PARTIALLY_FILLED';
}

function fired(order: Order, firedPrice: Price, firedAt: number): Partial<Order> {
  return order.trigger === null ? {} : { trigger: { ...order.trigger, firedAt, firedPrice } };
}

function sent(order: Order, quantity: Quantity): Partial<Order> {
  return { sentQuantity: larger(order.sentQuantity, quantity) };
}

/** Armed as if new: the next price only sets the reference of a cross. */
function rearmed(order: Order): Partial<Order> {
  const trigger = order.trigger && {
    ...order.trigger,
    reference: null,
    firedAt: null,
    firedPrice: null,
  };
  return { status: 'ARMED', trigger };
}

function modified(order: Order, quantity: Quantity): Partial<Order> {
  const whole = compare(order.filledQuantity, quantity) >= 0 && !isFinal(order);
  return { quantity, requestedQuantity: null, ...(whole ? { status: 'FILLED' } : {}) };
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What makes two opening orders similar: a slip of the hand sends the same order twice. */
export function similarityOf(order: Order, quantity: Quantity): string {
  const at = order.limitPrice ?? order.stopPrice ?? order.trigger?.level ?? null;
  const price = at === null ? 'market' : toText(at);
  return `${order.instrument}|${order.side}|${toText(quantity)}|${price}`;
}

function countSend(state: State, order: Order, at: number): void {
  const sends = state.accounts.get(order.account)?.sends;
  if (sends !== undefined) {
    dropOlder(sends, at - MINUTE);
    sends.push(at);
  }
  const strategy = state.strategies.get(order.strategy);
  if (strategy === undefined || order.effect !== 'OPEN') return;
  dropOlder(strategy.openings, Math.floor(at / DAY) * DAY);
  strategy.openings.push(at);
  const sent = orderOf(state, order.id);
  strategy.lastSimilar.set(similarityOf(sent, sent.quantity), at);
}

function dropOlder(times: number[], limit: number): void {
  let kept = 0;
  while (kept < times.length && (times[kept] ?? limit) < limit) kept += 1;
  if (kept > 0) times.splice(0, kept);
}
