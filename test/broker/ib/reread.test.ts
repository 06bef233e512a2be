// Rounds of questions while the link is ready: everything is asked again, and nothing of it is felt
// by an order on its way.

import { IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import { error, execution, openOrder, position } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const PARTS = [ASK.openOrders, ASK.completed, ASK.executions, ASK.positions, ASK.account];
const asked = (): number[] => PARTS.map((part) => desk.tws.asked(part).length);
const warnings = (): string[] =>
  desk.notices.filter(({ level }) => level === 'WARNING').map(({ message }) => message);
/** No heartbeat comes between, so that time can be moved at once. */
const noHeartbeat = { heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } };

describe('a round while the link is ready', () => {
  it('asks everything again and never leaves READY', async () => {
    desk = await IbDesk.ready();
    const links = desk.links.length;
    desk.tws.openOrders = [openOrder({ permId: 4 })];
    desk.tws.positions = [position(100)];
    let match: () => void = () => undefined;
    desk.onSnapshot = () => new Promise((resolve) => (match = resolve));
    const done = desk.link.synchronize();
    expect(desk.link.canSend()).toBe(true);
    await until(() => desk.snapshots.length === 2);
    expect(desk.link.canSend()).toBe(true);
    match();
    await done;
    expect(asked()).toEqual([2, 2, 2, 2, 2]);
    expect(desk.snapshots[1]).toMatchObject({
      ...{ epoch: 1, openOrders: [{ permId: '4' }], completedOrders: [] },
      positions: [{ instrument: 'AAPL' }],
    });
    expect(desk.links).toHaveLength(links);
    expect(desk.notices).toEqual([]);
  });

  it('comes by itself every minute', async () => {
    desk = await IbDesk.ready(noHeartbeat);
    const links = desk.links.length;
    for (const round of [2, 3]) {
      desk.scheduler.advance(59_999);
      await settled();
      expect(desk.snapshots).toHaveLength(round - 1);
      desk.scheduler.advance(1);
      await until(() => desk.snapshots.length === round);
      await settled();
    }
    expect(asked()).toEqual([3, 3, 3, 3, 3]);
    expect(desk.links).toHaveLength(links);
  });

  it('leaves orders in the pacer, and they leave when the pace allows it', async () => {
    desk = await IbDesk.ready({ ...noHeartbeat, messagesPerSecond: 10 });
    // The questions of the first round have left room again.
    desk.scheduler.advance(10_000);
    for (let id = 1; id <= 12; id += 1) {
      desk.link.place(ticket({ order: `ord-${id}`, brokerOrderId: id }));
    }
    const done = desk.link.synchronize();
    await until(() => desk.tws.asked(ASK.place).length > 0);
    expect(desk.tws.asked(ASK.place).length).toBeLessThan(12);
    for (let second = 0; second < 6; second += 1) {
      desk.scheduler.advance(1_100);
      await settled();
    }
    await done;
    expect(desk.tws.asked(ASK.place)).toHaveLength(12);
    expect(desk.of('UNSENT')).toHaveLength(0);
  });

  it('has an order that was placed and shown in the middle of it', async () => {
    desk = await IbDesk.ready();
    const answer = desk.tws.answers.get(ASK.positions)!;
    desk.tws.answers.set(ASK.positions, () => []);
    desk.tws.answers.set(ASK.place, () => [openOrder({ permId: 5 })]);
    const done = desk.link.synchronize();
    await until(() => desk.tws.asked(ASK.positions).length === 2);
    desk.link.place(ticket());
    await until(() => desk.of('ACCEPTED').length === 1);
    desk.tws.send([62, 1]);
    await done;
    expect(desk.snapshots[1]?.openOrders).toMatchObject([{ order: 'ord-00000001', permId: '5' }]);
    desk.tws.answers.set(ASK.positions, answer);
  });

  it('tells executions that were missed, and none twice', async () => {
    desk = await IbDesk.open();
    desk.tws.executions = (requestId) => [execution({ requestId, execId: 'a.01' })];
    desk.link.start();
    await desk.becomes('READY');
    desk.tws.executions = (requestId) => [
      execution({ requestId, execId: 'a.01' }),
      execution({ requestId, execId: 'b.01' }),
    ];
    await desk.link.synchronize();
    expect(desk.of('FILL').map(({ execId }) => execId)).toEqual(['a.01', 'b.01']);
  });

  it.each([
    ['open orders', ASK.openOrders],
    ['executions', ASK.executions],
    ['positions', ASK.positions],
    ['account', ASK.account],
  ])(
    'without an answer about %s hands nothing over and is made again later',
    async (name, kind) => {
      desk = await IbDesk.ready(noHeartbeat);
      const links = desk.links.length;
      const answer = desk.tws.answers.get(kind)!;
      desk.tws.answers.set(kind, () => []);
      const refused = expect(desk.link.synchronize()).rejects.toThrow(`about ${name}; that proves`);
      await settled();
      desk.scheduler.advance(8_000);
      await refused;
      expect(warnings()).toEqual([
        `The broker did not answer about ${name}; that proves nothing. Asking again later.`,
      ]);
      expect(desk.snapshots).toHaveLength(1);
      expect(desk.link.canSend()).toBe(true);
      desk.tws.answers.set(kind, answer);
      desk.scheduler.advance(52_000);
      await until(() => desk.snapshots.length === 2);
      expect(desk.links).toHaveLength(links);
    },
  );

  it('with an open order that cannot be read hands nothing over', async () => {
    desk = await IbDesk.ready();
    const links = desk.links.length;
    desk.tws.openOrders = [openOrder({ permId: 4711 }).slice(0, 60)];
    await expect(desk.link.synchronize()).rejects.toThrow('4711 could not be read');
    expect(desk.snapshots).toHaveLength(1);
    expect(desk.links).toHaveLength(links);
  });

  it('that cannot be matched is told, and the link stays ready', async () => {
    desk = await IbDesk.ready();
    desk.onSnapshot = () => Promise.reject(new Error('no such thing'));
    await expect(desk.link.synchronize()).rejects.toThrow('could not be matched');
    expect(desk.told()).toContain('no such thing');
    expect(desk.link.status.state).toBe('READY');
    desk.onSnapshot = async () => undefined;
    await desk.link.synchronize();
    expect(desk.snapshots).toHaveLength(3);
  });

  it('that is asked for during another one is made after it', async () => {
    desk = await IbDesk.ready();
    const matches: (() => void)[] = [];
    desk.onSnapshot = () => new Promise((resolve) => matches.push(resolve));
    const first = desk.link.synchronize();
    await until(() => matches.length === 1);
    const second = desk.link.synchronize();
    const third = desk.link.synchronize();
    matches[0]?.();
    await until(() => matches.length === 2);
    matches[1]?.();
    await Promise.all([first, second, third]);
    expect(asked()).toEqual([3, 3, 3, 3, 3]);
  });

  it('ends with the link, and is answered when it is ready again', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.set(ASK.openOrders, () => []);
    const done = desk.link.synchronize();
    await until(() => desk.tws.asked(ASK.openOrders).length === 2);
    desk.tws.send(error(-1, 1100, 'lost'));
    await desk.becomes('DEGRADED');
    desk.tws.answers.set(ASK.openOrders, () => [[53, 1]]);
    desk.tws.send(error(-1, 1102, 'restored'));
    await done;
    expect(desk.link.status.state).toBe('READY');
    const after = desk.links.map(({ state }) => state).slice(-4);
    expect(after).toEqual(['DEGRADED', 'SYNCHRONIZING', 'SYNCHRONIZING', 'READY']);
  });
});

