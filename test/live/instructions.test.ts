// The way of an instruction file to the engine: what is refused, what is armed, what is recorded.

import type { DailyBar } from '../../src/domain/broker-link';
import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { LoadAnswer, LoadRequest } from '../../src/domain/desk';
import type { Instrument } from '../../src/domain/instrument';
import { armedOn } from '../../src/live/armed-on';
import { InstructionLoader } from '../../src/live/instructions';
import { after, entry, fileText, shortEntry, symbolText } from '../instructions/fixture';
import { canonical, folded, instrumentNamed, openDesk } from '../support/trading-kit';
import { STRATEGY, T0 } from '../support/trading-kit';

const bar = (date: string, close: string): DailyBar => {
  const at = price(close);
  return { date, open: at, high: at, low: at, close: at, volume: quantity('1') };
};

async function open() {
  const desk = await openDesk({ symbols: ['IBM'] });
  const known = new Map<string, Instrument>([
    ['IBM', instrumentNamed('IBM', { calendar: 'XNYS' })],
  ]);
  const watched: string[] = [];
  let bars: readonly DailyBar[] | null = [bar('2025-12-31', '98'), bar('2026-01-02', '99')];
  let ids = 0;
  const logged: string[] = [];
  const loader = new InstructionLoader({
    engine: desk.engine,
    clock: desk.clock,
    link: {
      dailyBars: () =>
        bars === null ? Promise.reject(new Error('no answer')) : Promise.resolve(bars),
    },
    inputId: () => `file-${(ids += 1)}`,
    findInstrument: (symbol) => Promise.resolve(known.get(symbol) ?? null),
    watch: ({ key }) => watched.push(key),
    log: (level, message) => logged.push(`${level} ${message}`),
  });
  const load = (content: string, changes: Partial<LoadRequest> = {}): Promise<LoadAnswer> =>
    loader.load({
      ...{ fileName: 'day.json', content, strategy: STRATEGY },
      ...{ account: null, tradingDate: null, dryRun: false },
      ...changes,
    });
  const setBars = (given: readonly DailyBar[] | null): void => {
    bars = given;
  };
  return { desk, known, watched, logged, load, setBars };
}
const codes = ({ file }: LoadAnswer): string[] => file!.findings.map(({ code }) => code);

it('a sound file is recorded, its symbol armed from the close before, and watched', async () => {
  const { desk, load, watched } = await open();
  const answer = await load(fileText());
  expect(answer.refusal).toBeNull();
  expect(answer.file).toMatchObject({ id: 'ins-00000001', tradingDate: '2026-01-05' });
  const [entry] = answer.orders.get('IBM')!;
  expect(entry).toMatchObject({ status: 'ARMED', leg: 'entry[0]' });
  expect(toText(entry!.trigger!.reference!)).toBe('99');
  expect(watched).toEqual(['IBM']);
  expect(desk.state.files.size).toBe(1);
});

it('the same file again is recorded once, and answers with what it armed', async () => {
  const { desk, load } = await open();
  const first = await load(fileText());
  const second = await load(fileText());
  expect(second.file).toEqual(first.file);
  expect(second.orders.get('IBM')!.map(({ id }) => id)).toEqual(['ord-00000001']);
  expect(desk.events('InstructionsRecorded')).toHaveLength(1);
  expect(desk.events('PlanCreated')).toHaveLength(1);
});

it('a symbol the broker does not know is refused by a finding, and the rest loads', async () => {
  const { desk, load } = await open();
  const answer = await load(`{ "IBM": ${symbolText()}, "NOPE": ${symbolText()} }`);
  expect(codes(answer)).toEqual(['INSTRUMENT']);
  expect(answer.file!.symbols).toEqual([
    { symbol: 'IBM', accepted: true, plan: 'pln-00000001' },
    { symbol: 'NOPE', accepted: false, plan: null },
  ]);
  expect(desk.state.plans.size).toBe(1);
});

it('a symbol that becomes known later is armed by the same file, and recorded so', async () => {
  const { known, load } = await open();
  const instrument = known.get('IBM')!;
  known.delete('IBM');
  const first = await load(fileText());
  expect(first.file!.symbols).toEqual([{ symbol: 'IBM', accepted: false, plan: null }]);
  known.set('IBM', instrument);
  const second = await load(fileText());
  expect(second.file!.symbols).toEqual([{ symbol: 'IBM', accepted: true, plan: 'pln-00000001' }]);
  expect(second.orders.get('IBM')).toHaveLength(1);
  const third = await load(fileText());
  expect(third.file).toEqual(second.file);
});

it.each([
  ['the broker gives none', null],
  ['they do not reach the session before', [bar('2025-12-31', '98')]],
  ['there are none', []],
])('without bars the first price sets the reference, which is said: %s', async (_, bars) => {
  const { load, setBars, logged } = await open();
  setBars(bars);
  const { orders } = await load(fileText());
  expect(orders.get('IBM')![0]!.trigger!.reference).toBeNull();
  expect(logged.join()).toMatch(/^WARNING The close of IBM .* do not fire on an opening gap\.$/);
});

