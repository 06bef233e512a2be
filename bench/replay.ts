// How many trades per second go through the whole replay loop, and what armed orders add to the
// cost of one.

import { Exchange } from '../src/broker/simulator/exchange';
import { InProcessBroker } from '../src/broker/simulator/in-process';
import { money, price, quantity } from '../src/domain/decimal';
import { DEFAULT_LIMITS } from '../src/domain/limits';
import type { PlanToArm } from '../src/domain/input';
import type { Instrument } from '../src/domain/instrument';
import type { Order } from '../src/domain/order';
import { DEFAULT_PLAN_SETTINGS, type PlanLeg } from '../src/domain/plan';
import type { Journal } from '../src/domain/ports';
import { Engine } from '../src/engine/loop';
import type { TradeTape } from '../src/market-data/trade-tape';
import { SqliteJournal } from '../src/persistence/journal';
import { chooseRuleBook, type ChosenBook } from '../src/presets/rule-books';
import { ManualClock } from '../src/simulation/manual-clock';
import { Replay, type ReplayPlan } from '../src/simulation/replay';
import { linesOf } from '../src/simulation/replay-lines';
import { CountingJournal } from './support/counting-journal';
import { collectGarbage, cpuMicros, interleave } from './support/measure';
import type { Cost, Variant } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';
import { inDollars, instruments, OPEN, randomWalk, START } from './support/tape';

const INSTRUMENTS = 100;
const ARMED = [0, 1_000, 100_000] as const;

export const replay: Benchmark = {
  name: 'replay',
  summary: 'trades through the whole replay loop, with 0 to 100,000 armed orders',
  meaning: [
    `armedN: trades per second of CPU time with N armed orders that never fire, spread over`,
    `${INSTRUMENTS} instruments on both sides of the price; loading and arming are not timed.`,
    'trading: the same trades while one plan per instrument trades: entry, exits, add.',
    'armed100000To0: cost of a trade with 100,000 armed orders / with none; 1 is ideal.',
  ],
  run,
};

interface Setting {
  readonly listed: readonly Instrument[];
  readonly tape: TradeTape;
  readonly book: ChosenBook['book'];
}

async function run({ rounds, trades, armedShare }: Effort): Promise<Result> {
  const listed = instruments(INSTRUMENTS);
  const unavailableSources = ['quote', 'volume-history'] as const;
  const { book } = await chooseRuleBook({ riskRules: null, unavailableSources });
  const setting: Setting = { listed, tape: randomWalk(listed, trades), book };
  const variants = ARMED.map((armed): Variant => {
    const plans = farPlans(listed, armed * armedShare);
    return { name: `armed${armed}`, round: () => oneReplay(setting, quietDay(plans)) };
  });
  const near = nearPlans(listed);
  const trading = { name: 'trading', round: () => oneReplay(setting, tradingDay(near)) };
  const costs = await interleave([...variants, trading], rounds);
  const figures = costs.names.map((name) => [
    name,
    { value: Math.round(1e6 / costs.of(name)), unit: '1/s' },
  ]);
  return {
    name: replay.name,
    figures: Object.fromEntries(figures) as Result['figures'],
    ratios: { armed100000To0: costs.ratio('armed100000', 'armed0') },
  };
}

interface Day {
  readonly plans: readonly PlanToArm[];
  readonly journal: Journal;
  /** Whether the orders did what the day is about. */
  readonly expected: (orders: readonly Order[]) => boolean;
}

/** Nothing is journalled after the arming, which is not timed: so it may as well be quick. */
const quietDay = (plans: readonly PlanToArm[]): Day => ({
  plans,
  journal: new CountingJournal(),
  expected: (orders) => orders.every(({ status }) => status === 'ARMED'),
});

/** The journal is a part of trading: the one of the product, as replay uses it. */
const tradingDay = (plans: readonly PlanToArm[]): Day => ({
  plans,
  journal: new SqliteJournal(':memory:'),
  expected: (orders) => orders.some(({ status }) => status === 'FILLED'),
});

/**
 * One replay from its first line to its last. It tells its progress after some trades, the first of
 * them included: what lies between the first time and the last is trades and nothing else.
 */
