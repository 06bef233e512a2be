// The states of the session against a scripted gateway: when orders may leave, what ends a
// connection, and how it comes back.

import { Socket } from 'node:net';
import { toText } from '../../../src/domain/decimal';
import { settled, IbDesk, ticket, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import {
  ACCOUNT,
  error,
  execution,
  openOrder,
  orderStatus,
  position,
} from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const states = (): string[] => desk.links.map(({ state }) => state);

describe('on the way to READY', () => {
  it('goes through every state and is ready when the snapshot was matched', async () => {
    desk = await IbDesk.open();
    let match: () => void = () => undefined;
    desk.onSnapshot = () => new Promise((resolve) => (match = resolve));
    desk.link.start();
    await until(() => desk.snapshots.length === 1);
    expect(desk.link.status.state).toBe('SYNCHRONIZING');
    expect(desk.link.canSend()).toBe(false);
    match();
    await desk.becomes('READY');
    expect([...new Set(states())]).toEqual(['CONNECTING', 'SYNCHRONIZING', 'READY']);
    expect(desk.link.status).toEqual({ state: 'READY', epoch: 1, reason: null });
    expect(desk.link.canSend()).toBe(true);
    // Among others that the socket and the decoder inside the library were found.
    expect(desk.notices).toEqual([]);
    expect(desk.accounts.at(-1)).toMatchObject({ account: ACCOUNT, currency: 'USD' });
    expect(toText(desk.accounts.at(-1)!.netLiquidation!)).toBe('100000.5');
  });

  it('does not let the operating system hold small messages back', async () => {
    const set = jest.spyOn(Socket.prototype, 'setNoDelay');
    desk = await IbDesk.ready();
    const ours = set.mock.contexts.filter((socket) => socket.remotePort === desk.tws.port);
    expect(ours).toHaveLength(1);
    expect(set.mock.calls.every(([on]) => on === true)).toBe(true);
    set.mockRestore();
  });

  it('does not take "connected" without a next valid id for ready', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [[15, 1, ACCOUNT]];
    desk.link.start();
    await until(() => desk.tws.asked(ASK.greeting).length === 1);
    await settled();
    expect(desk.link.status.state).toBe('CONNECTING');
    desk.link.place(ticket());
    expect(desk.of('UNSENT')).toHaveLength(1);
    desk.scheduler.advance(8_000);
    expect(desk.link.status).toMatchObject({ state: 'DISCONNECTED' });
    expect(desk.link.status.reason).toContain('did not greet within 8 s');
  });

  it('takes an end marker that never comes for unknown, says so and asks again', async () => {
    desk = await IbDesk.open();
    const answer = desk.tws.answers.get(ASK.executions)!;
    desk.tws.answers.set(ASK.executions, () => []);
    desk.link.start();
    await until(() => desk.accounts.length === 3);
    await settled();
    desk.tws.answers.set(ASK.executions, answer);
    desk.scheduler.advance(8_000);
    expect(desk.link.status.state).toBe('SYNCHRONIZING');
    expect(desk.link.status.reason).toContain('no answer about executions within 8 s');
    expect(desk.snapshots).toHaveLength(0);
    await desk.becomes('READY');
    expect(desk.tws.asked(ASK.executions)).toHaveLength(2);
    expect(desk.tws.asked(ASK.openOrders)).toHaveLength(1);
  });

  it('does without an end of executions that is missing twice, and says so', async () => {
    desk = await IbDesk.open();
    desk.tws.answers.set(ASK.executions, () => []);
    desk.link.start();
    await until(() => desk.accounts.length === 3);
    await settled();
    desk.scheduler.advance(8_000);
    await until(() => desk.tws.asked(ASK.executions).length === 2);
    expect(desk.snapshots).toHaveLength(0);
    // In two steps, so that the heartbeat in between is answered.
    desk.scheduler.advance(4_000);
    await settled();
    desk.scheduler.advance(4_000);
    await desk.becomes('READY');
    expect(desk.notices.map(({ message }) => message).join(' ')).toContain(
      'Positions tell instead',
    );
  });

  it('goes on without completed orders, which are then unknown and not empty', async () => {
    desk = await IbDesk.open();
    desk.tws.answers.set(ASK.completed, () => []);
    desk.link.start();
    await until(() => desk.accounts.length === 3);
    await settled();
    await desk.comesReady();
    expect(desk.snapshots[0]?.completedOrders).toBeNull();
  });

  it('asks for everything once more where the engine wants to be sure', async () => {
    desk = await IbDesk.open();
    desk.answers.push('ASK_AGAIN');
    desk.link.start();
    await until(() => desk.snapshots.length === 1);
    await settled();
    expect(desk.link.status.state).toBe('SYNCHRONIZING');
    await desk.comesReady();
    expect(desk.snapshots).toHaveLength(2);
  });

  it('never takes the rest of a late list for the whole one', async () => {
    desk = await IbDesk.open();
    desk.tws.answers.set(ASK.positions, () => [position(100)]);
    desk.link.start();
    await until(() => desk.accounts.length === 3);
    await settled();
    desk.tws.answers.set(ASK.positions, () => []);
    desk.scheduler.advance(8_000);
    await until(() => desk.tws.asked(ASK.positions).length === 2);
    // The end of the first list, before the rows of the second.
    desk.tws.send([62, 1]);
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.positions).toHaveLength(1);
  });

  it('keeps what a list had shown when it is asked for again before its end', async () => {
    desk = await IbDesk.open();
    const answer = desk.tws.answers.get(ASK.openOrders)!;
    desk.tws.answers.set(ASK.openOrders, () => [openOrder({ permId: 1 })]);
    desk.link.start();
    await until(() => desk.of('ACCEPTED').length === 1);
    desk.tws.answers.set(ASK.openOrders, () => []);
    desk.tws.send(error(-1, 1102, 'restored'));
    await until(() => desk.tws.asked(ASK.openOrders).length === 2);
    // The end of the first list: it says nothing about a second one.
    desk.tws.send([53, 1]);
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.openOrders.map(({ permId }) => permId)).toEqual(['1']);
    desk.tws.answers.set(ASK.openOrders, answer);
    await desk.link.synchronize();
    expect(desk.snapshots[1]?.openOrders).toHaveLength(0);
  });

  it('stays out of READY while an open order cannot be read', async () => {
    desk = await IbDesk.open();
    const cut = openOrder({ permId: 4711 }).slice(0, 60);
    desk.tws.openOrders = [cut];
    desk.link.start();
    await until(() => desk.link.status.reason?.includes('4711') === true, desk.told());
    expect(desk.snapshots).toHaveLength(0);
    desk.tws.openOrders = [openOrder({ permId: 4711 })];
    await desk.comesReady();
    expect(desk.snapshots[0]?.openOrders).toHaveLength(1);
  });

  it('knows of an unreadable open order by its status alone', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [openOrder().slice(0, 9), orderStatus({ permId: 4712 })];
    desk.link.start();
    await until(() => desk.link.status.reason?.includes('4712') === true);
    expect(desk.snapshots).toHaveLength(0);
  });

  it('stays out of READY when the snapshot could not be matched, and tries again', async () => {
    desk = await IbDesk.open();
    desk.onSnapshot = () => Promise.reject(new Error('no such thing'));
    desk.link.start();
    await until(() => desk.link.status.reason?.includes('could not be matched') === true);
    expect(desk.told()).toContain('no such thing');
    desk.onSnapshot = async () => undefined;
    await desk.comesReady();
    expect(desk.snapshots).toHaveLength(2);
  });

  it('is not ready by a snapshot of a connection that has ended meanwhile', async () => {
    desk = await IbDesk.open();
    const matches: (() => void)[] = [];
    desk.onSnapshot = () => new Promise((resolve) => matches.push(resolve));
    desk.link.start();
    await until(() => matches.length === 1);
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    desk.scheduler.advance(500);
    await until(() => matches.length === 2);
    matches[0]?.();
    await settled();
    expect(desk.link.status.state).toBe('SYNCHRONIZING');
    matches[1]?.();
    await desk.becomes('READY');
    expect(desk.link.status.epoch).toBe(2);
  });
});

