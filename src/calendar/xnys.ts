// Owns the sessions of the New York Stock Exchange, worked out from the dates in xnys.json.
// Must not know other calendars, a clock, files or orders. Hours are the scheduled ones; halts and
// openings delayed on the day are not part of a schedule.

import { dateOfDay, dayAt, startOfDay, timeOfDay, weekdayOfDay } from './dates';
import { remembered } from './memo';
import type { Calendar, Session } from './session';
import data from './xnys.json';
import { zoneNamed } from './zone';

const zone = zoneNamed(data.zone);
const holidays: ReadonlySet<string> = new Set(Object.keys(data.holidays));
const earlyCloses: ReadonlyMap<string, { readonly close: string }> = new Map(
  Object.entries(data.earlyCloses),
);
const open = timeOfDay(data.open);
const extendedOpen = timeOfDay(data.extendedOpen);
const extendedClose = timeOfDay(data.extendedClose);

const dateAt = remembered(dateOfDay);
const SUNDAY = 0;
const SATURDAY = 6;

/** Sessions 09:30 to 16:00 New York, 13:00 on half days; none on weekends and holidays. */
export const xnys: Calendar = {
  zone: data.zone,
  firstDate: data.firstDate,
  lastDate: data.lastDate,
  sessionOfDay: remembered(sessionOfDay),

  dateAt(at: number): string {
    return dateAt(dayAt(zone.toLocal(at)));
  },

  inExtendedHours(at: number): boolean {
    const local = zone.toLocal(at);
    const time = local - startOfDay(dayAt(local));
    return time >= extendedOpen && time <= extendedClose;
  },
};

function sessionOfDay(day: number): Session | undefined {
  const date = dateOfDay(day);
  const weekday = weekdayOfDay(day);
  if (weekday === SUNDAY || weekday === SATURDAY || holidays.has(date)) return undefined;
  const close = timeOfDay(earlyCloses.get(date)?.close ?? data.close);
  const midnight = startOfDay(day);
  return Object.freeze({
    date,
    open: zone.toInstant(midnight + open),
    close: zone.toInstant(midnight + close),
  });
}
