// The benches by name, and how their results are printed: a table for a person, or with --json one
// object a line on stdout and everything for a person on stderr.

import { didYouMean } from '../src/json/suggest';
import { armedOrders } from './armed-orders';
import { decision } from './decision';
import { fanOut } from './fan-out';
import { loadInstructions } from './load-instructions';
import { ordersList } from './orders-list';
import { replay } from './replay';
import { FULL_EFFORT, type Benchmark, type Effort, type Result } from './support/result';
import { tickToOrder } from './tick-to-order';

export const BENCHMARKS: readonly Benchmark[] = [
  decision,
  replay,
  tickToOrder,
  fanOut,
  ordersList,
  armedOrders,
  loadInstructions,
];

/** Where the two kinds of lines go. */
export interface Output {
  readonly result: (line: string) => void;
  readonly remark: (line: string) => void;
}

/** Exit codes: 0 ok, 2 wrong usage. */
export async function run(
  args: readonly string[],
  output: Output,
  effort: Effort = FULL_EFFORT,
): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const names = args.filter((arg) => !arg.startsWith('-'));
  const faults = [
    ...flags.filter((flag) => flag !== '--json').map((flag) => unknown('flag', flag, ['--json'])),
    ...names.filter((name) => named(name) === undefined).map(unknownName),
  ];
  if (faults.length > 0) {
    for (const fault of faults) output.remark(fault);
    return 2;
  }
  const json = flags.includes('--json');
  const chosen = names.length === 0 ? BENCHMARKS : names.flatMap((name) => named(name) ?? []);
  for (const benchmark of chosen) {
    const say = json ? output.remark : output.result;
    say(`${benchmark.name}: ${benchmark.summary}`);
    const result = await benchmark.run(effort);
    for (const line of tableOf(result)) say(`  ${line}`);
    for (const line of benchmark.meaning) say(`  ${line}`);
    if (json) output.result(JSON.stringify(result));
  }
  return 0;
}

const named = (name: string): Benchmark | undefined =>
  BENCHMARKS.find((benchmark) => benchmark.name === name);

const unknownName = (name: string): string =>
  unknown(
    'benchmark',
    name,
    BENCHMARKS.map((benchmark) => benchmark.name),
  );

function unknown(what: string, word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  const hint = near === null ? `It knows: ${known.join(', ')}.` : `Did you mean ${near}?`;
  return `There is no ${what} "${word}". ${hint}`;
}

function tableOf({ figures, ratios }: Result): readonly string[] {
  const rows = [
    ...Object.entries(figures).map(([label, { value, unit }]) => [label, inWords(value), unit]),
    ...Object.entries(ratios).map(([label, value]) => [label, inWords(value), 'times']),
  ];
  const width = (column: number): number =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(
    ([label = '', value = '', unit = '']) =>
      `${label.padEnd(width(0))}  ${value.padStart(width(1))} ${unit}`,
  );
}

const inWords = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: 4 });

if (require.main === module) {
  const output: Output = { result: (line) => console.log(line), remark: (l) => console.error(l) };
  run(process.argv.slice(2), output).then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
