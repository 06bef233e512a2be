// The price crosses over the entry, the order fills on the next trade, the take-profit closes it.

import { openDesk } from '../support/trading-kit';

describe('a cross-over entry', () => {
  it('fills on the trade after the cross and closes at its take-profit', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.load('AAPL', {
      entry: ['over BUY 100 market 70', 'under SELL 100 market 68'],
      long: ['SELL 100 limit 72', 'SELL 100 market 69 stop'],
      short: ['BUY 100 limit 65'],
    });
    await desk.ticks('AAPL', '69.5 70 70.01 70.05 71.99 72.5 60 80');
    await desk.closeSession('AAPL');
    expect(desk.story()).toEqual([
      '3 trigger entry[0] at 70.01',
      '3 submit entry[0] BUY MARKET 100',
      '3 cancel entry[1]: OCA: entry[0] triggered',
      '4 fill entry[0] 100 at 70.05 makes 100',
      '4 arm long[0]',
      '4 arm long[1]',
      '4 submit long[0] SELL LIMIT 100',
      '4 submit long[1] SELL STOP 100',
      '6 fill long[0] 100 at 72.5 makes 0',
      '6 cancel long[1]: position closed',
    ]);
    expect([...desk.state.plans.values()][0]?.status).toBe('DONE');
  });

  it('sends a limit entry rounded down to the tick, while its level stays exact', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 limit 69.484375'] });
    await desk.ticks('AAPL', '69.48 69.49 69.49 69.48');
    expect(desk.story('trigger', 'fill')).toEqual([
      '2 trigger entry[0] at 69.49',
      '4 fill entry[0] 10 at 69.48 makes 10',
    ]);
  });
});
