/**
 * Which session is on, and which trading date a file without one means. Pure: the time is given.
 */
import {
  CalendarRangeError,
  exchangeDate,
  nextSession,
  previousSession,
  sessionOn,
  type CalendarKey,
  type Session,
} from '../calendar/sessions';

/** The session an instant falls into; null between sessions. Both ends count. */
export function sessionAt(calendar: CalendarKey, at: number): Session | null {
  const session = sessionOn(calendar, exchangeDate(calendar, at));
  return session !== undefined && session.open <= at && at <= session.close ? session : null;
}

/** The session that is on, or else the next one to open. */
export function currentOrNext(calendar: CalendarKey, at: number): Session {
  const today = exchangeDate(calendar, at);
  const session = sessionOn(calendar, today);
  return session !== undefined && at <= session.close ? session : nextSession(calendar, today);
}

/** Whether a session has begun or been on between two instants; where nobody knows, it has. */
export function openSince(calendar: CalendarKey, from: number, to: number): boolean {
  try {
    return currentOrNext(calendar, from).open <= to;
  } catch (cause) {
    if (cause instanceof CalendarRangeError) return true;
    throw cause;
  }
}

export type DateVerdict = 'CURRENT' | 'PASSED' | 'TOO_EARLY' | 'NO_SESSION';

/**
 * Whether instructions for a date may arm now: those of the session that is on or opens next. An
 * earlier one has passed; a later one would look at the prices of a session it is not for.
 */
export function judgeDate(calendar: CalendarKey, date: string, at: number): DateVerdict {
  const current = currentOrNext(calendar, at).date;
  if (date === current) return 'CURRENT';
  if (date < current) return 'PASSED';
  return sessionOn(calendar, date) === undefined ? 'NO_SESSION' : 'TOO_EARLY';
}

/** Whether the date can be armed only after a session that comes before it. */
export function isTooEarly(calendar: CalendarKey, date: string, at: number): boolean {
  try {
    return judgeDate(calendar, date, at) === 'TOO_EARLY';
  } catch (cause) {
    if (cause instanceof CalendarRangeError) return false;
    throw cause;
  }
}

/** Orders for after hours live so long after the close. */
const AFTER_HOURS = 4 * 3_600_000;

/**
 * Day orders sent before this instant have ended: the close of the last session that is over, after
 * hours included.
 */
export function dayOrdersEndedBefore(calendar: CalendarKey, at: number): number {
  let date = currentOrNext(calendar, at).date;
  for (;;) {
    const { close, date: before } = previousSession(calendar, date);
    if (close + AFTER_HOURS < at) return close;
    date = before;
  }
}
