// Prices, the pace of messages, and questions about instruments.

import { toText } from '../../../src/domain/decimal';
import type { Instrument } from '../../../src/domain/instrument';
import { apple, IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import { contractDetails, error, tick, UNSET_DOUBLE } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const share = (n: number): Instrument => ({
  ...apple,
  key: `S${n}`,
  symbol: `S${n}`,
  conId: 1_000 + n,
});
const stream = (): string => desk.tws.asked(ASK.marketData).at(-1)?.[2] ?? '';

async function watching(): Promise<void> {
  desk.link.watch(apple);
  const before = desk.tws.asked(ASK.marketData).length;
  await until(() => desk.tws.asked(ASK.marketData).length > 0, `stream ${before}`);
}

const lasts = (): string[] =>
  desk.quotes.flatMap(({ last }) => (last === undefined ? [] : [toText(last)]));

describe('a price', () => {
  it('is handed over as what it says and nothing more', async () => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(tick(stream(), 1, '10.1'), tick(stream(), 2, '10.2'), tick(stream(), 4, '10.15'));
    await until(() => desk.quotes.length === 3);
    const at = 1_776_100_000_000;
    expect(desk.quotes).toEqual([
      { at, instrument: 'AAPL', bid: expect.anything() },
      { at, instrument: 'AAPL', ask: expect.anything() },
      { at, instrument: 'AAPL', last: expect.anything() },
    ]);
    expect(toText(desk.quotes[2]!.last!)).toBe('10.15');
  });

  it.each([
    ['-1', 1, 0],
    ['0', 1, 0],
    ['10.1', 1, 2],
    [UNSET_DOUBLE, 1, 0],
  ])('of %s in field %i with flags %i is a side that is gone', async (value, field, flags) => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(tick(stream(), field, '10.1'), tick(stream(), field, value, flags));
    await until(() => desk.quotes.length === 2);
    expect(desk.quotes[0]!.bid).not.toBeNull();
    expect(desk.quotes[1]).toMatchObject({ instrument: 'AAPL', bid: null });
  });

  it.each([
    ['-1', 4, 0],
    ['0', 4, 0],
    ['NaN', 4, 0],
    [UNSET_DOUBLE, 4, 0],
    ['1e300', 4, 0],
    ['10.1', 4, 2],
    ['10.1', 9, 0],
    ['10.1', 66, 0],
    ['10.1', 68, 0],
    ['10.1', 37, 0],
  ])('of %s in field %i with flags %i is none', async (value, field, flags) => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(tick(stream(), field, value, flags), tick(stream(), 2, '10.2'));
    await until(() => desk.quotes.length > 0);
    expect(desk.quotes).toHaveLength(1);
    expect(desk.quotes[0]).toHaveProperty('ask');
  });

  it.each([2, 3, 4])('counts for nothing while the stream is of type %i', async (type) => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send([58, 1, stream(), type], tick(stream(), 4, '10'), [58, 1, stream(), 1]);
    desk.tws.send(tick(stream(), 4, '11'));
    await until(() => desk.quotes.length > 1);
    expect(desk.quotes[0]).toMatchObject({ instrument: 'AAPL', bid: null, ask: null });
    expect(lasts()).toEqual(['11']);
    expect(desk.told()).toContain('delayed or frozen');
  });

  it("of a stream that was asked for before the last connection is nobody's", async () => {
    desk = await IbDesk.ready();
    await watching();
    const old = stream();
    desk.tws.send(error(-1, 1101, 'restored, data lost'));
    await until(() => desk.tws.asked(ASK.marketData).length === 2);
    desk.tws.send(tick(old, 4, '10'), tick(stream(), 4, '11'));
    await until(() => lasts().length > 0);
    expect(lasts()).toEqual(['11']);
  });

  it('of a side is forgotten when the stream is asked for anew', async () => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(tick(stream(), 1, '10'), tick(stream(), 2, '11'));
    await until(() => desk.quotes.length === 2);
    desk.tws.send(error(-1, 1101, 'restored, data lost'));
    await until(() => desk.tws.asked(ASK.marketData).length === 2);
    expect(desk.quotes[2]).toMatchObject({ instrument: 'AAPL', bid: null, ask: null });
  });

  it('that cannot be had is said with the instrument and the next step', async () => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(error(Number(stream()), 354, 'Requested market data is not subscribed.'));
    await until(() => desk.notices.length === 1);
    expect(desk.told()).toMatch(/Prices of AAPL: .*354.*Subscribe/);
  });
});

