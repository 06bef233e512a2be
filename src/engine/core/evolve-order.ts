/**
 * The order's part of the fold: statuses and the books that are kept of them (what works at the
 * broker, what is due to be sent, how often a strategy has sent). It must not touch the ledger.
 */
import {
  compare,
  equals,
  isZero,
  larger,
  toText,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import { invariant } from '../../domain/invariant';
import { isAtBroker, isFinal } from '../../domain/order';
import type { DeclinedTrigger, Order, OrderStatus, Trigger } from '../../domain/order';
import { isOverWith, standingOf } from './executed';
import { isHeldBack } from './sizing';
import { isOnStage, released } from './staging';
import { brokerKey, holdingKey, orderOf, type State } from './state';
import { isTrailing, levelSetByHand, stopSaid } from './trail';

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
  'OrderStaged',
  'OrderReleased',
  'OrderSubmitted',
  'OrderSent',
  'OrderNotSent',
  'OrderHeldBack',
  'OrderUnknown',
  'OrderDenied',
  'OrderAcknowledged',
  'OrderElected',
  'TrailMoved',
  'ArmedOrderChanged',
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
  const before = orderOf(state, id);
  const order: Order = { ...before, ...changes };
  const { filledQuantity, sentQuantity, intendedQuantity } = order;
  invariant(
    compare(filledQuantity, sentQuantity) <= 0,
    () => `order ${id} filled ${toText(filledQuantity)} of ${toText(sentQuantity)} sent`,
  );
  // What was asked for may become less than was sent; what is sent is never more than was asked.
  invariant(
    compare(sentQuantity, before.sentQuantity) <= 0 || compare(sentQuantity, intendedQuantity) <= 0,
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
  keepExits(state, order);
  if (isOnStage(order)) state.staged.add(order.id);
  else if (order.staged !== undefined) state.staged.delete(order.id);
  const { sending, permId, id } = order;
  if (order.status === 'SUBMITTED' && sending === null) state.unsent.add(id);
  else state.unsent.delete(id);
  if (sending !== null)
    state.byBrokerId.set(brokerKey(sending.clientId, sending.brokerOrderId), id);
  if (permId !== null) state.byPermId.set(permId, id);
  if (order.heldBy === 'BROKER' && order.status === 'ARMED') state.dueSends.add(order.id);
  else state.dueSends.delete(order.id);
}

function keepExits(state: State, order: Order): void {
  const key = holdingKey(order);
  const exits = state.exits.get(key);
  if (order.effect === 'REDUCE' && !isFinal(order)) {
    if (exits === undefined) state.exits.set(key, new Set([order.id]));
    else exits.add(order.id);
  } else if (exits?.delete(order.id) === true && exits.size === 0) {
    state.exits.delete(key);
  }
}

export function foldOrderEvent(state: State, event: OrderEvent, at: number): void {
  const order = orderOf(state, event.order);
  const changes = changesOf(order, event, at);
  if (event.type === 'OrderSent') burnId(state, event.brokerOrderId);
  if (event.type === 'OrderModifyRequested' && event.requestId !== undefined) {
    const { quantity, limitPrice = null, stopPrice = null } = event;
    state.requests.set(event.requestId, order.id);
    state.changes.set(event.requestId, { quantity, limitPrice, stopPrice });
  }
  if (event.type === 'ArmedOrderChanged') {
    const { quantity, limitPrice, level } = event;
    state.requests.set(event.requestId, order.id);
    state.changes.set(event.requestId, { quantity, limitPrice, stopPrice: null, level });
  }
  changeOrder(state, event.order, { ...changes, updatedAt: at });
  if (event.type === 'OrderSubmitted') countSend(state, order, at);
}

function changesOf(order: Order, event: OrderEvent, at: number): Partial<Order> {
  switch (event.type) {
    case 'OrderRearmed':
      return { ...rearmed(order, at), statusMessage: event.reason, cancelledBy: null };
    case 'TriggerFired':
      return {
        ...{ quantity: event.quantity, effect: event.effect ?? order.effect },
        ...following(order, event.quantity),
        ...fired(order, event.price, at),
      };
    case 'TriggerDeclined':
      return { statusMessage: event.reason, declined: declinedBy(event, at) };
    case 'OrderStaged':
      return { heldBy: 'ENGINE', statusMessage: event.reason };
    case 'OrderReleased':
      return released(order, event, at);
    case 'OrderSubmitted':
      return {
        ...{ ...sent(order, event.quantity), status: 'SUBMITTED', quantity: event.quantity },
        ...(isHeldBack(order) || order.flipOf !== undefined ? { statusMessage: null } : {}),
      };
    case 'OrderSent': {
      const { brokerOrderId, clientId, epoch } = event;
      return { sending: { brokerOrderId, clientId, epoch, at } };
    }
    case 'OrderHeldBack':
      return { statusMessage: event.reason };
    case 'OrderUnknown':
      return {
        ...{ status: 'UNKNOWN', statusMessage: event.reason },
        ...cancelKept(order),
        ...absent(order, event.absences),
      };
    case 'OrderAcknowledged':
      return acknowledged(order, event.permId);
    case 'OrderElected':
      return { elected: true };
    case 'TrailMoved':
      return trailMoved(order, event, at);
    case 'ArmedOrderChanged':
      return armedChanged(order, event, at);
    case 'OrderModifyRequested':
      return modifyRequested(order, event);
    case 'OrderModified':
      return { ...modified(order, event), ...stopAsSaid(order, event, at) };
    case 'OrderModifyRefused':
      return { requestedQuantity: null, ...settled(order), statusMessage: event.reason };
    case 'OrderCancelRequested':
      // Another live order under the same reference ends: this one stands as it is.
      return event.brokerOrderId === undefined ? cancelRequested(order, event.reason) : {};
    case 'OrderCancelRefused':
      if (isFinal(order)) return {};
      return { status: liveStatus(order), statusMessage: event.reason, ...cancelAnswered(order) };
    case 'OrderCancelled':
      return cancelled(event);
    default:
      return { status: FINAL_STATUS[event.type], statusMessage: event.reason };
  }
}

const FINAL_STATUS = {
  OrderNotSent: 'NOT_SENT',
  OrderDenied: 'DENIED',
  OrderRejected: 'REJECTED',
  OrderExpired: 'EXPIRED',
} as const satisfies Record<string, OrderStatus>;

function burnId(state: State, brokerOrderId: number): void {
  const { link } = state;
  link.nextBrokerOrderId = Math.max(link.nextBrokerOrderId, brokerOrderId + 1);
}

function acknowledged(order: Order, permId: string | null): Partial<Order> {
  const known = { permId: permId ?? order.permId, ...absent(order) };
  if (order.status === 'UNKNOWN' && typeof order.cancelAsked === 'string') {
    return { ...known, status: 'CANCEL_PENDING', statusMessage: order.cancelAsked };
  }
  const waits = order.status === 'SUBMITTED' || order.status === 'UNKNOWN';
  return { ...known, ...(waits ? { status: workingStatus(order) } : {}) };
}

/** An order without a trace stays UNKNOWN, whatever is asked: it is live and not certain. */
function cancelRequested(order: Order, reason: string): Partial<Order> {
  if (isFinal(order)) return {};
  if (order.status === 'UNKNOWN') return { cancelAsked: reason };
  return { status: 'CANCEL_PENDING', statusMessage: reason };
}

function cancelled(event: Extract<Event, { type: 'OrderCancelled' }>): Partial<Order> {
  const { reason: statusMessage, by: cancelledBy, neverArrived } = event;
  const ended = { status: 'CANCELLED', statusMessage, cancelledBy } as const;
  return neverArrived === true ? { ...ended, neverArrived } : ended;
}

/** A field that most orders never have is not added to them. */
function cancelAnswered({ cancelAsked }: Order): Partial<Order> {
  return typeof cancelAsked === 'string' ? { cancelAsked: null } : {};
}

/** A trace of it makes what lists said before worth nothing. */
function absent({ absences }: Order, now = 0): Partial<Order> {
  return now === 0 && absences === undefined ? {} : { absences: now };
}

function cancelKept({ status, statusMessage }: Order): Partial<Order> {
  return status === 'CANCEL_PENDING' ? { cancelAsked: statusMessage ?? 'cancelled' } : {};
}

/** Where an order stands that a cancel did not end. */
function liveStatus(order: Order): OrderStatus {
  return order.permId === null && isZero(order.filledQuantity) ? 'SUBMITTED' : workingStatus(order);
}

type ModifyRequest = Extract<Event, { type: 'OrderModifyRequested' }>;

/** A person may ask for more than was intended before; the engine's own resizing never does. */
function modifyRequested(order: Order, event: ModifyRequest): Partial<Order> {
  const { quantity, requestId } = event;
  return {
    ...sent(order, quantity),
    ...(requestId === undefined ? following(order, quantity) : { intendedQuantity: quantity }),
    requestedQuantity: quantity,
    ...pricesRequested(order, event),
  };
}

/** What a person asked for stands while the engine asks for another size. */
function pricesRequested(order: Order, event: ModifyRequest): Partial<Order> {
  const { limitPrice, stopPrice } = event;
  if (limitPrice === undefined && stopPrice === undefined) return {};
  const before = order.requestedPrices ?? order;
  const prices = {
    limitPrice: limitPrice === undefined ? before.limitPrice : limitPrice,
    stopPrice: stopPrice === undefined ? before.stopPrice : stopPrice,
  };
  return { requestedPrices: prices };
}

/** Nothing is asked of the broker any more; orders that never were changed have no such field. */
function settled({ requestedPrices }: Order): Partial<Order> {
  return requestedPrices == null ? {} : { requestedPrices: null };
}

/** An exit for the whole position is meant for as much as that has grown to. */
function following(order: Order, quantity: Quantity): Partial<Order> {
  if (order.coversPosition !== true) return {};
  return { intendedQuantity: larger(order.intendedQuantity, quantity) };
}

function workingStatus(order: Order): OrderStatus {
  return isZero(order.filledQuantity) ? 'WORKING' : 'PARTIALLY_FILLED';
}

function fired(order: Order, firedPrice: Price, firedAt: number): Partial<Order> {
  return order.trigger === null ? {} : { trigger: { ...order.trigger, firedAt, firedPrice } };
}

function sent(order: Order, quantity: Quantity): Partial<Order> {
  return { sentQuantity: larger(order.sentQuantity, quantity) };
}

type Declined = Extract<Event, { type: 'TriggerDeclined' }>;
function declinedBy({ price, reason, conditions }: Declined, at: number): DeclinedTrigger {
  return { at, price, reason, conditions };
}

/** Armed as if new: the next price only sets the reference of a cross. */
function rearmed(order: Order, armedAt: number): Partial<Order> {
  const trigger = order.trigger && {
    ...order.trigger,
    reference: null,
    firedAt: null,
    firedPrice: null,
    armedAt,
  };
  return { status: 'ARMED', trigger, declined: null };
}

/** What changes nothing about the level takes nothing from how far the order has looked. */
function armedChanged(
  order: Order,
  event: Extract<Event, { type: 'ArmedOrderChanged' }>,
  at: number,
): Partial<Order> {
  const { level, quantity, limitPrice, levelKept } = event;
  const changed = { quantity, intendedQuantity: quantity, limitPrice };
  if (levelKept === true) return changed;
  const { trigger } = rearmed(order, at);
  const moved = trigger == null ? {} : { trigger: levelSet(trigger, { level, at }) };
  return { ...changed, declined: null, ...moved };
}

interface LevelSet {
  readonly level: Price;
  readonly at: number;
}

function levelSet(trigger: Trigger, set: LevelSet): Trigger {
  if (!isTrailing(trigger)) return { ...trigger, level: set.level };
  return equals(set.level, trigger.level) ? trigger : levelSetByHand(trigger, set);
}

type TrailMove = Extract<Event, { type: 'TrailMoved' }>;

function trailMoved({ trigger, trail }: Order, { bestPrice, level }: TrailMove, at: number) {
  if (trail !== undefined) return { stopPrice: level, trail: { ...trail, bestPrice, movedAt: at } };
  if (!isTrailing(trigger)) return {};
  return { trigger: { ...trigger, level, trail: { ...trigger.trail, bestPrice, movedAt: at } } };
}

function modified(order: Order, event: Extract<Event, { type: 'OrderModified' }>): Partial<Order> {
  const { quantity, limitPrice = order.limitPrice, stopPrice = order.stopPrice } = event;
  const unsent = order.status === 'SUBMITTED' && order.sending === null;
  const now = { quantity, limitPrice, stopPrice, requestedQuantity: null, ...settled(order) };
  if (unsent) return { ...now, ...following(order, quantity), sentQuantity: quantity };
  if (isFinal(order) || !isOverWith({ ...order, ...now })) return now;
  return { ...now, ...standingOf({ ...order, ...now }) };
}

/** Where the broker has another stop than is known here, its own is the one that counts. */
function stopAsSaid(
  { trail, stopPrice }: Order,
  { stopPrice: said }: Extract<Event, { type: 'OrderModified' }>,
  at: number,
): Partial<Order> {
  if (trail === undefined || said == null || stopPrice === null) return {};
  return equals(said, stopPrice) ? {} : { trail: stopSaid(trail, at) };
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
