// A process that writes a journal is killed at any moment: nothing it acknowledged is lost, no
// batch is there in part, and the next process goes on.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Journal } from '../../src/domain/ports';
import { parseDatabaseUrl } from '../../src/persistence/database-url';
import { FolderLock } from '../../src/persistence/folder-lock';
import { SqliteJournal } from '../../src/persistence/journal';
import { LeaseLost } from '../../src/persistence/mysql-lease';
import { MySqlJournal } from '../../src/persistence/mysql-journal';
import { databaseUrl, dropDatabase, freshDatabase, mySqlIsHere } from '../support/mysql';

const RUN = join(__dirname, '..', 'support', 'run-typescript.cjs');
const APPENDER = join(__dirname, '..', 'support', 'appender.ts');
/** More, by hand: KILLS=100. */
const KILLS = Number(process.env['KILLS'] ?? 6);

/** Runs the appender and kills it some milliseconds after its first word; gives the last one. */
async function acknowledgedUntilKilled(args: string[], after: number): Promise<number> {
  const child = spawn(process.execPath, [RUN, APPENDER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), after);
    output += data.toString();
  });
  const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  const whole = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return Number(whole.at(-1));
}

async function expectWhole(journal: Journal, acknowledged: number): Promise<void> {
  let sequence = 0;
  for await (const record of journal.read(0)) sequence = record.sequence;
  expect(sequence).toBe(journal.head().sequence);
  expect(sequence).toBeGreaterThanOrEqual(acknowledged);
  expect(sequence - acknowledged).toBeLessThanOrEqual(3);
  expect(sequence % 3).toBe(0);
  await journal.close();
}

const folder = mkdtempSync(join(tmpdir(), 'killed-'));
const file = join(folder, 'journal.db');
const database = freshDatabase();
const url = databaseUrl(database);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await dropDatabase(database);
});

async function openSoon(): Promise<Journal> {
  for (;;) {
    try {
      return await MySqlJournal.open(parseDatabaseUrl(url));
    } catch (cause) {
      // The server notices the end of the process a moment later.
      if (!(cause instanceof LeaseLost)) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const CASES: [string, string[], () => Promise<Journal>][] = [
  ['a file', ['file', file], async () => new SqliteJournal(file)],
];
if (mySqlIsHere) CASES.push(['MySQL or MariaDB', ['server', url], openSoon]);

it.each(CASES)(
  'a killed writer to %s loses nothing that it acknowledged',
  async (_, args, open) => {
    for (let n = 0; n < KILLS; n += 1) {
      const acknowledged = await acknowledgedUntilKilled(args, (n * 7) % 30);
      await expectWhole(await open(), acknowledged);
    }
  },
  KILLS * 10_000,
);

it('a killed server lets the next one into its folder', async () => {
  const own = join(folder, 'own');
  const source = join(__dirname, '..', '..', 'src', 'persistence', 'folder-lock.ts');
  const code = `
    const { FolderLock } = require(${JSON.stringify(source)});
    globalThis.lock = new FolderLock(${JSON.stringify(own)});
    process.stdout.write('held');
    setInterval(() => undefined, 1000);`;
  const holder = join(folder, 'holder.ts');
  writeFileSync(holder, code);
  const child = spawn(process.execPath, [RUN, holder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const refusal = new RegExp(`Another Tidegate uses the folder .*process ${child.pid} since`);
  expect(() => new FolderLock(own)).toThrow(refusal);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('close', resolve));
  const lock = new FolderLock(own);
  expect(() => new FolderLock(own)).toThrow(/Another Tidegate uses the folder/);
  lock.release();
  new FolderLock(own).release();
});
