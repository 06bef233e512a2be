/** RFC 3339 instants to epoch milliseconds, quickly: the date part of a day is worked out once. */

const FORM =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
let lastDate = '';
let lastMidnight = NaN;

/**
 * Milliseconds since 1970 UTC, cut to whole ones; undefined for anything but an RFC 3339 instant.
 */
export function parseInstant(text: string): number | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [, date = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = parts;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 60) return undefined;
  const midnight = midnightOf(date);
  const offset = offsetOf(zone);
  if (Number.isNaN(midnight) || offset === undefined) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return midnight + ((h * 60 + m) * 60 + s) * 1_000 + milliseconds - offset;
}

/** Midnight UTC of a date that exists; NaN for 30 February. */
function midnightOf(date: string): number {
  if (date === lastDate) return lastMidnight;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  [lastDate, lastMidnight] = [date, exists ? midnight : NaN];
  return lastMidnight;
}

function offsetOf(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))];
  if (hours > 23 || minutes > 59) return undefined;
  const size = (hours * 60 + minutes) * 60_000;
  return zone.startsWith('-') ? -size : size;
}
