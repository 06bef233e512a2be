// Reading the books over GraphQL, and the two mutations that change settings: strategies and
// trading states.

import fc from 'fast-check';
import { money, plus, price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import type { InstructionFileRecord } from '../../src/domain/instruction';
import { positionOf } from '../../src/engine/core/state';
import { openApi, type Api, type Json } from '../support/api-kit';
import { ACCOUNT, instrumentNamed, STRATEGY } from '../support/trading-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi({ symbols: ['AAPL', 'MSFT'] });
});
afterEach(() => api.close());

/** Buys or sells at the market and lets the next price fill it. */
async function trade(symbol: string, words: string, at: string): Promise<void> {
  if (api.trading.engine.market.last(symbol) === undefined) await api.tick(symbol, at);
  await api.trading.place(symbol, words);
  await api.tick(symbol, at);
}

const PLACE = { account: ACCOUNT, instrument: 'AAPL' };
/** Somebody trades by hand, beside Tidegate. */
function external(execId: string, side: 'BUY' | 'SELL', units: string): Promise<void> {
  const fill = { kind: 'FILL', order: null, execId, ...PLACE, side, price: price('70') } as const;
  return api.trading.report({ ...fill, quantity: quantity(units) });
}

const POSITIONS = `{ positions {
  account { key } instrument { key } quantity unallocated difference
  averageCost { amount currency }
  allocations { id quantity strategy { key } averageCost { amount } }
} }`;

describe('system', () => {
  const SYSTEM = `{ system {
    mode tradingState link linkReason sequence now
    ruleSet { hash activatedAt rules { id key effect enabled file document } }
  } }`;

  it('says where everything stands', async () => {
    const { system } = await api.data(SYSTEM);
    expect(system).toMatchObject({
      ...{ mode: 'DEMO', tradingState: 'ACTIVE', link: 'READY', linkReason: null },
      ...{ sequence: String(api.trading.state.sequence), now: '2026-01-05T14:30:00.000Z' },
      ruleSet: {
        ...{ hash: 'abc', activatedAt: '2026-01-05T00:00:00.000Z' },
        rules: [{ key: 'max-order-notional', effect: 'DENY', document: { version: 1 } }],
      },
    });
  });

  it('says why the link is not ready', async () => {
    api.desk.status = { state: 'DEGRADED', epoch: 1, reason: 'nobody answers' };
    const { system } = await api.data(SYSTEM);
    expect(system).toMatchObject({ link: 'DEGRADED', linkReason: 'nobody answers' });
  });
});

