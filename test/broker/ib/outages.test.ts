// A gateway that is there while the broker is not: before the greeting, and for too long.

import { IbDesk, settled, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import { error } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const LOST = [1100, 2110].map((code) => ({ code, frame: error(-1, code, 'lost') }));
const noHeartbeat = { heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } };

describe.each(LOST)('$code before the greeting', ({ code, frame }) => {
  it('leaves its time-out as it is', async () => {
    desk = await IbDesk.open();
    const { greeting } = desk.tws;
    desk.tws.greeting = [frame];
    desk.link.start();
    await until(() => desk.notices.some((notice) => notice.code === code));
    expect(desk.link.status.state).toBe('CONNECTING');
    desk.tws.greeting = greeting;
    desk.scheduler.advance(8_000);
    expect(desk.link.status).toMatchObject({ state: 'DISCONNECTED' });
    expect(desk.link.status.reason).toContain('did not greet');
    await desk.comesReady();
    expect(desk.tws.connections).toBe(2);
  });

  it('is an outage once the greeting has come, and ends with 1102', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [frame, ...desk.tws.greeting];
    desk.link.start();
    await desk.becomes('DEGRADED');
    expect(desk.tws.asked(ASK.openOrders)).toHaveLength(0);
    desk.tws.send(error(-1, 1102, 'restored'));
    await desk.becomes('READY');
    expect(desk.tws.connections).toBe(1);
  });
});

describe('an outage without an end', () => {
  it('ends the connection after five minutes and begins anew', async () => {
    desk = await IbDesk.ready(noHeartbeat);
    desk.tws.send(error(-1, 1100, 'lost'));
    await desk.becomes('DEGRADED');
    desk.scheduler.advance(200_000);
    // Said again it is no new one.
    desk.tws.send(error(-1, 2110, 'still lost'));
    await until(() => desk.link.status.reason?.includes('still lost') === true);
    desk.scheduler.advance(99_999);
    expect(desk.link.status.state).toBe('DEGRADED');
    desk.scheduler.advance(1);
    expect(desk.link.status).toMatchObject({
      state: 'DISCONNECTED',
      reason: 'DEGRADED for 300 s without a word that it is over: connecting anew',
    });
    await desk.comesReady();
    expect(desk.tws.connections).toBe(2);
  });

  it('of one that was ended in time counts no more', async () => {
    desk = await IbDesk.ready({ ...noHeartbeat, degradedMs: 1_000, rereadMs: 1e9 });
    desk.tws.send(error(-1, 1100, 'lost'));
    await desk.becomes('DEGRADED');
    desk.tws.answers.set(ASK.positions, () => []);
    desk.tws.send(error(-1, 1102, 'restored'));
    await until(() => desk.tws.asked(ASK.positions).length === 2);
    desk.scheduler.advance(2_000);
    await settled();
    expect(desk.link.status.state).toBe('SYNCHRONIZING');
    desk.tws.send([62, 1]);
    await desk.becomes('READY');
    expect(desk.tws.connections).toBe(1);
  });
});

it('a reading that falls due while the link matches anew does not replace it', async () => {
  desk = await IbDesk.ready({ ...noHeartbeat, rereadMs: 1_000 });
  desk.tws.answers.set(ASK.positions, () => []);
  desk.tws.send(error(-1, 1101, 'restored'));
  await until(() => desk.tws.asked(ASK.positions).length === 2);
  desk.scheduler.advance(1_500);
  await settled();
  desk.tws.send([62, 1]);
  await desk.becomes('READY');
});
