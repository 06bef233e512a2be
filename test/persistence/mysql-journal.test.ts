// The journal behind a server when things go wrong between them: lost connections at every moment,
// two writers, a server that would lose what it has committed.

import type { RowDataPacket } from 'mysql2/promise';
import type { Event, JournalRecord } from '../../src/domain/event';
import { parseDatabaseUrl, type DatabaseAddress } from '../../src/persistence/database-url';
import { JournalError } from '../../src/persistence/journal-record';
import { MySqlJournal } from '../../src/persistence/mysql-journal';
import { LeaseLost } from '../../src/persistence/mysql-lease';
import { faultOf } from '../../src/persistence/mysql-server';
import { CuttingProxy } from '../support/cutting-proxy';
import { admin, databaseUrl, describeWithMySql, dropDatabase } from '../support/mysql';
import { freshDatabase, sql } from '../support/mysql';

const closed = (reason: string): Event => ({ type: 'PlanClosed', plan: 'pln-1', reason });
const batch = (id: string) => ({
  inputId: id,
  at: 1,
  events: [closed(`${id}1`), closed(`${id}2`)],
});

describeWithMySql('a journal whose server goes away', () => {
  const database = freshDatabase();
  const direct = parseDatabaseUrl(databaseUrl(database));
  let proxy: CuttingProxy;
  let address: DatabaseAddress;
  let journal: MySqlJournal;
  beforeEach(async () => {
    proxy = await CuttingProxy.open(direct);
    address = { ...direct, host: '127.0.0.1', port: proxy.port };
    journal = await MySqlJournal.open(address, { patience: 5_000 });
  });
  afterEach(async () => {
    await journal.close();
    await proxy.close();
    await dropDatabase(database);
  });
  async function all(): Promise<JournalRecord[]> {
    const records: JournalRecord[] = [];
    for await (const record of journal.read(0)) records.push(record);
    return records;
  }
  const reasons = async (): Promise<string[]> =>
    (await all()).map(({ event }) => (event.type === 'PlanClosed' ? event.reason : ''));

  it.each([
    ['START TRANSACTION', 'before'],
    ['START TRANSACTION', 'after'],
    ['b1', 'before'],
    ['b1', 'after'],
    ['COMMIT', 'before'],
    ['COMMIT', 'after'],
  ] as const)('writes each batch once when it is cut at %s, %s it arrives', async (text, when) => {
    await journal.append(batch('a'));
    proxy.cutAt(text, when);
    const records = await journal.append(batch('b'));
    expect(proxy.armed).toBe(false);
    expect(records.map(({ sequence }) => sequence)).toEqual([3, 4]);
    await journal.append(batch('c'));
    expect(await reasons()).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
    expect((await all()).at(-1)?.hash).toBe(journal.head().hash);
  });

  it('goes on when the connection was lost while nobody wrote', async () => {
    await journal.append(batch('a'));
    proxy.cutNow();
    await journal.append(batch('b'));
    expect(await reasons()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it.each(['before', 'after'] as const)(
    'writes nothing more when the server stays away and the outcome is not known: cut %s',
    async (when) => {
      await journal.close();
      journal = await MySqlJournal.open(address, { patience: 300 });
      await journal.append(batch('a'));
      proxy.cutAt('COMMIT', when);
      proxy.closed = true;
      await expect(journal.append(batch('b'))).rejects.toThrow(/not known, so nothing more is/);
      proxy.closed = false;
      await expect(journal.append(batch('c'))).rejects.toThrow(JournalError);
      await journal.close();
      journal = await MySqlJournal.open(address);
      const kept = when === 'after' ? ['a1', 'a2', 'b1', 'b2'] : ['a1', 'a2'];
      expect(await reasons()).toEqual(kept);
    },
  );

  it('lets a second server in only when the first is gone', async () => {
    await journal.append(batch('a'));
    const refused = MySqlJournal.open(direct);
    await expect(refused).rejects.toThrow(/^Another Tidegate writes to the database .*process \d+/);
    await journal.append(batch('b'));
    await journal.close();
    journal = await MySqlJournal.open(direct);
    expect(await reasons()).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('shuts out a writer that lost its lock without noticing; numbers the writers', async () => {
    await journal.append(batch('a'));
    proxy.closed = true;
    proxy.cutNow();
    const second = await eventually(() => MySqlJournal.open(direct));
    await second.append(batch('b'));
    proxy.closed = false;
    await expect(journal.append(batch('c'))).rejects.toThrow(LeaseLost);
    await second.close();
    await expect(journal.append(batch('d'))).rejects.toThrow(LeaseLost);
    const fences = await sql('SELECT fence FROM journal ORDER BY sequence', database);
    expect(fences).toEqual([{ fence: 1 }, { fence: 1 }, { fence: 2 }, { fence: 2 }]);
  });

  it('never writes beside a writer that came between, even with its connection whole', async () => {
    await journal.append(batch('a'));
    await sql('UPDATE journal_lease SET fence = fence + 1', database);
    await expect(journal.append(batch('b'))).rejects.toThrow(/taken the journal over/);
    await sql('UPDATE journal_lease SET fence = fence - 1', database);
    await expect(journal.append(batch('c'))).rejects.toThrow(LeaseLost);
    expect(await reasons()).toEqual(['a1', 'a2']);
  });

  it('keeps all of a batch or nothing when the server refuses a part, and goes on', async () => {
    const head = journal.head();
    const hostile = { ...closed('x'), type: 'x'.repeat(65) } as unknown as Event;
    const part = { inputId: 'b', at: 1, events: [closed('1'), hostile] };
    await expect(journal.append(part)).rejects.toThrow(/Nothing of this batch was written/);
    expect(journal.head()).toEqual(head);
    await journal.append(batch('c'));
    expect(await reasons()).toEqual(['c1', 'c2']);
  });

  it('goes on once a server takes writes again that refused them', async () => {
    const other = await admin(database);
    await other.query('START TRANSACTION');
    await other.query('INSERT INTO journal VALUES (1, 9, "x", 1, "x", "x", "x")');
    await expect(journal.append(batch('a'))).rejects.toThrow(/Lock wait timeout/);
    await other.query('ROLLBACK');
    await other.end();
    await journal.append(batch('b'));
    expect(await reasons()).toEqual(['b1', 'b2']);
  });

  it('reads on a connection of its own, which may be lost too', async () => {
    for (const id of ['a', 'b', 'c']) await journal.append(batch(id));
    const read = journal.read(0) as AsyncGenerator<JournalRecord>;
    await read.next();
    proxy.cutNow();
    expect(await reasons()).toHaveLength(6);
    await journal.append(batch('d'));
  });

  it('is kept by InnoDB, byte by byte, with the server set to lose nothing', async () => {
    const [tables] = (await (
      await withAdmin(database)
    ).query<RowDataPacket[]>(
      `SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_COLLATION AS collation
        FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' ORDER BY 1`,
    )) as unknown as [unknown];
    expect(tables).toEqual([
      { name: 'journal', engine: 'InnoDB', collation: 'utf8mb4_bin' },
      { name: 'journal_lease', engine: 'InnoDB', collation: 'utf8mb4_bin' },
    ]);
  });

  it('refuses tables that were converted to another engine, and another format', async () => {
    await journal.close();
    await sql('UPDATE journal_lease SET format = 9', database);
    await expect(MySqlJournal.open(direct)).rejects.toThrow(/has format 9/);
    await sql('UPDATE journal_lease SET format = 1; ALTER TABLE journal ENGINE=MyISAM', database);
    await expect(MySqlJournal.open(direct)).rejects.toThrow(/stored by MyISAM/);
  });
});

const connections: { end(): Promise<void> }[] = [];
afterAll(() => Promise.all(connections.map((each) => each.end())));
async function withAdmin(database: string) {
  const connection = await admin(database);
  connections.push(connection);
  return connection;
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (!(cause instanceof LeaseLost)) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('a server', () => {
  const good = { flush: 1, binlog: 0, sync: 0, packet: 16_777_216, locked: 0 };
  const here = '10.11.19-MariaDB-0+deb12u1';
  it.each([
    [{ ...good, version: here }],
    [{ ...good, version: '8.0.36' }],
    [{ ...good, version: '8.4.0', binlog: 1, sync: 1 }],
    [{ ...good, version: '12.1.2-MariaDB', locked: 'OFF' }],
  ])('that keeps what it commits is taken: %o', (settings) => {
    expect(faultOf(settings)).toBeNull();
  });
  it.each([
    [{ ...good, version: '5.7.44' }, 'needs MySQL 8.0 or MariaDB 10.6'],
    [{ ...good, version: '10.5.20-MariaDB' }, 'needs MySQL 8.0 or MariaDB 10.6'],
    [{ ...good, version: here, flush: 2 }, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1'],
    [{ ...good, version: here, binlog: 1 }, 'SET GLOBAL sync_binlog = 1'],
    [{ ...good, version: here, packet: 1_048_576 }, 'SET GLOBAL max_allowed_packet'],
    [{ ...good, version: here, locked: 1 }, 'read-only'],
    [{ ...good, version: here, locked: 'ON' }, 'read-only'],
  ])('that does not is refused with what to do: %o', (settings, next) => {
    expect(faultOf(settings)).toContain(next);
  });
});
