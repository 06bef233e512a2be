// Opening what lasts: where it is, one server at a time, and one line with the next step when it
// cannot be opened.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../src/domain/event';
import { emptyState } from '../../src/engine/core/state';
import { parseDatabaseUrl, placeOf } from '../../src/persistence/database-url';
import { openStorage, type Storage } from '../../src/persistence/storage';
import { StorageError } from '../../src/persistence/storage-error';
import { databaseUrl, describeWithMySql, dropDatabase } from '../support/mysql';
import { freshDatabase, mySqlIsHere, sql } from '../support/mysql';

let dataDir: string;
let opened: Storage[] = [];
const log = (): void => undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'storage-'));
});
afterEach(async () => {
  for (const storage of opened) await storage.close();
  opened = [];
  rmSync(dataDir, { recursive: true, force: true });
});
async function open(databaseUrl: string | null, folder = dataDir): Promise<Storage> {
  const storage = await openStorage({ dataDir: folder, databaseUrl, log });
  opened.push(storage);
  return storage;
}
const file = (id: string): Event => ({
  type: 'InstructionsRecorded',
  file: {
    ...{ id, fileName: 'day.json', contentHash: 'h', strategy: 's', account: 'a' },
    ...{ tradingDate: '2026-01-05', accepted: true, symbols: [], findings: [], at: 7 },
  },
});

const database = freshDatabase();
afterAll(() => dropDatabase(database));
const PLACES: [string, string | null][] = [['the data folder', null]];
if (mySqlIsHere) PLACES.push(['a server', databaseUrl(database)]);

describe.each(PLACES)('storage in %s', (_, url) => {
  it('keeps what was committed over a restart, in the journal and in the lists', async () => {
    const first = await open(url);
    const records = await first.journal.append({ inputId: 'a', at: 1, events: [file('f1')] });
    first.projector.project(records, emptyState());
    await first.close();
    const second = await open(url);
    expect(second.journal.head()).toEqual({ sequence: 1, hash: records[0]?.hash });
    expect(await second.history.instructionFile('f1')).toMatchObject({ id: 'f1' });
  });

  it('is of one server at a time', async () => {
    const first = await open(url);
    await expect(open(url)).rejects.toThrow(/^Another Tidegate uses the folder/);
    await first.close();
    await open(url);
  });
});

describe('storage in a folder', () => {
  it('puts everything into the folder, which it creates', async () => {
    const folder = join(dataDir, 'new', 'data');
    const storage = await open(null, folder);
    const records = await storage.journal.append({ inputId: 'a', at: 1, events: [file('f1')] });
    storage.projector.project(records, emptyState());
    await storage.close();
    const [wal, kept] = [/-(wal|shm)$/, readdirSync(folder).sort()];
    const files = ['journal.db', 'lock.db', 'lock.txt', 'views.db'];
    expect(kept.filter((name) => !wal.test(name))).toEqual(files);
    // Nothing is left beside the files themselves: a copy of them is a copy of everything.
    const logs = kept.filter((name) => name.endsWith('-wal'));
    expect(logs.map((name) => statSync(join(folder, name)).size)).toEqual(logs.map(() => 0));
  });

  it('refuses a folder that cannot be one, and lets go of it after a fault', async () => {
    writeFileSync(join(dataDir, 'taken'), '');
    await expect(open(null, join(dataDir, 'taken'))).rejects.toThrow(
      /cannot be used .* name another/,
    );
    writeFileSync(join(dataDir, 'journal.db'), 'no database, and longer than a header '.repeat(9));
    await expect(open(null)).rejects.toThrow(/journal.db cannot be opened/);
    rmSync(join(dataDir, 'journal.db'));
    await open(null);
  });
});

