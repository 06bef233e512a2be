// A half day ends at 13:00 in New York: entries and adds end then and not at 16:00, protection
// stays where there is a next session, and a position that must be flat is closed before 13:00.

import { toText } from '../../src/domain/decimal';
import { clockedDesk } from '../support/clocked-desk';
import { record } from '../support/replay-cases';
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';

const PLAN = symbolOf(
  [{ on: 'cross-over', action: 'BUY', price: '100' }],
  [
    { action: 'SELL', order: 'limit', price: '110' },
    { action: 'SELL', price: '90', comment: 'SL' },
    { action: 'BUY', price: '95', comment: 'DCA' },
  ],
);
const FLAT = { ...PLAN, onClose: 'flatten' };

describe('in a replay', () => {
  const HALF = '2024-12-24';
  const replayed = (plan: object, ...rows: string[]) =>
    record(smallReplay({ IBM: plan }, tradesCsv(HALF, rows)));

  it('an entry ends at the early close, and a trade after it is none', async () => {
    const { lines, remarks } = await replayed(PLAN, '17:59:00 IBM 99', '18:00:00.001 IBM 101');
    expect(lines.map(({ event, time }) => `${event} ${time}`)).toEqual([
      'EXPIRE 2024-12-24T18:00:00.000Z',
    ]);
    expect(remarks.join()).toContain('trades of IBM outside the session of 2024-12-24: 1');
  });

  it('adds and exits end there too, as a replay has no next session', async () => {
    const rows = ['17:00:00 IBM 99', '17:00:01 IBM 101', '17:00:02 IBM 101', '17:59:59 IBM 101'];
    const { lines, results } = await replayed(PLAN, ...rows, '19:00:00 IBM 90');
    const ended = lines.filter(({ event }) => event === 'EXPIRE');
    expect(ended.map(({ order, time }) => `${order} ${time}`)).toEqual([
      'long[0] 2024-12-24T18:00:00.000Z',
      'long[1] 2024-12-24T18:00:00.000Z',
      'long[2] 2024-12-24T18:00:00.000Z',
    ]);
    expect(results[0]).toMatchObject({ position: '1' });
  });

  const ENTERED = ['17:00:00 IBM 99', '17:00:01 IBM 101', '17:00:02 IBM 101'];

  it('a position that must be flat goes at the first trade five minutes before it', async () => {
    const rows = ['17:54:59.999 IBM 102', '17:55:00 IBM 103', '17:56:00 IBM 104'];
    const { lines, results } = await replayed(FLAT, ...ENTERED, ...rows);
    const sold = lines.filter(({ order }) => order === 'flatten');
    expect(sold.map(({ event, time, price }) => `${event} ${time} ${price}`)).toEqual([
      'ARM 2024-12-24T17:55:00.000Z null',
      'SUBMIT 2024-12-24T17:55:00.000Z null',
      'FILL 2024-12-24T17:55:00.000Z 103',
    ]);
    expect(results[0]).toMatchObject({ position: '0' });
  });

  it('without a trade in those five minutes it stays, and the closing order expires', async () => {
    const { lines, results } = await replayed(FLAT, ...ENTERED, '17:54:00 IBM 102');
    const ended = lines.filter(({ event }) => event === 'EXPIRE').map(({ order }) => order);
    expect(ended).toEqual(['long[2]', 'flatten', 'long[0]', 'long[1]']);
    expect(results[0]).toMatchObject({ position: '1' });
  });

  it('nothing enters in those five minutes', async () => {
    const { lines } = await replayed(FLAT, '17:00:00 IBM 99', '17:55:00 IBM 101');
    expect(lines.map(({ event, order }) => `${event} ${order}`)).toEqual(['EXPIRE entry[0]']);
  });
});

