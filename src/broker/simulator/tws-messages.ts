/**
 * Writes everything but orders for clients of versions 151 to 193: contracts, executions,
 * positions, prices, bars, errors. One function a message; each knows the places of its fields
 * and no more.
 */
import { toText } from '../../domain/decimal';
import type { GatewayExecution } from './gateway-records';
import type { Valuation } from './gateway-books';
import type { Bar, Listing } from './market';
import { ACCOUNT } from './order-checks';
import { UNSET_DOUBLE } from './tws-fields';
import { contractFields } from './tws-open-order';
import type { WireContract } from './tws-order-fields';
import { dateText, epochSeconds, ZONE, zonedTime } from './tws-time';
import { SINCE, TO_CLIENT } from './tws-versions';

/** Text that went through 7-bit clients unharmed; the protocol escapes the rest. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (letter) =>
    Array.from({ length: letter.length }, (_, n) => letter.charCodeAt(n))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** An error or a notice; notices have the id -1. */
export function errorFields(
  error: { readonly id: number; readonly code: number; readonly text: string },
  version: number,
): string[] {
  const { id, code, text } = error;
  const advanced = version >= SINCE.ADVANCED_REJECT ? [''] : [];
  return [TO_CLIENT.ERROR, '2', String(id), String(code), ascii(text), ...advanced];
}

/** The contract of a listing, as the broker names it itself. */
export function contractOf({ conId, instrument, primaryExchange }: Listing): WireContract {
  const { symbol, currency } = instrument;
  return {
    ...{ conId, symbol, secType: 'STK', exchange: 'SMART', primaryExchange },
    ...{ currency, localSymbol: symbol },
  };
}

/** Where an instrument is traded; `SMART` first. */
export const venuesOf = ({ primaryExchange }: Listing): string[] => ['SMART', primaryExchange];

export function contractDataFields(
  about: {
    readonly reqId: number;
    readonly listing: Listing;
    readonly hours: string;
    readonly ruleId: number;
  },
  version: number,
): string[] {
  const { reqId, listing, hours, ruleId } = about;
  const { conId, instrument, longName, primaryExchange, stockType } = listing;
  const { symbol, currency } = instrument;
  const lot = toText(instrument.lotSize);
  const venues = venuesOf(listing);
  return [
    ...[TO_CLIENT.CONTRACT_DATA, ...(version < SINCE.SIZE_RULES ? ['8'] : []), String(reqId)],
    ...[symbol, 'STK', '', ...(version >= SINCE.LAST_TRADE_DATE ? [''] : [])],
    ...['0', '', 'SMART', currency, symbol, symbol, symbol, String(conId)],
    ...[toText(instrument.tickSize), ...(version < SINCE.SIZE_RULES ? ['1'] : []), ''],
    ...['LMT,MIT,MKT,STP,STPLMT,TRAIL', venues.join(','), '1', '0', ascii(longName)],
    ...[primaryExchange, '', '', '', '', ZONE, hours, hours, '', '', '0', '1', '', ''],
    ...[venues.map(() => String(ruleId)).join(','), ''],
    ...(version >= SINCE.STOCK_TYPE ? [stockType] : []),
    ...(version === SINCE.FRACTIONAL_SIZES ? [lot] : []),
    ...(version >= SINCE.SIZE_RULES ? [lot, lot, lot] : []),
    ...(version >= SINCE.INELIGIBILITY ? ['0'] : []),
  ];
}

export function executionFields(
  about: {
    readonly reqId: number;
    readonly execution: GatewayExecution;
    readonly contract: WireContract;
    readonly venue: string;
  },
  version: number,
): string[] {
  const { reqId, execution, contract, venue } = about;
  const { execId, side, permId, clientId } = execution;
  return [
    ...[TO_CLIENT.EXECUTION, String(reqId), String(execution.orderId)],
    ...contractFields({ ...contract, exchange: venue }),
    ...[execId, zonedTime(execution.at, version), ACCOUNT, venue, side === 'BUY' ? 'BOT' : 'SLD'],
    ...[execution.quantity, execution.price, String(permId), String(clientId), '0'],
    ...[execution.cumulative, execution.averagePrice, execution.orderRef, '', '', '', '1'],
    ...(version >= SINCE.PRICE_REVISION ? ['0'] : []),
  ];
}

