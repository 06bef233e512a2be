/**
 * Commission schedules. `ib-fixed` is the broker's fixed US stock pricing: 0.005 a share, at least
 * 1.00 an order, at most 1 % of the order's value (the maximum wins over the minimum).
 */
import { larger, money, NO_MONEY, percentOf, price, smaller, times } from '../../domain/decimal';
import type { Money, Quantity } from '../../domain/decimal';

export type CommissionSchedule = 'none' | 'ib-fixed';

const PER_SHARE = price('0.005');
const MINIMUM = money('1');
const MAXIMUM_PERCENT = '1';

/**
 * Commission of an order with so many units filled at this total value, in the instrument's
 * currency.
 */
export function commissionOf(
  schedule: CommissionSchedule,
  filled: { readonly quantity: Quantity; readonly value: Money },
): Money {
  if (schedule === 'none') return NO_MONEY;
  const byShares = larger(times(PER_SHARE, filled.quantity), MINIMUM);
  return smaller(byShares, percentOf(filled.value, MAXIMUM_PERCENT));
}
