// The end of a session with many armed orders comes in parts: what comes in meanwhile is worked
// off, each order ends once, and what a crash leaves ends at the next start.

import { closeInParts, type CloseParts } from '../../src/live/session-close';
import type { CloseSession } from '../../src/engine/core/session-over';
import { SqliteJournal } from '../../src/persistence/journal';
import { canonical, Desk, folded, openDesk, ruleBook } from '../support/trading-kit';

const SYMBOLS = Array.from({ length: 20 }, (_, n) => `S${n}`);
const ENTRIES = Array.from({ length: 50 }, (_, n) => `over BUY 10 market ${100 + n}`);
const ORDERS = SYMBOLS.length * ENTRIES.length;
const CLOSE: CloseSession = {
  ...{ kind: 'CLOSE_SESSION', instruments: SYMBOLS, reason: 'session end' },
  ...{ before: '2026-01-06', keepExits: true },
};

async function open(journal = new SqliteJournal(':memory:')): Promise<Desk> {
  const desk = await openDesk({ symbols: ['IBM', ...SYMBOLS], journal });
  for (const symbol of SYMBOLS) await desk.load(symbol, { entry: ENTRIES });
  return desk;
}

const close = (desk: Desk, parts: Partial<CloseParts> = {}): Promise<void> =>
  closeInParts(CLOSE, {
    ...{ state: desk.state, execute: (command: CloseSession) => desk.command(command) },
    ...{ hurries: () => false, stopping: () => false },
    ...parts,
  });
const armed = ({ state }: Desk): number =>
  [...state.orders.values()].filter(({ status }) => status === 'ARMED').length;
/** How many orders each batch ended. */
function watched(desk: Desk): number[] {
  const ended: number[] = [];
  desk.onCommit = (records) => {
    const expired = records.filter(({ event }) => event.type === 'OrderExpired').length;
    if (expired > 0) ended.push(expired);
  };
  return ended;
}

it('each order ends once, in several batches, and nothing more is written', async () => {
  const desk = await open();
  const ended = watched(desk);
  await close(desk);
  expect(armed(desk)).toBe(0);
  expect(ended.length).toBeGreaterThan(2);
  expect(desk.events('OrderExpired').map(({ order }) => order)).toEqual([
    ...desk.state.orders.keys(),
  ]);
  const before = desk.state.sequence;
  await close(desk);
  expect(desk.state.sequence).toBe(before);
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
});

it('an order by hand that comes in meanwhile is placed before the last has ended', async () => {
  const desk = await open();
  await desk.ticks('IBM', '70');
  const parts = close(desk);
  await new Promise((resolve) => setImmediate(resolve));
  const placed = desk.place('IBM', 'BUY 1 limit 60');
  await Promise.all([parts, placed]);
  expect(await placed).toBeNull();
  const types = desk.records.map(({ event }) => event.type);
  expect(types.indexOf('OrderSubmitted')).toBeLessThan(types.lastIndexOf('OrderExpired'));
  expect([...desk.state.orders.values()].at(-1)!.status).toBe('WORKING');
});

it('when prices may come soon, all that is left ends in one batch', async () => {
  const desk = await open();
  const ended = watched(desk);
  await close(desk, { hurries: () => ended.length > 0 });
  expect(ended).toHaveLength(2);
  expect(ended[1]).toBeGreaterThan(ended[0]!);
  const other = await open();
  const atOnce = watched(other);
  await close(other, { hurries: () => true });
  expect(atOnce).toEqual([ORDERS]);
});

it('what a crash between two parts leaves armed ends at the next start, each once', async () => {
  const journal = new SqliteJournal(':memory:');
  const first = await open(journal);
  const ended = watched(first);
  await close(first, { stopping: () => ended.length === 2 });
  expect(armed(first)).toBeGreaterThan(0);
  const second = new Desk(await ruleBook('none'), { journal });
  expect(armed(second)).toBe(armed(first));
  await close(second);
  expect(armed(second)).toBe(0);
  const events = first.events('OrderExpired').length + second.events('OrderExpired').length;
  expect(events).toBe(ORDERS);
  expect(canonical(folded(journal))).toBe(canonical(second.state));
});
