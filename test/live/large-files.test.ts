// A large file is armed in parts: what comes in meanwhile does not wait for its end, and a process
// that ends between two parts leaves a state from which the same file goes on.

import type { JournalRecord } from '../../src/domain/event';
import type { LoadAnswer, LoadRequest } from '../../src/domain/desk';
import type { InstructionFileRecord } from '../../src/domain/instruction';
import { contentHashOf } from '../../src/instructions/check';
import { armedOn } from '../../src/live/armed-on';
import { InstructionLoader, type LoaderParts } from '../../src/live/instructions';
import { SqliteJournal } from '../../src/persistence/journal';
import { after, entry, symbolText } from '../instructions/fixture';
import { canonical, Desk, folded, openDesk, ruleBook, STRATEGY } from '../support/trading-kit';

const SYMBOLS = Array.from({ length: 14 }, (_, n) => `S${n}`);
const ENTRIES = 120;

const set = (price: number): string =>
  symbolText({
    entries: Array.from({ length: ENTRIES }, (_, n) => entry({ price: `${price + n}` })),
  });
const fileOf = (symbols: readonly string[], price = 100): string =>
  `{ ${symbols.map((symbol) => `"${symbol}": ${set(price)}`).join(',\n')} }`;
const LARGE = fileOf(SYMBOLS);

type Loading = (content: string, changes?: Partial<LoadRequest>) => Promise<LoadAnswer>;

function loaderOn(desk: Desk, engine: LoaderParts['engine'] = desk.engine): Loading {
  let ids = desk.state.sequence;
  const loader = new InstructionLoader({
    ...{ engine, clock: desk.clock, watch: () => undefined, log: () => undefined },
    link: { dailyBars: () => Promise.resolve([]) },
    inputId: () => `file-${(ids += 1)}`,
    findInstrument: (symbol) => Promise.resolve(desk.state.instruments.get(symbol) ?? null),
  });
  return (content, changes = {}) =>
    loader.load({
      ...{ fileName: 'day.json', content, strategy: STRATEGY },
      ...{ account: null, tradingDate: null, dryRun: false },
      ...changes,
    });
}

const open = (journal = new SqliteJournal(':memory:')): Promise<Desk> =>
  openDesk({ symbols: ['IBM', ...SYMBOLS], instrument: { calendar: 'XNYS' }, journal });

const typeOf = ({ event }: JournalRecord): string => event.type;
/** What is armed, in the order of the file. */
const armed = (desk: Desk): string[] =>
  [...desk.state.orders.values()].map(({ instrument, leg }) => `${instrument} ${leg}`);

it('a price that comes in during a load fires and fills before the load has ended', async () => {
  const desk = await open();
  await desk.load('IBM', { entry: ['over BUY 10 market 70'] }, '69');
  const come: { prices: Promise<void> | null } = { prices: null };
  desk.onCommit = (records) => {
    const begun = records.some(({ event }) => event.type === 'PlanCreated');
    if (!begun || come.prices !== null) return;
    come.prices = new Promise((resolve, reject) => {
      setImmediate(() => {
        desk.ticks('IBM', '69 71 71').then(resolve, reject);
      });
    });
  };
  const before = desk.records.length;
  const answer = await loaderOn(desk)(LARGE);
  await come.prices;
  expect(answer.refusal).toBeNull();
  const types = desk.records.slice(before).map(typeOf);
  const filled = types.indexOf('OrderFilled');
  expect(types.indexOf('TriggerFired')).toBeLessThan(filled);
  expect(types.indexOf('TriggerFired')).toBeGreaterThan(types.indexOf('PlanCreated'));
  expect(filled).toBeLessThan(types.lastIndexOf('PlanCreated'));
  expect(filled).toBeLessThan(types.indexOf('InstructionsRecorded'));
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
});

