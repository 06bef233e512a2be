// Ways past a limit that were once found, each closed: an order that broke a halting rule, losses
// made by the price alone, live orders left out, exits grown past the position.

import { money, quantity, toText } from '../../src/domain/decimal';
import type { Scope } from '../../src/domain/trading-state';
import { isAtBroker } from '../../src/domain/order';
import { remaining } from '../../src/engine/core/sizing';
import { ACCOUNT, openDesk, STRATEGY, type Desk } from '../support/trading-kit';

const codes = (desk: Desk): readonly string[] => desk.events('DecisionMade').at(-1)!.decision.codes;
const stateOf = (desk: Desk, scope: Scope): string | undefined =>
  desk.state.tradingStates.get(`${scope.kind}|${scope.key}`);
const ACCOUNT_SCOPE: Scope = { kind: 'ACCOUNT', key: ACCOUNT };

describe('the daily loss', () => {
  it('halts by the price alone, and cancels the add that would fill into it', async () => {
    const desk = await openDesk({ rules: 'none' });
    await desk.load('AAPL', {
      entry: ['over BUY 900 market 100'],
      long: ['SELL 900 limit 130', 'BUY 900 limit 93'],
    });
    await desk.ticks('AAPL', '100 100.5 100.5 95.1');
    expect(stateOf(desk, ACCOUNT_SCOPE)).toBeUndefined();
    await desk.tick('AAPL', '94.9');
    expect(stateOf(desk, ACCOUNT_SCOPE)).toBe('HALTED');
    await desk.tick('AAPL', '93');
    expect(desk.held('AAPL')).toBe('900');
    expect(desk.order('long[1]').status).toBe('CANCELLED');
    expect(desk.order('long[0]').status).toBe('WORKING');
  });

  it('is reached exactly at the limit, and not a cent before', async () => {
    const desk = await openDesk({ rules: 'none', limits: { maxDailyLoss: money('100') } });
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'BUY 100 market');
    await desk.ticks('AAPL', '100 99.01');
    expect(stateOf(desk, ACCOUNT_SCOPE)).toBeUndefined();
    await desk.tick('AAPL', '99');
    expect(stateOf(desk, ACCOUNT_SCOPE)).toBe('HALTED');
  });
});

describe('exposure', () => {
  it('counts orders that are given to the broker and not filled yet', async () => {
    const desk = await openDesk({
      rules: 'none',
      symbols: ['AAPL', 'MSFT', 'IBM'],
      limits: { maxGrossExposure: money('250') },
    });
    for (const symbol of ['AAPL', 'MSFT', 'IBM']) await desk.tick(symbol, '100');
    await desk.place('AAPL', 'BUY 1 market');
    await desk.place('MSFT', 'SELL 1 limit 101');
    await desk.place('IBM', 'BUY 1 market');
    expect(codes(desk)).toEqual(['H8']);
  });

  it('values what is held at the market and not at a far limit', async () => {
    const desk = await openDesk({ rules: 'none', limits: { maxPositionNotional: money('1000') } });
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'BUY 9 market');
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'BUY 2 limit 80');
    expect(codes(desk)).toEqual(['H7']);
    await desk.place('AAPL', 'BUY 1 limit 80');
    expect(codes(desk)).toEqual([]);
  });

  it('values a sale below the market at the market', async () => {
    const desk = await openDesk({ rules: 'none', limits: { maxOrderNotional: money('1000') } });
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'SELL 11 limit 85');
    expect(codes(desk)).toEqual(['H6']);
  });

  it('lets nothing open against an order that opens on the other side', async () => {
    const desk = await openDesk({ rules: 'none' });
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'SELL 5 limit 101');
    await desk.place('AAPL', 'BUY 5 market');
    expect(codes(desk)).toEqual(['H13']);
  });
});

describe('exits on their way', () => {
  it('share the position and never exceed it, however small the parts they fill in', async () => {
    const desk = await openDesk({ rules: 'none', broker: (inner) => inner });
    await desk.load('AAPL', {
      entry: ['over BUY 100 market 100'],
      long: ['SELL 60 market 101', 'SELL 60 market 101'],
    });
    await desk.ticks('AAPL', '100 100.5 100.5 101');
    const [first] = ['long[0]', 'long[1]'].map((leg) => desk.order(leg));
    await desk.report({
      ...{ kind: 'FILL', order: first!.id, execId: 'part-1', account: ACCOUNT },
      ...{
        instrument: 'AAPL',
        side: 'SELL',
        quantity: quantity('10'),
        price: first!.trigger!.level,
      },
    });
    const left = ['long[0]', 'long[1]']
      .map((leg) => desk.order(leg))
      .filter(isAtBroker)
      .map((order) => Number(toText(remaining(order))));
    expect(left.reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(90);
  });
});

describe('a trading state', () => {
  it('REDUCING cancels resting adds: a fill would add to the position', async () => {
    const desk = await openDesk({ rules: 'none' });
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 100'],
      long: ['SELL 20 market 90 stop', 'BUY 10 limit 98'],
    });
    await desk.ticks('AAPL', '100 100.5 100.5');
    const scope: Scope = { kind: 'SYSTEM', key: '' };
    await desk.command({
      kind: 'SET_TRADING_STATE',
      scope,
      state: 'REDUCING',
      reason: 'x',
      by: 'a',
    });
    await desk.tick('AAPL', '98');
    expect(desk.held('AAPL')).toBe('10');
  });

  it.each([
    [{ kind: 'SYSTEM', key: 'x' }, 'ann'],
    [{ kind: 'ACCOUNT', key: 'DU9' }, 'ann'],
    [{ kind: 'STRATEGY', key: 'momentun' }, 'ann'],
    [{ kind: 'INSTRUMENT', key: 'APPL' }, 'ann'],
    [{ kind: 'STRATEGY', key: STRATEGY }, ' '],
  ] as const)(
    'of %j set by "%s" is refused: it would stop nothing, or nobody did it',
    async (scope, by) => {
      const desk = await openDesk();
      const asked = { kind: 'SET_TRADING_STATE', scope, state: 'HALTED', reason: 'x', by } as const;
      expect(await desk.command(asked)).not.toBeNull();
      expect(desk.state.tradingStates.size).toBe(0);
    },
  );

  it('is set to REDUCING for an instrument whose exit by hand the broker refuses', async () => {
    const desk = await openDesk({ rules: 'none' });
    await desk.ticks('AAPL', '100');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.ticks('AAPL', '100.5');
    await desk.place('AAPL', 'SELL 10 stop 90');
    const order = 'ord-00000002';
    await desk.report({ kind: 'REJECTED', order, reason: 'no margin' });
    expect(stateOf(desk, { kind: 'INSTRUMENT', key: 'AAPL' })).toBe('REDUCING');
  });
});

describe('a price that is none', () => {
  it.each(['0', '-1'])('%s fires nothing and is not the last price', async (text) => {
    const desk = await openDesk({ rules: 'none' });
    await desk.load('AAPL', { entry: ['under SELL 1 market 50'] });
    await desk.ticks('AAPL', `60 ${text} 60`);
    expect(desk.story('trigger')).toEqual([]);
    expect(desk.engine.market.last('AAPL')?.price).toBe(60);
  });
});
