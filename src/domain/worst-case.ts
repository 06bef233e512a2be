/**
 * The most that a plan can come to on one side: every level filled, then the stops hit. Figures of
 * the file alone, at the levels it names; neither gaps, slippage nor commissions are in them.
 */
import type { Money, Quantity } from './decimal';
import type { Direction } from './plan';

export interface WorstCase {
  readonly direction: Direction;
  /** Units with the entry and every add filled. */
  readonly quantity: Quantity;
  /** What they can be worth when the last of them fills. */
  readonly notional: Money;
  /** The most units of a single add; zero: there is none. */
  readonly addQuantity: Quantity;
  /** The most that a single add is worth. */
  readonly addNotional: Money;
  /** Units that no stop would close once every level has filled. */
  readonly uncovered: Quantity;
  /** What the stops leave lost of a round trip, as far as they reach; never negative. */
  readonly stoppedLoss: Money;
  /** The same where they close everything; null: nothing bounds the loss. */
  readonly loss: Money | null;
  /** Round trips that the plan may make in a session. */
  readonly cycles: number;
  /** The loss in all of them; null: nothing bounds it. */
  readonly lossOfAllCycles: Money | null;
}
