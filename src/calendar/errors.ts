// Owns the one error of the calendar: a date or an instant it cannot answer for.
// Must not know who asked, nor how a caller shows the message.

/**
 * A date or an instant that a calendar does not cover, or that is no date at all. The message says
 * what happened, which range is covered and what to do next; `range` repeats the range as data.
 */
export class CalendarRangeError extends RangeError {
  override readonly name = 'CalendarRangeError';

  constructor(
    message: string,
    readonly range: { readonly firstDate: string; readonly lastDate: string },
  ) {
    super(message);
  }
}
