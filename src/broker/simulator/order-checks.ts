/**
 * What the gateway refuses before an order exists, with the broker's codes, and the ticket of an
 * order that passes. Pure: the order, the instrument and nothing else.
 */
import {
  compare,
  isMultipleOf,
  price,
  quantity,
  signOf,
  toText,
  type Price,
} from '../../domain/decimal';
import type { OrderType, TrailDistance } from '../../domain/order';
import { ORDER_TYPES, type PlaceRequest, type WireOrder } from './tws-order-fields';
import { shown } from './tws-fields';
import type { Listing } from './market';
import type { ExchangeTicket } from './working-order';

/** A refusal as the broker says it. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

export const ACCOUNT = 'DU0000001';

const TYPES: Readonly<Record<string, ExchangeTicket['type']>> = {
  MKT: 'MARKET',
  LMT: 'LIMIT',
  STP: 'STOP',
  'STP LMT': 'STOP_LIMIT',
  MIT: 'MARKET_IF_TOUCHED',
  TRAIL: 'TRAILING_STOP',
};
const HAS_LIMIT: ReadonlySet<OrderType> = new Set(['LIMIT', 'STOP_LIMIT']);
const HAS_STOP: ReadonlySet<OrderType> = new Set([
  ...(['STOP', 'STOP_LIMIT', 'MARKET_IF_TOUCHED'] as const),
]);
const TIFS: ReadonlySet<string> = new Set(['', 'DAY', 'GTC', 'IOC', 'FOK', 'OPG']);
const AT_ONCE_TYPES: ReadonlySet<string> = new Set(['MKT', 'LMT']);
const MAX_REFERENCE = 128;
const MAX_GROUP = 128;
/** More than any order that IB takes: what is bigger is a slip of a hand or of a program. */
const MOST_UNITS = quantity('10000000');

const invalid = (text: string): Refusal => ({
  code: 321,
  text: `Error validating request.-'bC' : cause - ${text}`,
});
const OFF_TICK: Refusal = {
  code: 110,
  text: 'The price does not conform to the minimum price variation for this contract.',
};

/** The first reason to refuse the order; null when there is none. */
export function refusalOf(request: PlaceRequest, { instrument }: Listing): Refusal | null {
  const { order, unsupported } = request;
  if (!ORDER_TYPES.has(order.orderType.toUpperCase())) {
    const text = 'Unsupported order type for this exchange and security type';
    return { code: 387, text: `${text}: ${shown(order.orderType)}` };
  }
  if (unsupported.length > 0) {
    return invalid(`this simulated gateway does not support ${unsupported.join(', ')}`);
  }
  if (order.account !== '' && order.account !== ACCOUNT) {
    return invalid(`Invalid account code ${shown(order.account)}: the only account is ${ACCOUNT}`);
  }
  if (!['BUY', 'SELL'].includes(order.action)) {
    return invalid(`Invalid action ${shown(order.action)}: BUY or SELL`);
  }
  if (!TIFS.has(order.tif)) return invalid(`Invalid time in force ${shown(order.tif)}`);
  const atOnce = ['IOC', 'FOK', 'OPG'].includes(order.tif);
  if (atOnce && !AT_ONCE_TYPES.has(order.orderType.toUpperCase())) {
    return invalid(`${order.tif} is for MKT and LMT orders`);
  }
  if (order.orderRef.length > MAX_REFERENCE || order.ocaGroup.length > MAX_GROUP) {
    return invalid('orderRef and ocaGroup have at most 128 characters');
  }
  if (order.ocaType < 0 || order.ocaType > 3) return invalid('ocaType is 1, 2 or 3');
  const units = order.totalQuantity === '' ? null : quantity(order.totalQuantity);
  if (units === null || signOf(units) <= 0) return invalid('the quantity is not above zero');
  if (compare(units, MOST_UNITS) > 0) {
    const most = toText(MOST_UNITS);
    return {
      code: 201,
      text: `Order rejected - reason:the quantity is above ${most}, the most here`,
    };
  }
  if (!isMultipleOf(units, instrument.lotSize)) {
    return { code: 10243, text: 'Fractional-sized order cannot be placed via API.' };
  }
  return priceRefusal(order, instrument.tickSize);
}

