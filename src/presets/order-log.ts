/** What happens to orders as lines of the log: the same story that a replay prints, in words. */
import { isZero, toText } from '../domain/decimal';
import type { Event, JournalRecord } from '../domain/event';
import type { Order } from '../domain/order';
import { priceWords } from '../domain/price-source';
import { heldHereWords } from '../engine/core/held-exits';
import { unfilledWords } from '../engine/core/plan-progress';
import type { State } from '../engine/core/state';
import type { Logger } from '../ops/log';

/** One line for whatever a person at the screen wants to know; most events have none. */
export function logRecord(log: Logger, { event }: JournalRecord, state: State): void {
  if (event.type === 'OrderArmed') return logArmed(log, event.order);
  switch (event.type) {
    case 'TriggerFired': {
      const order = state.orders.get(event.order);
      if (order !== undefined) {
        log.info(`${named(order)} fired at ${firedWords(event)}.`, order.id);
      }
      break;
    }
    case 'OrderSent': {
      const order = state.orders.get(event.order);
      if (order !== undefined) log.info(`${named(order)} sent.`, order.id);
      break;
    }
    case 'OrderDenied':
    case 'OrderRejected':
    case 'OrderUnknown':
    case 'OrderNotSent': {
      const order = state.orders.get(event.order);
      if (order === undefined || isSaid(event)) break;
      const word = { OrderDenied: 'denied', OrderRejected: 'rejected by the broker' } as const;
      const said = event.type in word ? word[event.type as keyof typeof word] : null;
      const what = said ?? (event.type === 'OrderUnknown' ? 'UNKNOWN' : 'not sent');
      log.warning(`${named(order)} ${what}: ${event.reason}.`, order.id);
      break;
    }
    case 'OrderHeldBack':
    case 'OrderCancelRequested':
    case 'OrderCancelled':
    case 'OrderExpired':
      logEnd(log, event, state);
      break;
    case 'OrderFilled': {
      const { fill, holdingAfter } = event;
      const { side, quantity, instrument, price, order, strategy } = fill;
      const owner = strategy ?? 'UNALLOCATED';
      const done = `${side === 'BUY' ? 'bought' : 'sold'} ${toText(quantity)} ${instrument}`;
      log.info(`${owner} ${done} at ${toText(price)}, holds ${toText(holdingAfter)}.`, order);
      break;
    }
    case 'OrderModifyRefused':
    case 'OrderModifyRequested':
    case 'ArmedOrderChanged':
      logChange(log, event, state);
      break;
    case 'TradingStateChanged':
      log.warning(`Trading ${scoped(event.scope)} is ${event.state}: ${event.reason}.`);
      break;
    case 'BreakOpened': {
      const { instrument, account, brokerQuantity, bookQuantity } = event;
      const sides = `the broker holds ${toText(brokerQuantity)}, the book ${toText(bookQuantity)}`;
      log.error(`${instrument} in ${account} does not match: ${sides}. Nothing opens there.`);
      break;
    }
    case 'BreakSuspected': {
      const { instrument, account, brokerQuantity, bookQuantity } = event;
      const sides = `the broker holds ${toText(brokerQuantity)}, the book ${toText(bookQuantity)}`;
      log.info(`${instrument} in ${account} is compared again: ${sides}. Nothing opens there yet.`);
      break;
    }
    case 'BreakClosed':
      log.info(`${event.instrument} in ${event.account} matches again.`);
      break;
    default:
      break;
  }
}

/** `10.5`, or `10.5, the ask`. */
function firedWords({ price, priceKind }: Extract<Event, { type: 'TriggerFired' }>): string {
  return priceKind === undefined ? toText(price) : `${toText(price)}, the ${priceWords(priceKind)}`;
}

type End = Extract<
  JournalRecord['event'],
  { type: 'OrderHeldBack' | 'OrderCancelRequested' | 'OrderCancelled' | 'OrderExpired' }
>;

/** What the broker refused to hold; and what was sold beyond what was owned, and is given back. */
function logArmed(log: Logger, order: Order): void {
  const held = heldHereWords(order);
  if (held !== null) log.warning(`${named(order)}: ${held}`, order.id);
  if (order.role !== 'LIQUIDATION') return;
  log.warning(`${named(order)}: ${order.statusMessage ?? 'flattens'}.`, order.id);
}

/** An exit that does not come to be, or is lost, is a warning; what was asked for is news. */
function logEnd(log: Logger, event: End, state: State): void {
  const order = state.orders.get(event.order);
  if (order === undefined) return;
  const why = event.reason.replace(/\.$/, '');
  const unasked = 'unasked' in event && event.unasked === true;
  if (event.type === 'OrderHeldBack') {
    log.warning(`${named(order)} waits: ${why}.`, order.id);
  } else if (isUnfilledEntry(event, order)) {
    log.warning(`${named(order)}: ${unfilledWords(order)}.`, order.id);
  } else if (unasked) {
    const what = event.type === 'OrderExpired' ? 'expired at' : 'was cancelled by';
    log.warning(`${named(order)} ${what} the broker: ${why}.`, order.id);
  } else if (event.type === 'OrderExpired' && order.role === 'LIQUIDATION') {
    log.warning(`${named(order)} expired: ${why}.`, order.id);
  } else if (event.type !== 'OrderExpired') {
    const what = event.type === 'OrderCancelled' ? 'cancelled' : 'is being cancelled';
    log.info(`${named(order)} ${what}: ${why}.`, order.id);
  }
}

/** It fired, and its order came to nothing. */
const isUnfilledEntry = ({ type }: End, order: Order): boolean =>
  (type === 'OrderCancelled' || type === 'OrderExpired') &&
  order.role === 'ENTRY' &&
  (order.trigger?.firedAt ?? null) !== null &&
  isZero(order.filledQuantity);

/** Another list that lacks it only adds to the proof. */
const isSaid = (event: Event): boolean =>
  event.type === 'OrderUnknown' && (event.absences ?? 0) > 1;

const scoped = ({ kind, key }: { readonly kind: string; readonly key: string }): string =>
  kind === 'SYSTEM' ? 'as a whole' : `of ${kind.toLowerCase()} ${key}`;

type Change = Extract<
  JournalRecord['event'],
  { type: 'OrderModifyRequested' | 'ArmedOrderChanged' }
>;

type Refused = Extract<JournalRecord['event'], { type: 'OrderModifyRefused' }>;

/** A change that is asked for is news; one that the broker does not make is a warning. */
function logChange(log: Logger, event: Change | Refused, state: State): void {
  const order = state.orders.get(event.order);
  if (order === undefined) return;
  if (event.type !== 'OrderModifyRefused') {
    log.info(`${changed(order, event)}.`, order.id);
    return;
  }
  const why = event.reason.replace(/\.$/, '');
  log.warning(`${named(order)} stays as it is, a change was refused: ${why}.`, order.id);
}

function changed(order: Order, event: Change): string {
  const { quantity, limitPrice = null } = event;
  const limit = limitPrice === null ? '' : `, limit ${toText(limitPrice)}`;
  const level = event.type === 'ArmedOrderChanged' ? `, level ${toText(event.level)}` : '';
  return `${named(order)} is changed to ${toText(quantity)}${limit}${level}`;
}

function named(order: Order): string {
  const { strategy, role, side, quantity, instrument, type, limitPrice, stopPrice } = order;
  const at = limitPrice ?? stopPrice;
  const price = at === null ? '' : ` ${toText(at)}`;
  const words = type.toLowerCase().replaceAll('_', '-');
  return `${strategy} ${role}: ${side} ${toText(quantity)} ${instrument} ${words}${price}`;
}