describe('on the live desk', () => {
  /** The day after Thanksgiving. */
  const HALF = '2026-11-27';
  const OPEN = Date.UTC(2026, 10, 27, 14, 30);
  const CLOSE = Date.UTC(2026, 10, 27, 18);
  const NOT_YET = 60_000;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function onTheDay(plan: object) {
    const house = await clockedDesk((link) => {
      link.desk.clock.set(OPEN);
      return link.desk.tick('AAPL', '99');
    });
    const load = (tradingDate: string | null) =>
      house.desk.loadInstructions({
        ...{ fileName: 'day.json', content: JSON.stringify({ AAPL: plan }), strategy: 'momentum' },
        ...{ account: null, tradingDate, dryRun: false },
      });
    house.desk.start(house.broker);
    const statuses = (...legs: string[]) => legs.map((leg) => house.link.status(leg));
    return { ...house, load, statuses };
  }

  it('a file without a date is for the half day until it closes, and never after', async () => {
    const { desk, load, at } = await onTheDay(PLAN);
    expect((await load(null)).file?.tradingDate).toBe(HALF);
    await at(CLOSE + 1);
    expect((await load(HALF)).refusal?.code).toBe('STALE');
    expect((await load(null)).file?.tradingDate).toBe('2026-11-30');
    await desk.stop();
  });

  it('an entry ends at the early close', async () => {
    const { desk, load, at, statuses } = await onTheDay(PLAN);
    await load(HALF);
    await at(CLOSE);
    expect(statuses('entry[0]')).toEqual(['ARMED']);
    await at(CLOSE + 1);
    expect(statuses('entry[0]')).toEqual(['EXPIRED']);
    await desk.stop();
  });

  it('adds end at the early close and protection stays at the broker', async () => {
    const { desk, link, load, at, statuses } = await onTheDay(PLAN);
    await load(HALF);
    await link.desk.ticks('AAPL', '99 101');
    await link.fill('entry[0]', '1', '101');
    await at(CLOSE + 1);
    expect(statuses('long[0]', 'long[1]', 'long[2]')).toEqual(['WORKING', 'WORKING', 'EXPIRED']);
    await desk.stop();
  });

  it('a position that must be flat is closed five minutes before the early close', async () => {
    const { desk, link, load, at, log, statuses } = await onTheDay(FLAT);
    await load(HALF);
    await link.desk.ticks('AAPL', '99 101');
    await link.fill('entry[0]', '1', '101');
    const closing = () =>
      [...link.desk.state.orders.values()].filter(({ role }) => role === 'LIQUIDATION');
    await at(CLOSE - 300_001);
    expect(closing()).toEqual([]);
    await at(CLOSE - 300_000);
    await at(CLOSE - 299_000);
    expect(closing().map((order) => `${order.side} ${toText(order.quantity)}`)).toEqual(['SELL 1']);
    expect(statuses('long[1]', 'long[2]')).toEqual(['WORKING', 'EXPIRED']);
    await link.fill(closing()[0]?.id ?? '', '1', '102');
    expect(statuses('long[0]', 'long[1]')).toEqual(['CANCELLED', 'CANCELLED']);
    await at(CLOSE + 1);
    expect(log.join()).not.toContain('still holds');
    await desk.stop();
  });

  it('what was armed in the last minutes, and must end flat, never opens', async () => {
    const { desk, load, at, statuses } = await onTheDay(FLAT);
    await at(CLOSE - NOT_YET);
    await load(HALF);
    await at(CLOSE - NOT_YET + 1_000);
    expect(statuses('entry[0]')).toEqual(['EXPIRED']);
    await desk.stop();
  });

  it('where it could not be closed that is said, and it is tried the next session', async () => {
    const { desk, link, load, at, log } = await onTheDay(FLAT);
    await load(HALF);
    await link.desk.ticks('AAPL', '99 101');
    await link.fill('entry[0]', '1', '101');
    await link.drop();
    await at(CLOSE - NOT_YET);
    await at(CLOSE + 1);
    expect(log.join()).toContain('momentum still holds 1 AAPL of 2026-11-27');
    await link.connect();
    const sent = () => link.far.left.filter((each) => each.includes('SELL 1 MARKET'));
    expect(sent()).toEqual([]);
    await at(Date.UTC(2026, 10, 30, 20, 55));
    expect(sent()).toHaveLength(1);
    await desk.stop();
  });
});
