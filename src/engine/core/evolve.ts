/**
 * evolve(state, record): the one function that changes trading state, a fold over the journal.
 * Total and synchronous; it decides nothing. Both sides of a border are checked here: what the
 * event says came out of it against what folding it yields.
 */
import type { Event } from '../../domain/event';
import type { Decision } from '../../domain/verdict';
import { changeOrder, addOrder, foldOrderEvent, isOrderEvent } from './evolve-order';
import type { FoldStep } from './evolve-order';
import { foldCorrection } from './evolve-correction';
import { foldAdoption, foldCommission, foldFill } from './evolve-ledger';
import { foldLinkEvent, isLinkEvent } from './evolve-link';
import { foldSetting, isSettingEvent } from './evolve-setting';
import { holdingKey, orderOf, type State } from './state';

/** Folds one journal record into the state and returns the same state. @throws InvariantBreach */
export function evolve(state: State, record: FoldStep): State {
  const { event, sequence, at } = record;
  state.sequence = sequence;
  if (isOrderEvent(event)) foldOrderEvent(state, event, at);
  else if (isLinkEvent(event)) foldLinkEvent(state, event);
  else if (isSettingEvent(event)) foldSetting(state, event, at);
  else foldRest(state, event, at);
  return state;
}

type RestEvent = Exclude<
  Event,
  | Parameters<typeof foldOrderEvent>[1]
  | Parameters<typeof foldLinkEvent>[1]
  | Parameters<typeof foldSetting>[1]
>;

function foldRest(state: State, event: RestEvent, at: number): void {
  switch (event.type) {
    case 'OrderFilled':
      foldFill(state, event, at);
      break;
    case 'FillCorrected':
      foldCorrection(state, event, at);
      break;
    case 'PositionAdopted':
      foldAdoption(state, event, at);
      break;
    case 'CommissionCharged':
      foldCommission(state, event.execId, event.amount);
      break;
    case 'OrderArmed':
      addOrder(state, event.order);
      break;
    case 'DecisionMade':
      state.decisionsMade += 1;
      foldDecision(state, event.decision);
      break;
    default:
      foldPlan(state, event);
  }
}

/** A change that was refused leaves an order with the decision it works by. */
function foldDecision(state: State, { id, order, approved }: Decision): void {
  const isChange = orderOf(state, order).status !== 'ARMED';
  if (approved || !isChange) changeOrder(state, order, { decision: id });
}

type PlanEvent = Extract<
  Event,
  { type: 'PlanCreated' | 'PlanEntered' | 'PlanAddsArmed' | 'PlanClosingOut' | 'PlanClosed' }
>;

function foldPlan(state: State, event: PlanEvent): void {
  if (event.type === 'PlanCreated') {
    state.plansMade += 1;
    state.plans.set(event.plan.id, event.plan);
    state.planOrders.set(event.plan.id, []);
    if (event.plan.spec.settings.onClose === 'FLATTEN') state.flattening.add(event.plan.id);
    const before = event.plan.follows === null ? undefined : state.plans.get(event.plan.follows);
    if (before !== undefined) {
      state.plans.set(before.id, { ...before, followedBy: event.plan.id });
    }
    const place = holdingKey(event.plan);
    const plans = state.holdingPlans.get(place);
    if (plans === undefined) state.holdingPlans.set(place, [event.plan.id]);
    else plans.push(event.plan.id);
    return;
  }
  const plan = state.plans.get(event.plan);
  if (plan === undefined) throw new Error(`no plan ${event.plan} in the state`);
  switch (event.type) {
    case 'PlanEntered':
      state.plans.set(plan.id, {
        ...plan,
        status: 'IN_POSITION',
        direction: event.direction,
        reference: event.reference,
        entryOrder: event.entryOrder,
      });
      break;
    case 'PlanAddsArmed':
      state.plans.set(plan.id, { ...plan, addsArmed: true });
      break;
    case 'PlanClosingOut':
      state.plans.set(plan.id, { ...plan, closingOut: event.tradingDate });
      break;
    case 'PlanClosed':
      state.flattening.delete(plan.id);
      state.plans.set(plan.id, { ...plan, status: 'DONE', closedFor: event.reason });
      break;
  }
}
