// The engine and the exchange against an independent interpreter of the paper's thirteen rules, on
// thousands of small random days.

import fc from 'fast-check';
import type { Desk } from '../../support/trading-kit';
import { openDesk } from '../../support/trading-kit';
import type { PaperDay, PaperOrder, PaperPlan } from '../../support/reference-interpreter';
import { dayByThePaper } from '../../support/reference-interpreter';

const START = Date.UTC(2026, 0, 5, 14, 30);

const words = (order: PaperOrder): string =>
  [
    ...(order.cross === undefined ? [] : [order.cross]),
    ...[order.side, order.quantity, order.limit ? 'limit' : 'market', order.price],
    ...(order.firesOnGap === false ? ['nogap'] : []),
    ...(order.namedStop === true ? ['stop'] : []),
  ].join(' ');

/** Levels lie on and between the ticks of the trades. */
const level = fc.integer({ min: 990_00, max: 1_010_00 }).map((n) => n / 10_000);
const coarse = fc.integer({ min: 990, max: 1_010 }).map((n) => n / 100);
const anyLevel = fc.oneof({ weight: 4, arbitrary: coarse }, { weight: 1, arbitrary: level });
const base = {
  side: fc.constantFrom('BUY', 'SELL'),
  limit: fc.boolean(),
  quantity: fc.constantFrom(5, 10, 20),
  price: anyLevel,
} as const;
const entry = fc.record({
  ...base,
  cross: fc.constantFrom('over', 'under'),
  firesOnGap: fc.boolean(),
});
const after = fc.record({ ...base, namedStop: fc.boolean() });
const named = (name: string) => (orders: readonly object[]) =>
  orders.map((order, n) => ({ ...order, leg: `${name}[${n}]` })) as PaperOrder[];

const plans: fc.Arbitrary<PaperPlan> = fc.record({
  entries: fc.array(entry, { minLength: 1, maxLength: 3, size: 'max' }).map(named('entry')),
  long: fc.array(after, { maxLength: 4, size: 'max' }).map(named('long')),
  short: fc.array(after, { maxLength: 4, size: 'max' }).map(named('short')),
});
const days = fc.record({
  plan: plans,
  trades: fc.array(coarse, { minLength: 2, maxLength: 30, size: 'max' }),
  close: fc.option(coarse),
});

async function dayOfTheEngine(given: {
  readonly plan: PaperPlan;
  readonly trades: readonly number[];
  readonly close: number | null;
}): Promise<PaperDay> {
  const { plan, trades, close } = given;
  const desk = await openDesk();
  const spoken = {
    entry: plan.entries.map(words),
    long: plan.long.map(words),
    short: plan.short.map(words),
  };
  await desk.load('AAPL', spoken, close === null ? null : String(close));
  await desk.ticks('AAPL', trades.map(String).join(' '));
  await desk.closeSession('AAPL');
  desk.journal.close();
  return told(desk);
}

function told(desk: Desk): PaperDay {
  const trade = (time: string): number => (Date.parse(time) - START) / 1_000 - 1;
  const of = (kind: string) => desk.lines.filter((line) => line.event === kind);
  return {
    fills: of('FILL').map(
      ({ time, order, quantity, price, position }) =>
        `${trade(time)} ${order} ${quantity} at ${price} makes ${position}`,
    ),
    cancels: of('CANCEL')
      .map((line) => `${trade(line.time)} ${line.order}`)
      .sort(),
    expires: of('EXPIRE')
      .map((line) => line.order)
      .sort(),
    position: Number(desk.held('AAPL')),
  };
}

describe('a random day', () => {
  it('ends the same by the engine and by the paper', async () => {
    await fc.assert(
      fc.asyncProperty(days, async (day) => {
        const paper = dayByThePaper(day.plan, day.trades, day.close);
        expect(await dayOfTheEngine(day)).toEqual(paper);
      }),
      { numRuns: Number(process.env['REFERENCE_DAYS'] ?? 1_500) },
    );
  });
});
