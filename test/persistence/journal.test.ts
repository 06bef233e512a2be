// The journal on disk: durable, chained, all of a batch or nothing, and never two writers.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { money } from '../../src/domain/decimal';
import type { Event } from '../../src/domain/event';
import { SqliteJournal } from '../../src/persistence/journal';
import { GENESIS, JournalError } from '../../src/persistence/journal-record';
import { RerunJournal } from '../../src/persistence/rerun-journal';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'journal.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const strategy = (key: string): Event => ({
  ...{
    type: 'StrategyCreated',
    strategy: key,
    allowsShort: true,
    stage: 'PAPER',
    weight: '1',
    capital: null,
  },
});
const account: Event = {
  ...{ type: 'AccountOpened', account: 'DU1', currency: 'USD', cash: money('0.12345678') },
};
const batch = (inputId: string, ...events: Event[]) => ({ inputId, at: 1_700_000_000_000, events });

function written(count = 3): SqliteJournal {
  const journal = new SqliteJournal(file);
  journal.append(batch('a', account));
  for (let n = 1; n < count; n += 1) journal.append(batch(`b${n}`, strategy(`s${n}`)));
  return journal;
}
function change(sql: string, ...values: unknown[]): void {
  const db = new Database(file);
  db.prepare(sql).run(...values);
  db.close();
}

describe('the journal', () => {
  it('gives back after reopening what was appended, with a chain of hashes', () => {
    const first = written();
    const head = first.head();
    const before = [...first.read(0)];
    first.close();
    const second = new SqliteJournal(file);
    expect(second.head()).toEqual(head);
    expect(JSON.stringify([...second.read(0)])).toBe(JSON.stringify(before));
    expect([...second.read(2)].map(({ sequence }) => sequence)).toEqual([3]);
    const hashes = before.map(({ hash }) => hash);
    expect(new Set([...hashes, GENESIS]).size).toBe(4);
    second.close();
  });

  it('chains on where it stopped, and the same events give the same hash', () => {
    written(2).close();
    const second = new SqliteJournal(file);
    const [record] = second.append(batch('b2', strategy('s2')));
    const whole = new SqliteJournal(':memory:');
    whole.append(batch('a', account));
    whole.append(batch('b1', strategy('s1')));
    expect(whole.append(batch('b2', strategy('s2')))[0]?.hash).toBe(record?.hash);
    second.close();
  });

  it('is set to synchronous=FULL and write-ahead logging', () => {
    written().close();
    const db = new Database(file);
    expect(db.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    db.close();
  });

  it('reads more records than fit on one of its pages', () => {
    const journal = new SqliteJournal(':memory:');
    const events = Array.from({ length: 5_000 }, (_, n) => strategy(`s${n}`));
    journal.append(batch('many', ...events));
    const read = [...journal.read(0)];
    expect(read.map(({ sequence }) => sequence)).toEqual(events.map((_, n) => n + 1));
    expect(read.at(-1)?.hash).toBe(journal.head().hash);
  });

  it('keeps all of a batch or nothing', () => {
    const journal = written();
    const head = journal.head();
    const hostile = { type: 'StrategyCreated', strategy: 10n } as unknown as Event;
    expect(() => journal.append(batch('c', strategy('s9'), hostile))).toThrow();
    expect(journal.head()).toEqual(head);
    expect([...journal.read(0)]).toHaveLength(3);
    expect(journal.append(batch('d', strategy('s9')))[0]?.sequence).toBe(4);
    journal.close();
  });

  it('takes nothing once it is closed', () => {
    const journal = written();
    journal.close();
    journal.close();
    expect(() => journal.append(batch('c', strategy('s9')))).toThrow(JournalError);
    const again = new SqliteJournal(file);
    expect([...again.read(0)]).toHaveLength(3);
    again.close();
  });

  it.each([
    ['input_id', 'x'],
    ['at', 1],
    ['type', 'PlanClosed'],
    ['hash', 'f'.repeat(64)],
    ['sequence', 9],
  ])('finds a changed %s', (column, value) => {
    written(4).close();
    change(`UPDATE journal SET ${column} = ? WHERE sequence = 2`, value);
    const journal = new SqliteJournal(file);
    expect(() => [...journal.read(0)]).toThrow(/damaged at record 2/);
    journal.close();
  });

  it('finds damage at any byte of an event', () => {
    const whole = written();
    const text = JSON.stringify([...whole.read(0)][1]?.event);
    whole.close();
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      const damaged = text.slice(0, at) + other + text.slice(at + 1);
      change('UPDATE journal SET event = ? WHERE sequence = 2', damaged);
      const journal = new SqliteJournal(file);
      expect(() => [...journal.read(0)]).toThrow(JournalError);
      journal.close();
    }
  });

  it('never reads other records than were written, whichever byte of the file is flipped', () => {
    const support = join(__dirname, '..', 'support');
    const script = [join(support, 'run-typescript.cjs'), join(support, 'flipped-journal.ts')];
    // Every byte, by hand: FLIP_STEP=1.
    const args = [...script, folder, process.env['FLIP_STEP'] ?? '9'];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
    const { found, ...others } = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(others).toMatchObject({ wrong: 0, unexplained: [] });
    expect(found).toBeGreaterThan(300);
  });

  it('finds a record that is missing in the middle', () => {
    written(4).close();
    change('DELETE FROM journal WHERE sequence = 2');
    const journal = new SqliteJournal(file);
    expect(() => [...journal.read(0)]).toThrow(/damaged at record 2/);
    journal.close();
  });

  it('never mixes two writers: the second is told so and writes nothing', () => {
    const first = written();
    const message = /Another process/;
    let second: SqliteJournal | null = null;
    expect(() => {
      second = new SqliteJournal(file);
      first.append(batch('c', strategy('s9')));
      second.append(batch('c', strategy('s10')));
    }).toThrow(message);
    const kept = [...first.read(0)].map(({ sequence }) => sequence);
    expect(kept).toEqual([1, 2, 3, 4]);
    (second as SqliteJournal | null)?.close();
    first.close();
  });

  it('goes on once the file can be written again, with nothing of what was refused', () => {
    const journal = written();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    expect(() => journal.append(batch('c', strategy('s9')))).toThrow(/Nothing of this batch/);
    other.exec('ROLLBACK');
    expect(journal.append(batch('d', strategy('s9')))[0]?.sequence).toBe(4);
    other.close();
    journal.close();
    const again = new SqliteJournal(file);
    expect([...again.read(0)]).toHaveLength(4);
    again.close();
  });

  it('refuses a file that is no journal, a missing folder and another format, and says so', () => {
    expect(() => new SqliteJournal(join(folder, 'none', 'journal.db'))).toThrow(JournalError);
    expect(() => new SqliteJournal(__filename)).toThrow(/cannot be opened/);
    written().close();
    change('PRAGMA user_version = 99');
    expect(() => new SqliteJournal(file)).toThrow(/has format 99/);
  });
});

