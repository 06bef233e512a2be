/** The entries of a plan: one OCA group, armed when the file is loaded and in each later cycle. */
import type { Price } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import type { Plan } from '../../domain/plan';
import type { Context } from './context';
import { kindOfEntry, orderFromLeg } from './plan-orders';
import type { State } from './state';

/** A plan that waits for its entries. */
export function waitingPlan(
  given: Omit<
    Plan,
    'status' | 'direction' | 'reference' | 'entryOrder' | 'addsArmed' | 'followedBy'
  >,
): Plan {
  return {
    ...given,
    ...{ status: 'WAITING', direction: null, reference: null },
    ...{ entryOrder: null, addsArmed: false, followedBy: null },
  };
}

export interface EntryArming {
  readonly plan: Plan;
  /** Plays the price before the first one for crosses that fire on gaps. */
  readonly previousClose: Price | null;
  readonly at: number;
  /** How many orders the same decision has made before these. */
  readonly ahead: number;
}

/** The plan, and its entries in file order. */
export function planArmed(state: State, context: Context, arming: EntryArming): Event[] {
  const { plan, previousClose, at, ahead } = arming;
  const entries = plan.spec.entries.map((leg, n): Event => {
    const reference = leg.firesOnGap ? previousClose : null;
    const each = { plan, leg, kind: kindOfEntry(leg), quantity: leg.quantity, reference, at };
    return {
      type: 'OrderArmed',
      order: orderFromLeg(state, context, { ...each, ahead: ahead + n }),
    };
  });
  return [{ type: 'PlanCreated', plan }, ...entries];
}

/**
 * The next round trip of a plan that went flat, where the file allows one: a plan of its own, so
 * that what is left of the last cycle is never taken for a part of this one. The next price only
 * sets the reference of its crosses.
 */
export function nextCycle(
  state: State,
  context: Context,
  {
    plan,
    at,
    plansAhead,
  }: { readonly plan: Plan; readonly at: number; readonly plansAhead: number },
): Event[] {
  if (plan.cycle >= plan.spec.settings.cycles) return [];
  const id = idFrom('pln', state.plansMade + plansAhead + 1);
  const next = waitingPlan({ ...plan, id, cycle: plan.cycle + 1, follows: plan.id });
  return planArmed(state, context, { plan: next, previousClose: null, at, ahead: 0 });
}