it('the parts make one record of the whole file, and no symbol is divided', async () => {
  const desk = await open();
  const batches: string[][] = [];
  desk.onCommit = (records) => batches.push(records.map(typeOf));
  const { file, orders } = await loaderOn(desk)(LARGE);
  expect(file!.symbols.map(({ symbol }) => symbol)).toEqual(SYMBOLS);
  expect(new Set(file!.symbols.map(({ plan }) => plan)).size).toBe(SYMBOLS.length);
  expect(orders.get('S13')).toHaveLength(ENTRIES);
  expect(desk.events('InstructionsRecorded')).toHaveLength(1);
  expect(batches.length).toBeGreaterThan(3);
  for (const batch of batches) {
    const plans = batch.filter((type) => type === 'PlanCreated').length;
    expect(batch.filter((type) => type === 'OrderArmed')).toHaveLength(plans * ENTRIES);
  }
});

it('wherever the process ends, the same file goes on and arms each order once', async () => {
  const whole = await open();
  await loaderOn(whole)(LARGE);
  for (let parts = 0; parts < 7; parts += 1) {
    const journal = new SqliteJournal(':memory:');
    const first = await open(journal);
    await expect(loaderOn(first, endsAfter(first, parts))(LARGE)).rejects.toThrow('ended');
    expect(first.state.files.size).toBe(0);
    expect(first.state.plans.size).toBeLessThan(SYMBOLS.length);

    const second = new Desk(await ruleBook('none'), { journal });
    const { refusal, file } = await loaderOn(second)(LARGE);
    expect(refusal).toBeNull();
    expect(file!.symbols.map(({ symbol }) => symbol)).toEqual(SYMBOLS);
    expect(armed(second)).toEqual(armed(whole));
    expect(canonical(folded(journal))).toBe(canonical(second.state));
    const again = second.state.sequence;
    await loaderOn(second)(LARGE);
    expect(second.state.sequence).toBe(again);
  }
});

it('a file that was begun in a session goes on in it, and trades in no later one', async () => {
  const desk = await open();
  await expect(loaderOn(desk, endsAfter(desk, 2))(LARGE)).rejects.toThrow('ended');
  const contentHash = contentHashOf(new TextEncoder().encode(LARGE));
  const asked = (tradingDate: string) => ({ contentHash, strategy: STRATEGY, tradingDate });
  expect(armedOn(desk.state, asked('2026-01-05'))).toBeNull();
  expect(armedOn(desk.state, asked('2026-01-06'))).toBe('2026-01-05');
  await loaderOn(desk)(LARGE);
  expect(armedOn(desk.state, asked('2026-01-05'))).toBe('2026-01-05');
});

it('a symbol that has other instructions refuses the file before its first part', async () => {
  const desk = await open();
  await desk.load('S13', { entry: ['over BUY 10 market 70'] });
  const { refusal, file } = await loaderOn(desk)(LARGE, { fileName: 'other.json' });
  expect(refusal).toMatchObject({ code: 'DUPLICATE', field: 'plans' });
  expect(file).toBeNull();
  expect(desk.state.plans.size).toBe(1);
});

it('a symbol that could lose too much stays behind, and the others are armed', async () => {
  const desk = await open();
  const much = symbolText({
    ...{ entries: [entry({ Qty: '2000' })], ifLong: [after({ Qty: '2000' })] },
  });
  const texts = SYMBOLS.map((symbol) => `"${symbol}": ${symbol === 'S3' ? much : set(100)}`);
  const large = `{ ${texts.join(',\n')} }`;
  const shown = await loaderOn(desk)(large, { dryRun: true });
  const { refusal, file, orders } = await loaderOn(desk)(large);
  expect(refusal).toBeNull();
  const refused = file!.symbols.filter(({ accepted }) => !accepted);
  expect(refused).toEqual([{ symbol: 'S3', accepted: false, plan: null }]);
  expect(file!.findings.map(({ code }) => code)).toContain('WORST_CASE');
  expect(orders.size).toBe(SYMBOLS.length - 1);
  expect(desk.state.plans.size).toBe(SYMBOLS.length - 1);
  expect(desk.events('InstructionsRecorded')).toHaveLength(1);
  expect(shown.orders).toEqual(orders);
  expect(sorted(shown.file!.symbols)).toEqual(sorted(file!.symbols));
});

