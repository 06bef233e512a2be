// Owns the sentences about correcting an instruction file: what is certain is corrected at its
// place, everything else stays byte for byte. Must not know the disk.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { fixInstructions, type FixedFile } from '../../src/instructions/fix';
import { fixJson, renderFix } from '../../src/instructions/render-fix';
import { itWithSharedData, sharedData } from '../support/shared-data';
import { CASES } from './cases';
import { after, check, entry, fileText, shortEntry, symbolText } from './fixture';

const fix = (text: string): FixedFile =>
  fixInstructions('plan.json', new TextEncoder().encode(text));
const changes = ({ corrections }: FixedFile): string[] =>
  corrections.map(({ line, column, was, is }) => `${line}:${column} ${was} -> ${is}`);
const left = ({ checked }: FixedFile): string[] =>
  checked.findings.filter(({ severity }) => severity === 'ERROR').map(({ code }) => code);
const short = (...orders: Record<string, string>[]): string =>
  fileText({
    entries: [shortEntry()],
    ifLong: [],
    ifShort: orders.map((each) => after({ Action: '"BUY"', price: '"105"', ...each })),
  });

const CORRECTED: readonly (readonly [what: string, from: string, to: string, text: string])[] = [
  ['a stop that would add', '"SELL"', '"BUY"', short({ _comment: '"SL"', Action: '"SELL"' })],
  ['a DCA that would reduce', '"BUY"', '"SELL"', short({ _comment: '"DCA"' })],
  ['a key with a slip', '"pirce"', '"price"', fileText({ entries: [swap('price', 'pirce')] })],
  ['a list with a slip', '"Orders if Lnog"', '"Orders if Long"', lists('Orders if Lnog')],
  [
    'the other name of a list',
    '"Entry OCA on Cross"',
    '"Entry OCA"',
    lists('Orders if Long', true),
  ],
  ['capitals of a key', '"Price"', '"price"', fileText({ entries: [swap('price', 'Price')] })],
  ['capitals of a value', '"buy"', '"BUY"', fileText({ entries: [entry({ Action: '"buy"' })] })],
  ['capitals of a setting', '"Position"', '"position"', setting('"Position"')],
  ['a symbol in small letters', '"ibm"', '"IBM"', `{"ibm": ${symbolText()}}`],
  ['thousands and decimals', '"1,234.50"', '"1234.50"', priced('"1,234.50"')],
  ['the same, the other way', '"1.234,50"', '"1234.50"', priced('"1.234,50"')],
  ['a decimal comma', '"69,48"', '"69.48"', priced('"69,48"')],
  ['an exponent in a number', '1.5e2', '150', priced('1.5e2')],
  ['blanks around a number', '" 100 "', '"100"', priced('" 100 "')],
  ['a quantity in groups', '"1 000"', '"1000"', fileText({ entries: [entry({ Qty: '"1 000"' })] })],
];

function swap(from: string, to: string): string {
  return entry().replace(`"${from}"`, `"${to}"`);
}
function lists(long: string, crossed = false): string {
  const text = fileText().replace('"Orders if Long"', JSON.stringify(long));
  return crossed ? text.replace('"Entry OCA"', '"Entry OCA on Cross"') : text;
}
function setting(exitQty: string): string {
  return fileText().replace('"Entry OCA"', `"exitQty": ${exitQty}, "Entry OCA"`);
}
function priced(price: string): string {
  return fileText({ entries: [entry({ price })], ifLong: [after({ price: '"5"' })] });
}