describe('a gateway that never ends an empty list of executions', () => {
  const endless = async (): Promise<void> => {
    desk = await IbDesk.open(noHeartbeat);
    desk.tws.answers.set(ASK.executions, () => []);
    desk.link.start();
    await until(() => desk.accounts.length === 3);
    for (const attempt of [1, 2]) {
      await until(() => desk.tws.asked(ASK.executions).length === attempt);
      await settled();
      desk.scheduler.advance(8_000);
    }
    await desk.becomes('READY');
  };

  it('costs two time-outs in all, not two in every round', async () => {
    await endless();
    const told = warnings().length;
    await desk.link.synchronize();
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.snapshots).toHaveLength(3);
    // Still asked: there may be some.
    expect(desk.tws.asked(ASK.executions)).toHaveLength(4);
    expect(warnings()).toHaveLength(told);
  });

  it('is waited for again once it has ended an empty one', async () => {
    await endless();
    desk.tws.answers.set(ASK.executions, ([, , id = '']) => [[55, 1, id]]);
    await desk.link.synchronize();
    await settled();
    desk.tws.answers.set(ASK.executions, () => []);
    const refused = expect(desk.link.synchronize()).rejects.toThrow('about executions');
    await settled();
    expect(desk.snapshots).toHaveLength(2);
    desk.scheduler.advance(8_000);
    await refused;
  });
});
