/**
 * A kept journal seen by a run that starts from the beginning: what the run appends is compared
 * with what stands there, record by record, until the kept part ends; from there on it is
 * written. So a run that was killed continues where it stopped, and a run over other inputs is
 * found out.
 */
import { encodeEvent } from '../domain/event-codec';
import type { JournalRecord } from '../domain/event';
import type { JournalBatch, LocalJournal } from '../domain/ports';
import { EMPTY, JournalError, type Head } from './journal-record';

export class RerunJournal implements LocalJournal {
  readonly #kept: Iterator<JournalRecord>;
  readonly #keptUntil: number;
  #head: Head = EMPTY;

  constructor(private readonly journal: LocalJournal) {
    this.#kept = journal.read(0)[Symbol.iterator]();
    this.#keptUntil = journal.head().sequence;
  }

  /** How many records the journal held when the run began. */
  get keptUntil(): number {
    return this.#keptUntil;
  }

  /** @throws JournalError when the run decides something else than the journal holds */
  append(batch: JournalBatch): readonly JournalRecord[] {
    const kept = this.#head.sequence < this.#keptUntil;
    const records = kept ? this.#compare(batch) : this.journal.append(batch);
    const last = records.at(-1);
    if (last !== undefined) this.#head = { sequence: last.sequence, hash: last.hash };
    return records;
  }

  #compare({ inputId, at, events }: JournalBatch): readonly JournalRecord[] {
    return events.map((event) => {
      const next = this.#kept.next();
      const record = next.done === true ? undefined : next.value;
      const same =
        record?.inputId === inputId &&
        record.at === at &&
        encodeEvent(record.event) === encodeEvent(event);
      if (same) return record;
      const place = record?.sequence ?? this.#keptUntil + 1;
      const held = record === undefined ? 'missing' : record.event.type;
      throw new JournalError(
        `Record ${place} of the journal (${held}) is not what this run comes to ` +
          `(${event.type}, input ${inputId}). The journal was made with other inputs, other ` +
          'rules or another version. Name a new journal file, or give what it was made with.',
      );
    });
  }

  /** Called at the end of a run. @throws JournalError when the journal holds more than the run */
  complete(): void {
    if (this.#head.sequence >= this.#keptUntil) return;
    throw new JournalError(
      `The journal holds ${this.#keptUntil} records and this run comes to ` +
        `${this.#head.sequence}. It was made with other inputs, or somebody has added to it.`,
    );
  }

  /** Nothing: the run starts from the beginning and finds the records by making them again. */
  *read(_after: number): Iterable<JournalRecord> {
    yield* [];
  }

  head(): Head {
    return this.#head;
  }

  close(): void {
    this.journal.close();
  }
}
