// The feeds of the journal over graphql-js: how each begins, what it tells, how it resumes, and
// what a slow client hears.

import { createSourceEventStream, parse } from 'graphql';
import { price, quantity } from '../../src/domain/decimal';
import { buildApiSchema } from '../../src/resolvers/schema';
import { openApi, type Api, type Json } from '../support/api-kit';
import { ACCOUNT, STRATEGY } from '../support/trading-kit';

let api: Api;
async function open(keep?: number): Promise<void> {
  api = await openApi({ symbols: ['AAPL', 'MSFT'], ...(keep === undefined ? {} : { keep }) });
  await api.tick('AAPL', '70');
  await api.tick('MSFT', '300');
}
beforeEach(() => open());
afterEach(() => api.close());

async function trade(words = 'BUY 10 market', at = '70'): Promise<void> {
  await api.trading.place('AAPL', words);
  await api.tick('AAPL', at);
}
async function external(execId: string, units: string): Promise<void> {
  await api.trading.report({
    ...{ kind: 'FILL', order: null, execId, account: ACCOUNT, instrument: 'AAPL' },
    ...{ side: 'BUY', quantity: quantity(units), price: price('70') },
  });
}
async function otherStrategy(key: string): Promise<void> {
  await api.trading.command({ kind: 'CREATE_STRATEGY', strategy: key, allowsShort: true });
}
/** Until every reader has nothing left to do but wait. */
async function idle(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await new Promise(setImmediate);
}
const head = (): string => String(api.feed.head);
const sequences = (messages: readonly Json[]): number[] =>
  messages.map(({ sequence }) => Number(sequence));
const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((each, n) => n === 0 || each > numbers[n - 1]!);

const ORDERS = (args = ''): string => `subscription { orderFeed${args} {
  __typename
  ... on OrderFeedSnapshot { sequence reason orders { id status } }
  ... on OrderFeedChange { sequence order { id status filledQuantity } }
} }`;

