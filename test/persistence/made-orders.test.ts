// Lists of orders out of memory: they say what the tables would say, while the tables are away too,
// and hand over to the tables instead of looking through everything.

import * as fc from 'fast-check';
import type { JournalRecord } from '../../src/domain/event';
import type { Order, OrderStatus } from '../../src/domain/order';
import type { History, Page } from '../../src/domain/ports';
import { emptyState } from '../../src/engine/core/state';
import { SqlHistory } from '../../src/persistence/history';
import { SqliteJournal } from '../../src/persistence/journal';
import { MadeOrders } from '../../src/persistence/made-orders';
import { Projector } from '../../src/persistence/projector';
import { filePlace, type TestPlace } from '../support/tables';
import { openDesk } from '../support/trading-kit';

type Query = Parameters<History['orders']>[0];
const ALL: Query = { first: 200, after: null, status: null, strategy: null, instrument: null };

let template: Order;
let place: TestPlace;
let projector: Projector;
const state = emptyState();
const records: JournalRecord[] = [];

beforeAll(async () => {
  const desk = await openDesk();
  await desk.place('AAPL', 'BUY 10 limit 9');
  template = [...desk.state.orders.values()][0]!;
  place = await filePlace();
  const journal = new SqliteJournal(':memory:');
  projector = await Projector.open({ place: place.view, journal, log: () => undefined });
  for (let n = 0; n < 40; n += 1) tell(journal, n);
});
afterAll(async () => {
  await projector.close();
  await place.remove();
});

/** An order, and now and then an event of something else, so that places have gaps. */
function tell(journal: SqliteJournal, n: number): void {
  const order: Order = {
    ...{ ...template, id: `ord-${n}`, requestId: `r${n}` },
    status: (['ARMED', 'FILLED', 'DENIED'] as const)[n % 3]!,
    strategy: `s${n % 2}`,
    instrument: n % 5 === 0 ? 'MSFT' : 'AAPL',
  };
  state.orders.set(order.id, order);
  const armed = { type: 'OrderArmed', order } as const;
  const other = { type: 'PlanClosed', plan: 'p', reason: '' } as const;
  const events = n % 4 === 0 ? [other, armed] : [armed];
  const told = journal.append({ inputId: `i${n}`, at: n, events });
  records.push(...told);
  projector.project(told, state);
}

const asText = (page: Page<Order>): string => JSON.stringify({ ...page, cursors: page.cursors });

it('say what the tables say, whatever is asked for and page after page', async () => {
  const stored = new SqlHistory(projector);
  const kept = new SqlHistory(projector, projector.made);
  const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
  const statuses = fc.subarray<OrderStatus>(['ARMED', 'FILLED', 'DENIED', 'CANCELLED']);
  const queries = fc.record({
    first: fc.integer({ min: 1, max: 50 }),
    status: orNull(statuses),
    strategy: orNull(fc.constantFrom('s0', 's1', 'nobody')),
    instrument: orNull(fc.constantFrom('AAPL', 'MSFT')),
  });
  const check = async (asked: Omit<Query, 'after'>): Promise<void> => {
    for (let after: string | null = null; ;) {
      const page: Page<Order> = await kept.orders({ ...asked, after });
      expect(asText(page)).toBe(asText(await stored.orders({ ...asked, after })));
      after = page.cursors.at(-1) ?? null;
      if (!page.hasNextPage) return;
    }
  };
  await fc.assert(fc.asyncProperty(queries, check), { numRuns: 60 });
});

it('show an order as it is now, without waiting for its row', async () => {
  const kept = new SqlHistory(projector, projector.made);
  const before = state.orders.get('ord-39')!;
  state.orders.set('ord-39', { ...before, statusMessage: 'just now' });
  const [newest] = (await kept.orders({ ...ALL, first: 1 })).nodes;
  state.orders.set('ord-39', before);
  expect(newest?.statusMessage).toBe('just now');
});

/** Tables that count what they are asked. */
function countingTables() {
  const asked: string[] = [];
  const rows = <T>(sql: string, values: Parameters<Projector['rows']>[1]) => {
    asked.push(sql);
    return projector.rows<T>(sql, values);
  };
  return { asked, seen: projector.seen, rows, upTo: (n: number) => projector.upTo(n) };
}

it('come from the tables where one question would look at too many orders', async () => {
  const tables = countingTables();
  const made = new MadeOrders(10);
  for (const record of records) made.take(record, state);
  const history = new SqlHistory(tables, made);
  const oldest = await history.orders({ ...ALL, first: 2, instrument: 'MSFT', status: ['ARMED'] });
  expect(oldest.nodes.map(({ id }) => id)).toEqual(['ord-30', 'ord-15']);
  expect(tables.asked).toHaveLength(1);
  const newest = await history.orders({ ...ALL, first: 9 });
  expect(newest.nodes.map(({ id }) => id)).toHaveLength(9);
  expect(tables.asked).toHaveLength(1);
});

it('are there while the tables are not', async () => {
  const away = {
    ...{ seen: 1, upTo: () => Promise.reject(new Error('away')) },
    rows: () => Promise.reject(new Error('away')),
  };
  const history = new SqlHistory(away, projector.made);
  expect((await history.orders(ALL)).nodes).toHaveLength(40);
  await expect(history.fills({ first: 1, after: null, strategy: null })).rejects.toThrow('away');
});
