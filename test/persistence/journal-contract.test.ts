// What every journal promises, asked of each of them: in memory, in a file, behind a server.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { money } from '../../src/domain/decimal';
import type { Event, JournalRecord } from '../../src/domain/event';
import type { Journal, JournalBatch } from '../../src/domain/ports';
import { parseDatabaseUrl } from '../../src/persistence/database-url';
import { SqliteJournal } from '../../src/persistence/journal';
import { GENESIS, JournalError } from '../../src/persistence/journal-record';
import { MySqlJournal } from '../../src/persistence/mysql-journal';
import { databaseUrl, dropDatabase, freshDatabase, mySqlIsHere, sql } from '../support/mysql';

const AT = 1_700_000_000_000;
const closed = (reason: string): Event => ({ type: 'PlanClosed', plan: 'pln-1', reason });
const batch = (inputId: string, ...events: Event[]): JournalBatch => ({ inputId, at: AT, events });

async function all(journal: Journal, after = 0): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read(after)) records.push(record);
  return records;
}

interface Place {
  open(): Promise<Journal>;
  /** Changes a column of a record behind the journal's back. */
  damage(sequence: number, column: string, value: string | number): Promise<void>;
  remove(): Promise<void>;
}

function filePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const file = join(folder, 'journal.db');
  return {
    open: async () => new SqliteJournal(file),
    damage: async (sequence, column, value) => {
      const { default: Database } = await import('libsql');
      const db = new Database(file);
      db.prepare(`UPDATE journal SET ${column} = ? WHERE sequence = ?`).run(value, sequence);
      db.close();
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

function serverPlace(): Place {
  const database = freshDatabase();
  return {
    open: () => MySqlJournal.open(parseDatabaseUrl(databaseUrl(database))),
    damage: async (sequence, column, value) => {
      const set = typeof value === 'number' ? String(value) : `'${value}'`;
      await sql(`UPDATE journal SET \`${column}\` = ${set} WHERE sequence = ${sequence}`, database);
    },
    remove: () => dropDatabase(database),
  };
}

const PLACES: [string, () => Place][] = [['a file', filePlace]];
if (mySqlIsHere) PLACES.push(['MySQL or MariaDB', serverPlace]);

describe.each(PLACES)('a journal in %s', (_, makePlace) => {
  let place: Place;
  let journal: Journal;
  beforeEach(async () => {
    place = makePlace();
    journal = await place.open();
  });
  afterEach(async () => {
    await journal.close();
    await place.remove();
  });
  async function reopen(): Promise<void> {
    await journal.close();
    journal = await place.open();
  }

  it('is empty at first', async () => {
    expect(journal.head()).toEqual({ sequence: 0, hash: GENESIS });
    expect(await all(journal)).toEqual([]);
  });

  it('gives back after reopening what was appended, from any record on', async () => {
    const first = await journal.append(batch('a', closed('1'), closed('2')));
    const second = await journal.append(batch('b', closed('3')));
    const head = journal.head();
    await reopen();
    expect(journal.head()).toEqual(head);
    expect(await all(journal)).toEqual([...first, ...second]);
    expect(await all(journal, 1)).toEqual([first[1], ...second]);
    expect(await all(journal, 3)).toEqual([]);
    expect(await all(journal, 99)).toEqual([]);
    const third = await journal.append(batch('c', closed('4')));
    expect((await all(journal)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(third[0]?.hash).toBe(journal.head().hash);
  });

  it('has the same hashes as any other journal of the same events', async () => {
    const other = new SqliteJournal(':memory:');
    for (const each of [batch('a', closed('é 😀 " \\ \'')), batch('b', closed('2'))]) {
      await journal.append(each);
      other.append(each);
    }
    expect(journal.head()).toEqual(other.head());
    other.close();
  });

  it('keeps big numbers, small decimals and any text as they are', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        const { sequence } = journal.head();
        const amount = money('123456789012345678.123456789012345678');
        const event: Event = { type: 'CommissionCharged', execId: texts.join(''), amount };
        const written = await journal.append(batch(texts[0]!, event, closed(texts.join('|'))));
        expect(JSON.stringify(await all(journal, sequence))).toBe(JSON.stringify(written));
      }),
      { numRuns: 40 },
    );
  });

  it('takes a batch of more records and text than one statement or one page holds', async () => {
    const many = Array.from({ length: 1_203 }, (_each, n) => closed(String(n)));
    const large = Array.from({ length: 5 }, () => closed('x'.repeat(1_500_000)));
    await journal.append(batch('many', ...many));
    await journal.append(batch('large', ...large));
    const read = await all(journal);
    expect(read.map(({ sequence }) => sequence)).toEqual(read.map((_each, n) => n + 1));
    expect(read).toHaveLength(many.length + large.length);
    expect(read.at(-1)?.hash).toBe(journal.head().hash);
  });

  it('keeps all of a batch or nothing', async () => {
    await journal.append(batch('a', closed('1')));
    const head = journal.head();
    const hostile = { type: 'x'.repeat(70), n: 10n } as unknown as Event;
    await expect(async () => journal.append(batch('b', closed('2'), hostile))).rejects.toThrow();
    expect(journal.head()).toEqual(head);
    expect((await journal.append(batch('c', closed('3'))))[0]?.sequence).toBe(2);
    expect(await all(journal)).toHaveLength(2);
  });

  it.each([
    ['event', JSON.stringify(closed('9'))],
    ['hash', 'f'.repeat(64)],
    ['at', 5],
    ['input_id', 'other'],
    ['type', 'PlanEntered'],
    ['sequence', 99],
  ])('finds a changed %s', async (column, value) => {
    for (const id of ['a', 'b', 'c', 'd']) await journal.append(batch(id, closed(id)));
    await place.damage(2, column, value);
    await reopen();
    await expect(all(journal)).rejects.toThrow(/damaged at record 2/);
  });

  it('takes nothing once it is closed', async () => {
    await journal.append(batch('a', closed('1')));
    await journal.close();
    await expect(async () => journal.append(batch('b', closed('2')))).rejects.toThrow(JournalError);
    await reopen();
    expect(await all(journal)).toHaveLength(1);
  });
});
