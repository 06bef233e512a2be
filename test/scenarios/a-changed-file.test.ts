// A file that comes again with another content: what only waits is replaced, what has begun stays,
// and every difference is told.

import { toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { connectedDesk } from '../support/link-kit';
import { ACCOUNT, canonical, folded, openDesk, planOf, STRATEGY } from '../support/trading-kit';
import type { Desk, PlanWords } from '../support/trading-kit';

const OVER = { entry: ['over BUY 10 market 10'], long: ['SELL 10 market 8 stop'] };
const HIGHER = { entry: ['over BUY 12 market 11'], long: ['SELL 12 market 8 stop'] };

type Load = Extract<Command, { kind: 'LOAD_INSTRUCTIONS' }>;
let versions = 0;
function version(plans: Record<string, PlanWords>, changes: Partial<Load> = {}): Load {
  versions += 1;
  return {
    ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash: `version-${versions}` },
    ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05' },
    plans: Object.entries(plans).map(([symbol, words]) => ({
      ...{ spec: planOf(symbol, words), instrument: symbol, previousClose: null },
    })),
    ...changes,
  };
}
const told = (desk: Desk): string[] =>
  [...desk.state.files.values()].at(-1)!.findings.map(({ code, message }) => `${code} ${message}`);
const armed = (desk: Desk): string[] =>
  [...desk.state.orders.values()]
    .filter(({ status }) => status === 'ARMED')
    .map(({ instrument, leg, side, intendedQuantity }) =>
      [instrument, leg, side, toText(intendedQuantity)].join(' '),
    );

it('replaces a plan that waits, and says what is different', async () => {
  const desk = await openDesk();
  await desk.command(version({ AAPL: OVER }));
  expect(await desk.command(version({ AAPL: HIGHER }))).toBeNull();
  expect(told(desk)).toEqual([
    'REPLACED AAPL is replaced: entry[0] was BUY 10 market on cross-over 10, is BUY 12 market on ' +
      'cross-over 11; long[0] was SELL 10 market 8, a stop, is SELL 12 market 8, a stop.',
  ]);
  await desk.ticks('AAPL', '9.9 10.5 10.9');
  expect(desk.story('trigger')).toEqual([]);
  await desk.tick('AAPL', '11.1');
  expect(desk.story('trigger')).toEqual(['4 trigger entry[0] at 11.1']);
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
});

it('leaves a symbol alone that says the same', async () => {
  const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await desk.command(version({ AAPL: OVER, MSFT: OVER }));
  const before = desk.events('OrderArmed').length;
  await desk.command(version({ AAPL: OVER, MSFT: HIGHER }));
  expect(desk.events('OrderArmed')).toHaveLength(before + 1);
  expect(told(desk)).toHaveLength(1);
  expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10', 'MSFT entry[0] BUY 12']);
});

it('arms what the first version had wrong, beside what it had right', async () => {
  const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await desk.command(version({ AAPL: OVER }, { refusedSymbols: ['MSFT'] }));
  await desk.command(version({ AAPL: OVER, MSFT: OVER }));
  expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10', 'MSFT entry[0] BUY 10']);
});

it.each([
  ['in position', '9.9 10.1 10.1', 'it is in position'],
  ['done', '9.9 10.1 10.1 7.9 7.9', 'it is done for the session'],
])('keeps a plan that is %s, and says so', async (_, prices, why) => {
  const desk = await openDesk();
  await desk.command(version({ AAPL: OVER }));
  await desk.ticks('AAPL', prices);
  await desk.command(version({ AAPL: HIGHER }));
  expect(told(desk)[0]).toMatch(new RegExp(`^KEPT AAPL keeps its instructions .*: ${why}`));
  expect(desk.state.plans.size).toBe(1);
});

it('keeps a plan whose entry works at the broker', async () => {
  const link = await connectedDesk();
  await link.desk.command(version({ AAPL: OVER }));
  await link.desk.ticks('AAPL', '9.9 10.1');
  await link.desk.command(version({ AAPL: HIGHER }));
  expect(told(link.desk)[0]).toContain('its entry ord-00000001 is WORKING');
  expect(link.far.left).toEqual(['place ord-00000001 BUY 10 MARKET']);
});

it('leaves alone what it does not name: a file may hold a part of the symbols', async () => {
  const desk = await openDesk({ symbols: ['AAPL', 'MSFT'] });
  await desk.command(version({ AAPL: OVER }));
  await desk.command(version({ MSFT: OVER }));
  expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10', 'MSFT entry[0] BUY 10']);
  expect(told(desk)).toEqual([]);
});

it('is no version of a file of another name', async () => {
  const desk = await openDesk();
  await desk.command(version({ AAPL: OVER }));
  const other = version({ AAPL: HIGHER }, { fileName: 'other.json' });
  expect(await desk.command(other)).toMatch(/already has instructions .* from day\.json/);
  expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10']);
});

it('may come back to the first version', async () => {
  const desk = await openDesk();
  const first = version({ AAPL: OVER });
  await desk.command(first);
  await desk.command(version({ AAPL: HIGHER }));
  expect(await desk.command(first)).toBeNull();
  expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10']);
});

describe('after a round trip', () => {
  const trips = (cycles: number, target: string): PlanWords => ({
    ...{ settings: { cycles }, entry: ['over BUY 10 market 11'] },
    long: [`SELL 10 limit ${target}`],
  });
  const TRIP = '10.9 11.1 11.1 14 14';

  it('goes on with the round trips that are done, and hands out none anew', async () => {
    const desk = await openDesk();
    await desk.command(version({ AAPL: trips(2, '13') }));
    await desk.ticks('AAPL', TRIP);
    await desk.command(version({ AAPL: trips(2, '13.5') }));
    expect(told(desk)[0]).toMatch(/^REPLACED AAPL is replaced/);
    await desk.ticks('AAPL', `${TRIP} ${TRIP}`);
    expect(desk.story('trigger')).toHaveLength(2);
    const plans = [...desk.state.plans.values()];
    expect(plans.map(({ cycle, status }) => [cycle, status])).toEqual([
      [1, 'DONE'],
      [2, 'DONE'],
      [2, 'DONE'],
    ]);
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('where it allows no further one, nothing waits any more', async () => {
    const desk = await openDesk();
    await desk.command(version({ AAPL: trips(3, '13') }));
    await desk.ticks('AAPL', TRIP);
    expect(armed(desk)).toEqual(['AAPL entry[0] BUY 10']);
    await desk.command(version({ AAPL: trips(1, '13') }));
    expect(told(desk)).toEqual([
      expect.stringMatching(/^REPLACED The entries of AAPL wait no more .*: round trips done: 1,/),
    ]);
    expect(armed(desk)).toEqual([]);
    await desk.ticks('AAPL', TRIP);
    expect(desk.story('trigger')).toHaveLength(1);
  });
});
