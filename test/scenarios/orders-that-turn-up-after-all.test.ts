// One answer of the broker proves little: an order ends only where everything it says agrees, and
// one that ended and is seen there all the same is called back.

import { quantity } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

const ORDER = 'ord-00000001';
const locked = (link: LinkDesk) => link.desk.state.tradingStates.get('INSTRUMENT|AAPL');
const cancels = (link: LinkDesk) => link.far.left.filter((each) => each === `cancel ${ORDER}`);
const unheardOf: BrokerReport = {
  ...{ kind: 'CANCEL_REFUSED', order: ORDER, reason: 'no such order', unknownThere: true },
};

/** An order that was lost on the way, and ended because the broker had never heard of it. */
async function lost(): Promise<LinkDesk> {
  const link = await connectedDesk();
  link.far.deaf = true;
  await link.desk.place('AAPL', 'BUY 5 limit 9');
  await link.drop();
  link.far.deaf = false;
  await link.connect();
  await link.cancel(ORDER);
  expect(link.status(ORDER)).toBe('CANCELLED');
  expect(link.desk.order(ORDER).statusMessage).toBe('never arrived: no such order');
  expect(locked(link)).toBeUndefined();
  return link;
}

describe('a cancel that the broker answers with never having heard of the order', () => {
  it('ends nothing that it listed as open on this connection', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    await link.connect();
    link.far.deaf = true;
    await link.cancel(ORDER);
    await link.desk.report(unheardOf);
    expect(link.status(ORDER)).toBe('WORKING');
    expect(link.desk.events('OrderCancelRefused')).toHaveLength(1);
  });

  it('ends nothing while the answers of the connection are not in', async () => {
    const link = await connectedDesk();
    link.far.deaf = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    await link.connect();
    await link.cancel(ORDER);
    await link.drop();
    await link.desk.report(unheardOf);
    expect(link.status(ORDER)).toBe('UNKNOWN');
  });

  it('does not say of an order that was seen before that it never arrived', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.forget(ORDER);
    await link.connect();
    await link.cancel(ORDER);
    expect(link.desk.order(ORDER).statusMessage).toBe('no longer there: no such order');
    expect(link.desk.order(ORDER).neverArrived).toBeUndefined();
  });
});

describe('an order without a trace on a living connection', () => {
  /** A market exit of 5 that was swallowed; nobody has looked for it yet. */
  async function swallowed(): Promise<LinkDesk> {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 market');
    await link.fill(ORDER, '5', '10');
    link.far.deaf = true;
    await link.desk.place('AAPL', 'SELL 5 market');
    link.far.deaf = false;
    return link;
  }
  const EXIT = 'ord-00000002';
  const cancel = async ({ desk }: LinkDesk) => {
    const refusal = await desk.refusal({ kind: 'CANCEL_ORDER', order: EXIT, reason: 'by hand' });
    return refusal && `${refusal.code}: ${refusal.message}`;
  };
  const asked = ({ far }: LinkDesk) => far.left.filter((each) => each === `cancel ${EXIT}`).length;

  it('says what is waited for, and ends where two late lists and the broker agree', async () => {
    const link = await swallowed();
    await link.again();
    expect(link.status(EXIT)).toBe('UNKNOWN');
    expect(await cancel(link)).toBe(
      `NOT_CONNECTED: ${EXIT} is UNKNOWN: the broker was asked to cancel it. It ends when the ` +
        'broker says that it has no such order and 2 more complete lists lack it; they are read ' +
        'every few seconds, and it is not sent again.',
    );
    expect([asked(link), link.status(EXIT)]).toEqual([1, 'UNKNOWN']);
    await link.again();
    expect(await cancel(link)).toContain('1 more complete list lacks it');
    expect(link.status(EXIT)).toBe('UNKNOWN');
    await link.again();
    expect([asked(link), link.status(EXIT)]).toEqual([3, 'CANCELLED']);
    const { neverArrived, statusMessage } = link.desk.order(EXIT);
    expect([neverArrived, statusMessage]).toEqual([true, 'never arrived: no such order']);
    await link.desk.place('AAPL', 'SELL 5 market');
    expect(link.status('ord-00000003')).toBe('WORKING');
    expect(link.far.left.filter((each) => each.startsWith(`place ${EXIT}`))).toHaveLength(1);
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  });

  it('ends at once where the lists have lacked it before it is asked', async () => {
    const link = await swallowed();
    for (let n = 0; n < 4; n += 1) await link.again();
    expect([asked(link), link.desk.order(EXIT).absences]).toEqual([0, 2]);
    expect(await cancel(link)).toContain('It ends when the broker says that it has no such order;');
    expect(link.status(EXIT)).toBe('CANCELLED');
  });

  it('is not ended by lists that are incomplete, or younger than its way takes', async () => {
    const link = await swallowed();
    await link.again({}, 15_000);
    for (let n = 0; n < 3; n += 1) await link.again({ completedOrders: null });
    await cancel(link);
    expect(link.desk.order(EXIT)).toMatchObject({ status: 'UNKNOWN' });
    expect(link.desk.order(EXIT).absences).toBeUndefined();
  });

  it('is not ended by lists alone', async () => {
    const link = await swallowed();
    for (let n = 0; n < 2; n += 1) await link.again();
    link.far.mute = true;
    await cancel(link);
    for (let n = 0; n < 3; n += 1) await link.again();
    expect(link.status(EXIT)).toBe('UNKNOWN');
    expect(asked(link)).toBeGreaterThan(2);
  });

  it('that turns up between is ended as the live order that it is', async () => {
    const link = await swallowed();
    await link.again();
    await cancel(link);
    await link.again();
    link.far.arrive();
    await link.again();
    expect(link.status(EXIT)).toBe('CANCELLED');
    expect(link.desk.order(EXIT).neverArrived).toBeUndefined();
    expect(link.far.snapshot().openOrders).toEqual([]);
  });

  it('and that arrives after its end is called back', async () => {
    const link = await swallowed();
    for (let n = 0; n < 3; n += 1) await link.again();
    await cancel(link);
    expect(link.status(EXIT)).toBe('CANCELLED');
    link.far.arrive();
    await link.again();
    expect([locked(link), link.far.snapshot().openOrders]).toEqual(['REDUCING', []]);
  });

  it('cannot be asked for while the link is down, and is asked for when it is back', async () => {
    const link = await swallowed();
    await link.again();
    await link.drop();
    expect(await cancel(link)).toBe(
      `NOT_CONNECTED: ${EXIT} is UNKNOWN and the broker cannot be asked: it is called back when ` +
        'the link is ready again.',
    );
    await link.connect();
    expect(link.status(EXIT)).toBe('CANCELLED');
  });

  it('whose executions are missing waits for them', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 market');
    await link.fill(ORDER, '5', '10');
    await link.desk.place('AAPL', 'SELL 5 limit 11');
    link.far.mute = true;
    link.far.fill(EXIT, '5', '11');
    await link.again();
    expect(await cancel(link)).toBe(
      `NOT_CONNECTED: ${EXIT} is UNKNOWN: the broker lists it as filled with 5 filled, and its ` +
        'executions have not come. They are asked for again every few seconds: look at its ' +
        'executions in TWS.',
    );
  });
});

