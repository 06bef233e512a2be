// An order leaves once or not at all: what has no trace is UNKNOWN and never sent again, what never
// left is decided again, and what must wait leaves in order.

import { price, quantity, toText } from '../../src/domain/decimal';
import { connectedDesk, openLinkDesk } from '../support/link-kit';

const LONG = {
  entry: ['over BUY 10 market 10'],
  long: ['SELL 10 market 8 stop', 'SELL 10 limit 12'],
};

/** A desk with 10 shares, their stop and their take-profit at the broker. */
async function inPosition() {
  const link = await connectedDesk();
  await link.desk.load('AAPL', LONG);
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  return link;
}

describe('an order that was sent', () => {
  it('and has left no trace is UNKNOWN, blocks openings and is never sent again', async () => {
    const link = await connectedDesk();
    link.far.deaf = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.deaf = false;
    await link.connect();
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.desk.order('ord-00000002').status).toBe('DENIED');
    await link.drop();
    await link.connect();
    await link.restart();
    await link.connect();
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    expect(link.far.left).toEqual(['place ord-00000001 BUY 5 LIMIT 9']);
  });

  it.each([
    ['has EXPIRED when its session is over', 'limit 9', 1, {}, 'EXPIRED'],
    ['is UNKNOWN while its session lasts', 'limit 9', 0, {}, 'UNKNOWN'],
    ['is UNKNOWN when it was good till cancelled', 'gtc', 1, {}, 'UNKNOWN'],
    [
      'is UNKNOWN without a list of the completed',
      'limit 9',
      1,
      { completedOrders: null },
      'UNKNOWN',
    ],
  ] as const)('and is nowhere %s', async (_, words, later, changes, status) => {
    const link = await connectedDesk();
    const timeInForce = words === 'gtc' ? 'GTC' : 'DAY';
    await link.desk.place('AAPL', 'BUY 5 limit 9', { timeInForce });
    await link.drop();
    link.far.forget('ord-00000001');
    const dayOrdersEndedBefore = link.desk.clock.now() + later;
    const snapshot = link.far.snapshot(changes);
    await link.input({ kind: 'LINK_SYNCHRONIZED', snapshot, dayOrdersEndedBefore });
    expect(link.status('ord-00000001')).toBe(status);
  });

  it('opens the instrument again when it turns up', async () => {
    const link = await connectedDesk();
    link.far.mute = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.mute = false;
    await link.connect({ openOrders: [] });
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    await link.again();
    expect(link.status('ord-00000001')).toBe('WORKING');
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000002')).toBe('WORKING');
  });

  it('and worked, and is in no list, is UNKNOWN; a fill of it is booked to it', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    await link.connect({ openOrders: [], completedOrders: null });
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    await link.fill('ord-00000001', '2', '9');
    expect([link.status('ord-00000001'), link.desk.held('AAPL')]).toEqual([
      'PARTIALLY_FILLED',
      '2',
    ]);
  });

  it('is UNKNOWN until its executions have come, where it is listed as filled', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.mute = true;
    link.far.fill('ord-00000001', '5', '9');
    await link.drop();
    await link.connect();
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    link.far.mute = false;
    await link.drop();
    await link.connect();
    expect([link.status('ord-00000001'), link.desk.held('AAPL')]).toEqual(['FILLED', '5']);
  });

  it('ends as filled where the broker has a smaller one, filled to the last share', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.fill('ord-00000001', '2', '9');
    await link.drop();
    link.far.alter('ord-00000001', { quantity: quantity('2'), status: 'FILLED' });
    await link.connect();
    expect(link.status('ord-00000001')).toBe('FILLED');
  });

  it.each(['CANCELLED', 'REJECTED'] as const)('is %s where it is listed so', async (status) => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.alter('ord-00000001', { status, reason: 'by the broker' });
    await link.connect();
    expect(link.status('ord-00000001')).toBe(status);
  });

  it('keeps the end that was asked for while it is UNKNOWN', async () => {
    const link = await connectedDesk();
    link.far.mute = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.mute = false;
    await link.connect({ openOrders: [] });
    link.far.deaf = true;
    await link.cancel('ord-00000001');
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000002')).toBe('DENIED');
    await link.drop();
    link.far.deaf = false;
    await link.connect();
    expect(link.status('ord-00000001')).toBe('CANCELLED');
  });

  it('never arrived where the broker does not know it on a later connection', async () => {
    const link = await connectedDesk();
    link.far.deaf = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.deaf = false;
    await link.connect();
    await link.cancel('ord-00000001');
    expect(link.status('ord-00000001')).toBe('CANCELLED');
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000002')).toBe('WORKING');
  });
});

