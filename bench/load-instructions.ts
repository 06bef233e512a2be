// How long it takes to load 100,000 instructions, and how long it holds up everything else.

import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { chooseRuleBook } from '../src/presets/rule-books';
import { bareLoad } from './support/bare-load';
import { LoadingDesk } from './support/loading-desk';
import { collectGarbage, cpuMicros, quantile, rounded } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';
import { inDollars, START } from './support/tape';

const FILES = 10;
/** Symbols of each file; every file is for a strategy of its own. */
const SYMBOLS = 500;
/** All of them armed at once; beside them stand a stop and an exit, armed when one fills. */
const ENTRIES = 20;
/** Symbols of the first file that have an entry near the price, which fires during the load. */
const NEAR = 100;
/** Loads that are measured: each is long, and begins with nothing. */
const ROUNDS = 3;

export const loadInstructions: Benchmark = {
  name: 'load-instructions',
  summary: '100,000 armed orders out of ten files in the inbox, while prices come in',
  meaning: [
    'perSecond: orders armed per second, from the file in the inbox to the query tables.',
    'seconds: the whole of it. longestBlock: the longest time for which the event loop did not',
    'turn; cpuOfBlock: the most CPU time of its thread between two of its turns, which',
    'leaves out what the machine gave to others; cpuSeconds: all of that thread. tickToOrder: the',
    'longest that a price took from the broker session to the order it fired, during the load.',
    'memory: of the process when all is loaded. toFloor: seconds, as a multiple of JSON.parse of',
    'the same files and as many bytes and syncs as the journal took, right after each load.',
  ],
  run,
};

async function run({ rounds, armedShare }: Effort): Promise<Result> {
  const unavailableSources = ['quote', 'volume-history'] as const;
  const { book } = await chooseRuleBook({ riskRules: null, unavailableSources });
  const symbols = Math.max(2, Math.ceil(SYMBOLS * armedShare));
  const loads: Load[] = [];
  for (let round = 0; round <= Math.min(rounds, ROUNDS); round += 1) {
    const desk = await LoadingDesk.open(book, symbols);
    const files = filesFor(desk.symbols);
    const load = await closing(desk, () => oneLoad(desk, files));
    const floor = bareLoad({ files, ...desk.written });
    // The first round compiles; it is run and not counted.
    if (round > 0) loads.push({ ...load, floor });
  }
  const median = (of: (load: Load) => number): number => rounded(quantile(loads.map(of), 0.5));
  const worst = (of: (load: Load) => number): number => rounded(Math.max(...loads.map(of)));
  return {
    name: loadInstructions.name,
    figures: {
      perSecond: { value: median(({ armed, millis }) => (armed / millis) * 1_000), unit: '1/s' },
      seconds: { value: median(({ millis }) => millis / 1_000), unit: 's' },
      longestBlock: { value: worst((load) => load.longestBlock), unit: 'ms' },
      cpuOfBlock: { value: worst((load) => load.cpuOfBlock), unit: 'ms' },
      cpuSeconds: { value: median((load) => load.cpu / 1_000), unit: 's' },
      tickToOrder: { value: worst((load) => load.tickToOrder), unit: 'ms' },
      memory: { value: worst((load) => load.memory / 1e6), unit: 'MB' },
    },
    ratios: { toFloor: median(({ millis, floor }) => millis / floor) },
  };
}

async function closing<T>(desk: LoadingDesk, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await desk.close();
  }
}

interface Load {
  readonly armed: number;
  readonly millis: number;
  readonly longestBlock: number;
  readonly cpuOfBlock: number;
  readonly cpu: number;
  readonly tickToOrder: number;
  readonly memory: number;
  /** Milliseconds of the floor. */
  readonly floor: number;
}

const filesFor = (symbols: readonly string[]): readonly string[] =>
  Array.from({ length: FILES }, (_, n) => fileOf(symbols, n === 0 ? NEAR : 0));

async function oneLoad(desk: LoadingDesk, files: readonly string[]): Promise<Omit<Load, 'floor'>> {
  for (const [n, content] of files.entries()) desk.lay(`s${n}/day.json`, content);
  collectGarbage();
  const turns = new Turns();
  const prices = new Prices(desk);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const startOfThread = threadMicros();
  await desk.take(files.length);
  const millis = performance.now() - start;
  const cpu = (threadMicros() - startOfThread) / 1_000;
  delay.disable();
  prices.stop();
  const cpuOfBlock = turns.stop();
  const { longest: tickToOrder } = prices;
  const { rss: memory } = process.memoryUsage();
  const longestBlock = delay.max / 1e6;
  return { armed: desk.armed, millis, longestBlock, cpuOfBlock, cpu, tickToOrder, memory };
}

/** Far entries, but for the first of some symbols, which is a little above the price. */
function fileOf(symbols: readonly string[], near: number): string {
  const sets = symbols.map((symbol, place) => {
    const entries = Array.from({ length: ENTRIES }, (_, n) =>
      JSON.stringify({
        ...{ On: 'cross-over', Action: 'BUY', Order: 'limit', Qty: 1 },
        price: inDollars(n === 0 && place < near ? START + 15 : START + 2_000 + 25 * n),
      }),
    );
    const after = [80, 150].map((dollars) =>
      JSON.stringify({ Action: 'SELL', Order: 'limit', Qty: 1, price: String(dollars) }),
    );
    const lists = `"Orders if Long": [${after.join(', ')}], "Orders if Short": []`;
    return `"${symbol}": { "Entry OCA": [\n${entries.join(',\n')}\n], ${lists} }`;
  });
  return `{ ${sets.join(',\n')} }\n`;
}

/** CPU time of this thread between two turns of the event loop. */
class Turns {
  #before = threadMicros();
  #longest = 0;
  #stopped = false;

  constructor() {
    const turn = (): void => {
      this.#longest = Math.max(this.#longest, threadMicros() - this.#before);
      this.#before = threadMicros();
      if (!this.#stopped) setTimeout(turn, 1);
    };
    turn();
  }
  stop(): number {
    this.#stopped = true;
    return this.#longest / 1_000;
  }
}

const SCHEDULER = `/proc/self/task/${process.pid}/schedstat`;

/** Of the first thread alone, where the system tells; else of the whole process. */
function threadMicros(): number {
  if (process.platform !== 'linux') return cpuMicros();
  const [nanos = '0'] = readFileSync(SCHEDULER, 'utf8').split(' ');
  return Number(nanos) / 1_000;
}

const PRICE_EVERY = 20;

/** Each symbol in turn gets a price below its first level, and then one above it. */
class Prices {
  longest = 0;
  readonly #timer: NodeJS.Timeout;
  #n = 0;

  constructor(desk: LoadingDesk) {
    const { symbols } = desk;
    let due = performance.now();
    desk.onPlaced(() => {
      this.longest = Math.max(this.longest, performance.now() - due);
    });
    this.#timer = setInterval(() => {
      const symbol = symbols[(this.#n >> 1) % Math.min(NEAR, symbols.length)] ?? '';
      due = performance.now();
      desk.price(symbol, START + (this.#n % 2 === 0 ? 0 : 20));
      this.#n += 1;
    }, PRICE_EVERY);
  }
  stop(): void {
    clearInterval(this.#timer);
  }
}
