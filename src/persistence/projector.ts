/**
 * Keeps the query tables in step with the journal, in batches and never on the way of an order.
 * Whatever happens to their database, trading goes on: what could not be written is read from the
 * journal again once the database answers. It must not know any list or page.
 */
import type { LogLevel } from '../domain/desk';
import type { JournalRecord } from '../domain/event';
import type { Journal } from '../domain/ports';
import type { State } from '../engine/core/state';
import { Backlog, type Lookup } from './backlog';
import { causeText, EMPTY, type Head } from './journal-record';
import { MadeOrders } from './made-orders';
import { HistoryUnavailable } from './storage-error';
import { type Value, ViewDatabase, type ViewPlace, type Warn } from './view-database';

/** Version of what the rows hold; tables of another one are made again. */
export const VIEW_FORMAT = 1;

const FLUSH_AFTER = 20;
/** What waits in memory at most; beyond it the journal is read again. */
const KEEP = 10_000;
/** Things that one transaction writes: its commit happens within one turn of the event loop. */
const PORTION = 1_000;
const CATCH_UP_PORTION = 200;
const FIRST_RETRY = 250;
const LAST_RETRY = 10_000;
/** How long a question waits for the tables to catch up. */
const PATIENCE = 10_000;
const NO_ANSWER = `its database gave no answer for ${PATIENCE / 1_000} s`;
const DAMAGE = /malformed|not a database|disk image|no such (table|column)|doesn't exist/i;

/** What waits up to a place in the journal, after the portion before it. */
interface Portion {
  readonly backlog: Backlog;
  readonly head: Head;
}

export interface ProjectorParts {
  readonly place: ViewPlace;
  readonly journal: Pick<Journal, 'read' | 'head'>;
  readonly log: (level: LogLevel, message: string) => void;
  /** How many things may wait in memory. */
  readonly keep?: number;
}

