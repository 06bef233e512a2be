// The query tables say what the journal says: filled as it happens, filled again from the journal,
// on every database, through random trading with early commissions and corrected executions.

import fc from 'fast-check';
import { money, price, quantity } from '../../src/domain/decimal';
import { versionOf, type Fill } from '../../src/domain/fill';
import { evolve } from '../../src/engine/core/evolve';
import { emptyState } from '../../src/engine/core/state';
import { SqlHistory } from '../../src/persistence/history';
import { Projector } from '../../src/persistence/projector';
import { ViewDatabase } from '../../src/persistence/view-database';
import { ACCOUNT, openDesk, type Desk } from '../support/trading-kit';
import { expectedOf, told, VIEW_PLACES, type TestPlace } from '../support/tables';

const cents = fc.integer({ min: 970, max: 1_030 }).map((n) => (n / 100).toFixed(2));
const nth = fc.nat(30);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tick' as const), at: cents, nth }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('BUY' as const, 'SELL' as const),
      at: cents,
      nth: fc.constantFrom(0, 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['charge', 'correct', 'charge-early', 'cancel', 'look'] as const)),
      at: cents,
      nth,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function pick<T>(all: Iterable<T>, n: number): T | undefined {
  const list = [...all];
  return list.length === 0 ? undefined : list[n % list.length];
}

async function correct(desk: Desk, fill: Fill, at: string): Promise<void> {
  const { base, version } = versionOf(fill.execId);
  const { order, account, instrument, side } = fill;
  await desk.report({
    ...{ kind: 'FILL', order, account, instrument, side, quantity: fill.quantity },
    ...{ execId: `${base}.${version + 1}`, price: price(at) },
  });
}

async function act(desk: Desk, given: Step, history: SqlHistory): Promise<void> {
  switch (given.do) {
    case 'tick':
      return desk.tick('AAPL', given.at);
    case 'BUY':
    case 'SELL': {
      const type = given.nth === 0 ? 'market' : `limit ${given.at}`;
      await desk.place('AAPL', `${given.do} 10 ${type}`);
      return;
    }
    case 'charge': {
      const fill = pick(desk.state.fills.values(), given.nth);
      const report = { kind: 'COMMISSION', amount: money(given.at) } as const;
      if (fill !== undefined) await desk.report({ ...report, execId: fill.execId });
      return;
    }
    case 'charge-early': {
      const early = `early-${given.nth}`;
      await desk.report({ kind: 'COMMISSION', execId: early, amount: money(given.at) });
      const fill = { account: ACCOUNT, instrument: 'AAPL', side: 'BUY', order: null } as const;
      const size = { quantity: quantity('3'), price: price(given.at) };
      if (!desk.state.fills.has(early)) {
        await desk.report({ kind: 'FILL', execId: early, ...fill, ...size });
      }
      return;
    }
    case 'correct': {
      const fill = pick(desk.state.fills.values(), given.nth);
      return fill === undefined ? undefined : correct(desk, fill, given.at);
    }
    case 'cancel': {
      const order = pick(desk.state.orders.keys(), given.nth);
      if (order !== undefined) {
        await desk.command({ kind: 'CANCEL_ORDER', order, reason: 'by hand' });
      }
      return;
    }
    case 'look':
      await history.fills({ first: 1, after: null, strategy: null });
  }
}

async function openProjector(place: TestPlace, desk: Desk, keep = 10_000): Promise<Projector> {
  const { view } = place;
  return Projector.open({ place: view, journal: desk.journal, keep, log: () => undefined });
}

/** As after a restart: everything the journal holds is told once more. */
async function recovered(place: TestPlace, desk: Desk, keep?: number): Promise<Projector> {
  const projector = await openProjector(place, desk, keep);
  const state = emptyState();
  for (const record of desk.journal.read(0)) {
    evolve(state, record);
    projector.recovered(record, state);
  }
  return projector;
}

const asText = (value: unknown): string => JSON.stringify(value, null, 1);

/** How often what this test is about has happened, so that it is known to be about it. */
const happened = new Map<string, number>();
afterAll(() => {
  for (const type of ['OrderFilled', 'CommissionCharged', 'FillCorrected', 'OrderCancelled']) {
    expect([type, happened.get(type) ?? 0]).not.toEqual([type, 0]);
  }
});

describe.each(VIEW_PLACES)('query tables on %s', (_, makePlace, fewer) => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await makePlace();
  });
  afterEach(() => place.remove());

  it('tell what happened: while it happens, after a restart, and filled from nothing', async () => {
    const run = fc.asyncProperty(
      fc.array(step, { minLength: 15, maxLength: 50 }),
      async (steps) => {
        const desk = await openDesk({ limits: {} });
        await (await ViewDatabase.recreate(place.view)).close();
        const live = await openProjector(place, desk);
        live.project([...desk.journal.read(0)], desk.state);
        desk.onCommit = (records) => live.project(records, desk.state);
        const history = new SqlHistory(live);
        await desk.load('AAPL', { entry: ['over BUY 20 market 10'], long: ['SELL 20 limit 10.1'] });
        for (const each of steps) await act(desk, each, history);
        for (const { event } of desk.journal.read(0)) {
          happened.set(event.type, (happened.get(event.type) ?? 0) + 1);
        }
        const expected = asText(expectedOf([...desk.journal.read(0)], desk.state));
        expect(asText(await told(history))).toBe(expected);
        await live.close();
        const after = await recovered(place, desk);
        expect(asText(await told(new SqlHistory(after), 200))).toBe(expected);
        await after.close();
        await (await ViewDatabase.recreate(place.view)).close();
        // So few may wait in memory that nearly everything is read from the journal.
        const again = await recovered(place, desk, 3);
        expect(asText(await told(new SqlHistory(again), 50))).toBe(expected);
        await again.close();
      },
    );
    await fc.assert(run, { numRuns: Math.ceil(12 / fewer) });
  });
});
