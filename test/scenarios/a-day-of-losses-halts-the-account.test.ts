// H10: what the account has lost halts it, whoever lost it and however.

import { money, toText } from '../../src/domain/decimal';
import { tradingStateFor } from '../../src/engine/core/state';
import { ACCOUNT, openDesk, STRATEGY, type Desk } from '../support/trading-kit';

const stateOf = (desk: Desk): string =>
  tradingStateFor(desk.state, { account: ACCOUNT, strategy: STRATEGY, instrument: 'AAPL' });
const LIMITS = { maxDailyLoss: money('100') };

describe('an account that has lost its daily maximum', () => {
  it('is halted by the fill that shows it, and its working entries are cancelled', async () => {
    const desk = await openDesk({ limits: LIMITS, symbols: ['AAPL', 'MSFT'] });
    await desk.load('AAPL', { entry: ['over BUY 100 market 70'], long: ['SELL 100 market 69.01'] });
    await desk.load('MSFT', { entry: ['over BUY 10 limit 50', 'under SELL 10 market 40'] });
    await desk.ticks('MSFT', '49 51');
    await desk.ticks('AAPL', '69.5 70.5 70.5 69 68.9');
    expect(stateOf(desk)).toBe('HALTED');
    expect(desk.order('entry[0]', 'MSFT').status).toBe('CANCELLED');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('is halted at the fill itself when the fill is what lost the money', async () => {
    const desk = await openDesk({
      limits: { maxDailyLoss: money('2') },
      exchange: { slippageTicks: 9, seed: 3 },
    });
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 100 market');
    await desk.tick('AAPL', '70');
    expect(desk.events('OrderFilled')[0]?.fill.price).not.toBe('70');
    const cash = Number(toText(desk.state.accounts.get(ACCOUNT)!.cash));
    expect(cash + 7_000).toBeLessThanOrEqual(100_000 - 2);
    expect(stateOf(desk)).toBe('HALTED');
  });

  it('is halted exactly at the limit and not a cent before', async () => {
    for (const [fillAt, state] of [
      ['69.01', 'ACTIVE'],
      ['69', 'HALTED'],
    ] as const) {
      const desk = await openDesk({ limits: LIMITS });
      await desk.tick('AAPL', '70');
      await desk.place('AAPL', 'BUY 100 market');
      await desk.tick('AAPL', '70');
      await desk.place('AAPL', 'SELL 100 market');
      await desk.tick('AAPL', fillAt);
      expect(stateOf(desk)).toBe(state);
    }
  });

  it('denies an armed entry that fires then, and leaves its siblings armed', async () => {
    const desk = await openDesk({ limits: LIMITS, symbols: ['AAPL', 'MSFT'] });
    await desk.load('MSFT', { entry: ['over BUY 10 market 50', 'under SELL 10 market 40'] });
    await desk.tick('MSFT', '49');
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 100 market');
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'SELL 100 market');
    await desk.tick('AAPL', '60');
    await desk.tick('MSFT', '51');
    expect(desk.story('deny')).toEqual(['5 deny entry[0] H1 H10']);
    expect(desk.order('entry[1]', 'MSFT').status).toBe('ARMED');
  });

  it('leaves an order that the same fill completes filled', async () => {
    const desk = await openDesk({ limits: LIMITS });
    await desk.load('AAPL', {
      entry: ['over BUY 100 market 70'],
      long: ['SELL 50 limit 80', 'BUY 100 limit 69'],
    });
    await desk.ticks('AAPL', '69.5 70.5 70.5 68');
    expect(stateOf(desk)).toBe('HALTED');
    expect(desk.order('long[1]').status).toBe('FILLED');
    expect(desk.events('OrderCancelRequested')).toEqual([]);
  });

  it('still lets the exits out', async () => {
    const desk = await openDesk({ limits: LIMITS });
    await desk.load('AAPL', {
      entry: ['over BUY 100 market 70'],
      long: ['SELL 100 market 69.01 stop', 'BUY 100 limit 69'],
    });
    await desk.ticks('AAPL', '69.5 70.5 70.5 68 64 63');
    expect(stateOf(desk)).toBe('HALTED');
    expect(desk.story('fill').at(-1)).toBe('5 fill long[0] 100 at 64 makes 100');
    await desk.place('AAPL', 'SELL 100 market');
    await desk.tick('AAPL', '63');
    expect(desk.held('AAPL')).toBe('0');
  });
});
