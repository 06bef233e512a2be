// The instruction files of a day as a trader asks for them: each symbol with a state, the reason,
// and what it stands on, also right after a restart.

import { planProgress } from '../../src/engine/core/plan-progress';
import { openApi, type Api, type Json } from '../support/api-kit';
import { ACCOUNT, folded, planOf, STRATEGY, type PlanWords } from '../support/trading-kit';

const OVER: PlanWords = {
  entry: ['over BUY 10 limit 10'],
  long: ['SELL 10 limit 12', 'SELL 10 market 8 stop'],
};

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

let versions = 0;
async function load(words: PlanWords | null): Promise<void> {
  versions += 1;
  const plans = [];
  if (words !== null)
    plans.push({ spec: planOf('AAPL', words), instrument: 'AAPL', previousClose: null });
  await api.trading.command({
    ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash: `v${versions}` },
    ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05', plans },
    ...(words === null && {
      refusedSymbols: ['AAPL'],
      findings: [
        {
          ...{ severity: 'ERROR', code: 'ROLE_CONFLICT', message: 'SL sells', pointer: '/aapl/x' },
          ...{ line: 1, column: 1, proposal: null },
        },
        {
          ...{ severity: 'ERROR', code: 'SYNTAX', message: 'of another', pointer: '/AAPLX' },
          ...{ line: 2, column: 1, proposal: null },
        },
      ],
    }),
  });
}

/** Of the newest file, as asked on its day. */
async function told(): Promise<Json> {
  const { instructionFiles } = await api.data(`{ instructionFiles(tradingDate: "2026-01-05") {
    symbols { symbol state reason cycles maxCycles enteredQuantity exitedQuantity
      realized { amount currency } entry { leg: source } exit { role } findings { code }
      orders { id } } } }`);
  const [symbol] = instructionFiles[0].symbols;
  const again = folded(api.trading.journal);
  const plan = [...api.trading.state.files.values()].at(-1)?.symbols[0]?.plan ?? null;
  if (plan !== null) {
    expect(planProgress(again, plan)).toEqual(planProgress(api.trading.state, plan));
  }
  return symbol;
}

it('waits until an entry fires, works, is in position, and has left with a profit', async () => {
  await load(OVER);
  expect(await told()).toMatchObject({
    ...{ state: 'WAITING', reason: 'armed: entry[0]', cycles: 0, maxCycles: 1 },
    ...{ enteredQuantity: '0', realized: null, entry: null, exit: null, findings: [] },
    orders: [{ id: 'ord-00000001' }],
  });
  await api.trading.ticks('AAPL', '9.9 10.1');
  expect(await told()).toMatchObject({
    state: 'WORKING',
    reason: 'entry[0] ord-00000001 is WORKING: BUY 10 limit 10, nothing filled yet',
  });
  await api.trading.ticks('AAPL', '10');
  expect(await told()).toMatchObject({
    ...{ state: 'IN_POSITION', reason: 'long 10; open exits: long[0], long[1]' },
    ...{ cycles: 1, enteredQuantity: '10', exitedQuantity: '0', realized: null, exit: null },
    entry: { leg: 'day.json#/entry[0]' },
  });
  await api.trading.ticks('AAPL', '12 12');
  expect(await told()).toMatchObject({
    ...{ state: 'EXITED', reason: 'closed by long[0] ord-00000002 (take profit), 10 units' },
    ...{ exitedQuantity: '10', realized: { amount: '20', currency: 'USD' } },
    exit: { role: 'TAKE_PROFIT' },
  });
});

it("is refused with its own errors and nobody else's", async () => {
  await load(null);
  expect(await told()).toMatchObject({
    ...{ state: 'REFUSED', reason: 'ROLE_CONFLICT: SL sells', maxCycles: null, orders: [] },
    findings: [{ code: 'ROLE_CONFLICT' }],
  });
});

