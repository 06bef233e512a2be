/**
 * Fan-out of committed events. One shared tail of the newest changes, and a cursor for each
 * subscriber: a subscriber that stalls costs nothing but its place, and is told when it fell off
 * the end. Older changes come from the journal. It must not know who subscribes.
 */
import type { JournalRecord } from '../domain/event';
import type { Order } from '../domain/order';
import type { Journal } from '../domain/ports';
import type { State } from './core/state';
import { Reader, type Source, type Taken } from './reader';

/** A committed event, with the order it changed as it was right after it. */
export interface Change {
  readonly record: JournalRecord;
  /** Null where the event is not about an order. */
  readonly order: Order | null;
}

/** The subscriber was further behind than is kept for it; it resumes from `sequence`. */
export class SlowConsumer extends Error {
  override readonly name = 'SlowConsumer';
  readonly code = 'SLOW_CONSUMER';
  constructor(readonly sequence: number) {
    super(
      `This subscription fell too far behind and was ended after sequence ${sequence}. ` +
        `Subscribe again with after: "${sequence}"; nothing is lost.`,
    );
  }
}

export type ResetReason = 'SEQUENCE_TOO_OLD' | 'SLOW_CONSUMER';

/** What a subscriber of changing things gets. */
export type ChangeOrReset =
  | { readonly kind: 'CHANGE'; readonly change: Change }
  /** Changes are missing: what is held must be replaced by what is true at this sequence. */
  | { readonly kind: 'RESET'; readonly reason: ResetReason; readonly sequence: number };

export interface FeedParts {
  readonly journal: Pick<Journal, 'read' | 'head'>;
  /** How many changes are kept for subscribers; also how far one may fall behind. */
  readonly keep?: number;
}

const KEEP = 8_192;

/** The order an event is about. */
function orderOfEvent(record: JournalRecord, state: State): Order | null {
  const { event } = record;
  if (event.type === 'OrderArmed') return state.orders.get(event.order.id) ?? null;
  if (event.type === 'OrderFilled' || event.type === 'FillCorrected') {
    return event.fill.order === null ? null : (state.orders.get(event.fill.order) ?? null);
  }
  if (event.type === 'DecisionMade') return state.orders.get(event.decision.order) ?? null;
  if (!('order' in event) || typeof event.order !== 'string') return null;
  return state.orders.get(event.order) ?? null;
}

export class Feed {
  readonly #journal: FeedParts['journal'];
  readonly #keep: number;
  #tail: Change[] = [];
  #folded: Change[] = [];
  #head: number;
  #wake: () => void = () => undefined;
  #woken: Promise<void> = Promise.resolve();

  constructor({ journal, keep = KEEP }: FeedParts) {
    this.#journal = journal;
    this.#keep = keep;
    this.#head = journal.head().sequence;
    this.#sleep();
  }

  /** Sequence of the newest committed event. */
  get head(): number {
    return this.#head;
  }