describe('positions', () => {
  it('are the book: allocations and what nobody owns, at average cost', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    await trade('AAPL', 'BUY 20 market', '73');
    await api.trading.report({
      ...{ kind: 'FILL', order: null, execId: 'x.1', account: ACCOUNT, instrument: 'AAPL' },
      ...{ side: 'BUY', quantity: quantity('5'), price: price('80') },
    });
    const { positions } = await api.data(POSITIONS);
    expect(positions).toEqual([
      {
        ...{ account: { key: ACCOUNT }, instrument: { key: 'AAPL' }, quantity: '35' },
        ...{ unallocated: '5', difference: '0' },
        averageCost: { amount: '73.142857142857', currency: 'USD' },
        allocations: [
          {
            ...{ id: expect.stringMatching(/^alc-/), quantity: '30' },
            ...{ strategy: { key: STRATEGY }, averageCost: { amount: '72' } },
          },
        ],
      },
    ]);
  });

  it('always add up: allocations and what nobody owns are the quantity', async () => {
    await api.tick('AAPL', '70');
    for (const strategy of ['a', 'b']) {
      await api.trading.command({ kind: 'CREATE_STRATEGY', strategy, allowsShort: true });
    }
    const step = fc.record({
      strategy: fc.constantFrom('a', 'b', null),
      side: fc.constantFrom('BUY', 'SELL'),
      units: fc.integer({ min: 1, max: 30 }),
    });
    let nth = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
        for (const { strategy, side, units } of steps) {
          nth += 1;
          const requestId = `step-${nth}`;
          if (strategy === null) await external(`s${nth}.01`, side, String(units));
          else await api.trading.place('AAPL', `${side} ${units} market`, { strategy, requestId });
          await api.tick('AAPL', '70');
          for (const position of (await api.data(POSITIONS)).positions) {
            const parts = position.allocations.map((part: Json) => quantity(part.quantity));
            const sum = parts.reduce(plus, quantity(position.unallocated));
            expect(toText(sum)).toBe(position.quantity);
            const { quantity: held } = positionOf(api.trading.state, PLACE);
            expect([position.quantity, position.difference]).toEqual([toText(held), '0']);
          }
        }
      }),
      { numRuns: 25 },
    );
    expect(api.trading.events('OrderFilled').length).toBeGreaterThan(30);
  });

  it('leave out what is flat again', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    await trade('AAPL', 'SELL 10 market', '71');
    expect(await api.data(POSITIONS)).toEqual({ positions: [] });
  });

  it('show a break as the difference, and none while there is none', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    const seen = async (units: string): Promise<Json> => {
      const at = api.desk.now();
      const place = { account: ACCOUNT, instrument: 'AAPL' };
      const input = { kind: 'POSITION_SEEN', ...place, brokerQuantity: quantity(units) } as const;
      api.trading.engine.submit({ id: `seen-${units}`, at, input });
      await api.trading.engine.drain();
      return (await api.data(POSITIONS)).positions[0];
    };
    expect(await seen('7')).toMatchObject({ quantity: '10', difference: '-3' });
    expect(await seen('10')).toMatchObject({ quantity: '10', difference: '0' });
  });

  it('are of one account where it is named', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    const named = await api.data(`{ positions(account: "${ACCOUNT}") { quantity } }`);
    expect(named).toEqual({ positions: [{ quantity: '10' }] });
    const { code, message } = await api.error('{ positions(account: "DU2") { quantity } }');
    expect(code).toBe('BAD_USER_INPUT');
    expect(message).toContain('Did you mean "DU1"?');
  });
});

describe('accounts and strategies', () => {
  const PNL =
    'pnl { realized { amount currency } unrealized { amount } commissions { amount } asOf }';

  it('count their profit from what they held', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    await trade('AAPL', 'SELL 4 market', '72');
    await api.tick('AAPL', '75');
    const { strategy, accounts } = await api.data(
      `{ strategy(key: "${STRATEGY}") { ${PNL} allocations { quantity ${PNL} } }
         accounts { key ${PNL} positions { quantity } netLiquidation { amount } } }`,
    );
    const pnl = { realized: { amount: '8', currency: 'USD' }, unrealized: { amount: '30' } };
    expect(strategy).toMatchObject({ pnl, allocations: [{ quantity: '6', pnl }] });
    expect(accounts).toMatchObject([
      { key: ACCOUNT, pnl, positions: [{ quantity: '6' }], netLiquidation: null },
    ]);
    expect(strategy.pnl.asOf).toBe(new Date(api.desk.now()).toISOString());
  });

  it('have no unrealized profit without a price', async () => {
    await trade('AAPL', 'BUY 10 market', '70');
    await api.trading.report({
      ...{ kind: 'FILL', order: null, execId: 'x.1', account: ACCOUNT, instrument: 'MSFT' },
      ...{ side: 'BUY', quantity: quantity('5'), price: price('80') },
    });
    const { accounts, strategies } = await api.data(
      `{ accounts { ${PNL} } strategies { ${PNL} } }`,
    );
    expect(accounts[0].pnl.unrealized).toBeNull();
    expect(strategies[0].pnl.unrealized).toEqual({ amount: '0' });
  });

  it('show what the broker says of an account', async () => {
    const said = { netLiquidation: money('100250.5'), buyingPower: null, cash: null };
    api.desk.values.set(ACCOUNT, { account: ACCOUNT, currency: 'USD', ...said });
    const { accounts } = await api.data(
      '{ accounts { netLiquidation { amount currency } buyingPower { amount } } }',
    );
    const netLiquidation = { amount: '100250.5', currency: 'USD' };
    expect(accounts).toEqual([{ netLiquidation, buyingPower: null }]);
  });

  it('are null where there is none of the key', async () => {
    expect(await api.data('{ strategy(key: "nobody") { id } }')).toEqual({ strategy: null });
  });
});