describe('DATABASE_URL', () => {
  it('is read with escaped characters, another port and either scheme', () => {
    expect(parseDatabaseUrl('mariadb://u%40x:p%3Aw@db.example:3307/tide-gate_1?tls=true')).toEqual({
      ...{ host: 'db.example', port: 3307, user: 'u@x', password: 'p:w' },
      ...{ database: 'tide-gate_1', tls: true },
    });
    const six = parseDatabaseUrl('mysql://root@[::1]/t');
    expect(six).toMatchObject({ host: '::1', port: 3306, password: '', tls: false });
    expect(placeOf(six)).toBe('t at [::1]:3306');
  });

  it.each([
    ['localhost', 'is no URL'],
    ['postgres://u:secret@h/d', 'names postgres, which is not supported'],
    ['mysql://u:secret@h', 'names no database'],
    ['mysql://u:secret@h/a`b', 'names the database'],
    ['mysql://:secret@h/d', 'names no user'],
    ['mysql://u:sec%ret@h/d', '%'],
    ['mysql://u:secret@h/d?ssl=1', 'ssl=1'],
  ])('%s is refused with the form it should have', async (url, reason) => {
    const refused = open(url);
    await expect(refused).rejects.toThrow(StorageError);
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toThrow('mysql://user:password@host:3306/database');
    await expect(refused).rejects.not.toThrow(/secret|sec%ret/);
  });

  it('that leads nowhere is told in one line, without the password', async () => {
    const refused = open('mysql://u:secret@127.0.0.1:1/d');
    await expect(refused).rejects.toThrow(
      'The database d at 127.0.0.1:1 cannot be reached (ECONNREFUSED). Start the server, or ' +
        'correct host and port in DATABASE_URL; without DATABASE_URL the embedded database is ' +
        'used.',
    );
  });
});

describe('a server that signs this user in without a password', () => {
  /** Error 1698 (ER_ACCESS_DENIED_NO_PASSWORD_ERROR), sent in the place of a greeting. */
  const refusal = (): Buffer => {
    const text = Buffer.from("#28000Access denied for user 'root'@'localhost'");
    const head = Buffer.from([text.length + 3, 0, 0, 0, 0xff, 1698 & 0xff, 1698 >> 8]);
    return Buffer.concat([head, text]);
  };

  it('is told as a wrong name or password', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end(refusal()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const refused = open(`mysql://root:secret@127.0.0.1:${port}/d`);
    await expect(refused).rejects.toThrow(
      `The server of d at 127.0.0.1:${port} refuses the user root: the name or the password is ` +
        'wrong. Correct DATABASE_URL.',
    );
    await new Promise((resolve) => server.close(resolve));
  });
});

describeWithMySql('connections of the query tables that the server ends', () => {
  const own = freshDatabase();
  afterAll(() => dropDatabase(own));

  it('are told in the log and nowhere else, and made again', async () => {
    const lines: string[] = [];
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const storage = await openStorage({
      ...{ dataDir, databaseUrl: databaseUrl(own) },
      log: (level, message) => void lines.push(`${level} ${message}`),
    });
    opened.push(storage);
    const ask = () => storage.history.fills({ first: 1, after: null, strategy: null });
    await ask();
    const ids = (await sql(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${own}'`,
    )) as { id: number }[];
    for (const { id } of ids) await sql(`KILL ${id}`);
    const lost = /^WARNING A connection of the query tables was lost[^\n]+$/;
    while (!lines.some((line) => lost.test(line))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await ask()).toMatchObject({ nodes: [] });
    }
    expect(printed.mock.calls).toEqual([]);
    printed.mockRestore();
  });
});

describeWithMySql('a user of the server', () => {
  const own = freshDatabase();
  const user = own.slice(-20);
  const url = (password: string): string => {
    const address = new URL(databaseUrl(own));
    address.username = user;
    address.password = password;
    return address.href;
  };
  beforeAll(() => sql(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`));
  afterAll(async () => {
    await sql(`DROP USER '${user}'@'%'`);
    await dropDatabase(own);
  });

  it('with a wrong password is told so', async () => {
    const refused = open(url('wrong-secret'));
    await expect(refused).rejects.toThrow(/refuses the user .* password is wrong/);
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  it('without rights is told what an administrator has to run, which then helps', async () => {
    const refused: unknown = await open(url('secret')).catch((cause: unknown) => cause);
    const { message } = refused as Error;
    expect(message).toMatch(/As an administrator run: CREATE DATABASE .*; GRANT ALL/);
    expect(existsSync(join(dataDir, 'views.db'))).toBe(false);
    await sql(message.split('As an administrator run: ')[1]!);
    await open(url('secret'));
  });

  it('that may create the database needs nobody else', async () => {
    await sql(`DROP DATABASE IF EXISTS \`${own}\``);
    await (await open(url('secret'))).close();
  });

  it('finds a second server on one database, though its folder is another', async () => {
    await open(url('secret'));
    const other = open(url('secret'), join(dataDir, 'other'));
    await expect(other).rejects.toThrow(/^Another Tidegate writes to the database .*End it first/);
  });
});
