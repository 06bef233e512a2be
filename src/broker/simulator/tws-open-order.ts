/**
 * Writes orders for clients of versions 151 to 193: openOrder, orderStatus, completedOrder. The
 * attributes this gateway does not have are written as real gateways write them for a plain stock
 * order; some clients count on them.
 */
import { isZero, money, perUnit, quantity, toText } from '../../domain/decimal';
import type { GatewayOrder } from './gateway-records';
import { remainingOf } from './order-desk';
import { ACCOUNT } from './order-checks';
import type { WireCondition, WireContract } from './tws-order-fields';
import { UNSET_INTEGER } from './tws-fields';
import { SINCE, TO_CLIENT } from './tws-versions';

/** What a what-if order would change; amounts as text. */
export interface MarginPreview {
  readonly before: { readonly initial: string; readonly maintenance: string; equity: string };
  readonly change: { readonly initial: string; readonly maintenance: string; equity: string };
  readonly after: { readonly initial: string; readonly maintenance: string; equity: string };
  readonly commission: string;
}

export interface OrderView {
  readonly order: GatewayOrder;
  readonly parentPermId: number;
  readonly preview?: MarginPreview;
}

const NONE = '';

export function contractFields(contract: WireContract): string[] {
  const { conId, symbol, exchange, currency } = contract;
  const venue = exchange === NONE ? 'SMART' : exchange;
  const money = currency === NONE ? 'USD' : currency;
  return [String(conId), symbol, 'STK', NONE, '0', NONE, NONE, venue, money, symbol, symbol];
}

/** Why it is not at work, in the broker's words. */
export function whyHeld(order: GatewayOrder): string {
  if (order.held === 'PARENT') return 'child';
  return order.status === 'PreSubmitted' && order.held === null ? 'trigger' : NONE;
}

export function openOrderFields({ order, preview }: OrderView, version: number): string[] {
  const wire = order.order;
  return [
    ...[TO_CLIENT.OPEN_ORDER, String(order.orderId), ...contractFields(order.contract)],
    ...termsFields(order),
    ...[wire.orderRef, String(order.clientId), String(order.permId)],
    ...['0', '0', '0', NONE, NONE], // outsideRth to the shares allocation
    ...faFields(version),
    ...[NONE, NONE, NONE, '0', NONE, '-1', '0'], // rule80A to auctionStrategy
    ...[NONE, NONE, NONE, NONE, NONE, UNSET_INTEGER], // startingPrice to displaySize
    ...['0', '0', '0', UNSET_INTEGER, String(wire.ocaType), '0', '0', NONE], // to nbboPriceCap
    ...[String(wire.parentId), String(wire.triggerMethod)],
    ...[NONE, '0', 'None', NONE, '0', NONE, NONE, NONE, '?', '0', '0', NONE, '0', '0'],
    ...[stopOf(order), wire.trailingPercent, NONE, NONE], // to basisPointsType
    ...[NONE, '0', '0', '0', UNSET_INTEGER, UNSET_INTEGER, NONE, NONE, '0'], // to optOutSmart
    ...[NONE, 'IB', '0', '0', NONE, '0'], // clearing to solicited
    ...[preview === undefined ? '0' : '1', order.status, ...previewFields(preview)],
    ...['0', '0', ...conditionFields(wire.conditions)],
    ...['None', NONE, stopOf(order), NONE, NONE, NONE, NONE, '0'], // adjusted orders
    ...[NONE, NONE, NONE, NONE, '0', '0', '0', '0'], // softDollarTier to usePriceMgmtAlgo
    ...lateFields(version),
  ];
}

/** Members that were added at the end, version by version. */
function lateFields(version: number): string[] {
  return [
    ...(version >= SINCE.DURATION ? [UNSET_INTEGER] : []),
    ...(version >= SINCE.POST_TO_ATS ? [UNSET_INTEGER] : []),
    ...(version >= SINCE.AUTO_CANCEL_PARENT ? ['0'] : []),
    ...customerFields(version),
    ...(version >= SINCE.BOND_INTEREST ? [NONE] : []),
    ...(version >= SINCE.INCLUDE_OVERNIGHT ? ['0'] : []),
    ...(version >= SINCE.CME_TAGS_IN_OPEN_ORDER ? [NONE, UNSET_INTEGER] : []),
  ];
}

function customerFields(version: number): string[] {
  return [
    ...(version >= SINCE.PEG_OFFSETS ? [NONE, NONE, NONE, NONE, NONE] : []),
    ...(version >= SINCE.CUSTOMER_ACCOUNT ? [NONE] : []),
    ...(version >= SINCE.PROFESSIONAL_CUSTOMER ? ['0'] : []),
  ];
}

