// Orders for the opening auction over GraphQL: staged, shown with the time they leave, cancelled,
// and refused with paths.

import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

const ORDER = 'id status statusMessage timeInForce releaseAt waiting { since } decision { id }';
const PLACE = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { ${ORDER} } userErrors { code message field } }
}`;
const BUY = {
  ...{ strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '10' },
  timeInForce: 'OPG',
};
const EVENING = Date.UTC(2026, 0, 5, 23);

let api: Api;
let requests = 0;
beforeEach(async () => {
  api = await openApi({ instrument: { calendar: 'XNYS' } });
  await api.tick('AAPL', '70');
  api.trading.clock.set(EVENING);
});
afterEach(() => api.close());

async function place(order: Json, requestId = `staged-${(requests += 1)}`): Promise<Json> {
  return (await api.data(PLACE, { input: { requestId, order } })).placeOrder;
}

it('is ARMED, with its decision and the time it leaves', async () => {
  const { order, userErrors } = await place(BUY);
  expect(userErrors).toEqual([]);
  expect(order).toMatchObject({
    ...{ status: 'ARMED', timeInForce: 'OPG', releaseAt: '2026-01-06T14:15:00.000Z' },
    ...{ waiting: null, decision: { id: expect.any(String) } },
    statusMessage: 'staged for the open of 2026-01-06: sent at 2026-01-06T14:15:00.000Z',
  });
});

it('is among the armed orders, and can be cancelled there', async () => {
  const { order } = await place({ ...BUY, type: 'LIMIT', limitPrice: '69' });
  const list = await api.data(
    `{ orders(first: 5, filter: { status: [ARMED] }) { nodes { id releaseAt } } }`,
    {},
  );
  expect(list.orders.nodes).toEqual([{ id: order.id, releaseAt: '2026-01-06T14:15:00.000Z' }]);
  const cancel = `mutation ($input: CancelOrderInput!) {
    cancelOrder(input: $input) { order { status releaseAt } userErrors { code } }
  }`;
  const { cancelOrder } = await api.data(cancel, { input: { orderId: order.id } });
  expect(cancelOrder).toEqual({
    order: { status: 'CANCELLED', releaseAt: null },
    userErrors: [],
  });
});

it('a retry is the first order, also when its auction takes no more', async () => {
  const { order } = await place(BUY, 'same');
  api.trading.clock.set(Date.UTC(2026, 0, 6, 14, 29));
  expect((await place(BUY, 'same')).order.id).toBe(order.id);
  const { order: late, userErrors } = await place(BUY);
  expect(late).toBeNull();
  expect(userErrors).toMatchObject([{ field: ['input', 'order', 'timeInForce'] }]);
  expect(userErrors[0].message).toContain('too late for the opening auction of 2026-01-06');
});

it('is not changed while it is staged', async () => {
  const { order } = await place(BUY);
  const modify = `mutation ($input: ModifyOrderInput!) {
    modifyOrder(input: $input) { userErrors { code message field } }
  }`;
  const input = { requestId: 'change', orderId: order.id, quantity: '5' };
  const { userErrors } = (await api.data(modify, { input })).modifyOrder;
  expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'orderId'] }]);
});

it.each([
  [{ type: 'STOP', stopPrice: '72' }, 'type'],
  [{ outsideRegularHours: true }, 'outsideRegularHours'],
])('%j is refused with the path of its fault', async (changes, field) => {
  const { order, userErrors } = await place({ ...BUY, ...changes });
  expect(order).toBeNull();
  expect(userErrors.map((each: Json) => each.field)).toEqual([['input', 'order', field]]);
});

it('a preview says what its rules would', async () => {
  const preview = `query ($order: OrderInput!) { previewOrder(order: $order) { approved codes } }`;
  const { previewOrder } = await api.data(preview, { order: BUY });
  expect(previewOrder).toEqual({ approved: true, codes: [] });
  expect(api.trading.state.orders.size).toBe(0);
});
