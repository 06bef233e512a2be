// What the broker holds and what the book holds: matched at every connection, and where they differ
// nothing opens until they match.

import { money, price, quantity, toText } from '../../src/domain/decimal';
import { holdingOf, positionOf } from '../../src/engine/core/state';
import { ACCOUNT, connectedDesk, openLinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

const AAPL = { account: ACCOUNT, instrument: 'AAPL' };
const unallocated = { ...AAPL, strategy: null };

describe('a difference of positions', () => {
  it('blocks openings in that instrument only, and clears when both match', async () => {
    const link = await connectedDesk({ symbols: ['AAPL', 'MSFT'] });
    await link.desk.tick('MSFT', '10');
    await link.desk.place('AAPL', 'BUY 5 market');
    await link.fill('ord-00000001', '5', '10');
    link.far.move('AAPL', quantity('3'));
    await link.drop();
    await link.connect();
    const brokerHolds = (units: string) =>
      link.input({ kind: 'POSITION_SEEN', ...AAPL, brokerQuantity: quantity(units) });
    await brokerHolds('8');
    expect(toText(link.desk.state.breaks.get(`${ACCOUNT}|AAPL`)!.brokerQuantity)).toBe('8');
    await link.desk.place('AAPL', 'BUY 1 market');
    await link.desk.place('AAPL', 'SELL 5 limit 11');
    await link.desk.place('MSFT', 'BUY 1 market');
    const statuses = ['ord-00000002', 'ord-00000003', 'ord-00000004'].map((id) => link.status(id));
    expect(statuses).toEqual(['DENIED', 'WORKING', 'WORKING']);
    await brokerHolds('5');
    await link.desk.place('AAPL', 'BUY 2 market');
    expect(link.status('ord-00000005')).toBe('WORKING');
  });

  it('is suspected when a connection begins: openings wait, and it is no break', async () => {
    const link = await connectedDesk({ symbols: ['AAPL', 'MSFT'] });
    await link.desk.tick('MSFT', '10');
    link.far.move('AAPL', quantity('3'));
    await link.drop();
    await link.connect();
    expect(link.desk.state.breaks.size).toBe(0);
    await link.desk.place('AAPL', 'BUY 1 market');
    await link.desk.place('MSFT', 'BUY 1 market');
    expect([link.status('ord-00000001'), link.status('ord-00000002')]).toEqual([
      'DENIED',
      'WORKING',
    ]);
    await link.drop();
    link.far.move('AAPL', quantity('-3'));
    await link.connect();
    expect(link.desk.state.suspectedBreaks.size).toBe(0);
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000003')).toBe('WORKING');
  });

  it('that was a fill on its way stops blocking when the fill comes', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 market');
    const positions = [{ ...AAPL, quantity: quantity('5'), averageCost: null }];
    await link.drop();
    await link.connect({ positions });
    expect(link.desk.state.suspectedBreaks.size).toBe(1);
    await link.fill('ord-00000001', '5', '10');
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000002')).toBe('WORKING');
    expect(link.desk.events('BreakOpened')).toEqual([]);
    await link.again();
    expect(link.desk.state.suspectedBreaks.size).toBe(0);
  });

  it('is written once while it stays the same', async () => {
    const link = await connectedDesk();
    link.far.move('AAPL', quantity('3'));
    for (let n = 0; n < 3; n += 1) {
      await link.drop();
      await link.connect();
    }
    expect(link.desk.events('BreakSuspected')).toHaveLength(1);
    for (let n = 0; n < 2; n += 1) {
      await link.input({ kind: 'POSITION_SEEN', ...AAPL, brokerQuantity: quantity('3') });
    }
    expect(link.desk.events('BreakOpened')).toHaveLength(1);
    expect(link.desk.state.suspectedBreaks.size).toBe(0);
  });

  it('of a later round may be a fill on its way, and opens nothing', async () => {
    const link = await connectedDesk();
    link.far.move('AAPL', quantity('3'));
    await link.again();
    expect(link.desk.state.breaks.size).toBe(0);
    expect(link.desk.state.suspectedBreaks.size).toBe(0);
  });

  it('of a position that only the book has counts as well', async () => {
    const link = await connectedDesk();
    await link.foreign('BUY', '4', '10');
    link.far.positions.clear();
    await link.drop();
    await link.connect();
    const suspected = link.desk.state.suspectedBreaks.get(`${ACCOUNT}|AAPL`)!;
    expect(toText(suspected.brokerQuantity)).toBe('0');
  });
});