describe('an order that was approved', () => {
  it('and not claimed as sent is NOT_SENT after a restart', async () => {
    const link = await connectedDesk();
    await link.pace(0);
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.pace(1);
    const sent = link.desk.records.find(({ event }) => event.type === 'OrderSent')!;
    // The record of its claim is gone with the power, and so no byte of it had left.
    await link.restart(sent.sequence - 1);
    expect(link.status('ord-00000001')).toBe('NOT_SENT');
    link.far.orders.clear();
    await link.connect();
    expect(link.far.left).toHaveLength(1);
  });

  it('leaves when the pace allows it, in the order it was approved', async () => {
    const link = await connectedDesk();
    await link.pace(0);
    for (const size of ['1', '2', '3']) await link.desk.place('AAPL', `BUY ${size} limit 9`);
    expect(link.far.left).toEqual([]);
    await link.pace(2);
    expect(link.far.left.map((each) => each.split(' ')[1])).toEqual([
      'ord-00000001',
      'ord-00000002',
    ]);
    await link.pace(1);
    expect(link.far.left).toHaveLength(3);
    const ids = [...link.far.orders.values()].map(({ brokerOrderId }) => brokerOrderId);
    expect(ids).toEqual([1, 2, 3]);
  });

  it('and cancelled before it left never reaches the broker', async () => {
    const link = await connectedDesk();
    await link.pace(0);
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.cancel('ord-00000001');
    expect(link.status('ord-00000001')).toBe('CANCELLED');
    await link.pace(5);
    expect(link.far.left).toEqual([]);
  });

  it('is ended here by a halt, and does not stay live for ever', async () => {
    const link = await connectedDesk();
    await link.pace(0);
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.command({
      ...{ kind: 'SET_TRADING_STATE', scope: { kind: 'SYSTEM', key: '' } },
      ...{ state: 'HALTED', reason: 'test', by: 'me' },
    });
    await link.pace(5);
    expect([link.status('ord-00000001'), link.far.left]).toEqual(['CANCELLED', []]);
  });

  it('is NOT_SENT when the link is lost; by hand it is not decided again', async () => {
    const link = await connectedDesk();
    await link.pace(0);
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    await link.connect();
    await link.pace(5);
    expect([link.status('ord-00000001'), link.far.left]).toEqual(['NOT_SENT', []]);
  });

  it('arms its siblings again when it was an entry', async () => {
    const link = await connectedDesk();
    const entry = ['over BUY 10 market 10', 'over BUY 10 market 11'];
    await link.desk.load('AAPL', { entry });
    await link.pace(0);
    await link.desk.ticks('AAPL', '10 10.5');
    expect(link.status('entry[1]')).toBe('CANCELLED');
    await link.drop();
    expect([link.status('entry[0]'), link.status('entry[1]')]).toEqual(['NOT_SENT', 'ARMED']);
    await link.connect();
    await link.pace(5);
    await link.desk.ticks('AAPL', '11 11.5');
    expect(link.far.left).toEqual([expect.stringContaining('ord-00000002 BUY 10')]);
  });

  it('takes its armed siblings with it when it fills after all', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', { entry: ['over BUY 10 market 10', 'over BUY 10 market 11'] });
    await link.desk.ticks('AAPL', '10 10.5');
    const id = link.id('entry[0]');
    await link.desk.report({ kind: 'REJECTED', order: id, reason: 'margin' });
    expect(link.status('entry[1]')).toBe('ARMED');
    await link.fill('entry[0]', '10', '10.5');
    expect(link.status('entry[1]')).toBe('CANCELLED');
  });
});

describe('exits that wait when the link is lost', () => {
  it('are decided again under new ids when it is ready, each exactly once', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    await link.pace(0);
    await link.fill('entry[0]', '10', '10.5');
    expect(link.status('ord-00000002')).toBe('SUBMITTED');
    await link.drop();
    await link.drop();
    expect(link.desk.order('ord-00000002').status).toBe('NOT_SENT');
    await link.connect();
    await link.pace(9);
    expect(link.far.left.slice(1)).toEqual([
      'place ord-00000004 SELL 10 STOP 8',
      'place ord-00000005 SELL 10 LIMIT 12',
    ]);
    expect(link.status('ord-00000004')).toBe('WORKING');
  });

  it('survive many losses without growing names', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    await link.pace(0);
    await link.fill('entry[0]', '10', '10.5');
    for (let n = 0; n < 20; n += 1) {
      await link.drop();
      await link.connect();
    }
    await link.pace(9);
    expect(link.far.left).toHaveLength(3);
    const names = [...link.desk.state.requests.keys()];
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(50);
  });

  it('are decided again after a restart as well', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    await link.pace(0);
    await link.fill('entry[0]', '10', '10.5');
    await link.restart();
    await link.restart();
    link.far.room = 9;
    await link.connect();
    const stops = link.far.left.filter((each) => each.includes('STOP'));
    expect(stops).toEqual([expect.stringContaining('SELL 10 STOP 8')]);
  });

  it('are armed when the entry fills while the link is down, and sent when it is up', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    await link.drop();
    await link.fill('entry[0]', '10', '10.5');
    expect(link.far.left).toHaveLength(1);
    await link.connect();
    expect(link.far.left.slice(1)).toEqual([
      'place ord-00000002 SELL 10 STOP 8',
      'place ord-00000003 SELL 10 LIMIT 12',
    ]);
  });

  it('are given up with a lock when the session turns them back for good', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    const { far } = link;
    const place = far.place.bind(far);
    let turned = 0;
    far.place = (ticket) => {
      if (ticket.type !== 'STOP') return place(ticket);
      turned += 1;
      far.deliver({ kind: 'UNSENT', order: ticket.order, reason: 'not an instrument of ours' });
    };
    await link.fill('entry[0]', '10', '10.5');
    expect(turned).toBe(2);
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });

  it('follow the position while they wait for the pace', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', LONG);
    await link.desk.ticks('AAPL', '10 10.5');
    await link.pace(0);
    await link.fill('entry[0]', '4', '10.5');
    await link.fill('entry[0]', '6', '10.5');
    await link.pace(9);
    expect(link.far.left.slice(1)).toEqual([
      'place ord-00000002 SELL 10 STOP 8',
      'place ord-00000003 SELL 10 LIMIT 12',
    ]);
  });

  it('never leave when the position is gone meanwhile', async () => {
    const link = await inPosition();
    await link.pace(0);
    await link.desk.place('AAPL', 'SELL 4 limit 11');
    await link.fill('long[0]', '10', '8');
    await link.pace(9);
    expect(link.far.left.filter((each) => each.startsWith('place'))).toHaveLength(3);
    expect(link.desk.held('AAPL')).toBe('0');
  });
});

