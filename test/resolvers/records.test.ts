// Lists, pages and single things by id over GraphQL.

import fc from 'fast-check';
import { money } from '../../src/domain/decimal';
import { ruleId, instrumentId, readId } from '../../src/resolvers/ids';
import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi();
  await api.tick('AAPL', '70');
});
afterEach(() => api.close());

async function orders(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) await api.trading.place('AAPL', `BUY ${n} limit 69`);
}

describe('lists', () => {
  it('are newest first and go on where a page ended', async () => {
    await orders(5);
    const page = async (after: string): Promise<Json> =>
      (
        await api.data(`{ orders(first: 2${after}) {
        nodes { quantity } edges { cursor node { quantity } } pageInfo { hasNextPage endCursor }
      } }`)
      ).orders;
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const { nodes, edges, pageInfo } = await page(after);
      expect(edges.map(({ node }: Json) => node)).toEqual(nodes);
      expect(edges.at(-1).cursor).toBe(pageInfo.endCursor);
      seen.push(...nodes.map(({ quantity }: Json) => quantity));
      if (!pageInfo.hasNextPage) break;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  it.each(['orders', 'fills', 'decisions'])('of %s hold 1 to 200', async (list) => {
    for (const first of [0, -1, 201]) {
      const { code, message } = await api.error(`{ ${list}(first: ${first}) { nodes { id } } }`);
      expect([code, message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('1 to 200')]);
    }
    expect(await api.data(`{ ${list}(first: 200) { nodes { id } } }`)).toEqual({
      [list]: { nodes: [] },
    });
  });

  it.each(['', 'a b', 'x'.repeat(201), 'of another list'])(
    'refuse %j as a cursor',
    async (after) => {
      const { code } = await api.error(`{ fills(after: "${after}") { nodes { id } } }`);
      expect(code).toBe('BAD_USER_INPUT');
    },
  );

  it('say the end of an empty page as null', async () => {
    expect(await api.data('{ fills { pageInfo { hasNextPage endCursor } } }')).toEqual({
      fills: { pageInfo: { hasNextPage: false, endCursor: null } },
    });
  });

  it('of orders are filtered by status, strategy and instrument', async () => {
    await orders(2);
    await api.trading.place('AAPL', 'BUY 5000 limit 69');
    const count = async (filter: string): Promise<number> => {
      const answer = await api.data(`{ orders(filter: ${filter}) { nodes { id } } }`);
      return answer.orders.nodes.length;
    };
    expect(await count('{ status: [DENIED] }')).toBe(1);
    expect(await count('{ status: [WORKING, DENIED] }')).toBe(3);
    expect(await count(`{ strategy: "${STRATEGY}", instrument: "AAPL" }`)).toBe(3);
    const { code } = await api.error('{ orders(filter: { strategy: "x" }) { nodes { id } } }');
    expect(code).toBe('BAD_USER_INPUT');
  });

  it("of a strategy are its own, whatever another strategy's name is in the filter", async () => {
    await orders(1);
    await api.trading.command({ kind: 'CREATE_STRATEGY', strategy: 'other', allowsShort: true });
    const of = (key: string, filter = ''): Promise<Json> =>
      api.data(`{ strategy(key: "${key}") { orders${filter} { nodes { quantity } } } }`);
    expect((await of(STRATEGY)).strategy.orders.nodes).toEqual([{ quantity: '1' }]);
    expect((await of('other')).strategy.orders.nodes).toEqual([]);
    const crossed = await of('other', `(filter: { strategy: "${STRATEGY}" })`);
    expect(crossed.strategy.orders.nodes).toEqual([]);
  });

  it('of decisions are filtered by what came out', async () => {
    await orders(1);
    await api.trading.place('AAPL', 'BUY 5000 limit 69');
    const { decisions } = await api.data(
      '{ decisions(approved: false) { nodes { approved codes order { status } } } }',
    );
    expect(decisions.nodes).toMatchObject([{ approved: false, order: { status: 'DENIED' } }]);
  });

  it('ask the history once, unless fills or decisions are wanted', async () => {
    await orders(8);
    await api.tick('AAPL', '68');
    const before = api.history.reads;
    await api.data('{ orders(first: 200) { nodes { id status instrument { key } } } }');
    expect(api.history.reads - before).toBe(1);
  });
});

describe('a history that cannot be read', () => {
  it('is said with a code and its own words', async () => {
    const words = 'The history is not available now: ask again in a few seconds.';
    const down = Object.assign(new Error(words), { code: 'HISTORY_UNAVAILABLE' });
    api.history.fills = () => Promise.reject(down);
    const answer = await api.error('{ fills { nodes { id } } }');
    expect(answer).toEqual({ code: 'ENGINE_UNAVAILABLE', message: words });
  });
});

describe('fills', () => {
  it('come with order, commission and profit', async () => {
    await api.trading.place('AAPL', 'BUY 10 market');
    await api.tick('AAPL', '70');
    await api.trading.place('AAPL', 'SELL 10 market');
    await api.tick('AAPL', '71');
    const { orders: list, fills } = await api.data(`{
      orders { nodes { side averageFillPrice fills { id } decision { id } } }
      fills(strategy: "${STRATEGY}") { nodes {
        id execId side quantity price at instrument { key } order { side status }
        realizedPnl { amount currency } commission { amount currency }
      } }
    }`);
    expect(fills.nodes).toMatchObject([
      {
        ...{ side: 'SELL', quantity: '10', price: '71', order: { side: 'SELL', status: 'FILLED' } },
        realizedPnl: { amount: '10', currency: 'USD' },
      },
      { side: 'BUY', price: '70', realizedPnl: { amount: '0' } },
    ]);
    expect(list.nodes.map((order: Json) => order.fills)).toEqual(
      fills.nodes.map(({ id }: Json) => [{ id }]),
    );
    expect(list.nodes[0]).toMatchObject({
      ...{ averageFillPrice: '71', decision: { id: expect.stringMatching(/^dec-/) } },
    });
  });

  it('have a commission once the broker has said it', async () => {
    await api.trading.place('AAPL', 'BUY 10 market');
    await api.tick('AAPL', '70');
    const ask = '{ fills { nodes { execId commission { amount currency } } } }';
    const [{ execId, commission }] = (await api.data(ask)).fills.nodes;
    expect(commission).toBeNull();
    await api.trading.report({ kind: 'COMMISSION', execId, amount: money('1.25') });
    const [fill] = (await api.data(ask)).fills.nodes;
    expect(fill.commission).toEqual({ amount: '1.25', currency: 'USD' });
  });
});

describe('node', () => {
  it('finds everything that says an id', async () => {
    await api.trading.place('AAPL', 'BUY 10 market');
    await api.tick('AAPL', '70');
    const all = await api.data(`{
      accounts { id __typename } instruments { id __typename }
      strategies { id __typename allocations { id __typename } }
      orders { nodes { id __typename } } fills { nodes { id __typename } }
      decisions { nodes { id __typename } } system { ruleSet { rules { id __typename } } }
    }`);
    const found: Json[] = [
      ...all.accounts,
      ...all.instruments,
      ...all.strategies,
      ...all.strategies.flatMap(({ allocations }: Json) => allocations),
      ...all.orders.nodes,
      ...all.fills.nodes,
      ...all.decisions.nodes,
      ...all.system.ruleSet.rules,
    ];
    expect(new Set(found.map((each) => each.__typename)).size).toBe(8);
    for (const { id, __typename } of found) {
      const { node } = await api.data(`{ node(id: "${id}") { id __typename } }`);
      expect(node).toEqual({ id, __typename });
    }
    const [decision] = all.decisions.nodes;
    const read = await api.data(`{ decision(id: "${decision.id}") { id } }`);
    expect(read).toEqual({ decision: { id: decision.id } });
  });

  it.each([
    ...['', 'x', 'ord-99999999', 'dec-1', 'ins-1', 'acc-', 'acc-zz', 'acc-00', 'inm-4142'],
    ...['str-61', 'rul-61', 'fil-61', 'alc-61', 'alc-61-62-63', 'acc-61-62', 'fil', 'constructor'],
  ])('is null for %j', async (id) => {
    const nothing = await api.data(`{ node(id: "${id}") { id } decision(id: "${id}") { id } }`);
    expect(nothing).toEqual({ node: null, decision: null });
  });

  it('has ids that keep the order of their keys and are read back', () => {
    const ascii = fc.string({ unit: 'binary-ascii', minLength: 1 });
    fc.assert(
      fc.property(ascii, ascii, (a, b) => {
        expect(readId(ruleId(a))).toEqual({ prefix: 'rul', keys: [a] });
        expect(instrumentId(a) < instrumentId(b)).toBe(a < b);
      }),
    );
  });
});
