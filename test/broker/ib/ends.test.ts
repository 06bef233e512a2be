// Words of the broker that end an order which showed no sign of life, or no longer does.

import { IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ASK } from '../../support/scripted-tws';
import { error, openOrder, orderStatus } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

const order = 'ord-00000001';
const kinds = (): string[] => desk.reports.map(({ kind }) => kind);

async function placed(): Promise<void> {
  desk = await IbDesk.ready();
  desk.link.place(ticket());
  await until(() => desk.tws.asked(ASK.place).length === 1);
}

async function working(): Promise<void> {
  await placed();
  desk.tws.send(openOrder(), orderStatus());
  await until(() => desk.of('ACCEPTED').length === 1);
}

async function cancelling(): Promise<void> {
  desk.link.cancel({ order, brokerOrderId: 1 });
  await until(() => desk.tws.asked(ASK.cancel).length > 0);
}

describe.each([320, 321])('a request that the broker answers with %i', (code) => {
  it('rejects an order of which nothing else was heard, in the words of the broker', async () => {
    await placed();
    desk.tws.send(error(1, code, "Error reading request.-'x'"));
    await until(() => desk.reports.length === 1);
    expect(desk.of('REJECTED')[0]?.reason).toContain("Error reading request.-'x' (broker code");
  });

  it('refuses a change, and the order works on', async () => {
    await working();
    desk.link.modify(ticket());
    await until(() => desk.tws.asked(ASK.place).length === 2);
    desk.tws.send(error(1, code, 'no'));
    await until(() => desk.of('MODIFY_REFUSED').length === 1);
    expect(kinds()).toEqual(['ACCEPTED', 'MODIFY_REFUSED']);
  });

  it('refuses a cancel, and ends neither a working order nor one that may work', async () => {
    await placed();
    await cancelling();
    desk.tws.send(error(1, code, 'no'));
    await until(() => desk.of('CANCEL_REFUSED').length === 1);
    expect(kinds()).toEqual(['CANCEL_REFUSED']);
  });
});

describe('a cancel that comes too late', () => {
  const cannot = 'OrderId 1 that needs to be cancelled can not be cancelled, state: ';

  it.each(['Cancelled', 'Cancelled.', 'ApiCancelled.'])(
    'ends an order in state %s',
    async (state) => {
      await placed();
      await cancelling();
      desk.tws.send(error(1, 10148, cannot + state));
      await until(() => desk.reports.length === 1);
      expect(desk.of('CANCELLED')[0]).toMatchObject({
        order,
        reason: expect.stringContaining(cannot),
      });
    },
  );

  it.each(['Filled.', 'PendingCancel', 'Submitted'])('ends none in state %s', async (state) => {
    await working();
    await cancelling();
    desk.tws.send(error(1, 10148, cannot + state));
    await until(() => desk.of('CANCEL_REFUSED').length === 1);
    expect(kinds()).toEqual(['ACCEPTED', 'CANCEL_REFUSED']);
  });

  it('says nothing twice of one whose end was told', async () => {
    await working();
    await cancelling();
    desk.tws.send(orderStatus({ status: 'Cancelled' }), error(1, 10148, `${cannot}Cancelled.`));
    desk.tws.send(error(-1, 2104, 'ok'));
    await until(() => desk.notices.some(({ code }) => code === 2104));
    expect(kinds()).toEqual(['ACCEPTED', 'CANCELLED']);
  });
});

describe('two orders at the broker with one reference of ours', () => {
  const ended = (permId: number) => orderStatus({ permId, status: 'Cancelled' });

  it('end one by one, whatever the codes beside their statuses say', async () => {
    await working();
    desk.tws.send(openOrder({ permId: 9002 }), orderStatus({ permId: 9002 }));
    await cancelling();
    const code = error(1, 202, 'Order Canceled - reason:');
    desk.tws.send(ended(9001), code, ended(9001), error(-1, 2104, 'ok'));
    await until(() => desk.notices.some((notice) => notice.code === 2104));
    expect(desk.of('CANCELLED')).toHaveLength(1);
    desk.tws.send(ended(9002), code, ended(9002));
    await until(() => desk.of('CANCELLED').length === 2);
    await settled();
    expect(desk.of('CANCELLED')).toHaveLength(2);
    // Over for good: the same message would be a new order.
    desk.link.modify(ticket());
    expect(desk.of('MODIFY_REFUSED')).toHaveLength(1);
  });
});
