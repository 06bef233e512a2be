/**
 * The database of the query tables, embedded or behind a server: opened with MikroORM, migrated,
 * emptied, and the one place where SQL differs between the two. It must not know what the rows
 * mean.
 */
import { rmSync } from 'node:fs';
import type { Options } from '@mikro-orm/core';
import { type AbstractSqlConnection, type AbstractSqlDriver, MikroORM } from '@mikro-orm/knex';
import { LibSqlDriver } from '@mikro-orm/libsql';
import { Migrator } from '@mikro-orm/migrations';
import { MySqlDriver } from '@mikro-orm/mysql';
import type { DatabaseAddress } from './database-url';
import { QueryTables as MySqlQueryTables } from './migrations/mysql/query-tables';
import { QueryTables as SqliteQueryTables } from './migrations/sqlite/query-tables';
import { driverOptions } from './mysql-server';
import { ROW_SCHEMAS } from './rows';

type Orm = MikroORM<AbstractSqlDriver>;
export type Value = string | number | null;
/** Rows of one table to be written over what is there; the first column is the key. */
export interface Upsert {
  readonly kind: 'UPSERT';
  readonly table: string;
  readonly columns: readonly string[];
  /** Read once, while they are written: ten thousand rows at once would hold up every order. */
  readonly rows: Iterable<readonly Value[]>;
}

/** Rows to be deleted by their key. */
interface Removal {
  readonly kind: 'REMOVE';
  readonly table: string;
  readonly ids: readonly string[];
}
/** One column of rows that may be there: value and key. */
interface Update {
  readonly kind: 'UPDATE';
  readonly table: string;
  readonly column: string;
  readonly rows: readonly (readonly [Value, Value])[];
}
export type Change = Upsert | Removal | Update;

/** A file for the embedded database, an address for one behind a server. */
export type ViewPlace = { readonly file: string } | { readonly address: DatabaseAddress };

const ROWS_PER_STATEMENT = 100;
const TEXT_PER_STATEMENT = 1_000_000;
const ACQUIRE_TIMEOUT = 5_000;
const TABLES = [
  ...['view_order', 'view_fill', 'view_commission', 'view_decision', 'view_file', 'view_meta'],
  'view_migrations',
];

const COMMON: Options<AbstractSqlDriver> = {
  entities: ROW_SCHEMAS,
  extensions: [Migrator],
  ensureDatabase: false,
  // Defaults read off initialisers give an everlasting difference on MariaDB.
  discovery: { inferDefaultValues: false },
  metadataCache: { enabled: false },
  forceUtcTimezone: true,
  timezone: 'Z',
  logger: () => undefined,
  schemaGenerator: { skipTables: ['journal', 'journal_lease'] },
};

interface RawSqlite {
  exec(sql: string): void;
}

function prepareFile(db: RawSqlite): void {
  // The driver would wait within the call, and with it every order: rather try again later.
  db.exec('PRAGMA busy_timeout = 0');
  db.exec('PRAGMA journal_mode = WAL');
  // What a power cut takes from these tables is filled in again from the journal.
  db.exec('PRAGMA synchronous = NORMAL');
}

interface RawMySql {
  query(sql: string, done: (fault: Error | null) => void): void;
}

/** Hears what a person should know, one line each. */
export type Warn = (message: string) => void;

const UNHEARD: Warn = () => undefined;

/** The query builder would write to the terminal itself, past the log. */
function loggerOf(warn: Warn) {
  const lost = (message: unknown): void => {
    const [line = ''] = String(message).split('\n');
    warn(`A connection of the query tables was lost and is made again (${line}).`);
  };
  return { warn: lost, error: lost, deprecate: UNHEARD, debug: UNHEARD };
}

function optionsOf(place: ViewPlace, warn: Warn): Options<AbstractSqlDriver> {
  const migrations = { tableName: 'view_migrations', snapshot: false, silent: true };
  if ('file' in place) {
    return {
      ...COMMON,
      driver: LibSqlDriver,
      dbName: place.file,
      migrations: {
        ...migrations,
        migrationsList: [{ name: 'QueryTables', class: SqliteQueryTables }],
      },
      pool: {
        afterCreate: (connection: unknown, done: (fault: Error | null) => void) => {
          try {
            prepareFile(connection as RawSqlite);
            done(null);
          } catch (cause) {
            done(cause as Error);
          }
        },
      },
    };
  }
  const { host, port, user, password, database } = place.address;
  return {
    ...COMMON,
    ...{ driver: MySqlDriver, host, port, user, password, dbName: database },
    ...{ charset: 'utf8mb4', collate: 'utf8mb4_bin' },
    migrations: {
      ...migrations,
      // A change of tables commits by itself there.
      transactional: false,
      migrationsList: [{ name: 'QueryTables', class: MySqlQueryTables }],
    },
    driverOptions: {
      connection: driverOptions(place.address),
      acquireConnectionTimeout: ACQUIRE_TIMEOUT,
      log: loggerOf(warn),
    },
    pool: {
      min: 0,
      max: 4,
      // The driver escapes text with backslashes, which another mode would read differently.
      afterCreate: (connection: unknown, done: (fault: Error | null) => void) => {
        const mode = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";
        (connection as RawMySql).query(mode, done);
      },
    },
  };
}