describe('a rerun over a kept journal', () => {
  const inputs = [batch('a', account), batch('b1', strategy('s1')), batch('b2', strategy('s2'))];

  it('compares what stands there, then continues, with the hashes of an unbroken run', () => {
    written(2).close();
    const rerun = new RerunJournal(new SqliteJournal(file));
    expect([rerun.keptUntil, rerun.head()]).toEqual([2, { sequence: 0, hash: GENESIS }]);
    expect([...rerun.read(0)]).toEqual([]);
    const records = inputs.flatMap((each) => rerun.append(each));
    const unbroken = new SqliteJournal(':memory:');
    const expected = inputs.flatMap((each) => unbroken.append(each));
    expect(records.map(({ hash }) => hash)).toEqual(expected.map(({ hash }) => hash));
    expect(rerun.head()).toEqual(unbroken.head());
    rerun.close();
    const kept = new SqliteJournal(file);
    expect([...kept.read(0)]).toHaveLength(3);
    kept.close();
  });

  it.each([
    ['another event', batch('b1', strategy('other'))],
    ['another input', batch('b9', strategy('s1'))],
    ['another time', { ...batch('b1', strategy('s1')), at: 5 }],
    ['more events', batch('b1', strategy('s1'), strategy('s2'), strategy('s3'))],
  ])('refuses %s, and writes nothing', (_, other) => {
    written(3).close();
    const rerun = new RerunJournal(new SqliteJournal(file));
    rerun.append(inputs[0]!);
    expect(() => rerun.append(other)).toThrow(/Name a new journal file/);
    rerun.close();
    const kept = new SqliteJournal(file);
    expect([...kept.read(0)]).toHaveLength(3);
    kept.close();
  });

  it('finds damage when it gets there', () => {
    written(3).close();
    change("UPDATE journal SET input_id = 'x' WHERE sequence = 2");
    const rerun = new RerunJournal(new SqliteJournal(file));
    rerun.append(inputs[0]!);
    expect(() => rerun.append(inputs[1]!)).toThrow(/damaged at record 2/);
    rerun.close();
  });
});
