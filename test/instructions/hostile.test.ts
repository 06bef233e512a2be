// Owns the sentences about broken and hostile input: cut files, mutated files, odd paths on disk.
// Must not know single rules of the format.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { price, signOf } from '../../src/domain/decimal';
import { FINDINGS } from '../../src/domain/finding';
import { checkInstructionFile } from '../../src/instructions/check';
import { readInstructionFile } from '../../src/instructions/read';
import { renderCheck } from '../../src/instructions/render';
import { after, entry, fileText, shortEntry } from './fixture';

const encode = (text: string) => new TextEncoder().encode(text);
const check = (bytes: Uint8Array) => checkInstructionFile({ fileName: 'x.json', bytes });
const CODES = new Set<string>(FINDINGS.map((each) => each.code));

const SOUND = fileText({
  entries: [entry({ _comment: '"\u00fcber"' }), shortEntry({ price: '"102.5"' })],
  ifLong: [after(), after({ Order: '"limit"', price: '105' })],
  ifShort: [after({ Action: '"BUY"', price: '"110"', _comment: '"SL"' })],
});

/** What must hold whatever the bytes are. */
function expectSafe(bytes: Uint8Array): void {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  const checked = check(bytes);
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
  for (const { code, line, column, severity } of checked.findings) {
    expect(CODES.has(code)).toBe(true);
    expect((line ?? 0) > 0 && (column ?? 0) > 0).toBe(true);
    expect(['ERROR', 'WARNING', 'INFO']).toContain(severity);
  }
  const refused = !checked.accepted || checked.symbols.some((each) => !each.accepted);
  expect(checked.findings.some((each) => each.severity === 'ERROR')).toBe(refused);
  if (!checked.accepted) expect(checked.symbols).toEqual([]);
  for (const { plan } of checked.symbols) {
    const legs = plan === null ? [] : [...plan.entries, ...plan.ifLong, ...plan.ifShort];
    for (const leg of legs) {
      const at = leg.price ?? leg.trail?.trailBy ?? price(leg.trail?.trailPercent ?? '');
      expect([signOf(leg.quantity), signOf(at)]).toEqual([1, 1]);
      expect(['BUY', 'SELL']).toContain(leg.side);
    }
  }
  renderCheck(checked, new TextDecoder().decode(bytes));
}

describe('a file that is not whole', () => {
  it('is refused wherever it was cut', () => {
    const bytes = encode(SOUND);
    expect(check(bytes)).toMatchObject({ accepted: true, symbols: [{ accepted: true }] });
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const { accepted, symbols, findings } = check(cut);
      expect([length, accepted, symbols]).toEqual([length, false, []]);
      expect(findings.length).toBeGreaterThan(0);
      expectSafe(cut);
    }
  });
});

describe('any input at all', () => {
  it('is checked without a crash, without pollution, and no quantity below zero loads', () => {
    const snippet = fc.oneof(
      fc.constantFrom(
        '-',
        '0',
        '-5',
        '1e9',
        '"',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\\',
        '\u0000',
        '\n',
      ),
      fc.constantFrom('"__proto__":{"isAdmin":true},', '"constructor":1,', 'null', 'NaN', '//'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const edit = fc.record({ at: fc.nat(SOUND.length), remove: fc.nat(6), insert: snippet });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = SOUND;
        for (const { at, remove, insert } of edits) {
          text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        expectSafe(encode(text));
      }),
      { numRuns: 1500 },
    );
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('holds for bytes that are no text and JSON that is no plan', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), expectSafe), { numRuns: 500 });
    fc.assert(
      fc.property(fc.json(), (text) => expectSafe(encode(text))),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.json(), (json) => expectSafe(encode(`{"IBM": ${json}}`))));
  });

  it('holds for wrong values of known keys', () => {
    const key = fc.constantFrom('On', 'Action', 'Order', 'Qty', 'price', 'gap', '_comment', 'x');
    fc.assert(
      fc.property(key, fc.json({ maxDepth: 2 }), (name, value) => {
        expectSafe(encode(fileText({ entries: [entry({ [name]: value })] })));
        expectSafe(encode(fileText({ ifLong: [after({ [name]: value })] })));
      }),
      { numRuns: 1000 },
    );
  });

  it('is named without delay where a hostile file is as large as allowed', () => {
    const manyFaults = `{${Array.from({ length: 50 }, (_, i) => `"k${i}":1`).join()}}`;
    const eight = 8 * 1024 * 1024;
    for (const text of [
      '['.repeat(eight),
      `{${'"a":'.repeat(eight / 4 - 1)}`,
      '"\\u0000'.repeat(eight / 7),
      `{"IBM": {"Entry OCA": [${'{},'.repeat(20_000)}{}]}}`,
      `{${Array.from({ length: 3000 }, (_, i) => `"S${i}":${manyFaults}`).join()}}`,
      'x '.repeat(eight / 2),
      `[${'1 '.repeat(eight / 2 - 1)}]`,
    ]) {
      expect(check(encode(text)).symbols.some((each) => each.accepted)).toBe(false);
    }
  });
});

describe('a file on disk', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const codesOf = (path: string) =>
    readInstructionFile(path).checked.findings.map(({ code, line }) => [code, line]);

  it('is read, checked, and given back as text for frames', () => {
    const path = join(folder, 'plan.json');
    writeFileSync(path, `\ufeff${SOUND}`);
    const { checked, text } = readInstructionFile(path, { strict: true });
    expect(checked).toMatchObject({ fileName: 'plan.json', accepted: true });
    expect(text).toBe(SOUND);
    symlinkSync(path, join(folder, 'link.json'));
    expect(readInstructionFile(join(folder, 'link.json')).checked.accepted).toBe(true);
  });

  it('is refused by its size before it is read', () => {
    const path = join(folder, 'large.json');
    writeFileSync(path, '{}');
    truncateSync(path, 1024 ** 3);
    const { checked, text } = readInstructionFile(path);
    expect(checked).toMatchObject({ accepted: false, symbols: [], contentHash: '' });
    expect(checked.findings).toMatchObject([
      { code: 'FILE_TOO_LARGE', severity: 'ERROR', line: null, column: null, pointer: null },
    ]);
    expect(renderCheck(checked, text)).toContain('ERROR FILE_TOO_LARGE  large.json\n');
  });

  it('is refused where it is a folder, a pipe, a device, or not there', () => {
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    for (const path of [folder, pipe, '/dev/zero', join(folder, 'none.json'), 'a\u0000b']) {
      expect(codesOf(path)).toEqual([['FILE_UNREADABLE', null]]);
    }
    const missing = readInstructionFile(join(folder, 'none.json')).checked.findings[0]!;
    expect(missing.message).toBe('The file cannot be read: there is no such file.');
  });
});
