/**
 * A run as lines: one per thing that happened to an order, in the words of the instruction file.
 * The journal holds more; this is what a person or a checking script reads.
 */
import { signOf, toText, type Price, type Quantity } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Order, Trail } from '../domain/order';
import { holdingOf, orderOf, type State } from '../engine/core/state';

export type LineEvent = 'TRIGGER' | 'SUBMIT' | 'CANCEL' | 'FILL' | 'ARM' | 'EXPIRE' | 'DENY';

export interface ReplayLine {
  readonly event: LineEvent;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly symbol: string;
  /** As in the file: `entry[0]`, `long[1]`; `flatten` for an order that closes a late fill. */
  readonly order: string;
  readonly price: string | null;
  readonly quantity: string | null;
  /** What the strategy holds after it. */
  readonly position: string;
  readonly reason: string | null;
  /** ARM only: who watches the price from here. */
  readonly status?: 'ARMED' | 'WORKING';
  /** DENY only: the refusal codes. */
  readonly codes?: readonly string[];
}

interface Content {
  readonly event: LineEvent;
  readonly order: Order;
  readonly price?: Price | null;
  readonly quantity?: Quantity | null;
  readonly position?: Quantity;
  readonly reason?: string | null;
  readonly status?: 'ARMED' | 'WORKING';
  readonly codes?: readonly string[];
}

/** The lines of a committed batch; most records are one line, some none. */
export function linesOf(records: readonly JournalRecord[], state: State): ReplayLine[] {
  const lines: ReplayLine[] = [];
  for (const record of records) {
    const content = contentOf(record, state);
    if (content !== null) lines.push(lineOf(record, state, content));
  }
  return lines;
}

function lineOf(record: JournalRecord, state: State, content: Content): ReplayLine {
  const { event, order, price, quantity, reason, status, codes } = content;
  const position = content.position ?? holdingOf(state, order).quantity;
  return {
    event,
    time: new Date(record.at).toISOString(),
    symbol: order.instrument,
    order: order.leg ?? 'flatten',
    price: price == null ? null : toText(price),
    quantity: quantity == null ? null : toText(quantity),
    position: toText(position),
    reason: reason ?? null,
    ...(status === undefined ? {} : { status }),
    ...(codes === undefined ? {} : { codes }),
  };
}

/** Entries arm when the file is loaded, before the first trade: that is no line. */
function contentOf({ event }: JournalRecord, state: State): Content | null {
  switch (event.type) {
    case 'OrderArmed':
      return event.order.role === 'ENTRY' ? null : armed(event.order);
    case 'OrderRearmed':
      return { ...armed(orderOf(state, event.order)), reason: event.reason };
    case 'TriggerFired':
    case 'OrderElected': {
      const order = orderOf(state, event.order);
      const reason = `${triggerWords(order)} ${statedPrice(order)}`;
      return { event: 'TRIGGER', order, price: event.price, quantity: order.quantity, reason };
    }
    case 'OrderSubmitted': {
      const order = orderOf(state, event.order);
      const price = order.limitPrice ?? order.stopPrice;
      const reason = `${order.side} ${order.type}`;
      return { event: 'SUBMIT', order, price, quantity: event.quantity, reason };
    }
    case 'OrderDenied': {
      const { codes, reason } = event;
      const order = orderOf(state, event.order);
      const price = order.limitPrice ?? order.trigger?.firedPrice ?? null;
      return { event: 'DENY', order, price, quantity: order.quantity, reason, codes };
    }
    case 'OrderFilled': {
      const { fill, holdingAfter: position } = event;
      if (fill.order === null) return null;
      const { price, quantity, side } = fill;
      const order = orderOf(state, fill.order);
      return { event: 'FILL', order, price, quantity, position, reason: side };
    }
    case 'OrderCancelled':
      return ended('CANCEL', orderOf(state, event.order), event.reason);
    case 'OrderRejected':
      return ended('CANCEL', orderOf(state, event.order), `rejected: ${event.reason}`);
    case 'OrderExpired':
      return ended('EXPIRE', orderOf(state, event.order), event.reason);
    default:
      return null;
  }
}

function ended(event: 'CANCEL' | 'EXPIRE', order: Order, reason: string): Content {
  return { event, order, price: pricePoint(order), quantity: order.intendedQuantity, reason };
}

function armed(order: Order): Content {
  const status = order.heldBy === 'ENGINE' ? 'ARMED' : 'WORKING';
  const reason = `${order.side} ${restingWords(order)}`;
  const price = pricePoint(order);
  return { event: 'ARM', order, price, quantity: order.intendedQuantity, reason, status };
}

/** The price that matters of an order: its level, its stop, its limit. */
function pricePoint(order: Order): Price | null {
  return order.trigger?.level ?? order.stopPrice ?? order.limitPrice;
}

function restingWords(order: Order): string {
  if (order.trigger?.kind === 'TOUCH') return 'market if touched';
  const trail = order.trail ?? order.trigger?.trail;
  if (trail !== undefined) return trailWords(trail);
  if (order.trigger !== null || order.stopPrice !== null) return 'stop';
  return order.limitPrice === null ? 'at the market' : 'resting limit';
}

/** `trailing stop 1.5 behind, from 105` */
function trailWords({ trailBy, trailPercent, activateAt }: Trail): string {
  const distance = trailBy === null ? `${trailPercent ?? ''}%` : toText(trailBy);
  const from = activateAt === null ? '' : `, from ${toText(activateAt)}`;
  return `trailing stop ${distance} behind${from}`;
}

function triggerWords(order: Order): string {
  if (order.trail !== undefined) return 'reached the trailing stop at';
  switch (order.trigger?.kind) {
    case 'CROSS_OVER':
      return 'crossed over';
    case 'CROSS_UNDER':
      return 'crossed under';
    case 'TOUCH':
      return 'touched';
    case 'TRAIL':
      return 'reached the trailing stop at';
    default:
      return 'reached the stop at';
  }
}

function statedPrice(order: Order): string {
  const at = pricePoint(order);
  return at === null || signOf(at) === 0 ? '' : toText(at);
}