async function oneReplay({ listed, tape, book }: Setting, day: Day): Promise<Cost> {
  const { plans, journal, expected } = day;
  const clock = new ManualClock(OPEN);
  const exchange = new Exchange();
  const broker = new InProcessBroker(exchange, clock, (stamped) => running.deliver(stamped));
  const engine = new Engine({
    ...{ journal, broker, rules: book, limits: DEFAULT_LIMITS },
    publish: (records, state) => void linesOf(records, state),
  });
  let [first, last] = [NaN, NaN];
  let [start, end] = [NaN, NaN];
  const progress = (done: number): void => {
    if (Number.isNaN(first)) {
      collectGarbage();
      [first, start] = [done, cpuMicros()];
    }
    [last, end] = [done, cpuMicros()];
  };
  const plan = planOf(listed, tape, plans);
  const running = new Replay(plan, { engine, exchange, clock, progress });
  await running.run();
  await journal.close();
  if (!(last > first)) throw new Error('the tape is too short to be timed');
  if (!expected([...engine.state.orders.values()])) {
    throw new Error('the orders did not do what this run is about');
  }
  return { operations: last - first, cpuMicros: Math.max(end - start, 1) };
}

function planOf(
  listed: readonly Instrument[],
  tape: TradeTape,
  plans: readonly PlanToArm[],
): ReplayPlan {
  // A session without end: expiring 100,000 orders is no part of this.
  const window = { open: -Infinity, close: Infinity };
  return {
    ...{ tape, plans },
    instruments: listed,
    windows: new Map(listed.map(({ key }) => [key, window])),
    account: { key: 'BENCH', currency: 'USD', cash: money('100000') },
    strategy: 'bench',
    start: { kind: 'START_RUN', mode: 'REPLAY', inputsHash: '', ruleSetHash: '' },
    file: { name: 'bench.json', contentHash: 'bench' },
    tradingDate: '2024-03-11',
  };
}

/** Entries from 20 to 60 percent away from the start, above and below in turn. */
function farPlans(listed: readonly Instrument[], armed: number): readonly PlanToArm[] {
  const each = Math.ceil(armed / listed.length);
  if (each === 0) return [];
  return listed.map(({ key }) => {
    const entries = Array.from({ length: each }, (_, n) => {
      const away = Math.floor(START * (0.2 + (0.4 * n) / each));
      const above = n % 2 === 0;
      const cents = above ? START + away : START - away;
      const side: PlanLeg['side'] = above ? 'BUY' : 'SELL';
      return { ...leg('entry', n, { side, cents }), cross: crossOf(above) };
    });
    return armedPlan(key, { entries, ifLong: [], ifShort: [] });
  });
}

const crossOf = (above: boolean): PlanLeg['cross'] => (above ? 'CROSS_OVER' : 'CROSS_UNDER');

/** An entry a little above the start, its exits, and an add below: most of them come to trade. */
function nearPlans(listed: readonly Instrument[]): readonly PlanToArm[] {
  return listed.map(({ key }) =>
    armedPlan(key, {
      entries: [{ ...leg('entry', 0, { side: 'BUY', cents: START + 15 }), cross: 'CROSS_OVER' }],
      ifLong: [
        { ...leg('long', 0, { side: 'SELL', cents: START + 60 }), type: 'LIMIT' },
        { ...leg('long', 1, { side: 'SELL', cents: START - 60 }), namedStop: true },
        leg('long', 2, { side: 'BUY', cents: START - 25 }),
      ],
      ifShort: [],
    }),
  );
}

type Lists = Pick<PlanToArm['spec'], 'entries' | 'ifLong' | 'ifShort'>;

function armedPlan(key: string, lists: Lists): PlanToArm {
  return {
    spec: { symbol: key, settings: DEFAULT_PLAN_SETTINGS, ...lists },
    instrument: key,
    previousClose: null,
  };
}

function leg(
  list: 'entry' | 'long',
  n: number,
  { side, cents }: { readonly side: PlanLeg['side']; readonly cents: number },
): PlanLeg {
  return {
    leg: `${list}[${n}]`,
    rank: list === 'entry' ? n : 1_000 + n,
    pointer: `/${list}/${n}`,
    side,
    type: 'MARKET',
    quantity: quantity('10'),
    price: price(inDollars(cents)),
    cross: null,
    firesOnGap: true,
    namedStop: false,
  };
}
