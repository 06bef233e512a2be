// DCA, pyramids and stops: one add in flight, none while a stop is on its way.

import { openDesk } from '../support/trading-kit';

const entered = async (long: readonly string[]) => {
  const desk = await openDesk();
  await desk.load('AAPL', { entry: ['over BUY 100 market 70'], long });
  await desk.ticks('AAPL', '69.5 70.5 70.5');
  return desk;
};

describe('adds and stops of a long', () => {
  it('a DCA fills, and the stop sells the shares of both', async () => {
    const desk = await entered(['SELL 200 market 66 stop', 'BUY 100 market 68']);
    await desk.ticks('AAPL', '68 67.9 66 65.5');
    expect(desk.story('trigger', 'fill', 'cancel').slice(2)).toEqual([
      '4 trigger long[1] at 68',
      '5 fill long[1] 100 at 67.9 makes 200',
      '6 trigger long[0] at 66',
      '7 fill long[0] 200 at 65.5 makes 0',
    ]);
  });

  it('a second DCA waits while the first is in flight, and fires on the trade after', async () => {
    const desk = await entered(['BUY 100 market 68', 'BUY 50 market 67.5']);
    await desk.ticks('AAPL', '67 66.9 66.8');
    expect(desk.story('trigger', 'fill').slice(2)).toEqual([
      '4 trigger long[0] at 67',
      '5 fill long[0] 100 at 66.9 makes 200',
      '5 trigger long[1] at 66.9',
      '6 fill long[1] 50 at 66.8 makes 250',
    ]);
  });

  it('a gap through DCA and stop fires the stop alone, whatever the file’s order', async () => {
    for (const long of [
      ['BUY 100 market 68', 'SELL 100 market 66 stop'],
      ['SELL 100 market 66 stop', 'BUY 100 market 68'],
    ]) {
      const desk = await entered(long);
      await desk.ticks('AAPL', '65 64 63');
      expect(desk.story('fill').slice(1)).toEqual([
        `5 fill long[${long[0]!.startsWith('SELL') ? 0 : 1}] 100 at 64 makes 0`,
      ]);
    }
  });

  it('a DCA written as limit rests at the broker and fills at its price or better', async () => {
    const desk = await entered(['BUY 100 limit 68']);
    expect(desk.order('long[0]').status).toBe('WORKING');
    await desk.ticks('AAPL', '68.01 67.5');
    expect(desk.story('fill').at(-1)).toBe('5 fill long[0] 100 at 67.5 makes 200');
  });

  it('a pyramid buys above, at the market or as a limit at that same price', async () => {
    const desk = await entered(['BUY 50 market 71', 'BUY 50 limit 72']);
    await desk.ticks('AAPL', '71 71.5 72 72.5 72');
    expect(desk.story('trigger', 'fill').slice(2)).toEqual([
      '4 trigger long[0] at 71',
      '5 fill long[0] 50 at 71.5 makes 150',
      '6 trigger long[1] at 72',
      '8 fill long[1] 50 at 72 makes 200',
    ]);
  });

  it('a stop written as limit is no plain limit: it waits, then may stay unfilled', async () => {
    const desk = await entered(['SELL 100 limit 66 stop']);
    await desk.ticks('AAPL', '70.2 66 65 64 66.5');
    expect(desk.story('trigger', 'fill').slice(2)).toEqual([
      '5 trigger long[0] at 66',
      '8 fill long[0] 100 at 66.5 makes 0',
    ]);
  });

  it('an order at exactly R is a stop if its comment says so, else a take-profit', async () => {
    const desk = await entered(['SELL 50 market 70.5 stop', 'SELL 50 market 70.5']);
    expect(desk.order('long[0]').role).toBe('STOP_LOSS');
    expect(desk.order('long[1]').role).toBe('TAKE_PROFIT');
    await desk.ticks('AAPL', '70.4 70.3');
    expect(desk.story('fill').at(-1)).toBe('5 fill long[0] 50 at 70.3 makes 50');
  });
});
