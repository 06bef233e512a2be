// Orders through a real socket: what leaves, what never does, and what each answer of the broker
// becomes. The numbers of the pitfalls are those of the project's list of what goes wrong with IB.

import { price, quantity } from '../../../src/domain/decimal';
import type { OrderTicket } from '../../../src/domain/ports';
import { ENDED_WITHOUT_A_WORD } from '../../../src/domain/order';
import { IbDesk, settled, ticket, until } from '../../support/ib-desk';
import { ASK, type Request } from '../../support/scripted-tws';
import { ACCOUNT, encode, error, openOrder, orderStatus } from '../../support/tws-frames';

let desk: IbDesk;
afterEach(() => desk.close());

/** Fields of placeOrder at version 193, by their place. */
const FIELD = {
  ...{ id: 1, conId: 2, symbol: 3, secType: 4, exchange: 9, primary: 10, currency: 11, action: 16 },
  ...{ quantity: 17, type: 18, limit: 19, aux: 20, tif: 21, account: 23, ref: 26, transmit: 27 },
  ...{ outsideRth: 33, trailStop: 68, trailPercent: 69 },
};
const written = (request: Request): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(FIELD).map(([name, place]) => [name, request[place]]));
const placed = (): readonly Request[] => desk.tws.asked(ASK.place);

async function place(given: Partial<OrderTicket> = {}): Promise<void> {
  const before = placed().length;
  desk.link.place(ticket(given));
  await until(() => placed().length === before + 1);
}

const TRAILING = {
  ...({ type: 'TRAILING_STOP', side: 'SELL', limitPrice: null } as const),
  stopPrice: price('9.75'),
};
const BY_AMOUNT = { ...TRAILING, trail: { trailBy: price('1.5'), trailPercent: null } };

/** Placed, shown by the broker, and working. */
async function working(given: Partial<OrderTicket> = {}): Promise<void> {
  await place(given);
  desk.tws.send(openOrder(), orderStatus());
  await until(() => desk.of('ACCEPTED').length === 1);
}