describe('an order that ended as never arrived', () => {
  it('and is accepted later is called back, and nothing opens until somebody looks', async () => {
    const link = await lost();
    link.far.arrive();
    for (let n = 0; n < 3; n += 1) {
      const accepted = {
        kind: 'ACCEPTED',
        order: ORDER,
        brokerOrderId: 1,
        permId: '1001',
      } as const;
      await link.desk.report(accepted);
    }
    expect(locked(link)).toBe('REDUCING');
    expect(cancels(link)).toHaveLength(2);
    expect(link.far.snapshot().openOrders).toEqual([]);
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  });

  it('and is listed a moment later is called back as well', async () => {
    const link = await lost();
    link.far.arrive();
    await link.input({ kind: 'LINK_SYNCHRONIZED', snapshot: link.far.snapshot() });
    expect([locked(link), cancels(link).length]).toEqual(['REDUCING', 2]);
    expect(link.far.snapshot().openOrders).toEqual([]);
  });

  it('and fills later locks the instrument, and its shares count', async () => {
    const link = await lost();
    link.far.arrive();
    await link.fill(ORDER, '2', '9');
    expect([locked(link), link.desk.held('AAPL')]).toEqual(['REDUCING', '2']);
  });
});

it('a late answer after an ordinary cancel changes nothing', async () => {
  const link = await connectedDesk();
  link.far.mute = true;
  await link.desk.place('AAPL', 'BUY 5 limit 9');
  link.far.mute = false;
  await link.cancel(ORDER);
  expect(link.desk.order(ORDER)).toMatchObject({ status: 'CANCELLED', permId: null });
  const before = link.desk.journal.head();
  await link.desk.report({ kind: 'ACCEPTED', order: ORDER, brokerOrderId: 1, permId: '1001' });
  expect(link.desk.journal.head()).toEqual(before);
});

describe('an order that the broker lists as over with more filled than the book has', () => {
  it.each(['CANCELLED', 'REJECTED'] as const)('%s waits for its executions', async (status) => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.mute = true;
    link.far.fill(ORDER, '2', '9');
    link.far.alter(ORDER, { status });
    await link.drop();
    await link.connect();
    expect(link.status(ORDER)).toBe('UNKNOWN');
    const lists = `the broker lists it as ${status.toLowerCase()} with 2 filled`;
    const { statusMessage } = link.desk.order(ORDER);
    expect(statusMessage).toBe(`${lists}, and its executions have not come`);
    await link.cancel(ORDER);
    await link.desk.report(unheardOf);
    expect(link.status(ORDER)).toBe('UNKNOWN');
    link.far.mute = false;
    await link.drop();
    await link.connect();
    expect([link.status(ORDER), link.desk.held('AAPL')]).toEqual([status, '2']);
  });

  it('is over where the book has them all', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.fill(ORDER, '2', '9');
    await link.drop();
    link.far.alter(ORDER, { status: 'CANCELLED', filled: quantity('2') });
    await link.connect();
    expect(link.status(ORDER)).toBe('CANCELLED');
  });
});
