/** Reads what history a client asks for: how long, in what bars, until when. Pure. */
import type { Bar, GatewayMarket } from './market';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** More bars than this in one answer block some clients for seconds. */
export const MAX_BARS = 5_000;

const SIZES: Readonly<Record<string, number | 'DAY' | 'WEEK' | 'MONTH'>> = {
  ...{ '1 secs': SECOND, '5 secs': 5 * SECOND, '10 secs': 10 * SECOND, '15 secs': 15 * SECOND },
  ...{ '30 secs': 30 * SECOND, '1 min': MINUTE, '2 mins': 2 * MINUTE, '3 mins': 3 * MINUTE },
  ...{ '5 mins': 5 * MINUTE, '10 mins': 10 * MINUTE, '15 mins': 15 * MINUTE },
  ...{ '20 mins': 20 * MINUTE, '30 mins': 30 * MINUTE, '1 hour': HOUR, '2 hours': 2 * HOUR },
  ...{ '3 hours': 3 * HOUR, '4 hours': 4 * HOUR, '8 hours': 8 * HOUR },
  ...{ '1 day': 'DAY', '1D': 'DAY', '1 week': 'WEEK', '1W': 'WEEK' },
  ...{ '1 month': 'MONTH', '1M': 'MONTH' },
};

export type BarSize = number | 'DAY' | 'WEEK' | 'MONTH';

/** `5 mins`; undefined for a size the broker does not have. */
export function barSizeOf(text: string): BarSize | undefined {
  return SIZES[text.trim()] ?? SIZES[`${text.trim()}s`] ?? SIZES[text.trim().replace(/s$/, '')];
}

/** `2 D`, `3600 S`; undefined for anything else. */
export function durationOf(
  text: string,
): { readonly count: number; readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y' } | undefined {
  const parts = /^(\d{1,6}) +([SDWMY])$/.exec(text.trim().toUpperCase());
  const unit = parts?.[2];
  const count = Number(parts?.[1] ?? 0);
  if (parts === null || count === 0) return undefined;
  if (unit === 'S' || unit === 'D' || unit === 'W' || unit === 'M' || unit === 'Y') {
    return { count, unit };
  }
  return undefined;
}

const SESSIONS = { D: 1, W: 5, M: 21, Y: 252 } as const;

/** Where the asked stretch begins: seconds by the clock, days and more by sessions. */
export function startOf(
  market: GatewayMarket,
  stretch: {
    readonly instrument: string;
    readonly to: number;
    readonly duration: NonNullable<ReturnType<typeof durationOf>>;
  },
): number {
  const { instrument, to, duration } = stretch;
  if (duration.unit === 'S') return to - duration.count * SECOND;
  const days = market.bars({ instrument, from: 0, to, size: 'DAY' });
  const first = days[Math.max(0, days.length - duration.count * SESSIONS[duration.unit])];
  return first?.at ?? to;
}

const SESSION_LENGTH = 6.5 * HOUR;

/** At most so many bars a stretch has; told before they are made, which may take seconds. */
export function mostBars(
  market: GatewayMarket,
  stretch: {
    readonly instrument: string;
    readonly from: number;
    readonly to: number;
    readonly size: BarSize;
  },
): number {
  const { instrument, from, to, size } = stretch;
  if (typeof size === 'string') return 0;
  const days = market.bars({ instrument, from: from - DAY, to, size: 'DAY' }).length;
  return Math.min(Math.ceil((to - from) / size), days * Math.ceil(SESSION_LENGTH / size)) + 1;
}

/** Days put together to weeks, which start on Mondays, or months. */
export function longerBars(days: readonly Bar[], size: 'WEEK' | 'MONTH'): Bar[] {
  const groups = new Map<string, Bar[]>();
  for (const day of days) {
    const key = size === 'MONTH' ? day.date.slice(0, 7) : mondayOf(day.date);
    groups.set(key, [...(groups.get(key) ?? []), day]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return [];
    const volume = group.reduce((sum, day) => sum + day.volume, 0);
    const turnover = group.reduce((sum, day) => sum + Number(day.average) * day.volume, 0);
    return {
      ...{ at: first.at, date: first.date, open: first.open, close: last.close, volume },
      high: extreme(group, ({ high }) => high, Math.max),
      low: extreme(group, ({ low }) => low, Math.min),
      average: volume > 0 ? (turnover / volume).toFixed(4) : last.average,
      trades: group.reduce((sum, day) => sum + day.trades, 0),
    };
  });
}

function extreme(
  days: readonly Bar[],
  of: (day: Bar) => string,
  choose: (...values: number[]) => number,
): string {
  const wanted = choose(...days.map((day) => Number(of(day))));
  return of(days.find((day) => Number(of(day)) === wanted) ?? (days[0] as Bar));
}

function mondayOf(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10);
}
