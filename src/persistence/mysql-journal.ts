/**
 * The journal in MySQL or MariaDB, on a connection nobody shares. A batch is durable when `append`
 * resolves. Where the connection is lost on the way, the outcome is found out before anything
 * else is written; where it cannot be, the journal writes nothing more.
 */
import type { Connection } from 'mysql2/promise';
import type { JournalRecord } from '../domain/event';
import type { Journal, JournalBatch } from '../domain/ports';
import { placeOf, type DatabaseAddress } from './database-url';
import { causeText, ChainReader, damaged, EMPTY, JournalError } from './journal-record';
import { seal, type Head, type JournalRow, type Sealed } from './journal-record';
import { endLostHolder, holdFence, LeaseLost, prepareTables } from './mysql-lease';
import { raiseFence, releaseLock, takeLock } from './mysql-lease';
import { answered, checkServer, connect, connectOrCreate } from './mysql-server';
import { isAnswer, rowsOf, run } from './mysql-server';

const READ_PAGE = 500;
const ROWS_PER_STATEMENT = 100;
const TEXT_PER_STATEMENT = 2_000_000;
/** How long a lost server is waited for, in milliseconds. */
const PATIENCE = 30_000;
const RETRY_AFTER = 250;
const LOCK_PATIENCE = 5;
/** For a server that was killed a moment ago, in seconds: its lock is about to come free. */
const RESTART_PATIENCE = 2;
const ATTEMPTS = 3;
const KEEP_ALIVE = 20_000;

export interface MySqlJournalOptions {
  /** How long a server that went away is waited for, in milliseconds. */
  readonly patience?: number;
}

interface Writer {
  readonly connection: Connection;
  readonly fence: number;
}