describe('streams', () => {
  it('are asked for again after 1101 and on a new connection, not after 1102', async () => {
    desk = await IbDesk.ready();
    await watching();
    desk.tws.send(error(-1, 1102, 'restored'));
    await until(() => desk.snapshots.length === 2);
    await desk.becomes('READY');
    expect(desk.tws.asked(ASK.marketData)).toHaveLength(1);
    desk.tws.send(error(-1, 1101, 'restored, data lost'));
    await until(() => desk.snapshots.length === 3);
    expect(desk.tws.asked(ASK.marketData)).toHaveLength(2);
    desk.scheduler.advance(1_050);
    await desk.becomes('READY');
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.tws.asked(ASK.marketData)).toHaveLength(3);
  });

  it('are a hundred at most: the next is refused here, with the cause', async () => {
    desk = await IbDesk.open();
    for (let n = 0; n < 101; n += 1) desk.link.watch(share(n));
    desk.link.watch(share(0));
    expect(desk.notices).toHaveLength(1);
    expect(desk.told()).toContain('S100 is not watched: all 100 lines are in use');
  });
});

describe('the pace', () => {
  /** The most requests that lie within one second of the scripted clock. */
  it('never lets more than 45 messages out in a second, and cancels go first', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    desk.scheduler.advance(1_050);
    const before = desk.tws.requests.length;
    for (let n = 0; n < 100; n += 1) desk.link.watch(share(n));
    for (let n = 1; n <= 100; n += 1) {
      desk.link.place(ticket({ order: `ord-${String(n).padStart(8, '0')}`, brokerOrderId: n }));
    }
    desk.link.cancel({ order: 'ord-00000001', brokerOrderId: 1 });
    await settled();
    // At once, though hundreds wait: the last part of a second is kept for it.
    expect(desk.tws.asked(ASK.cancel)).toHaveLength(1);
    const counts = [desk.tws.requests.length - before];
    for (let second = 0; second < 8; second += 1) {
      const seen = desk.tws.requests.length;
      desk.scheduler.advance(1_050);
      await settled();
      counts.push(desk.tws.requests.length - seen);
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(45);
    expect(desk.tws.asked(ASK.place)).toHaveLength(100);
    expect(desk.tws.asked(ASK.marketData)).toHaveLength(100);
    const kinds = desk.tws.requests.slice(before).map(({ fields }) => Number(fields[0]));
    expect(kinds.lastIndexOf(ASK.place)).toBeLessThan(kinds.lastIndexOf(ASK.marketData));
  });

  it('says no while it is used up, and tells when an order could leave', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    let n = 0;
    while (desk.link.canSend() && n < 100) {
      n += 1;
      desk.link.place(ticket({ order: `ord-${String(n).padStart(8, '0')}`, brokerOrderId: n }));
    }
    expect(n).toBeLessThan(45);
    await settled();
    expect(desk.tws.asked(ASK.place)).toHaveLength(n);
    desk.paceAllowed = 0;
    desk.scheduler.advance(1_050);
    expect(desk.paceAllowed).toBe(1);
    expect(desk.link.canSend()).toBe(true);
  });

  it('tells that orders may leave when the link gets ready after a refusal', async () => {
    desk = await IbDesk.open();
    expect(desk.link.canSend()).toBe(false);
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.paceAllowed).toBe(1);
  });

  it('lets 40 cancels out within one second', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    desk.scheduler.advance(1_050);
    for (let n = 1; n <= 40; n += 1) {
      desk.link.cancel({ order: `ord-${String(n).padStart(8, '0')}`, brokerOrderId: n });
    }
    await until(() => desk.tws.asked(ASK.cancel).length === 40);
  });
});

