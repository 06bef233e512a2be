// Owns arithmetic on calendar dates written yyyy-mm-dd, without any time zone.
// Must not know exchanges, holidays, clocks or the zone of the machine: a date is counted as if
// it were a UTC day, so every day has 24 hours here.

import { remembered } from './memo';

const DAY_MS = 86_400_000;
const DATE_LENGTH = 10;
const DATE_SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** The first and the last date that four digits of year can write. */
export const FIRST_WRITABLE_DATE = '0000-01-01';
export const LAST_WRITABLE_DATE = '9999-12-31';

const writtenDay = remembered((date: string): number | undefined => {
  if (!DATE_SHAPE.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00.000Z`);
  // The round trip refuses days that a lenient parser rolls over, such as 2011-02-29.
  return Number.isNaN(ms) || dateOfDay(ms / DAY_MS) !== date ? undefined : ms / DAY_MS;
});

/** Days since 1970-01-01; undefined when `date` is not a real date written yyyy-mm-dd. */
export function dayNumber(date: string): number | undefined {
  return date.length === DATE_LENGTH ? writtenDay(date) : undefined;
}

/** The date written yyyy-mm-dd of a day number; a day number must come from a writable date. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 for Sunday to 6 for Saturday. */
export function weekdayOfDay(day: number): number {
  return new Date(day * DAY_MS).getUTCDay();
}

/** Midnight at the start of a day number, in milliseconds, read as if it were UTC. */
export function startOfDay(day: number): number {
  return day * DAY_MS;
}

/** The day number that holds an instant in milliseconds, read as if it were UTC. */
export function dayAt(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** Milliseconds after midnight of a wall-clock time written HH:MM. */
export function timeOfDay(time: string): number {
  const ms = Date.parse(`1970-01-01T${time}:00.000Z`);
  if (Number.isNaN(ms)) throw new RangeError(`"${time}" is not a time of day written HH:MM`);
  return ms;
}