it('waits for another round trip, and has left when none came before the end', async () => {
  await load({ ...OVER, settings: { cycles: 3 } });
  await api.trading.ticks('AAPL', '9.9 10.1 10 12 12');
  expect(await told()).toMatchObject({ state: 'WAITING', cycles: 1, maxCycles: 3 });
  await api.trading.closeSession('AAPL');
  expect(await told()).toMatchObject({ state: 'EXITED', cycles: 1, exit: { role: 'TAKE_PROFIT' } });
});

it('is blocked while trading is halted where it waits', async () => {
  await load(OVER);
  await api.trading.command({
    ...{ kind: 'SET_TRADING_STATE', scope: { kind: 'STRATEGY', key: STRATEGY }, state: 'HALTED' },
    ...{ reason: 'news', by: 'ann' },
  });
  const { state, reason } = await told();
  expect(state).toBe('BLOCKED');
  expect(reason).toContain(`trading is HALTED for strategy ${STRATEGY} (news)`);
});

it('expires when nothing fired', async () => {
  await load(OVER);
  await api.trading.closeSession('AAPL');
  expect(await told()).toMatchObject({
    ...{ state: 'EXPIRED', reason: 'the session ended and no entry had fired' },
  });
});

it('says of an entry whose limit was not met at what price it fired', async () => {
  await load(OVER);
  await api.trading.ticks('AAPL', '9.9 10.1 10.2');
  await api.trading.closeSession('AAPL');
  expect(await told()).toMatchObject({
    state: 'EXPIRED',
    reason:
      'entry not filled: entry[0] fired at 10.1; its limit 10 was not met; ' +
      'entry[0] ord-00000001 is EXPIRED: session end',
  });
});

it('is replaced by a changed file, whose own symbol waits', async () => {
  await load(OVER);
  await load({ ...OVER, entry: ['over BUY 12 limit 11'] });
  expect(await told()).toMatchObject({ state: 'WAITING', orders: [{ id: 'ord-00000002' }] });
  const { instructionFiles } = await api.data('{ instructionFiles { symbols { state reason } } }');
  expect(instructionFiles[1].symbols[0].state).toBe('REPLACED');
});

it('is cancelled by a person', async () => {
  await load(OVER);
  const { id } = api.trading.order('entry[0]');
  await api.trading.command({ kind: 'CANCEL_ORDER', order: id, reason: 'not today' });
  expect(await told()).toMatchObject({
    ...{ state: 'CANCELLED', reason: 'entry[0] ord-00000001 is CANCELLED: not today' },
  });
});

it('has failed when its only entry was denied', async () => {
  await load(OVER);
  await api.trading.ticks('AAPL', '9.9');
  const halt = { kind: 'SET_TRADING_STATE', scope: { kind: 'SYSTEM', key: '' } } as const;
  await api.trading.command({ ...halt, state: 'HALTED', reason: 'news', by: 'ann' });
  await api.trading.ticks('AAPL', '10.1');
  const { state, reason } = await told();
  expect([state, reason]).toEqual(['FAILED', expect.stringMatching(/^entry\[0\] .* is DENIED/)]);
});

it('names no exit of its own when its position was sold by hand', async () => {
  await load(OVER);
  await api.trading.ticks('AAPL', '9.9 10.1 10');
  for (const exit of ['long[0]', 'long[1]']) {
    const order = api.trading.order(exit).id;
    await api.trading.command({ kind: 'CANCEL_ORDER', order, reason: 'by hand' });
  }
  await api.trading.place('AAPL', 'SELL 10 market');
  await api.trading.ticks('AAPL', '11 11');
  expect(await told()).toMatchObject({
    ...{ state: 'EXITED', exit: null, realized: null, enteredQuantity: '10', exitedQuantity: '0' },
    reason: 'the position was closed by none of its own orders',
  });
});

