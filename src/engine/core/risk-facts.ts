/**
 * The facts that rules look at, computed from the state at the moment of a decision. Only finite
 * numbers, truth values and words out of fixed lists; what cannot be known is left out, so that a
 * rule that needs it refuses.
 */
import { abs, compare, NO_MONEY, plus, times, toNumber, type Quantity } from '../../domain/decimal';
import type { LastPrice } from '../../domain/market';
import type { Order } from '../../domain/order';
import { kindOf } from '../../domain/price-source';
import type { Facts, FactValue } from '../../domain/verdict';
import type { Context } from './context';
import { similarityOf } from './evolve-order';
import {
  accountPnl,
  grossExposure,
  limitDistance,
  valuationPrice,
  worstCaseQuantity,
  worstCaseWorth,
} from './exposure';
import { isInFlight } from './sizing';
import { isNewest, pricedFor } from './staging';
import { holdingOf, ordersOfPlan, tradingStateFor, workingOrders, type State } from './state';

/** The age that stands for "no such order today". */
const A_DAY = 86_400_000;

/** An order about to be decided: how many units, and when. */
export interface Intent {
  readonly order: Order;
  readonly quantity: Quantity;
  readonly at: number;
}

type PossibleFacts = Readonly<Record<string, FactValue | undefined>>;

/** Drops what is not known or not finite. */
function known(facts: PossibleFacts): Facts {
  const kept = Object.entries(facts).filter(
    (entry): entry is [string, FactValue] =>
      entry[1] !== undefined && (typeof entry[1] !== 'number' || Number.isFinite(entry[1])),
  );
  return Object.fromEntries(kept);
}

/** Facts for the pre-trade risk rules. */
export function riskFacts(state: State, given: Context, intent: Intent): Facts {
  const { order } = intent;
  const context = pricedFor(given, order);
  return known({
    side: order.side,
    orderType: order.type,
    effect: order.effect,
    role: order.role,
    allocationQuantity: toNumber(holdingOf(state, order).quantity),
    wouldBeShort: wouldBeShort(state, intent),
    strategyAllowsShort: state.strategies.get(order.strategy)?.allowsShort,
    accountPnlToday: toNumber(accountPnl(state, context, order.account)),
    ...sizeFacts(state, context, intent),
    ...paceFacts(state, intent),
    ...priceFacts(state, context, intent),
  });
}

/** Of what it owns now: its other live orders are judged when they open. */
function wouldBeShort(state: State, { order, quantity }: Intent): boolean {
  if (order.side === 'BUY') return false;
  return compare(holdingOf(state, order).quantity, quantity) < 0;
}

function sizeFacts(state: State, context: Context, intent: Intent): PossibleFacts {
  const { order, quantity } = intent;
  const price = valuationPrice(context, order);
  const notional = price === undefined ? undefined : times(price, quantity);
  const worst = worstCaseWorth(state, context, intent);
  const gross = grossExposure(state, context, order);
  const added = order.effect === 'OPEN' ? notional : NO_MONEY;
  const volume = state.instruments.get(order.instrument)?.averageVolume ?? undefined;
  const size = toNumber(quantity);
  return {
    orderQuantity: size,
    orderNotional: notional && toNumber(notional),
    worstCasePositionQuantity: toNumber(abs(worstCaseQuantity(state, order, quantity))),
    worstCasePositionNotional: worst && toNumber(worst),
    grossExposure: added && toNumber(plus(gross, added)),
    orderPctOfAverageVolume: volume === undefined ? undefined : (size / volume) * 100,
  };
}

function paceFacts(state: State, intent: Intent): PossibleFacts {
  const { order, quantity, at } = intent;
  const strategy = state.strategies.get(order.strategy);
  const openings = strategy?.openings ?? [];
  const today = Math.floor(at / A_DAY) * A_DAY;
  const since = (start: number): number => openings.filter((sent) => sent > start).length;
  const similarAt = strategy?.lastSimilar.get(similarityOf(order, quantity));
  return {
    openOrdersStrategyInstrument: workingOrders(state, order.instrument).filter(
      (other) => other.strategy === order.strategy,
    ).length,
    ordersLastSecond: since(at - 1_000),
    ordersLastMinute: since(at - 60_000),
    ordersToday: since(today - 1),
    similarOrderAgeMs: similarAt === undefined ? A_DAY : at - similarAt,
  };
}

function priceFacts(state: State, context: Context, intent: Intent): PossibleFacts {
  const last = priceLookedAt(context, intent.order);
  return {
    limitDistancePct: limitDistance(context, intent.order),
    priceAgeMs: last === undefined ? undefined : ageFor(intent, last.at),
    spreadPct: spread(last),
  };
}

/** The price that the order's trigger looks at; before that one was seen, the last one. */
function priceLookedAt({ market }: Context, order: Order): LastPrice | undefined {
  const { instrument } = order;
  return market.latest(instrument, kindOf(order)) ?? market.last(instrument);
}

/** An input may wait in the mailbox so long while newer prices come in. */
const LONGEST_WAIT = 60_000;

/**
 * A price that came in while the intent waited is as fresh as can be. One from farther in the
 * future has no age, since a clock must be wrong: whatever needs an age refuses.
 */
function ageOf(priceAt: number, intentAt: number): number | undefined {
  if (priceAt - intentAt > LONGEST_WAIT) return undefined;
  return Math.max(0, intentAt - priceAt);
}

/** Before an opening auction the last price is as new as there is one. */
function ageFor({ order, at }: Intent, priceAt: number): number | undefined {
  const age = ageOf(priceAt, at);
  return age !== undefined && isNewest(order, priceAt) ? 0 : age;
}

/** Spread in percent of the middle; undefined without both sides. */
function spread(last: { readonly bid?: number; readonly ask?: number } | undefined) {
  if (last?.bid === undefined || last.ask === undefined) return undefined;
  const middle = (last.bid + last.ask) / 2;
  return middle > 0 ? ((last.ask - last.bid) / middle) * 100 : undefined;
}

/** Facts for the rule of a conditional order whose price leg fired. */
export function conditionalFacts(state: State, context: Context, order: Order): Facts {
  const last = priceLookedAt(context, order);
  const siblings = order.plan === null ? [] : ordersOfPlan(state, order.plan);
  const adds = siblings.filter((other) => other.effect === 'OPEN' && other.role !== 'ENTRY');
  const exits = siblings.filter((other) => other.effect === 'REDUCE');
  return known({
    price: last?.price,
    side: order.side,
    allocationQuantity: toNumber(holdingOf(state, order).quantity),
    addsInFlight: adds.filter(isInFlight).length,
    exitsInFlight: exits.filter(isInFlight).length,
    tradingState: tradingStateFor(state, order),
    spreadPct: spread(last),
  });
}
