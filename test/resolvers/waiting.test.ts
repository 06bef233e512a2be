// "Why has it not fired": how near the price came, and what the rule said when it was reached.

import type { TriggerKind } from '../../src/domain/order';
import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

const WAITING = `waiting {
  since lastPrice distance closestPrice closestAt explanation
  lastEvaluation { price reason conditions { fact value limit passed } }
}`;
let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

async function arm(kind: TriggerKind, level: string, changes: Json = {}): Promise<string> {
  const order = {
    strategy: STRATEGY,
    instrument: 'AAPL',
    side: 'BUY',
    type: 'MARKET',
    quantity: '5',
  };
  const input = {
    requestId: `${kind}-${level}`,
    order: { ...order, trigger: { kind, level }, ...changes },
  };
  const document = `mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) { order { id } }
  }`;
  return (await api.data(document, { input })).placeOrder.order.id;
}
async function waiting(id: string): Promise<Json> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Order { status ${WAITING} } } }`;
  return (await api.data(document, { id })).node.waiting;
}
async function prices(text: string): Promise<void> {
  for (const each of text.split(' ')) await api.tick('AAPL', each);
}

it('says how near the price has come since the order was armed', async () => {
  await prices('71.4');
  const id = await arm('CROSS_OVER', '71.5');
  await prices('70 71.2 70.5');
  expect(await waiting(id)).toMatchObject({
    ...{ lastPrice: '70.5', distance: '1', closestPrice: '71.2', lastEvaluation: null },
    explanation:
      'It fires above 71.5, after a price at or below it. The nearest price since it was armed ' +
      'was 71.2, 0.3 short. The last price is 70.5.',
  });
});

it.each([
  ['CROSS_UNDER', 'BUY', '69', '70 69.3 70', '69.3'],
  ['TOUCH', 'BUY', '69', '70 69.3 70', '69.3'],
  ['TOUCH', 'SELL', '71', '70 70.6 70', '70.6'],
  ['STOP', 'BUY', '71', '70 70.6 70', '70.6'],
  ['STOP', 'SELL', '69', '70 69.3 70', '69.3'],
] as const)('%s %s at %s looks the right way', async (kind, side, level, seen, closest) => {
  await prices('70');
  const id = await arm(kind, level, { side });
  await prices(seen);
  expect((await waiting(id)).closestPrice).toBe(closest);
});

it('says that a cross which lies behind the price must first come back', async () => {
  await prices('72');
  const id = await arm('CROSS_OVER', '71.5');
  await prices('72 73');
  const { closestPrice, explanation } = await waiting(id);
  expect(closestPrice).toBeNull();
  expect(explanation).toContain('must first come back to 71.5 or below');
});

it('says what the rule found when the level was reached and the order stayed', async () => {
  await prices('70');
  await api.trading.load('AAPL', { entry: ['over BUY 5 market 71'] });
  await api.trading.place('AAPL', 'BUY 5 market');
  await prices('70 71.5');
  const id = api.trading.order('entry[0]').id;
  const { lastEvaluation, explanation } = await waiting(id);
  expect(lastEvaluation.price).toBe('71.5');
  expect(explanation).toContain('At 71.5 it was reached, and the order stayed: allocationQuantity');
  expect(lastEvaluation.conditions).toContainEqual({
    ...{ fact: 'allocationQuantity', value: '5', limit: '0', passed: false },
  });
});

it('is null for an order that waits for nothing', async () => {
  await prices('70');
  await api.trading.place('AAPL', 'BUY 5 limit 69');
  expect(await waiting('ord-00000001')).toBeNull();
});

it('says of a trailing stop how near the price came since the stop last moved', async () => {
  await prices('70');
  await api.trading.place('AAPL', 'BUY 5 market');
  await prices('70');
  const trigger = { kind: 'TRAIL', level: '66', trailBy: '2' };
  const id = await arm('TRAIL', '66', { side: 'SELL', trigger });
  await prices('69 75 74 73.5 74.2');
  expect(await waiting(id)).toMatchObject({
    ...{ distance: '-1.2', closestPrice: '73.5' },
    explanation:
      'It fires at 73 or below. The nearest price since its stop last moved was 73.5, 0.5 short. ' +
      'The last price is 74.2.',
  });
});

it('says of a trailing stop that is none yet from which price on it will follow', async () => {
  await prices('70');
  await api.trading.load('AAPL', {
    ...{ entry: ['over BUY 5 market 71'], long: ['SELL 5 trail 2 from 80'] },
  });
  await prices('70.5 71.5 71.4 78 75');
  expect(await waiting(api.trading.order('long[0]').id)).toMatchObject({
    ...{ distance: '5', closestPrice: '78' },
    explanation:
      'It is no stop before a price at 80 or above. The nearest price since it was armed was ' +
      '78, 2 short. The last price is 75.',
  });
});