describe('instruments', () => {
  it('are found by part of key or symbol, in order of key', async () => {
    const found = async (search: string): Promise<string[]> => {
      const { instruments } = await api.data(`{ instruments(search: "${search}") { key } }`);
      return instruments.map(({ key }: Json) => key);
    };
    expect(await found('')).toEqual(['AAPL', 'MSFT']);
    expect(await found('sf')).toEqual(['MSFT']);
    expect(await found('xyz')).toEqual([]);
  });

  it('say their last price once there is one', async () => {
    const ask = '{ instruments(search: "AAPL") { lastPrice tickSize conId currency exchange } }';
    const still = { tickSize: '0.01', conId: null, currency: 'USD', exchange: 'XNYS' };
    expect(await api.data(ask)).toEqual({ instruments: [{ lastPrice: null, ...still }] });
    await api.tick('AAPL', '70.10');
    expect(await api.data(ask)).toEqual({ instruments: [{ lastPrice: '70.1', ...still }] });
  });

  it('must be named where a symbol is ambiguous', async () => {
    for (const key of ['SAP.XETR', 'SAP.XNYS']) {
      const instrument = instrumentNamed(key, { symbol: 'SAP' });
      await api.trading.command({ kind: 'ADD_INSTRUMENT', instrument });
    }
    const { message } = await api.error(
      '{ orders(filter: { instrument: "SAP" }) { nodes { id } } }',
    );
    expect(message).toContain('SAP.XETR, SAP.XNYS');
  });
});

describe('createStrategy', () => {
  const CREATE = `mutation ($input: CreateStrategyInput!) { createStrategy(input: $input) {
    strategy { id key stage weight capital { amount currency } allowsShort tradingState }
    userErrors { code message field }
  } }`;
  const create = async (input: Json): Promise<Json> =>
    (await api.data(CREATE, { input })).createStrategy;

  it('makes one with its defaults, or as it is asked', async () => {
    expect(await create({ key: 'bands' })).toMatchObject({
      strategy: {
        ...{ key: 'bands', stage: 'PAPER', weight: '1', capital: null },
        ...{ allowsShort: false, tradingState: 'ACTIVE' },
      },
      userErrors: [],
    });
    const input = { key: 'b.2', stage: 'PRODUCTION', weight: '0.50', capital: '1000.00' };
    expect(await create({ ...input, allowsShort: true })).toMatchObject({
      strategy: {
        ...{ stage: 'PRODUCTION', weight: '0.5', allowsShort: true },
        capital: { amount: '1000', currency: 'USD' },
      },
    });
  });

  it.each([
    [{ key: STRATEGY }, 'DUPLICATE', 'key'],
    [{ key: STRATEGY.toUpperCase() }, 'DUPLICATE', 'key'],
    [{ key: 'UNALLOCATED' }, 'INVALID', 'key'],
    [{ key: 'unallocated' }, 'INVALID', 'key'],
    [{ key: 'new', weight: '1234567890123456' }, 'INVALID', 'weight'],
    [{ key: 'new', weight: '0.1234567890123456' }, 'INVALID', 'weight'],
    [{ key: 'new', capital: `1${'0'.repeat(39)}` }, 'INVALID', 'capital'],
    [{ key: '' }, 'INVALID', 'key'],
    [{ key: 'a b' }, 'INVALID', 'key'],
    [{ key: 'a|b' }, 'INVALID', 'key'],
    [{ key: 'a\u0000' }, 'INVALID', 'key'],
    [{ key: 'x'.repeat(65) }, 'INVALID', 'key'],
    [{ key: 'new', weight: '-1' }, 'INVALID', 'weight'],
    [{ key: 'new', capital: '0' }, 'INVALID', 'capital'],
  ])('refuses %j with %s', async (input, code, field) => {
    const answer = await create(input);
    expect(answer).toMatchObject({
      strategy: null,
      userErrors: [{ code, field: ['input', field] }],
    });
    expect(api.trading.state.strategies.size).toBe(1);
  });
});