export class Projector {
  /** All orders it was told of. */
  readonly made = new MadeOrders();
  readonly #parts: ProjectorParts;
  readonly #keep: number;
  #database: ViewDatabase;
  /** Up to where the tables are filled. */
  #written: Head;
  /** Up to where the engine has told. */
  #seen = 0;
  #last: Head = EMPTY;
  #backlog = new Backlog();
  /** What came before it, in portions that are full; and how many things these hold. */
  #full: Portion[] = [];
  #inFull = 0;
  /** True where records are missing in the backlog: they come from the journal. */
  #behind = false;
  #state: State | null = null;
  /** Why the tables cannot be written now. */
  #fault: string | null = null;
  #retries = 0;
  #timer: NodeJS.Timeout | null = null;
  #step: Promise<void> | null = null;
  #closed = false;
  readonly #lookup: Lookup = {
    order: (id) => this.made.find(id),
    fills: () => this.#state?.fills.values() ?? [],
  };

  private constructor(parts: ProjectorParts, opened: Opened) {
    this.#parts = parts;
    this.#keep = parts.keep ?? KEEP;
    this.#database = opened.database;
    this.#written = opened.written;
  }

  /**
   * Opens the tables. Those of another journal, newer than the journal or unreadable are deleted
   * and will be filled again. @throws whatever a database that is not there says
   */
  static async open(parts: ProjectorParts): Promise<Projector> {
    const { place, log } = parts;
    const warn = warnerOf(log);
    const found = await openedTables(parts, warn);
    if ('database' in found) return new Projector(parts, found);
    log('WARNING', `The query tables are filled again from the journal: ${found.fault}.`);
    const database = await ViewDatabase.recreate(place, warn);
    return new Projector(parts, { database, written: EMPTY });
  }

  /** A record of an earlier run, with the state that includes it. */
  recovered(record: JournalRecord, state: State): void {
    this.#take(record, state);
    this.#schedule(FLUSH_AFTER);
  }

  /** A committed batch, with the state that includes it. Returns at once. */
  project(records: readonly JournalRecord[], state: State): void {
    for (const record of records) this.#take(record, state);
    this.#schedule(FLUSH_AFTER);
  }

  /** Sequence of the newest record it was told of. */
  get seen(): number {
    return this.#seen;
  }

  /**
   * Resolves when everything up to a sequence, as far as it was told of it, is in the tables.
   * @throws HistoryUnavailable
   */
  async upTo(sequence: number): Promise<void> {
    const target = Math.min(sequence, this.#seen);
    const until = Date.now() + PATIENCE;
    const { sequence: before } = this.#written;
    while (this.#written.sequence < target) {
      this.#refuseWhileUnavailable();
      if (!(await within(until - Date.now(), this.#work()))) {
        const { sequence: written } = this.#written;
        if (written === before) this.#failed(new Error(NO_ANSWER));
        throw new HistoryUnavailable(`its tables hold ${written} of ${this.#seen} records so far`);
      }
    }
    this.#refuseWhileUnavailable();
  }

  /** Plain rows of one statement. @throws HistoryUnavailable */
  async rows<T>(sql: string, values: readonly Value[]): Promise<readonly T[]> {
    try {
      const answer = this.#database.rows<T>(sql, values);
      const inTime = await within(
        PATIENCE,
        answer.then(() => undefined),
      );
      if (!inTime) throw new Error(NO_ANSWER);
      return await answer;
    } catch (cause) {
      if (!this.#closed) this.#failed(cause);
      throw new HistoryUnavailable(causeText(cause), cause);
    }
  }

  /** Writes what waits, where the database answers, and lets go of it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#fault === null) await this.upTo(this.#seen).catch(() => undefined);
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#step;
    await this.#database.close();
  }

  #refuseWhileUnavailable(): void {
    if (this.#closed) throw new HistoryUnavailable('it is closed');
    if (this.#fault !== null) throw new HistoryUnavailable(this.#fault);
  }

  #take(record: JournalRecord, state: State): void {
    const { sequence, hash } = record;
    if (sequence <= this.#seen) return;
    this.#state = state;
    this.#seen = sequence;
    this.made.take(record, state);
    if (sequence <= this.#written.sequence || this.#behind) return;
    this.#backlog.add(record, this.#lookup);
    this.#last = { sequence, hash };
    if (this.#inFull + this.#backlog.size > this.#keep) this.#fallBehind();
    else if (this.#backlog.size >= PORTION) this.#closePortion();
  }

  #closePortion(): void {
    this.#full.push({ backlog: this.#backlog, head: this.#last });
    this.#inFull += this.#backlog.size;
    this.#backlog = new Backlog();
  }

  /** Lets go of what waits: the journal has it. */
  #fallBehind(): void {
    this.#behind = true;
    this.#backlog = new Backlog();
    [this.#full, this.#inFull] = [[], 0];
  }

  #schedule(after: number): void {
    const idle = this.#timer === null && this.#step === null && !this.#closed;
    const nothing = this.#written.sequence >= this.#seen && this.#fault === null;
    if (!idle || nothing) return;
    this.#timer = setTimeout(() => void this.#work(), after);
    this.#timer.unref();
  }

  /** One attempt at a time. Never rejects. */
  #work(): Promise<void> {
    this.#step ??= this.#attempt().finally(() => {
      this.#step = null;
      if (this.#fault === null) this.#schedule(FLUSH_AFTER);
      else this.#schedule(Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#retries++));
    });
    return this.#step;
  }

  async #attempt(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      if (this.#fault !== null && DAMAGE.test(this.#fault)) await this.#replaceTables();
      if (this.#fault !== null) await this.#tryAgain();
      if (this.#behind) await this.#catchUp();
      else await this.#writeBacklog();
      this.#recover();
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /** In its order. What comes meanwhile is for the next attempt, unless a portion is full of it. */
  async #writeBacklog(): Promise<void> {
    for (let next = this.#full.shift(); next !== undefined; next = this.#full.shift()) {
      this.#inFull -= next.backlog.size;
      await this.#write(next.backlog, next.head);
    }
    // It may have fallen behind meanwhile: then what it held was let go, and is not written.
    if (this.#behind || this.#last.sequence <= this.#written.sequence) return;
    const backlog = this.#backlog;
    this.#backlog = new Backlog();
    await this.#write(backlog, this.#last);
  }

  async #catchUp(): Promise<void> {
    let backlog = new Backlog();
    let head = this.#written;
    for await (const record of this.#parts.journal.read(head.sequence)) {
      if (this.#closed || record.sequence > this.#seen) break;
      backlog.add(record, this.#lookup);
      head = record;
      if (backlog.size < CATCH_UP_PORTION) continue;
      await this.#write(backlog, head);
      backlog = new Backlog();
    }
    if (head.sequence > this.#written.sequence) await this.#write(backlog, head);
    // What came during the last write is read in the next attempt.
    this.#behind = this.#written.sequence < this.#seen;
  }

  async #write(backlog: Backlog, { sequence, hash }: Head): Promise<void> {
    const meta = {
      kind: 'UPSERT' as const,
      table: 'view_meta',
      columns: ['id', 'format', 'sequence', 'hash'],
      rows: [[1, VIEW_FORMAT, sequence, hash]],
    };
    await this.#database.write([...backlog.changes(), meta]);
    this.#written = { sequence, hash };
  }

  /** There may be nothing to write that would show that the database answers again. */
  async #tryAgain(): Promise<void> {
    await this.#database.reconnect();
    await this.#database.rows('SELECT id FROM view_meta');
  }

  async #replaceTables(): Promise<void> {
    this.#parts.log('WARNING', 'The query tables are damaged and are filled again.');
    await this.#database.close().catch(() => undefined);
    const { place, log } = this.#parts;
    this.#database = await ViewDatabase.recreate(place, warnerOf(log));
    this.#written = EMPTY;
    this.#fallBehind();
  }

  #failed(cause: unknown): void {
    const known = this.#fault !== null;
    this.#fault = causeText(cause);
    this.#fallBehind();
    this.#schedule(FIRST_RETRY);
    if (known) return;
    this.#parts.log(
      'ERROR',
      `The query tables cannot be used (${this.#fault}). Trading goes on; lists of fills, ` +
        'decisions and files are not available until their database answers again.',
    );
  }

  #recover(): void {
    if (this.#fault === null) return;
    [this.#fault, this.#retries] = [null, 0];
    this.#parts.log('INFO', 'The query tables are in use again; what was missing is filled in.');
  }
}