describe('an order on the wire', () => {
  it('says everything about itself, transmit included', async () => {
    desk = await IbDesk.ready();
    await place({ outsideRegularHours: true });
    expect(written(placed()[0]!)).toEqual({
      ...{ id: '1', conId: '265598', symbol: 'AAPL', secType: 'STK', exchange: 'SMART' },
      ...{ primary: 'NASDAQ', currency: 'USD', action: 'BUY', quantity: '100', type: 'LMT' },
      ...{ limit: '10.5', aux: '', tif: 'DAY', account: ACCOUNT, ref: 't:ord-00000001' },
      ...{ transmit: '1', outsideRth: '1', trailStop: '', trailPercent: '' },
    });
  });

  it.each([
    ['MARKET', null, null, { type: 'MKT', limit: '', aux: '' }],
    ['LIMIT', '10.5', null, { type: 'LMT', limit: '10.5', aux: '' }],
    ['STOP', null, '9.75', { type: 'STP', limit: '', aux: '9.75' }],
    ['STOP_LIMIT', '9.7', '9.75', { type: 'STP LMT', limit: '9.7', aux: '9.75' }],
    ['MARKET_IF_TOUCHED', null, '12', { type: 'MIT', limit: '', aux: '12' }],
  ] as const)('of type %s carries its own prices and no other', async (type, limit, stop, wire) => {
    desk = await IbDesk.ready();
    const limitPrice = limit === null ? null : price(limit);
    await place({ type, limitPrice, stopPrice: stop === null ? null : price(stop) });
    expect(written(placed()[0]!)).toMatchObject(wire);
  });

  it.each([
    [
      { trailBy: price('1.5'), trailPercent: null },
      { aux: '1.5', trailPercent: '' },
    ],
    [
      { trailBy: null, trailPercent: '2.5' },
      { aux: '', trailPercent: '2.5' },
    ],
  ])('that trails by %j says so, and where its stop stands', async (trail, wire) => {
    desk = await IbDesk.ready();
    await place({ ...TRAILING, trail });
    expect(written(placed()[0]!)).toMatchObject({ type: 'TRAIL', limit: '', ...wire });
    expect(written(placed()[0]!).trailStop).toBe('9.75');
  });

  it.each(['DAY', 'GTC', 'IOC', 'OPG'] as const)('may be %s', async (timeInForce) => {
    desk = await IbDesk.ready();
    await place({ timeInForce, side: 'SELL' });
    expect(written(placed()[0]!)).toMatchObject({ tif: timeInForce, action: 'SELL' });
  });

  it('is found by symbol where nobody knows the id of the instrument', async () => {
    desk = await IbDesk.ready();
    desk.known = [{ ...desk.known[0]!, conId: null }];
    await place();
    expect(written(placed()[0]!)).toMatchObject({ conId: '', symbol: 'AAPL', primary: 'NASDAQ' });
  });

  it.each([
    ['a fraction of a share', { quantity: quantity('1.5') }, 'no whole number of shares'],
    ['nothing', { quantity: quantity('0') }, 'no whole number of shares'],
    [
      'a quantity beyond every number',
      { quantity: quantity('1e'.replace('e', '0'.repeat(25))) },
      'no whole',
    ],
    ['a price with an exponent', { limitPrice: price('0.00000001') }, 'cannot be sent'],
    ['a price no number holds', { limitPrice: price('1.12345678901234567890') }, 'cannot be sent'],
    ['a price of zero', { limitPrice: price('0') }, 'cannot be sent'],
    ['a limit order without a limit', { limitPrice: null }, 'cannot be sent'],
    ['a stop order without a stop', { type: 'STOP' }, 'cannot be sent'],
    ['a trailing stop without a distance', { ...TRAILING }, 'cannot be sent'],
    ['a NUL in the reference', { order: 'ord-1\0\x31' }, 'reference field'],
    ['a reference that is too long', { order: 'ord-0000000000000000000001' }, 'reference field'],
    ['an account of somebody else', { account: 'DU\x00' }, 'does not have the account'],
    ['an unknown instrument', { instrument: 'ZZZ' }, 'does not know the instrument ZZZ'],
    ['an id of the requests', { brokerOrderId: 100_000_000 }, 'no order id'],
    ['an id of a manual order', { brokerOrderId: 0 }, 'no order id'],
  ] as [string, Partial<OrderTicket>, string][])(
    'is refused before it is encoded: %s',
    async (_, given, why) => {
      desk = await IbDesk.ready();
      desk.link.place(ticket(given));
      expect(desk.of('UNSENT')).toHaveLength(1);
      expect(desk.of('UNSENT')[0]?.reason).toContain(why);
      await settled();
      expect(placed()).toHaveLength(0);
    },
  );

  it('is refused when its instrument carries control characters', async () => {
    desk = await IbDesk.ready();
    desk.known = [{ ...desk.known[0]!, symbol: 'AAPL\0' }];
    desk.link.place(ticket());
    expect(desk.of('UNSENT')[0]?.reason).toContain('cannot be sent');
  });

  it('never takes an id that stands for another order', async () => {
    desk = await IbDesk.ready();
    desk.brokerIds.set('7/12', 'ord-00000099');
    desk.link.place(ticket({ brokerOrderId: 12 }));
    expect(desk.of('UNSENT')[0]?.reason).toContain('stands for another order');
    await place({ brokerOrderId: 13 });
    desk.link.place(ticket({ order: 'ord-00000002', brokerOrderId: 13 }));
    expect(desk.of('UNSENT')).toHaveLength(2);
  });
});

