// Holds what the benches print to its shape. Runs next to nothing of each: no time is judged here.

import { BENCHMARKS, run } from '../../bench/run';
import type { Effort } from '../../bench/support/result';

// The tape must be longer than the stretch after which the replay first tells its progress again.
const TINY: Effort = {
  rounds: 1,
  decisions: 4,
  trades: 25_002,
  armedShare: 0.002,
  ticks: 3,
  messages: 20,
  subscriberShare: 0.01,
  queries: 2,
};

interface Printed {
  readonly exitCode: number;
  readonly result: readonly string[];
  readonly remark: readonly string[];
}

async function printed(...args: readonly string[]): Promise<Printed> {
  const result: string[] = [];
  const remark: string[] = [];
  const output = {
    result: (line: string) => void result.push(line),
    remark: (line: string) => void remark.push(line),
  };
  const exitCode = await run(args, output, TINY);
  return { exitCode, result, remark };
}

const LABELS: Readonly<Record<string, { figures: readonly string[]; ratios: readonly string[] }>> =
  {
    decision: {
      figures: ['perSecond', 'p50', 'p99'],
      ratios: ['toRaw', 'toHandWritten'],
    },
    replay: {
      figures: ['armed0', 'armed1000', 'armed100000'],
      ratios: ['armed100000To0'],
    },
    'tick-to-order': {
      figures: ['p50', 'p99', 'powerSafeP50', 'bareP50', 'sync'],
      ratios: ['p50ToBare', 'p99ToBare', 'powerSafeSyncs'],
    },
    'fan-out': {
      figures: ['subscribers1', 'subscribers100', 'subscribers1000', 'p99', 'mercuriusP99'],
      ratios: ['toMercurius1', 'toMercurius100', 'toMercurius1000'],
    },
    'orders-list': {
      figures: ['query', 'apolloDefaults'],
      ratios: ['toApolloDefaults'],
    },
    'armed-orders': {
      figures: ['armed100', 'armed10000', 'armed1000000', 'indexBytes', 'orderBytes'],
      ratios: ['oneMillionToOneHundred'],
    },
    'load-instructions': {
      figures: [
        ...['perSecond', 'seconds', 'longestBlock', 'cpuOfBlock', 'cpuSeconds', 'tickToOrder'],
        'memory',
      ],
      ratios: ['toFloor'],
    },
  };

describe('the benches', () => {
  it('print one JSON object a line, each with its figures, units and ratios', async () => {
    const { exitCode, result, remark } = await printed('--json');
    expect(exitCode).toBe(0);
    expect(remark.length).toBeGreaterThan(0);
    const objects = result.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map(({ name }) => name)).toEqual(Object.keys(LABELS));
    for (const object of objects) {
      expect(Object.keys(object)).toEqual(['name', 'figures', 'ratios']);
      const { figures, ratios } = LABELS[String(object['name'])]!;
      const printedFigures = object['figures'] as Record<string, Record<string, unknown>>;
      expect(Object.keys(printedFigures)).toEqual(expect.arrayContaining([...figures]));
      for (const figure of Object.values(printedFigures)) {
        expect(figure).toEqual({ value: expect.any(Number), unit: expect.any(String) });
      }
      const printedRatios = object['ratios'] as Record<string, unknown>;
      expect(Object.keys(printedRatios)).toEqual(ratios);
      for (const ratio of Object.values(printedRatios)) expect(ratio).toEqual(expect.any(Number));
    }
  });

  it('print a table of one benchmark for a person, and no JSON', async () => {
    const { exitCode, result, remark } = await printed('decision');
    expect(exitCode).toBe(0);
    expect(remark).toEqual([]);
    expect(result[0]).toMatch(/^decision: /);
    expect(result.some((line) => /^ {2}toRaw +[\d.,]+ times$/.test(line))).toBe(true);
    expect(result.some((line) => line.startsWith('{'))).toBe(false);
  });

  it('refuse a name or a flag that is unknown, and say what was meant', async () => {
    const wrong = await printed('decison', '--jsn');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.result).toEqual([]);
    expect(wrong.remark).toEqual([
      'There is no flag "--jsn". Did you mean --json?',
      'There is no benchmark "decison". Did you mean decision?',
    ]);
    const strange = await printed('xyzzy');
    const names = BENCHMARKS.map(({ name }) => name).join(', ');
    expect(strange.remark).toEqual([`There is no benchmark "xyzzy". It knows: ${names}.`]);
  });
});
