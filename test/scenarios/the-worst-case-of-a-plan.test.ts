// What a plan can come to at worst is held against the limits before its entries are armed: one
// that would be refused half-way, or lose more than the account may, is not armed at all.

import { money } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import {
  ACCOUNT,
  canonical,
  folded,
  openDesk,
  planOf,
  STRATEGY,
  type Desk,
  type PlanWords,
} from '../support/trading-kit';

const LONG = 'over BUY 100 market 100';

function load(desk: Desk, plans: Record<string, PlanWords>, contentHash = 'hash') {
  const command: Command = {
    ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash },
    ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05' },
    plans: Object.entries(plans).map(([symbol, words]) => ({
      ...{ spec: planOf(symbol, words), instrument: symbol, previousClose: null },
    })),
  };
  return desk.command(command);
}
const findings = (desk: Desk): string[] =>
  [...desk.state.files.values()].at(-1)!.findings.map(({ code, message }) => `${code} ${message}`);
const armed = (desk: Desk): string[] =>
  [...desk.state.orders.values()].map(({ instrument, leg }) => `${instrument} ${leg}`);
/** What a plan of AAPL is refused with; null: it is armed. */
async function refusal(desk: Desk, words: PlanWords): Promise<string | null> {
  await load(desk, { AAPL: words });
  return armed(desk).length > 0 ? null : (findings(desk).at(-1) ?? 'nothing was said');
}

it('refuses a ladder that loses too much at its stop, and arms the other symbols', async () => {
  const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await load(desk, {
    AAPL: { entry: [LONG], long: ['BUY 300 limit 95', 'SELL 400 market 80'] },
    MSFT: { entry: [LONG], long: ['SELL 100 market 80'] },
  });
  expect(armed(desk)).toEqual(['MSFT entry[0]']);
  expect(findings(desk)).toEqual([
    'WORST_CASE AAPL is not armed: with every level filled, LONG H10: the loss of the account ' +
      'could be 6500, and has to stay below 5000; 307 units of the position and its stops would ' +
      'pass.',
  ]);
  const [file] = desk.state.files.values();
  expect(file).toMatchObject({
    accepted: true,
    symbols: [
      { symbol: 'MSFT', accepted: true },
      { symbol: 'AAPL', accepted: false, plan: null },
    ],
  });
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
});

it('names a quantity that does pass', async () => {
  const ladder = (add: number, all: number): PlanWords => ({
    entry: ['over BUY 100 market 100'],
    long: [`BUY ${add} limit 95`, `SELL ${all} market 80`],
  });
  expect(await refusal(await openDesk(), ladder(199, 299))).toBeNull();
  const exact: PlanWords = { entry: ['over BUY 250 market 100'], long: ['SELL 250 market 80'] };
  expect(await refusal(await openDesk(), exact)).toMatch(/could be 5000, .*; 249 units of/);
  const below: PlanWords = { entry: ['over BUY 249 market 100'], long: ['SELL 249 market 80'] };
  expect(await refusal(await openDesk(), below)).toBeNull();
});

it('counts every round trip of a plan that arms again', async () => {
  const plan: PlanWords = { entry: [LONG], long: ['SELL 100 market 80'] };
  expect(await refusal(await openDesk(), { ...plan, settings: { cycles: 2 } })).toBeNull();
  expect(await refusal(await openDesk(), { ...plan, settings: { cycles: 3 } })).toMatch(
    /LONG H10: the loss of the account could be 6000,/,
  );
});

it('counts what the account has lost today, and not what it has gained', async () => {
  const lost = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await lost.tick('MSFT', '100');
  await lost.place('MSFT', 'BUY 100 market');
  await lost.ticks('MSFT', '100 70');
  const plan: PlanWords = { entry: [LONG], long: ['SELL 100 market 80'] };
  await load(lost, { AAPL: plan });
  expect(findings(lost)[0]).toContain('could be 5000 (3000 of it lost today), and has to stay');
  const gained = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await gained.tick('MSFT', '100');
  await gained.place('MSFT', 'BUY 100 market');
  await gained.ticks('MSFT', '100 150');
  await load(gained, { AAPL: { entry: [LONG], long: ['SELL 100 market 50'] } });
  expect(findings(gained)[0]).toContain('could be 5000, and has to stay below 5000');
});