describe('a late fill', () => {
  it('of an order by hand that turned the position is flattened, a lost link or not', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    await link.desk.place('AAPL', 'SELL 10 stop 9');
    await link.pace(0);
    // Both fill at once, before the second could be cut.
    link.far.fill('ord-00000002', '10', '12');
    link.far.fill('ord-00000003', '10', '9');
    await link.heard();
    expect(link.desk.held('AAPL')).toBe('-10');
    await link.drop();
    await link.connect();
    await link.pace(9);
    expect(link.far.left.at(-1)).toMatch(/BUY 10 MARKET$/);
  });

  it.each(['NOT_SENT', 'CANCELLED', 'UNKNOWN'])('of an order that is %s counts', async (status) => {
    const link = await connectedDesk();
    link.far.mute = status !== 'CANCELLED';
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    if (status === 'CANCELLED') await link.cancel('ord-00000001');
    if (status === 'NOT_SENT') {
      await link.desk.report({ kind: 'UNSENT', order: 'ord-00000001', reason: 'it thought so' });
    }
    await link.drop();
    link.far.mute = false;
    const none = { openOrders: [], completedOrders: [] };
    await link.connect(none);
    expect(link.status('ord-00000001')).toBe(status);
    await link.fill('ord-00000001', '5', '9');
    expect([link.status('ord-00000001'), link.desk.held('AAPL')]).toEqual(['FILLED', '5']);
  });

  it('needs no second look: an order over here and live there is called back', async () => {
    const link = await connectedDesk();
    link.far.mute = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.desk.report({ kind: 'UNSENT', order: 'ord-00000001', reason: 'it thought so' });
    link.far.mute = false;
    await link.drop();
    await link.connect();
    expect(link.far.left.at(-1)).toBe('cancel ord-00000001');
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });
});

describe('a later round of questions on the same connection', () => {
  it('repeats the cancel of an order that is still open', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.deaf = true;
    await link.cancel('ord-00000001');
    await link.again({}, 4_999);
    const cancels = () => link.far.left.filter((each) => each.startsWith('cancel'));
    expect(cancels()).toHaveLength(1);
    link.far.deaf = false;
    await link.again();
    expect([link.status('ord-00000001'), cancels().length]).toEqual(['CANCELLED', 2]);
  });

  it.each([
    ['arrived', false, '8 9.5'],
    ['was lost', true, '5 9'],
  ])('settles a change that %s to what the broker lists', async (_, deaf, terms) => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.mute = true;
    link.far.deaf = deaf;
    await link.command({
      ...{ kind: 'MODIFY_ORDER', requestId: 'm1', order: 'ord-00000001' },
      ...{ quantity: quantity('8'), limitPrice: price('9.5'), stopPrice: null },
    });
    expect(link.desk.order('ord-00000001').requestedQuantity).not.toBeNull();
    await link.again();
    const { quantity: now, requestedQuantity, limitPrice } = link.desk.order('ord-00000001');
    expect(`${toText(now)} ${toText(limitPrice!)}`).toBe(terms);
    expect(requestedQuantity).toBeNull();
    expect(link.desk.events('LinkReady')).toHaveLength(1);
  });

  it('takes an order in no list after ten seconds for UNKNOWN, and not before', async () => {
    const link = await connectedDesk();
    link.far.deaf = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.again({}, 9_999);
    expect(link.status('ord-00000001')).toBe('SUBMITTED');
    await link.again({}, 1);
    expect(link.status('ord-00000001')).toBe('UNKNOWN');
    link.far.arrive();
    await link.again();
    expect(link.status('ord-00000001')).toBe('WORKING');
  });
});

it('before the first connection nothing leaves: what is placed by hand is denied', async () => {
  const link = await openLinkDesk();
  await link.desk.place('AAPL', 'BUY 5 limit 9');
  expect(link.desk.order('ord-00000001').status).toBe('DENIED');
  expect(link.far.left).toEqual([]);
});
