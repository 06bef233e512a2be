/**
 * Conditional-order kinds as the engine sees them: which price leg releases an instance, and who
 * watches it. The kinds themselves are JSON rules; this is what loading them yields.
 */
import type { HeldBy, OrderRole, TriggerKind } from './order';
import type { ConditionCheck } from './verdict';

/**
 * The comparison of a price with a level that releases an order.
 * crossesAbove / crossesBelow: on the edge. atOrAbove / atOrBelow: as long as it holds.
 * touches: at or through on the order's good side (BUY at or below, SELL at or above).
 * stopsAt: at or through on its bad side (BUY at or above, SELL at or below).
 * trailsAt: the same, of a level that follows the best price.
 */
export type PriceLeg =
  'crossesAbove' | 'crossesBelow' | 'atOrAbove' | 'atOrBelow' | 'touches' | 'stopsAt' | 'trailsAt';

/** The kinds the engine itself arms, from files and by hand; a rule folder must define each. */
export const ORDER_KINDS = [
  'entry-on-cross-over',
  'entry-on-cross-under',
  'take-profit',
  'take-profit-on-touch',
  'stop-loss',
  'stop-loss-held-here',
  'trailing-stop',
  'trailing-stop-from-price',
  'dca',
  'dca-on-touch',
  'pyramid',
  'by-hand-on-cross-over',
  'by-hand-on-cross-under',
  'by-hand-on-touch',
  'by-hand-on-stop',
  'by-hand-on-trail',
] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

export interface ConditionalKind {
  readonly key: string;
  readonly role: OrderRole;
  readonly heldBy: HeldBy;
  readonly leg: PriceLeg;
  readonly trigger: TriggerKind;
}

/** Whether the whole rule says yes at the moment its price leg fired. */
export interface ConditionalVerdict {
  readonly fires: boolean;
  readonly conditions: readonly ConditionCheck[];
  /** Why not, in words; null when it fires. */
  readonly reason: string | null;
}