describe('correcting an instruction file', () => {
  it.each(CORRECTED)(
    'corrects %s: %s becomes %s, nothing else changes',
    (_what, from, to, text) => {
      const fixed = fix(text);
      const at = fixed.corrections[0]!;
      expect([at.was, at.is, fixed.corrections.length]).toEqual([from, to, 1]);
      const offset = at.column - 1;
      expect(text.slice(offset, offset + from.length)).toBe(from);
      expect(fixed.after).toBe(text.slice(0, offset) + to + text.slice(offset + from.length));
      expect(left(fixed)).toEqual([]);
    },
  );

  it('mends commas between lines and behind the last member, with what they hid', () => {
    const text = [
      '{ "IBM": { "Entry OCA": [',
      '  { "On": "Cross-Over"',
      '    "Action": "BUY", "Order": "limit"',
      '    "Qty": 1, "price": "100", }',
      '  { "On": "cross-under", "Action": "SELL", "Order": "limit", "Qty": 1, "price": "90" }',
      '] } }',
    ].join('\r\n');
    const fixed = fix(text);
    expect(changes(fixed)).toEqual([
      '2:11 "Cross-Over" -> "cross-over"',
      '2:23  -> ,',
      '3:38  -> ,',
      '4:29 , -> ',
      '4:32  -> ,',
    ]);
    expect(fixed.after.split('\r\n')[2]).toBe('    "Action": "BUY", "Order": "limit",');
    expect(left(fixed)).toEqual([]);
  });

  it('mends more faults of the text than the checker lists', () => {
    const one = entry().replaceAll(', ', '\n');
    const fixed = fix(fileText({ entries: Array.from({ length: 60 }, () => one) }));
    expect(fixed.corrections).toHaveLength(240);
    expect(left(fixed)).toEqual([]);
  });

  it('mends no comma beside a fault that it cannot mend', () => {
    const fixed = fix('{ "IBM": {\n "_a": 1\n "_b": NaN } }');
    expect(fixed.corrections).toEqual([]);
    expect(left(fixed)).toEqual(['SYNTAX', 'SYNTAX']);
  });

  it('corrects a key first and what it holds then, at the places of the file', () => {
    const fixed = fix(fileText({ entries: [entry({ Action: '', Acton: '"buy"' })] }));
    expect(fixed.corrections.map(({ was, is }) => [was, is])).toEqual([
      ['"Acton"', '"Action"'],
      ['"buy"', '"BUY"'],
    ]);
    const [key, value] = fixed.corrections;
    expect(fixed.before.slice(value!.column - 1)).toMatch(/^"buy"/);
    expect(value!.column - key!.column).toBe('"Acton": '.length);
  });

  it.each([
    ['a number of two readings', priced('"1,234"'), 'INVALID_PRICE'],
    ['a number below zero', priced('"-1,5"'), 'INVALID_PRICE'],
    ['no number', priced('"NaN"'), 'INVALID_PRICE'],
    ['two slips of one key', `{"IBM": ${pairOf('pric', 'prce')}}`, 'UNKNOWN_KEY'],
    ['a slip as near to one list as to the other', lists('Orders if Lort'), 'UNKNOWN_KEY'],
    ['a key beside the one it means', `{"IBM": ${pairOf('price', 'pirce')}}`, 'UNKNOWN_KEY'],
    ['a side nobody knows', fileText({ entries: [entry({ Action: '"SEL"' })] }), 'UNKNOWN_VALUE'],
    ['a doubled key', `{"IBM": ${pairOf('price', 'price')}}`, 'DUPLICATE_KEY'],
    ['a quantity of zero', fileText({ entries: [entry({ Qty: '0' })] }), 'QUANTITY_NOT_POSITIVE'],
    ['no text', '\u0000\u0000', 'ENCODING'],
  ])('leaves %s to a person', (_what, text, code) => {
    const fixed = fix(text);
    expect([fixed.corrections, fixed.after === text || fixed.after === '']).toEqual([[], true]);
    expect(left(fixed)).toContain(code);
  });

  it.each(['"Qty": -1', '"Qty": 1, "Ordr": "x"'])(
    'leaves a side alone whose price cannot be judged because the entry has %s',
    (fault) => {
      const buys = '"On": "cross-over", "Action": "BUY", "Order": "Market"';
      const entry = `{${buys}, ${fault}, "price": "60"}`;
      const stop =
        '{"_comment": "stop loss", "Action": "BUY", "Order": "Market", "Qty": 1, "price": "65"}';
      const fixed = fix(`{"MSFT": {"Entry OCA": [${entry}], "Orders if Long": [${stop}]}}`);
      expect(fixed.after).toContain(stop);
    },
  );

  it('leaves a side alone whose price would then speak against the comment', () => {
    const fixed = fix(
      short({ _comment: '"SL"', Action: '"SELL"', price: '"95"' }, { _comment: '"SL"' }),
    );
    expect([fixed.corrections, left(fixed)]).toEqual([[], ['ROLE_CONFLICT']]);
    expect(fixed.withheld).toHaveLength(1);
    const names = { file: 'plan.json', copy: null };
    expect(renderFix(fixed, names, false)).toContain('the price would then speak against');
  });

  it('keeps a byte-order mark, and what is written checks as it was told', () => {
    const fixed = fix(`\ufeff${priced('"69,48"')}`);
    expect([...fixed.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(
      check(new TextDecoder('utf-8', { ignoreBOM: true }).decode(fixed.bytes)).findings,
    ).toEqual(fixed.checked.findings);
  });

  it('never makes a file worse, and has nothing to correct in what it has corrected', () => {
    for (const { name, text } of CASES) {
      const fixed = fix(text);
      const again = fixInstructions('plan.json', fixed.bytes);
      expect([name, again.corrections]).toEqual([name, []]);
      if (fixed.corrections.length === 0)
        expect([name, fixed.bytes]).toEqual([name, bytesOf(text)]);
    }
  });

  it('corrects the example of the source document to what was meant, byte for byte', () => {
    const verdict = fix(readFileSync(`${__dirname}/../../examples/conflicts.json`, 'utf8'));
    expect([changes(verdict).length, left(verdict)]).toEqual([2, []]);
  });
  itWithSharedData('as it stands beside the checkout', () => {
    const read = (name: string): string => readFileSync(sharedData('instructions', name), 'utf8');
    const fixed = fix(read('seed-aapl-verbatim.invalid.json'));
    expect(fixed.after).toBe(read('seed-aapl-corrected.json'));
  });
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An order with two keys of the same value, after which its stop is in order. */
function pairOf(one: string, other: string): string {
  const order = entry({ price: '' }).replace(' }', `, "${one}": "100", "${other}": "100" }`);
  return symbolText({ entries: [order] });
}

describe('any file with slips', () => {
  const word = fc.constantFrom('price', 'Price', 'prcie', '_comment', 'Qty', 'qyt', 'Action', 'On');
  const value = fc.constantFrom('"BUY"', '"sell"', '"SL"', '"1,5"', '1e1', '"100"', '7', '"dca"');
  const order = fc
    .array(fc.tuple(word, value), { maxLength: 6 })
    .map((pairs) => `{${pairs.map(([key, text]) => `"${key}": ${text}`).join(',\n')}}`);

  it('keeps its lines, and all that is between its corrections', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 4 }), (orders) => {
        const text = fileText({ entries: [entry(), ...orders], ifLong: orders });
        const { corrections, after: fixed } = fix(text);
        const [before, now] = [text.split('\n'), fixed.split('\n')];
        expect(now).toHaveLength(before.length);
        for (const [i, line] of before.entries()) {
          const own = corrections.filter(({ line: at }) => at === i + 1).reverse();
          const made = own.reduce(
            (left_, { column, was, is }) =>
              left_.slice(0, column - 1) + is + left_.slice(column - 1 + was.length),
            line,
          );
          expect(now[i]).toBe(made);
        }
      }),
    );
  });
});