it('a price below the tick refuses the symbol', async () => {
  const { known, load } = await open();
  known.set('IBM', instrumentNamed('IBM', { tickSize: price('1000') }));
  expect(codes(await load(fileText()))).toEqual(['INSTRUMENT']);
});

it('a refused file is recorded with its findings and arms nothing', async () => {
  const { desk, load } = await open();
  const answer = await load('{ "IBM": ');
  expect(answer.file).toMatchObject({ accepted: false, symbols: [] });
  expect(answer.file!.findings[0]).toMatchObject({ severity: 'ERROR' });
  expect([desk.state.files.size, desk.state.plans.size]).toEqual([1, 0]);
});

it.each([
  ['sound', fileText()],
  ['refused', '{ "IBM": '],
])('a dry run of a %s file says what would be, and changes nothing', async (_, content) => {
  const { desk, load } = await open();
  const before = desk.journal.head();
  const { file, orders } = await load(content, { dryRun: true });
  expect(file!.id).toBe('ins-preview');
  expect(orders.size).toBe(file!.accepted ? 1 : 0);
  expect(desk.journal.head()).toEqual(before);
  expect(desk.state.files.size).toBe(0);
});

describe('a request that cannot be meant is refused and not recorded', () => {
  it.each([
    ['of an unknown strategy', { strategy: 'nobody' }, 'NOT_FOUND', 'strategy'],
    ['of an unknown account', { account: 'DU9' }, 'NOT_FOUND', 'account'],
    ['for a day that has passed', { tradingDate: '2026-01-02' }, 'STALE', 'tradingDate'],
    ['for a later day', { tradingDate: '2026-01-06' }, 'INVALID', 'tradingDate'],
    ['for a day without a session', { tradingDate: '2026-01-10' }, 'INVALID', 'tradingDate'],
    ['for a day out of all calendars', { tradingDate: '2999-01-02' }, 'INVALID', 'tradingDate'],
    ['for no day at all', { tradingDate: 'tomorrow' }, 'INVALID', 'tradingDate'],
  ])('%s', async (_, changes, code, field) => {
    const { desk, load } = await open();
    const answer = await load(fileText(), changes);
    expect(answer.refusal).toMatchObject({ code, field });
    expect([answer.file, desk.state.files.size]).toEqual([null, 0]);
  });

  it('of one of several accounts that is not named', async () => {
    const { desk, load } = await open();
    const opening = { kind: 'OPEN_ACCOUNT', account: 'DU2', currency: 'USD' } as const;
    await desk.command({ ...opening, cash: money('1') });
    expect((await load(fileText())).refusal).toMatchObject({ code: 'AMBIGUOUS' });
    expect((await load(fileText(), { account: 'DU2' })).refusal).toBeNull();
  });

  it('at one moment past the close, for the session that has just ended', async () => {
    const { desk, load } = await open();
    desk.clock.set(T0 + 6.5 * 3_600_000);
    expect((await load(fileText(), { tradingDate: '2026-01-05' })).refusal).toBeNull();
    desk.clock.set(T0 + 6.5 * 3_600_000 + 1);
    const answer = await load(fileText(), { tradingDate: '2026-01-05' });
    expect(answer.refusal).toMatchObject({ code: 'STALE' });
  });
});

it('a file of another name for the same symbol is refused, and the first stays', async () => {
  const { desk, load } = await open();
  await load(fileText());
  const answer = await load(`${fileText()} `, { fileName: 'other.json' });
  expect(answer.refusal).toMatchObject({ code: 'DUPLICATE' });
  expect(desk.state.plans.size).toBe(1);
});

it('a changed file shows in a dry run what it would replace, and replaces nothing', async () => {
  const { desk, load } = await open();
  await load(fileText());
  const changed = fileText().replace('"price": "100"', '"price": "101"');
  const { file } = await load(changed, { dryRun: true });
  const codes = file!.findings.map(({ code }) => code);
  expect(codes).toContain('REPLACED');
  expect(desk.state.plans.size).toBe(1);
  await load(changed);
  expect([...desk.state.plans.values()].map(({ status }) => status)).toEqual(['DONE', 'WAITING']);
});