describe('when the connection ends', () => {
  it('says why, reconnects with growing pauses, and reconciles in full', async () => {
    desk = await IbDesk.ready();
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.canSend()).toBe(false);
    const before = desk.tws.connections;
    desk.scheduler.advance(499);
    expect(desk.link.status.state).toBe('DISCONNECTED');
    desk.scheduler.advance(1);
    await desk.becomes('READY');
    expect(desk.tws.connections).toBe(before + 1);
    expect(desk.snapshots.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const kind of [ASK.openOrders, ASK.completed, ASK.executions, ASK.positions]) {
      expect(desk.tws.asked(kind)).toHaveLength(2);
    }
  });

  it('names a refused connection with address and usual ports, and goes on trying', async () => {
    desk = await IbDesk.open();
    await desk.tws.close();
    desk.link.start();
    await until(() => desk.link.status.reason?.includes('nothing answers') === true);
    expect(desk.link.status.reason).toMatch(/127\.0\.0\.1:\d+.*7497.*7496.*4002.*4001/);
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const start = desk.scheduler.now();
      while (desk.link.status.state === 'DISCONNECTED') desk.scheduler.advance(100);
      pauses.push(desk.scheduler.now() - start);
      await desk.becomes('DISCONNECTED');
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });

  it('stops trying when the client id is in use, and names the cause', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [error(-1, 326, 'Unable to connect as the client id is already in use.')];
    desk.link.start();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.status.reason).toContain('client id 7 is in use by another connection (326)');
    desk.scheduler.advance(60_000);
    await settled();
    expect(desk.tws.connections).toBe(1);
    expect(desk.scheduler.waiting).toBe(0);
  });

  it('goes on trying while the gateway holds the client id for our old connection', async () => {
    desk = await IbDesk.ready();
    const greeting = desk.tws.greeting;
    desk.tws.greeting = [error(-1, 326, 'Unable to connect as the client id is already in use.')];
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    for (const [refusals, pause] of [500, 1_000, 2_000].entries()) {
      const said = (): number => desk.notices.filter(({ code }) => code === 326).length;
      expect(said()).toBe(refusals);
      desk.scheduler.advance(pause - 1);
      expect(desk.link.status.state).toBe('DISCONNECTED');
      desk.scheduler.advance(1);
      await until(() => said() === refusals + 1);
      await desk.becomes('DISCONNECTED');
      expect(desk.link.status.reason).toContain('client id 7 is in use');
      expect(desk.link.status.reason).toContain('trying again');
    }
    desk.tws.greeting = greeting;
    desk.scheduler.advance(4_000);
    await desk.becomes('READY');
    expect(desk.snapshots).toHaveLength(2);
  });

  it.each([100_000_000, 1_700_000_000])('stops at a next order id of %i', async (id) => {
    desk = await IbDesk.open();
    desk.tws.greeting = [
      [15, 1, ACCOUNT],
      [9, 1, id],
    ];
    desk.link.start();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.status.reason).toContain(`gave ${id} as the next order id`);
    expect(desk.link.status.reason).toContain('reset the API order id sequence');
    expect(desk.notices).toMatchObject([{ level: 'ERROR' }]);
    desk.scheduler.advance(60_000);
    await settled();
    expect([desk.tws.connections, desk.scheduler.waiting]).toEqual([1, 0]);
    expect(desk.links.map(({ state }) => state)).not.toContain('READY');
  });

  it('names a gateway whose version is too new', async () => {
    desk = await IbDesk.open();
    desk.tws.version = 194;
    desk.link.start();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.status.reason).toContain('506');
  });

  it('notices a silent but open socket within the deadline of the heartbeat', async () => {
    desk = await IbDesk.ready();
    desk.tws.answers.clear();
    desk.scheduler.advance(10_000);
    await until(() => desk.tws.asked(ASK.time).length === 1);
    desk.scheduler.advance(5_010);
    expect(desk.link.status.state).toBe('DISCONNECTED');
    expect(desk.link.status.reason).toContain('did not send one message');
  });

  it('keeps a connection whose heartbeat is answered', async () => {
    desk = await IbDesk.ready();
    for (let beat = 1; beat <= 4; beat += 1) {
      desk.scheduler.advance(10_000);
      await until(() => desk.tws.asked(ASK.time).length === beat);
      await settled();
      desk.scheduler.advance(5_010);
    }
    expect(desk.link.status.state).toBe('READY');
    expect(desk.tws.connections).toBe(1);
  });

  it('is degraded by a gateway that talks without answering, and recovers with it', async () => {
    desk = await IbDesk.ready();
    const answer = desk.tws.answers.get(ASK.time)!;
    desk.tws.answers.delete(ASK.time);
    for (let miss = 1; miss <= 2; miss += 1) {
      desk.scheduler.advance(10_000);
      await until(() => desk.tws.asked(ASK.time).length === miss);
      desk.tws.send([4, 2, -1, 2104, 'farm OK', '']);
      await until(() => desk.notices.filter(({ code }) => code === 2104).length === miss);
      desk.scheduler.advance(5_010);
    }
    expect(desk.link.status.state).toBe('DEGRADED');
    desk.tws.answers.set(ASK.time, answer);
    await desk.comesReady();
    expect(desk.snapshots).toHaveLength(2);
  });

  it('leaves no timer and no connection behind when it is stopped', async () => {
    desk = await IbDesk.ready();
    await desk.link.stop();
    expect(desk.scheduler.waiting).toBe(0);
    expect(desk.link.status).toMatchObject({ state: 'DISCONNECTED', reason: 'stopped' });
  });
});