describe('an order that cannot leave', () => {
  it('is refused at once while the link is not ready, and never leaves later', async () => {
    desk = await IbDesk.open();
    desk.link.place(ticket());
    expect(desk.of('UNSENT')[0]).toMatchObject({ order: 'ord-00000001' });
    desk.link.start();
    await desk.becomes('READY');
    await settled();
    expect(placed()).toHaveLength(0);
  });

  it('is unsent when its connection drops in the pacer, and not written on the next', async () => {
    desk = await IbDesk.ready();
    for (let n = 1; n <= 60; n += 1) {
      desk.link.place(ticket({ order: `ord-${String(n).padStart(8, '0')}`, brokerOrderId: n }));
    }
    await settled();
    const left = placed().length;
    expect(left).toBeLessThan(60);
    expect(desk.reports).toHaveLength(0);
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    expect(desk.of('UNSENT')).toHaveLength(60 - left);
    expect(desk.of('UNSENT')[0]?.order).toBe(`ord-${String(left + 1).padStart(8, '0')}`);
    desk.scheduler.advance(500);
    await desk.becomes('SYNCHRONIZING');
    desk.scheduler.advance(1_050);
    await desk.becomes('READY');
    desk.scheduler.advance(5_000);
    await settled();
    expect(placed()).toHaveLength(left);
  });

  it('is reported unsent when the link stops being ready while it waits for the pace', async () => {
    desk = await IbDesk.ready();
    for (let n = 1; n <= 60; n += 1) {
      desk.link.place(ticket({ order: `ord-${String(n).padStart(8, '0')}`, brokerOrderId: n }));
    }
    await settled();
    const left = placed().length;
    desk.tws.send(error(-1, 1100, 'lost'));
    await desk.becomes('DEGRADED');
    expect(desk.of('UNSENT')).toHaveLength(60 - left);
    desk.scheduler.advance(3_000);
    await settled();
    expect(placed()).toHaveLength(left);
  });

  it('keeps the terms of one whose change or cancel cannot be written', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    desk.link.modify(ticket({ quantity: quantity('50') }));
    desk.link.cancel({ order: 'ord-00000001', brokerOrderId: 1 });
    expect(desk.of('MODIFY_REFUSED')[0]?.reason).toContain('DISCONNECTED');
    expect(desk.of('CANCEL_REFUSED')[0]).toMatchObject({ order: 'ord-00000001' });
    expect(desk.of('UNSENT')).toHaveLength(0);
  });
});

