/** Commands of a person, a file or the composition root. A command that cannot be done says why. */
import { isZero, signOf } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Command } from '../../domain/input';
import { isFinal } from '../../domain/order';
import { waitsFor } from './absence';
import { closeOut } from './close-out';
import { outcome, refused, type Ask, type Outcome } from './context';
import { loadInstructions, recordRefused } from './decide-instructions';
import { modifyOrder } from './decide-modify';
import { placeOrder } from './decide-place';
import { stateChange } from './decision';
import { equity } from './exposure';
import { cancelsOfSecond } from './flips';
import { releaseStaged } from './staging';
import { notSent } from './submission';
import { expiries } from './session-over';
import { orderOf, type State } from './state';
import { cancelOf } from './tidy-events';

interface Given<C> {
  readonly command: C;
  readonly at: number;
}
type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export function decideCommand(state: State, ask: Ask, given: Given<Command>): Outcome {
  const { command, at } = given;
  switch (command.kind) {
    case 'START_RUN':
      return startRun(state, { command, at });
    case 'OPEN_ACCOUNT':
      return openAccount(state, command);
    case 'START_DAY':
      return startDay(state, ask, command);
    case 'CREATE_STRATEGY':
      return createStrategy(state, command);
    case 'ADD_INSTRUMENT':
      return outcome([{ type: 'InstrumentAdded', instrument: command.instrument }]);
    case 'LOAD_INSTRUCTIONS':
      return loadInstructions(state, ask, { command, at });
    case 'RECORD_REFUSED_INSTRUCTIONS':
      return recordRefused(state, { command, at });
    case 'PLACE_ORDER':
      return placeOrder(state, ask, { command, at });
    case 'MODIFY_ORDER':
      return modifyOrder(state, ask, { command, at });
    case 'CANCEL_ORDER':
      return cancelOrder(state, command);
    case 'SET_TRADING_STATE':
      return setTradingState(state, command);
    case 'RELEASE_STAGED':
      return releaseStaged(state, { command, at });
    case 'CLOSE_OUT':
      return closeOut(state, { command, at });
    case 'CLOSE_SESSION':
      return outcome(expiries(state, command));
  }
}

/** What was approved in an earlier run and never claimed as sent did certainly not leave. */
function startRun(state: State, { command, at }: Given<Of<'START_RUN'>>): Outcome {
  const { mode, inputsHash, ruleSetHash } = command;
  const waiting = [...state.unsent].map((id) => orderOf(state, id));
  const reason = 'the process ended before it was sent';
  return outcome([
    { type: 'RunStarted', mode, inputsHash, ruleSetHash },
    ...notSent(state, waiting, { reason, at }),
  ]);
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
  const kind = scope.kind.toLowerCase();
  if (!known) return refused('NOT_FOUND', `there is no ${kind} "${scope.key}" here`, kind);
  if (by.trim() === '') {
    return refused('INVALID', 'a trading state is set by somebody: say by whom', 'by');
  }
  return outcome(stateChange(state, { scope, next, reason, by }));
}

function openAccount(state: State, command: Of<'OPEN_ACCOUNT'>): Outcome {
  const { account, currency, cash, positions = [], executions = [] } = command;
  if (state.accounts.has(account)) {
    return refused('DUPLICATE', `account ${account} is open already`, 'account');
  }
  const told = executions.length === 0 ? {} : { executions };
  const events: Event[] = [{ type: 'AccountOpened', account, currency, cash, ...told }];
  for (const { account: of, instrument, quantity, averageCost } of positions) {
    if (of !== account || isZero(quantity)) continue;
    if (!state.instruments.has(instrument)) {
      return refused('NOT_FOUND', `there is no instrument ${instrument}`, 'positions');
    }
    // Without a cost it cannot be booked: broker and book differ, and nothing opens in it.
    if (averageCost === null || signOf(averageCost) <= 0) continue;
    events.push({ type: 'PositionAdopted', account, instrument, quantity, price: averageCost });
  }
  return outcome(events);
}

function startDay(state: State, ask: Ask, command: Of<'START_DAY'>): Outcome {
  const { account, tradingDate } = command;
  if (!state.accounts.has(account)) {
    return refused('NOT_FOUND', `there is no account ${account}`, 'account');
  }
  if (state.accounts.get(account)?.tradingDate === tradingDate) return outcome([]);
  const worth = equity(state, ask, account);
  return outcome([{ type: 'DayStarted', account, tradingDate, equity: worth }]);
}

function createStrategy(state: State, command: Of<'CREATE_STRATEGY'>): Outcome {
  const { strategy, allowsShort, stage = 'PAPER', weight = '1', capital = null } = command;
  if (strategy.trim() === '') return refused('INVALID', 'a strategy needs a key', 'strategy');
  if (state.strategies.has(strategy)) {
    return refused('DUPLICATE', `strategy ${strategy} exists already`, 'strategy');
  }
  return outcome([{ type: 'StrategyCreated', strategy, allowsShort, stage, weight, capital }]);
}

function cancelOrder(state: State, command: Of<'CANCEL_ORDER'>): Outcome {
  const order = state.orders.get(command.order);
  if (order === undefined) {
    return refused('NOT_FOUND', `there is no order ${command.order}`, 'order');
  }
  const second = cancelsOfSecond(state, order, command.reason);
  if (isFinal(order)) {
    if (second.length > 0) return outcome(second);
    const message = `order ${order.id} is ${order.status} and cannot be cancelled`;
    return refused('NOT_CANCELLABLE', message, 'order');
  }
  const events = [cancelOf(order, command.reason), ...second];
  if (order.status !== 'UNKNOWN') return outcome(events);
  // It is asked for, and a person must not take it for done.
  const refusal = { code: 'NOT_CONNECTED', message: waitsFor(state, order), field: null } as const;
  return { events, refusal };
}
