// Fills and commissions: found by reference, counted by the broker's id of the execution, and told
// whatever the state of the link is.

import { toText } from '../../../src/domain/decimal';
import { IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import { commission, error, execution, openOrder, orderStatus } from '../../support/tws-frames';
import { UNSET_DOUBLE } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

describe('a fill', () => {
  it('says what was executed, when and for whom', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution({ shares: 40, price: '10.2575' }));
    await until(() => desk.of('FILL').length === 1);
    const [fill] = desk.of('FILL');
    expect(fill).toMatchObject({
      ...{ order: 'ord-00000001', execId: '0000e0d5.69dd7411.01.01', account: 'DU111' },
      ...{ instrument: 'AAPL', side: 'BUY', executedAt: Date.UTC(2026, 3, 13, 19, 27, 4) },
    });
    expect([fill!.quantity, fill!.price].map(toText)).toEqual(['40', '10.2575']);
  });

  it('before any other word about the order belongs to the order of its reference', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution({ orderId: 77, clientId: 3, ref: 't:ord-00000009', side: 'SLD' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.of('FILL')[0]).toMatchObject({ order: 'ord-00000009', side: 'SELL' });
    desk.tws.send(orderStatus({ orderId: 77, clientId: 3 }));
    await until(() => desk.of('ACCEPTED').length === 1);
    expect(desk.of('ACCEPTED')[0]?.order).toBe('ord-00000009');
  });

  it('comes once, though Filled was said long before it', async () => {
    desk = await IbDesk.ready();
    desk.link.place(ticket());
    desk.tws.send(openOrder({ status: 'Filled' }), orderStatus({ status: 'Filled', filled: 100 }));
    await until(() => desk.of('ACCEPTED').length === 1);
    await settled();
    expect(desk.reports).toHaveLength(1);
    desk.tws.send(execution());
    await until(() => desk.of('FILL').length === 1);
  });

  it('delivered live and again by a reading is told once', async () => {
    desk = await IbDesk.ready();
    desk.tws.executions = (requestId) => [execution({ requestId })];
    desk.tws.send(execution(), execution());
    await until(() => desk.of('FILL').length === 1);
    desk.scheduler.advance(10_000);
    await settled();
    desk.scheduler.advance(5_010);
    desk.tws.send(error(-1, 1102, 'restored'));
    await until(() => desk.snapshots.length === 2);
    // Told again with a complete reading, because the book decides by the id what it has.
    expect(desk.of('FILL').map(({ execId }) => execId)).toEqual([
      '0000e0d5.69dd7411.01.01',
      '0000e0d5.69dd7411.01.01',
    ]);
  });

  it('and its correction are told under ids of their own', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution({ execId: 'x.01' }), execution({ execId: 'x.02', shares: 90 }));
    await until(() => desk.of('FILL').length === 2);
    expect(desk.of('FILL').map(({ execId }) => execId)).toEqual(['x.01', 'x.02']);
  });

  it('while the cancel is on its way is told', async () => {
    desk = await IbDesk.ready();
    desk.link.place(ticket());
    desk.tws.send(openOrder(), orderStatus({ status: 'PendingCancel' }), execution());
    await until(() => desk.of('FILL').length === 1);
  });

  it('during the synchronization is told before the snapshot', async () => {
    desk = await IbDesk.open();
    desk.tws.executions = (requestId) => [execution({ requestId }), commission()];
    let told = 0;
    desk.onSnapshot = async () => {
      told = desk.reports.length;
    };
    desk.link.start();
    await desk.becomes('READY');
    expect(told).toBe(2);
  });

  it('of two sessions that used the same order id never mixes', async () => {
    desk = await IbDesk.ready();
    desk.brokerIds.set('7/5', 'ord-00000005');
    desk.brokerIds.set('8/5', 'ord-00000008');
    desk.tws.send(
      execution({ execId: 'a.01', orderId: 5, permId: 1, ref: 't:ord-00000005' }),
      execution({ execId: 'b.01', orderId: 5, permId: 2, ref: 'other' }),
      execution({ execId: 'c.01', orderId: 5, permId: 3, ref: '' }),
      execution({ execId: 'd.01', orderId: 5, permId: 4, ref: '', clientId: 8 }),
    );
    await until(() => desk.of('FILL').length === 4);
    const owners = desk.of('FILL').map(({ order }) => order);
    expect(owners).toEqual(['ord-00000005', null, null, 'ord-00000008']);
  });

  it('that only shares client and order id with an order of the book is EXTERNAL', async () => {
    // After a restart the session knows nothing; the book knows the order as 1001.
    desk = await IbDesk.open();
    desk.brokerIds.set('7/5', 'ord-00000005');
    desk.permIds.set('1001', 'ord-00000005');
    desk.tws.executions = (requestId) => [
      execution({ requestId, execId: 'a.01', orderId: 5, permId: 2002, ref: '' }),
      execution({ requestId, execId: 'b.01', orderId: 5, permId: 1001, ref: '' }),
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.of('FILL').map(({ order }) => order)).toEqual([null, 'ord-00000005']);
    const cancelled = { orderId: 5, status: 'Cancelled' };
    desk.tws.send(orderStatus({ ...cancelled, permId: 2002 }));
    await settled();
    expect(desk.of('CANCELLED')).toHaveLength(0);
    desk.tws.send(orderStatus({ ...cancelled, permId: 0 }));
    await until(() => desk.of('CANCELLED').length === 1);
  });

  it.each([0, -7, 2147483647])('of an order made by hand (id %i) is nobody of ours', async (id) => {
    desk = await IbDesk.ready();
    desk.brokerIds.set(`0/${id}`, 'ord-00000001');
    desk.tws.send(execution({ orderId: id, clientId: 0, permId: 55, ref: '' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.of('FILL')[0]?.order).toBeNull();
  });

  it('in an unknown share announces the instrument first', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution({ conId: 12, symbol: 'MSFT', ref: '' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.instruments).toMatchObject([{ key: 'MSFT', conId: 12, currency: 'USD' }]);
    expect(desk.of('FILL')[0]?.instrument).toBe('MSFT');
  });

  it('in a share that was added by its symbol tells the id the broker has for it', async () => {
    desk = await IbDesk.ready();
    desk.known = [{ ...desk.known[0]!, key: 'apple', conId: null }];
    desk.tws.send(execution(), execution({ execId: 'second' }));
    await until(() => desk.of('FILL').length === 2);
    expect(desk.of('FILL').map(({ instrument }) => instrument)).toEqual(['apple', 'apple']);
    expect(desk.instruments).toMatchObject([{ key: 'apple', conId: 265598 }]);
  });

  it('in anything but a share is left out and said once', async () => {
    desk = await IbDesk.ready();
    const option = { conId: 99, secType: 'OPT', ref: '' };
    desk.tws.send(execution({ ...option, execId: 'o.1' }), execution({ ...option, execId: 'o.2' }));
    await until(() => desk.told().includes('books of stocks only'));
    await settled();
    expect(desk.reports).toHaveLength(0);
    expect(desk.notices).toHaveLength(1);
  });

  it('that cannot be read is told loudly and does not stop the next one', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution({ execId: 'bad', shares: 'NaN' }), execution({ execId: 'good' }));
    await until(() => desk.of('FILL').length === 1);
    expect(desk.notices[0]).toMatchObject({ level: 'ERROR' });
    expect(desk.told()).toContain('Execution bad could not be read');
  });
});