describe('when the gateway loses the broker', () => {
  it('holds orders back from 1100 on, takes fills, and reconciles at 1102', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(error(-1, 1100, 'Connectivity between IB and TWS has been lost.'));
    await desk.becomes('DEGRADED');
    expect(desk.link.canSend()).toBe(false);
    desk.link.place(ticket());
    expect(desk.of('UNSENT')[0]?.reason).toContain('DEGRADED');
    await expect(desk.link.synchronize()).rejects.toThrow('Cannot synchronize: DEGRADED');
    desk.tws.send(execution({ orderId: 5, ref: 't:ord-00000005' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.of('FILL')[0]).toMatchObject({ order: 'ord-00000005' });
    desk.tws.send(error(-1, 1102, 'Connectivity restored - data maintained.'));
    await desk.becomes('READY');
    expect(desk.snapshots).toHaveLength(2);
    expect(desk.tws.connections).toBe(1);
    expect(desk.tws.asked(ASK.place)).toHaveLength(0);
  });

  it('is degraded by 2110 as by 1100', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(error(-1, 2110, 'Connectivity between TWS and server is broken.'));
    await desk.becomes('DEGRADED');
    desk.tws.send(error(-1, 1101, 'Connectivity restored - data lost.'));
    await desk.becomes('READY');
  });

  it('says only in a notice that data farms come and go', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(error(-1, 2104, 'Market data farm connection is OK:usfarm'));
    await until(() => desk.notices.some(({ code }) => code === 2104));
    expect(desk.notices.find(({ code }) => code === 2104)).toMatchObject({ level: 'INFO' });
    expect(desk.link.status.state).toBe('READY');
  });
});