/** What is known of each symbol, but for its place in the list. */
const sorted = (symbols: InstructionFileRecord['symbols']) =>
  [...symbols].sort((a, b) => a.symbol.localeCompare(b.symbol, 'en'));

it('of two files for the same symbols, handed in at once, one is armed whole', async () => {
  const desk = await open();
  const load = loaderOn(desk);
  const other = fileOf([...SYMBOLS].reverse(), 200);
  const answers = await Promise.all([load(LARGE), load(other, { fileName: 'other.json' })]);
  // Whichever was checked first.
  const codes = answers.map(({ refusal }) => refusal?.code ?? 'armed');
  expect(codes.sort()).toEqual(['DUPLICATE', 'armed']);
  expect(desk.state.plans.size).toBe(SYMBOLS.length);
  expect(new Set([...desk.state.plans.values()].map(({ contentHash }) => contentHash)).size).toBe(
    1,
  );
});

it('what is left of a file when its session ends is not armed any more', async () => {
  const desk = await open();
  desk.onCommit = (records) => {
    if (records.map(typeOf).includes('PlanCreated')) desk.clock.set(Date.UTC(2026, 0, 5, 21, 1));
  };
  const { refusal } = await loaderOn(desk)(LARGE);
  expect(refusal).toMatchObject({ code: 'STALE', field: 'tradingDate' });
  expect(desk.state.plans.size).toBeLessThan(SYMBOLS.length);
  expect(desk.state.files.size).toBe(0);
});

/** The engine of a process that ends after so many parts. */
function endsAfter({ engine }: Desk, parts: number): LoaderParts['engine'] {
  let left = parts;
  return new Proxy(engine, {
    get: (target, name) => {
      if (name === 'execute' && (left -= 1) < 0) {
        return () => Promise.reject(new Error('the process has ended'));
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

it('a large file that has changed replaces what waits and tells every difference', async () => {
  const desk = await open();
  const load = loaderOn(desk);
  await load(LARGE);
  const { refusal, file } = await load(fileOf(SYMBOLS, 200));
  expect(refusal).toBeNull();
  const replaced = file!.findings.filter(({ code }) => code === 'REPLACED');
  expect(replaced).toHaveLength(SYMBOLS.length);
  const waiting = [...desk.state.plans.values()].filter(({ status }) => status === 'WAITING');
  expect(waiting).toHaveLength(SYMBOLS.length);
});

const worst = ({ worstCases = new Map() }: LoadAnswer) =>
  [...worstCases].map(([symbol, read]) => [symbol, read()]);

it('a dry run of a large file shows what the load then does, and changes nothing', async () => {
  const desk = await open();
  const load = loaderOn(desk);
  for (const content of [LARGE, fileOf(SYMBOLS, 200)]) {
    const before = canonical(desk.state);
    const shown = await load(content, { dryRun: true });
    expect(canonical(desk.state)).toBe(before);
    const done = await load(content);
    expect(done.orders.get('S13')).toHaveLength(ENTRIES);
    expect(shown.orders).toEqual(done.orders);
    const { file } = done;
    expect({ ...shown, worstCases: worst(shown) }).toEqual({
      ...{ ...done, worstCases: worst(done), file: { ...file, id: 'ins-preview' } },
    });
    const again = await load(content, { dryRun: true });
    expect({ ...again, worstCases: worst(again) }).toEqual({
      ...{ ...shown, worstCases: worst(shown), orders: new Map() },
    });
  }
});

it('a large file is rehearsed in several steps, so that prices come in between', async () => {
  const desk = await open();
  let rehearsed = 0;
  const engine = new Proxy(desk.engine, {
    get: (target, name) => {
      if (name === 'rehearse') rehearsed += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  await loaderOn(desk, engine)(LARGE, { dryRun: true });
  expect(rehearsed).toBeGreaterThan(3);
});
