// The desk looks after sessions by the clock: what was armed for a session that is over expires,
// protection stays, and the loss of the day is measured from prices of the day.

import { quantity, toText } from '../../src/domain/decimal';
import { clockedDesk as open } from '../support/clocked-desk';
import { ACCOUNT, connectedDesk, type LinkDesk } from '../support/link-kit';
import { T0 } from '../support/trading-kit';

const HOUR = 3_600_000;
const LONG = {
  entry: ['over BUY 10 market 10'],
  long: ['SELL 10 market 8 stop', 'BUY 5 market 9'],
};

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

it('an entry of a session that is over expires; one of the session on does not', async () => {
  const { link, desk, broker, at } = await open(async ({ desk: kit }) => {
    await kit.load('AAPL', LONG);
  });
  desk.start(broker);
  await at(T0 + 6.5 * HOUR);
  expect(link.status('entry[0]')).toBe('ARMED');
  await at(T0 + 6.5 * HOUR + 1);
  expect(link.status('entry[0]')).toBe('EXPIRED');
  await desk.stop();
});

it('one that ended while nobody was there expires before the first price of the next', async () => {
  const { link, desk, broker } = await open(async ({ desk: kit }) => {
    await kit.load('AAPL', LONG);
    kit.clock.set(T0 + 24 * HOUR);
  });
  desk.start(broker);
  await link.desk.engine.drain();
  expect(link.status('entry[0]')).toBe('EXPIRED');
  await desk.stop();
});

it('at the end of the session adds expire, and protection stays at the broker', async () => {
  const { link, desk, broker, at } = await open(async (kit) => {
    await kit.desk.load('AAPL', LONG);
    await kit.desk.ticks('AAPL', '10 10.5');
    await kit.fill('entry[0]', '10', '10.5');
  });
  desk.start(broker);
  await at(T0 + 7 * HOUR);
  expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['WORKING', 'EXPIRED']);
  await desk.stop();
});

it('a day starts once, when the prices of what is held are known', async () => {
  const { link, desk, broker, at } = await open(async (kit) => {
    await kit.desk.place('AAPL', 'BUY 10 market');
    await kit.fill('ord-00000001', '10', '10');
    await kit.restart();
  });
  const days = () =>
    link.desk.events('DayStarted').map((day) => `${day.tradingDate} ${toText(day.equity)}`);
  desk.start(broker);
  await at(T0 + 24 * HOUR);
  expect(days()).toEqual([]);
  await link.desk.tick('AAPL', '8');
  await at(link.desk.clock.now());
  await at(link.desk.clock.now() + 1_000);
  expect(days()).toEqual(['2026-01-06 99980']);
  await desk.stop();
});

it('a day does not wait for a price for ever, nor start outside the session', async () => {
  const { link, desk, broker, at } = await open(async (kit) => {
    await kit.desk.place('AAPL', 'BUY 10 market');
    await kit.fill('ord-00000001', '10', '10');
    await kit.restart();
  });
  desk.start(broker);
  await at(T0 + 23 * HOUR);
  await at(T0 + 24 * HOUR + 300_000);
  expect(link.desk.events('DayStarted')).toHaveLength(0);
  await at(T0 + 24 * HOUR + 300_001);
  expect(link.desk.events('DayStarted')).toHaveLength(1);
  await desk.stop();
});

it('asks again about an order without a trace, and not when nothing is in doubt', async () => {
  const { desk, broker, at } = await open(async (kit) => {
    kit.far.deaf = true;
    await kit.desk.place('AAPL', 'BUY 1 limit 9');
    await kit.drop();
    await kit.connect();
    expect(kit.status('ord-00000001')).toBe('UNKNOWN');
  });
  desk.start(broker);
  await at(T0 + 2_000);
  expect(broker.synchronized).toBe(1);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(broker.synchronized).toBe(1);
  await jest.advanceTimersByTimeAsync(40_000);
  expect(broker.synchronized).toBe(2);
  await desk.stop();
  const calm = await open();
  calm.desk.start(calm.broker);
  await jest.advanceTimersByTimeAsync(200_000);
  expect(calm.broker.synchronized).toBe(0);
  await calm.desk.stop();
});

it.each([
  ['that was sent', () => Promise.resolve()],
  ['that is to end', (kit: LinkDesk) => kit.cancel('ord-00000001')],
  [
    'that is to change',
    (kit: LinkDesk) =>
      kit.command({
        ...{ kind: 'MODIFY_ORDER', requestId: 'm1', order: 'ord-00000001' },
        ...{ quantity: quantity('2'), limitPrice: null, stopPrice: null },
      }),
  ],
])('asks again about an order %s and got no answer, after ten seconds', async (what, ask) => {
  const { link, desk, broker, at } = await open(async (kit) => {
    kit.far.deaf = what === 'that was sent';
    await kit.desk.place('AAPL', 'BUY 1 limit 9');
    kit.far.deaf = true;
    await ask(kit);
  });
  const { updatedAt } = link.desk.order('ord-00000001');
  desk.start(broker);
  await at(updatedAt + 10_000);
  expect(broker.synchronized).toBe(0);
  await at(updatedAt + 10_001);
  expect(broker.synchronized).toBe(1);
  await jest.advanceTimersByTimeAsync(9_000);
  expect(broker.synchronized).toBe(1);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(broker.synchronized).toBe(2);
  await desk.stop();
});