describe('what the broker says about an order', () => {
  it('is evidence that it works once, however often it is repeated', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(
      orderStatus(),
      openOrder(),
      orderStatus(),
      orderStatus({ status: 'PreSubmitted' }),
    );
    await settled();
    expect(desk.reports).toEqual([
      { kind: 'ACCEPTED', order: 'ord-00000001', brokerOrderId: 1, permId: '9001' },
    ]);
  });

  it('keeps every digit of an account-wide id beyond 2^53', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(openOrder({ permId: '9223372036854775806' }));
    await until(() => desk.of('ACCEPTED').length === 1);
    expect(desk.of('ACCEPTED')[0]?.permId).toBe('9223372036854775806');
  });

  it('learns the account-wide id when it comes after the first status', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(orderStatus({ status: 'PendingSubmit', permId: 0 }), orderStatus());
    await until(() => desk.of('ACCEPTED').length === 2);
    expect(desk.of('ACCEPTED').map(({ permId }) => permId)).toEqual([null, '9001']);
  });

  it('cancels it with what had been filled before', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.link.cancel({ order: 'ord-00000001', brokerOrderId: 1 });
    await until(() => desk.tws.asked(ASK.cancel).length === 1);
    desk.tws.send(
      orderStatus({ status: 'PendingCancel', filled: 40, remaining: 60 }),
      orderStatus({ status: 'Cancelled', filled: 40, remaining: 0 }),
      error(1, 202, 'Order Canceled - reason:'),
    );
    await until(() => desk.of('CANCELLED').length === 1);
    await settled();
    expect(desk.of('CANCELLED')).toHaveLength(1);
    expect(desk.of('CANCELLED')[0]?.reason).toBe('cancelled as asked');
  });

  it('cancels it unasked, and tells the reason that comes after the status', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(orderStatus({ status: 'Cancelled', filled: 0, remaining: 100 }));
    desk.tws.send(error(1, 202, 'Order Canceled - reason:margin deficit'));
    await until(() => desk.of('CANCELLED').length === 2);
    const [first, second] = desk.of('CANCELLED').map(({ reason }) => reason);
    expect(first).toBe(ENDED_WITHOUT_A_WORD);
    expect(second).toContain('margin deficit (broker code 202)');
  });

  it('expires it when the broker says so', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(error(1, 202, 'Order Canceled - reason:Order expired'));
    await until(() => desk.of('EXPIRED').length === 1);
  });

  it('rejects it with the reason and the next step', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(error(1, 201, 'Order rejected - reason:Insufficient funds'));
    await until(() => desk.of('REJECTED').length === 1);
    expect(desk.of('REJECTED')[0]?.reason).toContain('Insufficient funds (broker code 201)');
    desk.tws.send(orderStatus({ status: 'Inactive' }));
    await settled();
    expect(desk.reports).toHaveLength(1);
  });

  it.each([110, 200, 203, 321, 383, 460, 10243])('rejects a new order by code %i', async (code) => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(error(1, code, 'no'));
    await until(() => desk.of('REJECTED').length === 1);
  });

  it.each([399, 404, 10349, 2109, 10167, 555])('never ends it by code %i', async (code) => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(error(1, code, 'a remark'), openOrder(), orderStatus());
    await until(() => desk.of('ACCEPTED').length === 1);
    desk.tws.send(error(1, code, 'a remark'));
    await until(() => desk.notices.filter((notice) => notice.code === code).length === 2);
    expect(desk.reports).toHaveLength(1);
    expect(desk.notices.at(-1)).toMatchObject({ order: 'ord-00000001' });
  });

  it.each([110, 321, 103])('does not end a working order by code %i', async (code) => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(error(1, code, 'no'));
    await until(() => desk.notices.length === 1);
    expect(desk.reports.map(({ kind }) => kind)).toEqual(['ACCEPTED']);
  });

  it('keeps one alive that is held for shares to borrow, until it is rejected', async () => {
    desk = await IbDesk.ready();
    await place({ side: 'SELL' });
    desk.tws.send(orderStatus(), orderStatus({ status: 'Inactive', whyHeld: 'locate' }));
    await until(() => desk.told().includes('locate'));
    expect(desk.reports.map(({ kind }) => kind)).toEqual(['ACCEPTED']);
    desk.tws.send(error(1, 201, 'Order rejected - reason:no shares'));
    await until(() => desk.of('REJECTED').length === 1);
  });

  it('does not disturb the price stream whose request has the same number', async () => {
    desk = await IbDesk.ready();
    desk.link.watch(desk.known[0]!);
    await until(() => desk.tws.asked(ASK.marketData).length === 1);
    expect(Number(desk.tws.asked(ASK.marketData)[0]?.[2])).toBeGreaterThanOrEqual(100_000_000);
    await working();
    desk.tws.send(error(1, 202, 'Order Canceled'));
    await until(() => desk.of('CANCELLED').length === 1);
    expect(desk.notices).toHaveLength(0);
  });

  it('survives an error whose details are not valid JSON, and reads the next message', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send(error(1, 201, 'Order rejected - reason:bad', '{"broken'), error(-1, 2104, 'ok'));
    await until(() => desk.notices.some(({ code }) => code === 2104));
    expect(desk.of('REJECTED')[0]?.reason).toContain('reason:bad');
    expect(desk.told()).toContain('decoding message 4');
    expect(desk.link.status.state).toBe('READY');
  });
});

