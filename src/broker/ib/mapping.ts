/**
 * Between the broker's words and ours: pure functions, both ways. What cannot be written exactly is
 * refused here, before a byte of it is encoded. Knows no connection and no state.
 */
import { OrderAction, OrderType as WireType, type Contract, type Order } from '@stoqey/ib';
import type { BrokerQuote } from '../../domain/broker-link';
import { isPlainDecimal, money, price, quantity, toNumber, toText } from '../../domain/decimal';
import type { Money, Price, Quantity } from '../../domain/decimal';
import type { InstrumentKey } from '../../domain/ids';
import type { OrderType, Side } from '../../domain/order';
import type { OrderTicket } from '../../domain/ports';
import { isOrderId, referenceOf } from './ids';

const BID = 1;
const ASK = 2;
const LAST = 4;
/** Nothing on a stock exchange costs more; a price above is a fault of the feed. */
const GREATEST_PRICE = 100_000_000;
const PLACES = 12;

/** A number of the broker as plain decimal text; null when it is unset or not finite. */
export function decimalText(value: number | undefined): string | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  const text = String(value);
  if (isPlainDecimal(text)) return text;
  const fixed = value.toFixed(PLACES);
  return isPlainDecimal(fixed) ? fixed : null;
}

export function toPrice(value: number | undefined): Price | null {
  const text = decimalText(value);
  return text === null ? null : price(text);
}
export function toQuantity(value: number | undefined): Quantity | null {
  const text = decimalText(value);
  return text === null ? null : quantity(text);
}
/** Text of an amount; null where the broker left it unset or wrote no number. */
export function toMoney(text: string): Money | null {
  const plain = isPlainDecimal(text) ? text : text === '' ? null : decimalText(Number(text));
  return plain === null || Math.abs(Number(plain)) === Number.MAX_VALUE ? null : money(plain);
}

/** Whole numbers above 2^53 lose digits as numbers: the field's own text is taken if it fits. */
export function exactInteger(field: string | undefined, decoded: number | undefined): string {
  if (field !== undefined && /^-?\d+$/.test(field) && Number(field) === decoded) return field;
  return String(decoded ?? 0);
}

/**
 * Null when it says nothing of bid, ask or last price. A side that is not there, or does not count,
 * is gone: what it was before is no price of now.
 */
export function toQuote(
  { instrument, at }: { readonly instrument: InstrumentKey; readonly at: number },
  field: number,
  value: number,
): BrokerQuote | null {
  if (field !== BID && field !== ASK && field !== LAST) return null;
  // Also false for what is not a number; -1 and 0 stand for "no such price now".
  const text = value > 0 && value < GREATEST_PRICE ? decimalText(value) : null;
  const counted = text === null ? null : price(text);
  if (field === LAST) return counted === null ? null : { at, instrument, last: counted };
  return field === BID ? { at, instrument, bid: counted } : { at, instrument, ask: counted };
}

/** BOT and SLD on executions, BUY and SELL on orders; null for anything else. */
export function sideOf(word: string | undefined): Side | null {
  if (word === 'BUY' || word === 'BOT') return 'BUY';
  return word === 'SELL' || word === 'SLD' || word === 'SSHORT' ? 'SELL' : null;
}

const TYPES: Readonly<Record<OrderType, WireType>> = {
  MARKET: WireType.MKT,
  LIMIT: WireType.LMT,
  STOP: WireType.STP,
  STOP_LIMIT: WireType.STP_LMT,
  MARKET_IF_TOUCHED: WireType.MIT,
  TRAILING_STOP: WireType.TRAIL,
};
const NEEDS_LIMIT: ReadonlySet<OrderType> = new Set<OrderType>(['LIMIT', 'STOP_LIMIT']);
const NEEDS_STOP: ReadonlySet<OrderType> = new Set<OrderType>([
  ...(['STOP', 'STOP_LIMIT', 'MARKET_IF_TOUCHED'] as const),
]);
/** What any text on the wire may consist of: a NUL would put further fields into the order. */
const PRINTABLE = /^[ -~]+$/;

export type WireOrder =
  | { readonly ok: true; readonly contract: Contract; readonly order: Order }
  | { readonly ok: false; readonly reason: string };
