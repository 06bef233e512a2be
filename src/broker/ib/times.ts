/**
 * The broker's own ways of writing a time. Offsets come from the platform's zone data; a time
 * without a zone is not guessed at.
 */

const TIME = /^(\d{4})(\d{2})(\d{2})(?:-| {1,2})(\d{2}):(\d{2}):(\d{2})(?: (.+))?$/;
const zones = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit' },
      ...{ day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
  } catch {
    // Windows names such as "Central European Standard Time" are not in the zone data.
  }
  zones.set(zone, format);
  return format;
}

/** What the wall clock of the zone shows, read as if it were UTC. */
function wallClock(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(
    ...([of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')] as const),
  );
}

/**
 * The instant of `20260413 15:27:04 US/Eastern`, or of `20260413-15:27:04` in UTC, in epoch
 * milliseconds; undefined where the text names no zone or one that nobody knows.
 */
export function instantOf(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  if (text.charAt(8) === '-') return local;
  const format = formatOf(parts[7] ?? '');
  if (parts[7] === undefined || format === null) return undefined;
  // The first guess may fall on the wrong side of a clock change, the second does not.
  const guess = local - (wallClock(format, local) - local);
  return local - (wallClock(format, guess) - guess);
}

/** The date, yyyy-mm-dd, that the wall clock of a zone shows. */
export function dateIn(zone: string, at: number): string {
  const format = formatOf(zone);
  return new Date(format === null ? at : wallClock(format, at)).toISOString().slice(0, 10);
}

/** `20260413` as 2026-04-13; null for anything else. */
export function dateOf(text: string): string | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  return parts === null ? null : `${parts[1]}-${parts[2]}-${parts[3]}`;
}