describe('a change', () => {
  it('is confirmed when the broker shows the new terms', async () => {
    desk = await IbDesk.ready();
    await working();
    const change = { quantity: quantity('50'), limitPrice: price('10.4') };
    desk.link.modify(ticket(change));
    await until(() => placed().length === 2);
    expect(written(placed()[1]!)).toMatchObject({ id: '1', quantity: '50', limit: '10.4' });
    desk.tws.send(openOrder());
    await settled();
    expect(desk.of('MODIFIED')).toHaveLength(0);
    desk.tws.send(
      openOrder({ quantity: 50, limit: '10.40' }),
      openOrder({ quantity: 50, limit: '10.4' }),
    );
    await until(() => desk.of('MODIFIED').length > 0);
    await settled();
    expect(desk.of('MODIFIED')).toEqual([
      { kind: 'MODIFIED', order: 'ord-00000001', ...change, stopPrice: null },
    ]);
  });

  it.each([321, 110, 105, 201])('that is refused by %i leaves the order working', async (code) => {
    desk = await IbDesk.ready();
    await working();
    desk.link.modify(ticket({ quantity: quantity('50') }));
    await until(() => placed().length === 2);
    desk.tws.send(error(1, code, 'no'));
    await until(() => desk.of('MODIFY_REFUSED').length === 1);
    expect(desk.of('REJECTED')).toHaveLength(0);
    desk.tws.send(orderStatus({ status: 'Cancelled' }));
    await until(() => desk.of('CANCELLED').length === 1);
  });

  it('of an order that is over is never written: it would be a second order', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(orderStatus({ status: 'Cancelled' }));
    await until(() => desk.of('CANCELLED').length === 1);
    desk.link.modify(ticket({ quantity: quantity('50') }));
    expect(desk.of('MODIFY_REFUSED')[0]?.reason).toContain('the order is over');
    await settled();
    expect(placed()).toHaveLength(1);
  });

  it('lost with its connection is refused when the broker still shows the old terms', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.link.modify(ticket({ quantity: quantity('50') }));
    await until(() => placed().length === 2);
    desk.tws.openOrders = [openOrder(), orderStatus()];
    desk.tws.drop();
    await desk.becomes('DISCONNECTED');
    await desk.comesReady();
    expect(desk.of('MODIFY_REFUSED')[0]?.reason).toContain('lost with the connection');
  });

  it('during an outage that made two orders of one is told', async () => {
    desk = await IbDesk.ready();
    await working();
    desk.tws.send(openOrder({ permId: 9002 }), openOrder({ permId: 9002 }));
    await until(() => desk.told().includes('9001, 9002'));
    expect(desk.notices.filter(({ level }) => level === 'ERROR')).toHaveLength(1);
  });
});

describe('a cancel', () => {
  it.each([
    [10147, true],
    [10148, false],
    [161, false],
  ])(
    'that is refused by %i says whether the order is unknown there',
    async (code, unknownThere) => {
      desk = await IbDesk.ready();
      await working();
      desk.link.cancel({ order: 'ord-00000001', brokerOrderId: 1 });
      await until(() => desk.tws.asked(ASK.cancel).length === 1);
      desk.tws.send(error(1, code, 'no'));
      await until(() => desk.of('CANCEL_REFUSED').length === 1);
      expect(desk.of('CANCEL_REFUSED')[0]).toMatchObject({ order: 'ord-00000001', unknownThere });
    },
  );

  it('leaves while the link synchronizes', async () => {
    desk = await IbDesk.open();
    desk.onSnapshot = () => new Promise(() => undefined);
    desk.link.start();
    await until(() => desk.snapshots.length === 1);
    desk.link.cancel({ order: 'ord-00000001', brokerOrderId: 1 });
    await until(() => desk.tws.asked(ASK.cancel).length === 1);
    expect(desk.tws.asked(ASK.cancel)[0]?.[1]).toBe('1');
  });
});

