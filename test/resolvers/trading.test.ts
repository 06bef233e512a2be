// Placing, changing, cancelling and previewing orders over GraphQL: what is done, and what is
// refused with which code and path.

import { money, price, quantity } from '../../src/domain/decimal';
import { Api, openApi, type Json } from '../support/api-kit';
import {
  ACCOUNT,
  Desk,
  instrumentNamed,
  ruleBook,
  STRATEGY,
  type DeskOptions,
} from '../support/trading-kit';

const PLACE = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id status requestId quantity limitPrice stopPrice decision { approved codes } }
    userErrors { code message field }
  }
}`;
const MODIFY = `mutation ($input: ModifyOrderInput!) {
  modifyOrder(input: $input) {
    order { id quantity limitPrice status }
    userErrors { code message field }
  }
}`;
const CANCEL = `mutation ($id: ID!) {
  cancelOrder(input: { orderId: $id }) {
    order { id status statusMessage }
    userErrors { code message field }
  }
}`;

const BUY = { strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'MARKET', quantity: '10' };
const OFF_TICK = { type: 'LIMIT', limitPrice: '69.005' };
const STOP_OFF_TICK = { type: 'STOP', stopPrice: '71.0001' };
const LIMIT = { ...BUY, type: 'LIMIT', limitPrice: '69' };

let api: Api;
let requests = 0;
async function open(options: DeskOptions = {}): Promise<void> {
  api = await openApi(options);
  await api.tick('AAPL', '70');
}
beforeEach(() => open());
afterEach(() => api.close());

async function place(order: Json, requestId = `test-${(requests += 1)}`): Promise<Json> {
  return (await api.data(PLACE, { input: { requestId, order } })).placeOrder;
}
async function modify(input: Json): Promise<Json> {
  const requestId = `change-${(requests += 1)}`;
  return (await api.data(MODIFY, { input: { requestId, ...input } })).modifyOrder;
}
async function cancel(id: string): Promise<Json> {
  return (await api.data(CANCEL, { id })).cancelOrder;
}

describe('placeOrder', () => {
  it('sends an order and answers with it and its decision', async () => {
    const { order, userErrors } = await place(LIMIT, 'first');
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      ...{ status: 'WORKING', requestId: 'first', quantity: '10', limitPrice: '69' },
      ...{ stopPrice: null, decision: { approved: true, codes: [] } },
    });
  });

  it('answers the same request the same way and sends nothing again', async () => {
    const first = await place(LIMIT, 'once');
    expect(await place(LIMIT, 'once')).toEqual(first);
    expect(api.trading.events('OrderSent')).toHaveLength(1);
  });

  it('refuses a request id that stands for another order', async () => {
    await place(LIMIT, 'taken');
    const { order, userErrors } = await place({ ...LIMIT, quantity: '11' }, 'taken');
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'DUPLICATE', field: ['input', 'requestId'] }]);
  });

  it('keeps the request ids of Tidegate itself to Tidegate', async () => {
    const { userErrors } = await place(BUY, 'pln-00000001/entry[0]');
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'requestId'] }]);
  });

  it.each([
    ['an empty one', ''],
    ['a blank at its end', 'a '],
    ['a control character', 'a\u0007'],
    ['a line end', 'a\nb'],
    ['letters beyond ASCII', 'ä'],
    ['65 characters', 'x'.repeat(65)],
  ])('refuses as request id %s', async (_what, requestId) => {
    const { order, userErrors } = await place(BUY, requestId);
    expect(order).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['input', 'requestId'] }]);
    expect(api.trading.events('OrderArmed')).toEqual([]);
  });

  it('takes a request id of 64 characters', async () => {
    expect((await place(BUY, '~'.repeat(64))).userErrors).toEqual([]);
  });

  it.each([
    ['an unknown strategy', { strategy: 'momentun' }, 'NOT_FOUND', 'strategy', 'mean "momentum"'],
    ['an unknown instrument', { instrument: 'AAPM' }, 'NOT_FOUND', 'instrument', 'mean "AAPL"'],
    ['an unknown account', { account: 'DU2' }, 'NOT_FOUND', 'account', 'mean "DU1"'],
    ['no quantity', { quantity: '0' }, 'INVALID', 'quantity', 'not above zero'],
    ['a negative quantity', { quantity: '-1' }, 'INVALID', 'quantity', 'not above zero'],
    ['part of a lot', { quantity: '1.5' }, 'INVALID', 'quantity', 'multiple of 1'],
    ['a superfluous limit', { limitPrice: '69' }, 'INVALID', 'limitPrice', 'takes no limit'],
    ['a superfluous stop', { stopPrice: '69' }, 'INVALID', 'stopPrice', 'takes no stop'],
    ['a missing limit', { type: 'LIMIT' }, 'INVALID', 'limitPrice', 'needs a limit'],
    ['a missing stop', { type: 'STOP' }, 'INVALID', 'stopPrice', 'needs a stop'],
    ['no touch price', { type: 'MARKET_IF_TOUCHED' }, 'INVALID', 'stopPrice', 'needs a stop'],
    [
      'a price off the tick',
      OFF_TICK,
      'OFF_TICK',
      'limitPrice',
      'tick of AAPL. The prices beside it are 69 and 69.01',
    ],
    ['a stop off the tick', STOP_OFF_TICK, 'OFF_TICK', 'stopPrice', 'multiple of 0.01'],
    ['a price of zero', { type: 'LIMIT', limitPrice: '0' }, 'INVALID', 'limitPrice', 'not above'],
  ])('refuses %s and records nothing', async (_what, changes, code, field, words) => {
    const { order, userErrors } = await place({ ...BUY, ...changes });
    expect(order).toBeNull();
    expect(userErrors).toEqual([
      { code, field: ['input', 'order', field], message: expect.stringContaining(words) },
    ]);
    expect(api.trading.events('OrderArmed')).toEqual([]);
  });

  it('says everything that is wrong at once', async () => {
    const order = { ...BUY, strategy: 'x', quantity: '0', type: 'STOP_LIMIT' };
    const { userErrors } = await place(order, '');
    const fields = userErrors.map(({ field }: Json) => field.at(-1));
    expect(fields).toEqual(['requestId', 'strategy', 'quantity', 'limitPrice', 'stopPrice']);
  });

  it('asks which account is meant where there are several', async () => {
    const other = { kind: 'OPEN_ACCOUNT', account: 'DU9', currency: 'USD' } as const;
    await api.trading.command({ ...other, cash: money('1000') });
    const { userErrors } = await place(BUY);
    expect(userErrors).toMatchObject([{ code: 'AMBIGUOUS', field: ['input', 'order', 'account'] }]);
    expect(userErrors[0].message).toContain('DU1, DU9');
    expect((await place({ ...BUY, account: ACCOUNT })).userErrors).toEqual([]);
  });

  it('records what the limits deny, with the decision, and says so', async () => {
    const { order, userErrors } = await place({ ...LIMIT, quantity: '5000' });
    expect(order).toMatchObject({ status: 'DENIED', decision: { approved: false } });
    expect(order.decision.codes).toContain('H6');
    expect(userErrors).toMatchObject([{ code: 'RISK_DENIED', field: null }]);
    expect(userErrors[0].message).toContain('H6');
  });

  it('answers a denied request the same way again', async () => {
    const first = await place({ ...LIMIT, quantity: '5000' }, 'denied');
    expect(await place({ ...LIMIT, quantity: '5000' }, 'denied')).toEqual(first);
    expect(api.trading.events('DecisionMade')).toHaveLength(1);
  });

  it('says TRADING_HALTED where the trading state alone stands against it', async () => {
    await api.data(
      `mutation { setTradingState(input: { state: HALTED, reason: "drill" }) {
        userErrors { code }
      } }`,
    );
    const { order, userErrors } = await place(BUY);
    expect(order).toMatchObject({ status: 'DENIED', decision: { codes: ['H1'] } });
    expect(userErrors).toMatchObject([{ code: 'TRADING_HALTED' }]);
    const both = await place({ ...LIMIT, quantity: '5000' });
    expect(both.userErrors).toMatchObject([{ code: 'RISK_DENIED' }]);
  });

  it('says NOT_CONNECTED where the link alone stands against it', async () => {
    await api.trading.command({
      ...{ kind: 'START_RUN', mode: 'DEMO', inputsHash: 'a', ruleSetHash: 'b' },
    });
    const { order, userErrors } = await place(BUY);
    expect(order).toMatchObject({ status: 'DENIED', decision: { codes: ['H3'] } });
    expect(userErrors).toMatchObject([{ code: 'NOT_CONNECTED' }]);
  });

  it('says that the broker has not reported an account yet', async () => {
    await api.close();
    api = new Api(new Desk(await ruleBook('none'), {}));
    const { userErrors } = await place(BUY);
    const ofAccount = userErrors.filter(({ field }: Json) => field.at(-1) === 'account');
    expect(ofAccount).toMatchObject([{ code: 'NOT_CONNECTED' }]);
  });

  it('has an instrument looked up that is new here, and asks for its prices', async () => {
    const instrument = instrumentNamed('TSLA');
    api.desk.findable.set('TSLA', instrument);
    await place({ ...BUY, instrument: 'TSLA' });
    expect(api.trading.order('ord-00000001')).toMatchObject({ instrument: 'TSLA' });
    await place(BUY);
    expect(api.desk.watched).toEqual(['AAPL']);
    const { userErrors } = await place({ ...BUY, instrument: 'NVDA' });
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('finds an instrument by its symbol where only one has it', async () => {
    await api.close();
    await open({ instrument: { symbol: 'APPLE' } });
    expect((await place({ ...BUY, instrument: 'APPLE' })).userErrors).toEqual([]);
  });
});

describe('modifyOrder', () => {
  it('asks the broker for the new quantity and price, and shows what it confirms', async () => {
    const { order } = await place(LIMIT);
    const change = { orderId: order.id, quantity: '12', limitPrice: '68.5' };
    expect((await modify(change)).userErrors).toEqual([]);
    const asked = api.trading.events('OrderModifyRequested').map((event) => JSON.stringify(event));
    expect(asked).toEqual([expect.stringContaining('"limitPrice":"68.5"')]);
    const confirmed = { kind: 'MODIFIED', order: order.id, quantity: quantity('12') } as const;
    await api.trading.report({ ...confirmed, limitPrice: price('68.5') });
    const { node } = await api.data(
      `{ node(id: "${order.id}") { ... on Order { quantity limitPrice } } }`,
    );
    expect(node).toEqual({ quantity: '12', limitPrice: '68.5' });
  });

  it('answers the same request again and asks the broker once', async () => {
    const { order } = await place(LIMIT);
    const change = { requestId: 'change', orderId: order.id, quantity: '12' };
    await modify(change);
    expect((await modify(change)).userErrors).toEqual([]);
    expect(api.trading.events('OrderModifyRequested')).toHaveLength(1);
  });

  it.each([
    ['nothing to change', {}, 'INVALID', null],
    ['a price off the tick', { limitPrice: '68.501' }, 'OFF_TICK', ['input', 'limitPrice']],
    ['a price it has none of', { stopPrice: '68' }, 'INVALID', ['input', 'stopPrice']],
    ['no quantity', { quantity: '0' }, 'INVALID', ['input', 'quantity']],
    [
      'an unusable request id',
      { requestId: ' ', quantity: '11' },
      'INVALID',
      ['input', 'requestId'],
    ],
    ['a change the limits deny', { quantity: '5000' }, 'RISK_DENIED', null],
  ])('refuses %s', async (_what, change, code, field) => {
    const { order } = await place(LIMIT);
    const answer = await modify({ orderId: order.id, ...change });
    expect(answer.userErrors).toMatchObject([{ code, field }]);
    expect(answer.order).toMatchObject({ quantity: '10', limitPrice: '69' });
  });

  it('refuses an order nobody knows and one that is over', async () => {
    const unknown = await modify({ orderId: 'ord-1', quantity: '1' });
    expect(unknown).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND' }] });
    const { order } = await place(LIMIT);
    await cancel(order.id);
    const over = await modify({ orderId: order.id, quantity: '9' });
    expect(over.userErrors).toMatchObject([{ code: 'STALE', field: ['input', 'orderId'] }]);
  });
});

describe('cancelOrder', () => {
  it('cancels, and refuses to cancel again what is over', async () => {
    const { order } = await place(LIMIT);
    expect(await cancel(order.id)).toMatchObject({ order: { id: order.id }, userErrors: [] });
    const again = await cancel(order.id);
    expect(again.order.status).toBe('CANCELLED');
    expect(again.userErrors).toMatchObject([
      { code: 'NOT_CANCELLABLE', field: ['input', 'orderId'] },
    ]);
  });

  it('says who asked', async () => {
    const { order } = await place(LIMIT);
    await cancel(order.id);
    const [asked] = api.trading.events('OrderCancelRequested');
    expect(asked?.reason).toBe('cancelled by graphql');
  });

  it('refuses an id that is none', async () => {
    const answer = await cancel('ord-99999999');
    expect(answer).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });
});

describe('previewOrder', () => {
  const PREVIEW = `query ($order: OrderInput!) {
    previewOrder(order: $order) {
      id approved codes quantity order { id } strategy { key } instrument { key }
      checks { ruleKey outcome effect message location conditions { fact limit value passed } }
    }
  }`;

  it('decides and records nothing', async () => {
    const { sequence } = api.trading.state;
    const { previewOrder } = await api.data(PREVIEW, { order: LIMIT });
    expect(previewOrder).toMatchObject({
      ...{ id: 'dec-preview', approved: true, codes: [], order: null, quantity: '10' },
      ...{ strategy: { key: STRATEGY }, instrument: { key: 'AAPL' } },
    });
    expect(previewOrder.checks.length).toBeGreaterThan(5);
    expect(api.trading.state.sequence).toBe(sequence);
    expect(api.trading.state.orders.size).toBe(0);
  });

  it('says what would deny it', async () => {
    const order = { ...LIMIT, quantity: '5000' };
    const { previewOrder } = await api.data(PREVIEW, { order });
    expect(previewOrder.approved).toBe(false);
    expect(previewOrder.codes).toContain('H6');
    const failed = previewOrder.checks.filter((check: Json) => check.outcome === 'FAILED');
    expect(failed.map(({ ruleKey }: Json) => ruleKey)).toContain('H6');
  });

  it('refuses what is no order, with the same words as placing it', async () => {
    const { errors } = await api.ask(PREVIEW, { order: { ...LIMIT, limitPrice: '69.005' } });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      userErrors: [{ code: 'OFF_TICK', field: ['order', 'limitPrice'] }],
    });
  });
});

describe('a stopped engine', () => {
  it('is said with a code of its own and no inner words', async () => {
    const stopped = api.trading.engine.execute({ kind: 'NONSENSE' } as never, { id: 'x', at: 0 });
    await expect(stopped).rejects.toThrow();
    const input = { requestId: 'late', order: BUY };
    expect(await api.error(PLACE, { input })).toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  });
});

describe('an instrument that was not met yet', () => {
  it('is not called unknown while the broker cannot be asked', async () => {
    api.desk.status = { state: 'SYNCHRONIZING', epoch: 1, reason: 'starting' };
    const { order, userErrors } = await place({ ...BUY, instrument: 'MSFT' });
    expect(order).toBeNull();
    const [error] = userErrors;
    expect(error).toMatchObject({
      ...{ code: 'NOT_CONNECTED', field: ['input', 'order', 'instrument'] },
      message: expect.stringContaining('Try again when it is READY'),
    });
  });

  it('may be written in small letters once it was', async () => {
    const { order } = await place({ ...LIMIT, instrument: 'aapl' });
    expect(order.status).toBe('WORKING');
  });
});
