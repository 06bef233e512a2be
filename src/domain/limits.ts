/**
 * The hard limits: figures in code and configuration that no rule file can loosen.
 * Money is in the account's base currency.
 */
import { money, quantity, type Money, type Quantity } from './decimal';

export interface HardLimits {
  /** H5 */
  readonly maxQuantity: Quantity;
  /** H6: worth of a single order. */
  readonly maxOrderNotional: Money;
  /** H7: worst case of one instrument, all live orders of the order's side filled. */
  readonly maxPositionNotional: Money;
  /** H8: worth of all positions, long and short added, after the order. */
  readonly maxGrossExposure: Money;
  /** H9 */
  readonly maxSendsPerSecond: number;
  readonly maxOrdersPerMinute: number;
  readonly maxActivePerSide: number;
  /** H10: the lower of the two halts the account. */
  readonly maxDailyLoss: Money;
  readonly maxDailyLossPercent: string;
  /** H11, in milliseconds. */
  readonly maxPriceAge: number;
  /** H12, in percent of the reference price, on either side. */
  readonly priceCollarPercent: number;
}

export const DEFAULT_LIMITS: HardLimits = Object.freeze({
  maxQuantity: quantity('1000000'),
  maxOrderNotional: money('100000'),
  maxPositionNotional: money('250000'),
  maxGrossExposure: money('400000'),
  maxSendsPerSecond: 45,
  maxOrdersPerMinute: 300,
  maxActivePerSide: 15,
  maxDailyLoss: money('5000'),
  maxDailyLossPercent: '5',
  maxPriceAge: 30_000,
  priceCollarPercent: 20,
});