describe('which login may be used', () => {
  it('does not even try the ports of live trading when only paper is allowed', async () => {
    desk = await IbDesk.open({ port: 7496 });
    desk.link.start();
    expect(desk.link.status.reason).toContain('Port 7496 is where TWS or the Gateway trade');
    expect(desk.notices[0]).toMatchObject({ level: 'ERROR' });
    expect(desk.scheduler.waiting).toBe(0);
  });

  it('refuses an account that is no paper account and does not try again', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [
      [15, 1, 'U1234567'],
      [9, 1, 1],
    ];
    desk.link.start();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.status.reason).toContain('U1234567, which is no paper account');
    expect(desk.tws.asked(ASK.openOrders)).toHaveLength(0);
    expect(desk.scheduler.waiting).toBe(0);
  });

  it('takes a live account where paper is not required', async () => {
    desk = await IbDesk.open({ requirePaper: false });
    desk.tws.greeting = [
      [15, 1, 'U1234567,'],
      [9, 1, 1],
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.accounts).toEqual(['U1234567']);
  });

  it('refuses a login that lacks an account of the list', async () => {
    desk = await IbDesk.open({ accounts: ['DU999'] });
    desk.link.start();
    await desk.becomes('DISCONNECTED');
    expect(desk.link.status.reason).toContain('but DU999 is asked for');
  });

  it('keeps messages about accounts outside the list out of the books', async () => {
    desk = await IbDesk.open({ accounts: [ACCOUNT] });
    desk.tws.greeting = [
      [15, 1, `${ACCOUNT},DU222`],
      [9, 1, 1],
    ];
    desk.tws.positions = [position(100), position(7, { account: 'DU222' })];
    desk.link.start();
    await desk.becomes('READY');
    desk.tws.send(execution({ account: 'DU222' }), execution({ execId: 'b.01' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.of('FILL')[0]).toMatchObject({ account: ACCOUNT });
    expect(desk.snapshots[0]?.positions).toHaveLength(1);
    expect(desk.notices.filter(({ message }) => message.includes('DU222'))).toHaveLength(1);
  });
});
