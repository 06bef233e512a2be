/**
 * Worth of orders, positions and the account at the latest prices, as plain numbers for limits and
 * rules. Live orders count as filled on their own side: what may still happen counts as happened.
 */
import {
  abs,
  isZero,
  perUnit,
  plus,
  price,
  toNumber,
  type Price,
  type Quantity,
  times,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import type { Order } from '../../domain/order';
import type { Context } from './context';
import { signed } from './ledger';
import { remaining } from './sizing';
import { holdingOf, positionOf, workingOrders, type State } from './state';

/** Price an order is valued at: its own, else the last one; undefined when there is neither. */
export function valuationPrice(context: Context, order: Order): Price | undefined {
  const own = order.limitPrice ?? order.stopPrice;
  if (own !== null) return own;
  const last = context.market.last(order.instrument);
  return last === undefined ? undefined : price(last.priceText);
}

/** Signed position of the account if all its live orders of this side and this quantity fill. */
export function worstCaseQuantity(state: State, order: Order, quantity: Quantity): Quantity {
  const live = workingOrders(state, order.instrument)
    .filter((other) => other.account === order.account && other.side === order.side)
    .filter((other) => other.id !== order.id)
    .reduce((sum, other) => plus(sum, remaining(other)), quantity);
  return plus(positionOf(state, order).quantity, signed(order.side, live));
}

/**
 * Worth of all positions of the account, long and short added, with every live order that opens
 * counted as filled.
 */
export function grossExposure(state: State, context: Context, account: AccountKey): number {
  let gross = liveOpenings(state, context, account);
  for (const instrument of state.instruments.keys()) {
    const held = abs(positionOf(state, { account, instrument }).quantity);
    if (!isZero(held)) gross += toNumber(held) * markOf(state, context, { account, instrument });
  }
  return gross;
}

function liveOpenings(state: State, context: Context, account: AccountKey): number {
  let worth = 0;
  for (const instrument of state.working.keys()) {
    for (const order of workingOrders(state, instrument)) {
      if (order.account !== account || order.effect !== 'OPEN') continue;
      const each = valuationPrice(context, order);
      if (each !== undefined) worth += toNumber(times(each, remaining(order)));
    }
  }
  return worth;
}

/** The last price, or where there is none the average cost of what is held. */
function markOf(
  state: State,
  context: Context,
  key: { readonly account: AccountKey; readonly instrument: InstrumentKey },
): number {
  const last = context.market.last(key.instrument);
  if (last !== undefined) return last.price;
  for (const strategy of positionOf(state, key).owners) {
    const holding = holdingOf(state, { ...key, strategy });
    if (!isZero(holding.quantity))
      return Math.abs(toNumber(perUnit(holding.cost, holding.quantity)));
  }
  return 0;
}

/** Cash plus positions at their marks. */
export function equity(state: State, context: Context, account: AccountKey): number {
  const cash = state.accounts.get(account)?.cash;
  let worth = cash === undefined ? 0 : toNumber(cash);
  for (const instrument of state.instruments.keys()) {
    const { quantity } = positionOf(state, { account, instrument });
    if (!isZero(quantity)) {
      worth += toNumber(quantity) * markOf(state, context, { account, instrument });
    }
  }
  return worth;
}

/** Profit of the account since it was opened or the run began; negative is a loss. */
export function accountPnl(state: State, context: Context, account: AccountKey): number {
  const opening = state.accounts.get(account)?.openingCash;
  return opening === undefined ? 0 : equity(state, context, account) - toNumber(opening);
}

/** Percent between the last price and the price at which an order begins to act, either way. */
export function distanceFromLast(context: Context, order: Order): number | undefined {
  const acts = order.stopPrice ?? order.limitPrice;
  if (acts === null) return 0;
  const last = context.market.last(order.instrument)?.price;
  return last === undefined ? undefined : (Math.abs(toNumber(acts) - last) / last) * 100;
}

/** Percent by which an order's price lies beyond the last one, to the order's own disadvantage. */
export function limitDistance(context: Context, order: Order): number | undefined {
  if (order.limitPrice === null) return 0;
  const limit = toNumber(order.limitPrice);
  const stop = order.stopPrice === null ? undefined : toNumber(order.stopPrice);
  const from = stop ?? context.market.last(order.instrument)?.price;
  if (from === undefined || from <= 0) return undefined;
  const beyond = ((limit - from) / from) * 100;
  return order.side === 'BUY' ? beyond : -beyond;
}