describe('an account that is seen for the first time', () => {
  const adopted = (quantities: string, averageCost: string | null = '10') => ({
    ...{ account: 'DU2', instrument: 'AAPL', quantity: quantity(quantities) },
    averageCost: averageCost === null ? null : price(averageCost),
  });
  async function opened(...positions: ReturnType<typeof adopted>[]) {
    const link = await openLinkDesk();
    const command = { kind: 'OPEN_ACCOUNT', account: 'DU2', currency: 'USD' } as const;
    const told = { cash: money('500'), positions, executions: ['told.01'] };
    expect(await link.command({ ...command, ...told })).toBeNull();
    return link;
  }
  const place = { account: 'DU2', instrument: 'AAPL' };

  it.each(['7', '-7'])('brings %s shares to UNALLOCATED; its cash stays', async (held) => {
    const link = await opened(adopted(held));
    const { state } = link.desk;
    const owned = holdingOf(state, { ...place, strategy: null });
    expect(toText(owned.quantity)).toBe(held);
    expect(toText(owned.cost)).toBe(held === '7' ? '70' : '-70');
    expect(toText(state.accounts.get('DU2')!.cash)).toBe('500');
    expect(toText(state.accounts.get('DU2')!.dayBase)).toBe(held === '7' ? '570' : '430');
    const positions = [adopted(held)];
    await link.connect({ accounts: [ACCOUNT, 'DU2'], positions });
    expect(state.suspectedBreaks.size).toBe(0);
  });

  it('does not mind a position of nothing', async () => {
    const link = await opened(adopted('0', '0'));
    expect(link.desk.state.accounts.has('DU2')).toBe(true);
  });

  it('without a cost leaves it as a difference, and is open all the same', async () => {
    const link = await opened(adopted('7', null));
    await link.connect({ accounts: [ACCOUNT, 'DU2'], positions: [adopted('7', null)] });
    expect(link.desk.state.suspectedBreaks.has('DU2|AAPL')).toBe(true);
  });

  it('does not book again what was executed before it came', async () => {
    const link = await opened(adopted('7'));
    const before = link.desk.clock.now();
    const minutes = 60_000;
    link.desk.clock.set(before + minutes);
    const fill = { kind: 'FILL', order: null, side: 'BUY', ...place, price: price('10') } as const;
    const seven = { ...fill, quantity: quantity('7') };
    await link.desk.report({ ...seven, execId: 'old.01', executedAt: before - 6 * minutes });
    expect(toText(positionOf(link.desk.state, place).quantity)).toBe('7');
    await link.desk.report({ ...seven, execId: 'told.02', executedAt: before - 1_000 });
    expect(toText(positionOf(link.desk.state, place).quantity)).toBe('7');
    await link.desk.report({ ...seven, execId: 'new.01', executedAt: before + 1_000 });
    expect(toText(positionOf(link.desk.state, place).quantity)).toBe('14');
  });

  it('books what came a moment later, though the broker tells whole seconds', async () => {
    const link = await opened(adopted('7'));
    const openedAt = link.desk.clock.now();
    const sale = { kind: 'FILL', order: null, side: 'SELL', ...place, price: price('10') } as const;
    const executedAt = openedAt - 900;
    await link.desk.report({ ...sale, quantity: quantity('7'), execId: 'new.01', executedAt });
    expect(toText(positionOf(link.desk.state, place).quantity)).toBe('0');
  });
});

it('an instrument that the book never held matches again when the broker holds none', async () => {
  const link = await connectedDesk();
  const positions = [{ ...AAPL, quantity: quantity('10'), averageCost: null }];
  await link.drop();
  await link.connect({ positions });
  await link.input({ kind: 'POSITION_SEEN', ...AAPL, brokerQuantity: quantity('10') });
  expect(link.desk.state.breaks.size).toBe(1);
  await link.again({ positions: [] });
  expect([link.desk.state.breaks.size, link.desk.state.suspectedBreaks.size]).toEqual([0, 0]);
});

