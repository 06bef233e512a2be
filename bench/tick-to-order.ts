// From a price on the socket to the order on the socket: the gateway writes the trade that fires
// an armed order, and reads the order that follows. Once with the product, with its journal in
// memory's file system and on the disk, and once with the same client library and nothing behind
// it.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BareClient } from './support/bare-client';
import { quantile, rounded } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';
import { Stage } from './support/stage';
import { SyncedFile } from './support/synced-file';
import { inDollars, OPEN, START } from './support/tape';
import { TidegateClient } from './support/tidegate-client';

export const tickToOrder: Benchmark = {
  name: 'tick-to-order',
  summary: 'from the price on the socket to the order on the socket, over the TWS protocol',
  meaning: [
    'p50, p99: from the moment the gateway writes the trade to the moment it has read the order,',
    'wall time; both ends are in this process, so the clock is one. Every sample is a trade that',
    'fires one armed order: decode, trigger index, rule, nine risk rules, hard limits, journal,',
    'encode. crashSafe: the journal is on a file system in memory, where it survives the process',
    'and not the machine. powerSafe: on the disk, where every record is synchronized. bare: the',
    'same client library with one if, no rules and no journal. sync: one write with fdatasync.',
    'p50ToBare, p99ToBare: crashSafe / bare. powerSafeSyncs: (powerSafe - bare) / sync at p50.',
  ],
  run,
};

/** Where files are in memory; elsewhere the disk stands in, and the figures are the same. */
const MEMORY = '/dev/shm';
const WARM_UP = 0.2;
/** Milliseconds between samples: a broker takes so many orders a second, and the session knows. */
const PAUSE = 30;
const SYMBOL = 'IBM';

async function run({ ticks }: Effort): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const inMemory = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, 'tidegate-bench-')) : folder;
  const trades = join(folder, 'trades.csv');
  writeFileSync(trades, tapeOf(ticks));
  const stages = await Promise.all([
    Stage.open(trades, (at) => TidegateClient.open(at, join(inMemory, 'fast'), levels(ticks))),
    Stage.open(trades, (at) => TidegateClient.open(at, join(folder, 'safe'), levels(ticks))),
    Stage.open(trades, (at) => BareClient.open(at, SYMBOL, levels(ticks))),
  ]);
  const file = new SyncedFile(join(folder, 'synced'));
  const micros = stages.map((): number[] => []);
  const syncs: number[] = [];
  try {
    for (let n = 0; n < ticks; n += 1) {
      for (const [which, stage] of stages.entries()) micros[which]?.push(await stage.sample());
      syncs.push(file.append());
      await sleep(PAUSE);
    }
  } finally {
    for (const stage of stages) await stage.close();
    file.close();
    for (const each of new Set([folder, inMemory])) rmSync(each, { recursive: true, force: true });
  }
  return resultOf(micros, syncs);
}

function resultOf(micros: readonly (readonly number[])[], syncs: readonly number[]): Result {
  const counted = [...micros, syncs].map((each) => each.slice(Math.floor(each.length * WARM_UP)));
  const at = (share: number): number[] => counted.map((each) => quantile(each, share));
  const [fast = NaN, safe = NaN, bare = NaN, sync = NaN] = at(0.5);
  const [fast99 = NaN, safe99 = NaN, bare99 = NaN] = at(0.99);
  const us = (value: number) => ({ value: rounded(value), unit: 'us' });
  return {
    name: tickToOrder.name,
    figures: {
      p50: us(fast),
      p99: us(fast99),
      powerSafeP50: us(safe),
      powerSafeP99: us(safe99),
      bareP50: us(bare),
      bareP99: us(bare99),
      sync: us(sync),
    },
    ratios: {
      p50ToBare: rounded(fast / bare),
      p99ToBare: rounded(fast99 / bare99),
      powerSafeSyncs: rounded((safe - bare) / sync),
    },
  };
}

/** The price each sample crosses, in cents. */
const levels = (ticks: number): number[] =>
  Array.from({ length: ticks }, (_, n) => START + 2 * n + 1);

/** Two trades a sample: one that fills the order before it, and one a cent beyond the level. */
function tapeOf(ticks: number): string {
  const lines = ['time,symbol,price,size'];
  for (let n = 0; n < 2 * ticks; n += 1) {
    const cents = START + 2 * Math.ceil(n / 2);
    const time = new Date(OPEN + 1_000 * n).toISOString();
    lines.push(`${time},${SYMBOL},${inDollars(cents)},100`);
  }
  return `${lines.join('\n')}\n`;
}
