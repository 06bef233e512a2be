// The kill test as a program: reads its arguments, drives, audits, prints. Exit code 0 when nothing
// was lost and nothing doubled, 1 on any fault, 2 on wrong usage.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { audit } from './audit';
import { Driver } from './driver';

const USAGE = `npm run kill-test [-- --cycles 100] [--seed 1] [--gateway] [--speed 5]
    [--database sqlite|mysql] [--folder new-folder] [--keep] [--json]
--gateway kills the gateway too; --speed: market seconds a second; --database mysql makes and drops
a database of its own on TIDEGATE_TEST_MYSQL_URL (default mysql://root@127.0.0.1:3306). --folder and
--keep leave what the run has written; so does a run with faults.`;

const SERVER = process.env['TIDEGATE_TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306';

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cycles: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '5' },
      database: { type: 'string', default: 'sqlite' },
      gateway: { type: 'boolean', default: false },
      folder: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'cycles' | 'seed' | 'speed'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a number from 1 up`);
    return value;
  };
  if (!['sqlite', 'mysql'].includes(values.database)) throw new Error('--database: sqlite, mysql');
  return { ...values, cycles: number('cycles'), seed: number('seed'), speed: number('speed') };
}

async function dropDatabase(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const connection = await createConnection(SERVER);
  await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await connection.end();
}

function ownDatabase(): string {
  const url = new URL(SERVER);
  url.pathname = `/tidegate_kill_${process.pid}_${randomBytes(4).toString('hex')}`;
  return url.href;
}

async function main(args: readonly string[]): Promise<number> {
  const { cycles, seed, speed, database, gateway, json, ...rest } = readArguments(args);
  const folder = rest.folder ?? mkdtempSync(join(tmpdir(), 'tidegate-kill-'));
  const keep = rest.keep || rest.folder !== undefined;
  const databaseUrl = database === 'mysql' ? ownDatabase() : null;
  const rulesDir = join(process.cwd(), 'rules');
  const say = (line: string): void => console.error(line);
  const driver = new Driver({
    ...{ cycles, seed, speed, gateway, databaseUrl, folder, rulesDir, say },
  });
  const start = performance.now();
  const { dataDir, gatewayFile, person, kills } = driver;
  let faults: readonly string[] = [];
  let figures: Readonly<Record<string, number>> = {};
  try {
    await driver.run();
    const kept = [...person.kept.values()];
    ({ faults, figures } = await audit({ dataDir, databaseUrl, gatewayFile, kept }));
  } catch (cause) {
    faults = [cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)];
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const result = { cycles, seed, database, ...kills, ...figures, seconds, faults: faults.length };
  for (const fault of faults.slice(0, 50)) say(`FAULT ${fault}`);
  if (json) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name}: ${value}`);
  if (databaseUrl !== null && !keep) await dropDatabase(databaseUrl);
  if (keep || faults.length > 0) say(`The run is kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  return faults.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (cause: unknown) => {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`);
    process.exit(2);
  },
);