it('asks again while an order of ours is live twice, and not for somebody else’s', async () => {
  for (const order of [null, 'ord-00000001']) {
    const { desk, broker, at } = await open(async (kit) => {
      await kit.desk.place('AAPL', 'BUY 1 limit 9');
      kit.far.add({ order, brokerOrderId: 99 });
      kit.far.deaf = true;
      await kit.again();
      expect(kit.desk.state.externalOrders.size).toBe(1);
    });
    desk.start(broker);
    await at(T0 + 12_000);
    expect(broker.synchronized).toBe(order === null ? 0 : 1);
    await desk.stop();
  }
});

it('goes on answering when the engine has stopped', async () => {
  const { link, desk, broker, at } = await open(async ({ desk: kit }) => {
    await kit.load('AAPL', LONG);
  });
  desk.start(broker);
  link.desk.journal.close();
  await at(T0 + 7 * HOUR);
  await expect(
    desk.execute({ kind: 'START_DAY', account: ACCOUNT, tradingDate: '' }),
  ).rejects.toThrow('stopped');
  expect(desk.quote('AAPL')).toBeNull();
  await desk.stop();
});

describe('the daily loss on a second day', () => {
  it('is measured from that morning: yesterday’s loss no longer counts', async () => {
    const link = await connectedDesk();
    const start = (tradingDate: string) =>
      link.command({ kind: 'START_DAY', account: ACCOUNT, tradingDate });
    await start('2026-01-05');
    await link.foreign('BUY', '1000', '10');
    await link.desk.tick('AAPL', '6');
    await start('2026-01-06');
    await start('2026-01-06');
    expect(link.desk.events('DayStarted')).toHaveLength(2);
    await link.desk.tick('AAPL', '2');
    expect(link.desk.state.tradingStates.size).toBe(0);
    // The lower of 5,000 and five percent of 96,000.
    await link.desk.tick('AAPL', '1.2');
    expect(link.desk.state.tradingStates.get(`ACCOUNT|${ACCOUNT}`)).toBe('HALTED');
  });

  it('of an account that nobody knows starts no day', async () => {
    const link = await connectedDesk();
    const why = await link.command({
      kind: 'START_DAY',
      account: 'DU9',
      tradingDate: '2026-01-05',
    });
    expect(why).toContain('DU9');
  });
});

describe('the end of a session', () => {
  const close = (link: LinkDesk, before?: string, keepExits = true) =>
    link.command({
      ...{ kind: 'CLOSE_SESSION', instruments: ['AAPL'], reason: 'session end', keepExits },
      ...(before === undefined ? {} : { before }),
    });

  it.each([
    ['2026-01-05', 'ARMED'],
    ['2026-01-06', 'EXPIRED'],
  ])('before %s leaves an entry of 5 January %s', async (before, status) => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await close(link, before);
    expect(link.status('entry[0]')).toBe(status);
  });

  it('keeps exits that wait for the link, unless it is told to keep none', async () => {
    for (const keeps of [true, false]) {
      const link = await connectedDesk();
      await link.desk.load('AAPL', LONG);
      await link.desk.ticks('AAPL', '10 10.5');
      await link.drop();
      await link.fill('entry[0]', '10', '10.5');
      expect(link.status('long[0]')).toBe('ARMED');
      await close(link, undefined, keeps);
      expect(link.status('long[0]')).toBe(keeps ? 'ARMED' : 'EXPIRED');
      await link.connect();
      expect(link.far.left.some((each) => each.includes('STOP'))).toBe(keeps);
    }
  });

  it('of other instruments is none of its business', async () => {
    const link = await connectedDesk({ symbols: ['AAPL', 'MSFT'] });
    await link.desk.tick('MSFT', '10');
    await link.desk.load('MSFT', LONG);
    await close(link);
    expect(link.status('entry[0]')).toBe('ARMED');
  });
});

it('every known instrument is watched once the books match', async () => {
  const { link, desk, broker } = await open();
  desk.start(broker);
  await desk.intake.snapshot(link.far.snapshot());
  await desk.intake.snapshot(link.far.snapshot());
  expect(broker.watched).toEqual(['AAPL']);
  await desk.stop();
});

it('records how far a trailing stop has come, in a quiet market and when it stops', async () => {
  const { link, desk, broker, at } = await open(async (kit) => {
    await kit.desk.load('AAPL', {
      ...{ entry: ['over BUY 10 market 10'], long: ['SELL 10 trail 1 from 5'] },
    });
    await kit.desk.ticks('AAPL', '10 10.5');
    await kit.fill('entry[0]', '10', '10.5');
  });
  const level = (): string => toText(link.desk.order('long[0]').trigger!.level);
  desk.start(broker);
  await link.desk.tick('AAPL', '12', 100);
  expect(level()).toBe('9.5');
  await at(link.desk.clock.now() + 900);
  expect(level()).toBe('11');
  await link.desk.tick('AAPL', '13', 100);
  expect(level()).toBe('11');
  await desk.stop();
  expect(level()).toBe('12');
});
