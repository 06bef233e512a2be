/** How much an account may lose: the lower of an amount and a share of its worth that morning. */
import { NO_MONEY, percentOf, signOf, smaller, type Money } from '../../domain/decimal';
import type { AccountKey } from '../../domain/ids';
import type { Context } from './context';
import type { State } from './state';

/** The loss at which the account is halted; zero for an account nobody knows. */
export function lossLimit(state: State, { limits }: Context, account: AccountKey): Money {
  const opening = state.accounts.get(account)?.dayBase;
  if (opening === undefined) return NO_MONEY;
  const share = percentOf(opening, limits.maxDailyLossPercent);
  return signOf(share) > 0 ? smaller(limits.maxDailyLoss, share) : limits.maxDailyLoss;
}
