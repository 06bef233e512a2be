// What a price costs while a hundred, ten thousand and a million orders are armed, and how much
// memory an armed order takes.

import type { RuleBook } from '../src/domain/ports';
import { TriggerIndex } from '../src/engine/core/triggers';
import type { TradeTape } from '../src/market-data/trade-tape';
import { chooseRuleBook } from '../src/presets/rule-books';
import { ArmedDesk, listed } from './support/armed-desk';
import { collectGarbage, collectYoungGarbage, cpuMicros, interleave } from './support/measure';
import { rounded, type Cost } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';
import { randomWalk, START } from './support/tape';

const ARMED = [100, 10_000, 1_000_000] as const;
/** So many of them are near the price and fire, in each of the settings. */
const NEAR = 50;

export const armedOrders: Benchmark = {
  name: 'armed-orders',
  summary: 'the cost of a price with 100 to 1,000,000 armed orders, and the memory of one',
  meaning: [
    `armedN: nanoseconds of CPU time for a price through the engine with N armed orders over`,
    `${listed.length} instruments; the same prices in each, of which the same few fire one order,`,
    'which then goes through rules, decision and journal.',
    'indexBytes: bytes of the trigger index for each of the most orders, once their instrument has',
    'had two prices; indexBytesArriving: before the first one. orderBytes: bytes of the rest of',
    'the engine for each: the order, its leg in the plan, and the books that are kept of it.',
    'oneMillionToOneHundred: cost of a price with 1,000,000 armed orders / with 100; 1 is ideal.',
  ],
  run,
};

async function run({ rounds, trades, armedShare }: Effort): Promise<Result> {
  const unavailableSources = ['quote', 'volume-history'] as const;
  const { book } = await chooseRuleBook({ riskRules: null, unavailableSources });
  const tape = randomWalk(listed, trades);
  const desks = new Map<number, ArmedDesk>();
  let memory: Memory | null = null;
  for (const armed of ARMED) {
    const before = heapBytes();
    const desk = new ArmedDesk(book);
    const far = Math.max(0, Math.ceil(armed * armedShare) - NEAR);
    await desk.open(far);
    // The largest comes last: what it takes is not mixed up with what others let go.
    memory = memoryOf(desk, book, before);
    desks.set(armed, desk);
  }
  const variants = [...desks].map(([armed, desk]) => ({
    name: `armed${armed}`,
    round: () => oneRound(desk, tape),
  }));
  const costs = await interleave(variants, rounds);
  const nanos = (name: string) => ({ value: rounded(costs.of(name) * 1_000), unit: 'ns' });
  const bytes = Object.entries(memory ?? {}).map(([label, value]) => [
    label,
    { value: Math.round(value), unit: 'bytes' },
  ]);
  return {
    name: armedOrders.name,
    figures: {
      ...Object.fromEntries(costs.names.map((name) => [name, nanos(name)])),
      ...(Object.fromEntries(bytes) as Result['figures']),
    },
    ratios: { oneMillionToOneHundred: costs.ratio('armed1000000', 'armed100') },
  };
}

async function oneRound(desk: ArmedDesk, tape: TradeTape): Promise<Cost> {
  await desk.armNear(NEAR);
  const before = desk.fired;
  collectYoungGarbage();
  const start = cpuMicros();
  await desk.see(tape);
  const spent = Math.max(cpuMicros() - start, 1);
  const fired = desk.fired - before;
  // On a tape as short as that of the tests the price comes nowhere.
  if (fired > NEAR || (tape.length > 100_000 && fired === 0)) {
    throw new Error(`${fired} orders fired, of ${NEAR} that could`);
  }
  return { operations: tape.length, cpuMicros: spent };
}

interface Memory {
  readonly indexBytes: number;
  readonly indexBytesArriving: number;
  readonly orderBytes: number;
}

/** An index of its own over the same orders shows what it takes by itself. */
function memoryOf({ engine, armed }: ArmedDesk, rules: RuleBook, before: number): Memory {
  const whole = heapBytes() - before;
  const start = heapBytes();
  const index = new TriggerIndex(rules.kinds);
  for (const order of engine.state.orders.values()) index.arm(order);
  const arriving = heapBytes() - start;
  for (let prices = 0; prices < 2; prices += 1) {
    for (const { key: instrument } of listed) {
      index.admit(instrument);
      const price = START / 100;
      index.firedBy({ instrument, price, priceText: String(price) });
    }
  }
  const placed = heapBytes() - start;
  index.forget('');
  return {
    indexBytes: placed / armed,
    indexBytesArriving: arriving / armed,
    orderBytes: (whole - arriving) / armed,
  };
}

function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
