/** How a run ended, per symbol: position, cash and profit at the last trade, exact to the cent. */
import {
  isZero,
  minus,
  NO_MONEY,
  perUnit,
  plus,
  price,
  toText,
  type Money,
} from '../domain/decimal';
import type { InstrumentKey } from '../domain/ids';
import type { Market } from '../domain/market';
import { unrealized } from '../engine/core/ledger';
import { holdingOf, type State } from '../engine/core/state';

export interface ReplayResult {
  readonly event: 'RESULT';
  /** Null when the recording has no trades at all. */
  readonly time: string | null;
  readonly symbol: string;
  readonly tradingDate: string | null;
  /** Units held at the end; negative is short. */
  readonly position: string;
  readonly averageCost: string | null;
  readonly lastPrice: string | null;
  /** Number of executions. */
  readonly fills: number;
  /** Number of orders that were denied. */
  readonly denied: number;
  /** Sale proceeds minus purchases, before commissions. */
  readonly cashFlow: string;
  readonly realizedPnl: string;
  /** At the last price. */
  readonly unrealizedPnl: string;
  readonly commissions: string;
  /** Realised plus unrealised minus commissions. */
  readonly pnl: string;
  readonly currency: string;
  /** SHA-256 of the whole run: the same inputs give the same hash. */
  readonly hash: string;
  /** Why nothing ran for the symbol; null when it ran. */
  readonly reason: string | null;
}

export interface ResultQuestion {
  readonly symbol: InstrumentKey;
  readonly account: string;
  readonly strategy: string;
  readonly tradingDate: string | null;
  readonly at: number | null;
  readonly hash: string;
  readonly reason: string | null;
}

export function resultOf(state: State, market: Market, question: ResultQuestion): ReplayResult {
  const { symbol, account, strategy, tradingDate, at, hash, reason } = question;
  const holding = holdingOf(state, { account, instrument: symbol, strategy });
  const last = market.last(symbol);
  const open: Money = last === undefined ? NO_MONEY : unrealized(holding, price(last.priceText));
  const pnl = minus(plus(holding.realized, open), holding.fees);
  const { quantity, cost } = holding;
  return {
    event: 'RESULT',
    time: at === null ? null : new Date(at).toISOString(),
    symbol,
    tradingDate,
    position: toText(quantity),
    averageCost: isZero(quantity) ? null : toText(perUnit(cost, quantity)),
    lastPrice: last === undefined ? null : toText(price(last.priceText)),
    fills: [...state.fills.values()].filter((fill) => fill.instrument === symbol).length,
    denied: [...state.orders.values()].filter(
      (order) => order.instrument === symbol && order.status === 'DENIED',
    ).length,
    cashFlow: toText(holding.cashFlow),
    realizedPnl: toText(holding.realized),
    unrealizedPnl: toText(open),
    commissions: toText(holding.fees),
    pnl: toText(pnl),
    currency: state.accounts.get(account)?.currency ?? 'USD',
    hash,
    reason,
  };
}
