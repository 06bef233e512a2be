// Orders placed by hand in an instrument that a plan trades too: the plan's exits follow.

import { openDesk, STRATEGY } from '../support/trading-kit';
import { quantity } from '../../src/domain/decimal';

const PLAN = {
  entry: ['over BUY 100 market 70'],
  long: ['SELL 100 limit 72', 'SELL 100 market 68 stop', 'BUY 50 limit 69'],
};

async function inPosition() {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '69.5 70.5 70.6');
  expect(desk.held('AAPL')).toBe('100');
  return desk;
}

describe('an order placed by hand', () => {
  it('that sells the whole position ends the plan, and its stop sells nothing more', async () => {
    const desk = await inPosition();
    expect(await desk.place('AAPL', 'SELL 100 market')).toBeNull();
    await desk.ticks('AAPL', '70.7 67 66');
    expect(desk.held('AAPL')).toBe('0');
    expect(desk.story('cancel')).toEqual([
      '4 cancel long[0]: position closed',
      '4 cancel long[1]: position closed',
      '4 cancel long[2]: position closed',
    ]);
  });

  it('that sells a part cuts the exits to what is left', async () => {
    const desk = await inPosition();
    await desk.place('AAPL', 'SELL 40 market');
    await desk.ticks('AAPL', '70.7 67 66');
    expect(desk.story('fill').slice(1)).toEqual([
      '4 fill flatten 40 at 70.7 makes 60',
      '5 fill long[2] 50 at 67 makes 110',
      '6 fill long[1] 100 at 66 makes 10',
    ]);
  });

  it('that would sell more than is left beside one on its way is denied with H13', async () => {
    const desk = await inPosition();
    await desk.place('AAPL', 'SELL 60 market');
    await desk.place('AAPL', 'SELL 41 market');
    await desk.place('AAPL', 'SELL 40 market');
    expect(desk.events('OrderDenied').map(({ codes }) => codes)).toEqual([['H13']]);
    await desk.ticks('AAPL', '70.7');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('resting as an exit is cut when another fills, and never turns the position', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 100 market');
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'SELL 100 limit 71');
    await desk.place('AAPL', 'SELL 100 limit 72');
    await desk.place('AAPL', 'SELL 100 stop 69');
    await desk.ticks('AAPL', '73 68 67');
    expect(desk.held('AAPL')).toBe('0');
    expect(desk.exchange.working('DU1')).toEqual([]);
  });

  it.each(['0', '-5'])('for %s units is denied and the engine goes on', async (units) => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 1 market', { quantity: quantity(units) });
    expect(desk.events('OrderDenied')[0]?.codes).toContain('H5');
    await desk.place('AAPL', 'BUY 1 market');
    await desk.tick('AAPL', '70');
    expect(desk.held('AAPL')).toBe('1');
  });

  it('with the same request id and contents again does nothing', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    const again = { requestId: 'mine' };
    expect(await desk.place('AAPL', 'BUY 1 market', again)).toBeNull();
    expect(await desk.place('AAPL', 'BUY 1 market', again)).toBeNull();
    await desk.tick('AAPL', '70');
    expect(desk.held('AAPL')).toBe('1');
  });

  it('with a request id of another order is refused with H4', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 1 market', { requestId: 'mine' });
    const refusal = await desk.place('AAPL', 'BUY 2 market', { requestId: 'mine' });
    expect(refusal).toContain('H4');
    expect(desk.events('OrderSubmitted')).toHaveLength(1);
  });

  it('for more than is owned is denied with H13 and nothing is sold', async () => {
    const desk = await inPosition();
    await desk.place('AAPL', 'SELL 101 market');
    expect(desk.events('OrderDenied')[0]?.codes).toEqual(['H13']);
  });

  it.each([
    ['instrument', { instrument: 'NOPE' }],
    ['account', { account: 'NOPE' }],
    ['strategy', { strategy: 'NOPE' }],
  ])('of an unknown %s is denied with H2', async (_, changes) => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 1 market', changes);
    expect(desk.events('OrderDenied')[0]?.codes).toContain('H2');
    expect(desk.events('OrderSubmitted')).toHaveLength(0);
  });

  it('belongs to the strategy that placed it', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    await desk.place('AAPL', 'BUY 3 market');
    await desk.tick('AAPL', '70');
    expect(desk.events('OrderFilled')[0]?.fill.strategy).toBe(STRATEGY);
  });
});
