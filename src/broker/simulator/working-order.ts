/**
 * One order as the exchange works it: when it fills at a trade, when its stop is reached, how a
 * trailing stop follows. Knows no book, no account and no other order.
 */
import {
  minus,
  money,
  NO_MONEY,
  NO_QUANTITY,
  percentOf,
  plus,
  price,
  quantity,
  roundToStep,
  toNumber,
  toText,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { TimeInForce } from '../../domain/order';
import type { OrderTicket } from '../../domain/ports';

/** What the exchange takes beyond the domain's tickets; a domain ticket is one of these. */
export interface ExchangeTicket extends Omit<OrderTicket, 'timeInForce'> {
  /** IOC: what the first trade it sees leaves over is cancelled. FOK: all of it or nothing. */
  readonly timeInForce: TimeInForce | 'FOK';
}

export interface Working {
  readonly ticket: ExchangeTicket;
  readonly brokerOrderId: number;
  /** Looks at trades after this one. */
  after: number;
  limit: number | null;
  stop: number | null;
  /** Of a trailing stop: the stop as it stands, exact. */
  stopAt: Price | null;
  quantity: Quantity;
  filled: Quantity;
  value: Money;
  charged: Money;
  elected: boolean;
  done: boolean;
}

/** What has to be kept of a working order so that another exchange goes on with it. */
export interface WorkingRecord {
  readonly quantity: string;
  readonly filled: string;
  readonly value: string;
  readonly charged: string;
  readonly elected: boolean;
  /** Null where no stop was ever set: a trailing stop that has seen no trade. */
  readonly stopAt: string | null;
}

const LIMITED: ReadonlySet<ExchangeTicket['type']> = new Set(['LIMIT', 'STOP_LIMIT']);
const CONDITIONAL: ReadonlySet<ExchangeTicket['type']> = new Set([
  'STOP',
  'STOP_LIMIT',
  'MARKET_IF_TOUCHED',
  'TRAILING_STOP',
]);
/** These end with the first trade they may look at, whatever is left. */
const AT_ONCE: ReadonlySet<ExchangeTicket['timeInForce']> = new Set(['IOC', 'FOK', 'OPG']);

export const isLimited = (ticket: ExchangeTicket): boolean => LIMITED.has(ticket.type);
export const isConditional = (ticket: ExchangeTicket): boolean => CONDITIONAL.has(ticket.type);
export const endsAtOnce = (ticket: ExchangeTicket): boolean => AT_ONCE.has(ticket.timeInForce);

/** A new order that looks at the trades after this one. */
export function startWorking(
  ticket: ExchangeTicket,
  place: { readonly brokerOrderId: number; readonly after: number },
): Working {
  return {
    ...{ ticket, ...place },
    limit: ticket.limitPrice === null ? null : toNumber(ticket.limitPrice),
    stop: ticket.stopPrice === null ? null : toNumber(ticket.stopPrice),
    stopAt: ticket.stopPrice,
    quantity: ticket.quantity,
    filled: NO_QUANTITY,
    value: NO_MONEY,
    charged: NO_MONEY,
    elected: false,
    done: false,
  };
}

export function recordOf(working: Working): WorkingRecord {
  return {
    quantity: toText(working.quantity),
    filled: toText(working.filled),
    value: toText(working.value),
    charged: toText(working.charged),
    elected: working.elected,
    stopAt: working.stopAt === null ? null : toText(working.stopAt),
  };
}

/** Puts what was kept back into an order that has just started. */
export function resume(working: Working, record: WorkingRecord): void {
  working.quantity = quantity(record.quantity);
  working.filled = quantity(record.filled);
  working.value = money(record.value);
  working.charged = money(record.charged);
  working.elected = record.elected;
  if (record.stopAt !== null) setStop(working, price(record.stopAt));
}

export function setStop(working: Working, stopAt: Price): void {
  working.stopAt = stopAt;
  working.stop = toNumber(stopAt);
}

/** One trail under other terms: its stop stays where it has got to. */
export function trailsAlike(a: ExchangeTicket, b: ExchangeTicket): boolean {
  const terms = ({ trail, stopPrice }: ExchangeTicket): string =>
    JSON.stringify([trail, stopPrice]);
  return a.trail !== undefined && terms(a) === terms(b);
}

export function left(working: Working): Quantity {
  return minus(working.quantity, working.filled);
}

export function fillsAt(order: Working, traded: number): boolean {
  if (isConditional(order.ticket) && !order.elected) return false;
  if (order.limit === null) return true;
  return order.ticket.side === 'BUY' ? traded <= order.limit : traded >= order.limit;
}

/** At or through: a stop on the losing side, market-if-touched on the winning side. */
export function isReached(order: Working, traded: number): boolean {
  if (order.stop === null) return false;
  const rising = (order.ticket.side === 'BUY') !== (order.ticket.type === 'MARKET_IF_TOUCHED');
  return rising ? traded >= order.stop : traded <= order.stop;
}

/**
 * Lets a trailing stop follow a trade: the stop only ever moves towards the market, and is rounded
 * away from it.
 */
export function follow(order: Working, traded: Price, tick: Price): void {
  const { trail, side } = order.ticket;
  if (trail === undefined) return;
  const distance = trail.trailBy ?? percentOf(traded, trail.trailPercent ?? '0');
  const exact = side === 'SELL' ? minus(traded, distance) : plus(traded, distance);
  const next = roundToStep(exact, tick, side === 'SELL' ? 'DOWN' : 'UP');
  const nearer =
    order.stop === null ||
    (side === 'SELL' ? toNumber(next) > order.stop : toNumber(next) < order.stop);
  if (nearer) setStop(order, next);
}
