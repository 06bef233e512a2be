// Places for query tables in tests, embedded and behind a server, and everything a history tells,
// as one text. Must not know what any test expects.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionOf, type Holding } from '../../src/domain/fill';
import { minus } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import type { Page } from '../../src/domain/ports';
import { afterFill } from '../../src/engine/core/ledger';
import { holdingKey, NO_HOLDING, type State } from '../../src/engine/core/state';
import { parseDatabaseUrl } from '../../src/persistence/database-url';
import type { SqlHistory } from '../../src/persistence/history';
import type { ViewPlace } from '../../src/persistence/view-database';
import { connectOrCreate } from '../../src/persistence/mysql-server';
import { databaseUrl, dropDatabase, freshDatabase, mySqlIsHere } from './mysql';

export interface TestPlace {
  readonly view: ViewPlace;
  remove(): Promise<void>;
}

export async function filePlace(): Promise<TestPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  return {
    view: { file: join(folder, 'views.db') },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function serverPlace(): Promise<TestPlace> {
  const database = freshDatabase();
  const address = parseDatabaseUrl(databaseUrl(database));
  (await connectOrCreate(address)).destroy();
  return { view: { address }, remove: () => dropDatabase(database) };
}

/** Each database there is, with the factor by which its tests run fewer rounds. */
export const VIEW_PLACES: [string, () => Promise<TestPlace>, number][] = [['SQLite', filePlace, 1]];
if (mySqlIsHere) VIEW_PLACES.push(['MySQL or MariaDB', serverPlace, 4]);

async function allPages<T>(
  ask: (first: number, after: string | null) => Promise<Page<T>>,
  first: number,
): Promise<T[]> {
  const nodes: T[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<T> = await ask(first, after);
    nodes.push(...page.nodes);
    if (!page.hasNextPage) return nodes;
    after = page.cursors.at(-1)!;
  }
}

/** Everything the history tells, read in pages of a size. */
export async function told(history: SqlHistory, first = 7) {
  const any = { status: null, strategy: null, instrument: null };
  return {
    orders: await allPages((n, after) => history.orders({ first: n, after, ...any }), first),
    fills: await allPages((n, after) => history.fills({ first: n, after, strategy: null }), first),
    decisions: await allPages(
      (n, after) => history.decisions({ first: n, after, approved: null }),
      first,
    ),
    files: await history.instructionFiles(null),
  };
}

/** What the history has to tell, worked out from the records and the engine's own state. */
export function expectedOf(records: readonly JournalRecord[], state: State) {
  const newest = [...records].reverse();
  const booked = new Map<string, number>();
  for (const { sequence, event } of records) {
    if (event.type === 'OrderFilled' || event.type === 'FillCorrected') {
      booked.set(event.fill.execId, sequence);
    }
  }
  const commissions = new Map(
    [...state.charged].map(([execId, amount]) => [versionOf(execId).base, amount]),
  );
  const holdings = new Map<string, Holding>();
  const fills = [...state.fills.values()].map((fill) => {
    const key = holdingKey(fill);
    const before = holdings.get(key) ?? NO_HOLDING;
    const after = afterFill(before, fill);
    holdings.set(key, after);
    const commission = commissions.get(versionOf(fill.execId).base) ?? null;
    const sequence = booked.get(fill.execId)!;
    return { fill, sequence, commission, realized: minus(after.realized, before.realized) };
  });
  return {
    orders: newest.flatMap(({ event }) =>
      event.type === 'OrderArmed' ? [state.orders.get(event.order.id)!] : [],
    ),
    fills: fills.sort((a, b) => b.sequence - a.sequence),
    decisions: newest.flatMap(({ event }) =>
      event.type === 'DecisionMade' ? [event.decision] : [],
    ),
    files: newest.flatMap(({ event }) =>
      event.type === 'InstructionsRecorded' ? [event.file] : [],
    ),
  };
}