describe('what was corrected, on the terminal', () => {
  const fixed = fix(
    `{ "IBM":\n ${symbolText({ ifLong: [after({ Qty: '0', price: '"9,5"' })] })} }`,
  );
  const names = { file: 'plan.json', copy: 'plan.fixed.json' };

  it('names each correction, shows the difference, and lists what is left', () => {
    const text = renderFix(fixed, names, false);
    expect(text).toMatch(
      /^plan\.json: 1 correction, 1 error left\. The corrected copy: plan\.fixed/,
    );
    expect(text).toMatch(/^plan\.json:2:\d+ {2}"9,5" -> "9\.5"$/m);
    expect(text).toContain('--- plan.json\n+++ plan.fixed.json\n@@ -1,2 +1,2 @@\n { "IBM":\n-');
    expect(text).toMatch(/by hand:\nplan\.fixed\.json:2:\d+\n {2}QUANTITY_NOT_POSITIVE/);
    expect(text).not.toContain('\u001b');
  });

  it('is coloured when that is asked for, and harmless whatever the file holds', () => {
    expect(renderFix(fixed, names, true)).toContain('\u001b[31m-');
    const hostile = fix('{ "IBM":\n{ "\\u001b[2J": 1,\n"_\u202e": "\u009b",\n"_b": 1\n"_c": 2 } }');
    expect(hostile.corrections).toHaveLength(1);
    expect(renderFix(hostile, names, false)).not.toMatch(/[\u001b\u202e\u009b]/);
  });

  it('is one object as JSON', () => {
    const json = fixJson(fixed, names);
    expect(Object.keys(json)).toEqual(['file', 'copy', 'corrections', 'left', 'warnings', 'diff']);
    expect(json.corrections[0]).toMatchObject({ code: 'INVALID_PRICE', line: 2, is: '"9.5"' });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
