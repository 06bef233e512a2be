// Owns the sentences about bytes, code frames and suggestions.
// Must not know what rule files or instruction files say.

import { codeFrame } from '../../src/json/code-frame';
import { didYouMean, editDistance } from '../../src/json/suggest';
import { decodeUtf8 } from '../../src/json/text';

const bytes = (...values: number[]) => Uint8Array.from(values);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('bytes', () => {
  it('strips a UTF-8 byte-order mark, once', () => {
    expect(decodeUtf8(utf8('\ufeff{}'), 100)).toEqual({ ok: true, text: '{}' });
    expect(decodeUtf8(utf8('\ufeff\ufeff{}'), 100)).toEqual({ ok: true, text: '\ufeff{}' });
  });

  it.each([
    ['UTF-16 little endian', bytes(0xff, 0xfe, 0x7b, 0), /UTF-16 \(little endian\)/, 1],
    ['UTF-16 big endian', bytes(0xfe, 0xff, 0, 0x7b), /UTF-16 \(big endian\)/, 1],
    ['UTF-32 little endian', bytes(0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0), /UTF-32 \(little/, 1],
    ['UTF-32 big endian', bytes(0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b), /UTF-32 \(big/, 1],
    ['UTF-16 without a mark', bytes(0x7b, 0, 0x0a, 0), /without a byte-order mark/, 1],
    ['a bad byte', bytes(0x7b, 0x0a, 0x61, 0xff, 0x62), /offset 3/, 2],
    ['a sequence cut off at the end', bytes(0x7b, 0xc3), /offset 1/, 1],
    ['a surrogate in UTF-8', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), /offset 2/, 1],
    ['an overlong form', bytes(0x22, 0xc0, 0xaf, 0x22), /offset 1/, 1],
    ['a bad byte after a mark', bytes(0xef, 0xbb, 0xbf, 0x7b, 0xff), /offset 4/, 1],
  ])('refuses %s and says where', (_name, input, message, line) => {
    const decoded = decodeUtf8(input, 100);
    expect(decoded).toMatchObject({ ok: false, fault: { kind: 'ENCODING', line } });
    expect(!decoded.ok && decoded.fault.message).toMatch(message);
  });

  it('points at the first bad byte among many good ones', () => {
    const text = utf8(`${'é\n'.repeat(1000)}abc`);
    const decoded = decodeUtf8(Uint8Array.from([...text, 0x80, ...text, 0xff]), 1e6);
    expect(decoded).toMatchObject({ ok: false, fault: { line: 1001, column: 4 } });
  });

  it('refuses what is empty or blank', () => {
    for (const text of ['', '\ufeff', ' \r\n\t']) {
      expect(decodeUtf8(utf8(text), 100)).toMatchObject({ ok: false, fault: { kind: 'EMPTY' } });
    }
  });

  it('refuses what is too large before decoding it', () => {
    const decoded = decodeUtf8(new Uint8Array(9 * 1024 * 1024).fill(0xff), 8 * 1024 * 1024);
    expect(decoded).toMatchObject({ ok: false, fault: { kind: 'TOO_LARGE', line: 1, column: 1 } });
    expect(!decoded.ok && decoded.fault.message).toContain('8 MiB');
  });
});

describe('code frames', () => {
  it('show two lines around the fault with numbers and a caret', () => {
    expect(codeFrame('{\n  "a": 1,\n  "b": x,\n  "c": 2\n}\n', 3, 8)).toBe(
      [
        '  1 | {',
        '  2 |   "a": 1,',
        '> 3 |   "b": x,',
        '    |        ^',
        '  4 |   "c": 2',
        '  5 | }',
      ].join('\n'),
    );
  });

  it('put the caret under a character that follows tabs', () => {
    expect(codeFrame('\t\t"a": x', 1, 8)).toBe('> 1 |     "a": x\n    |          ^');
  });

  it('cut long lines around the caret', () => {
    const [line, caret] = codeFrame(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`, 1, 5001).split('\n');
    expect(line!.length).toBeLessThan(120);
    expect(line![caret!.indexOf('^')]).toBe('X');
  });

  it('never pass control characters on to the terminal', () => {
    expect(codeFrame('"\u001b[2J\u202e"', 1, 1)).not.toMatch(/[\u001b\u202e]/);
  });

  it('stand the end of the text', () => {
    expect(codeFrame('{\n', 2, 1)).toBe('  1 | {\n> 2 |\n    | ^');
    expect(codeFrame('', 1, 1)).toBe('> 1 |\n    | ^');
  });
});

describe('did you mean', () => {
  it.each([
    ['Entry OAC', 'Entry OCA'],
    ['prise', 'price'],
    ['QTY', 'Qty'],
    ['order.notinal', 'order.notional'],
    ['Acton', 'Action'],
    ['zebra', null],
    ['x'.repeat(100), null],
  ])('answers %s with %s', (word, suggestion) => {
    const known = ['Entry OCA', 'price', 'Qty', 'order.notional', 'Action', 'Order'];
    expect(didYouMean(word, known)).toBe(suggestion);
  });

  it('counts a swap of neighbours as one step', () => {
    expect(editDistance('abcd', 'abdc')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
