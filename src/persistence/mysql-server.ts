/**
 * Connections to a MySQL or MariaDB server: opened with the settings every part needs, the server
 * checked for what durability asks of it, faults put into one line. It must not know any table.
 */
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { placeOf, type DatabaseAddress } from './database-url';
import { causeText } from './journal-record';
import { StorageError } from './storage-error';

const CONNECT_TIMEOUT = 5_000;
const ANSWER_TIMEOUT = 10_000;
const LEAST_PACKET = 16 * 1024 * 1024;
const LEAST_MYSQL = 8;
/** MariaDB 10.6, as major x 100 + minor. */
const LEAST_MARIADB = 10_06;

const ER_DBACCESS_DENIED = 1044;
/** 1698: of an account that signs in by something else than a password. */
const ACCESS_DENIED: ReadonlySet<unknown> = new Set([1045, 1698]);
const ER_BAD_DB = 1049;

/** What is known of a failure at the server. */
interface ServerFault {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly fatal?: unknown;
}

/**
 * Whether the server itself said no and the connection goes on, so that a ROLLBACK can follow.
 */
export function isAnswer(cause: unknown): boolean {
  const { sqlState, fatal } = cause as ServerFault;
  return typeof sqlState === 'string' && fatal !== true;
}

/** Rejects when the server is silent for too long; the connection is of no use then. */
export async function answered<T>(connection: Connection, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      connection.destroy();
      reject(new Error(`the server gave no answer for ${ANSWER_TIMEOUT / 1_000} s`));
    }, ANSWER_TIMEOUT);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The rows of a statement. */
export async function rowsOf<T>(
  connection: Connection,
  sql: string,
  values: (string | number)[] = [],
): Promise<readonly T[]> {
  const [rows] = await answered(connection, connection.execute<RowDataPacket[]>(sql, values));
  return rows as unknown as readonly T[];
}

/** Runs a statement whose rows are of no interest. */
export async function run(
  connection: Connection,
  sql: string,
  values: (string | number)[] = [],
): Promise<void> {
  await answered(connection, connection.execute(sql, values));
}

/** Settings of the driver, for the journal and for the query tables. */
export function driverOptions({ tls }: DatabaseAddress) {
  return {
    connectTimeout: CONNECT_TIMEOUT,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    ...(tls ? { ssl: { rejectUnauthorized: true } } : {}),
  };
}

async function connectTo(address: DatabaseAddress, database?: string): Promise<Connection> {
  const { host, port, user, password } = address;
  const connection = await createConnection({
    ...{ host, port, user, password, charset: 'utf8mb4_bin', ...driverOptions(address) },
    ...(database === undefined ? {} : { database }),
  });
  // Without a listener, a connection that is lost while idle would end the process.
  connection.on('error', () => undefined);
  await run(
    connection,
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', SESSION autocommit = 1, " +
      'SESSION innodb_lock_wait_timeout = 5',
  );
  return connection;
}

/** @throws StorageError */
export async function connect(address: DatabaseAddress): Promise<Connection> {
  try {
    return await connectTo(address, address.database);
  } catch (cause) {
    throw explained(cause, address);
  }
}

/**
 * Connects, and creates the database first where it is missing and the user may.
 * @throws StorageError
 */
export async function connectOrCreate(address: DatabaseAddress): Promise<Connection> {
  try {
    return await connectTo(address, address.database);
  } catch (cause) {
    if ((cause as ServerFault).errno !== ER_BAD_DB) throw explained(cause, address);
  }
  await createDatabase(address);
  return connect(address);
}

function creation({ database }: DatabaseAddress): string {
  return `CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
}

function grant({ database, user }: DatabaseAddress): string {
  return `GRANT ALL PRIVILEGES ON \`${database}\`.* TO '${user}'@'%'`;
}

async function createDatabase(address: DatabaseAddress): Promise<void> {
  const connection = await connectTo(address).catch((cause: unknown) => {
    throw explained(cause, address);
  });
  try {
    await answered(connection, connection.query(creation(address)));
  } catch (cause) {
    throw new StorageError(
      `The database ${placeOf(address)} does not exist and the user ${address.user} may not ` +
        `create it. As an administrator run: ${creation(address)}; ${grant(address)};`,
      { cause },
    );
  } finally {
    connection.destroy();
  }
}

function explained(cause: unknown, address: DatabaseAddress): StorageError {
  const { errno, code } = cause as ServerFault;
  const place = placeOf(address);
  const say = (text: string): StorageError => new StorageError(text, { cause });
  if (ACCESS_DENIED.has(errno)) {
    return say(
      `The server of ${place} refuses the user ${address.user}: the name or the password is ` +
        'wrong. Correct DATABASE_URL.',
    );
  }
  if (errno === ER_DBACCESS_DENIED) {
    return say(
      `The user ${address.user} may not use the database ${place}. ` +
        `As an administrator run: ${creation(address)}; ${grant(address)};`,
    );
  }
  const reason = typeof code === 'string' ? code : causeText(cause);
  return say(
    `The database ${place} cannot be reached (${reason}). Start the server, or correct host and ` +
      'port in DATABASE_URL; without DATABASE_URL the embedded database is used.',
  );
}

interface Settings {
  readonly version: string;
  readonly flush: number;
  readonly binlog: number;
  readonly sync: number;
  readonly packet: number;
  readonly locked: number | string;
}

/**
 * Reads back what a committed record needs to survive a power cut. @throws StorageError
 */
export async function checkServer(connection: Connection, address: DatabaseAddress): Promise<void> {
  const [settings] = await rowsOf<Settings>(
    connection,
    'SELECT VERSION() AS version, @@GLOBAL.innodb_flush_log_at_trx_commit AS flush, ' +
      '@@GLOBAL.log_bin AS `binlog`, @@GLOBAL.sync_binlog AS sync, ' +
      '@@GLOBAL.max_allowed_packet AS packet, @@GLOBAL.read_only AS locked',
  );
  const fault = settings === undefined ? 'tells nothing of itself' : faultOf(settings);
  if (fault !== null) throw new StorageError(`The server of ${placeOf(address)} ${fault}`);
}

/** What is wrong with a server and what to do, or null. */
export function faultOf(settings: Settings): string | null {
  const { version, flush, binlog, sync, packet, locked } = settings;
  if (!isSupported(version)) {
    return `is version ${version}. Tidegate needs MySQL 8.0 or MariaDB 10.6, or newer.`;
  }
  if (flush !== 1) {
    return (
      `has innodb_flush_log_at_trx_commit=${flush}: a power cut could lose journalled orders. ` +
      'Run SET GLOBAL innodb_flush_log_at_trx_commit = 1 and put it into the configuration of ' +
      'the server.'
    );
  }
  if (binlog === 1 && sync !== 1) {
    return (
      `has sync_binlog=${sync} with the binary log on: after a power cut, log and tables could ` +
      'differ. Run SET GLOBAL sync_binlog = 1 and put it into the configuration of the server.'
    );
  }
  if (packet < LEAST_PACKET) {
    return `has max_allowed_packet=${packet}. Run SET GLOBAL max_allowed_packet = ${LEAST_PACKET}.`;
  }
  if (![0, '0', 'OFF'].includes(locked)) {
    return 'is read-only. Name the primary server in DATABASE_URL, or end its read-only mode.';
  }
  return null;
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return /mariadb/i.test(version) ? major * 100 + minor >= LEAST_MARIADB : major >= LEAST_MYSQL;
}