function warnerOf(log: ProjectorParts['log']): Warn {
  return (message) => {
    log('WARNING', message);
  };
}

type Opened = { readonly database: ViewDatabase; readonly written: Head };

/** The tables and up to where they are filled, or why they have to be made again. */
async function openedTables(
  { place, journal }: ProjectorParts,
  warn: Warn,
): Promise<Opened | { readonly fault: string }> {
  let database: ViewDatabase | null = null;
  try {
    database = await ViewDatabase.open(place, warn);
    const start = await startOf(database, journal);
    if (typeof start !== 'string') return { database, written: start };
    await database.close();
    return { fault: start };
  } catch (cause) {
    await database?.close();
    if (DAMAGE.test(causeText(cause))) return { fault: `they are damaged (${causeText(cause)})` };
    throw cause;
  }
}

/** Up to where tables are filled with this journal, or why they have to be made again. */
async function startOf(
  database: ViewDatabase,
  journal: ProjectorParts['journal'],
): Promise<Head | string> {
  const [meta] = await database.rows<{ format: number; sequence: number; hash: string }>(
    'SELECT format, sequence, hash FROM view_meta WHERE id = 1',
  );
  if (meta === undefined) return EMPTY;
  if (meta.format !== VIEW_FORMAT) {
    return `they have format ${meta.format}, this Tidegate fills format ${VIEW_FORMAT}`;
  }
  const sequence = Number(meta.sequence);
  const end = journal.head().sequence;
  if (sequence > end) {
    return `they hold record ${sequence} and the journal ends at ${end}; was it put back?`;
  }
  const hash = await hashAt(journal, sequence);
  return hash === meta.hash ? { sequence, hash } : 'they were filled from another journal';
}

async function hashAt(
  journal: ProjectorParts['journal'],
  sequence: number,
): Promise<string | null> {
  if (sequence === journal.head().sequence) return journal.head().hash;
  for await (const record of journal.read(sequence - 1)) return record.hash;
  return null;
}

/** Whether the work was done in time. */
async function within(time: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, time));
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
