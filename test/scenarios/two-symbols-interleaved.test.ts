// Two symbols in one engine do not disturb each other.

import { openDesk, type Desk } from '../support/trading-kit';

const PLAN = {
  entry: ['over BUY 10 market 70', 'under SELL 10 market 68'],
  long: ['SELL 10 limit 72', 'SELL 10 market 69 stop'],
  short: ['BUY 10 limit 66'],
};
const A = '69 70.5 70.6 71 72.5'.split(' ');
const B = '69 67.5 67.4 67 65.9'.split(' ');
const told = (desk: Desk, symbol: string): string[] =>
  desk.lines
    .filter((line) => line.symbol === symbol)
    .map(({ event, order, price, position }) => `${event} ${order} ${price} ${position}`);

describe('two symbols, trade by trade in turn', () => {
  it('each trade as if it were alone', async () => {
    const both = await openDesk({ symbols: ['AAPL', 'MSFT'] });
    await both.load('AAPL', PLAN);
    await both.load('MSFT', PLAN);
    for (const [n, price] of A.entries()) {
      await both.tick('AAPL', price);
      await both.tick('MSFT', B[n]!);
    }
    for (const [symbol, prices] of [
      ['AAPL', A],
      ['MSFT', B],
    ] as const) {
      const alone = await openDesk({ symbols: [symbol] });
      await alone.load(symbol, PLAN);
      await alone.ticks(symbol, prices.join(' '));
      expect(told(both, symbol)).toEqual(told(alone, symbol));
      expect(both.held(symbol)).toBe('0');
    }
  });
});