const refused = (reason: string): WireOrder => ({ ok: false, reason });

/** A decimal as the number whose text is the decimal again; null when there is none. */
function exactNumber(value: Price | Quantity): number | null {
  const number = toNumber(value);
  const same = Number.isFinite(number) && String(number) === toText(value);
  return same && number > 0 ? number : null;
}

/** The ticket as the broker takes it, or why it must not leave. */
export function toWire(ticket: OrderTicket, contract: Contract, tag: string): WireOrder {
  const { type, account, brokerOrderId, limitPrice, stopPrice, outsideRegularHours } = ticket;
  if (!isOrderId(brokerOrderId)) return refused(`${brokerOrderId} is no order id of this client`);
  const orderRef = referenceOf(tag, ticket.order);
  if (orderRef === null) return refused(`${tag}:${ticket.order} does not fit the reference field`);
  const texts = [account, contract.symbol, contract.currency, contract.primaryExch ?? '-'];
  if (texts.some((text) => text === undefined || !PRINTABLE.test(text))) {
    return refused('the account or the instrument holds characters that cannot be sent');
  }
  const totalQuantity = exactNumber(ticket.quantity);
  if (totalQuantity === null || !Number.isSafeInteger(totalQuantity)) {
    return refused(`${toText(ticket.quantity)} is no whole number of shares above zero`);
  }
  const prices = type === 'TRAILING_STOP' ? trailOf(ticket) : pricesOf(ticket);
  if (prices === null) {
    return refused(`a ${type} order cannot be sent with ${textOf(limitPrice, stopPrice)}`);
  }
  const order: Order = {
    action: ticket.side === 'BUY' ? OrderAction.BUY : OrderAction.SELL,
    ...{ totalQuantity, orderType: TYPES[type], tif: ticket.timeInForce, account, orderRef },
    // Left out it would mean "keep it in TWS and do not send it".
    ...{ transmit: true, outsideRth: outsideRegularHours },
    ...prices,
  };
  return { ok: true, contract, order };
}

/** Null when a price is missing that the type needs, or it cannot be sent exactly. */
function pricesOf(
  ticket: Pick<OrderTicket, 'type' | 'limitPrice' | 'stopPrice'>,
): Pick<Order, 'lmtPrice' | 'auxPrice'> | null {
  const { type, limitPrice, stopPrice } = ticket;
  const prices: Pick<Order, 'lmtPrice' | 'auxPrice'> = {};
  if (NEEDS_LIMIT.has(type)) {
    const exact = limitPrice === null ? null : exactNumber(limitPrice);
    if (exact === null) return null;
    prices.lmtPrice = exact;
  }
  if (NEEDS_STOP.has(type)) {
    const exact = stopPrice === null ? null : exactNumber(stopPrice);
    if (exact === null) return null;
    prices.auxPrice = exact;
  }
  return prices;
}

/** A trailing stop with where it stands: without that, a change would begin it anew. */
function trailOf({ trail, stopPrice }: OrderTicket): Partial<Order> | null {
  const stop = stopPrice === null ? null : exactNumber(stopPrice);
  if (trail === undefined || stop === null) return null;
  const by = trail.trailBy === null ? null : exactNumber(trail.trailBy);
  const percent = trail.trailPercent === null ? null : exactNumber(price(trail.trailPercent));
  if (by !== null) return { auxPrice: by, trailStopPrice: stop };
  return percent === null ? null : { trailingPercent: percent, trailStopPrice: stop };
}

/** Where an order stops, as the broker shows it: a trailing stop's other price is a distance. */
export function stopShown({ orderType, auxPrice, trailStopPrice }: Order): Price | null {
  const value = orderType === WireType.TRAIL ? trailStopPrice : auxPrice;
  // Zero stands for "none", as does the greatest of all numbers.
  return value === 0 || value === Number.MAX_VALUE ? null : toPrice(value);
}

function textOf(limit: Price | null, stop: Price | null): string {
  const of = (value: Price | null): string => (value === null ? 'none' : toText(value));
  return `limit ${of(limit)} and stop ${of(stop)}`;
}
