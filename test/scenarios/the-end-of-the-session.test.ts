// What is armed or works at the end expires; an open position is reported, not closed.

import { openDesk } from '../support/trading-kit';

describe('the end of the session', () => {
  it('expires every armed and working order, protective ones included', async () => {
    const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
    const entry = ['over BUY 10 market 70', 'under SELL 10 market 60'];
    await desk.load('AAPL', {
      entry,
      long: ['SELL 10 limit 80', 'SELL 10 market 50 stop', 'SELL 5 market 75', 'BUY 5 limit 65'],
    });
    await desk.load('MSFT', { entry });
    await desk.ticks('AAPL', '69 71 71');
    await desk.closeSession('AAPL', 'MSFT');
    const expired = desk.lines.filter(({ event }) => event === 'EXPIRE');
    const names = expired.map(({ symbol, order }) => `${symbol} ${order}`);
    expect(names.sort()).toEqual([
      'AAPL long[0]',
      'AAPL long[1]',
      'AAPL long[2]',
      'AAPL long[3]',
      'MSFT entry[0]',
      'MSFT entry[1]',
    ]);
    expect(desk.held('AAPL')).toBe('10');
    expect(desk.exchange.working('DU1')).toEqual([]);
  });

  it('of one symbol leaves the others alone', async () => {
    const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
    for (const symbol of ['AAPL', 'MSFT']) {
      await desk.load(symbol, { entry: ['over BUY 10 limit 70'] });
      await desk.ticks(symbol, '69 71');
    }
    await desk.closeSession('AAPL');
    expect(desk.order('entry[0]', 'AAPL').status).toBe('EXPIRED');
    expect(desk.order('entry[0]', 'MSFT').status).toBe('WORKING');
  });
});