function priceRefusal(order: WireOrder, tick: Price): Refusal | null {
  const type = typeOf(order);
  const needed = [
    ...(HAS_LIMIT.has(type) ? [['lmtPrice', order.lmtPrice] as const] : []),
    ...(HAS_STOP.has(type) ? [['auxPrice', order.auxPrice] as const] : []),
  ];
  for (const [name, text] of needed) {
    if (text === '') return invalid(`a ${order.orderType} order needs ${name}`);
    if (signOf(price(text)) <= 0) return invalid(`${name} ${text} is not above zero`);
    if (!isMultipleOf(price(text), tick)) return OFF_TICK;
  }
  if (type === 'TRAILING_STOP') return trailRefusal(order, tick);
  for (const condition of order.conditions) {
    if (condition.kind === 'PRICE' && condition.value === '') {
      return invalid('a price condition needs a price');
    }
  }
  return null;
}

function trailRefusal(order: WireOrder, tick: Price): Refusal | null {
  const { auxPrice, trailingPercent, trailStopPrice } = order;
  const [byAmount, byPercent] = [positive(auxPrice), positive(trailingPercent)];
  if (byAmount === byPercent) {
    return invalid('a TRAIL order needs either auxPrice, the amount, or trailingPercent');
  }
  if (byPercent && Number(trailingPercent) >= 100) return invalid('trailingPercent is below 100');
  for (const text of [byAmount ? auxPrice : '', trailStopPrice]) {
    if (text !== '' && !isMultipleOf(price(text), tick)) return OFF_TICK;
  }
  if (trailStopPrice !== '' && signOf(price(trailStopPrice)) <= 0) {
    return invalid(`trailStopPrice ${trailStopPrice} is not above zero`);
  }
  return null;
}

const positive = (text: string): boolean => text !== '' && signOf(price(text)) > 0;

export function typeOf({ orderType }: WireOrder): ExchangeTicket['type'] {
  return TYPES[orderType.toUpperCase()] ?? 'MARKET';
}

/** The order as the exchange takes it; only for orders without a refusal. */
export function ticketOf(place: {
  readonly permId: number;
  readonly orderId: number;
  readonly instrument: string;
  readonly order: WireOrder;
}): ExchangeTicket {
  const { order } = place;
  const type = typeOf(order);
  const trail = trailOf(order);
  const trails = type === 'TRAILING_STOP';
  const stopText = trails ? order.trailStopPrice : order.auxPrice;
  const hasStop = HAS_STOP.has(type) || (trails && stopText !== '');
  return {
    order: String(place.permId),
    account: ACCOUNT,
    instrument: place.instrument,
    side: order.action === 'BUY' ? 'BUY' : 'SELL',
    type,
    timeInForce: tifOf(order),
    quantity: quantity(order.totalQuantity),
    limitPrice: HAS_LIMIT.has(type) ? price(order.lmtPrice) : null,
    stopPrice: hasStop ? price(stopText) : null,
    ...(trails ? { trail } : {}),
    outsideRegularHours: false,
    brokerOrderId: place.orderId,
    rank: 0,
  };
}

export function tifOf({ tif }: WireOrder): ExchangeTicket['timeInForce'] {
  switch (tif) {
    case 'GTC':
    case 'IOC':
    case 'FOK':
    case 'OPG':
      return tif;
    default:
      return 'DAY';
  }
}

function trailOf({ auxPrice, trailingPercent }: WireOrder): TrailDistance {
  return positive(auxPrice)
    ? { trailBy: price(auxPrice), trailPercent: null }
    : { trailBy: null, trailPercent: trailingPercent === '' ? '0' : trailingPercent };
}
