// Trading by hand over the API: place, change, cancel, preview, halt, each with its feed; and feeds
// that resume over a restart of the server, where nothing is missed and nothing said twice.

import '../support/try-again';
import type { Answered } from '../support/graphql-server';
import { GROUNDS, House } from '../support/house';

const REFUSALS = 'userErrors { code message field }';
const ORDER = `order { id status quantity limitPrice decision { approved codes } } ${REFUSALS}`;
const FILLS = 'sequence fill { execId quantity order { id } }';

const terms = (more: Answered = {}): Answered => ({
  ...{ strategy: 'hand', instrument: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '5' },
  ...more,
});
/** Each another quantity: the same order twice in two seconds would be denied. */
let requests = 0;
const place = (house: House, more: Answered = {}): Promise<Answered> => {
  requests += 1;
  const input = {
    requestId: `r${requests}`,
    order: terms({ quantity: String(requests), ...more }),
  };
  return house.does('placeOrder', input, ORDER);
};
const sequencesOf = (messages: readonly Answered[]): number[] =>
  messages.map(({ sequence }) => Number(sequence));
const ascending = (numbers: readonly number[]): boolean =>
  numbers.every((each, n) => n === 0 || each > (numbers[n - 1] ?? NaN));

describe.each(GROUNDS)('trading by hand on $name', (ground) => {
  let house: House;
  beforeAll(async () => {
    house = House.quiet(ground);
    await house.ready();
    const input = { key: 'hand', allowsShort: false };
    const { userErrors } = await house.does('createStrategy', input, REFUSALS);
    expect(userErrors).toEqual([]);
  });
  afterAll(() => house.end());

  it('judges the first order for an instrument by its price', async () => {
    const { order, userErrors } = await place(house, { instrument: 'NVDA' });
    expect(userErrors).toEqual([]);
    await house.order((o) => o.id === order.id && o.status === 'FILLED');
  });

  it('takes a limit order through its changes, on the orderFeed as in the list', async () => {
    const ear = house.hears(`subscription { orderFeed(strategy: "hand") { __typename
      ... on OrderFeedSnapshot { reason sequence orders { id } }
      ... on OrderFeedChange { sequence order { id status quantity limitPrice } } } }`);
    await ear.heard((message) => message.reason === 'FIRST_MESSAGE');
    const { order, userErrors } = await place(house, { type: 'LIMIT', limitPrice: '150.25' });
    expect(userErrors).toEqual([]);
    expect(order.decision.approved).toBe(true);
    const { id: orderId } = order;
    const became = (status: string, more: Answered = {}) =>
      ear.heard((message) => {
        const { id, ...rest } = message.order ?? {};
        const wanted: [string, unknown][] = Object.entries({ status, ...more });
        return id === orderId && wanted.every(([key, value]) => rest[key] === value);
      });
    await became('WORKING');
    const changed = await house.does(
      'modifyOrder',
      { requestId: 'change', orderId, limitPrice: '151.5', quantity: '7' },
      ORDER,
    );
    expect(changed.userErrors).toEqual([]);
    await became('WORKING', { limitPrice: '151.5', quantity: '7' });
    const cancelled = await house.does('cancelOrder', { orderId }, ORDER);
    expect(cancelled.userErrors).toEqual([]);
    await became('CANCELLED');
    // Safe to repeat, as the schema says.
    const again = await house.does('cancelOrder', { orderId }, ORDER);
    expect(again.order.status).toBe('CANCELLED');
    const changes = ear.messages.filter((m) => m.__typename === 'OrderFeedChange');
    expect(ascending(sequencesOf(changes))).toBe(true);
    const last = changes.filter((m) => m.order.id === orderId).at(-1).order;
    expect(await house.order((o) => o.id === orderId)).toMatchObject(last);
  });

  it('answers the same request id once, and refuses it for another order', async () => {
    const input = { requestId: 'once', order: terms({ type: 'LIMIT', limitPrice: '145' }) };
    const first = await house.does('placeOrder', input, ORDER);
    const second = await house.does('placeOrder', input, ORDER);
    expect(second.order.id).toBe(first.order.id);
    expect(second.userErrors).toEqual([]);
    const other = { ...input, order: terms({ type: 'LIMIT', limitPrice: '146' }) };
    const third = await house.does('placeOrder', other, ORDER);
    expect(third.userErrors[0].code).toBe('DUPLICATE');
    await house.does('cancelOrder', { orderId: first.order.id }, ORDER);
  });

  it('previews without a trace', async () => {
    const preview = `query ($order: OrderInput!) {
      previewOrder(order: $order) { approved codes order { id } checks { ruleKey outcome } } }`;
    const before = await house.orders();
    const fine = await house.data(preview, { order: terms({ type: 'LIMIT', limitPrice: '150' }) });
    expect(fine.previewOrder).toMatchObject({ approved: true, codes: [], order: null });
    const big = { order: terms({ quantity: '5000' }) };
    const { previewOrder } = await house.data(preview, big);
    expect(previewOrder).toMatchObject({ approved: false, order: null });
    expect(previewOrder.codes).toContain('MAX_ORDER_NOTIONAL');
    expect(previewOrder.checks.length).toBeGreaterThan(5);
    expect(await house.orders()).toHaveLength(before.length);
  });

  it('tells a denial as data, and on the decisionFeed', async () => {
    const { sequence } = (await house.data('{ system { sequence } }')).system;
    const ear = house.hears(`subscription { decisionFeed(after: "${sequence}", approved: false) {
      sequence decision { codes order { id } } } }`);
    const { order, userErrors } = await place(house, { quantity: '5000' });
    expect(userErrors[0].code).toBe('RISK_DENIED');
    expect(order).toMatchObject({ status: 'DENIED', decision: { approved: false } });
    const { decision } = await ear.heard((m) => m.decision.order.id === order.id);
    expect(decision.codes).toEqual(order.decision.codes);
  });

  it('halts and goes on', async () => {
    const set = (state: string) =>
      house.does(
        'setTradingState',
        { state, reason: 'a test', strategy: 'hand' },
        `system { tradingState } ${REFUSALS}`,
      );
    const working = await place(house, { type: 'LIMIT', limitPrice: '148' });
    await house.order((o) => o.id === working.order.id && o.status === 'WORKING');
    expect((await set('HALTED')).userErrors).toEqual([]);
    await house.order((o) => o.id === working.order.id && o.status === 'CANCELLED');
    const { userErrors } = await place(house);
    expect(userErrors[0].code).toBe('TRADING_HALTED');
    expect((await set('ACTIVE')).userErrors).toEqual([]);
    const { order } = await place(house);
    await house.order((o) => o.id === order.id && o.status === 'FILLED');
  });

  it('resumes the fillFeed over a restart: nothing is missed, nothing told twice', async () => {
    const all = house.hears(
      'subscription { fillFeed(after: "0", strategy: "hand") { ' + FILLS + '} }',
    );
    const first = await place(house);
    const { sequence } = await all.heard((m) => m.fill.order.id === first.order.id);
    const until = all.messages.map(({ fill }) => fill.execId);
    all.leave();
    // Nobody listens to these two, and the second one fills around the end of the server.
    const second = await place(house);
    await house.order((o) => o.id === second.order.id && o.status === 'FILLED');
    const third = await place(house);
    await house.stop();
    await house.ready();
    const resumed = house.hears(
      `subscription { fillFeed(after: "${sequence}", strategy: "hand") { ${FILLS} } }`,
    );
    await resumed.heard((m) => m.fill.order.id === third.order.id);
    const fourth = await place(house);
    const last = await resumed.heard((m) => m.fill.order.id === fourth.order.id);
    expect(Number(last.sequence)).toBeGreaterThan(Number(sequence));
    expect(ascending(sequencesOf([{ sequence }, ...resumed.messages]))).toBe(true);
    const { fills } = await house.data(
      '{ fills(first: 200, strategy: "hand") { nodes { execId } } }',
    );
    const listed = fills.nodes.map(({ execId }: Answered) => execId).reverse();
    const told = [...until, ...resumed.messages.map(({ fill }) => fill.execId)];
    expect(told).toEqual(listed);
    expect(new Set(told).size).toBe(told.length);
    expect(house.complaints()).toEqual([]);
  });
});