describe('a position that a person has a hand in', () => {
  const TWICE: PlanWords = {
    entry: ['over BUY 10 limit 10'],
    long: ['SELL 3 limit 12', 'SELL 3 limit 13', 'SELL 10 market 8 stop'],
  };
  beforeEach(async () => {
    await load(TWICE);
    await api.trading.ticks('AAPL', '9.9 10.1 10');
  });

  it('was closed by none of its own orders where the last units were sold by hand', async () => {
    await api.trading.ticks('AAPL', '12 12 13 13');
    expect(await told()).toMatchObject({ state: 'IN_POSITION', exitedQuantity: '6' });
    await api.trading.place('AAPL', 'SELL 4 market');
    await api.trading.ticks('AAPL', '13');
    expect(await told()).toMatchObject({
      ...{ state: 'EXITED', reason: 'the position was closed by none of its own orders' },
      ...{ exitedQuantity: '6', realized: null, exit: null },
    });
  });

  it('was closed by its own order where that gave back what a person had left', async () => {
    await api.trading.place('AAPL', 'SELL 4 market');
    await api.trading.ticks('AAPL', '11 8 8');
    expect(await told()).toMatchObject({
      ...{ state: 'EXITED', exitedQuantity: '6', exit: { role: 'STOP_LOSS' } },
      reason: expect.stringMatching(/^closed by long\[2\] ord-\w+ \(stop loss\), 6 units$/),
    });
  });
});

it('counts the round trips of before under the file that kept them', async () => {
  await load({ ...OVER, settings: { cycles: 2 } });
  await api.trading.ticks('AAPL', '9.9 10.1 10 12 12 9.9 10.1 10');
  await load({ ...OVER, long: ['SELL 10 limit 13'], settings: { cycles: 2 } });
  const both = { cycles: 2, maxCycles: 2, enteredQuantity: '20' };
  expect(await told()).toMatchObject({
    ...both,
    state: 'IN_POSITION',
    findings: [{ code: 'KEPT' }],
  });
  await api.trading.ticks('AAPL', '12 12');
  expect(await told()).toMatchObject({
    ...{ ...both, state: 'EXITED', exitedQuantity: '20' },
    realized: { amount: '40', currency: 'USD' },
  });
});

it('names the order that closed it at the close once', async () => {
  await load({ ...OVER, settings: { onClose: 'FLATTEN' } });
  await api.trading.ticks('AAPL', '9.9 10.1 10');
  await api.trading.closeOut('AAPL');
  await api.trading.ticks('AAPL', '11 11');
  expect(await told()).toMatchObject({
    state: 'EXITED',
    reason: expect.stringMatching(/^closed by ord-\w+ \(liquidation\), 10 units$/),
  });
});

const SILENT = { ocaRelease: 'trigger', priceSource: 'last' };
it.each([
  [OVER, { exitQty: 'literal', rearm: 'never', ...SILENT, onClose: 'keep' }],
  [
    {
      ...{ entry: ['over BUY 10 limit 10 @bid-ask'], long: ['SELL 10 market 8 stop @bid-ask'] },
      settings: { cycles: 2, onClose: 'FLATTEN', ocaRelease: 'FILL' },
    },
    {
      ...{ exitQty: 'literal', rearm: 'onFlat', maxCycles: 2, onClose: 'flatten' },
      ...{ ocaRelease: 'fill', priceSource: 'bid-ask' },
    },
  ],
] as const)('names every setting in force, defaults too', async (words, settings) => {
  await load(words);
  const { instructionFiles } = await api.data('{ instructionFiles { symbols { settings } } }');
  expect(instructionFiles[0].symbols[0].settings).toEqual(settings);
});

it('names no price source where its orders look at different ones', async () => {
  await load({ entry: ['over BUY 10 limit 10 @mid'], long: ['SELL 10 market 8 stop'] });
  const { instructionFiles } = await api.data('{ instructionFiles { symbols { settings } } }');
  expect(instructionFiles[0].symbols[0].settings).not.toHaveProperty('priceSource');
});
