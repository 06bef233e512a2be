// Orders with a trigger over GraphQL: armed, shown with their distance, moved, refused with paths.

import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

const ORDER =
  'id status type timeInForce decision { id } trigger { kind level distance firedAt firedPrice }';
const PLACE = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { ${ORDER} } userErrors { code message field } }
}`;
const MODIFY = `mutation ($input: ModifyOrderInput!) {
  modifyOrder(input: $input) { order { ${ORDER} } userErrors { code message field } }
}`;
const BUY = { strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '10' };
const OVER = { kind: 'CROSS_OVER', level: '71.484375' };

let api: Api;
let requests = 0;
beforeEach(async () => {
  api = await openApi();
  await api.tick('AAPL', '70');
});
afterEach(() => api.close());

async function place(order: Json): Promise<Json> {
  const input = { requestId: `armed-${(requests += 1)}`, order };
  return (await api.data(PLACE, { input })).placeOrder;
}
async function modify(change: Json): Promise<Json> {
  const input = { requestId: `moved-${(requests += 1)}`, ...change };
  return (await api.data(MODIFY, { input })).modifyOrder;
}

it('arms an order, shows how far its level is, and sends it when that is crossed', async () => {
  const { order, userErrors } = await place({ ...BUY, trigger: OVER });
  expect(userErrors).toEqual([]);
  expect(order).toMatchObject({
    ...{ status: 'ARMED', type: 'MARKET', decision: null },
    trigger: { ...OVER, distance: '1.484375', firedAt: null, firedPrice: null },
  });
  await api.tick('AAPL', '71');
  const query = `query ($id: ID!) { node(id: $id) { ... on Order { ${ORDER} } } }`;
  const waiting = (await api.data(query, { id: order.id })).node;
  expect(waiting.trigger.distance).toBe('0.484375');
  await api.tick('AAPL', '71.5');
  const sent = (await api.data(query, { id: order.id })).node;
  expect(sent).toMatchObject({
    ...{ status: 'WORKING', decision: { id: expect.any(String) } },
    trigger: { distance: null, firedPrice: '71.5', firedAt: expect.any(String) },
  });
});

it('moves its level', async () => {
  const { order } = await place({ ...BUY, trigger: OVER });
  const moved = await modify({ orderId: order.id, triggerLevel: '75' });
  expect(moved.userErrors).toEqual([]);
  expect(moved.order).toMatchObject({ status: 'ARMED', trigger: { level: '75', distance: '5' } });
});

it.each([
  [{ type: 'STOP', stopPrice: '71' }, OVER, 'type'],
  [{ timeInForce: 'OPG' }, OVER, 'timeInForce'],
  [{}, { ...OVER, level: '0' }, 'trigger'],
  [{}, { ...OVER, level: '-1' }, 'trigger'],
  [{}, { ...OVER, level: '1.123456789012345' }, 'trigger'],
])('refuses %j with the trigger %j, and says where', async (changes, trigger, field) => {
  const { order, userErrors } = await place({ ...BUY, ...changes, trigger });
  expect(order).toBeNull();
  expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'order', field] }]);
});

it('refuses a level for an order that waits for none, and a level that is none', async () => {
  const { order } = await place({ ...BUY, type: 'LIMIT', limitPrice: '69' });
  const working = await modify({ orderId: order.id, triggerLevel: '75' });
  const armed = await place({ ...BUY, trigger: OVER });
  const none = await modify({ orderId: armed.order.id, triggerLevel: '0' });
  const field = ['input', 'triggerLevel'];
  expect(working.userErrors).toMatchObject([{ code: 'INVALID', field }]);
  expect(none.userErrors).toMatchObject([{ code: 'INVALID', field }]);
});

it('previews what the rules would say if it fired now', async () => {
  const query = `query ($order: OrderInput!) { previewOrder(order: $order) { approved codes } }`;
  const { previewOrder } = await api.data(query, { order: { ...BUY, trigger: OVER } });
  expect(previewOrder).toEqual({ approved: true, codes: [] });
});

describe('a trailing stop', () => {
  const TRAIL =
    'trigger { kind level distance trailBy trailPercent activateAt bestPrice firedPrice }';
  const SHOWN = `query ($id: ID!) { node(id: $id) { ... on Order { status ${TRAIL} } } }`;
  const SELL = { ...BUY, side: 'SELL' };

  it('is shown with its distance and as far as it has come, and its level is moved', async () => {
    await place(BUY);
    await api.tick('AAPL', '70');
    const trigger = { kind: 'TRAIL', level: '67.5', trailBy: '2.5', activateAt: '72' };
    const { order, userErrors } = await place({ ...SELL, trigger });
    expect(userErrors).toEqual([]);
    await api.tick('AAPL', '71');
    expect((await api.data(SHOWN, { id: order.id })).node.trigger).toEqual({
      ...{ ...trigger, trailPercent: null, bestPrice: null, distance: '-3.5', firedPrice: null },
    });
    await api.tick('AAPL', '73');
    expect((await api.data(SHOWN, { id: order.id })).node.trigger).toMatchObject({
      ...{ level: '70.5', bestPrice: '73', distance: '-2.5' },
    });
    const moved = await modify({ orderId: order.id, triggerLevel: '72.9' });
    expect(moved.order.trigger.level).toBe('72.9');
    await api.tick('AAPL', '72.9');
    const fired = (await api.data(SHOWN, { id: order.id })).node;
    expect(fired).toMatchObject({ status: 'WORKING', trigger: { firedPrice: '72.9' } });
  });

  it('may follow by a percent, from the next price on', async () => {
    await place(BUY);
    await api.tick('AAPL', '70');
    const trigger = { kind: 'TRAIL', level: '60', trailPercent: '10.0' };
    const { order } = await place({ ...SELL, trigger });
    await api.tick('AAPL', '80.001');
    expect((await api.data(SHOWN, { id: order.id })).node.trigger).toMatchObject({
      ...{ level: '72', trailBy: null, trailPercent: '10', bestPrice: '80.001' },
    });
  });

  it.each([
    [{}, { kind: 'TRAIL', level: '67' }, 'trigger', /needs its distance/],
    [{}, { ...OVER, trailBy: '1' }, 'trigger', /no other trigger has one/],
    [{}, { kind: 'TRAIL', level: '67', trailBy: '-1' }, 'trigger', /not above zero/],
    [{}, { kind: 'TRAIL', level: '67', trailPercent: '100' }, 'trigger', /below 100/],
    [
      ...[
        { type: 'LIMIT', limitPrice: '66' },
        { kind: 'TRAIL', level: '67', trailBy: '1' },
      ],
      ...(['type', /releases no LIMIT order/] as const),
    ],
    [{}, { kind: 'TRAIL', level: '67', trailBy: '1' }, 'trigger', /only gives back/],
  ] as const)('is refused as %j with %j', async (changes, trigger, field, why) => {
    const { order, userErrors } = await place({ ...SELL, ...changes, trigger });
    expect(order).toBeNull();
    const message = expect.stringMatching(why);
    expect(userErrors).toMatchObject([{ message, field: ['input', 'order', field] }]);
  });

  it('may rest at the broker instead: type TRAILING_STOP with its first stop', async () => {
    await place(BUY);
    await api.tick('AAPL', '70');
    const native = { ...SELL, type: 'TRAILING_STOP', stopPrice: '68', trailBy: '2' };
    const { order, userErrors } = await place(native);
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({ status: 'WORKING', type: 'TRAILING_STOP', trigger: null });
    await api.tick('AAPL', '75');
    const query = `query ($id: ID!) { node(id: $id) { ... on Order {
      status stopPrice trailBy trailPercent } } }`;
    expect((await api.data(query, { id: order.id })).node).toEqual({
      ...{ status: 'WORKING', stopPrice: '73', trailBy: '2', trailPercent: null },
    });
  });

  it.each([
    [{ type: 'TRAILING_STOP', trailBy: '2' }, 'stopPrice', /needs a stop price/],
    [{ type: 'TRAILING_STOP', stopPrice: '68' }, 'type', /needs its distance/],
    [{ type: 'STOP', stopPrice: '68', trailBy: '2' }, 'type', /no other type has one/],
    [{ type: 'TRAILING_STOP', stopPrice: '68', trailBy: '0' }, 'trailBy', /not above zero/],
    [{ type: 'TRAILING_STOP', stopPrice: '68', trailBy: '2' }, 'type', /only gives back/],
    [
      { type: 'TRAILING_STOP', stopPrice: '68', trailBy: '2', trigger: OVER },
      ...(['type', /takes no trigger/] as const),
    ],
  ])('at the broker is refused as %j', async (changes, field, why) => {
    const { order, userErrors } = await place({ ...SELL, ...changes });
    expect(order).toBeNull();
    const message = expect.stringMatching(why);
    expect(userErrors).toMatchObject([{ message, field: ['input', 'order', field] }]);
  });
});
