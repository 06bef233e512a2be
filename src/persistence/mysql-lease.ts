/**
 * Who may write to a journal behind a server. A named lock of the server, held by the writer's
 * connection, keeps a second writer away and is gone with the process; a fencing number, raised by
 * each writer and checked in each transaction, shuts out one that lost the lock without noticing.
 * It must not know what a journal holds. Why both: docs/decisions/0007.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mysql2/promise';
import { placeOf, type DatabaseAddress } from './database-url';
import { JOURNAL_FORMAT, JournalError } from './journal-record';
import { rowsOf, run } from './mysql-server';

/** After this long without a word from the writer, the server gives its lock away. */
const LOCK_OUTLIVES = 60;
const TABLE_OPTIONS = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Raised when another writer has the journal: this one never writes again. */
export class LeaseLost extends JournalError {}

/** At most 64 characters, of the whole server and not of one database. */
function lockName({ database }: DatabaseAddress): string {
  return `tidegate-${createHash('sha256').update(database).digest('hex').slice(0, 40)}`;
}

/** Creates what is missing. @throws JournalError for tables of another format */
export async function prepareTables(
  connection: Connection,
  address: DatabaseAddress,
): Promise<void> {
  await run(
    connection,
    `CREATE TABLE IF NOT EXISTS journal_lease (id INT NOT NULL PRIMARY KEY, format INT NOT NULL,
      fence BIGINT NOT NULL, holder VARCHAR(255) NOT NULL) ${TABLE_OPTIONS}`,
  );
  await run(
    connection,
    `CREATE TABLE IF NOT EXISTS journal (sequence BIGINT NOT NULL PRIMARY KEY,
      fence BIGINT NOT NULL, input_id TEXT NOT NULL, \`at\` BIGINT NOT NULL,
      type VARCHAR(64) NOT NULL, event LONGTEXT NOT NULL, hash CHAR(64) NOT NULL)
      ${TABLE_OPTIONS}`,
  );
  await run(connection, `INSERT IGNORE INTO journal_lease VALUES (1, ${JOURNAL_FORMAT}, 0, '')`);
  const [lease] = await rowsOf<{ format: number }>(connection, 'SELECT format FROM journal_lease');
  if (lease?.format !== JOURNAL_FORMAT) {
    throw new JournalError(
      `The journal ${placeOf(address)} has format ${lease?.format ?? 'unknown'}, this ` +
        `Tidegate writes format ${JOURNAL_FORMAT}.`,
    );
  }
  const engines = await rowsOf<{ engine: string }>(
    connection,
    `SELECT ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
      AND TABLE_NAME IN ('journal', 'journal_lease') AND ENGINE <> 'InnoDB'`,
  );
  if (engines.length > 0) {
    throw new JournalError(
      `The journal ${placeOf(address)} is stored by ${engines[0]?.engine ?? ''}, which loses ` +
        'what was committed. Convert it: ALTER TABLE journal ENGINE=InnoDB, and journal_lease ' +
        'likewise.',
    );
  }
}

/**
 * Takes the lock, for which it waits so many seconds. @throws LeaseLost when another server has it
 */
export async function takeLock(
  connection: Connection,
  address: DatabaseAddress,
  patience: number,
): Promise<void> {
  await run(connection, `SET SESSION wait_timeout = ${LOCK_OUTLIVES}`);
  const [answer] = await rowsOf<{ taken: number | null }>(
    connection,
    'SELECT GET_LOCK(?, ?) AS taken',
    [lockName(address), patience],
  );
  if (answer?.taken === 1) return;
  const holder = await holderOf(connection).catch(() => '');
  throw new LeaseLost(
    `Another Tidegate writes to the database ${placeOf(address)}${holder}. End it first, or ` +
      'name another database in DATABASE_URL. After the crash of a machine its hold ends within ' +
      `${LOCK_OUTLIVES} s.`,
  );
}

export async function releaseLock(connection: Connection, address: DatabaseAddress): Promise<void> {
  await rowsOf(connection, 'SELECT RELEASE_LOCK(?)', [lockName(address)]);
}

async function holderOf(connection: Connection): Promise<string> {
  const [lease] = await rowsOf<{ holder: string }>(connection, 'SELECT holder FROM journal_lease');
  return lease === undefined || lease.holder === '' ? '' : ` (${lease.holder})`;
}

/** A new fencing number: whoever wrote before never writes again. */
export async function raiseFence(connection: Connection): Promise<number> {
  const holder = `process ${process.pid} since ${new Date().toISOString()}`;
  await run(connection, 'UPDATE journal_lease SET fence = fence + 1, holder = ?', [holder]);
  return fenceOf(connection);
}

async function fenceOf(connection: Connection, suffix = ''): Promise<number> {
  const [lease] = await rowsOf<{ fence: number }>(
    connection,
    `SELECT fence FROM journal_lease WHERE id = 1 ${suffix}`,
  );
  return lease?.fence ?? -1;
}

/**
 * Within a transaction: nobody can raise the fence before it ends. @throws LeaseLost
 */
export async function holdFence(connection: Connection, mine: number): Promise<void> {
  const fence = await fenceOf(connection, 'FOR UPDATE');
  if (fence !== mine) {
    throw new LeaseLost(
      `Another Tidegate has taken the journal over (it is writer ${fence}, this was writer ` +
        `${mine}). Nothing more is written here; end this process.`,
    );
  }
}

/**
 * Ends a connection that still has our lock because the server has not noticed its loss. Only
 * where the fence is still ours, so that nobody else's connection is meant.
 */
export async function endLostHolder(
  connection: Connection,
  address: DatabaseAddress,
  lost: { readonly thread: number; readonly fence: number },
): Promise<void> {
  if ((await fenceOf(connection)) !== lost.fence) return;
  const [lock] = await rowsOf<{ thread: number | null }>(
    connection,
    'SELECT IS_USED_LOCK(?) AS thread',
    [lockName(address)],
  );
  if (lock?.thread === lost.thread) await connection.query(`KILL ${lost.thread}`);
}
