// Holds the example day to what examples/README.md tells of it, and to the script that makes it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkInstructions } from '../../src/presets/checks';
import { replay, type FinishedReplay, type ReplayLine } from '../../src/presets/replay';
import { projectRoot } from '../support/project-files';

const EXAMPLES = join(projectRoot, 'examples');
const INSTRUCTIONS = join(EXAMPLES, 'demo.json');
const TRADES = join(EXAMPLES, 'demo-trades.csv.gz');

describe('the example files', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'examples-'));
    execFileSync(process.execPath, [join(projectRoot, 'scripts', 'make-examples.mjs'), folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('hold the instructions that the script makes', () => {
    const made = readFileSync(join(folder, 'demo.json'), 'utf8');
    expect(made).toBe(readFileSync(INSTRUCTIONS, 'utf8'));
  });

  // Unpacked, because two machines with two compressors pack the same text differently.
  it('hold the trades that the script makes', () => {
    const made = gunzipSync(readFileSync(join(folder, 'demo-trades.csv.gz')));
    expect(made.equals(gunzipSync(readFileSync(TRADES)))).toBe(true);
  });

  it('are packed without a time', () => {
    expect([...readFileSync(TRADES).subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });
});

describe('the example instructions', () => {
  it('load without an error or a warning', () => {
    const { json } = checkInstructions(INSTRUCTIONS);
    expect(json.findings.filter(({ severity }) => severity !== 'INFO')).toEqual([]);
  });

  it('with the two conflicts refuse their symbol and name both orders', () => {
    const { json } = checkInstructions(join(EXAMPLES, 'conflicts.json'));
    expect(json.symbols).toEqual([{ symbol: 'JPM', accepted: false, worstCase: [] }]);
    const errors = json.findings.filter(({ severity }) => severity === 'ERROR');
    expect(errors.map(({ code }) => code)).toEqual(['ROLE_CONFLICT', 'ROLE_CONFLICT']);
    expect(errors.map(({ pointer }) => pointer?.split('/').slice(0, 4).join('/'))).toEqual([
      '/JPM/Orders if Short/1',
      '/JPM/Orders if Short/2',
    ]);
  });
});

describe('the example day', () => {
  const lines: ReplayLine[] = [];
  const remarks: string[] = [];
  let finished: FinishedReplay;

  beforeAll(async () => {
    finished = await replay(
      {
        instructions: INSTRUCTIONS,
        trades: TRADES,
        previousCloses: new Map(),
        riskRules: null,
        strategy: 'default',
        sessionEnd: 'calendar',
        commission: 'none',
        journal: null,
      },
      { line: (line) => lines.push(line), remark: (text) => remarks.push(text) },
    );
  });

  const storyOf = (symbol: string): string[] =>
    lines
      .filter((line) => line.symbol === symbol && ['FILL', 'DENY', 'EXPIRE'].includes(line.event))
      .map(({ event, order, position }) => `${event} ${order} ${position}`);
  const resultOf = (symbol: string) => finished.results.find((each) => each.symbol === symbol);

  it('goes long in KO and takes the profit', () => {
    expect(storyOf('KO')).toEqual(['FILL entry[0] 200', 'FILL long[0] 0']);
    expect(resultOf('KO')).toMatchObject({ position: '0', realizedPnl: '120', reason: null });
  });

  it('goes short in DIS, adds, and is stopped out with both parts', () => {
    expect(storyOf('DIS')).toEqual(['FILL entry[1] -100', 'FILL short[2] -200', 'FILL short[1] 0']);
    expect(resultOf('DIS')).toMatchObject({ position: '0', realizedPnl: '-196', reason: null });
  });

  it('is denied in NVDA, where the order is worth too much', () => {
    expect(storyOf('NVDA')).toEqual(['DENY entry[0] 0', 'EXPIRE entry[1] 0']);
    const denied = lines.find(({ event }) => event === 'DENY');
    expect(denied?.codes).toEqual(['MAX_ORDER_NOTIONAL']);
  });

  it('never triggers in MSFT, so that its entries expire at the close', () => {
    expect(storyOf('MSFT')).toEqual(['EXPIRE entry[0] 0', 'EXPIRE entry[1] 0']);
    const expired = lines.filter(({ event }) => event === 'EXPIRE');
    expect(expired.map(({ time }) => time)).toContain('2024-03-11T20:00:00.000Z');
  });

  it('is a day of the calendar and needs no remark', () => {
    expect(finished.tradingDate).toBe('2024-03-11');
    expect(remarks).toEqual([]);
  });
});
