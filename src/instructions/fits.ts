/** Whether the numbers of a checked symbol are ones that its instrument trades in. */
import { compare, isMultipleOf, toText } from '../domain/decimal';
import type { Instrument } from '../domain/instrument';
import type { PlanSpec } from '../domain/plan';

/** Why a symbol cannot be armed, since half a plan is not; null: every number fits. */
export function unusableLeg(plan: PlanSpec, { lotSize, tickSize }: Instrument): string | null {
  for (const leg of [...plan.entries, ...plan.ifLong, ...plan.ifShort]) {
    const { price, trail } = leg;
    for (const at of [price, trail?.trailBy, trail?.activateAt]) {
      if (at == null || compare(at, tickSize) >= 0) continue;
      return `${leg.leg}: price ${toText(at)} is below the tick of ${toText(tickSize)}`;
    }
    if (isMultipleOf(leg.quantity, lotSize)) continue;
    const quantity = toText(leg.quantity);
    return `${leg.leg}: quantity ${quantity} is not a multiple of ${toText(lotSize)}`;
  }
  return null;
}
