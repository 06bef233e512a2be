// Owns the step between UTC instants and New York wall-clock time, from the platform's own zone
// data through Intl: no offset table and no rule of daylight saving time is written here.
// Must not know sessions, holidays or a clock.

import { remembered } from './memo';

const HOUR_MS = 3_600_000;
const OFFSET_SHAPE = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** Wall-clock arithmetic of one zone. "Local" milliseconds read a wall clock as if it were UTC. */
export interface Zone {
  readonly name: string;
  /** The local reading, in milliseconds, of an instant in epoch milliseconds UTC. */
  readonly toLocal: (at: number) => number;
  /**
   * The instant of a local reading. A reading that a clock change skips or repeats gives one of
   * the two candidates; session times are hours away from every change.
   */
  readonly toInstant: (local: number) => number;
}

/**
 * A zone by its IANA name. The offset is asked for once per UTC hour and remembered: the zones of
 * the calendars change their clocks on whole UTC hours only.
 */
export function zoneNamed(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const offsetInHour = remembered((hour: number) => {
    const parts = format.formatToParts(hour * HOUR_MS);
    return offsetMs(parts.find((part) => part.type === 'timeZoneName')?.value ?? '');
  });
  const offsetAt = (at: number): number => offsetInHour(Math.floor(at / HOUR_MS));
  return {
    name,
    toLocal: (at) => at + offsetAt(at),
    toInstant: (local) => {
      // The first guess may fall on the wrong side of a clock change, the second does not.
      const guess = local - offsetAt(local);
      return local - offsetAt(guess);
    },
  };
}

/** Reads "GMT-05:00" (east is positive) as milliseconds. */
function offsetMs(text: string): number {
  const match = OFFSET_SHAPE.exec(text);
  if (match === null) throw new Error(`The platform wrote a zone offset as "${text}"`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -size : size) * 1000;
}
