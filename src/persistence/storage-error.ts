/**
 * Faults of the storage that a person has to act on: one line that says what happened and what to
 * do next. Never a password, never a stack.
 */

/** Raised when the configured storage cannot be used. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** Raised by questions to the history while its database does not answer; trading goes on. */
export class HistoryUnavailable extends Error {
  override readonly name = 'HistoryUnavailable';
  readonly code = 'HISTORY_UNAVAILABLE';

  constructor(reason: string, cause?: unknown) {
    super(
      `The history is not available now: ${reason}. Trading and live data go on; ask again in a ` +
        'few seconds.',
      { cause },
    );
  }
}

/** Raised for a cursor that no page of this list gave out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  readonly code = 'INVALID';

  constructor(cursor: string) {
    super(
      `"${cursor.slice(0, 40)}" is no cursor of this list. Pass one that a page of the same list ` +
        'gave, or leave it out to begin with the newest.',
    );
  }
}
