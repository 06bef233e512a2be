// ACTIVE, REDUCING, HALTED: nothing opens, everything gets out.

import type { Scope, TradingState } from '../../src/domain/trading-state';
import { ACCOUNT, openDesk, STRATEGY, type Desk } from '../support/trading-kit';

const set = (desk: Desk, state: TradingState, scope: Scope = { kind: 'SYSTEM', key: '' }) =>
  desk.command({ kind: 'SET_TRADING_STATE', scope, state, reason: 'a test', by: 'ann' });
const SCOPES: readonly Scope[] = [
  { kind: 'SYSTEM', key: '' },
  { kind: 'ACCOUNT', key: ACCOUNT },
  { kind: 'STRATEGY', key: STRATEGY },
  { kind: 'INSTRUMENT', key: 'AAPL' },
];

describe('a trading state', () => {
  it.each(SCOPES)('REDUCING of $kind denies openings and passes exits', async (scope) => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.tick('AAPL', '70');
    await set(desk, 'REDUCING', scope);
    await desk.place('AAPL', 'BUY 10 market');
    expect(desk.events('OrderDenied')[0]?.codes).toEqual(['H1']);
    await desk.place('AAPL', 'SELL 10 market');
    await desk.tick('AAPL', '70');
    expect(desk.held('AAPL')).toBe('0');
  });

  it.each(SCOPES)('HALTED of $kind cancels working entries and adds, not exits', async (scope) => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 70'],
      long: ['SELL 10 market 68 stop', 'BUY 10 limit 69'],
    });
    await desk.ticks('AAPL', '69.5 71 71');
    await set(desk, 'HALTED', scope);
    expect(desk.order('long[0]').status).toBe('WORKING');
    expect(desk.order('long[1]').status).toBe('CANCELLED');
    await desk.ticks('AAPL', '67 66');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('of another scope changes nothing', async () => {
    const desk = await openDesk();
    await set(desk, 'HALTED', { kind: 'INSTRUMENT', key: 'MSFT' });
    await set(desk, 'HALTED', { kind: 'STRATEGY', key: 'another' });
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 10 market');
    expect(desk.events('OrderSubmitted')).toHaveLength(1);
  });

  it('REDUCING makes an add that is touched wait, and it goes once trading is ACTIVE', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 70'],
      long: ['SELL 20 market 60 stop', 'BUY 10 market 69'],
    });
    await desk.ticks('AAPL', '69.5 71 71');
    await set(desk, 'REDUCING');
    await desk.ticks('AAPL', '68.9 68.8');
    expect(desk.order('long[1]')).toMatchObject({ status: 'ARMED' });
    expect(desk.order('long[1]').statusMessage).toMatch(/tradingState/);
    await set(desk, 'ACTIVE');
    await desk.ticks('AAPL', '68.7 68.6');
    expect(desk.held('AAPL')).toBe('20');
  });

  it('HALTED keeps armed entries armed, and one that fires is denied with H1', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 1 market 70', 'under SELL 1 market 68'] });
    await desk.tick('AAPL', '69');
    await set(desk, 'HALTED');
    await desk.tick('AAPL', '71');
    expect(desk.story('deny')).toEqual(['2 deny entry[0] H1']);
    expect(desk.order('entry[1]').status).toBe('ARMED');
    await set(desk, 'ACTIVE');
    await desk.ticks('AAPL', '67 67');
    expect(desk.held('AAPL')).toBe('-1');
  });

  it('stays after a restart on the same journal', async () => {
    const desk = await openDesk();
    await set(desk, 'HALTED');
    const second = await openDesk({ journal: desk.journal });
    expect(second.state.tradingStates).toEqual(desk.state.tradingStates);
  });
});

describe('a strategy that does not allow short', () => {
  it('opens no short by hand or by a file, and sells what it owns', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.command({ kind: 'CREATE_STRATEGY', strategy: 'long-only', allowsShort: false });
    await desk.tick('AAPL', '70');
    const own = { strategy: 'long-only' };
    await desk.place('AAPL', 'SELL 5 market', own);
    await desk.place('AAPL', 'BUY 5 market', own);
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'SELL 5 market', own);
    await desk.tick('AAPL', '70');
    const statuses = [...desk.state.orders.values()].map(({ status }) => status);
    expect(statuses).toEqual(['DENIED', 'FILLED', 'FILLED']);
    expect(desk.events('OrderDenied')[0]?.codes).toEqual(['NO_SHORT']);
  });
});

it('a denial names what is halted and why', async () => {
  const desk = await openDesk();
  await desk.tick('AAPL', '70');
  const scope = { kind: 'INSTRUMENT', key: 'AAPL' } as const;
  await desk.command({
    ...{ kind: 'SET_TRADING_STATE', scope, state: 'HALTED', reason: 'earnings', by: 'me' },
  });
  await desk.place('AAPL', 'BUY 5 market');
  const [order] = desk.state.orders.values();
  expect(order?.statusMessage).toContain('trading of instrument AAPL (earnings) is HALTED');
});