it.each<[string, PlanWords, RegExp]>([
  [
    'one add',
    { entry: [LONG], long: ['BUY 1001 limit 99.99'] },
    /LONG H6: an add could be worth 100089.99, and the limit is 100000; 1000 units of an add/,
  ],
  [
    'the position, adds counted',
    { entry: ['over BUY 900 market 100'], long: ['BUY 900 limit 99', 'BUY 900 limit 98'] },
    /LONG H7: the position could be worth 267300, and the limit is 250000; 2525 units/,
  ],
  [
    'a short at its highest level',
    { entry: ['under SELL 900 market 100'], short: ['SELL 900 limit 110', 'SELL 500 limit 111'] },
    /SHORT H7: the position could be worth 255300, and the limit is 250000; 2252 units/,
  ],
])('refuses what would be worth too much: %s', async (_, words, expected) => {
  expect(await refusal(await openDesk(), words)).toMatch(expected);
});

it('counts what the account already holds of the instrument on that side', async () => {
  const desk = await openDesk({ limits: { maxPositionNotional: money('20000') } });
  await desk.tick('AAPL', '100');
  await desk.place('AAPL', 'BUY 150 market');
  await desk.ticks('AAPL', '100 100');
  await load(desk, { AAPL: { entry: [LONG] } });
  expect(findings(desk)[0]).toMatch(/H7: the position could be worth 25000.* 50 units of the/);
});

it('asks the risk rules about the sizes, and arms what no add is refused for', async () => {
  const ladder = (adds: readonly string[]): PlanWords => ({ entry: [LONG], long: adds });
  const desk = await openDesk({ rules: 'shipped' });
  const said = await refusal(desk, ladder(['BUY 200 limit 99', 'BUY 250 limit 98']));
  expect(said).toMatch(/LONG max-position-instrument: the position could reach 54300 in 550 units/);
  expect(said).toMatch(/is limited to 50000; 506 units of the position would pass/);
  const passing = await openDesk({ rules: 'shipped' });
  await load(passing, { AAPL: ladder(['BUY 200 limit 99', 'BUY 200 limit 98']) });
  await passing.ticks('AAPL', '100 100.5 100 99 98 97');
  expect(passing.held('AAPL')).toBe('500');
  expect(passing.events('OrderDenied')).toEqual([]);
});

it('leaves the size of the entry to its own decision, which leaves nothing half done', async () => {
  const desk = await openDesk({ rules: 'shipped' });
  expect(await refusal(desk, { entry: ['over BUY 300 market 100'] })).toBeNull();
  await desk.ticks('AAPL', '100 100.5');
  expect(desk.story('deny')).toEqual(['2 deny entry[0] MAX_ORDER_NOTIONAL']);
});

it('does not judge by a rule that needs a fact of the moment', async () => {
  const desk = await openDesk({ rules: 'shipped' });
  expect(await refusal(desk, { entry: ['under SELL 10 market 100'] })).toBeNull();
});

it('arms a plan without a stop, but not one whose stops alone lose too much', async () => {
  expect(await refusal(await openDesk(), { entry: [LONG] })).toBeNull();
  const half: PlanWords = { entry: ['over BUY 600 market 100'], long: ['SELL 300 market 80'] };
  expect(await refusal(await openDesk(), half)).toMatch(/could be 6000, and has to stay below/);
});

it('refuses an instrument in another currency, or in none that is known', async () => {
  const euro = await openDesk({ instrument: { currency: 'EUR' } });
  expect(await refusal(euro, { entry: [LONG] })).toMatch(/H2: it trades in EUR and the account/);
  const unknown = await openDesk({ instrument: { currency: '' } });
  expect(await refusal(unknown, { entry: [LONG] })).toMatch(/a currency that is not known/);
});

it('leaves in force what a changed file makes too large, and lets be what has begun', async () => {
  const desk = await openDesk();
  await load(desk, { AAPL: { entry: [LONG], long: ['SELL 100 market 95'] } });
  const large: PlanWords = { entry: [LONG], long: ['SELL 100 market 40'] };
  await load(desk, { AAPL: large }, 'second');
  expect(findings(desk).map((each) => each.split(' ')[0])).toEqual(['WORST_CASE']);
  expect([...desk.state.plans.values()].map(({ status }) => status)).toEqual(['WAITING']);
  await desk.ticks('AAPL', '99 101 101');
  expect(desk.order('long[0]').status).toBe('WORKING');
  await load(desk, { AAPL: large }, 'third');
  expect(findings(desk).map((each) => each.split(' ')[0])).toEqual(['KEPT']);
  await desk.ticks('AAPL', '95 94');
  expect(desk.held('AAPL')).toBe('0');
});
