// What the broker knows, handed over as a whole, and the positions that change after it.

import { toText } from '../../../src/domain/decimal';
import { IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ACCOUNT, completedOrder, execution, openOrder } from '../../support/tws-frames';
import { orderStatus, position } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

describe('the snapshot', () => {
  it('has open and completed orders and positions, ours by their reference', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [
      openOrder({
        orderId: 5,
        permId: 500,
        ref: 't:ord-00000005',
        type: 'STP',
        limit: '0.0',
        aux: '9',
      }),
      orderStatus({ orderId: 5, permId: 500, filled: 30, remaining: 70, status: 'PreSubmitted' }),
    ];
    desk.tws.completed = [
      completedOrder({ permId: 400, ref: 't:ord-00000004' }),
      completedOrder({ permId: 300, ref: '', status: 'Cancelled', filled: 0, text: 'by Trader' }),
      completedOrder({ permId: 200, status: 'Inactive', filled: 0, text: 'Rejected' }),
    ];
    desk.tws.positions = [position(-70), position(0, { conId: 8, symbol: 'IBM' })];
    desk.link.start();
    await desk.becomes('READY');
    const [snapshot] = desk.snapshots;
    expect(snapshot).toMatchObject({ epoch: 1, clientId: 7, accounts: [ACCOUNT] });
    expect(snapshot!.openOrders).toMatchObject([
      { order: 'ord-00000005', brokerOrderId: 5, permId: '500', status: 'WORKING', side: 'BUY' },
    ]);
    const [open] = snapshot!.openOrders;
    expect([open!.quantity, open!.filled].map(toText)).toEqual(['100', '30']);
    expect(toText(open!.stopPrice!)).toBe('9');
    expect(snapshot!.completedOrders?.map(({ order, status }) => [order, status])).toEqual([
      ['ord-00000004', 'FILLED'],
      [null, 'CANCELLED'],
      ['ord-00000001', 'REJECTED'],
    ]);
    expect(
      snapshot!.positions.map(({ instrument, quantity: q }) => [instrument, toText(q)]),
    ).toEqual([['AAPL', '-70']]);
  });

  it('does not have orders that ended before it, nor those of an earlier connection', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [openOrder({ permId: 1 }), openOrder({ permId: 2 })];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.openOrders).toHaveLength(2);
    desk.tws.send(orderStatus({ permId: 1, status: 'Cancelled' }));
    await until(() => desk.of('CANCELLED').length === 1);
    await desk.link.synchronize();
    expect(desk.snapshots[1]?.openOrders).toHaveLength(2);
    desk.tws.openOrders = [openOrder({ permId: 2 })];
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.snapshots[2]?.openOrders.map(({ permId }) => permId)).toEqual(['2']);
  });

  it('keeps orders apart whose account-wide id has not come yet', async () => {
    desk = await IbDesk.open();
    const [one, two] = [1, 2].map((orderId) => ({ orderId, permId: 0, ref: `t:ord-${orderId}` }));
    desk.tws.openOrders = [
      openOrder({ ...one, status: 'PendingSubmit' }),
      openOrder({ ...two, status: 'PendingSubmit' }),
      orderStatus({ ...two, filled: 30, status: 'PendingSubmit' }),
    ];
    desk.tws.completed = [
      completedOrder({ permId: 0, ref: 't:ord-3' }),
      completedOrder({ permId: 0, ref: 't:ord-4' }),
    ];
    desk.link.start();
    await desk.becomes('READY');
    const [snapshot] = desk.snapshots;
    expect(snapshot!.openOrders.map(({ order, filled }) => [order, toText(filled)])).toEqual([
      ['ord-1', '0'],
      ['ord-2', '30'],
    ]);
    expect(snapshot!.completedOrders?.map(({ order }) => order)).toEqual(['ord-3', 'ord-4']);
    const all = [...snapshot!.openOrders, ...snapshot!.completedOrders!];
    expect(new Set(all.map(({ permId }) => permId)).size).toBe(4);
    // None of them can be taken for a real one.
    expect(all.filter(({ permId }) => /^-?\d*$/.test(permId))).toEqual([]);
    expect(desk.of('ACCEPTED').map(({ permId }) => permId)).toEqual([null, null]);
  });

  it('has an order once that is shown without and then with its account-wide id', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [
      openOrder({ permId: 0, status: 'PendingSubmit' }),
      openOrder({ permId: 1001 }),
      openOrder({ permId: 0, status: 'PreSubmitted' }),
      openOrder({ orderId: 2, permId: 0, ref: 't:ord-00000002' }),
      orderStatus({ orderId: 2, permId: 1002, filled: 5 }),
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.openOrders).toMatchObject([
      { order: 'ord-00000001', permId: '1001' },
      { order: 'ord-00000002', permId: '1002' },
    ]);
  });

  it('has what an order was filled before it was cancelled', async () => {
    desk = await IbDesk.open();
    desk.tws.completed = [completedOrder({ status: 'Cancelled', filled: 40, text: 'by Trader' })];
    desk.link.start();
    await desk.becomes('READY');
    const [cancelled] = desk.snapshots[0]!.completedOrders!;
    expect(cancelled).toMatchObject({ status: 'CANCELLED', permId: '9001' });
    expect(toText(cancelled!.filled)).toBe('40');
  });

  it('gives a next order id above everything ever seen, whatever the broker says', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [
      [15, 1, ACCOUNT],
      [9, 1, 40],
    ];
    desk.tws.openOrders = [openOrder({ orderId: 88 })];
    desk.tws.executions = (requestId) => [
      execution({ requestId, orderId: 120 }),
      execution({ requestId, execId: 'm', orderId: 2147483647, clientId: 0, ref: '' }),
      execution({ requestId, execId: 'n', orderId: 90_000_000, clientId: 3, ref: '' }),
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.nextBrokerOrderId).toBe(121);
    desk.link.place(ticket({ brokerOrderId: 130 }));
    // The gateway was restarted and counts from an older state.
    desk.tws.greeting = [
      [15, 1, ACCOUNT],
      [9, 1, 7],
    ];
    desk.tws.openOrders = [];
    desk.tws.executions = () => [];
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.snapshots[1]?.nextBrokerOrderId).toBe(131);
  });

  it('takes the greeting in either order', async () => {
    desk = await IbDesk.open();
    desk.tws.greeting = [
      [9, 1, 3],
      [15, 1, `${ACCOUNT},`],
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]).toMatchObject({ nextBrokerOrderId: 3, accounts: [ACCOUNT] });
  });

  it('is made again on request, and the promise waits for it', async () => {
    desk = await IbDesk.ready();
    await desk.link.synchronize();
    expect(desk.snapshots).toHaveLength(2);
    expect(desk.link.status.state).toBe('READY');
  });

  it('that is asked for on a connection that ends is refused, not forgotten', async () => {
    desk = await IbDesk.ready();
    desk.onSnapshot = () => new Promise(() => undefined);
    const asked = desk.link.synchronize();
    const refused = expect(asked).rejects.toThrow('broke');
    await until(() => desk.snapshots.length === 2);
    desk.tws.drop();
    await refused;
  });
});

describe('positions after the snapshot', () => {
  it('are told as whole sets, together when several change at once', async () => {
    desk = await IbDesk.open();
    desk.tws.positions = [position(100), position(5, { conId: 8, symbol: 'IBM' })];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.positions).toHaveLength(0);
    desk.tws.send(position(40), position(0, { conId: 8, symbol: 'IBM' }));
    await settled();
    expect(desk.positions).toHaveLength(0);
    desk.scheduler.advance(50);
    expect(desk.positions).toHaveLength(1);
    expect(
      desk.positions[0]!.map(({ instrument, quantity: q }) => [instrument, toText(q)]),
    ).toEqual([['AAPL', '40']]);
  });

  it('are not told from a reading that has no end', async () => {
    desk = await IbDesk.ready({ heartbeat: { intervalMs: 1e9, deadlineMs: 1e9 } });
    desk.tws.answers.delete(61);
    desk.scheduler.advance(60_000);
    await settled();
    desk.scheduler.advance(8_000);
    expect(desk.positions).toHaveLength(0);
  });
});
