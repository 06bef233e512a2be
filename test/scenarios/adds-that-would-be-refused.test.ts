// The adds of a plan are sent together when its entry is complete. What the limits are sure to
// refuse then, by the levels alone, is refused when the plan is armed: an add that is DENIED is
// denied for good, and the price may trade through its level later.

import { connectedDesk } from '../support/link-kit';
import { openDesk, type Desk, type DeskOptions, type PlanWords } from '../support/trading-kit';

const ENTRY = 'over BUY 1 market 100';
const ladder = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `BUY 1 limit ${99 - n * 0.5}`);

const findings = (desk: Desk): string[] =>
  [...desk.state.files.values()].at(-1)!.findings.map(({ code, message }) => `${code} ${message}`);
async function loaded(words: PlanWords, options: DeskOptions = {}) {
  const desk = await openDesk(options);
  await desk.load('AAPL', words);
  return { desk, said: findings(desk), armed: desk.state.orders.size };
}

it('an add farther from the entry than H12 allows refuses the plan', async () => {
  const { said, armed } = await loaded({
    entry: [ENTRY],
    long: ['BUY 1 limit 81', 'BUY 1 limit 79'],
  });
  expect(armed).toBe(0);
  expect(said).toEqual([
    'WORST_CASE AAPL is not armed: with every level filled, LONG H12: the add long[1] at 79 is ' +
      '21 percent from the level 100 of entry[0], and the limit is 20: it would be refused ' +
      'when the entry is complete.',
  ]);
});

it.each<[string, PlanWords, RegExp | null]>([
  ['exactly at the limit', { entry: [ENTRY], long: ['BUY 1 limit 80'] }, null],
  ['a hair beyond it', { entry: [ENTRY], long: ['BUY 1 limit 79.99'] }, /is 20\.01 percent/],
  ['a pyramid', { entry: [ENTRY], long: ['BUY 1 market 121'] }, /LONG H12: the add long\[0\]/],
  [
    'an add to a short',
    { entry: ['under SELL 1 market 100'], short: ['SELL 1 limit 121'] },
    /SHORT H12: the add short\[0\] at 121/,
  ],
  [
    'seen from the farther of two entries',
    { entry: [ENTRY, 'over BUY 1 market 110'], long: ['BUY 1 limit 85'] },
    /is 22\.7273 percent from the level 110 of entry\[1\]/,
  ],
  [
    'a far add that Tidegate holds until its level is touched',
    { entry: [ENTRY], long: ['BUY 1 market 60'] },
    null,
  ],
  [
    'far exits, which are held to no distance',
    { entry: [ENTRY], long: ['SELL 1 market 60 stop', 'SELL 1 limit 160'] },
    null,
  ],
])('H12 is measured from the level of the entry: %s', async (_, words, expected) => {
  const { said, armed } = await loaded(words);
  if (expected === null) expect(armed).toBe(words.entry.length);
  else expect(said[0]).toMatch(expected);
});

it('more adds than may work on a side refuse the plan, and one less leaves whole', async () => {
  const { said, armed } = await loaded({ entry: [ENTRY], long: ladder(16) });
  expect(armed).toBe(0);
  expect(said[0]).toContain(
    'LONG H9: 16 adds would be sent together when the entry is complete, and the limit is 15; ' +
      '15 adds would pass',
  );
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: [ENTRY], long: ladder(15) });
  await link.desk.ticks('AAPL', '99.9 100.1');
  await link.fill('entry[0]', '1', '100.1');
  expect(link.desk.events('OrderDenied')).toEqual([]);
  expect(link.far.left.filter((each) => each.startsWith('place'))).toHaveLength(16);
});

it('adds that wait for a touch are sent one at a time, however many', async () => {
  const touches = ladder(20).map((each) => each.replace('limit', 'market'));
  const { armed } = await loaded({ entry: [ENTRY], long: touches });
  expect(armed).toBe(1);
});

it('the risk rules are asked about the last of them, with those before it sent', async () => {
  const { said, armed } = await loaded({ entry: [ENTRY], long: ladder(7) }, { rules: 'shipped' });
  expect([armed, said]).toEqual([0, [expect.stringContaining('LONG order-rate-strategy: ')]]);
  const five = await loaded({ entry: [ENTRY], long: ladder(5) }, { rules: 'shipped' });
  await five.desk.ticks('AAPL', '99.9 100.1 100.1');
  expect(five.desk.events('OrderDenied')).toEqual([]);
  expect(five.desk.order('long[4]').status).toBe('WORKING');
});
