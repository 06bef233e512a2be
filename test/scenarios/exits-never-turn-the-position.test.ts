// Exits are cut to what there is, grow with adds, shrink with partial exits, and stop at zero.

import { toText } from '../../src/domain/decimal';
import { openDesk } from '../support/trading-kit';

const PLAN = {
  entry: ['over BUY 100 market 70'],
  long: ['SELL 100 limit 72', 'SELL 100 limit 73', 'SELL 300 market 66 stop', 'BUY 100 limit 68'],
};
const inPosition = async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '69.5 70.5 70.5');
  return desk;
};

describe('exits', () => {
  it('of two take-profits a jump through both fills the first and stops at zero', async () => {
    const desk = await inPosition();
    await desk.ticks('AAPL', '74 75');
    expect(desk.story('fill', 'cancel').slice(1)).toEqual([
      '4 fill long[0] 100 at 74 makes 0',
      '4 cancel long[1]: position closed',
      '4 cancel long[2]: position closed',
      '4 cancel long[3]: position closed',
    ]);
  });

  it('of two touched take-profits together sell no more than there is', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 100 market 70'],
      long: ['SELL 70 market 72', 'SELL 70 market 73'],
    });
    await desk.ticks('AAPL', '69.5 70.5 70.5 74 75');
    expect(desk.story('fill').slice(1)).toEqual([
      '5 fill long[0] 70 at 75 makes 30',
      '5 fill long[1] 30 at 75 makes 0',
    ]);
  });

  it('larger than the position are cut to it, and brought up after an add', async () => {
    const desk = await inPosition();
    const stop = () => toText(desk.order('long[2]').quantity);
    expect([stop(), toText(desk.order('long[2]').intendedQuantity)]).toEqual(['100', '300']);
    await desk.tick('AAPL', '68');
    expect(stop()).toBe('200');
    expect(desk.events('OrderCancelRequested')).toEqual([]);
  });

  it('are brought down after a partial exit', async () => {
    const desk = await inPosition();
    await desk.ticks('AAPL', '68 72');
    expect(toText(desk.order('long[2]').quantity)).toBe('100');
    await desk.ticks('AAPL', '66 65');
    expect(desk.held('AAPL')).toBe('0');
    expect(desk.story('fill').at(-1)).toBe('7 fill long[2] 100 at 65 makes 0');
  });
});
