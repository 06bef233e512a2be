// The worst case of each symbol over GraphQL: in a rehearsal, after loading, and of a symbol that
// is not armed for it.

import type { LoadRequest } from '../../src/domain/desk';
import { InstructionLoader } from '../../src/live/instructions';
import { after, entry, symbolText } from '../instructions/fixture';
import { openApi, type Api, type Json } from '../support/api-kit';
import { STRATEGY } from '../support/trading-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi({ symbols: ['IBM', 'MSFT'], instrument: { calendar: 'XNYS' } });
  const { engine, clock, state } = api.trading;
  let ids = 0;
  const loader = new InstructionLoader({
    ...{ engine, clock, watch: () => undefined, log: () => undefined },
    link: { dailyBars: () => Promise.resolve([]) },
    inputId: () => `file-${(ids += 1)}`,
    findInstrument: (symbol) => Promise.resolve(state.instruments.get(symbol) ?? null),
  });
  api.desk.load = (request: LoadRequest) => loader.load(request);
});
afterEach(() => api.close());

const WORST = `worstCase { side maxQuantity maxNotional { amount currency } uncoveredQuantity
  loss { amount currency } cycles lossOfAllCycles { amount } positionLimit { amount }
  lossLimit { amount currency } }`;
const LOAD = `mutation ($input: LoadInstructionsInput!) { loadInstructions(input: $input) {
  file { symbols { symbol accepted orders { id } ${WORST} } findings { severity code message } }
  userErrors { code } } }`;

async function load(content: string, dryRun = false): Promise<Json> {
  const input = { fileName: 'day.json', content, strategy: STRATEGY, dryRun };
  const { file, userErrors } = (await api.data(LOAD, { input })).loadInstructions;
  expect(userErrors).toEqual([]);
  return file;
}

const usd = (amount: string): Json => ({ amount, currency: 'USD' });
const LADDER = symbolText({
  entries: [entry({ Qty: '10' })],
  ifLong: [
    after({ Action: '"BUY"', Order: '"limit"', Qty: '10', price: '"97"' }),
    after({ Qty: '20' }),
  ],
});
const OF_LADDER = {
  ...{ side: 'BUY', maxQuantity: '20', maxNotional: usd('1970'), uncoveredQuantity: '0' },
  ...{ loss: usd('70'), cycles: 1, lossOfAllCycles: { amount: '70' } },
  ...{ positionLimit: { amount: '250000' }, lossLimit: usd('5000') },
};

it('is shown in a rehearsal, after loading, and with the files of the day', async () => {
  const content = `{ "IBM": ${LADDER} }`;
  const rehearsed = await load(content, true);
  expect(rehearsed.symbols).toMatchObject([{ accepted: true, worstCase: [OF_LADDER] }]);
  expect(api.trading.state.plans.size).toBe(0);
  const loaded = await load(content);
  expect(loaded.symbols).toMatchObject([{ accepted: true, worstCase: [OF_LADDER] }]);
  const { instructionFiles } = await api.data(`{ instructionFiles { symbols { ${WORST} } } }`);
  expect(instructionFiles).toEqual([{ symbols: [{ worstCase: [OF_LADDER] }] }]);
});

it('has no loss where units are left without a stop', async () => {
  const bare = symbolText({ entries: [entry({ Qty: '10' })], ifLong: [after({ Qty: '4' })] });
  const { symbols } = await load(`{ "IBM": ${bare} }`, true);
  expect(symbols[0].worstCase).toMatchObject([
    { uncoveredQuantity: '6', loss: null, lossOfAllCycles: null },
  ]);
});

it('says of a symbol that is not armed what it would reach and what would pass', async () => {
  const large = symbolText({
    entries: [entry({ Qty: '1000' })],
    ifLong: [after({ Qty: '1000', price: '"94"' })],
  });
  for (const dryRun of [true, false]) {
    const file = await load(`{ "MSFT": ${large}, "IBM": ${LADDER} }`, dryRun);
    expect(
      file.symbols.map(({ symbol, accepted, orders }: Json) => [
        ...[symbol, accepted, orders.length],
      ]),
    ).toEqual([
      ['IBM', true, 1],
      ['MSFT', false, 0],
    ]);
    expect(file.symbols[1].worstCase).toMatchObject([{ loss: usd('6000') }]);
    expect(file.findings).toContainEqual({
      ...{ severity: 'ERROR', code: 'WORST_CASE' },
      message: expect.stringMatching(/MSFT is not armed: .*6000.*below 5000; 833 units/),
    });
  }
  expect(api.trading.state.plans.size).toBe(1);
});
