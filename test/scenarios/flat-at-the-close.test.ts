// "onClose": "flatten": before the session ends nothing of the plan opens any more, and what it
// holds is closed at the market. Its exits stay at the broker until that has filled.

import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { canonical, folded, openDesk } from '../support/trading-kit';
import { quantity } from '../../src/domain/decimal';

const settings = { onClose: 'FLATTEN' } as const;
const PLAN = {
  settings,
  entry: ['over BUY 10 market 10', 'under SELL 10 market 5'],
  long: ['SELL 10 limit 20', 'SELL 10 market 8 stop', 'BUY 5 limit 9', 'BUY 5 market 8.5'],
};
const DATE = '2026-01-05';

const closing = (link: LinkDesk) => {
  const all = [...link.desk.state.orders.values()];
  return all.filter(({ role }) => role === 'LIQUIDATION');
};

it('the position is closed at the next trade, and its exits end with it', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '9.9 10.1 10.1');
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '11');
  expect(desk.story().slice(-7)).toEqual([
    '3 expire long[3]',
    '3 arm flatten',
    '3 submit flatten SELL MARKET 10',
    '3 cancel long[2]: closed out before the session ends',
    '4 fill flatten 10 at 11 makes 0',
    '4 cancel long[0]: position closed',
    '4 cancel long[1]: position closed',
  ]);
});

it('a plan that has not entered is over', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '9.9 10.1 4');
  expect(desk.story()).toEqual(['0 expire entry[0]', '0 expire entry[1]']);
  expect([...desk.state.plans.values()].map(({ status }) => status)).toEqual(['DONE']);
});

it('where nothing is said, or of another instrument, the position stays', async () => {
  const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await desk.load('AAPL', { ...PLAN, settings: {} });
  await desk.load('MSFT', PLAN);
  await desk.ticks('AAPL', '9.9 10.1 10.1');
  await desk.ticks('MSFT', '9.9 10.1 10.1');
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '11');
  await desk.ticks('MSFT', '11');
  expect([desk.held('AAPL'), desk.held('MSFT')]).toEqual(['10', '10']);
});

it('no round trip follows one that was closed out', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', { ...PLAN, settings: { ...settings, cycles: 3 } });
  await desk.ticks('AAPL', '9.9 10.1 10.1');
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '11 9.9 10.1 10.1');
  expect(desk.held('AAPL')).toBe('0');
  expect(desk.state.plans.size).toBe(1);
});

it("what was bought beside the plan is not the plan's to sell", async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '9.9 10.1 10.1');
  await desk.place('AAPL', 'BUY 7 market');
  await desk.ticks('AAPL', '10.1');
  expect(desk.held('AAPL')).toBe('17');
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '11');
  expect(desk.held('AAPL')).toBe('7');
  expect([...desk.state.plans.values()].map(({ status }) => status)).toEqual(['DONE']);
  expect(desk.exchange.working('DU1')).toEqual([]);
});

it('a day of losses and a halt do not stand in its way', async () => {
  const desk = await openDesk({ rules: 'shipped' });
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '9.9 10.1 10.1');
  await desk.command({
    ...{ kind: 'SET_TRADING_STATE', scope: { kind: 'SYSTEM', key: '' }, state: 'HALTED' },
    ...{ reason: 'test', by: 'ann' },
  });
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '9.5');
  expect(desk.held('AAPL')).toBe('0');
});

async function inPosition(entry = '10'): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', PLAN);
  await link.desk.ticks('AAPL', '9.9 10.1');
  await link.fill('entry[0]', entry, '10.1');
  return link;
}