describe('setTradingState', () => {
  const SET = `mutation ($input: SetTradingStateInput!) { setTradingState(input: $input) {
    system { tradingState } userErrors { code message field }
  } }`;
  const set = async (input: Json): Promise<Json> =>
    (await api.data(SET, { input: { state: 'HALTED', reason: 'drill', ...input } }))
      .setTradingState;

  it('halts the system and lets it go again, with reason and name', async () => {
    expect(await set({})).toEqual({ system: { tradingState: 'HALTED' }, userErrors: [] });
    const { strategies } = await api.data('{ strategies { tradingState } }');
    expect(strategies).toEqual([{ tradingState: 'HALTED' }]);
    expect((await set({ state: 'ACTIVE' })).system).toEqual({ tradingState: 'ACTIVE' });
    expect(api.trading.events('TradingStateChanged')).toMatchObject([
      { state: 'HALTED', reason: 'drill', by: 'graphql' },
      { state: 'ACTIVE' },
    ]);
  });

  it.each([
    [{ strategy: STRATEGY }, { kind: 'STRATEGY', key: STRATEGY }],
    [{ account: ACCOUNT }, { kind: 'ACCOUNT', key: ACCOUNT }],
    [{ instrument: 'AAPL' }, { kind: 'INSTRUMENT', key: 'AAPL' }],
  ])('halts only %j', async (input, scope) => {
    expect(await set(input)).toEqual({ system: { tradingState: 'ACTIVE' }, userErrors: [] });
    expect(api.trading.events('TradingStateChanged')).toMatchObject([{ scope }]);
  });

  it.each([
    [{ strategy: 'nobody' }, 'NOT_FOUND', ['input', 'strategy']],
    [{ instrument: 'XYZ' }, 'NOT_FOUND', ['input', 'instrument']],
    [{ account: 'DU2' }, 'NOT_FOUND', ['input', 'account']],
    [{ account: ACCOUNT, strategy: STRATEGY }, 'INVALID', null],
    [{ reason: ' ' }, 'INVALID', ['input', 'reason']],
    [{ reason: 'a\u001b[31m' }, 'INVALID', ['input', 'reason']],
    [{ reason: 'a\u202eb' }, 'INVALID', ['input', 'reason']],
    [{ reason: 'x'.repeat(501) }, 'INVALID', ['input', 'reason']],
  ])('refuses %j and sets nothing', async (input, code, field) => {
    expect(await set(input)).toMatchObject({ system: null, userErrors: [{ code, field }] });
    expect(api.trading.events('TradingStateChanged')).toEqual([]);
  });
});

