/**
 * The part of the fold that sets the table: runs, accounts, days, strategies, instruments,
 * files and trading states. It moves no order and no share.
 */
import { NO_MONEY } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { versionOf } from '../../domain/fill';
import { scopeKey, type State } from './state';

const SETTING_EVENTS = [
  'RunStarted',
  'AccountOpened',
  'DayStarted',
  'StrategyCreated',
  'InstrumentAdded',
  'InstructionsRecorded',
  'TradingStateChanged',
] as const;
type SettingEvent = Extract<Event, { type: (typeof SETTING_EVENTS)[number] }>;
const SETTING_TYPES: ReadonlySet<string> = new Set(SETTING_EVENTS);

export function isSettingEvent(event: Event): event is SettingEvent {
  return SETTING_TYPES.has(event.type);
}

export function foldSetting(state: State, event: SettingEvent, at: number): void {
  switch (event.type) {
    case 'RunStarted':
      state.link.mode = event.mode;
      state.link.ready = false;
      break;
    case 'AccountOpened':
      openAccount(state, event, at);
      break;
    case 'DayStarted': {
      const account = state.accounts.get(event.account);
      if (account === undefined) throw new Error(`no account ${event.account} in the state`);
      account.dayBase = event.equity;
      account.tradingDate = event.tradingDate;
      break;
    }
    case 'StrategyCreated': {
      const { strategy: key, allowsShort, stage, weight, capital } = event;
      const books = { openings: [], lastSimilar: new Map<string, number>() };
      const made = { key, allowsShort, stage, weight, capital, createdAt: at, ...books };
      state.strategies.set(key, made);
      break;
    }
    case 'InstrumentAdded':
      state.instruments.set(event.instrument.key, event.instrument);
      break;
    case 'InstructionsRecorded':
      state.filesMade += 1;
      state.files.set(event.file.id, event.file);
      break;
    case 'TradingStateChanged':
      foldTradingState(state, event, at);
      break;
  }
}

type StateChanged = Extract<Event, { type: 'TradingStateChanged' }>;

function foldTradingState(state: State, event: StateChanged, at: number): void {
  const { scope, state: next, reason, by } = event;
  const key = scopeKey(scope);
  state.tradingStates.set(key, next);
  if (next === 'ACTIVE') state.stateCauses.delete(key);
  else state.stateCauses.set(key, { scope, state: next, reason, by, at });
}

type AccountOpened = Extract<Event, { type: 'AccountOpened' }>;

function openAccount(state: State, event: AccountOpened, openedAt: number): void {
  const { account: key, currency, cash, executions = [] } = event;
  for (const execId of executions) state.adopted.add(versionOf(execId).base);
  state.accounts.set(key, {
    ...{ key, currency, openedAt, cash, openingCash: cash, dayBase: cash },
    tradingDate: null,
    cashFlow: NO_MONEY,
    fees: NO_MONEY,
    sends: [],
  });
}
