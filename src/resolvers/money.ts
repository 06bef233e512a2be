/** Amounts beside their currency, and profit and loss over holdings. Pure arithmetic. */
import { isZero, minus, NO_MONEY, perUnit, plus, price, times } from '../domain/decimal';
import { money, toText, type Money, type Quantity } from '../domain/decimal';
import type { Holding } from '../domain/fill';
import type { InstrumentKey } from '../domain/ids';
import type { ApiMoney, ApiProfitAndLoss } from '../schema/node';
import type { Views } from './views';

export function moneyOf(amount: Money, currency: string): ApiMoney {
  return { amount, currency };
}
export function moneyOrNull(amount: Money | null, currency: string): ApiMoney | null {
  return amount === null ? null : moneyOf(amount, currency);
}

/** Cost of a unit; 0 for nothing. */
export function averageCost(cost: Money, quantity: Quantity): Money {
  return isZero(quantity) ? NO_MONEY : money(toText(perUnit(cost, quantity)));
}

/** A holding with what it is of. */
export interface Held {
  readonly instrument: InstrumentKey;
  readonly holding: Holding;
}

/** The sum over holdings that are counted in the currency; others are left out, not converted. */
export function pnlOf(views: Views, held: readonly Held[], currency: string): ApiProfitAndLoss {
  let realized = NO_MONEY;
  let commissions = NO_MONEY;
  let unrealized: Money | null = NO_MONEY;
  for (const { instrument, holding } of held) {
    if (views.state.instruments.get(instrument)?.currency !== currency) continue;
    realized = plus(realized, holding.realized);
    commissions = plus(commissions, holding.fees);
    if (isZero(holding.quantity)) continue;
    const last = views.engine.market.last(instrument);
    if (last === undefined || unrealized === null) unrealized = null;
    else {
      const value = times(price(last.priceText), holding.quantity);
      unrealized = plus(unrealized, minus(value, holding.cost));
    }
  }
  return {
    realized: moneyOf(realized, currency),
    unrealized: moneyOrNull(unrealized, currency),
    commissions: moneyOf(commissions, currency),
    asOf: views.desk.now(),
  };
}