describe('at a broker', () => {
  it('stop and target rest there until the closing order has filled', async () => {
    const link = await inPosition();
    await link.desk.closeOut('AAPL');
    await link.heard();
    const [order] = closing(link);
    expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['WORKING', 'WORKING']);
    expect([link.status('long[2]'), link.status('long[3]')]).toEqual(['CANCELLED', 'EXPIRED']);
    await link.fill(order!.id, '4', '10');
    expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['WORKING', 'WORKING']);
    expect(link.desk.order('long[1]').quantity).toEqual(quantity('6'));
    await link.fill(order!.id, '6', '10');
    expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['CANCELLED', 'CANCELLED']);
    expect(link.desk.held('AAPL')).toBe('0');
  });

  it('an entry that still works is ended first, and what it fills then is sold too', async () => {
    const link = await inPosition('6');
    link.far.deaf = true;
    await link.desk.closeOut('AAPL');
    await link.heard();
    link.far.deaf = false;
    expect(link.status('entry[0]')).toBe('CANCEL_PENDING');
    await link.fill('entry[0]', '3', '10.2');
    expect(closing(link).map((each) => each.intendedQuantity)).toEqual([
      quantity('6'),
      quantity('3'),
    ]);
    expect(link.far.left.filter((each) => each.includes('BUY'))).toHaveLength(1);
  });

  it('an entry that was never filled and fills too late is flattened', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', PLAN);
    await link.desk.ticks('AAPL', '9.9 10.1');
    link.far.deaf = true;
    await link.desk.closeOut('AAPL');
    link.far.deaf = false;
    await link.fill('entry[0]', '10', '10.1');
    const [order] = closing(link);
    await link.fill(order!.id, '10', '10');
    expect(link.desk.held('AAPL')).toBe('0');
    const open = [...link.desk.state.orders.values()].filter((each) => each.status === 'ARMED');
    expect(open).toEqual([]);
  });

  it('a stop that is on its way already leaves nothing to close', async () => {
    const link = await inPosition();
    const stop = link.id('long[1]');
    link.far.say({ kind: 'ELECTED', order: stop, price: link.desk.order('long[1]').stopPrice! });
    await link.heard();
    await link.desk.closeOut('AAPL');
    expect(link.far.left.filter((each) => each.includes('SELL 10 MARKET'))).toEqual([]);
    await link.fill('long[1]', '10', '8');
    expect(link.desk.held('AAPL')).toBe('0');
  });

  it('a target that fills in the same moment does not leave the position turned', async () => {
    const link = await inPosition();
    await link.desk.closeOut('AAPL');
    const [order] = closing(link);
    link.far.mute = true;
    const target = link.far.fill(link.id('long[0]'), '10', '20');
    const sold = link.far.fill(order!.id, '10', '20');
    link.far.mute = false;
    link.far.say(target);
    link.far.say(sold);
    await link.heard();
    expect(link.desk.held('AAPL')).toBe('-10');
    const back = closing(link).at(-1)!;
    expect([back.side, back.intendedQuantity]).toEqual(['BUY', quantity('10')]);
    await link.fill(back.id, '10', '20');
    expect(link.desk.held('AAPL')).toBe('0');
  });

  it('it happens once a session, however often the clock asks', async () => {
    const link = await inPosition();
    for (let n = 0; n < 3; n += 1) await link.desk.closeOut('AAPL');
    expect(link.far.left.filter((each) => each.includes('SELL 10 MARKET'))).toHaveLength(1);
  });

  it('while the link is down the order waits, until the session ends', async () => {
    const link = await inPosition();
    await link.drop();
    await link.desk.closeOut('AAPL');
    expect(closing(link).map(({ status }) => status)).toEqual(['ARMED']);
    await link.command({
      ...{ kind: 'CLOSE_SESSION', instruments: ['AAPL'], reason: 'session end' },
      ...{ before: '2026-01-06', keepExits: true },
    });
    await link.connect();
    expect(closing(link).map(({ status }) => status)).toEqual(['EXPIRED']);
    expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['WORKING', 'WORKING']);
    await link.desk.closeOut('AAPL', '2026-01-06');
    expect(closing(link).map(({ status }) => status)).toEqual(['EXPIRED', 'WORKING']);
  });

  it('a process that ends before or after the order has left sends it once', async () => {
    for (const left of [false, true]) {
      const link = await inPosition();
      const before = link.desk.records.length;
      await link.desk.closeOut('AAPL');
      const record = link.desk.records.slice(before);
      const claim = record.findLast(({ event }) => event.type === 'OrderArmed')!;
      if (!left) link.far.forget(closing(link)[0]!.id);
      await link.restart(left ? Infinity : claim.sequence);
      await link.connect();
      await link.desk.closeOut('AAPL');
      const live = closing(link).filter(({ status }) => status === 'WORKING');
      expect(live).toHaveLength(1);
      expect(link.far.incarnations(live[0]!.id)).toBe(1);
      await link.fill(live[0]!.id, '10', '10');
      expect(link.desk.held('AAPL')).toBe('0');
      expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
    }
  });
});

it('a plan loaded for a later date is not closed out', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.closeOut('AAPL', '2026-01-04');
  expect(desk.order('entry[0]').status).toBe('ARMED');
  await desk.closeOut('AAPL', DATE);
  expect(desk.order('entry[0]').status).toBe('EXPIRED');
});

it('what a stop that is on its way takes is left to it, and the plan waits for that', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', {
    settings,
    entry: ['over SELL 25 limit 10'],
    short: ['BUY 3 market 10.05 stop'],
  });
  await desk.ticks('AAPL', '10 10.01 10.01 10.05');
  await desk.closeOut('AAPL');
  await desk.ticks('AAPL', '9.7');
  expect(desk.story('fill').slice(1)).toEqual([
    '5 fill flatten 22 at 9.7 makes -3',
    '5 fill short[0] 3 at 9.7 makes 0',
  ]);
});
