// An entry with its exits over the API: placed, shown, previewed, and refused with the path of the
// part at fault.

import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi();
  await api.tick('AAPL', '100');
});
afterEach(() => api.close());

const EXITS = { takeProfit: '120', stopLoss: '90' };
const ENTRY = { strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'LIMIT' };
const order = (bracket: Json, changes: Json = {}): Json => ({
  ...{ ...ENTRY, quantity: '10', limitPrice: '100', bracket },
  ...changes,
});
const SHOWN = `bracketOf bracket {
  takeProfit stopLoss stopLimit trailBy trailPercent
  exits { id status role type quantity limitPrice stopPrice bracketOf source }
}`;

async function place(bracket: Json, changes: Json = {}): Promise<Json> {
  const input = { requestId: 'b1', order: order(bracket, changes) };
  const document = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
    order { id status role quantity ${SHOWN} } userErrors { code message field }
  } }`;
  return (await api.data(document, { input })).placeOrder;
}
const shown = async (id: string): Promise<Json> =>
  (await api.data(`query ($id: ID!) { node(id: $id) { ... on Order { ${SHOWN} } } }`, { id })).node;

it('shows the exits asked for while the entry works, and their orders after that', async () => {
  const { order: entry, userErrors } = await place({ ...EXITS, stopLimit: '89.5' });
  expect(userErrors).toEqual([]);
  expect(entry).toMatchObject({ status: 'WORKING', role: 'ENTRY', bracketOf: null });
  const asked = { ...EXITS, stopLimit: '89.5', trailBy: null, trailPercent: null };
  expect(entry.bracket).toEqual({ ...asked, exits: [] });
  await api.tick('AAPL', '99');
  const { bracket } = await shown(entry.id);
  const of = { bracketOf: entry.id, source: null, quantity: '10', status: 'WORKING' };
  expect(bracket).toMatchObject({
    ...asked,
    exits: [
      { ...of, role: 'STOP_LOSS', type: 'STOP_LIMIT', stopPrice: '90', limitPrice: '89.5' },
      { ...of, role: 'TAKE_PROFIT', type: 'LIMIT', limitPrice: '120' },
    ],
  });
  expect((await shown(bracket.exits[0].id)).bracket).toBeNull();
});

it('is none of the instruction files', async () => {
  await place({ trailPercent: '5' });
  const { instructionFiles } = await api.data('{ instructionFiles { id } }');
  expect(instructionFiles).toEqual([]);
});

it('is placed once under one request id, and refused with other exits', async () => {
  const { order: first } = await place(EXITS);
  expect((await place(EXITS)).order.id).toBe(first.id);
  const { order: other, userErrors } = await place({ ...EXITS, stopLoss: '91' });
  expect([other, userErrors[0]]).toMatchObject([
    null,
    { code: 'DUPLICATE', field: ['input', 'requestId'] },
  ]);
});

it.each([
  ['a stop above its entry', { stopLoss: '101' }, {}, ['bracket', 'stopLoss']],
  ['a target below its entry', { takeProfit: '99' }, {}, ['bracket', 'takeProfit']],
  ['a stop below zero', { stopLoss: '-1' }, {}, ['bracket', 'stopLoss']],
  ['no exit at all', {}, {}, ['bracket']],
  ['an auction', EXITS, { timeInForce: 'OPG' }, ['timeInForce']],
  ['a flip', EXITS, { allowFlip: true }, ['allowFlip']],
  ['a stop as entry', EXITS, { type: 'STOP', limitPrice: null, stopPrice: '105' }, ['type']],
] as const)('%s refuses all of it, by its path', async (_, bracket, changes, path) => {
  const { order: none, userErrors } = await place(bracket, changes);
  expect(none).toBeNull();
  expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'order', ...path] }]);
  const { orders } = await api.data('{ orders(first: 9) { nodes { id } } }');
  expect(orders.nodes).toEqual([]);
});

describe('a preview', () => {
  const PREVIEW = `query ($order: OrderInput!) { previewOrder(order: $order) {
    approved codes checks { ruleKey outcome message }
  } }`;
  const preview = async (bracket: Json, changes: Json = {}): Promise<Json> =>
    (await api.data(PREVIEW, { order: order(bracket, changes) })).previewOrder;

  it('says that the worst case passes, and records nothing', async () => {
    const { approved, checks } = await preview(EXITS);
    expect(approved).toBe(true);
    expect(checks.at(-1)).toEqual({ ruleKey: 'WORST_CASE', outcome: 'PASSED', message: null });
    expect((await preview(EXITS)).approved).toBe(true);
    const { orders } = await api.data('{ orders(first: 9) { nodes { id } } }');
    expect(orders.nodes).toEqual([]);
  });

  it('says what the worst case would break, as placing does', async () => {
    const large = { quantity: '400' };
    const { approved, codes, checks } = await preview({ stopLoss: '80' }, large);
    expect([approved, codes]).toEqual([false, expect.arrayContaining(['WORST_CASE'])]);
    const { message } = checks.at(-1);
    expect(message).toContain('LONG H10: the loss of the account could be 8000');
    const { order: none, userErrors } = await place({ stopLoss: '80' }, large);
    const field = ['input', 'order', 'bracket'];
    expect([none, userErrors]).toEqual([null, [{ code: 'RISK_DENIED', message, field }]]);
  });

  it('refuses what placing refuses, in the same words', async () => {
    const { errors } = await api.ask(PREVIEW, { order: order({ stopLoss: '101' }) });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      userErrors: [{ code: 'INVALID', field: ['order', 'bracket', 'stopLoss'] }],
    });
  });
});
