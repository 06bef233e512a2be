// Owns the sentences about strict JSON: every fault named once, at its own place.
// Must not know what rule files or instruction files say.

import fc from 'fast-check';
import { parseStrict } from '../../src/json/parse';
import { nodeAt, toJsonText, toPlain } from '../../src/json/node';

const parse = (text: string) => parseStrict(text, { maxDepth: 6 });
const places = (text: string) =>
  parse(text).faults.map((f) => `${f.kind} ${f.line}:${f.column} ${f.message}`);

const SYNTAX: readonly (readonly [name: string, text: string, faults: readonly RegExp[]])[] = [
  [
    'two missing commas, each where the next token starts',
    '{\n  "On": "over"\n  "Action": 1\n  "Qty": 2\n}',
    [/^SYNTAX 3:3 A comma is missing before "Action"/, /^SYNTAX 4:3 .*before "Qty"/],
  ],
  ['a trailing comma in an object', '{"a":1,}', [/^SYNTAX 1:7 This comma/]],
  ['a trailing comma in a list', '[1,2 ,\n]', [/^SYNTAX 1:6 This comma/]],
  ['a doubled comma', '[1,,2]', [/^SYNTAX 1:4 A value is missing/]],
  ['a comma without anything', '{,}', [/^SYNTAX 1:2/]],
  ['a missing colon', '{"a" 1, "b": 2}', [/^SYNTAX 1:6 A colon is missing/]],
  ['a wrong bracket', '{"a": {"b": 1]}', [/^SYNTAX 1:14 Expected "}"/]],
  [
    'a list closed with a brace',
    '{"a": [{"b":1}},\n"c": 2}',
    [/^SYNTAX 1:15 Expected "]".*found "}"/],
  ],
  ['single quotes', "{'a': 1}", [/^SYNTAX 1:2 Text stands in plain double quotes/]],
  ['typographic quotes', '{\u201ca\u201d: 1}', [/^SYNTAX 1:2 Text stands in plain double quotes/]],
  ['a bare key', '{a: {"b": 1}, "c": 2}', [/^SYNTAX 1:2 a is not JSON/]],
  ['a string open at its line end', '{"a": "x,\n "b": 2}', [/^SYNTAX 1:7 The closing quote/]],
  ['a key open at its line end', '{"a: 1,\n "b": 2}', [/^SYNTAX 1:2 The closing quote/]],
  [
    'numbers that JSON does not know',
    '[NaN, -Infinity, +1, .5, 1., 1e]',
    [/1:2 NaN is not/, /1:7 -Infinity/, /1:18 \+1/, /1:22 .5/, /1:26 1\. is not/, /1:30 1e/],
  ],
  ['leading zeros', '[01]', [/^SYNTAX 1:3 A number must not begin with extra zeros/]],
  ['digit separators', '[1_000]', [/^SYNTAX 1:3 _000 cannot follow/]],
  ['thousands separators', '{"a": 1,000}', [/^SYNTAX 1:9 A key in double quotes/]],
  ['comments', '// c\n[1 /* x */]', [/^SYNTAX 1:1 Comments/, /^SYNTAX 2:4 Comments/]],
  ['words in the wrong case', '[True]', [/^SYNTAX 1:2 True is not a value in JSON/]],
  ['bad escapes', '["\\x", "\\u12"]', [/^SYNTAX 1:2 A backslash/, /^SYNTAX 1:8 A \\u/]],
  ['control characters in strings', '["\t"]', [/^SYNTAX 1:2 A control character/]],
  ['a document after the document', '{}\n{"AAPL": {}}', [/^SYNTAX 2:1 Unexpected text/]],
  ['one bracket too many', '{"a": 1}}', [/^SYNTAX 1:9 Unexpected text/]],
  ['a text that ends inside a string', '{"a":"b', [/^SYNTAX 1:8 The text ends early: the string/]],
  [
    'a text that ends inside two objects',
    '{"a":{"b":1\n',
    [/^SYNTAX 2:1 .*"{" at line 1, column 6/],
  ],
  ['a text that ends after a colon', '{"a":', [/^SYNTAX 1:6 The text ends early/]],
  ['a text that ends after a comma', '{"a":1,', [/^SYNTAX 1:8 The text ends early/]],
  ['no text', '', [/^SYNTAX 1:1 The text ends early/]],
  ['line breaks of three kinds', '{\r\n"a":1\r"b":2\n"c":3}', [/^SYNTAX 3:1/, /^SYNTAX 4:1/]],
  [
    'a missing comma and, later, an early end',
    '{"a": 1 "b": {"c": NaN',
    [/1:9 A comma/, /1:20 NaN/, /1:23 The text ends early/],
  ],
];