describe('an instrument by its symbol', () => {
  it('comes with the step of the routed exchange', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.set(ASK.contract, ([, , id = '']) => [contractDetails(id), [52, 1, id]]);
    desk.tws.answers.set(ASK.rule, ([, id = '']) => [[93, id, 2, '0', '0.0001', '1', '0.01']]);
    const found = await desk.link.resolve('aapl');
    expect(found).toMatchObject([
      { key: 'AAPL', symbol: 'AAPL', exchange: 'XNAS', calendar: 'XNYS', conId: 265598 },
    ]);
    expect(toText(found[0]!.tickSize)).toBe('0.01');
    expect(toText(found[0]!.lotSize)).toBe('1');
  });

  it('is named with its exchange when there are several', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.set(ASK.contract, ([, , id = '']) => [
      contractDetails(id, { rules: '' }),
      contractDetails(id, { rules: '', conId: 2, primary: 'ARCA', minTick: '0.05' }),
      [52, 1, id],
    ]);
    const found = await desk.link.resolve('AAPL');
    expect(found.map(({ key }) => key)).toEqual(['AAPL.XNAS', 'AAPL.ARCX']);
    expect(toText(found[1]!.tickSize)).toBe('0.05');
    expect((await desk.link.resolve('AAPL.ARCX')).map(({ key }) => key)).toEqual(['AAPL.ARCX']);
  });

  it('is empty when the broker knows none, and an error when it does not answer', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.set(ASK.contract, ([, , id = '']) => [
      error(Number(id), 200, 'No security definition has been found'),
    ]);
    expect(await desk.link.resolve('NOPE')).toEqual([]);
    desk.tws.answers.delete(ASK.contract);
    const asked = desk.link.resolve('NOPE');
    await settled();
    const refused = expect(asked).rejects.toThrow('Instrument NOPE: no answer within 8 s');
    desk.scheduler.advance(8_000);
    await refused;
    await desk.link.stop();
    await expect(desk.link.resolve('AAPL')).rejects.toThrow('the link is DISCONNECTED');
  });
});

describe('daily bars', () => {
  it('are the finished ones, oldest first', async () => {
    desk = await IbDesk.ready();
    // The clock of the desk stands at 13 April 2026.
    const bar = (date: string): string[] => [date, '1', '3', '0.5', '2', '1000', '1.5', '10'];
    desk.tws.answers.set(ASK.history, ([, id = '']) => [
      [17, id, 'a', 'b', 4, ...['20260408', '20260409', '20260410', '20260413'].flatMap(bar)],
    ]);
    const bars = await desk.link.dailyBars(apple, 2);
    expect(bars.map(({ date }) => date)).toEqual(['2026-04-09', '2026-04-10']);
    expect(toText(bars[0]!.close)).toBe('2');
    const [request] = desk.tws.asked(ASK.history);
    expect(request).toEqual(expect.arrayContaining(['3 D', '1 day', 'TRADES']));
  });

  it('are never asked for in a number that blocks the process', async () => {
    desk = await IbDesk.ready();
    await expect(desk.link.dailyBars(apple, 5_000)).rejects.toThrow(RangeError);
    expect(desk.tws.asked(ASK.history)).toHaveLength(0);
  });

  it('name the error of the history service', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.set(ASK.history, ([, id = '']) => [error(Number(id), 162, 'no data')]);
    await expect(desk.link.dailyBars(apple, 5)).rejects.toThrow('Daily bars of AAPL: no data');
  });
});