/** What an execution cost; an opening one has realised nothing, which is not zero. */
export function commissionFields({ execId, commission, realized }: GatewayExecution): string[] {
  const profit = realized ?? UNSET_DOUBLE;
  return [TO_CLIENT.COMMISSION, '1', execId, commission, 'USD', profit, UNSET_DOUBLE, ''];
}

/** Money to the cent, as account messages have it. */
export const cents = (value: Parameters<typeof toText>[0]): string =>
  Number(toText(value)).toFixed(2);

export function positionFields(listing: Listing, held: Valuation): string[] {
  return [TO_CLIENT.POSITION, '3', ACCOUNT, ...positionBody(listing, held)];
}
export function positionMultiFields(reqId: number, listing: Listing, held: Valuation): string[] {
  return [
    ...[TO_CLIENT.POSITION_MULTI, '1', String(reqId), ACCOUNT],
    ...[...positionBody(listing, held), ''],
  ];
}

function positionBody(listing: Listing, { quantity, averageCost }: Valuation): string[] {
  const contract = contractFields({ ...contractOf(listing), exchange: '' });
  contract[7] = listing.primaryExchange;
  return [...contract, toText(quantity), toText(averageCost)];
}

export function portfolioFields(listing: Listing, held: Valuation): string[] {
  const { conId, instrument, primaryExchange } = listing;
  const { symbol, currency } = instrument;
  return [
    ...[TO_CLIENT.PORTFOLIO_VALUE, '8', String(conId), symbol, 'STK', '', '0', '', ''],
    ...[primaryExchange, currency, symbol, symbol, toText(held.quantity), toText(held.price)],
    ...[cents(held.value), toText(held.averageCost), cents(held.unrealized)],
    ...[cents(held.realized), ACCOUNT],
  ];
}

export function tickPriceFields(
  reqId: number,
  type: number,
  at: { readonly price: string; readonly size: string },
): string[] {
  const attributes = type === 1 || type === 2 ? '1' : '0';
  const { price, size } = at;
  return [TO_CLIENT.TICK_PRICE, '6', String(reqId), String(type), price, size, attributes];
}
export function tickSizeFields(reqId: number, type: number, size: string): string[] {
  return [TO_CLIENT.TICK_SIZE, '6', String(reqId), String(type), size];
}
export function tickStringFields(reqId: number, type: number, value: string): string[] {
  return [TO_CLIENT.TICK_STRING, '6', String(reqId), String(type), value];
}

/** Start of a bar: the date for days, else a zoned time or, on request, seconds since 1970. */
export function barTime(
  bar: Pick<Bar, 'at'>,
  how: { readonly daily: boolean; readonly epoch: boolean },
  version: number,
): string {
  if (how.daily) return dateText(bar.at);
  return how.epoch ? epochSeconds(bar.at) : zonedTime(bar.at, version);
}

export function historicalDataFields(
  about: {
    readonly reqId: number;
    readonly from: string;
    readonly to: string;
    readonly bars: readonly Bar[];
  },
  time: (bar: Bar) => string,
): string[] {
  const { reqId, from, to, bars } = about;
  const each = bars.flatMap((bar) => [
    ...[time(bar), bar.open, bar.high, bar.low, bar.close],
    ...[String(bar.volume), bar.average, String(bar.trades)],
  ]);
  return [TO_CLIENT.HISTORICAL_DATA, String(reqId), from, to, String(bars.length), ...each];
}

/** A bar that still grows; its prices stand in another order than in history. */
export function historicalUpdateFields(reqId: number, bar: Bar, time: string): string[] {
  const { open, close, high, low, average, volume } = bar;
  const head = [TO_CLIENT.HISTORICAL_UPDATE, String(reqId), String(bar.trades), time];
  return [...head, open, close, high, low, average, String(volume)];
}

export function realTimeBarFields(reqId: number, bar: Bar): string[] {
  const { open, high, low, close, volume, average, trades } = bar;
  const head = [TO_CLIENT.REAL_TIME_BAR, '3', String(reqId), epochSeconds(bar.at)];
  return [...head, open, high, low, close, String(volume), average, String(trades)];
}