export class MySqlJournal implements Journal {
  readonly #address: DatabaseAddress;
  readonly #patience: number;
  readonly #keepAlive: NodeJS.Timeout;
  #writer: Writer;
  #reader: Connection | null = null;
  #head: Head;
  #closed = false;
  /** Why nothing is ever written again. */
  #broken: JournalError | null = null;
  /** Whether the writer's connection failed, so that it is replaced before it is used. */
  #lost = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    address: DatabaseAddress,
    opened: { readonly writer: Writer; readonly head: Head },
    { patience = PATIENCE }: MySqlJournalOptions,
  ) {
    this.#address = address;
    this.#patience = patience;
    this.#writer = opened.writer;
    this.#head = opened.head;
    this.#keepAlive = setInterval(() => void this.#ping(), KEEP_ALIVE);
    this.#keepAlive.unref();
  }

  /**
   * Opens or creates the journal, and with it the database where that is allowed.
   * @throws StorageError, JournalError
   */
  static async open(
    address: DatabaseAddress,
    options: MySqlJournalOptions = {},
  ): Promise<MySqlJournal> {
    const connection = await connectOrCreate(address);
    try {
      await checkServer(connection, address);
      await takeLock(connection, address, RESTART_PATIENCE);
      await prepareTables(connection, address);
      const writer = { connection, fence: await raiseFence(connection) };
      const head = await headOf(connection);
      return new MySqlJournal(address, { writer, head }, options);
    } catch (cause) {
      connection.destroy();
      throw cause;
    }
  }

  append(batch: JournalBatch): Promise<readonly JournalRecord[]> {
    return this.#inTurn(async () => {
      if (this.#closed) throw new JournalError(`The journal ${this.#place} is closed.`);
      const sealed = seal(batch, this.#head);
      await this.#write(sealed);
      this.#head = sealed.head;
      return sealed.records;
    });
  }

  /**
   * Reads on a connection of its own, so that no append waits for a reader.
   * @throws JournalError at the first record whose hash does not follow from the one before
   */
  async *read(after: number): AsyncIterable<JournalRecord> {
    const from = await this.#headAt(after);
    const chain = new ChainReader(this.#place, from);
    for (let last = from.sequence; last < this.#head.sequence;) {
      const rows = await this.#rows<JournalRow>(
        `SELECT sequence, input_id, \`at\`, type, event, hash FROM journal
          WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ${READ_PAGE}`,
        [last, this.#head.sequence],
      );
      for (const row of rows) yield chain.take(row);
      const next = rows.at(-1)?.sequence;
      if (next === undefined) throw damaged(this.#place, last + 1);
      last = next;
    }
  }

  head(): Head {
    return this.#head;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#keepAlive);
    await this.#turn;
    // The server notices the end of a connection a moment later; the next one may be waiting.
    await releaseLock(this.#writer.connection, this.#address).catch(() => undefined);
    await quit(this.#writer.connection);
    if (this.#reader !== null) await quit(this.#reader);
  }

  get #place(): string {
    return placeOf(this.#address);
  }

  /** One thing at a time on the writer's connection. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #write(sealed: Sealed): Promise<void> {
    let cause: unknown = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (this.#broken !== null) throw this.#broken;
      if (this.#lost && (await this.#settle(sealed, cause)) === 'WRITTEN') return;
      try {
        await this.#commit(sealed);
        return;
      } catch (failure) {
        if (failure instanceof JournalError) throw failure;
        cause = failure;
        this.#lost = true;
      }
    }
    if ((await this.#settle(sealed, cause)) === 'WRITTEN') return;
    throw this.#nothingWritten(cause);
  }

  /** @throws JournalError when nothing was written, anything else when that is not certain */
  async #commit(sealed: Sealed): Promise<void> {
    const { connection, fence } = this.#writer;
    await answered(connection, connection.query('START TRANSACTION'));
    try {
      await holdFence(connection, fence);
      for (const rows of statements(sealed.rows)) {
        const values = rows.map(() => '(?, ?, ?, ?, ?, ?, ?)').join(', ');
        await run(
          connection,
          `INSERT INTO journal VALUES ${values}`,
          rows.flatMap(valuesOf(fence)),
        );
      }
    } catch (cause) {
      if (!(cause instanceof LeaseLost) && !isAnswer(cause)) throw cause;
      await answered(connection, connection.query('ROLLBACK'));
      if (!(cause instanceof LeaseLost)) throw this.#nothingWritten(cause);
      this.#broken = cause;
      throw cause;
    }
    await answered(connection, connection.query('COMMIT'));
  }

  #nothingWritten(cause: unknown): JournalError {
    return new JournalError(
      `The journal ${this.#place} refuses to be written: ${causeText(cause)}. Nothing of this ` +
        'batch was written. Look at the database server.',
      { cause },
    );
  }

  /**
   * Replaces a lost connection and finds out what became of a batch. The lock comes free and the
   * fence can be held only once the lost connection's transaction has ended, one way or the other.
   * @throws JournalError when it cannot be found out: nothing is written from then on
   */
  async #settle(sealed: Sealed | null, lost: unknown): Promise<'WRITTEN' | 'NOT_WRITTEN'> {
    const until = Date.now() + this.#patience;
    for (;;) {
      try {
        const head = await this.#replaceWriter();
        this.#lost = false;
        if (same(head, this.#head)) return 'NOT_WRITTEN';
        if (sealed !== null && same(head, sealed.head)) return 'WRITTEN';
        this.#broken = new LeaseLost(
          `The journal ${this.#place} ends at record ${head.sequence}, which this process did ` +
            'not write. Nothing more is written here; end this process.',
        );
      } catch (cause) {
        if (cause instanceof LeaseLost) this.#broken = cause;
        else if (Date.now() >= until) this.#broken = this.#unknownOutcome(lost ?? cause);
      }
      if (this.#broken !== null) throw this.#broken;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    }
  }

  #unknownOutcome(cause: unknown): JournalError {
    return new JournalError(
      `The connection to the journal ${this.#place} was lost (${causeText(cause)}) and did not ` +
        `come back within ${this.#patience / 1_000} s. Whether the last batch was written is not ` +
        'known, so nothing more is. Restart Tidegate when the database answers: it goes on from ' +
        'what is there.',
      { cause },
    );
  }

  /** A new connection with our lock and our fence; gives the head it sees. */
  async #replaceWriter(): Promise<Head> {
    const { connection: old, fence } = this.#writer;
    old.destroy();
    const connection = await connect(this.#address);
    try {
      await checkServer(connection, this.#address);
      await endLostHolder(connection, this.#address, { thread: old.threadId, fence });
      await takeLock(connection, this.#address, LOCK_PATIENCE);
      await answered(connection, connection.query('START TRANSACTION'));
      await holdFence(connection, fence);
      await answered(connection, connection.query('COMMIT'));
      const head = await headOf(connection);
      this.#writer = { connection, fence };
      return head;
    } catch (cause) {
      connection.destroy();
      throw cause;
    }
  }

  /** Keeps the lock, and takes it back soon when the connection was lost while idle. */
  #ping(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed || this.#broken !== null) return;
      const { connection } = this.#writer;
      await answered(connection, connection.ping());
    }).catch(() => this.#retake());
  }

  #retake(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed || this.#broken !== null) return;
      this.#lost = true;
      const head = await this.#replaceWriter();
      this.#lost = !same(head, this.#head);
    }).catch(() => undefined);
  }

  async #headAt(sequence: number): Promise<Head> {
    if (sequence <= 0) return EMPTY;
    if (sequence >= this.#head.sequence) return this.#head;
    const [row] = await this.#rows<Head>('SELECT sequence, hash FROM journal WHERE sequence = ?', [
      sequence,
    ]);
    if (row === undefined) throw damaged(this.#place, sequence);
    return row;
  }

  async #rows<T>(sql: string, values: number[]): Promise<readonly T[]> {
    for (let attempt = 1; ; attempt += 1) {
      this.#reader ??= await connect(this.#address);
      try {
        return await rowsOf<T>(this.#reader, sql, values);
      } catch (cause) {
        this.#reader.destroy();
        this.#reader = null;
        if (attempt < ATTEMPTS) continue;
        throw new JournalError(
          `The journal ${this.#place} cannot be read: ${causeText(cause)}. Look at the database ` +
            'server.',
          { cause },
        );
      }
    }
  }
}

const same = (a: Head, b: Head): boolean => a.sequence === b.sequence && a.hash === b.hash;

async function headOf(connection: Connection): Promise<Head> {
  const [last] = await rowsOf<Head>(
    connection,
    'SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1',
  );
  return last ?? EMPTY;
}

async function quit(connection: Connection): Promise<void> {
  await answered(connection, connection.end()).catch(() => undefined);
  connection.destroy();
}

const valuesOf = (fence: number) => (row: JournalRow) => [
  ...[row.sequence, fence, row.input_id, row.at],
  ...[row.type, row.event, row.hash],
];

/** Rows in portions that fit into one statement each. */
function statements(rows: readonly JournalRow[]): JournalRow[][] {
  const portions: JournalRow[][] = [];
  let portion: JournalRow[] = [];
  let text = 0;
  for (const row of rows) {
    const full = portion.length >= ROWS_PER_STATEMENT || text > TEXT_PER_STATEMENT;
    if (portion.length === 0 || full) {
      portion = [];
      portions.push(portion);
      text = 0;
    }
    portion.push(row);
    text += row.event.length;
  }
  return portions;
}