it('an account in another currency opens nothing, and may give back what it holds', async () => {
  const link = await openLinkDesk();
  const currency = { account: 'DU2', currency: 'EUR' } as const;
  const held = { account: 'DU2', instrument: 'AAPL', quantity: quantity('7') };
  await link.command({
    ...{ kind: 'OPEN_ACCOUNT', ...currency, cash: money('500') },
    positions: [{ ...held, averageCost: price('10') }],
  });
  await link.connect({ accounts: [ACCOUNT, 'DU2'], positions: [{ ...held, averageCost: null }] });
  await link.desk.tick('AAPL', '10');
  await link.desk.place('AAPL', 'BUY 1 market', { account: 'DU2' });
  const order = link.desk.order('ord-00000001');
  expect(order.status).toBe('DENIED');
  expect(order.statusMessage).toContain('AAPL trades in USD and the account is kept in EUR');
});

describe('shares that nobody of us ordered', () => {
  it('go to UNALLOCATED; a sale of those by hand locks nothing', async () => {
    const link = await connectedDesk();
    await link.foreign('BUY', '10', '10');
    await link.foreign('SELL', '10', '11');
    expect(toText(holdingOf(link.desk.state, unallocated).realized)).toBe('10');
    expect(link.desk.state.tradingStates.size).toBe(0);
  });

  it('sold beyond UNALLOCATED lock the instrument', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.foreign('BUY', '2', '10');
    await link.foreign('SELL', '2', '10');
    expect(link.desk.state.tradingStates.size).toBe(0);
    await link.foreign('SELL', '1', '10');
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
    expect(link.desk.held('AAPL')).toBe('10');
  });
});

describe('an order of somebody else', () => {
  it('appears, changes and ends, and is never cancelled by us', async () => {
    const link = await connectedDesk();
    const theirs = link.far.add({});
    await link.again();
    expect(link.desk.state.externalOrders.get(theirs.permId)).toMatchObject({ side: 'BUY' });
    await link.again();
    expect(link.desk.events('ExternalOrderSeen')).toHaveLength(1);
    link.far.orders.set(theirs.permId, { ...theirs, filled: quantity('1') });
    await link.again();
    expect(link.desk.events('ExternalOrderSeen')).toHaveLength(2);
    link.far.orders.clear();
    await link.again();
    expect(link.desk.state.externalOrders.size).toBe(0);
    expect(link.far.left).toEqual([]);
  });
});

describe('one reference under two identities', () => {
  it('locks the strategy, whether a list or a report shows it', async () => {
    for (const listed of [true, false]) {
      const link = await connectedDesk();
      await link.desk.place('AAPL', 'BUY 5 limit 9');
      const order = 'ord-00000001';
      const second = link.far.add({ order, brokerOrderId: 99 });
      if (listed) await link.again();
      else {
        const { permId } = second;
        for (const each of [permId, '1001', permId, '1001']) {
          await link.desk.report({ kind: 'ACCEPTED', order, brokerOrderId: 99, permId: each });
        }
        expect(link.desk.events('OrderAcknowledged')).toHaveLength(2);
      }
      expect(link.desk.state.tradingStates.get('STRATEGY|momentum')).toBe('REDUCING');
      expect(link.far.left.at(-1)).toBe('cancel ord-00000001');
    }
  });

  it('is not what a list says of one that has no identity yet', async () => {
    const link = await connectedDesk();
    link.far.mute = true;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    const seen = link.far.snapshot().openOrders.map((each) => ({ ...each, permId: 'none/7/1' }));
    await link.again({ openOrders: seen });
    const { permId, status } = link.desk.order('ord-00000001');
    expect([permId, status]).toEqual([null, 'WORKING']);
    expect(link.desk.state.byPermId.size).toBe(0);
    await link.again();
    expect(link.desk.order('ord-00000001').permId).toBe('1001');
    const both = [...seen, ...link.far.snapshot().openOrders];
    await link.again({ openOrders: both });
    expect(link.desk.state.tradingStates.size).toBe(0);
    expect(link.desk.order('ord-00000001').permId).toBe('1001');
  });

  it('is not what an acknowledgement without an identity says', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    const order = 'ord-00000001';
    await link.desk.report({ kind: 'ACCEPTED', order, brokerOrderId: 1, permId: null });
    expect(link.desk.order(order).permId).toBe('1001');
    expect(link.desk.state.tradingStates.size).toBe(0);
  });
});

