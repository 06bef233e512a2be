// A bracket by hand is there whole or not at all: a part at fault, a position, a file, a worst case
// beyond a limit, or other words under a request id that was used.

import { price, quantity } from '../../src/domain/decimal';
import { BOTH, bracket, entered, ENTRY, exits, orders } from '../support/bracket-kit';
import { connectedDesk } from '../support/link-kit';
import { ACCOUNT, openDesk, STRATEGY } from '../support/trading-kit';

describe('asked for again under one request id', () => {
  it('is placed once, whatever the market and the book are by then', async () => {
    const link = await entered();
    await link.fill('entry', '10', '10');
    await link.desk.tick('AAPL', '7');
    expect(await bracket(link.desk, 'BUY 10 market')).toBeNull();
    expect(orders(link)).toHaveLength(3);
  });

  it.each([
    ['another stop', { target: '12', stop: '8.5' }],
    ['another target', { target: '13', stop: '8' }],
    ['a leg less', { stop: '8' }],
    ['a stop limit', { target: '12', stop: '8', limit: '7' }],
  ])('is refused with %s', async (_, other) => {
    const link = await entered();
    expect(await bracket(link.desk, 'BUY 10 market', other)).toContain('H4');
    expect(await link.desk.place('AAPL', 'BUY 10 market', { requestId: 'b1' })).toContain('H4');
    expect(orders(link)).toHaveLength(1);
  });
});

it.each([
  ['no exit', 'BUY 10 market', {}, {}, 'bracket'],
  ['a stop above the limit', 'BUY 10 limit 10', { stop: '10' }, {}, 'bracket.stopLoss'],
  ['a target below the limit', 'BUY 10 limit 10', { target: '9.9' }, {}, 'bracket.takeProfit'],
  ['a stop of a short below', 'SELL 10 limit 10', { stop: '9' }, {}, 'bracket.stopLoss'],
  ['a stop above the last price', 'BUY 10 market', { stop: '10.5' }, {}, 'bracket.stopLoss'],
  [
    'a stop above where its limit fills',
    'BUY 10 limit 11',
    { stop: '10.5' },
    {},
    'bracket.stopLoss',
  ],
  ['a target below a stop', 'BUY 10 market', { target: '8', stop: '9' }, {}, 'bracket.takeProfit'],
  ['two stops', 'BUY 10 market', { stop: '9', by: '1' }, {}, 'bracket.stopLoss'],
  [
    'a limit without a stop',
    'BUY 10 market',
    { target: '12', limit: '8' },
    {},
    'bracket.stopLimit',
  ],
  ['a limit that cannot fill', 'BUY 10 market', { stop: '8', limit: '9' }, {}, 'bracket.stopLimit'],
  ['two distances', 'BUY 10 market', { by: '1', percent: '1' }, {}, 'bracket.trailBy'],
  ['all of the price as distance', 'BUY 10 market', { by: '10' }, {}, 'bracket.trailBy'],
  ['all percents as distance', 'BUY 10 market', { percent: '100' }, {}, 'bracket.trailPercent'],
  ['a price of nothing', 'BUY 10 market', { stop: '0' }, {}, 'bracket.stopLoss'],
  ['a stop as entry', 'BUY 10 stop 11', { stop: '8' }, {}, 'type'],
  ['the opening auction', 'BUY 10 market', BOTH, { timeInForce: 'OPG' }, 'timeInForce'],
  ['a flip', 'BUY 10 market', BOTH, { allowFlip: true }, 'allowFlip'],
] as const)('with %s is refused whole', async (_, words, asked, changes, field) => {
  const link = await connectedDesk();
  const [side, size, type, level] = words.split(' ');
  const refusal = await link.desk.refusal({
    ...{ kind: 'PLACE_ORDER', requestId: 'b1', strategy: STRATEGY, account: ACCOUNT },
    ...{ instrument: 'AAPL', side: side as 'BUY', type: type!.toUpperCase() as 'MARKET' },
    ...{ timeInForce: 'DAY', quantity: quantity(size!), ...exits(asked) },
    limitPrice: type === 'limit' ? price(level!) : null,
    stopPrice: type === 'stop' ? price(level!) : null,
    ...changes,
  });
  expect(refusal).toMatchObject({ code: 'INVALID', field });
  expect([orders(link), link.desk.state.plans.size]).toEqual([[], 0]);
});

it.each([
  ['beside it', 'BUY 5 market'],
  ['that would be reduced', 'SELL 5 market'],
])('begins flat: a position %s refuses it', async (_, words) => {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'BUY 5 market');
  await link.fill(ENTRY, '5', '10');
  const mirror = words.startsWith('SELL') ? { target: '8', stop: '12' } : BOTH;
  expect(await bracket(link.desk, words, mirror)).toContain('holds 5 AAPL');
  expect(orders(link)).toHaveLength(1);
});

describe('beside a file for the same strategy and instrument', () => {
  const FILE = { entry: ['over BUY 10 market 11'], long: ['SELL 10 market 9'] };

  it('is refused while the file waits, and placed when it is over', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', FILE);
    expect(await bracket(link.desk, 'BUY 10 market')).toContain('instructions of day.json');
    await link.cancel(ENTRY);
    expect(await bracket(link.desk, 'BUY 10 market')).toBeNull();
  });

  it('keeps the file out until it is over, and is never taken for a part of it', async () => {
    const link = await entered();
    expect(await link.desk.load('AAPL', FILE)).toContain(`has a bracket by hand: ${ENTRY}`);
    expect(link.desk.state.files.size).toBe(0);
    await link.fill('entry', '10', '10');
    await link.fill('stopLoss', '10', '8');
    expect(await link.desk.load('AAPL', FILE)).toBeNull();
    const [file] = link.desk.state.files.values();
    expect(file?.symbols).toMatchObject([{ symbol: 'AAPL', plan: 'pln-00000002' }]);
    expect(link.desk.order('entry[0]').status).toBe('ARMED');
  });

  it('leaves a file that was loaded before: the same content changes nothing', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', FILE);
    await link.cancel(ENTRY);
    await bracket(link.desk, 'BUY 10 market');
    expect(await link.desk.load('AAPL', FILE)).toBeNull();
    expect([link.desk.state.files.size, link.desk.state.plans.size]).toEqual([1, 2]);
  });

  it('is one at a time', async () => {
    const link = await entered('BUY 10 limit 9');
    const second = await bracket(link.desk, 'BUY 10 limit 9', BOTH, { requestId: 'b2' });
    expect(second).toContain(`a bracket by hand for AAPL already: ${ENTRY}`);
  });
});

describe('its worst case', () => {
  it('is checked when it is placed: too great a loss at the stop refuses all of it', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    const words = 'BUY 300 market';
    const refused = await bracket(desk, words, { stop: '80' });
    expect(refused).toContain('WORST_CASE: with the entry filled and its stop hit, LONG H10');
    expect([desk.state.orders.size, desk.state.plans.size]).toEqual([0, 0]);
    expect(await bracket(desk, words, { stop: '90' })).toBeNull();
  });

  it('is that of the entry at its limit or its level', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    const trigger = { kind: 'CROSS_OVER', level: price('120') } as const;
    expect(await bracket(desk, 'BUY 300 market', { stop: '90' }, { trigger })).toContain('H10');
    expect(await bracket(desk, 'BUY 300 limit 99', { stop: '90' })).toBeNull();
  });

  it('is asked of the risk rules too', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.tick('AAPL', '100');
    expect(await bracket(desk, 'BUY 900 limit 99', { stop: '98' })).toMatch(/WORST_CASE: .*max-/);
  });
});
