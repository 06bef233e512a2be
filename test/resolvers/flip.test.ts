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

describe('the preview of a flip', () => {
  const wanted = { strategy: STRATEGY, instrument: 'AAPL', side: 'SELL', type: 'MARKET' };
  const checks = 'checks { ruleKey outcome message }';
  const document = `query ($order: OrderInput!) { previewOrder(order: $order) {
    approved codes quantity ${checks} opening { approved codes quantity order { id } ${checks} }
  } }`;
  const preview = async (changes: Json): Promise<Json> =>
    (await api.data(document, { order: { ...wanted, allowFlip: true, ...changes } })).previewOrder;
  const failed = ({ checks: all }: Json): string[] =>
    (all as Json[]).filter(({ outcome }) => outcome === 'FAILED').map(({ ruleKey }) => ruleKey);

  beforeEach(async () => {
    await api.trading.place('AAPL', 'BUY 2 market');
    await api.tick('AAPL', '100');
  });

  it('judges both parts, the second as if the first had filled', async () => {
    const decision = await preview({ quantity: '5' });
    expect(decision).toMatchObject({ approved: true, codes: [], quantity: '2' });
    expect(decision.opening).toMatchObject({ approved: true, quantity: '3', order: null });
  });

  it('is no approval where the second part would be denied', async () => {
    const decision = await preview({ quantity: '100002' });
    expect([failed(decision), decision.approved]).toEqual([[], false]);
    expect(decision.opening).toMatchObject({ approved: false, quantity: '100000' });
    expect(decision.codes).toEqual(decision.opening.codes);
    expect(decision.codes).toContain('H6');
  });

  it('is denied by the trading state that would deny the opening', async () => {
    const scope = { kind: 'STRATEGY' as const, key: STRATEGY };
    const { trading } = api;
    const next = { scope, state: 'REDUCING' as const, reason: 'calm', by: 'a person' };
    await trading.command({ kind: 'SET_TRADING_STATE', ...next });
    const decision = await preview({ quantity: '5' });
    expect(decision).toMatchObject({ approved: false, codes: ['H1'] });
    expect([failed(decision), failed(decision.opening)]).toEqual([[], ['H1']]);
  });

  it('looks past an exit that rests at the broker, which ends with the position', async () => {
    await api.trading.place('AAPL', 'SELL 2 stop 90', { timeInForce: 'GTC' });
    expect((await preview({ quantity: '3' })).opening).toMatchObject({ approved: true });
  });

  it('has one part where nothing is turned', async () => {
    expect(await preview({ quantity: '2' })).toMatchObject({ approved: true, opening: null });
  });

  it.each([
    [{ type: 'STOP', stopPrice: '90' }, 'type'],
    [{ timeInForce: 'OPG' }, 'timeInForce'],
    [{ trigger: { kind: 'STOP', level: '90' } }, 'trigger'],
  ])('refuses %j in the words of placeOrder', async (changes, field) => {
    const order = { ...wanted, allowFlip: true, quantity: '5', ...changes };
    const place = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
      userErrors { code message field }
    } }`;
    const { placeOrder } = await api.data(place, { input: { requestId: 'unusable', order } });
    const [error] = placeOrder.userErrors as Json[];
    expect(error.field).toEqual(['input', 'order', field]);
    const { errors } = await api.ask(document, { order });
    const { message, extensions } = (errors as unknown as Json[])[0]!;
    expect([message, extensions.code]).toEqual([error.message, 'BAD_USER_INPUT']);
    expect(extensions.userErrors[0].field).toEqual(['order', field]);
  });
});