describe('strict JSON', () => {
  it.each(SYNTAX)('names %s', (_name, text, expected) => {
    const found = places(text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((pattern, i) => expect(found[i]).toMatch(pattern));
    expect(parse(text).root).toBeUndefined();
  });

  it('proposes the corrected line for a comma that is missing or too many', () => {
    expect(parse('{\n  "On": "over"\n  "Qty": 1\n}').faults[0]!.proposal).toBe('"On": "over",');
    expect(parse('{ "a": 1 "b": 2 }').faults[0]!.proposal).toBe('{ "a": 1, "b": 2 }');
    expect(parse('{\n  "a": 1,\n}').faults[0]!.proposal).toBe('"a": 1');
  });

  it('finds doubled and forbidden keys at any depth and keeps the tree', () => {
    const text = '{"__proto__": 1, "b": {"constructor": 2, "x/y": 1, "x/y": 2}, "prototype": 0}';
    const { root, faults } = parse(text);
    expect(faults.map((f) => [f.kind, f.column, f.pointer])).toEqual([
      ['FORBIDDEN_KEY', 2, '/__proto__'],
      ['FORBIDDEN_KEY', 24, '/b/constructor'],
      ['DUPLICATE_KEY', 52, '/b/x~1y'],
      ['FORBIDDEN_KEY', 63, '/prototype'],
    ]);
    expect(root?.type === 'object' && root.members.map((m) => m.key)).toEqual([
      '__proto__',
      'b',
      'prototype',
    ]);
  });

  it('sees through escapes in doubled and forbidden keys', () => {
    const kinds = parse('{"a":1,"\\u0061":2,"__pr\\u006fto__":3}').faults.map((f) => f.kind);
    expect(kinds).toEqual(['DUPLICATE_KEY', 'FORBIDDEN_KEY']);
  });

  it('names the second occurrence of a doubled key and says where the first stands', () => {
    const fault = parse('{\n"a": 1,\n"b": 2,\n  "a": 3}').faults[0]!;
    expect(fault).toMatchObject({ kind: 'DUPLICATE_KEY', line: 4, column: 3, pointer: '/a' });
    expect(fault.message).toContain('line 2, column 1');
  });

  it('refuses nesting beyond the limit without recursing into it', () => {
    expect(parse('[[[[[[1]]]]]]').faults).toEqual([]);
    const { root, faults } = parse('['.repeat(2_000_000));
    expect(root).toBeUndefined();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ kind: 'TOO_DEEP', line: 1, column: 7 });
    expect(parse('[},'.repeat(100_000)).root).toBeUndefined();
  });

  it('stops listing faults before a hostile text fills the memory', () => {
    const { faults } = parse(`[${'x y,'.repeat(100_000)}]`);
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)!.message).toMatch(/more faults/);
    expect(parse(`{${'"a":1,'.repeat(50_000)}"a":1}`).root).toBeUndefined();
  });

  it('keeps numbers as written and the order of members', () => {
    const { root } = parse('{"b": 1.50, "a": [1e400, -0.0, 9007199254740993]}');
    expect(toJsonText(root!)).toBe('{ "b": 1.50, "a": [1e400, -0.0, 9007199254740993] }');
    expect(nodeAt(root!, '/a/2')).toMatchObject({
      type: 'number',
      text: '9007199254740993',
      line: 1,
      column: 32,
      pointer: '/a/2',
    });
  });

  it('gives plain data without forbidden keys and without touching a prototype', () => {
    const { root } = parse('{"__proto__": {"isAdmin": true}, "a": {"constructor": 1, "b": null}}');
    expect(JSON.stringify(toPlain(root!))).toBe('{"a":{"b":null}}');
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(Object.getPrototypeOf(toPlain(root!))).toBe(Object.prototype);
  });

  it('accepts every document that JSON.stringify writes, and reads the same', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const { root, faults } = parse(text);
        const keyFaultsOnly = faults.every((f) => f.kind === 'FORBIDDEN_KEY');
        expect(keyFaultsOnly).toBe(true);
        if (faults.length === 0) expect(toPlain(root!)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts exactly what JSON.parse accepts, whatever is done to a document', () => {
    const base = '{"a": [1, -2.5e3, "x\\n", true, null], "b": {"c": {}, "d": []}}';
    const edit = fc.record({
      at: fc.nat(base.length),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.string({ maxLength: 3 }),
        fc.constantFrom(
          '"',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\\',
          '\n',
          '\u00a0',
          '\ufeff',
          '0',
          '-',
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let text = base;
        for (const { at, remove, insert } of edits) {
          text = text.slice(0, at) + insert + text.slice(at + remove);
        }
        const { root, faults } = parse(text);
        const syntax = faults.filter((f) => f.kind === 'SYNTAX' || f.kind === 'TOO_DEEP');
        expect(syntax.length === 0).toBe(parses(text));
        expect(root !== undefined).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
