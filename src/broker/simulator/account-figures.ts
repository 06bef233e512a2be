/** The account as the broker sums it up: values, margins and buying power under its own names. */
import { abs, minus, money, percentOf, plus, type Money } from '../../domain/decimal';
import type { GatewayCore } from './gateway-core';
import { cents } from './tws-messages';

const NOTHING = money('0');
/** Margin of a position in percent of its value; the same for opening and for keeping it. */
const MARGIN_PERCENT = '25';
/** Buying power per unit of available funds. */
const LEVERAGE_PERCENT = '400';

export interface AccountFigures {
  readonly cash: Money;
  readonly netLiquidation: Money;
  readonly grossPosition: Money;
  readonly stockValue: Money;
  readonly initialMargin: Money;
  readonly available: Money;
  readonly buyingPower: Money;
  readonly realized: Money;
  readonly unrealized: Money;
}

export function accountFigures(core: GatewayCore): AccountFigures {
  const valuations = core.valuations();
  const sum = (of: (value: (typeof valuations)[number]) => Money): Money =>
    valuations.reduce((total, each) => plus(total, of(each)), NOTHING);
  const stockValue = sum(({ value }) => value);
  const grossPosition = sum(({ value }) => abs(value));
  const netLiquidation = plus(core.books.cash, stockValue);
  const initialMargin = percentOf(grossPosition, MARGIN_PERCENT);
  const available = minus(netLiquidation, initialMargin);
  return {
    ...{ cash: core.books.cash, netLiquidation, grossPosition, stockValue, initialMargin },
    ...{ available, buyingPower: percentOf(available, LEVERAGE_PERCENT) },
    realized: sum(({ realized }) => realized),
    unrealized: sum(({ unrealized }) => unrealized),
  };
}

/** Every value of the account under the broker's names: key, value, currency. */
export function accountValues(core: GatewayCore): readonly (readonly [string, string, string])[] {
  const figures = accountFigures(core);
  const dollars = (name: string, value: Money): [string, string, string] => [
    ...([name, cents(value), 'USD'] as const),
  ];
  return [
    ['AccountCode', 'DU0000001', ''],
    ['AccountReady', 'true', ''],
    ['AccountType', 'INDIVIDUAL', ''],
    dollars('AccruedCash', NOTHING),
    dollars('AvailableFunds', figures.available),
    dollars('BuyingPower', figures.buyingPower),
    dollars('CashBalance', figures.cash),
    ['Currency', 'USD', 'USD'],
    dollars('EquityWithLoanValue', figures.netLiquidation),
    dollars('ExcessLiquidity', figures.available),
    ['ExchangeRate', '1.00', 'USD'],
    dollars('FullAvailableFunds', figures.available),
    dollars('FullExcessLiquidity', figures.available),
    dollars('FullInitMarginReq', figures.initialMargin),
    dollars('FullMaintMarginReq', figures.initialMargin),
    dollars('GrossPositionValue', figures.grossPosition),
    dollars('InitMarginReq', figures.initialMargin),
    dollars('MaintMarginReq', figures.initialMargin),
    dollars('NetLiquidation', figures.netLiquidation),
    dollars('NetLiquidationByCurrency', figures.netLiquidation),
    dollars('RealizedPnL', figures.realized),
    dollars('SettledCash', figures.cash),
    dollars('StockMarketValue', figures.stockValue),
    dollars('TotalCashBalance', figures.cash),
    dollars('TotalCashValue', figures.cash),
    dollars('UnrealizedPnL', figures.unrealized),
  ];
}
