/** Commands of a person, a file or the composition root. A command that cannot be done says why. */
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import type { Command } from '../../domain/input';
import { isAtBroker, isFinal, type Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import { outcome, refused, type Ask, type Outcome } from './context';
import { stateChange } from './decision';
import { blankOrder } from './new-order';
import { kindOfEntry, orderFromLeg } from './plan-orders';
import { effectOf } from './risk-facts';
import { holdingOf, orderOf, type State } from './state';

interface Given<C> {
  readonly command: C;
  readonly at: number;
}
type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function decideCommand(state: State, ask: Ask, given: Given<Command>): Outcome {
  const { command, at } = given;
  switch (command.kind) {
    case 'START_RUN': {
      const { mode, inputsHash, ruleSetHash } = command;
      return outcome([{ type: 'RunStarted', mode, inputsHash, ruleSetHash }]);
    }
    case 'OPEN_ACCOUNT':
      return openAccount(state, command);
    case 'CREATE_STRATEGY':
      return createStrategy(state, command);
    case 'ADD_INSTRUMENT':
      return outcome([{ type: 'InstrumentAdded', instrument: command.instrument }]);
    case 'LOAD_INSTRUCTIONS':
      return loadInstructions(state, ask, { command, at });
    case 'PLACE_ORDER':
      return placeOrder(state, { command, at });
    case 'CANCEL_ORDER':
      return cancelOrder(state, command);
    case 'SET_TRADING_STATE':
      return setTradingState(state, command);
    case 'CLOSE_SESSION':
      return closeSession(state, command);
  }
}

/** A state that stops nothing because its scope is misspelt would be worse than none. */
function setTradingState(state: State, command: Of<'SET_TRADING_STATE'>): Outcome {
  const { scope, state: next, reason, by } = command;
  const known = {
    SYSTEM: scope.key === '',
    ACCOUNT: state.accounts.has(scope.key),
    STRATEGY: state.strategies.has(scope.key),
    INSTRUMENT: state.instruments.has(scope.key),
  }[scope.kind];
  if (!known) return refused(`there is no ${scope.kind.toLowerCase()} "${scope.key}" here`);
  if (by.trim() === '') return refused('a trading state is set by somebody: say by whom');
  return outcome(stateChange(state, { scope, next, reason, by }));
}

function openAccount(state: State, command: Of<'OPEN_ACCOUNT'>): Outcome {
  const { account, currency, cash } = command;
  if (state.accounts.has(account)) return refused(`account ${account} is open already`);
  return outcome([{ type: 'AccountOpened', account, currency, cash }]);
}

function createStrategy(state: State, command: Of<'CREATE_STRATEGY'>): Outcome {
  const { strategy, allowsShort } = command;
  if (strategy.trim() === '') return refused('a strategy needs a key');
  if (state.strategies.has(strategy)) return refused(`strategy ${strategy} exists already`);
  return outcome([{ type: 'StrategyCreated', strategy, allowsShort }]);
}

/** Arms the entries of every plan; the same content again is a no-op. */
function loadInstructions(state: State, ask: Ask, given: Given<Of<'LOAD_INSTRUCTIONS'>>): Outcome {
  const { command, at } = given;
  const { strategy, account, tradingDate, fileName, contentHash } = command;
  if (!state.strategies.has(strategy)) return refused(`there is no strategy ${strategy}`);
  if (!state.accounts.has(account)) return refused(`there is no account ${account}`);
  const events: Event[] = [];
  let plansAhead = 0;
  let ahead = 0;
  const symbols = new Set<string>();
  for (const { spec, instrument, previousClose } of command.plans) {
    if (!state.instruments.has(instrument)) return refused(`there is no instrument ${instrument}`);
    if (symbols.has(instrument)) return refused(`${instrument} stands in the file twice`);
    symbols.add(instrument);
    const clash = planOn(state, { strategy, account, instrument, tradingDate });
    if (clash?.contentHash === contentHash) continue;
    if (clash !== undefined) {
      return refused(
        `${spec.symbol} already has instructions for ${tradingDate} from ${clash.fileName}`,
      );
    }
    const plan: Plan = {
      id: idFrom('pln', state.plansMade + plansAhead + 1),
      ...{ strategy, account, instrument, tradingDate, fileName, contentHash, spec },
      status: 'WAITING',
      direction: null,
      reference: null,
      entryOrder: null,
      addsArmed: false,
    };
    plansAhead += 1;
    events.push({ type: 'PlanCreated', plan });
    for (const leg of spec.entries) {
      const reference = leg.firesOnGap ? previousClose : null;
      const kind = kindOfEntry(leg);
      const arming = { plan, leg, kind, quantity: leg.quantity, reference, at, ahead };
      events.push({ type: 'OrderArmed', order: orderFromLeg(state, ask, arming) });
      ahead += 1;
    }
  }
  return outcome(events);
}

type PlanPlace = Pick<Plan, 'strategy' | 'account' | 'instrument' | 'tradingDate'>;

function planOn(state: State, place: PlanPlace): Plan | undefined {
  for (const plan of state.plans.values()) {
    const same =
      plan.strategy === place.strategy &&
      plan.account === place.account &&
      plan.instrument === place.instrument &&
      plan.tradingDate === place.tradingDate;
    if (same) return plan;
  }
  return undefined;
}

/** Request ids of orders that come from a plan. */
const OWN_REQUEST = /^(pln-|flatten\/)/;

function placeOrder(state: State, given: Given<Of<'PLACE_ORDER'>>): Outcome {
  if (OWN_REQUEST.test(given.command.requestId)) {
    return refused('request ids that start with pln- or flatten/ are made by Tidegate itself');
  }
  const order = manualOrder(state, given);
  const first = state.requests.get(order.requestId);
  if (first === undefined) return outcome([{ type: 'OrderArmed', order }]);
  const same = sameAsk(orderOf(state, first), order);
  if (same) return outcome([]);
  return refused(
    `H4: request id ${order.requestId} was already used by ${first} for another order`,
  );
}

/** Whether two orders ask for the same thing: a retry, not a slip. */
function sameAsk(a: Order, b: Order): boolean {
  const words = (order: Order): string =>
    JSON.stringify([
      ...[order.strategy, order.account, order.instrument, order.side, order.type],
      ...[order.timeInForce, order.intendedQuantity, order.limitPrice, order.stopPrice],
    ]);
  return words(a) === words(b);
}

function manualOrder(state: State, { command, at }: Given<Of<'PLACE_ORDER'>>): Order {
  const { requestId, strategy, account, instrument, side, type, timeInForce } = command;
  const { quantity, limitPrice, stopPrice } = command;
  const held = holdingOf(state, command).quantity;
  return {
    ...{ requestId, strategy, account, instrument, side, type, timeInForce },
    ...{ limitPrice, stopPrice },
    id: idFrom('ord', state.ordersMade + 1),
    role: 'MANUAL',
    effect: effectOf(held, command.side),
    intendedQuantity: quantity,
    quantity,
    ...blankOrder(at),
  };
}

function cancelOrder(state: State, command: Of<'CANCEL_ORDER'>): Outcome {
  const order = state.orders.get(command.order);
  if (order === undefined) return refused(`there is no order ${command.order}`);
  if (isFinal(order))
    return refused(`order ${order.id} is ${order.status} and cannot be cancelled`);
  const { reason } = command;
  if (isAtBroker(order)) {
    return outcome([{ type: 'OrderCancelRequested', order: order.id, reason }]);
  }
  return outcome([{ type: 'OrderCancelled', order: order.id, reason, by: null }]);
}

/** What the engine holds expires; what the broker holds is the broker's to expire. */
function closeSession(state: State, command: Of<'CLOSE_SESSION'>): Outcome {
  const closing = new Set(command.instruments);
  const events: Event[] = [];
  for (const order of state.orders.values()) {
    if (order.status !== 'ARMED' || !closing.has(order.instrument)) continue;
    events.push({ type: 'OrderExpired', order: order.id, reason: command.reason });
  }
  return outcome(events);
}
