// What a broker may say twice, too early, too late or about nobody's order.

import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import type { Broker } from '../../src/domain/ports';
import { holdingOf, positionOf } from '../../src/engine/core/state';
import { ACCOUNT, canonical, folded, openDesk, STRATEGY, type Desk } from '../support/trading-kit';

/** A broker that only listens: the test speaks for it. */
const SILENT: Broker = {
  canSend: () => true,
  place: () => undefined,
  modify: () => undefined,
  cancel: () => undefined,
};
const silentDesk = (): Promise<Desk> => openDesk({ broker: () => SILENT });

function fill(order: string | null, changes: Partial<Extract<BrokerReport, { kind: 'FILL' }>>) {
  const where = { account: ACCOUNT, instrument: 'AAPL', side: 'BUY' } as const;
  const what = { execId: 'x1', quantity: quantity('10'), price: price('70') };
  return { kind: 'FILL', order, ...where, ...what, ...changes } as const;
}
const feesOf = (desk: Desk): string =>
  toText(holdingOf(desk.state, { account: ACCOUNT, instrument: 'AAPL', strategy: STRATEGY }).fees);

async function withOrder(words = 'BUY 10 market'): Promise<{ desk: Desk; id: string }> {
  const desk = await silentDesk();
  await desk.tick('AAPL', '70');
  await desk.place('AAPL', words);
  return { desk, id: 'ord-00000001' };
}