export class ViewDatabase {
  #orm: Orm;

  private constructor(
    private readonly place: ViewPlace,
    orm: Orm,
  ) {
    this.#orm = orm;
  }

  /** Opens and migrates. @throws whatever the database says */
  static async open(place: ViewPlace, warn = UNHEARD): Promise<ViewDatabase> {
    return new ViewDatabase(place, await opened(place, warn));
  }

  /** Deletes everything and begins again: for tables that are damaged or not of this journal. */
  static async recreate(place: ViewPlace, warn = UNHEARD): Promise<ViewDatabase> {
    if ('file' in place) {
      for (const ending of ['', '-wal', '-shm']) rmSync(place.file + ending, { force: true });
      return ViewDatabase.open(place, warn);
    }
    const orm = await MikroORM.init<AbstractSqlDriver>(optionsOf(place, warn));
    try {
      for (const table of TABLES) {
        await orm.em.getConnection().execute(`DROP TABLE IF EXISTS \`${table}\``);
      }
    } finally {
      await orm.close(true);
    }
    return ViewDatabase.open(place, warn);
  }

  /** Whether entities and tables differ: a migration is missing then. */
  async differs(): Promise<boolean> {
    return this.#orm.getMigrator().checkMigrationNeeded();
  }

  /** Plain rows of one statement: no identity map, nothing is kept of them. */
  async rows<T>(sql: string, values: readonly Value[] = []): Promise<readonly T[]> {
    return this.#connection.execute<T[]>(sql, [...values], 'all');
  }

  /** All of it or nothing, in the order given. */
  async write(changes: readonly Change[]): Promise<void> {
    await this.#connection.transactional(async (transaction) => {
      for (const [sql, values] of this.#statements(changes)) {
        // Not through the ORM: it would write all values into the text of the statement first.
        await this.#connection.getKnex().raw(sql, values).transacting(transaction);
        // The embedded driver answers within the call and frees its statements afterwards: orders
        // come in between, and memory stays flat.
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }

  *#statements(changes: readonly Change[]): Generator<readonly [string, Value[]]> {
    for (const change of changes) {
      if (change.kind === 'REMOVE') {
        for (const portion of portions(change.ids.map((id) => [id]))) {
          const marks = portion.map(() => '?').join(', ');
          yield [`DELETE FROM ${change.table} WHERE id IN (${marks})`, portion.flat()];
        }
      } else if (change.kind === 'UPDATE') {
        const sql = `UPDATE ${change.table} SET ${change.column} = ? WHERE id = ?`;
        for (const row of change.rows) yield [sql, [...row]];
      } else {
        for (const portion of portions(change.rows)) {
          yield [this.#upsertSql(change, portion.length), portion.flat()];
        }
      }
    }
  }

  /**
   * New connections. After a fault the embedded driver keeps the failed statement open, and no
   * transaction on its connection can be committed any more.
   */
  async reconnect(): Promise<void> {
    await this.#orm.reconnect();
  }

  async close(): Promise<void> {
    if ('file' in this.place) {
      // So that the file alone is everything, whoever copies it; without it the next start does.
      await this.rows('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => []);
    }
    await this.#orm.close(true);
  }

  get #connection(): AbstractSqlConnection {
    return this.#orm.em.getConnection();
  }

  #upsertSql({ table, columns }: Upsert, count: number): string {
    const marks = `(${columns.map(() => '?').join(', ')})`;
    const into = `INSERT INTO ${table} (${columns.join(', ')}) VALUES`;
    const values = Array<string>(count).fill(marks).join(', ');
    const changing = columns.slice(1);
    if ('file' in this.place) {
      const set = changing.map((column) => `${column} = excluded.${column}`).join(', ');
      return `${into} ${values} ON CONFLICT (${columns[0] ?? ''}) DO UPDATE SET ${set}`;
    }
    const set = changing.map((column) => `${column} = VALUES(${column})`).join(', ');
    return `${into} ${values} ON DUPLICATE KEY UPDATE ${set}`;
  }
}

async function opened(place: ViewPlace, warn: Warn): Promise<Orm> {
  const orm = await MikroORM.init<AbstractSqlDriver>(optionsOf(place, warn));
  try {
    await orm.getMigrator().up();
    return orm;
  } catch (cause) {
    await orm.close(true);
    throw cause;
  }
}

function* portions(rows: Iterable<readonly Value[]>): Generator<(readonly Value[])[]> {
  let portion: (readonly Value[])[] = [];
  let text = 0;
  for (const row of rows) {
    if (portion.length >= ROWS_PER_STATEMENT || text > TEXT_PER_STATEMENT) {
      yield portion;
      [portion, text] = [[], 0];
    }
    portion.push(row);
    for (const value of row) text += typeof value === 'string' ? value.length : 8;
  }
  if (portion.length > 0) yield portion;
}
