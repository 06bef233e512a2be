/**
 * The journal in its own SQLite file, on a connection nobody shares. A batch is durable when
 * `append` returns (synchronous=FULL, read back at open). Each record's hash covers the one
 * before it, so a changed byte anywhere shows when the journal is read.
 */
import { createHash } from 'node:crypto';
import Database from 'libsql';
import { decodeEvent, encodeEvent } from '../domain/event-codec';
import type { JournalRecord } from '../domain/event';
import type { Journal } from '../domain/ports';

type Batch = Parameters<Journal['append']>[0];

/** Raised when a journal file cannot be used as it is. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);
const FORMAT = 1;
const PAGE = 1_000;
const SYNCHRONOUS_FULL = 2;

interface Row {
  readonly sequence: number;
  readonly input_id: string;
  readonly at: number;
  /** Of the event, once more, for queries. */
  readonly type: string;
  readonly event: string;
  readonly hash: string;
}

/** Text as bytes: a damaged byte must be found by its hash, not end the process in the driver. */
type RawRow = Omit<Row, 'input_id' | 'event' | 'hash' | 'type'> &
  Readonly<Record<'input_id' | 'event' | 'hash' | 'type', Uint8Array>>;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function readable({ sequence, at, ...texts }: RawRow): Row {
  const { input_id, event, hash, type } = texts;
  return {
    ...{ sequence, at, input_id: textOf(input_id), event: textOf(event) },
    ...{ hash: textOf(hash), type: textOf(type) },
  };
}

function chain(before: string, row: Omit<Row, 'hash' | 'type'>): string {
  const content = `${before}\n${row.sequence}\n${row.input_id}\n${row.at}\n${row.event}`;
  return createHash('sha256').update(content).digest('hex');
}

export class SqliteJournal implements Journal {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #insert: Database.Statement;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #page: Database.Statement;
  #sequence = 0;
  #hash = GENESIS;
  #closed = false;

  /** Opens or creates the journal; `:memory:` keeps it for the run only. @throws JournalError */
  constructor(path: string) {
    this.#path = path;
    this.#db = open(path);
    this.#insert = this.#db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)');
    this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#db.prepare('COMMIT');
    this.#page = this.#db.prepare(
      `SELECT sequence, at, CAST(input_id AS BLOB) AS input_id, CAST(type AS BLOB) AS type,
        CAST(event AS BLOB) AS event, CAST(hash AS BLOB) AS hash FROM journal WHERE sequence > ?
        ORDER BY sequence LIMIT ${PAGE}`,
    );
    const last = this.#db
      .prepare('SELECT sequence, CAST(hash AS BLOB) AS hash FROM journal ORDER BY sequence DESC')
      .get() as Pick<RawRow, 'sequence' | 'hash'> | undefined;
    if (last !== undefined) [this.#sequence, this.#hash] = [last.sequence, textOf(last.hash)];
  }

  append({ inputId, at, events }: Batch): readonly JournalRecord[] {
    // The driver's prepared statements would go on writing.
    if (this.#closed) throw new JournalError(`The journal ${this.#path} is closed.`);
    const records: JournalRecord[] = [];
    let [sequence, hash] = [this.#sequence, this.#hash];
    try {
      this.#begin.run();
      for (const event of events) {
        sequence += 1;
        const text = encodeEvent(event);
        hash = chain(hash, { sequence, input_id: inputId, at, event: text });
        this.#insert.run(sequence, inputId, at, event.type, text, hash);
        records.push({ sequence, inputId, at, event, hash });
      }
      this.#commit.run();
    } catch (cause) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw this.#explained(cause);
    }
    [this.#sequence, this.#hash] = [sequence, hash];
    return records;
  }

  /** A sequence that exists already was written by somebody else: two writers never mix. */
  #explained(cause: unknown): unknown {
    if (!/UNIQUE constraint|SQLITE_BUSY|locked/.test(causeText(cause))) return cause;
    return new JournalError(
      `Another process writes to the journal ${this.#path}. Nothing of this batch was written; ` +
        'end the other process, or name another journal file.',
      { cause },
    );
  }

  /** @throws JournalError at the first record whose hash does not follow from the one before */
  *read(after: number): Iterable<JournalRecord> {
    let [expected, before] = [1, GENESIS];
    for (const row of this.#rows()) {
      const hash = chain(before, row);
      const whole = row.sequence === expected && row.hash === hash;
      const event = whole ? decodeEvent(row.event) : null;
      if (event?.type !== row.type) {
        throw new JournalError(
          `The journal ${this.#path} is damaged at record ${expected}: its hash does not follow ` +
            'from the record before. Nothing after it can be trusted. Restore it from a backup.',
        );
      }
      [expected, before] = [expected + 1, hash];
      if (row.sequence <= after) continue;
      const { sequence, at } = row;
      yield { sequence, inputId: row.input_id, at, event, hash };
    }
  }

  head(): { readonly sequence: number; readonly hash: string } {
    return { sequence: this.#sequence, hash: this.#hash };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // So that the file alone is the whole journal, whoever copies it.
    if (this.#path !== ':memory:') this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  /** In pages, because an iterator that is left open keeps its read transaction open too. */
  *#rows(): Generator<Row> {
    for (let after = 0; ;) {
      const page = (this.#page.all(after) as RawRow[]).map(readable);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.sequence;
    }
  }
}

function open(path: string): Database.Database {
  try {
    const db = new Database(path);
    db.exec('PRAGMA busy_timeout = 2000');
    if (path !== ':memory:') db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    prepareTables(db, path);
    const level = numberOf(db, 'synchronous');
    if (level !== SYNCHRONOUS_FULL) {
      throw new JournalError(`${path} does not keep synchronous=FULL (it says ${level}).`);
    }
    return db;
  } catch (cause) {
    if (cause instanceof JournalError) throw cause;
    throw new JournalError(
      `The journal ${path} cannot be opened: ${causeText(cause)}. ` +
        'Another process may be using it, the folder may be missing or not writable, or the file ' +
        'is no journal.',
      { cause },
    );
  }
}

function prepareTables(db: Database.Database, path: string): void {
  const version = numberOf(db, 'user_version');
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  if (version === 0 && tables.length > 0) {
    throw new JournalError(`${path} is a database of something else, not a journal.`);
  }
  if (version !== 0 && version !== FORMAT) {
    throw new JournalError(
      `The journal ${path} has format ${version}, this Tidegate writes format ${FORMAT}.`,
    );
  }
  db.exec(`CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY, input_id TEXT NOT NULL, at INTEGER NOT NULL,
    type TEXT NOT NULL, event TEXT NOT NULL, hash TEXT NOT NULL)`);
  db.exec(`PRAGMA user_version = ${FORMAT}`);
}

function numberOf(db: Database.Database, pragma: string): number {
  const [row] = db.prepare(`PRAGMA ${pragma}`).all() as Record<string, number>[];
  return row?.[pragma] ?? 0;
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