describe('orderFeed', () => {
  it('begins with the open orders, newest first, then tells every change', async () => {
    await trade();
    await api.trading.place('AAPL', 'BUY 1 limit 69');
    await api.trading.place('AAPL', 'BUY 2 limit 69');
    const sequence = head();
    const feed = await api.listen(ORDERS());
    const [snapshot] = await feed.take(1);
    expect(snapshot).toMatchObject({
      ...{ __typename: 'OrderFeedSnapshot', reason: 'FIRST_MESSAGE', sequence },
      orders: [{ status: 'WORKING' }, { status: 'WORKING' }],
    });
    expect(snapshot.orders[0].id > snapshot.orders[1].id).toBe(true);
    await api.trading.place('AAPL', 'BUY 3 market');
    await api.tick('AAPL', '70');
    const changes = await feed.take(4);
    const statuses = changes.map(({ order }) => order.status);
    expect(statuses[0]).toBe('ARMED');
    expect(ascending(sequences(changes))).toBe(true);
  });

  it('tells each order as it was after the change, not as it is now', async () => {
    const feed = await api.listen(ORDERS(`(after: "${head()}")`));
    await trade();
    const statuses: string[] = [];
    while (statuses.at(-1) !== 'FILLED') {
      const [message] = await feed.take(1);
      statuses.push(message.order.status);
    }
    expect(statuses[0]).toBe('ARMED');
    expect(statuses).toContain('SUBMITTED');
    expect(statuses).toContain('WORKING');
  });

  it('tells of one strategy where it is named', async () => {
    await otherStrategy('other');
    const feed = await api.listen(ORDERS('(strategy: "other")'));
    expect(await feed.take(1)).toMatchObject([{ orders: [] }]);
    await api.trading.place('AAPL', 'BUY 1 limit 69');
    await api.trading.place('AAPL', 'BUY 2 limit 69', { strategy: 'other' });
    const [message] = await feed.take(1);
    expect(message.order).toMatchObject({ id: api.trading.order('ord-00000002').id });
  });

  it('goes on after a place without a snapshot', async () => {
    await api.trading.place('AAPL', 'BUY 1 limit 69');
    const first = await api.listen(ORDERS('(after: "0")'));
    const [old] = await first.take(1);
    expect(old).toMatchObject({ reason: 'SEQUENCE_TOO_OLD' });
    const before = head();
    await api.trading.place('AAPL', 'BUY 2 limit 69');
    const again = await api.listen(ORDERS(`(after: "${before}")`));
    const [message] = await again.take(1);
    expect(message).toMatchObject({ __typename: 'OrderFeedChange', order: { status: 'ARMED' } });
  });

  it('sends everything open again to who fell behind', async () => {
    await api.close();
    await open(8);
    const feed = await api.listen(ORDERS());
    await feed.take(1);
    for (let n = 0; n < 4; n += 1) await api.trading.place('AAPL', 'BUY 1 limit 69');
    const [message] = await feed.take(1);
    expect(message).toMatchObject({ reason: 'SLOW_CONSUMER', sequence: head() });
    expect(message.orders).toHaveLength(4);
  });

  it.each([
    ['orderFeed(after: "999999") { __typename }', 'the journal ends at'],
    ['fillFeed(after: "999999") { sequence }', 'the journal ends at'],
    ['orderFeed(strategy: "momentun") { __typename }', 'Did you mean "momentum"?'],
    ['positionFeed(account: "DU2") { sequence }', 'Did you mean "DU1"?'],
    ['quoteFeed(instruments: ["AAPM"]) { at }', 'Did you mean "AAPL"?'],
    ['quoteFeed(instruments: ["AAPL"], maxPerSecond: 51) { at }', '1 to 50'],
    ['pnlFeed(maxPerSecond: 0) { account { key } }', '1 to 50'],
    ['pnlFeed(strategy: "x") { account { key } }', 'no strategy'],
  ])('refuses %s', async (field, words) => {
    const refused = api.listen(`subscription { ${field} }`);
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining(words),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

describe('fillFeed', () => {
  const FILLS = (args = ''): string => `subscription { fillFeed${args} {
    sequence replaces
    fill { id execId side quantity price order { id } realizedPnl { amount } commission { amount } }
  } }`;

  it('begins now, and tells every fill once', async () => {
    await trade();
    const feed = await api.listen(FILLS());
    await trade('SELL 4 market', '72');
    await external('x.01', '3');
    const messages = await feed.take(2);
    expect(messages).toMatchObject([
      { replaces: null, fill: { side: 'SELL', quantity: '4', realizedPnl: { amount: '8' } } },
      { replaces: null, fill: { execId: 'x.01', order: null, commission: null } },
    ]);
  });

  it('tells a correction with the fill whose place it takes', async () => {
    await external('x.01', '3');
    const feed = await api.listen(FILLS('(after: "0")'));
    await external('x.02', '4');
    const [first, second] = await feed.take(2);
    expect(second).toMatchObject({ fill: { execId: 'x.02', quantity: '4', realizedPnl: null } });
    expect(second.replaces).toBe(first.fill.id);
  });

  it('tells of one strategy where it is named', async () => {
    const feed = await api.listen(FILLS(`(strategy: "${STRATEGY}")`));
    await external('x.01', '3');
    await trade();
    expect(await feed.take(1)).toMatchObject([{ fill: { quantity: '10', price: '70' } }]);
  });

  it('ends who fell behind with the place to go on from, and nothing is lost', async () => {
    await api.close();
    await open(16);
    const feed = await api.listen(FILLS('(after: "0")'));
    await trade();
    const [first] = await feed.take(1);
    // Nothing more is there: from now on falling behind is this client's doing.
    const waiting = feed.next();
    await idle();
    for (let n = 1; n <= 9; n += 1) await external(`x${n}.01`, '1');
    const { value } = await waiting;
    for (let n = 10; n <= 40; n += 1) await external(`x${n}.01`, '1');
    const error: Json = await feed.next().then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(error.extensions).toMatchObject({ code: 'SLOW_CONSUMER' });
    const { sequence } = error.extensions;
    const again = await api.listen(FILLS(`(after: "${sequence}")`));
    const rest = await again.take(39);
    const told: Json[] = [first, value.data.fillFeed, ...rest];
    const booked = api.trading.events('OrderFilled').map(({ fill }) => fill.execId);
    expect(told.map(({ fill }) => fill.execId)).toEqual(booked);
  });

  it('yields one frozen message to all who wait for the same fill', async () => {
    const document = parse(FILLS());
    const asked = { schema: buildApiSchema(), document, contextValue: api.context };
    const streams = await Promise.all([1, 2].map(() => createSourceEventStream(asked)));
    const iterators = streams.map((stream) => {
      if (!(Symbol.asyncIterator in stream)) throw stream.errors![0]!;
      return stream[Symbol.asyncIterator]();
    });
    await trade();
    const [a, b] = await Promise.all(iterators.map((iterator) => iterator.next()));
    expect(a!.value).toBe(b!.value);
    expect(Object.isFrozen(a!.value)).toBe(true);
    for (const iterator of iterators) await iterator.return?.();
  });

  it('can be left while it waits', async () => {
    const feed = await api.listen(FILLS());
    const waiting = feed.next();
    await feed.end();
    expect(await waiting).toMatchObject({ done: true });
  });
});

describe('decisionFeed', () => {
  it('tells approvals, denials or both', async () => {
    const ask = (args: string): string =>
      `subscription { decisionFeed${args} { sequence decision { approved codes order { id } } } }`;
    const [all, denied] = [await api.listen(ask('')), await api.listen(ask('(approved: false)'))];
    await api.trading.place('AAPL', 'BUY 1 limit 69');
    await api.trading.place('AAPL', 'BUY 5000 limit 69');
    expect(await all.take(2)).toMatchObject([
      { decision: { approved: true, codes: [] } },
      { decision: { approved: false, order: { id: 'ord-00000002' } } },
    ]);
    expect(await denied.take(1)).toMatchObject([{ decision: { approved: false } }]);
  });
});

describe('positionFeed and allocationFeed', () => {
  const POSITIONS = (args = ''): string => `subscription { positionFeed${args} {
    sequence
    position { instrument { key } quantity unallocated difference allocations { quantity } }
  } }`;
  const ALLOCATIONS = (args = ''): string => `subscription { allocationFeed${args} {
    sequence allocation { strategy { key } instrument { key } quantity }
  } }`;

  it('tell each row once, then each that changes, and flat ones as 0', async () => {
    await trade();
    const [positions, allocations] = [
      await api.listen(POSITIONS()),
      await api.listen(ALLOCATIONS()),
    ];
    const sequence = head();
    expect(await positions.take(1)).toEqual([
      {
        sequence,
        position: {
          ...{ instrument: { key: 'AAPL' }, quantity: '10', unallocated: '0', difference: '0' },
          allocations: [{ quantity: '10' }],
        },
      },
    ]);
    expect(await allocations.take(1)).toMatchObject([{ sequence, allocation: { quantity: '10' } }]);
    await trade('SELL 10 market', '71');
    expect(await positions.take(1)).toMatchObject([
      { position: { quantity: '0', allocations: [] } },
    ]);
    expect(await allocations.take(1)).toMatchObject([{ allocation: { quantity: '0' } }]);
  });

  it('tell what exits cover and what stops do, and that a stop does no more', async () => {
    await trade();
    const feed = await api.listen(`subscription {
      allocationFeed(after: "${head()}") { allocation { quantity uncovered unprotected } }
    }`);
    const told = async () => (await feed.take(1))[0].allocation;
    await api.trading.place('AAPL', 'SELL 6 stop 60');
    expect(await told()).toEqual({ quantity: '10', uncovered: '4', unprotected: '4' });
    await api.trading.place('AAPL', 'SELL 10 limit 80');
    expect(await told()).toEqual({ quantity: '10', uncovered: '0', unprotected: '4' });
    const stop = [...api.trading.state.orders.values()].find(({ type }) => type === 'STOP');
    await api.trading.command({ kind: 'CANCEL_ORDER', order: stop!.id, reason: 'test' });
    expect(await told()).toEqual({ quantity: '10', uncovered: '0', unprotected: '10' });
  });

  it('tell a break, and its end', async () => {
    await trade();
    const feed = await api.listen(POSITIONS(`(after: "${head()}")`));
    for (const units of ['12', '10']) {
      const place = { account: ACCOUNT, instrument: 'AAPL' };
      const input = { kind: 'POSITION_SEEN', ...place, brokerQuantity: quantity(units) } as const;
      api.trading.engine.submit({ id: `seen-${units}`, at: api.desk.now(), input });
      await api.trading.engine.drain();
      const difference = units === '12' ? '2' : '0';
      expect(await feed.take(1)).toMatchObject([{ position: { quantity: '10', difference } }]);
    }
  });

  it('keep owner and position apart: what nobody owns is no allocation', async () => {
    const [positions, allocations] = [
      await api.listen(POSITIONS()),
      await api.listen(ALLOCATIONS()),
    ];
    await external('x.01', '3');
    const owned = { unallocated: '3', allocations: [] };
    expect(await positions.take(1)).toMatchObject([{ position: { quantity: '3', ...owned } }]);
    await trade();
    expect(await positions.take(1)).toMatchObject([
      { position: { quantity: '13', unallocated: '3', allocations: [{ quantity: '10' }] } },
    ]);
    expect(await allocations.take(1)).toMatchObject([{ allocation: { quantity: '10' } }]);
  });

  it('tell every row again, flat ones too, to who fell behind', async () => {
    await api.close();
    await open(8);
    await trade();
    const positions = await api.listen(POSITIONS());
    const allocations = await api.listen(ALLOCATIONS(`(strategy: "${STRATEGY}")`));
    await Promise.all([positions.take(1), allocations.take(1)]);
    await trade('SELL 10 market', '71');
    await trade('BUY 1 limit 60');
    await trade('BUY 1 limit 60');
    expect(await positions.take(1)).toMatchObject([
      { sequence: head(), position: { quantity: '0' } },
    ]);
    expect(await allocations.take(1)).toMatchObject([
      { sequence: head(), allocation: { quantity: '0' } },
    ]);
  });

  it('tell of one account where it is named', async () => {
    const feed = await api.listen(POSITIONS(`(account: "${ACCOUNT}")`));
    await trade();
    expect(await feed.take(1)).toMatchObject([{ position: { quantity: '10' } }]);
  });
});

describe('pnlFeed', () => {
  const PNL = (args = ''): string => `subscription { pnlFeed${args} {
    strategy { key } account { key } pnl { realized { amount } unrealized { amount } }
  } }`;

  it('tells what is known, then what prices and fills make of it', async () => {
    await trade();
    const feed = await api.listen(PNL('(maxPerSecond: 50)'));
    const row = { strategy: { key: STRATEGY }, account: { key: ACCOUNT } };
    expect(await feed.take(1)).toMatchObject([{ ...row, pnl: { unrealized: { amount: '0' } } }]);
    await api.tick('AAPL', '71');
    await api.tick('AAPL', '72');
    expect(await feed.take(1)).toMatchObject([{ ...row, pnl: { unrealized: { amount: '20' } } }]);
    await trade('SELL 10 market', '73');
    expect(await feed.take(1)).toMatchObject([
      { ...row, pnl: { realized: { amount: '30' }, unrealized: { amount: '0' } } },
    ]);
  });

  it('tells what no strategy owns with a strategy of null, or not at all', async () => {
    await external('x.01', '3');
    const all = await api.listen(PNL());
    expect(await all.take(1)).toMatchObject([{ strategy: null, account: { key: ACCOUNT } }]);
    const own = await api.listen(PNL(`(strategy: "${STRATEGY}", maxPerSecond: 50)`));
    await trade();
    expect(await own.take(1)).toMatchObject([{ strategy: { key: STRATEGY } }]);
  });

  it('hears of nothing any more once the last has left', async () => {
    const feeds = [await api.listen(PNL()), await api.listen(PNL())];
    const waiting = feeds.map((feed) => feed.next());
    expect(api.desk.quotes.listeners.size).toBe(1);
    for (const feed of feeds) await feed.end();
    await Promise.all(waiting);
    expect(api.desk.quotes.listeners.size).toBe(0);
  });
});

describe('quoteFeed and logFeed', () => {
  it('tell the latest price of what was asked for', async () => {
    const feed = await api.listen(
      `subscription { quoteFeed(instruments: ["AAPL"], maxPerSecond: 50) {
         instrument { key } bid ask last at } }`,
    );
    const quote = { instrument: { key: 'AAPL' }, bid: null, ask: null };
    expect(await feed.take(1)).toMatchObject([{ ...quote, last: '70' }]);
    expect(api.desk.watched).toEqual(['AAPL']);
    await api.tick('MSFT', '301');
    await api.tick('AAPL', '71');
    await api.tick('AAPL', '71.50');
    expect(await feed.take(1)).toMatchObject([{ ...quote, last: '71.5' }]);
  });

  it('tell what the broker knows and nobody traded here yet', async () => {
    const ibm = { ...api.trading.state.instruments.get('AAPL')!, key: 'IBM', symbol: 'IBM' };
    api.desk.findable.set('IBM', ibm);
    const feed = await api.listen(
      'subscription { quoteFeed(instruments: ["AAPL", "IBM"]) { instrument { key } last } }',
    );
    expect(api.desk.watched).toEqual(['AAPL', 'IBM']);
    expect(await feed.take(1)).toEqual([{ instrument: { key: 'AAPL' }, last: '70' }]);
    await api.tick('IBM', '180');
    expect(await feed.take(1)).toEqual([{ instrument: { key: 'IBM' }, last: '180' }]);
  });

  it('tell lines of the level and above', async () => {
    const feed = await api.listen(
      'subscription { logFeed(level: WARNING) { at level message orderId } }',
    );
    const waiting = feed.take(2);
    await Promise.resolve();
    for (const level of ['DEBUG', 'WARNING', 'INFO', 'ERROR'] as const) {
      const orderId = level === 'ERROR' ? 'ord-00000001' : null;
      api.desk.logs.tell({ at: 0, level, message: level.toLowerCase(), orderId });
    }
    expect(await waiting).toEqual([
      { at: '1970-01-01T00:00:00.000Z', level: 'WARNING', message: 'warning', orderId: null },
      {
        ...{ at: '1970-01-01T00:00:00.000Z', level: 'ERROR', message: 'error' },
        orderId: 'ord-00000001',
      },
    ]);
  });
});
