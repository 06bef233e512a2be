/**
 * One made-up session of one instrument: a trade a second and sometimes one between, from the seed,
 * the symbol and the day alone. In cents, because that is the tick. Knows no clock.
 */
import { seededRandom } from './random';

/** Where a day starts and where it has to end. */
export interface DayFrame {
  readonly seed: number;
  readonly symbol: string;
  readonly date: string;
  readonly open: number;
  readonly close: number;
  /** Seconds of the session. */
  readonly seconds: number;
  /** Standard deviation of a day, as a fraction of the price. */
  readonly volatility: number;
}

/** Trades by second; `between` is 0 in a second that has only one. */
export interface MadeUpDay {
  readonly middle: Int32Array;
  readonly trade: Int32Array;
  readonly size: Int32Array;
  readonly between: Int32Array;
  readonly betweenSize: Int32Array;
}

/** Taken once: looking a global up again and again is slow where tests run. */
const { floor, imul, max, round } = Math;
const ONE_IN_BETWEEN = 0.3;
const LOT = 100;

/** A number from a seed and words: the same words give the same number. */
export function seedOf(seed: number, ...words: readonly string[]): number {
  let hash = (2_166_136_261 ^ seed) >>> 0;
  for (const letter of words.join('/')) {
    hash = imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  }
  return hash;
}

/** Near enough to a normal deviate, without functions whose last digit may differ. */
export function deviate(random: () => number): number {
  return (random() + random() + random() - 1.5) * 2;
}

/** A random walk from the open, bent so that it ends at the close. */
export function madeUpDay(frame: DayFrame): MadeUpDay {
  const { seconds, open, close } = frame;
  const random = seededRandom(seedOf(frame.seed, frame.symbol, frame.date, 'path'));
  const walk = new Float64Array(seconds);
  const step = (frame.volatility * open) / Math.sqrt(seconds);
  let at = 0;
  for (let n = 1; n < seconds; n += 1) {
    at += step * deviate(random);
    walk[n] = at;
  }
  const day: MadeUpDay = {
    middle: new Int32Array(seconds),
    trade: new Int32Array(seconds),
    size: new Int32Array(seconds),
    between: new Int32Array(seconds),
    betweenSize: new Int32Array(seconds),
  };
  for (let n = 0; n < seconds; n += 1) {
    const part = seconds > 1 ? n / (seconds - 1) : 1;
    const bent = open + (close - open) * part + (walk[n] ?? 0) - at * part;
    const middle = max(2, round(bent));
    day.middle[n] = middle;
    day.trade[n] = n === 0 || n === seconds - 1 ? middle : middle + sideOf(random());
    day.size[n] = LOT * (1 + floor(random() * 5));
    if (random() < ONE_IN_BETWEEN) {
      day.between[n] = middle + sideOf(random());
      day.betweenSize[n] = 1 + floor(random() * 99);
    }
  }
  return day;
}

/** At the bid, in the middle, at the ask. */
function sideOf(drawn: number): -1 | 0 | 1 {
  if (drawn < 0.4) return -1;
  return drawn < 0.6 ? 0 : 1;
}
