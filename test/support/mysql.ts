// A MySQL or MariaDB server for tests: TIDEGATE_TEST_MYSQL_URL, or the local one. Each test file
// gets a database of its own and drops it. Where there is no server, the tests say so in one line
// and show as skipped; under CI=true they run and fail. Must not know what a test does with it.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';

const SERVER = new URL(process.env['TIDEGATE_TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306');

const PROBE = `
const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), timeout: 2000 });
socket.on('connect', () => process.exit(0));
socket.on('error', () => process.exit(1));
socket.on('timeout', () => process.exit(1));`;

function answers(): boolean {
  const args = ['-e', PROBE, SERVER.hostname, SERVER.port || '3306'];
  return spawnSync(process.execPath, args).status === 0;
}

const wanted = process.env['CI'] === 'true' || answers();
if (!wanted) {
  process.stderr.write(`Skipping tests against MySQL or MariaDB: none at ${SERVER.host}.\n`);
}

/** `describe` where a server is there or must be, `describe.skip` elsewhere. */
export const describeWithMySql = wanted ? describe : describe.skip;
export const mySqlIsHere = wanted;

/** A database name nobody else uses. */
export function freshDatabase(): string {
  return `tidegate_test_${process.pid}_${randomBytes(4).toString('hex')}`;
}

/** DATABASE_URL of a database on the server. */
export function databaseUrl(database: string): string {
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  return url.href;
}

/** A connection as an administrator. */
export async function admin(database?: string): Promise<Connection> {
  const { hostname, port, username, password } = SERVER;
  return createConnection({
    ...{ host: hostname, port: Number(port || 3306), user: decodeURIComponent(username) },
    ...{ password: decodeURIComponent(password), multipleStatements: true },
    ...(database === undefined ? {} : { database }),
  });
}

/** Runs statements as an administrator. */
export async function sql(text: string, database?: string): Promise<unknown> {
  const connection = await admin(database);
  try {
    return (await connection.query(text))[0];
  } finally {
    await connection.end();
  }
}

export async function dropDatabase(database: string): Promise<void> {
  if (wanted) await sql(`DROP DATABASE IF EXISTS \`${database}\``);
}