describe('orders of somebody else', () => {
  it('are kept by their account-wide id and never taken for ours', async () => {
    desk = await IbDesk.open();
    desk.brokerIds.set('7/5', 'ord-00000005');
    desk.tws.openOrders = [
      openOrder({ orderId: 0, clientId: 0, permId: 501, ref: '' }),
      orderStatus({ orderId: 0, clientId: 0, permId: 501 }),
      openOrder({ orderId: -3, clientId: 0, permId: 502, ref: '' }),
      openOrder({ orderId: 2147483647, clientId: 0, permId: 503, ref: '' }),
      // The same id as one of ours, by another program with another reference.
      openOrder({ orderId: 5, clientId: 7, permId: 504, ref: 'other:1' }),
      orderStatus({ orderId: 5, clientId: 7, permId: 504, status: 'Cancelled' }),
    ];
    desk.link.start();
    await desk.becomes('READY');
    expect(desk.reports).toHaveLength(0);
    expect(desk.snapshots[0]?.openOrders.map(({ order, permId }) => [order, permId])).toEqual([
      [null, '501'],
      [null, '502'],
      [null, '503'],
    ]);
  });

  it('are known as ours by the account-wide id when a message has no reference', async () => {
    desk = await IbDesk.ready();
    desk.permIds.set('777', 'ord-00000042');
    desk.tws.send(orderStatus({ orderId: 99, clientId: 3, permId: 777, status: 'Cancelled' }));
    await until(() => desk.of('CANCELLED').length === 1);
    expect(desk.of('CANCELLED')[0]?.order).toBe('ord-00000042');
  });

  it('asking only what an order would cost leave nothing', async () => {
    desk = await IbDesk.ready();
    desk.tws.send(openOrder({ whatIf: 1 }), error(-1, 2104, 'ok'));
    await until(() => desk.notices.length === 1);
    expect(desk.reports).toHaveLength(0);
  });
});

describe('frames', () => {
  it('decode alike when they are cut at every byte and when many come at once', async () => {
    desk = await IbDesk.ready();
    await place();
    const bytes = Buffer.concat([openOrder(), orderStatus()].map(encode));
    for (const byte of bytes) desk.tws.sendBytes(Buffer.from([byte]));
    await until(() => desk.of('ACCEPTED').length === 1);
    desk.tws.send(...Array.from({ length: 500 }, () => orderStatus()), error(1, 202, 'gone'));
    await until(() => desk.of('CANCELLED').length === 1);
    expect(desk.reports).toHaveLength(2);
  });

  it('with an unknown code or surplus fields are told, and the stream goes on', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.tws.send([255, 'what', 'is', 'this'], [...orderStatus(), 'more', 'fields']);
    await until(() => desk.notices.filter(({ code }) => code === 505).length >= 2);
    desk.tws.send(orderStatus());
    await until(() => desk.of('ACCEPTED').length === 1);
    expect(desk.link.status.state).toBe('READY');
  });

  it('are not lost when the engine throws over the one before', async () => {
    desk = await IbDesk.ready();
    await place();
    desk.onReport = () => {
      desk.onReport = () => undefined;
      throw new Error('over');
    };
    desk.tws.send(openOrder(), error(1, 202, 'gone'));
    await until(() => desk.of('CANCELLED').length === 1);
    expect(desk.told()).toContain('the engine failed: over');
    expect(desk.link.status.state).toBe('READY');
  });
});

describe('a trailing stop at the broker', () => {
  const shown = { action: 'SELL', type: 'TRAIL', limit: 0, aux: 1.5 };

  it('is listed with its stop as it stands, not with its distance', async () => {
    desk = await IbDesk.open();
    desk.tws.openOrders = [openOrder({ ...shown, trailStop: 10.25 }), orderStatus()];
    desk.link.start();
    await desk.becomes('READY');
    const [live] = desk.snapshots.at(-1)!.openOrders;
    expect(live).toMatchObject({ stopPrice: price('10.25'), limitPrice: null });
  });

  it('confirms another size with the stop that the broker has by then', async () => {
    desk = await IbDesk.ready();
    await place(BY_AMOUNT);
    desk.tws.send(openOrder({ ...shown, trailStop: 9.75 }), orderStatus());
    await until(() => desk.of('ACCEPTED').length === 1);
    desk.link.modify(ticket({ ...BY_AMOUNT, quantity: quantity('40') }));
    await until(() => placed().length === 2);
    expect(written(placed()[1]!)).toMatchObject({ quantity: '40', aux: '1.5', trailStop: '9.75' });
    desk.tws.send(openOrder({ ...shown, quantity: 40, trailStop: 10 }), orderStatus());
    await until(() => desk.of('MODIFIED').length === 1);
    expect(desk.of('MODIFIED')[0]).toMatchObject({
      ...{ quantity: quantity('40'), stopPrice: price('10') },
    });
  });
});
