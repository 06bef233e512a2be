// A journal that numbers its records and keeps nothing, for set-ups that are not what is measured.

import type { JournalRecord } from '../../src/domain/event';
import type { Journal } from '../../src/domain/ports';

export class CountingJournal implements Journal {
  #sequence = 0;

  append({ inputId, at, events }: Parameters<Journal['append']>[0]): readonly JournalRecord[] {
    return events.map((event) => {
      this.#sequence += 1;
      return { sequence: this.#sequence, inputId, at, event, hash: '' };
    });
  }

  *read(_after: number): Iterable<JournalRecord> {
    yield* [];
  }

  head(): { readonly sequence: number; readonly hash: string } {
    return { sequence: this.#sequence, hash: '' };
  }

  close(): void {}
}
