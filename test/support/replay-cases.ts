/** The reference cases S1 to S3: their inputs as files, and runs of them in this process. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  replay,
  type FinishedReplay,
  type ReplayLine,
  type ReplayOptions,
} from '../../src/presets/replay';
import { sharedData } from './shared-data';

const TOOLS = resolve(sharedData(), '..', 'tools');

export interface ReplayCase {
  readonly name: string;
  readonly options: ReplayOptions;
}

/** Writes the trades of a case to a folder of its own and yields what a replay of it is asked. */
export function replayCase(name: string): ReplayCase {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-case-'));
  const expected = sharedData('instructions', `${name}.expected.json`);
  const made = spawnSync(process.execPath, [join(TOOLS, 'case-inputs.mjs'), expected], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const trades = join(folder, 'trades.csv');
  writeFileSync(trades, made.stdout);
  const closes = made.stderr.trim().split('\n');
  return {
    name,
    options: {
      instructions: sharedData('instructions', `${name}.instructions.json`),
      trades,
      previousCloses: new Map(closes.map((text) => text.split('=') as [string, string])),
      riskRules: null,
      strategy: 'default',
      sessionEnd: 'calendar',
      commission: 'none',
      journal: null,
    },
  };
}

export interface Recording extends FinishedReplay {
  readonly lines: readonly ReplayLine[];
  readonly remarks: readonly string[];
  /** What `--json` prints. */
  readonly text: string;
}

/** Runs a replay and keeps all it says. */
export async function record(options: ReplayOptions): Promise<Recording> {
  const lines: ReplayLine[] = [];
  const remarks: string[] = [];
  const finished = await replay(options, {
    line: (line) => lines.push(line),
    remark: (text) => remarks.push(text),
  });
  const printed = [...lines, ...finished.results].map((line) => JSON.stringify(line));
  return { ...finished, lines, remarks, text: `${printed.join('\n')}\n` };
}

/** What the reference checker says about the printed lines: its exit code and its words. */
export function judge(name: string, text: string): { readonly ok: boolean; readonly said: string } {
  const produced = join(mkdtempSync(join(tmpdir(), 'tidegate-judge-')), 'out.jsonl');
  writeFileSync(produced, text);
  const expected = sharedData('instructions', `${name}.expected.json`);
  const judged = spawnSync(
    process.execPath,
    [join(TOOLS, 'check-replay.mjs'), expected, produced],
    { encoding: 'utf8' },
  );
  return { ok: judged.status === 0, said: judged.stdout + judged.stderr };
}

/** The expectation file of a case. */
export function expectationOf(name: string): {
  readonly symbols: Record<string, { readonly result: Record<string, string> }>;
} {
  const text = readFileSync(sharedData('instructions', `${name}.expected.json`), 'utf8');
  return JSON.parse(text) as ReturnType<typeof expectationOf>;
}