describe('a file that says whose it is and for when', () => {
  const says = (owner: object): string =>
    `${JSON.stringify(owner).slice(0, -1)}, ${fileText().slice(1)}`;

  it('is loaded so where the request is silent, and none of it is a symbol', async () => {
    const { desk, load } = await open();
    const opening = { kind: 'OPEN_ACCOUNT', account: 'DU2', currency: 'USD' } as const;
    await desk.command({ ...opening, cash: money('1') });
    const owner = { strategy: STRATEGY, account: 'DU2', tradingDate: '2026-01-05' };
    const { file, refusal } = await load(says(owner));
    expect([refusal, file]).toMatchObject([null, owner]);
    expect(file?.symbols.map(({ symbol }) => symbol)).toEqual(['IBM']);
  });

  it.each([
    ['strategy', 'other', STRATEGY],
    ['account', 'DU9', 'DU1'],
    ['tradingDate', '2026-01-06', '2026-01-05'],
  ])('is refused where the request names another %s, with both named', async (key, own, asked) => {
    const { desk, load } = await open();
    const { refusal } = await load(says({ [key]: own }), { [key]: asked });
    const message = `the file says ${key} ${own}, the request says ${asked}`;
    expect(refusal).toEqual({ code: 'INVALID', message, field: key });
    expect(desk.state.plans.size).toBe(0);
  });

  it('arms nothing when its date cannot be armed now', async () => {
    const { desk, load } = await open();
    const early = await load(says({ tradingDate: '2026-01-06' }));
    expect(early.refusal).toMatchObject({ code: 'INVALID', field: 'tradingDate' });
    const late = await load(says({ tradingDate: '2026-01-02' }));
    expect(late.refusal).toMatchObject({ code: 'STALE' });
    expect(desk.state.plans.size).toBe(0);
  });
});

describe('settings that come along', () => {
  const silent =
    '{ "IBM": { "Entry OCA": [' + entry() + '], "Orders if Long": [' + after() + '] } }';
  const says = silent.replace('{ "IBM": {', '{ "IBM": { "exitQty": "literal",');

  it('hold where the file is silent, and are recorded with it', async () => {
    const { desk, load } = await open();
    const settings = { exitQty: 'position', gap: 'ignore' };
    const { file, orders } = await load(silent, { settings });
    expect(file?.settings).toEqual(settings);
    const [plan] = desk.state.plans.values();
    expect(plan).toMatchObject({ settings, spec: { settings: { exitQuantity: 'POSITION' } } });
    expect(orders.get('IBM')?.[0]?.trigger?.reference).toBeNull();
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('do not go before what the file says', async () => {
    const { desk, load } = await open();
    await load(says, { settings: { exitQty: 'position' } });
    expect([...desk.state.plans.values()][0]?.spec.settings.exitQuantity).toBe('LITERAL');
  });

  it('make another load of the same content, which replaces what waits', async () => {
    const { desk, load } = await open();
    await load(silent);
    const again = await load(silent, { settings: { exitQty: 'position' } });
    expect(codes(again)).toContain('REPLACED');
    expect((await load(silent, { settings: { exitQty: 'position' } })).file).toEqual(again.file);
    expect([desk.state.files.size, desk.state.plans.size]).toEqual([2, 2]);
  });

  it('are known again by the inbox, which would not load them twice', async () => {
    const { desk, load } = await open();
    const { file } = await load(silent, { settings: { exitQty: 'position' } });
    const asked = { contentHash: file!.contentHash, strategy: STRATEGY, tradingDate: '2026-01-05' };
    expect(armedOn(desk.state, asked)).toBeNull();
    const known = { ...asked, settings: { exitQty: 'position' } };
    expect(armedOn(desk.state, known)).toBe('2026-01-05');
    expect(armedOn(desk.state, { ...known, stated: '2026-01-05' })).toBe('2026-01-05');
    expect(armedOn(desk.state, { ...known, stated: '2026-01-06' })).toBeNull();
  });

  it('that are wrong refuse the request and arm nothing', async () => {
    const { desk, load } = await open();
    const { refusal } = await load(silent, { settings: { exitQty: 'positon', strategy: 'x' } });
    expect(refusal).toMatchObject({ code: 'INVALID', field: 'settings' });
    expect(refusal?.message).toContain('Did you mean "position"?');
    expect(refusal?.message).toContain('Unknown key "strategy"');
    expect(desk.state.plans.size).toBe(0);
  });
});

it('an entry that sells short where that is not allowed loads with a warning', async () => {
  const { desk, load } = await open();
  const strategy = 'long-only';
  await desk.command({ kind: 'CREATE_STRATEGY', strategy, allowsShort: false });
  const cover = after({ Action: '"BUY"', price: '"105"' });
  const text = fileText({ entries: [entry(), shortEntry({ price: '"98"' })], ifShort: [cover] });
  const { file } = await load(text, { strategy });
  expect(file?.findings).toMatchObject([
    { severity: 'WARNING', code: 'SHORT_NOT_ALLOWED', pointer: '/IBM/Entry OCA/1' },
  ]);
  expect(file?.findings[0]?.message).toContain('strategy long-only may not sell short');
  expect(file?.symbols).toMatchObject([{ accepted: true }]);
  expect(codes(await load(text))).toEqual([]);
});
