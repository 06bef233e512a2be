// Makes the example day: an instruction file, and trades that were simulated from a fixed seed, so
// that nobody's market data is needed or published. Four symbols, four stories; see
// examples/README.md. Without an argument it writes to examples/, with one to that folder.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { root } from './support.mjs';

const SEED = 20240311;
// A plain session: Monday 11 March 2024, 09:30 to 16:00 in New York, summer time since the day
// before.
const OPEN = Date.UTC(2024, 2, 11, 13, 30);
const MINUTE = 60_000;
const SESSION_MINUTES = 390;

/**
 * A course through the day as [minute, price]; the trades wander about the lines between. Levels
 * of the instructions are crossed by a course that is steep there, so that each happens once.
 */
const SYMBOLS = [
  {
    symbol: 'DIS',
    trades: 3_200,
    wander: 0.03,
    course: [
      [0, 111.02],
      [50, 110.78],
      [92, 110.3],
      [120, 110.12],
      [170, 110.55],
      [202, 111.05],
      [225, 110.82],
      [262, 111.4],
      [288, 111.82],
      [330, 111.35],
      [390, 111.2],
    ],
  },
  {
    symbol: 'KO',
    trades: 3_000,
    wander: 0.015,
    course: [
      [0, 59.46],
      [60, 59.62],
      [96, 59.86],
      [112, 59.74],
      [140, 59.68],
      [240, 60.22],
      [278, 60.52],
      [330, 60.3],
      [390, 60.24],
    ],
  },
  {
    symbol: 'MSFT',
    trades: 4_000,
    wander: 0.16,
    course: [
      [0, 403.6],
      [100, 406.9],
      [200, 401.1],
      [300, 404.8],
      [390, 404.5],
    ],
  },
  {
    symbol: 'NVDA',
    trades: 4_400,
    wander: 0.5,
    course: [
      [0, 853.2],
      [70, 858.4],
      [132, 864.6],
      [200, 858.7],
      [300, 850.4],
      [390, 855.3],
    ],
  },
];

const order = (comment, action, type, [Qty, price]) => ({
  _comment: comment,
  Action: action,
  Order: type,
  Qty,
  price,
});
const entry = (On, action, type, [Qty, price]) => ({
  On,
  Action: action,
  Order: type,
  Qty,
  price,
});

const INSTRUCTIONS = {
  _comment: 'Made by scripts/make-examples.mjs for the simulated day in demo-trades.csv.gz.',
  KO: {
    _comment: 'Goes long on the way up and takes its profit.',
    'Entry OCA': [
      entry('cross-over', 'BUY', 'limit', [200, '59.80']),
      entry('cross-under', 'SELL', 'limit', [200, '59.20']),
    ],
    'Orders if Long': [
      order('Take profit', 'SELL', 'limit', [200, '60.40']),
      order('Stop loss', 'SELL', 'Market', [200, '59.35']),
    ],
    'Orders if Short': [
      order('Take profit', 'BUY', 'limit', [200, '58.60']),
      order('Stop loss', 'BUY', 'Market', [200, '59.65']),
    ],
  },
  DIS: {
    _comment: 'Goes short, sells more higher up (DCA), and is stopped out with both parts.',
    'Entry OCA': [
      entry('cross-over', 'BUY', 'Market', [100, '112.50']),
      entry('cross-under', 'SELL', 'Market', [100, '110.40']),
    ],
    'Orders if Long': [
      order('Take profit', 'SELL', 'limit', [100, '114.00']),
      order('Stop loss', 'SELL', 'Market', [100, '111.50']),
    ],
    'Orders if Short': [
      order('Take profit', 'BUY', 'limit', [200, '109.20']),
      order('Stop loss', 'BUY', 'Market', [200, '111.65']),
      order('Sell another position - DCA', 'SELL', 'limit', [100, '110.95']),
    ],
  },
  NVDA: {
    _comment: 'The buy is worth more than the 25,000 that max-order-notional permits: denied.',
    'Entry OCA': [
      entry('cross-over', 'BUY', 'Market', [40, '862.00']),
      entry('cross-under', 'SELL', 'Market', [20, '838.00']),
    ],
    'Orders if Long': [
      order('Take profit', 'SELL', 'limit', [40, '885.00']),
      order('Stop loss', 'SELL', 'Market', [40, '850.00']),
    ],
    'Orders if Short': [
      order('Take profit', 'BUY', 'limit', [20, '820.00']),
      order('Stop loss', 'BUY', 'Market', [20, '848.00']),
    ],
  },
  MSFT: {
    _comment: 'Stays between its levels all day: both entries expire at the close.',
    'Entry OCA': [
      entry('cross-over', 'BUY', 'Market', [30, '412.00']),
      entry('cross-under', 'SELL', 'Market', [30, '396.00']),
    ],
    'Orders if Long': [
      order('Take profit', 'SELL', 'limit', [30, '420.00']),
      order('Stop loss', 'SELL', 'Market', [30, '407.00']),
    ],
    'Orders if Short': [
      order('Take profit', 'BUY', 'limit', [30, '388.00']),
      order('Stop loss', 'BUY', 'Market', [30, '401.00']),
    ],
  },
};

