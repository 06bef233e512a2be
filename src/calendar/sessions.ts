// Owns the questions the rest of the system asks a calendar: which session, which date, which next.
// Must not know the present time, files or orders, nor a holiday of any exchange: each calendar
// keeps those itself. Every function is pure; answers are remembered, so asking again is cheap.

import type { CalendarKey } from '../domain/instrument';
import { dayNumber, FIRST_WRITABLE_DATE, LAST_WRITABLE_DATE, startOfDay } from './dates';
import { CalendarRangeError } from './errors';
import type { Calendar, Session } from './session';
import { utcDay } from './utc-day';
import { xnys } from './xnys';

export type { CalendarKey } from '../domain/instrument';
export { CalendarRangeError } from './errors';
export type { Session } from './session';

/** XNYS: New York Stock Exchange. UTC: the UTC day, for instruments without a calendar yet. */
const calendars: Readonly<Record<CalendarKey, Calendar>> = { XNYS: xnys, UTC: utcDay };

const writable = { firstDate: FIRST_WRITABLE_DATE, lastDate: LAST_WRITABLE_DATE };
const firstInstant = startOfDay(dayNumber(FIRST_WRITABLE_DATE) ?? 0);
const lastInstant = startOfDay((dayNumber(LAST_WRITABLE_DATE) ?? 0) + 1) - 1;
const ZONE_MARGIN_MS = 86_400_000;

/**
 * The session of an exchange date written yyyy-mm-dd; undefined when the calendar is closed then.
 * Throws CalendarRangeError for a date the calendar does not cover or that is no real date.
 */
export function sessionOn(calendar: CalendarKey, date: string): Session | undefined {
  return calendars[calendar].sessionOfDay(coveredDay(calendar, date));
}

/**
 * The date, yyyy-mm-dd, on the exchange's wall clock at an instant in epoch milliseconds UTC. It
 * needs no session and no covered date. Throws CalendarRangeError when `at` is not a finite number
 * or lies outside the years 0000 to 9999.
 */
export function exchangeDate(calendar: CalendarKey, at: number): string {
  // A day is kept free at both ends, because the local date may differ from the UTC date.
  const margin = calendar === 'UTC' ? 0 : ZONE_MARGIN_MS;
  const covered = at >= firstInstant + margin && at <= lastInstant - margin;
  if (covered) return calendars[calendar].dateAt(at);
  throw new CalendarRangeError(
    `The instant ${at} has no ${calendar} date: instants are epoch milliseconds UTC within ` +
      'the years 0000 to 9999. Check the unit and the source of the time.',
    writable,
  );
}

/** IANA name of the zone in which the calendar counts its dates, such as America/New_York. */
export function zoneOf(calendar: CalendarKey): string {
  return calendars[calendar].zone;
}

/**
 * The first session after `date` (yyyy-mm-dd), never the one of `date` itself. Throws
 * CalendarRangeError when the search starts or runs outside the covered dates.
 */
export function nextSession(calendar: CalendarKey, date: string): Session {
  return nearestSession(calendar, date, 1);
}

/**
 * The last session before `date` (yyyy-mm-dd), never the one of `date` itself. Throws
 * CalendarRangeError when the search starts or runs outside the covered dates.
 */
export function previousSession(calendar: CalendarKey, date: string): Session {
  return nearestSession(calendar, date, -1);
}

/**
 * Whether an instant (epoch milliseconds UTC) is on a session date and, for XNYS, between 04:00 and
 * 20:00 New York, both ends included, on half days too. For UTC it is always so. Throws
 * CalendarRangeError when the instant's date is not covered.
 */
export function withinExtendedHours(calendar: CalendarKey, at: number): boolean {
  const session = sessionOn(calendar, exchangeDate(calendar, at));
  return session !== undefined && calendars[calendar].inExtendedHours(at);
}

function nearestSession(calendar: CalendarKey, date: string, step: 1 | -1): Session {
  const { firstDate, lastDate, sessionOfDay } = calendars[calendar];
  const first = coveredDay(calendar, firstDate);
  const last = coveredDay(calendar, lastDate);
  for (let day = coveredDay(calendar, date) + step; day >= first && day <= last; day += step) {
    const session = sessionOfDay(day);
    if (session !== undefined) return session;
  }
  const side = step === 1 ? 'after' : 'before';
  throw outOfRange(calendar, `No session of ${calendar} is known ${side} ${date}`);
}

function coveredDay(calendar: CalendarKey, date: string): number {
  const day = dayNumber(date);
  if (day === undefined) {
    const shown = JSON.stringify(date.slice(0, 40));
    throw outOfRange(calendar, `${shown} is not a date written yyyy-mm-dd`);
  }
  const { firstDate, lastDate } = calendars[calendar];
  // Dates of one shape sort as text.
  if (date >= firstDate && date <= lastDate) return day;
  throw outOfRange(calendar, `The ${calendar} calendar does not know ${date}`);
}

function outOfRange(calendar: CalendarKey, what: string): CalendarRangeError {
  const { firstDate, lastDate } = calendars[calendar];
  const extend =
    calendar === 'UTC'
      ? ''
      : `, or add the exchange's published dates to src/calendar/${calendar.toLowerCase()}.json`;
  return new CalendarRangeError(
    `${what}. ${calendar} covers ${firstDate} to ${lastDate}. Use a date in that range${extend}.`,
    { firstDate, lastDate },
  );
}