  /** An event was folded in; subscribers hear of it once its whole batch was. */
  folded(record: JournalRecord, state: State): void {
    // What was there when the feed began is read from the journal.
    if (record.sequence <= this.#head) return;
    this.#folded.push({ record, order: orderOfEvent(record, state) });
  }

  /** The batch is complete. */
  committed(): void {
    const last = this.#folded.at(-1);
    if (last === undefined) return;
    this.#tail.push(...this.#folded);
    this.#folded = [];
    this.#head = last.record.sequence;
    if (this.#tail.length > this.#keep * 2) this.#tail = this.#tail.slice(-this.#keep);
    this.#wake();
    this.#sleep();
  }

  /**
   * Facts that are never skipped: each committed event for which `select` gives something, exactly
   * once and in order. With `after`, from there on, out of the journal where needed; null: from
   * now on. Ends with SlowConsumer.
   */
  facts<T>(
    select: (record: JournalRecord) => T | null,
    after: number | null,
  ): AsyncIterableIterator<T> {
    return new Reader(new FactSource(this, select, after ?? this.#head));
  }

  /**
   * Changes of things that are told whole: when some are missing, a RESET says so instead.
   * `select` maps what is of interest; null: nothing.
   */
  changes<T>(
    select: (item: ChangeOrReset) => readonly T[] | null,
    after: number | null,
  ): AsyncIterableIterator<T> {
    return new Reader(new ChangeSource(this, select, after ?? this.#head));
  }

  /** Resolves at the next commit. */
  more(): Promise<void> {
    return this.#woken;
  }

  /** The change after a sequence; null: not yet; LOST: no longer kept. */
  after(sequence: number): Change | null | 'LOST' {
    if (sequence >= this.#head) return null;
    const first = this.#tail[0]?.record.sequence ?? this.#head + 1;
    const behind = this.#head - sequence > this.#keep;
    if (sequence + 1 < first || behind) return 'LOST';
    return this.#tail[sequence + 1 - first] ?? null;
  }

  /** Committed records after a sequence, from storage. */
  stored(after: number): ReturnType<Journal['read']> {
    return this.#journal.read(after);
  }

  #sleep(): void {
    this.#woken = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** A place in the feed. */
abstract class CursorSource<T> implements Source<T> {
  constructor(
    protected readonly feed: Feed,
    protected sequence: number,
  ) {}
  abstract take(): Taken<T> | Promise<Taken<T>>;
  more(): Promise<void> {
    return this.feed.more();
  }
  close(): void {
    this.sequence = Infinity;
  }
}

class FactSource<T> extends CursorSource<T> {
  /** Whether everything up to now has been read, so that falling behind is the reader's doing. */
  #live = false;
  #stored: AsyncIterator<JournalRecord> | null = null;

  constructor(
    feed: Feed,
    private readonly select: (record: JournalRecord) => T | null,
    after: number,
  ) {
    super(feed, after);
  }

  take(): Taken<T> | Promise<Taken<T>> {
    if (this.#stored !== null) return this.#takeStored(this.#stored);
    for (;;) {
      const change = this.feed.after(this.sequence);
      if (change === null) {
        this.#live = true;
        return null;
      }
      if (change === 'LOST') {
        if (this.#live) return { end: new SlowConsumer(this.sequence) };
        this.#stored = readerOf(this.feed.stored(this.sequence));
        return this.#takeStored(this.#stored);
      }
      this.sequence = change.record.sequence;
      const value = this.select(change.record);
      if (value !== null) return { value };
    }
  }

  override close(): void {
    super.close();
    void this.#stored?.return?.();
    this.#stored = null;
  }

  /** Reads storage until what is kept in memory begins. */
  async #takeStored(stored: AsyncIterator<JournalRecord>): Promise<Taken<T>> {
    for (;;) {
      const next = await stored.next();
      if (next.done === true) {
        this.#stored = null;
        return this.take();
      }
      this.sequence = next.value.sequence;
      const value = this.select(next.value);
      if (value !== null) return { value };
    }
  }
}

async function* readerOf(records: ReturnType<Journal['read']>): AsyncGenerator<JournalRecord> {
  yield* records;
}

class ChangeSource<T> extends CursorSource<T> {
  #pending: T[] = [];
  #first = true;

  constructor(
    feed: Feed,
    private readonly select: (item: ChangeOrReset) => readonly T[] | null,
    after: number,
  ) {
    super(feed, after);
  }

  take(): Taken<T> {
    for (;;) {
      const ready = this.#pending.shift();
      if (ready !== undefined) return { value: ready };
      const change = this.feed.after(this.sequence);
      if (change === null) {
        this.#first = false;
        return null;
      }
      if (change === 'LOST') {
        const reason = this.#first ? 'SEQUENCE_TOO_OLD' : 'SLOW_CONSUMER';
        this.sequence = this.feed.head;
        const reset = { kind: 'RESET', reason, sequence: this.sequence } as const;
        this.#pending = [...(this.select(reset) ?? [])];
      } else {
        this.sequence = change.record.sequence;
        this.#pending = [...(this.select({ kind: 'CHANGE', change }) ?? [])];
      }
      this.#first = false;
    }
  }
}