/** Numbers from 0 to 1, the same on every machine (mulberry32, public domain). */
function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Busy at the open and before the close, as sessions are. Both ends have a trade. */
function timesOf({ trades }, random) {
  const length = SESSION_MINUTES * MINUTE;
  const busy = 30 * MINUTE;
  const times = [0, length];
  while (times.length < trades) {
    const part = random();
    const place = random();
    if (part < 0.15) times.push(Math.floor(place * busy));
    else if (part > 0.85) times.push(length - Math.floor(place * busy));
    else times.push(Math.floor(place * length));
  }
  return times.sort((a, b) => a - b).map((time) => OPEN + time);
}

function courseAt(course, minute) {
  const next = course.findIndex(([until]) => until >= minute);
  const [to, end] = course[next];
  const [from, start] = course[Math.max(next - 1, 0)];
  return to === from ? end : start + ((end - start) * (minute - from)) / (to - from);
}

/** Only sums and products: sine and logarithm differ between machines in the last bit. */
function tradesOf(listing, index) {
  const random = seededRandom(SEED + index);
  let away = 0;
  return timesOf(listing, random).map((at) => {
    const push = random() + random() + random() - 1.5;
    away = away * 0.97 + push * listing.wander * 0.5;
    const price = courseAt(listing.course, (at - OPEN) / MINUTE) + away;
    const size = random() < 0.6 ? 100 : 1 + Math.floor(random() * 400);
    return { at, index, row: rowOf(listing.symbol, at, { price, size }) };
  });
}

function rowOf(symbol, at, { price, size }) {
  return `${new Date(at).toISOString()},${symbol},${price.toFixed(2)},${size}`;
}

function tradesText() {
  const trades = SYMBOLS.flatMap(tradesOf);
  trades.sort((a, b) => a.at - b.at || a.index - b.index);
  return ['time,symbol,price,size', ...trades.map(({ row }) => row), ''].join('\n');
}

/** No time and no operating system in the header: gzip would put both there. */
function packed(text) {
  const bytes = gzipSync(text, { level: 9 });
  bytes.fill(0, 4, 8);
  bytes[9] = 255;
  return bytes;
}

/** Compressors of two machines differ: the same text is not packed anew. */
function writePacked(path, text) {
  if (existsSync(path) && gunzipSync(readFileSync(path)).toString() === text) return;
  writeFileSync(path, packed(text));
}

const folder = process.argv[2] === undefined ? join(root, 'examples') : resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'demo.json'), `${JSON.stringify(INSTRUCTIONS, null, 2)}\n`);
writePacked(join(folder, 'demo-trades.csv.gz'), tradesText());