describe('instruction files', () => {
  const record: InstructionFileRecord = {
    ...{ id: 'ins-preview', fileName: 'day.json', contentHash: 'h', strategy: STRATEGY },
    ...{ account: ACCOUNT, tradingDate: '2026-01-05', accepted: true, at: 0 },
    symbols: [{ symbol: 'AAPL', accepted: true, plan: null }],
    findings: [
      {
        ...{ severity: 'WARNING', code: 'ENTRY_WITHOUT_STOP', message: 'no stop' },
        ...{ pointer: '/AAPL', line: 2, column: 3, proposal: null },
      },
    ],
  };
  const LOAD = `mutation ($input: LoadInstructionsInput!) { loadInstructions(input: $input) {
    file { id fileName tradingDate accepted
      symbols { symbol accepted orders { id side quantity status fills { id } } }
      findings { severity code message pointer line column proposal } }
    userErrors { code message field }
  } }`;
  const INPUT = { fileName: 'day.json', content: '{}', strategy: STRATEGY };
  const load = async (input: Json = {}): Promise<Json> =>
    (await api.data(LOAD, { input: { ...INPUT, ...input } })).loadInstructions;

  it('are handed on as they came, and answered with what would be armed', async () => {
    await api.trading.load('AAPL', { entry: ['over BUY 100 market 70'] });
    const orders = new Map([['AAPL', [api.trading.order('entry[0]')]]]);
    const asked: unknown[] = [];
    api.desk.load = (request) => {
      asked.push(request);
      return Promise.resolve({ file: record, orders, refusal: null });
    };
    const { file, userErrors } = await load({ dryRun: true });
    expect(asked).toEqual([{ ...INPUT, account: ACCOUNT, tradingDate: null, dryRun: true }]);
    expect(userErrors).toEqual([]);
    expect(file).toMatchObject({
      ...{ id: 'ins-preview', tradingDate: '2026-01-05', accepted: true },
      symbols: [{ symbol: 'AAPL', orders: [{ side: 'BUY', quantity: '100', fills: [] }] }],
      findings: [{ severity: 'WARNING', pointer: '/AAPL', line: 2, proposal: null }],
    });
  });

  it('say a refusal as a user error, and a refused file beside its findings', async () => {
    const refusal = {
      code: 'STALE',
      message: 'the date has passed',
      field: 'tradingDate',
    } as const;
    api.desk.load = () => Promise.resolve({ file: null, orders: new Map(), refusal });
    expect(await load({ tradingDate: '2025-01-05' })).toEqual({
      file: null,
      userErrors: [
        { code: 'STALE', message: 'the date has passed', field: ['input', 'tradingDate'] },
      ],
    });
    const clash = { code: 'DUPLICATE', message: 'again', field: 'plans' } as const;
    api.desk.load = () => Promise.resolve({ file: null, orders: new Map(), refusal: clash });
    expect(await load()).toMatchObject({ userErrors: [{ field: ['input', 'content'] }] });
    const file = { ...record, accepted: false, symbols: [] };
    api.desk.load = () => Promise.resolve({ file, orders: new Map(), refusal: null });
    expect(await load()).toMatchObject({
      file: { accepted: false },
      userErrors: [{ code: 'INVALID', field: ['input', 'content'] }],
    });
  });

  it.each([
    [{ strategy: 'momentun' }, 'NOT_FOUND', 'strategy'],
    [{ account: 'DU2' }, 'NOT_FOUND', 'account'],
    [{ fileName: 'a\u0000.json' }, 'INVALID', 'fileName'],
    [{ fileName: '' }, 'INVALID', 'fileName'],
  ])('are not even read for %j', async (input, code, field) => {
    expect(await load(input)).toMatchObject({
      ...{ file: null, userErrors: [{ code, field: ['input', field] }] },
    });
  });

  it('are listed by session with the orders they became', async () => {
    const file = { ...record, id: 'ins-00000001' };
    const loadCommand: Command = {
      ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash: 'h' },
      ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05', plans: [] },
    };
    await api.trading.command(loadCommand);
    const createOther = { kind: 'CREATE_STRATEGY', allowsShort: true, stage: 'PAPER' } as const;
    const ask = (date: string): Promise<Json> =>
      api.data(`{ instructionFiles(tradingDate: "${date}") { id fileName } }`);
    const [listed] = (await ask('2026-01-05')).instructionFiles;
    expect(listed).toEqual({ id: file.id, fileName: 'day.json' });
    expect(await ask('2026-01-06')).toEqual({ instructionFiles: [] });
    const of = (strategy: string): Promise<Json> =>
      api.data(`{ instructionFiles(strategy: "${strategy}") {
        strategy { key } account { key } loadedAt } }`);
    await api.trading.command({ ...createOther, strategy: 'other' });
    expect(await of('other')).toEqual({ instructionFiles: [] });
    expect((await of(STRATEGY)).instructionFiles).toEqual([
      {
        ...{ strategy: { key: STRATEGY }, account: { key: ACCOUNT } },
        loadedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    const { node } = await api.data(`{ node(id: "${file.id}") { __typename id } }`);
    expect(node).toEqual({ __typename: 'InstructionFile', id: file.id });
  });
});
