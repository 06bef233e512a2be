// Which price a trigger looks at, over the API: given, shown, told how near it came, and what the
// decision says it fired on.

import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

const BUY = { strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '5' };
const SHOWN = `id status statusMessage
  trigger { priceSource distance firedPrice }
  waiting { lastPrice distance closestPrice explanation lastEvaluation { price reason } }
  decision { approved firedOn { priceSource price } }`;

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

async function arm(trigger: Json, changes: Json = {}): Promise<Json> {
  const document = `mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) { order { ${SHOWN} } userErrors { code message } }
  }`;
  const requestId = JSON.stringify([trigger, changes])
    .replace(/[^a-zA-Z0-9]/g, '')
    .slice(0, 60);
  const input = { requestId, order: { ...BUY, ...changes, trigger } };
  const { order, userErrors } = (await api.data(document, { input })).placeOrder;
  expect(userErrors).toEqual([]);
  return order;
}
async function now({ id }: Json): Promise<Json> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Order { ${SHOWN} } } }`;
  return (await api.data(document, { id })).node;
}

it('is the last trade where nobody says otherwise', async () => {
  const order = await arm({ kind: 'CROSS_OVER', level: '71' });
  expect(order.trigger.priceSource).toBe('LAST');
  await api.tick('AAPL', '70');
  await api.tick('AAPL', '71.5');
  const fired = await now(order);
  expect(fired.trigger).toMatchObject({ priceSource: 'LAST', firedPrice: '71.5' });
  expect(fired.decision.firedOn).toEqual({ priceSource: 'LAST', price: '71.5' });
});

it('is given with the trigger, and everything shown is of that price', async () => {
  await api.tick('AAPL', '75');
  const order = await arm({ kind: 'CROSS_OVER', level: '71', priceSource: 'BID_ASK' });
  expect(order.waiting).toMatchObject({ lastPrice: null, closestPrice: null });
  expect(order.waiting.explanation).toContain('No ask of AAPL has been seen yet.');
  await api.trading.quote('AAPL', { bid: '72', ask: '70.75' });
  await api.trading.quote('AAPL', { ask: '70.5' });
  const near = await now(order);
  expect(near.trigger).toMatchObject({ priceSource: 'BID_ASK', distance: '0.5' });
  expect(near.waiting).toMatchObject({ lastPrice: '70.5', distance: '0.5', closestPrice: '70.75' });
  expect(near.waiting.explanation).toContain(
    'The nearest price since it was armed was 70.75, 0.25 short. The ask is 70.5.',
  );
  await api.trading.quote('AAPL', { ask: '71.25' });
  const fired = await now(order);
  expect(fired.trigger).toMatchObject({ priceSource: 'BID_ASK', firedPrice: '71.25' });
  expect(fired.decision).toEqual({
    approved: true,
    firedOn: { priceSource: 'ASK', price: '71.25' },
  });
});

it('is the price that the last evaluation tells of', async () => {
  await api.tick('AAPL', '70');
  await api.trading.load('AAPL', { entry: ['over BUY 5 market 71 @mid'] });
  await api.trading.place('AAPL', 'BUY 5 market');
  await api.tick('AAPL', '75');
  await api.trading.quote('AAPL', { bid: '70', ask: '71' });
  await api.trading.quote('AAPL', { bid: '71.25', ask: '71.5' });
  await api.trading.quote('AAPL', { ask: '71.75' });
  const { waiting } = await now({ id: api.trading.order('entry[0]').id });
  expect(waiting.lastEvaluation.price).toBe('71.375');
  expect(waiting).toMatchObject({ lastPrice: '71.5', distance: '-0.5' });
  expect(waiting.explanation).toContain('The middle of bid and ask is 71.5.');
});
