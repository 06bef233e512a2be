// Makes the demo's sample instructions from the market the demo will see: the same seed, the same
// code. One entry fires and fills soon after the start, one fires and is denied, one stays armed.
// Without an argument it writes to examples/demo, with one to that folder.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { root } from './support.mjs';

const SECOND = 1000;
/** Nobody knows to the second when a start has armed its orders. */
const LATEST_ARMING = 60 * SECOND;
/** An entry fires within this, whenever it was armed. */
const SOON = 7 * SECOND;
/** The exits rest at least so long. */
const REST = 15 * 60 * SECOND;
/** The rule max-order-notional permits 25,000. */
const WORTH_APPROVED = 15_000;
const WORTH_DENIED = 30_000;
const TAKE_PROFIT = 0.012;
const STOP_LOSS = 0.01;
/** Farther than a share here moves in a day. */
const FAR = 0.08;

/** Trades by symbol in the market's next milliseconds, each with its time from now and cents. */
function tradesOf(market, length) {
  const start = market.now;
  const trades = new Map();
  while (market.peek().at <= start + length) {
    const event = market.take();
    if (event.kind !== 'TRADE') continue;
    const { instrument, price } = event.trade;
    if (!trades.has(instrument)) trades.set(instrument, []);
    trades.get(instrument).push({ at: event.at - start, cents: Math.round(price * 100) });
  }
  return trades;
}

/** When a cross-over that was armed at a time fires: the first price it sees is its reference. */
function firesAt(trades, level, armedAt) {
  let before = Infinity;
  for (const { at, cents } of trades) {
    if (at <= armedAt) continue;
    if (before <= level && cents > level) return at;
    before = cents;
  }
  return Infinity;
}

/** Up to when an entry at the level may be armed and still fire soon; -1: not even at once. */
function latestArming(trades, level) {
  let latest = -1;
  for (let at = 0; at < LATEST_ARMING; at += 100) {
    if (firesAt(trades, level, at) - at > SOON) break;
    latest = at;
  }
  return latest;
}

/** The level about which the price goes to and fro the longest. */
function crossedOften([symbol, trades]) {
  const early = trades.filter(({ at }) => at < LATEST_ARMING).map(({ cents }) => cents);
  let best = { symbol, level: 0, latest: -1 };
  for (let level = Math.min(...early); level <= Math.max(...early); level += 1) {
    const latest = latestArming(trades, level);
    if (latest > best.latest) best = { symbol, level, latest };
  }
  const [low, high] = [best.level * (1 - STOP_LOSS), best.level * (1 + TAKE_PROFIT)];
  return { ...best, rests: trades.every(({ cents }) => cents > low && cents < high) };
}

const text = (cents) => (Math.round(cents) / 100).toFixed(2);
const order = (comment, action, type, [Qty, cents]) => ({
  _comment: comment,
  Action: action,
  Order: type,
  Qty,
  price: text(cents),
});

/** Entries above and below, and for either side a take-profit and a stop. */
function planOf(comment, quantity, { over, under }) {
  const entry = (On, Action, cents) => ({
    On,
    Action,
    Order: 'Market',
    Qty: quantity,
    price: text(cents),
  });
  return {
    _comment: comment,
    'Entry OCA': [entry('cross-over', 'BUY', over), entry('cross-under', 'SELL', under)],
    'Orders if Long': [
      order('Take profit', 'SELL', 'limit', [quantity, over * (1 + TAKE_PROFIT)]),
      order('Stop loss', 'SELL', 'Market', [quantity, over * (1 - STOP_LOSS)]),
    ],
    'Orders if Short': [
      order('Take profit', 'BUY', 'limit', [quantity, under * (1 - TAKE_PROFIT)]),
      order('Stop loss', 'BUY', 'Market', [quantity, under * (1 + STOP_LOSS)]),
    ],
  };
}

const lots = (worth, cents, round) => round(worth / (cents / 100) / 10) * 10;

function instructionsFor(market) {
  const ranked = [...tradesOf(market, REST)]
    .map(crossedOften)
    .sort((a, b) => b.latest - a.latest || a.symbol.localeCompare(b.symbol, 'en'));
  const bought = ranked.find(({ rests }) => rests);
  const [denied, armed] = ranked.filter((each) => each !== bought);
  const near = ({ level }) => ({ over: level, under: level * (1 - FAR) });
  const far = ({ level }) => ({ over: level * (1 + FAR), under: level * (1 - FAR) });
  const few = ({ level }) => lots(WORTH_APPROVED, level, Math.floor);
  const many = ({ level }) => lots(WORTH_DENIED, level, Math.ceil);
  return {
    _comment: 'Made by scripts/make-demo-instructions.mjs for the first minute of the demo.',
    [bought.symbol]: planOf(
      'Crosses its upper entry within seconds, fills, and rests its exits at the broker.',
      few(bought),
      near(bought),
    ),
    [denied.symbol]: planOf(
      'The buy is worth more than the 25,000 that max-order-notional permits: denied.',
      many(denied),
      near(denied),
    ),
    [armed.symbol]: planOf('Both entries are far away: they stay armed.', few(armed), far(armed)),
  };
}

await bootstrap();
await build();
const built = createRequire(join(root, 'dist', 'cli', 'main.js'));
const { MadeUpMarket } = built('../broker/simulator/made-up-market.js');
const { DEMO_SEED } = built('../presets/demo.js');
const folder = resolve(process.argv[2] ?? join(root, 'examples', 'demo'));
const instructions = instructionsFor(new MadeUpMarket({ seed: DEMO_SEED }));
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'demo-day.json'), `${JSON.stringify(instructions, null, 2)}\n`);
