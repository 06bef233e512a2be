// A position that is turned round over the API: two orders that name each other, and a denial that
// says what to ask for.

import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

async function sell(quantity: string, changes: Json = {}): Promise<Json> {
  await api.trading.place('AAPL', 'BUY 2 market');
  await api.tick('AAPL', '100');
  const order = { strategy: STRATEGY, instrument: 'AAPL', side: 'SELL', type: 'MARKET', quantity };
  const input = { requestId: 'turn', order: { ...order, ...changes } };
  const document = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status quantity flip { quantity order } flipOf } userErrors { code message }
  } }`;
  return (await api.data(document, { input })).placeOrder;
}
beforeEach(() => api.tick('AAPL', '100'));

it('shows both orders, each with the other', async () => {
  const { order, userErrors } = await sell('3', { allowFlip: true });
  expect(userErrors).toEqual([]);
  expect(order).toMatchObject({ quantity: '2', flip: { quantity: '1', order: null } });
  await api.tick('AAPL', '100');
  const { orders } = await api.data(`{ orders(first: 9) { nodes {
    id quantity status flip { quantity order } flipOf
  } } }`);
  const nodes = orders.nodes as Json[];
  const second = nodes.find(({ flipOf }) => flipOf === order.id);
  expect(second).toMatchObject({ quantity: '1', status: 'WORKING', flip: null });
  expect(nodes.find(({ id }) => id === order.id).flip).toEqual({ quantity: '1', order: second.id });
});

it('is denied without leave, and says what to set', async () => {
  const { order, userErrors } = await sell('3');
  expect([order.status, userErrors[0].code]).toEqual(['DENIED', 'RISK_DENIED']);
  expect(userErrors[0].message).toContain('set allowFlip to close it first');
});

it('is refused by name where it cannot be two orders', async () => {
  const { order, userErrors } = await sell('3', { allowFlip: true, timeInForce: 'OPG' });
  expect(order).toBeNull();
  expect(userErrors[0].message).toContain('the opening auction takes one');
});
