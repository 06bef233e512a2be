// The defects of the instruction file of the source document, one after the other, each with what
// is done about it. Must not repeat every case of the check: cases.ts has those.

import { toText } from '../../src/domain/decimal';
import { logRecord } from '../../src/presets/order-log';
import type { Logger } from '../../src/ops/log';
import { openDesk, planOf, type PlanWords } from '../support/trading-kit';
import { after, check, entry, fileText, shortEntry, symbolText } from './fixture';

const codesOf = (text: string): string[] => check(text).findings.map(({ code }) => code);
const legsOf = (text: string) => check(text).symbols[0]!.plan!;
const short = (...ifShort: string[]): string =>
  fileText({ entries: [shortEntry({ price: '"70.58981"' })], ifLong: [], ifShort });

/** What happens to a plan on prices, in short lines. */
async function story(words: PlanWords, prices: string, ...kinds: string[]): Promise<string[]> {
  const desk = await openDesk();
  await desk.load('AAPL', words);
  await desk.ticks('AAPL', prices);
  return desk.story(...kinds);
}

const DEFECTS: readonly (readonly [number, string, () => void | Promise<void>])[] = [
  [
    1,
    'a comma missing after a line refuses the file with the place, and proposes the comma',
    () => {
      const text = '{\n"IBM": {\n"Entry OCA": [{\n"On": "cross-over"\n"Action": "BUY"\n}]}}';
      const { accepted, findings } = check(text);
      expect(accepted).toBe(false);
      expect(findings[0]).toMatchObject({ code: 'SYNTAX', line: 5 });
      expect(findings[0]?.proposal).toContain(',');
    },
  ],
  [
    2,
    'a price is a string or a number, exact; what is no plain number above zero is refused',
    () => {
      for (const price of ['"69.484375"', '69.484375']) {
        const [leg] = legsOf(fileText({ entries: [entry({ price })] })).entries;
        expect(toText(leg!.price!)).toBe('69.484375');
      }
      for (const price of ['"NaN"', '0', '-1', '"1e2"', '"1,234.5"', '"69,48"', '"Infinity"']) {
        expect([price, check(fileText({ entries: [entry({ price })] })).symbols]).toMatchObject([
          price,
          [{ accepted: false }],
        ]);
      }
    },
  ],
  [
    3,
    'known keys and words are read whatever their capitals, with a note; others are errors',
    () => {
      const text = fileText({ entries: [entry({ price: '', Price: '"100"', Order: '"Limit"' })] });
      expect(codesOf(text)).toEqual(['SPELLING', 'SPELLING']);
      expect(codesOf(text.replace('"Entry OCA"', '"Entry OCA on Cross"'))).toContain('SPELLING');
      expect(codesOf(fileText({ entries: [entry({ Pirce: '1' })] }))).toEqual(['UNKNOWN_KEY']);
      expect(codesOf(fileText({ entries: [entry({ _mine: '1' })] }))).toEqual([]);
    },
  ],
  [
    4,
    'a trigger keeps a price finer than a tick, an order is never sent worse than stated',
    async () => {
      const desk = await openDesk();
      await desk.load('AAPL', {
        entry: ['over BUY 1 limit 69.484375', 'under SELL 1 limit 65.58981'],
        long: ['SELL 1 limit 70.58981', 'SELL 1 market 65.04444 stop'],
      });
      const buy = desk.order('entry[0]');
      const sell = desk.order('entry[1]');
      expect([buy.trigger!.level, buy.limitPrice!].map(toText)).toEqual(['69.484375', '69.48']);
      expect([sell.trigger!.level, sell.limitPrice!].map(toText)).toEqual(['65.58981', '65.59']);
      await desk.ticks('AAPL', '69 69.5 69.48');
      expect(toText(desk.order('long[0]').limitPrice!)).toBe('70.59');
      expect(toText(desk.order('long[1]').stopPrice!)).toBe('65.04');
    },
  ],
  [
    5,
    'a short stop-loss that sells refuses its symbol, and a BUY is proposed',
    () => {
      const file = check(
        short(after({ _comment: '"SL - 4-diff"', Order: '"limit"', price: '"74.98"' })),
      );
      expect(file.symbols).toMatchObject([{ accepted: false, plan: null }]);
      expect(file.findings[0]).toMatchObject({ code: 'ROLE_CONFLICT', severity: 'ERROR' });
      expect(file.findings[0]?.proposal).toMatch(/"Action": ?"BUY".*74\.98/);
    },
  ],
  [
    6,
    'a short DCA that buys refuses its symbol, and a SELL is proposed',
    () => {
      const comment = '"Sell another position - DCA"';
      const file = check(short(after({ _comment: comment, Action: '"BUY"', price: '"72.78"' })));
      expect(file.symbols).toMatchObject([{ accepted: false, plan: null }]);
      expect(file.findings[0]?.proposal).toMatch(/"Action": ?"SELL".*72\.78/);
    },
  ],
  [
    7,
    'a stop written as limit waits for its price; it is never sent as a plain limit order',
    async () => {
      const text = fileText({ ifLong: [after({ _comment: '"SL"', Order: '"limit"' })] });
      expect(codesOf(text)).toContain('STOP_AS_LIMIT');
      const desk = await openDesk();
      await desk.load('AAPL', { entry: ['over BUY 1 market 69'], long: ['SELL 1 limit 65.04'] });
      await desk.ticks('AAPL', '68 69.5 69.5 69.6');
      const stop = desk.order('long[0]');
      expect([stop.role, stop.type, stop.status]).toEqual(['STOP_LOSS', 'STOP_LIMIT', 'WORKING']);
      expect(desk.held('AAPL')).toBe('1');
    },
  ],
  [
    8,
    'a Market order with a price is triggered by it, and then sent without a limit',
    async () => {
      const words = { entry: ['over BUY 1 market 69'], long: ['BUY 1 market 67.28'] };
      const told = await story(words, '68 69.5 69.5 68 67.2 67.2', 'trigger', 'fill');
      expect(told.map((line) => line.replace(/^\d+ /, ''))).toEqual([
        ...['trigger entry[0] at 69.5', 'fill entry[0] 1 at 69.5 makes 1'],
        ...['trigger long[0] at 67.2', 'fill long[0] 1 at 67.2 makes 2'],
      ]);
    },
  ],
  [
    9,
    'roles come of side and price; a comment only corroborates, or warns',
    async () => {
      const desk = await openDesk();
      await desk.load('AAPL', {
        entry: ['over BUY 1 market 69'],
        long: ['SELL 1 limit 71', 'SELL 1 market 65', 'BUY 1 limit 67', 'BUY 1 market 73'],
      });
      await desk.ticks('AAPL', '68 69.5 69.5');
      const roles = [0, 1, 2, 3].map((n) => desk.order(`long[${n}]`).role);
      expect(roles).toEqual(['TAKE_PROFIT', 'STOP_LOSS', 'DCA', 'PYRAMID']);
      const above = after({ _comment: '"SL"', price: '"105"' });
      expect(codesOf(fileText({ ifLong: [after(), above] }))).toEqual(['COMMENT_AGAINST_PRICE']);
    },
  ],
  [
    10,
    'exits reduce only: one that fills cuts the others; "position" covers adds, too',
    async () => {
      const long = ['SELL 1 limit 71', 'SELL 1 market 65 stop', 'BUY 1 limit 67'];
      const prices = '68 69.5 69.5 67 67 65 65 65';
      const literal = await story({ entry: ['over BUY 1 market 69'], long }, prices, 'fill');
      expect(literal.at(-1)).toMatch(/fill long\[1\] 1 at 65 makes 1/);
      const settings = { exitQuantity: 'POSITION' } as const;
      const words = { entry: ['over BUY 1 market 69'], long, settings };
      expect((await story(words, prices, 'fill')).at(-1)).toMatch(/2 at 65 makes 0/);
    },
  ],
  [
    11,
    'an entry that is not met at its own price stays as it is stated, and says so in the end',
    async () => {
      const desk = await openDesk();
      const lines: string[] = [];
      const said = (message: string): number => lines.push(message);
      const log = { info: said, warning: said, error: said } as unknown as Logger;
      desk.onFolded = (record, state) => {
        logRecord(log, record, state);
      };
      await desk.load('AAPL', { entry: ['over BUY 1 limit 69.48'] });
      await desk.ticks('AAPL', '69 69.5 69.6');
      expect(desk.order('entry[0]').status).toBe('WORKING');
      await desk.closeSession('AAPL');
      expect(lines.at(-1)).toContain(
        'entry not filled: entry[0] fired at 69.5; its limit 69.48 was not met',
      );
    },
  ],
  [
    12,
    'there is one round trip a day, unless the file asks for more and says how many',
    async () => {
      const words = { entry: ['over BUY 1 limit 70'], long: ['SELL 1 limit 71'] };
      const prices = '69 70.1 70 71 71 69 70.1 70 71 71 69 70.1 70';
      const entries = async (given: PlanWords): Promise<number> =>
        (await story(given, prices, 'fill')).filter((line) => line.includes('entry')).length;
      expect(await entries(words)).toBe(1);
      expect(await entries({ ...words, settings: { cycles: 2 } })).toBe(2);
      const forever = fileText().replace('{ "IBM": {', '{ "IBM": { "rearm": "onFlat",');
      expect(codesOf(forever)).toEqual(['MISSING_KEY']);
    },
  ],
  [
    13,
    'what a file does not say comes of its profile; the file is stamped with its hash',
    () => {
      // Whose it is, the date and the contract: test/live/instructions.test.ts, profile.test.ts.
      expect(check(fileText()).contentHash).toMatch(/^[0-9a-f]{64}$/);
      expect(codesOf(fileText())).toEqual([]);
    },
  ],
  [
    14,
    'the same content is a no-op, a changed one replaces what waits and tells the difference',
    async () => {
      const desk = await openDesk();
      const words = { entry: ['over BUY 1 limit 70'], long: ['SELL 1 market 65 stop'] };
      await desk.load('AAPL', words);
      const before = desk.records.length;
      await desk.load('AAPL', words);
      expect(desk.records).toHaveLength(before);
      await desk.load('AAPL', planOf('AAPL', { ...words, entry: ['over BUY 2 limit 70'] }));
      const [, changed] = [...desk.state.files.values()];
      expect(changed?.findings[0]?.message).toContain('was BUY 1 limit on cross-over 70, is BUY 2');
    },
  ],
  [
    15,
    'a symbol that stands in the file twice refuses the file',
    () => {
      const { accepted, findings } = check(`{"IBM": ${symbolText()}, "IBM": ${symbolText()}}`);
      expect([accepted, findings[0]?.code]).toEqual([false, 'DUPLICATE_SYMBOL']);
    },
  ],
  [
    16,
    'two BUY entries are one group, and an entry without a stop is a warning',
    () => {
      const two = check(fileText({ entries: [entry(), entry({ price: '"110"' })] }));
      expect([two.findings, two.symbols[0]?.accepted]).toEqual([[], true]);
      const bare = check(fileText({ ifLong: [] }));
      expect(bare.findings).toMatchObject([{ code: 'ENTRY_WITHOUT_STOP', severity: 'WARNING' }]);
      expect(bare.symbols[0]?.accepted).toBe(true);
    },
  ],
  [
    17,
    'a quantity of zero or less is refused, a fraction warned of and left to the instrument',
    () => {
      const quantity = (Qty: string): string[] => codesOf(fileText({ entries: [entry({ Qty })] }));
      expect(quantity('0')).toEqual(['QUANTITY_NOT_POSITIVE']);
      expect(quantity('-1')).toEqual(['QUANTITY_NOT_POSITIVE']);
      expect(quantity('0.5')).toEqual(['FRACTIONAL_QUANTITY']);
    },
  ],
];

describe('the defects of the source document, each treated', () => {
  it('are seventeen', () => {
    expect(DEFECTS.map(([row]) => row)).toEqual(Array.from({ length: 17 }, (_, n) => n + 1));
  });
  it.each(DEFECTS)('%i: %s', async (_row, _treatment, holds) => {
    await holds();
  });
});