describe('a broker report', () => {
  it('of an unknown order’s fill goes to UNALLOCATED', async () => {
    const desk = await silentDesk();
    await desk.report(fill(null, {}));
    await desk.report(fill('nobody', { execId: 'x2' }));
    const key = { account: ACCOUNT, instrument: 'AAPL' };
    expect(toText(positionOf(desk.state, key).quantity)).toBe('20');
    expect(toText(holdingOf(desk.state, { ...key, strategy: null }).quantity)).toBe('20');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('about an unknown order changes nothing else', async () => {
    const desk = await silentDesk();
    const before = desk.journal.head();
    const order = 'nobody';
    await desk.report({ kind: 'ACCEPTED', order, brokerOrderId: 7, permId: '7' });
    await desk.report({ kind: 'CANCELLED', order, reason: '' });
    await desk.report({ kind: 'REJECTED', order, reason: '' });
    expect(desk.journal.head()).toEqual(before);
  });

  it('of the same execution twice counts once', async () => {
    const { desk, id } = await withOrder();
    await desk.report(fill(id, {}));
    await desk.report(fill(id, {}));
    expect(desk.held('AAPL')).toBe('10');
    expect(desk.order(id).status).toBe('FILLED');
  });

  it('of a commission before its fill is charged with the fill', async () => {
    const { desk, id } = await withOrder();
    await desk.report({ kind: 'COMMISSION', execId: 'x1', amount: money('1') });
    expect(feesOf(desk)).toBe('0');
    await desk.report(fill(id, {}));
    expect(feesOf(desk)).toBe('1');
  });

  it.each([
    ['after', ['fill', 'fee', 'fee']],
    ['before', ['fee', 'fee', 'fill']],
    ['around', ['fee', 'fill', 'fee']],
  ])('of one commission twice, %s the fill, is charged once', async (_, order) => {
    const { desk, id } = await withOrder();
    for (const what of order) {
      if (what === 'fill') await desk.report(fill(id, {}));
      else await desk.report({ kind: 'COMMISSION', execId: 'x1', amount: money('1') });
    }
    expect(feesOf(desk)).toBe('1');
    expect(toText(desk.state.accounts.get(ACCOUNT)!.cash)).toBe('99299');
  });

  it('of a fill after the cancel counts; the order stays cancelled until whole', async () => {
    const { desk, id } = await withOrder();
    await desk.command({ kind: 'CANCEL_ORDER', order: id, reason: 'changed my mind' });
    await desk.report({ kind: 'CANCELLED', order: id, reason: 'done' });
    await desk.report(fill(id, { quantity: quantity('4') }));
    expect([desk.held('AAPL'), desk.order(id).status]).toEqual(['4', 'CANCELLED']);
    await desk.report(fill(id, { execId: 'x2', quantity: quantity('6') }));
    expect([desk.held('AAPL'), desk.order(id).status]).toEqual(['10', 'FILLED']);
  });

  it('of a cancel that came too late leaves the order working', async () => {
    const { desk, id } = await withOrder('BUY 10 limit 69');
    await desk.report({ kind: 'ACCEPTED', order: id, brokerOrderId: 1, permId: '1' });
    await desk.command({ kind: 'CANCEL_ORDER', order: id, reason: 'changed my mind' });
    expect(desk.order(id).status).toBe('CANCEL_PENDING');
    await desk.report({ kind: 'CANCEL_REFUSED', order: id, reason: 'too late' });
    expect(desk.order(id).status).toBe('WORKING');
  });

  it('that an order is filled is not undone by a late answer or expiry', async () => {
    const { desk, id } = await withOrder();
    await desk.report(fill(id, {}));
    await desk.report({ kind: 'ACCEPTED', order: id, brokerOrderId: 1, permId: '1' });
    await desk.report({ kind: 'CANCELLED', order: id, reason: '' });
    await desk.report({ kind: 'EXPIRED', order: id, reason: '' });
    await desk.report({ kind: 'REJECTED', order: id, reason: '' });
    expect(desk.order(id).status).toBe('FILLED');
  });

  it('that a stop was reached counts once', async () => {
    const desk = await silentDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 70'],
      long: ['SELL 10 market 68 stop'],
    });
    await desk.ticks('AAPL', '69 71');
    await desk.report(fill(desk.order('entry[0]').id, {}));
    const stop = desk.order('long[0]').id;
    await desk.report({ kind: 'ELECTED', order: stop, price: price('68') });
    await desk.report({ kind: 'ELECTED', order: stop, price: price('67') });
    expect(desk.events('OrderElected')).toHaveLength(1);
    await desk.report({ kind: 'CANCELLED', order: stop, reason: 'by the broker' });
    await desk.report({ kind: 'ELECTED', order: stop, price: price('66') });
    expect(desk.events('OrderElected')).toHaveLength(1);
  });

  it('of a rejection after a part has filled lets the adds of the entry arm', async () => {
    const desk = await silentDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 market 70'], long: ['BUY 10 limit 69'] });
    await desk.ticks('AAPL', '69 71');
    const { id } = desk.order('entry[0]');
    await desk.report(fill(id, { quantity: quantity('4') }));
    expect(desk.order('long[0]')).toBeUndefined();
    await desk.report({ kind: 'REJECTED', order: id, reason: 'margin' });
    expect(desk.order('long[0]').status).toBe('SUBMITTED');
  });

  it.each([
    ['0 units', { quantity: quantity('0') }],
    ['-10 units', { quantity: quantity('-10') }],
    ['a price of 0', { price: price('0') }],
    ['another account than its order’s', { account: 'DU2' }],
  ])('of a fill of %s moves no share, locks, and stops nothing', async (_, changes) => {
    const { desk, id } = await withOrder();
    await desk.report(fill(id, changes));
    expect(desk.events('OrderFilled')).toEqual([]);
    expect(desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
    await desk.report(fill(id, { execId: 'x2' }));
    expect(desk.held('AAPL')).toBe('10');
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it.each([
    ['side', { side: 'SELL' }],
    ['instrument', { instrument: 'MSFT' }],
    ['size than was sent', { quantity: quantity('11') }],
  ] as const)('of a fill on another %s goes to UNALLOCATED and locks', async (_, changes) => {
    const { desk, id } = await withOrder();
    await desk.report(fill(id, changes));
    const instrument = 'instrument' in changes ? changes.instrument : 'AAPL';
    const place = { account: ACCOUNT, instrument, strategy: null };
    expect(toText(holdingOf(desk.state, place).quantity)).not.toBe('0');
    expect(desk.held('AAPL')).toBe('0');
    expect(desk.state.tradingStates.get(`INSTRUMENT|${instrument}`)).toBe('REDUCING');
  });
});