describe('what was under way when the connection ended', () => {
  it('is asked again, where it was a cancel', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.deaf = true;
    await link.cancel('ord-00000001');
    await link.drop();
    link.far.deaf = false;
    await link.connect();
    expect(link.status('ord-00000001')).toBe('CANCELLED');
    const cancels = link.far.left.filter((each) => each.startsWith('cancel'));
    expect(cancels).toHaveLength(2);
  });

  it('is asked again, where the cancel came while the link was down', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    await link.cancel('ord-00000001');
    expect(link.status('ord-00000001')).toBe('CANCEL_PENDING');
    await link.connect();
    expect(link.status('ord-00000001')).toBe('CANCELLED');
  });

  it('is asked again, where trading was halted while the link was down', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    const scope = { kind: 'SYSTEM', key: '' } as const;
    await link.command({
      ...{ kind: 'SET_TRADING_STATE', scope, state: 'HALTED', reason: 'stop', by: 'me' },
    });
    await link.restart();
    await link.connect();
    expect(link.status('ord-00000001')).toBe('CANCELLED');
  });

  it.each([
    ['arrived', false, '8'],
    ['was lost', true, '5'],
  ])('is what the broker has, where it was a change that %s', async (_, deaf, size) => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.far.mute = true;
    link.far.deaf = deaf;
    await link.command({
      ...{ kind: 'MODIFY_ORDER', requestId: 'm1', order: 'ord-00000001' },
      ...{ quantity: quantity('8'), limitPrice: price('9.5'), stopPrice: null },
    });
    await link.drop();
    link.far.mute = false;
    await link.connect();
    const { quantity: now, requestedQuantity, limitPrice } = link.desk.order('ord-00000001');
    expect([toText(now), requestedQuantity]).toEqual([size, null]);
    expect(toText(limitPrice!)).toBe(deaf ? '9' : '9.5');
  });

  it('is a lock, where somebody made our order larger', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.alter('ord-00000001', { quantity: quantity('50') });
    await link.connect();
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });

  it('is the price that somebody set at the broker', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    await link.drop();
    link.far.alter('ord-00000001', { limitPrice: price('9.75') });
    await link.connect();
    expect(toText(link.desk.order('ord-00000001').limitPrice!)).toBe('9.75');
  });
});

it('two plans whose entries ended with a part filled arm adds under their own names', async () => {
  const symbols = ['AAPL', 'MSFT'];
  const link = await connectedDesk({ symbols });
  for (const symbol of symbols) {
    const entry = ['over BUY 10 market 10'];
    await link.desk.load(symbol, { entry, long: ['BUY 5 limit 9'] });
    await link.desk.ticks(symbol, '10 10.5');
    await link.fill(link.desk.order('entry[0]', symbol).id, '4', '10.5');
  }
  await link.drop();
  for (const symbol of symbols) {
    link.far.alter(link.desk.order('entry[0]', symbol).id, { status: 'CANCELLED' });
  }
  await link.connect();
  for (const symbol of symbols) {
    expect(link.desk.order('long[0]', symbol)).toMatchObject({ status: 'WORKING' });
  }
});

it('exits whose size changed while nothing could be asked are brought to it', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', {
    entry: ['over BUY 10 market 10'],
    long: ['SELL 10 market 8 stop'],
  });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '4', '10.5');
  await link.drop();
  await link.fill('entry[0]', '6', '10.5');
  expect(link.far.left.filter((each) => each.startsWith('modify'))).toEqual([]);
  await link.connect();
  expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 10 STOP 8');
});

it('a change never reaches a broker that may not have the order', async () => {
  const link = await connectedDesk();
  const long = ['SELL 10 market 8 stop'];
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long });
  await link.desk.ticks('AAPL', '10 10.5');
  link.far.deaf = true;
  await link.fill('entry[0]', '4', '10.5');
  await link.drop();
  link.far.deaf = false;
  await link.connect();
  expect(link.status('long[0]')).toBe('UNKNOWN');
  await link.fill('entry[0]', '6', '10.5');
  expect(link.far.incarnations(link.id('long[0]'))).toBe(0);
  expect(link.far.left.filter((each) => each.startsWith('modify'))).toEqual([]);
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
});
