/**
 * The embedded gateway's own state in its own SQLite file: orders, executions, positions, cash, ids
 * and market time, as a broker would keep them. What `write` was given is durable when it returns
 * (synchronous=FULL, read back at open). Knows no wire; the records are the gateway's.
 */
import Database from 'libsql';
import {
  executionKey,
  type GatewayChanges,
  type GatewayExecution,
  type GatewayMeta,
  type GatewayOrder,
  type GatewayPosition,
  type GatewayStore,
  type StoredGateway,
} from '../broker/simulator/gateway-records';

/** Raised when a gateway file cannot be used as it is; the message says what to do. */
export class GatewayStoreError extends Error {
  override readonly name = 'GatewayStoreError';
}

const FORMAT = 1;
const SYNCHRONOUS_FULL = 2;
/** "GWAY": another database of ours or of somebody else is never taken for this one. */
const APPLICATION = 0x47574159;
const META = 'gateway';
const TABLES = ['meta', 'orders', 'executions', 'positions'] as const;

export class SqliteGatewayStore implements GatewayStore {
  readonly #db: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #put: ReadonlyMap<(typeof TABLES)[number], Database.Statement>;
  #closed = false;

  /** Opens or creates the file. @throws GatewayStoreError */
  constructor(private readonly path: string) {
    this.#db = open(path);
    this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#db.prepare('COMMIT');
    this.#put = new Map(
      TABLES.map((table) => [
        table,
        this.#db.prepare(
          `INSERT INTO ${table} (id, record) VALUES (?, ?)
           ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
        ),
      ]),
    );
  }

  load(): StoredGateway | null {
    const [meta] = this.#records<GatewayMeta>('meta');
    if (meta === undefined) return null;
    return {
      meta,
      orders: this.#records<GatewayOrder>('orders'),
      executions: this.#records<GatewayExecution>('executions'),
      positions: this.#records<GatewayPosition>('positions'),
    };
  }

  write({ meta, orders = [], executions = [], positions = [] }: GatewayChanges): void {
    // The driver's prepared statements would go on writing.
    if (this.#closed) throw new GatewayStoreError(`The gateway file ${this.path} is closed.`);
    try {
      this.#begin.run();
      for (const order of orders) this.#keep('orders', String(order.permId), order);
      for (const execution of executions) {
        this.#keep('executions', executionKey(execution), execution);
      }
      for (const position of positions) this.#keep('positions', position.instrument, position);
      if (meta !== undefined) this.#keep('meta', META, meta);
      this.#commit.run();
    } catch (cause) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw new GatewayStoreError(
        `The gateway cannot write to ${this.path}: ${textOf(cause)}. Nothing of this step was ` +
          'said or kept; free the disk or end the other process, then start again.',
        { cause },
      );
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // So that the file alone is the whole state, whoever copies it.
    this.#db.exec('PRAGMA journal_mode = DELETE');
    // The driver keeps the file open until its statements are collected; the lock must go now.
    this.#db.exec('PRAGMA locking_mode = NORMAL');
    this.#db.prepare('SELECT id FROM meta').all();
    this.#db.close();
  }

  #keep(table: (typeof TABLES)[number], id: string, record: object): void {
    this.#put.get(table)?.run(id, JSON.stringify(record));
  }

  #records<T>(table: (typeof TABLES)[number]): T[] {
    const rows = this.#db.prepare(`SELECT record FROM ${table} ORDER BY rowid`).all() as {
      readonly record: string;
    }[];
    try {
      return rows.map(({ record }) => JSON.parse(record) as T);
    } catch (cause) {
      throw new GatewayStoreError(
        `The gateway file ${this.path} is damaged in its table ${table}: ${textOf(cause)}. ` +
          'Restore it from a backup, or name another file to begin anew.',
        { cause },
      );
    }
  }
}

function open(path: string): Database.Database {
  try {
    const db = new Database(path);
    db.exec('PRAGMA busy_timeout = 2000');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    // A second gateway on one file would sell the same position twice; it waits, then is refused.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    prepareTables(db, path);
    const level = numberOf(db, 'synchronous');
    if (level !== SYNCHRONOUS_FULL) {
      throw new GatewayStoreError(`${path} does not keep synchronous=FULL (it says ${level}).`);
    }
    return db;
  } catch (cause) {
    if (cause instanceof GatewayStoreError) throw cause;
    throw new GatewayStoreError(
      `The gateway file ${path} cannot be opened: ${textOf(cause)}. Another gateway may be using ` +
        'it, the folder may be missing or not writable, or the file is no gateway file.',
      { cause },
    );
  }
}

function prepareTables(db: Database.Database, path: string): void {
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  const [version, application] = [numberOf(db, 'user_version'), numberOf(db, 'application_id')];
  if (tables.length > 0 && application !== APPLICATION) {
    throw new GatewayStoreError(`${path} is a database of something else, not a gateway's.`);
  }
  if (tables.length > 0 && version !== FORMAT) {
    throw new GatewayStoreError(
      `The gateway file ${path} has format ${version}, this Tidegate writes format ${FORMAT}.`,
    );
  }
  db.exec('BEGIN IMMEDIATE');
  for (const table of TABLES) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, record TEXT NOT NULL)`);
  }
  db.exec(`PRAGMA application_id = ${APPLICATION}`);
  db.exec(`PRAGMA user_version = ${FORMAT}`);
  db.exec('COMMIT');
}

function numberOf(db: Database.Database, pragma: string): number {
  const [row] = db.prepare(`PRAGMA ${pragma}`).all() as Record<string, number>[];
  return row?.[pragma] ?? 0;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
