// The short side: crosses under, and the stop above buys it back.

import { openDesk } from '../support/trading-kit';

const PLAN = {
  entry: ['over BUY 100 market 70', 'under SELL 100 market 68'],
  short: ['BUY 100 limit 65', 'BUY 100 market 69 stop', 'SELL 50 limit 68.5'],
};

describe('a cross-under entry', () => {
  it('is stopped out above, one trade after the stop was reached', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', PLAN);
    await desk.ticks('AAPL', '69 68 67.9 67.8 69 69.2');
    expect(desk.story('trigger', 'fill', 'cancel').slice(2)).toEqual([
      '4 fill entry[1] 100 at 67.8 makes -100',
      '5 fill short[2] 50 at 69 makes -150',
      '5 trigger short[1] at 69',
      '6 fill short[1] 100 at 69.2 makes -50',
    ]);
  });

  it('takes its profit below, mirror image of the long side', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', PLAN);
    await desk.ticks('AAPL', '69 67.9 67.8 65.01 64.9');
    expect(desk.story('fill', 'cancel').slice(1)).toEqual([
      '3 fill entry[1] 100 at 67.8 makes -100',
      '5 fill short[0] 100 at 64.9 makes 0',
      '5 cancel short[1]: position closed',
      '5 cancel short[2]: position closed',
    ]);
  });

  it('touched take-profits and adds of a short mirror those of a long', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['under SELL 10 market 68'],
      short: ['BUY 20 market 65', 'SELL 10 market 69'],
    });
    await desk.ticks('AAPL', '68.5 67.9 67.8 68.99 69 69.1 65 64.8');
    expect(desk.story('trigger', 'fill')).toEqual([
      '2 trigger entry[0] at 67.9',
      '3 fill entry[0] 10 at 67.8 makes -10',
      '5 trigger short[1] at 69',
      '6 fill short[1] 10 at 69.1 makes -20',
      '7 trigger short[0] at 65',
      '8 fill short[0] 20 at 64.8 makes 0',
    ]);
  });
});