describe('a commission', () => {
  it('joins its execution, whichever comes first, and is told once', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(commission('a.01', '1.25'), execution({ execId: 'a.01' }));
    await until(() => desk.of('COMMISSION').length === 1);
    desk.tws.send(commission('a.01', '1.25'), execution({ execId: 'b.01' }));
    desk.tws.send(commission('b.01', '2'));
    await until(() => desk.of('COMMISSION').length === 2);
    expect(desk.reports.map(({ kind }) => kind)).toEqual([
      ...['FILL', 'COMMISSION', 'FILL', 'COMMISSION'],
    ]);
    expect(desk.of('COMMISSION').map(({ amount }) => toText(amount))).toEqual(['1.25', '2']);
  });

  it('of somebody else is ignored without a word', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(...Array.from({ length: 1_100 }, (_, n) => commission(`foreign.${n}`)));
    desk.tws.send(execution({ execId: 'foreign.0' }), error(-1, 2104, 'ok'));
    await until(() => desk.notices.length === 1);
    // More wait than are kept: the oldest is forgotten.
    expect(desk.of('COMMISSION')).toHaveLength(0);
  });

  it.each([UNSET_DOUBLE, '', 'NaN'])('that is unset ("%s") is no number', async (amount) => {
    desk = await IbDesk.ready();
    desk.tws.send(execution(), commission(undefined, amount), error(-1, 2104, 'ok'));
    await until(() => desk.notices.length === 1);
    expect(desk.of('COMMISSION')).toHaveLength(0);
  });

  it('in another currency is not added to the result', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(execution(), commission(undefined, '1.0', 'EUR'));
    await until(() => desk.told().includes('is in EUR'));
    expect(desk.of('COMMISSION')).toHaveLength(0);
  });
});

describe('the executions while the link is ready', () => {
  it('are read again every minute without leaving READY, with the positions', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    desk.tws.executions = (requestId) => [execution({ requestId, execId: 'missed.01' })];
    const before = desk.links.length;
    desk.scheduler.advance(60_000);
    await until(() => desk.of('FILL').length === 1 && desk.positions.length === 1);
    expect(desk.links).toHaveLength(before);
    desk.scheduler.advance(60_000);
    await until(() => desk.tws.asked(ASK.executions).length === 3);
    expect(desk.of('FILL')).toHaveLength(1);
  });

  it('prove nothing when the reading is not answered', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    desk.tws.answers.delete(ASK.executions);
    desk.tws.answers.delete(ASK.positions);
    desk.scheduler.advance(60_000);
    await settled();
    desk.scheduler.advance(8_000);
    expect(desk.told()).toContain('did not answer about executions and positions');
    expect(desk.positions).toHaveLength(0);
    expect(desk.link.status.state).toBe('READY');
  });
});
