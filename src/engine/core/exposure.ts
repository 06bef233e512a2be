/**
 * Worth of orders, positions and the account at the latest prices. Sums are exact decimals; only
 * the facts made of them are plain numbers, so that what is exactly at a limit is not a hair above.
 * Live orders count as filled: what may still happen counts as happened.
 */
import {
  abs,
  isZero,
  larger,
  minus,
  NO_MONEY,
  percentBetween,
  perUnit,
  plus,
  price,
  signOf,
  times,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import type { Order } from '../../domain/order';
import { kindOf } from '../../domain/price-source';
import type { Context } from './context';
import { signed } from './ledger';
import { remaining } from './sizing';
import { holdingOf, positionKey, positionOf, workingOrders, type State } from './state';

interface Place {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
}

/** The last price as an exact decimal; undefined before the first. */
export function lastPrice(context: Context, instrument: InstrumentKey): Price | undefined {
  const last = context.market.last(instrument);
  return last === undefined ? undefined : price(last.priceText);
}

/** The newer of the last price and, where its trigger looks at another one, of that. */
function priceFor({ market }: Context, order: Order): Price | undefined {
  const last = market.last(order.instrument);
  const quote = market.latest(order.instrument, kindOf(order));
  const newest = quote !== undefined && quote.at >= (last?.at ?? 0) ? quote : last;
  return newest === undefined ? undefined : price(newest.priceText);
}

/**
 * Price an order is valued at: the worst it can mean. A BUY limit costs at most its limit; a SELL
 * limit may fill higher, and a stop starts where it stands. Undefined when no price is known.
 */
export function valuationPrice(context: Context, order: Order): Price | undefined {
  const last = priceFor(context, order);
  const own = order.limitPrice ?? order.stopPrice;
  if (own === null) return last;
  if (order.side === 'BUY' && order.limitPrice !== null) return own;
  return last === undefined ? own : larger(own, last);
}

/** Signed position of the account if all its live orders of this side and this quantity fill. */
export function worstCaseQuantity(state: State, order: Order, quantity: Quantity): Quantity {
  const live = sameSide(state, order).reduce((sum, other) => plus(sum, mayFill(other)), quantity);
  return plus(positionOf(state, order).quantity, signed(order.side, live));
}

/**
 * Worth of that position: what is held at the last price, live orders and this one each at their
 * own valuation. Where the orders first have to close a position on the other side, the rest is
 * valued at the highest of these prices. Undefined when a price is missing.
 */
export function worstCaseWorth(
  state: State,
  context: Context,
  intent: { readonly order: Order; readonly quantity: Quantity },
): Money | undefined {
  const { order, quantity } = intent;
  const last = priceFor(context, order);
  const own = valuationPrice(context, order);
  if (last === undefined || own === undefined) return undefined;
  const parts = sameSide(state, order).map((other) => ({
    each: valuationPrice(context, other) ?? last,
    units: mayFill(other),
  }));
  parts.push({ each: own, units: quantity });
  const held = positionOf(state, order).quantity;
  if (signOf(held) * signOf(signed(order.side, quantity)) < 0) {
    const highest = parts.reduce((most, { each }) => larger(most, each), last);
    return times(highest, abs(worstCaseQuantity(state, order, quantity)));
  }
  const worth = parts.map(({ each, units }) => times(each, units));
  return worth.reduce((sum, part) => plus(sum, part), times(last, abs(held)));
}

/** Of an order that grows, what it may fill once the broker has taken the change. */
function mayFill(order: Order): Quantity {
  const { effect, requestedQuantity } = order;
  if (effect !== 'OPEN' || requestedQuantity === null) return remaining(order);
  return minus(larger(order.quantity, requestedQuantity), order.filledQuantity);
}

function sameSide(state: State, order: Order): Order[] {
  return workingOrders(state, order.instrument).filter(
    (other) =>
      other.account === order.account && other.side === order.side && other.id !== order.id,
  );
}

/**
 * Worth of all positions of the account, long and short added, with every live order that opens
 * counted as filled but the one that is asked about, which may be a change of it.
 */
export function grossExposure(
  state: State,
  context: Context,
  asked: Pick<Order, 'account' | 'id'>,
): Money {
  const { account } = asked;
  let gross = NO_MONEY;
  for (const { instrument, quantity } of heldBy(state, account)) {
    gross = plus(gross, times(markOf(state, context, { account, instrument }), abs(quantity)));
  }
  for (const instrument of state.working.keys()) {
    for (const order of workingOrders(state, instrument)) {
      if (order.account !== account || order.effect !== 'OPEN' || order.id === asked.id) continue;
      const each = valuationPrice(context, order);
      if (each !== undefined) gross = plus(gross, times(each, mayFill(order)));
    }
  }
  return gross;
}

/** What an account holds: far fewer than there are instruments. */
function heldBy(state: State, account: AccountKey) {
  const head = positionKey(account, '');
  return [...state.positions].flatMap(([key, { quantity }]) => {
    if (isZero(quantity) || !key.startsWith(head)) return [];
    return [{ instrument: key.slice(head.length), quantity }];
  });
}

const WORTHLESS = price('0');

/** The last price, or where there is none the average cost of what is held. */
export function markOf(state: State, context: Context, place: Place): Price {
  const last = lastPrice(context, place.instrument);
  if (last !== undefined) return last;
  for (const strategy of positionOf(state, place).owners) {
    const { quantity, cost } = holdingOf(state, { ...place, strategy });
    if (!isZero(quantity)) return abs(perUnit(cost, quantity));
  }
  return WORTHLESS;
}

/** Cash plus positions at their marks. */
export function equity(state: State, context: Context, account: AccountKey): Money {
  let worth = state.accounts.get(account)?.cash ?? NO_MONEY;
  for (const { instrument, quantity } of heldBy(state, account)) {
    worth = plus(worth, times(markOf(state, context, { account, instrument }), quantity));
  }
  return worth;
}

/** Profit of the account since its day began, or it was opened; negative is a loss. */
export function accountPnl(state: State, context: Context, account: AccountKey): Money {
  const opening = state.accounts.get(account)?.dayBase;
  return opening === undefined ? NO_MONEY : minus(equity(state, context, account), opening);
}

/** Percent between the last price and the price at which an order begins to act, either way. */
export function distanceFromLast(context: Context, order: Order): number | undefined {
  const acts = order.stopPrice ?? order.limitPrice;
  if (acts === null) return 0;
  const last = priceFor(context, order);
  return last === undefined ? undefined : Math.abs(percentBetween(last, acts));
}

/** Percent by which an order's price lies beyond the last one, to the order's own disadvantage. */
export function limitDistance(context: Context, order: Order): number | undefined {
  if (order.limitPrice === null) return 0;
  const from = order.stopPrice ?? priceFor(context, order);
  if (from === undefined || signOf(from) <= 0) return undefined;
  const beyond = percentBetween(from, order.limitPrice);
  return order.side === 'BUY' ? beyond : -beyond;
}