/** Financial advisors' fields up to goodTillDate. */
function faFields(version: number): string[] {
  const profile = version < SINCE.NO_FA_PROFILE ? [NONE] : [];
  return [NONE, NONE, NONE, ...profile, NONE, NONE];
}

/** Action to origin: the start of both messages. */
function termsFields({ order }: GatewayOrder): string[] {
  return [
    ...[order.action, order.totalQuantity, order.orderType],
    ...[priceField(order.lmtPrice), priceField(order.auxPrice)],
    ...[order.tif === NONE ? 'DAY' : order.tif, order.ocaGroup, ACCOUNT, NONE, '0'],
  ];
}

const priceField = (text: string): string => (text === NONE ? '0.0' : text);

/** The trailing stop as it stands. */
function stopOf({ order, working }: GatewayOrder): string {
  if (order.orderType.toUpperCase() !== 'TRAIL') return NONE;
  return working?.stopAt ?? order.trailStopPrice;
}

function previewFields(preview: MarginPreview | undefined): string[] {
  if (preview === undefined) return [...new Array<string>(12).fill(NONE), NONE, NONE];
  const { before, change, after, commission } = preview;
  const three = (side: MarginPreview['before']): string[] => [
    ...[side.initial, side.maintenance, side.equity],
  ];
  const costs = [commission, NONE, NONE, 'USD', NONE];
  return [...three(before), ...three(change), ...three(after), ...costs];
}

function conditionFields(conditions: readonly WireCondition[]): string[] {
  if (conditions.length === 0) return ['0'];
  const each = conditions.flatMap(({ kind, and, isMore, value, conId, exchange, triggerMethod }) =>
    kind === 'PRICE'
      ? ['1', and ? 'a' : 'o', flag(isMore), value, String(conId), exchange, triggerMethod]
      : ['3', and ? 'a' : 'o', flag(isMore), value],
  );
  return [String(conditions.length), ...each, '0', '0'];
}

const flag = (value: boolean): string => (value ? '1' : '0');

export function averageOf(order: GatewayOrder): string {
  const filled = quantity(order.filled);
  return isZero(filled) ? '0' : toText(perUnit(money(order.value), filled));
}

/** The status, or another word for it: a cancel on its way has no record of its own. */
export function orderStatusFields(order: GatewayOrder, status?: string): string[] {
  return [
    ...[TO_CLIENT.ORDER_STATUS, String(order.orderId), status ?? order.status, order.filled],
    ...[remainingOf(order), averageOf(order), String(order.permId)],
    ...[String(order.order.parentId), order.lastFillPrice, String(order.clientId)],
    ...[whyHeld(order), '0'],
  ];
}

/** An order that has ended; `time` is its end as text. */
export function completedOrderFields(
  { order, parentPermId }: OrderView,
  version: number,
  time: string,
): string[] {
  const wire = order.order;
  return [
    ...[TO_CLIENT.COMPLETED_ORDER, ...contractFields(order.contract), ...termsFields(order)],
    ...[wire.orderRef, String(order.permId), '0', '0', '0', NONE],
    ...faFields(version),
    ...[NONE, NONE, NONE, '0', NONE, '-1'], // rule80A to exemptCode
    ...[NONE, NONE, NONE, NONE, NONE, UNSET_INTEGER], // startingPrice to displaySize
    ...['0', '0', UNSET_INTEGER, String(wire.ocaType), String(wire.triggerMethod)],
    ...[NONE, '0', 'None', NONE, '0', '0', '0', NONE, '0', '0'], // volatility to referencePrice
    ...[stopOf(order), wire.trailingPercent, NONE, '0', '0', '0'],
    ...[UNSET_INTEGER, UNSET_INTEGER, NONE, NONE, NONE, 'IB', '0', '0', NONE, '0'],
    ...[order.status, '0', '0', ...conditionFields(wire.conditions)],
    ...[stopOf(order), NONE, NONE, '0', '0', NONE, order.filled, '0', '0', NONE, '0', '0'],
    ...[String(parentPermId), time, completedWords(order)],
    ...customerFields(version),
  ];
}

function completedWords(order: GatewayOrder): string {
  if (order.status === 'Filled') return `Filled Size: ${order.filled}`;
  const reason = order.endReason === 'cancelled on request' ? 'Cancelled by Trader' : '';
  return reason === '' ? `${order.status}: ${order.endReason}` : reason;
}
