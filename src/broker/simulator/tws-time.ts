/** Times as the protocol writes them, in New York's zone under the broker's name for it. */
import { zoneNamed } from '../../calendar/zone';
import { SINCE } from './tws-versions';
import { utcTime } from './order-conditions';

/** How the broker calls the zone. */
export const ZONE = 'US/Eastern';
const zone = zoneNamed('America/New_York');
const ZONES: ReadonlySet<string> = new Set(['US/Eastern', 'America/New_York', 'EST', 'EDT']);

const digits = (at: number): { readonly date: string; readonly time: string } => {
  const text = new Date(zone.toLocal(at)).toISOString();
  return { date: text.slice(0, 10).replaceAll('-', ''), time: text.slice(11, 19) };
};

/** `20260413 15:27:04 US/Eastern`; older clients get two spaces and no zone. */
export function zonedTime(at: number, version: number): string {
  const { date, time } = digits(at);
  return version >= SINCE.TIME_ZONES ? `${date} ${time} ${ZONE}` : `${date}  ${time}`;
}
/** `20260413` */
export function dateText(at: number): string {
  return digits(at).date;
}
/** `15:27` */
export function minuteText(at: number): string {
  return digits(at).time.slice(0, 5);
}
export function epochSeconds(at: number): string {
  return String(Math.floor(at / 1_000));
}

/**
 * Reads `20260413 15:27:04 US/Eastern`, the same without a zone or with UTC, `20260413-15:27:04`
 * (UTC) and `20260413`; undefined for anything else.
 */
export function readTime(text: string): number | undefined {
  const utc = utcTime(text);
  if (utc !== undefined) return utc;
  const parts = /^(\d{4})(\d{2})(\d{2})(?: +(\d{2}:\d{2}:\d{2})(?: +([A-Za-z_/]+))?)?$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, time = '00:00:00', name = ZONE] = parts;
  const local = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (Number.isNaN(local)) return undefined;
  if (['UTC', 'GMT'].includes(name)) return local;
  return ZONES.has(name) ? zone.toInstant(local) : undefined;
}
