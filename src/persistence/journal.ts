/**
 * The journal in its own SQLite file, on a connection nobody shares. A batch is durable when
 * `append` returns (synchronous=FULL, read back at open). Each record's hash covers the one
 * before it, so a changed byte anywhere shows when the journal is read.
 */
import Database from 'libsql';
import type { JournalRecord } from '../domain/event';
import type { JournalBatch, LocalJournal } from '../domain/ports';
import { causeText, ChainReader, damaged, EMPTY, JOURNAL_FORMAT } from './journal-record';
import { JournalError, seal, type Head, type JournalRow } from './journal-record';

/** Read within one call: more would hold up orders when query tables catch up. */
const PAGE = 200;
const SYNCHRONOUS_FULL = 2;

/** Text as bytes: a damaged byte must be found by its hash, not end the process in the driver. */
type RawRow = Omit<JournalRow, 'input_id' | 'event' | 'hash' | 'type'> &
  Readonly<Record<'input_id' | 'event' | 'hash' | 'type', Uint8Array>>;

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function readable({ sequence, at, ...texts }: RawRow): JournalRow {
  const { input_id, event, hash, type } = texts;
  return {
    ...{ sequence, at, input_id: textOf(input_id), event: textOf(event) },
    ...{ hash: textOf(hash), type: textOf(type) },
  };
}

export class SqliteJournal implements LocalJournal {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #insert: Database.Statement;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #page: Database.Statement;
  readonly #hashAt: Database.Statement;
  #head: Head = EMPTY;
  #closed = false;

  /** Opens or creates the journal; `:memory:` keeps it for the run only. @throws JournalError */
  constructor(path: string) {
    this.#path = path;
    this.#db = open(path);
    try {
      this.#insert = this.#db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)');
      this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
      this.#commit = this.#db.prepare('COMMIT');
      this.#page = this.#db.prepare(
        `SELECT sequence, at, CAST(input_id AS BLOB) AS input_id, CAST(type AS BLOB) AS type,
          CAST(event AS BLOB) AS event, CAST(hash AS BLOB) AS hash FROM journal WHERE sequence > ?
          ORDER BY sequence LIMIT ${PAGE}`,
      );
      this.#hashAt = this.#db.prepare(
        'SELECT sequence, CAST(hash AS BLOB) AS hash FROM journal WHERE sequence = ?',
      );
      const last = this.#db
        .prepare('SELECT sequence, CAST(hash AS BLOB) AS hash FROM journal ORDER BY sequence DESC')
        .get() as Pick<RawRow, 'sequence' | 'hash'> | undefined;
      if (last !== undefined) this.#head = { sequence: last.sequence, hash: textOf(last.hash) };
    } catch (cause) {
      // Tables that are not what they were.
      this.#db.close();
      throw notOpened(path, cause);
    }
  }

  append(batch: JournalBatch): readonly JournalRecord[] {
    // The driver's prepared statements would go on writing.
    if (this.#closed) throw new JournalError(`The journal ${this.#path} is closed.`);
    const { rows, records, head } = seal(batch, this.#head);
    try {
      this.#begin.run();
      for (const { sequence, input_id, at, type, event, hash } of rows) {
        this.#insert.run(sequence, input_id, at, type, event, hash);
      }
      this.#commit.run();
    } catch (cause) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw this.#explained(cause);
    }
    this.#head = head;
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

  /**
   * The first record is checked against the hash that stands in the one before it.
   * @throws JournalError at the first record whose hash does not follow from the one before
   */
  *read(after: number): Iterable<JournalRecord> {
    const chain = new ChainReader(this.#path, this.#headAt(after));
    for (const row of this.#rows(after)) yield chain.take(row);
  }

  head(): Head {
    return this.#head;
  }

  #headAt(sequence: number): Head {
    if (sequence <= 0) return EMPTY;
    const row = this.#hashAt.get(sequence) as Pick<RawRow, 'hash'> | undefined;
    if (row !== undefined) return { sequence, hash: textOf(row.hash) };
    if (sequence < this.#head.sequence) throw damaged(this.#path, sequence);
    return this.#head;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // So that the file alone is the whole journal, whoever copies it.
    if (this.#path !== ':memory:') this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }

  #pageAfter(sequence: number): JournalRow[] {
    try {
      return (this.#page.all(sequence) as RawRow[]).map(readable);
    } catch (cause) {
      throw new JournalError(
        `The journal ${this.#path} cannot be read after record ${sequence}: ${causeText(cause)}. ` +
          'Look at the disk, or restore the journal from a backup.',
        { cause },
      );
    }
  }

  /** In pages, because an iterator that is left open keeps its read transaction open too. */
  *#rows(from: number): Generator<JournalRow> {
    for (let after = Math.max(0, from); ;) {
      const page = this.#pageAfter(after);
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
    throw notOpened(path, cause);
  }
}

function notOpened(path: string, cause: unknown): JournalError {
  return new JournalError(
    `The journal ${path} cannot be opened: ${causeText(cause)}. Another process may be using it, ` +
      'the folder may be missing or not writable, or the file is no journal or damaged.',
    { cause },
  );
}

function prepareTables(db: Database.Database, path: string): void {
  const version = numberOf(db, 'user_version');
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  if (version === 0 && tables.length > 0) {
    throw new JournalError(`${path} is a database of something else, not a journal.`);
  }
  if (version !== 0 && version !== JOURNAL_FORMAT) {
    throw new JournalError(
      `The journal ${path} has format ${version}, this Tidegate writes format ${JOURNAL_FORMAT}.`,
    );
  }
  db.exec(`CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY, input_id TEXT NOT NULL, at INTEGER NOT NULL,
    type TEXT NOT NULL, event TEXT NOT NULL, hash TEXT NOT NULL)`);
  db.exec(`PRAGMA user_version = ${JOURNAL_FORMAT}`);
}

function numberOf(db: Database.Database, pragma: string): number {
  const [row] = db.prepare(`PRAGMA ${pragma}`).all() as Record<string, number>[];
  return row?.[pragma] ?? 0;
}
