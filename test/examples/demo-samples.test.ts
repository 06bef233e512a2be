// Holds the demo's samples to the market of the demo: they are what the script makes from it, and
// whenever in the first seconds they are armed, one entry fills and rests its exits, one is denied
// by the rule its comment names, one stays armed. Replays the market the demo will see.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkInstructions } from '../../src/presets/checks';
import { DEMO_SEED } from '../../src/presets/demo';
import { replay, type ReplayLine } from '../../src/presets/replay';
import { projectRoot } from '../support/project-files';

const SAMPLE = join(projectRoot, 'examples', 'demo', 'demo-day.json');
const MARKET = join(projectRoot, 'src', 'broker', 'simulator', 'made-up-market.ts');
const SECOND = 1000;
const WEEK = 7 * 86_400 * SECOND;

interface Market {
  readonly now: number;
  bars(question: {
    readonly instrument: string;
    readonly from: number;
    readonly to: number;
    readonly size: 'DAY';
  }): { readonly close: string }[];
  peek(): { readonly at: number };
  take(): {
    readonly kind: string;
    readonly at: number;
    readonly trade?: {
      readonly instrument: string;
      readonly priceText: string;
      readonly sizeText: string;
    };
  };
}
interface MarketModule {
  readonly MadeUpMarket: new (options: { readonly seed: number }) => Market;
}

// The market comes with the embedded gateway; without it there is no demo to make samples for.
const withMarket = existsSync(MARKET) ? it : it.skip;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-samples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the market trades from some seconds after its start, for some seconds. */
async function recording(after: number, length: number): Promise<string> {
  const { MadeUpMarket } = (await import(MARKET)) as MarketModule;
  const market = new MadeUpMarket({ seed: DEMO_SEED });
  const from = market.now + after * SECOND;
  const rows = ['time,symbol,price,size'];
  while (market.peek().at <= from + length * SECOND) {
    const { at, trade } = market.take();
    if (trade === undefined || at <= from) continue;
    const { instrument, priceText, sizeText } = trade;
    rows.push([new Date(at).toISOString(), instrument, priceText, sizeText].join(','));
  }
  const file = join(folder, `from-${after}.csv`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

/** As the desk knows them: the close of the day before the market's first. */
async function previousCloses(): Promise<Map<string, string>> {
  const { MadeUpMarket } = (await import(MARKET)) as MarketModule;
  const market = new MadeUpMarket({ seed: DEMO_SEED });
  const closes = symbols().map((instrument): [string, string] => {
    const from = market.now - WEEK;
    const days = market.bars({ instrument, from, to: market.now, size: 'DAY' });
    return [instrument, days.at(-2)?.close ?? ''];
  });
  return new Map(closes);
}

const symbols = (): string[] =>
  Object.keys(JSON.parse(readFileSync(SAMPLE, 'utf8')) as object).filter(
    (key) => !key.startsWith('_'),
  );

async function linesFrom(
  after: number,
  length: number,
  closes = new Map<string, string>(),
): Promise<ReplayLine[]> {
  const lines: ReplayLine[] = [];
  await replay(
    {
      ...{ instructions: SAMPLE, trades: await recording(after, length) },
      ...{ previousCloses: closes, riskRules: null, strategy: 'default' },
      ...{ sessionEnd: 'last', commission: 'ib-fixed', journal: null },
    },
    { line: (line) => lines.push(line), remark: () => undefined },
  );
  return lines;
}

describe("the demo's samples", () => {
  it('load without a finding', () => {
    const { json } = checkInstructions(SAMPLE);
    expect([json.accepted, json.findings, json.symbols.length]).toEqual([true, [], 3]);
  });

  withMarket('are what the script makes from the market', () => {
    execFileSync(process.execPath, [
      join(projectRoot, 'scripts', 'make-demo-instructions.mjs'),
      folder,
    ]);
    expect(readFileSync(SAMPLE, 'utf8')).toBe(readFileSync(join(folder, 'demo-day.json'), 'utf8'));
  });

  withMarket.each([
    [0, false],
    [1, true],
    [3, false],
    [5, true],
    [8, false],
    [10, true],
    [12, false],
  ])('tell their story when armed %s s late, closes known: %s', async (after, known) => {
    const lines = await linesFrom(after, 9, known ? await previousCloses() : new Map());
    const story = (symbol: string): string[] =>
      lines
        .filter((line) => line.symbol === symbol && !['EXPIRE', 'ARM'].includes(line.event))
        .map(({ event, order, position }) => `${event} ${order} ${position}`);
    const [bought = '', denied = '', armed = ''] = symbols();
    expect(story(bought).filter((line) => /^(FILL|DENY)/.test(line))).toEqual(['FILL entry[0] 80']);
    expect(story(denied).filter((line) => /^(FILL|DENY)/.test(line))).toEqual(['DENY entry[0] 0']);
    expect(story(armed)).toEqual([]);
    expect(lines.find(({ event }) => event === 'DENY')?.codes).toEqual(['MAX_ORDER_NOTIONAL']);
  });

  withMarket('leave the exits resting for a quarter of an hour', async () => {
    const fills = (await linesFrom(0, 900)).filter(({ event }) => event === 'FILL');
    expect(fills.map(({ order }) => order)).toEqual(['entry[0]']);
  });
});
