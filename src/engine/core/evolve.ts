/**
 * evolve(state, record): the one function that changes trading state, a fold over the journal.
 * Total and synchronous; it decides nothing. Both sides of a border are checked here: what the
 * event says came out of it against what folding it yields.
 */
import type { Event } from '../../domain/event';
import { NO_MONEY } from '../../domain/decimal';
import { scopeKey, type State } from './state';
import { foldCommission, foldFill } from './evolve-ledger';
import { addOrder, changeOrder, foldOrderEvent, isOrderEvent, type FoldStep } from './evolve-order';

/** Folds one journal record into the state and returns the same state. @throws InvariantBreach */
export function evolve(state: State, record: FoldStep): State {
  const { event, sequence } = record;
  state.sequence = sequence;
  if (isOrderEvent(event)) {
    foldOrderEvent(state, event, record.at);
    return state;
  }
  switch (event.type) {
    case 'OrderFilled':
      foldFill(state, event, record.at);
      break;
    case 'CommissionCharged':
      foldCommission(state, event.execId, event.amount);
      break;
    case 'OrderArmed':
      addOrder(state, event.order);
      break;
    default:
      foldSetting(state, event);
  }
  return state;
}

type SettingEvent = Exclude<
  Event,
  | { type: 'OrderFilled' | 'CommissionCharged' | 'OrderArmed' }
  | Parameters<typeof foldOrderEvent>[1]
>;

function foldSetting(state: State, event: SettingEvent): void {
  switch (event.type) {
    case 'RunStarted':
      break;
    case 'AccountOpened':
      state.accounts.set(event.account, {
        key: event.account,
        currency: event.currency,
        openingCash: event.cash,
        cash: event.cash,
        cashFlow: NO_MONEY,
        fees: NO_MONEY,
        sends: [],
      });
      break;
    case 'StrategyCreated':
      state.strategies.set(event.strategy, {
        key: event.strategy,
        allowsShort: event.allowsShort,
        openings: [],
        lastSimilar: new Map(),
      });
      break;
    case 'InstrumentAdded':
      state.instruments.set(event.instrument.key, event.instrument);
      break;
    case 'DecisionMade':
      state.decisionsMade += 1;
      changeOrder(state, event.decision.order, { decision: event.decision.id });
      break;
    case 'TradingStateChanged':
      state.tradingStates.set(scopeKey(event.scope), event.state);
      break;
    default:
      foldPlan(state, event);
  }
}

type PlanEvent = Extract<
  Event,
  { type: 'PlanCreated' | 'PlanEntered' | 'PlanAddsArmed' | 'PlanClosed' }
>;

function foldPlan(state: State, event: PlanEvent): void {
  if (event.type === 'PlanCreated') {
    state.plansMade += 1;
    state.plans.set(event.plan.id, event.plan);
    state.planOrders.set(event.plan.id, []);
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
    case 'PlanClosed':
      state.plans.set(plan.id, { ...plan, status: 'DONE' });
      break;
  }
}
