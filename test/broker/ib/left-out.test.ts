// What no books are kept of holds nothing up; what may be ours and cannot be read does.

import { IbDesk, until } from '../../support/ib-desk';
import { completedOrder, openOrder, orderStatus, type Frame } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const stranger = { orderId: 0, clientId: 0, permId: 777, ref: '' };
const option = { ...stranger, secType: 'OPT', conId: 555, symbol: 'SPY' };
const foreign = { ...stranger, orderId: 5, clientId: 3, account: 'DU999' };
const notices = (about: string): string[] =>
  desk.notices.map(({ message }) => message).filter((message) => message.includes(about));

/** A completed order with more conditions than the library can keep. */
function withConditions(count: number): Frame {
  const frame = completedOrder({ permId: 400 });
  const at = frame.indexOf('Filled') + 3;
  return frame.map((field, index) => (index === at ? count : field));
}

describe.each([
  ['an order of another kind of security', option, 'stocks only, not of SPY'],
  ['an order of an account outside the list', foreign, 'about account DU999'],
])('%s', (_name, fields, words) => {
  it('is left out with its status, said once, and the link gets READY', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [orderStatus(fields), openOrder(fields), orderStatus(fields)];
    desk.link.start();
    await desk.becomes('READY');
    desk.tws.send(orderStatus({ ...fields, filled: 1 }));
    await desk.link.synchronize();
    expect(desk.snapshots.map(({ openOrders }) => openOrders)).toEqual([[], []]);
    expect(notices(words)).toHaveLength(1);
    expect(desk.reports).toEqual([]);
  });

  it('that comes while the link is READY disturbs neither a reading nor a reconnect', async () => {
    desk = await IbDesk.ready();
    desk.tws.openOrders = [openOrder(fields), orderStatus(fields)];
    desk.tws.send(...desk.tws.openOrders);
    await desk.link.synchronize();
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.snapshots).toHaveLength(3);
    expect(notices(words)).toHaveLength(1);
  });

  it('is left out though only its beginning could be decoded', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [openOrder(fields).slice(0, 60), orderStatus(fields)];
    desk.tws.completed = [completedOrder({ ...fields, permId: 778 }).slice(0, 60)];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]).toMatchObject({ openOrders: [], completedOrders: [] });
    expect(notices(words)).toHaveLength(1);
  });

  it('is waited for when it carries a reference of ours', async () => {
    desk = await IbDesk.open();
    const ours = { ...fields, ref: 't:ord-00000001' };
    desk.tws.openOrders = [openOrder(ours), orderStatus(ours)];
    desk.link.start();
    await until(() => desk.link.status.reason?.includes('777 could not be read') === true);
    expect(desk.snapshots).toHaveLength(0);
  });
});

it('an open share order whose size nobody can read holds the link back', async () => {
  desk = await IbDesk.open();
  desk.tws.openOrders = [openOrder({ ...stranger, quantity: 'NaN' })];
  desk.link.start();
  await until(() => desk.link.status.reason?.includes('777 could not be read') === true);
  expect(desk.snapshots).toHaveLength(0);
});

describe('completed orders', () => {
  it.each([
    ['cannot be decoded', completedOrder({ permId: 400 }).slice(0, 60)],
    ['is cut before it says whose it is', completedOrder({ permId: 400 }).slice(0, 9)],
    ['has a size nobody can read', completedOrder({ permId: 400, quantity: 'NaN' })],
    ['makes the decoder throw', withConditions(5_000_000_000)],
  ])('are not known while one of them %s', async (_what, frame) => {
    desk = await IbDesk.open();
    desk.tws.completed = [completedOrder({ permId: 300, ref: '' }), frame];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.completedOrders).toBeNull();
    desk.tws.completed = [completedOrder({ permId: 400 })];
    await desk.link.synchronize();
    expect(desk.snapshots[1]?.completedOrders).toMatchObject([{ permId: '400' }]);
  });

  it('are known when one has more fields than expected and could be read', async () => {
    desk = await IbDesk.open();
    desk.tws.completed = [[...completedOrder({ permId: 400 }), 'more']];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.completedOrders).toMatchObject([{ permId: '400' }]);
  });

  it("are known when one of somebody else's cannot be decoded", async () => {
    desk = await IbDesk.open();
    desk.tws.completed = [completedOrder({ permId: 400, ref: 'by hand' }).slice(0, 60)];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.completedOrders).toEqual([]);
  });

  // Fields that came with 170, 183 and 184, from the end.
  it.each([
    [151, 7],
    [169, 7],
    [170, 2],
    [176, 2],
  ])('of a gateway of version %i are read as those of a newer one', async (version, later) => {
    desk = await IbDesk.open();
    desk.tws.version = version;
    const fields = completedOrder({ status: 'Cancelled', filled: 40, text: 'by Trader' });
    // The profile of financial advisors, after their other fields.
    const older = [...fields.slice(0, 31), 'profile', ...fields.slice(31, fields.length - later)];
    desk.tws.completed = [older];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.snapshots[0]?.completedOrders).toMatchObject([
      { order: 'ord-00000001', status: 'CANCELLED', permId: '9001', reason: 'by Trader' },
    ]);
    expect(notices('505')).toEqual([]);
  });
});
