/**
 * What every journal shares, wherever it is stored: the form of a row, the chain of hashes over
 * them, and how damage is told. It must not know any database.
 */
import { createHash } from 'node:crypto';
import type { JournalRecord } from '../domain/event';
import { decodeEvent, encodeEvent } from '../domain/event-codec';
import type { JournalBatch } from '../domain/ports';

/** Raised when a journal cannot be used as it is. The message says what to do next. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);
/** Version of the rows; a journal of another one is refused. */
export const JOURNAL_FORMAT = 1;

/** Where a journal ends. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}
export const EMPTY: Head = Object.freeze({ sequence: 0, hash: GENESIS });

/** One record as a database keeps it. */
export interface JournalRow {
  readonly sequence: number;
  readonly input_id: string;
  readonly at: number;
  /** Of the event, once more, for queries by hand. */
  readonly type: string;
  readonly event: string;
  readonly hash: string;
}

function chain(before: string, row: Omit<JournalRow, 'hash' | 'type'>): string {
  const content = `${before}\n${row.sequence}\n${row.input_id}\n${row.at}\n${row.event}`;
  return createHash('sha256').update(content).digest('hex');
}

/** A batch, ready to be written after a head. */
export interface Sealed {
  readonly rows: readonly JournalRow[];
  readonly records: readonly JournalRecord[];
  /** The head once the rows are written. */
  readonly head: Head;
}

/** Rows and records of a batch that follows `head`. */
export function seal({ inputId, at, events }: JournalBatch, head: Head): Sealed {
  const rows: JournalRow[] = [];
  const records: JournalRecord[] = [];
  let { sequence, hash } = head;
  for (const event of events) {
    sequence += 1;
    const text = encodeEvent(event);
    hash = chain(hash, { sequence, input_id: inputId, at, event: text });
    rows.push({ sequence, input_id: inputId, at, type: event.type, event: text, hash });
    records.push({ sequence, inputId, at, event, hash });
  }
  return { rows, records, head: { sequence, hash } };
}

/** Reads rows in order and refuses the first that does not follow from the one before. */
export class ChainReader {
  #head: Head;

  /** @param place where the journal is, for messages */
  constructor(
    private readonly place: string,
    from: Head,
  ) {
    this.#head = from;
  }

  /** @throws JournalError */
  take(row: JournalRow): JournalRecord {
    const expected = this.#head.sequence + 1;
    const hash = chain(this.#head.hash, row);
    const whole = row.sequence === expected && row.hash === hash;
    const event = whole ? decodeEvent(row.event) : null;
    if (event?.type !== row.type) throw damaged(this.place, expected);
    this.#head = { sequence: expected, hash };
    return { sequence: expected, inputId: row.input_id, at: row.at, event, hash };
  }
}

export function damaged(place: string, sequence: number): JournalError {
  return new JournalError(
    `The journal ${place} is damaged at record ${sequence}: its hash does not follow ` +
      'from the record before. Nothing after it can be trusted. Restore it from a backup.',
  );
}

export function causeText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
