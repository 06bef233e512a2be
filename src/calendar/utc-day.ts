// Owns the calendar of every instrument without an exchange calendar of its own: each UTC day,
// 00:00:00.000 to 23:59:59.999, is one session, weekends included, until a calendar is added.
// Must not know exchanges, holidays, zones or a clock.

import { dateOfDay, dayAt, FIRST_WRITABLE_DATE, LAST_WRITABLE_DATE, startOfDay } from './dates';
import { remembered } from './memo';
import type { Calendar, Session } from './session';

const dateAt = remembered(dateOfDay);

/** Every UTC day is one session, and every instant is within its extended hours. */
export const utcDay: Calendar = {
  zone: 'UTC',
  firstDate: FIRST_WRITABLE_DATE,
  lastDate: LAST_WRITABLE_DATE,
  sessionOfDay: remembered(sessionOfDay),

  dateAt(at: number): string {
    return dateAt(dayAt(at));
  },

  inExtendedHours(): boolean {
    return true;
  },
};

function sessionOfDay(day: number): Session {
  const open = startOfDay(day);
  return Object.freeze({ date: dateOfDay(day), open, close: startOfDay(day + 1) - 1 });
}
