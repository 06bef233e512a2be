// Owns the sentences about what an instruction file may say; the table is in cases.ts.
// Must not know the reference files.

import { FINDINGS } from '../../src/domain/finding';
import { price, toText } from '../../src/domain/decimal';
import { readComment, wanted } from '../../src/instructions/roles';
import { renderCheck, toJson } from '../../src/instructions/render';
import { CASES } from './cases';
import { after, check, entry, fileText, shortEntry, symbolText } from './fixture';

const verdictOf = ({ accepted, symbols }: ReturnType<typeof check>): string => {
  if (!accepted) return 'FILE REFUSED';
  return symbols.every((each) => each.accepted) ? 'LOADS' : 'SYMBOL REFUSED';
};

describe('checking an instruction file', () => {
  it.each(CASES.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const checked = check(each.text, each.strict);
    const { symbols, findings } = checked;
    const codes = findings.map((finding) => `${finding.severity[0]} ${finding.code}`);
    expect([verdictOf(checked), codes]).toEqual([each.verdict, each.found]);
    if (!checked.accepted) expect(symbols).toEqual([]);
    expect(symbols.every((symbol) => symbol.accepted === (symbol.plan !== null))).toBe(true);
    const gravest = findings.find((finding) => finding.severity === 'ERROR') ?? findings[0];
    if (each.pointer !== undefined) expect(gravest?.pointer).toBe(each.pointer);
    if (each.says !== undefined) {
      expect(findings.map((finding) => finding.message).join('\n')).toMatch(each.says);
    }
    if (each.proposal !== undefined) expect(gravest?.proposal).toBe(each.proposal);
    for (const { line, column } of findings) expect([line, column]).not.toContain(null);
  });

  it('refuses one symbol and loads the others', () => {
    const { accepted, symbols } = check(
      `{"IBM": ${symbolText()}, "BAC": {"Entry OCA": [{"Qty": 0}]}, "SPY": ${symbolText()}}`,
    );
    expect(accepted).toBe(true);
    expect(symbols.map((each) => [each.symbol, each.accepted])).toEqual([
      ['IBM', true],
      ['BAC', false],
      ['SPY', true],
    ]);
  });

  it('never lets a key change an object', () => {
    check(`{"IBM": {"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"x": 1}}}}`);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('the place of a finding', () => {
  const text = [
    '{',
    '  "ibm": {',
    '    "Entry OCA": [',
    '      { "On": "cross-over", "Action": "BUY",',
    '        "Order": "limit", "price": "-1" }',
    '    ]',
    '  }',
    '}',
  ].join('\n');

  it('is the value for a wrong value, the object for a missing key, the key for a name', () => {
    const { findings } = check(text);
    expect(
      findings.map(({ code, pointer, line, column }) => [code, pointer, line, column]),
    ).toEqual([
      ['SPELLING', '/ibm', 2, 3],
      ['MISSING_KEY', '/ibm/Entry OCA/0/Qty', 4, 7],
      ['PRICE_NOT_POSITIVE', '/ibm/Entry OCA/0/price', 5, 36],
    ]);
  });

  it('escapes slashes and tildes in its pointer', () => {
    const { findings } = check(fileText({ entries: [entry({ 'a/b~c': '1' })] }));
    expect(findings[0]!.pointer).toBe('/IBM/Entry OCA/0/a~1b~0c');
  });

  it('names every syntax fault of a file at once', () => {
    const { findings, accepted } = check('{\n"IBM": {\n"a": 1\n"b": NaN,\n}\n}\n{}');
    expect(accepted).toBe(false);
    expect(
      findings.map(({ code, pointer, line, column }) => [code, pointer, line, column]),
    ).toEqual([
      ['SYNTAX', null, 4, 1],
      ['SYNTAX', null, 4, 6],
      ['SYNTAX', null, 4, 9],
      ['SYNTAX', null, 7, 1],
    ]);
  });
});

describe('the plan of a symbol', () => {
  it('keeps exact numbers, ranks over all lists, and the pointers of the file', () => {
    const lists =
      `{ "orders if short": [${after({ Action: '"BUY"', _comment: '"SL"', price: '"110"' })}], ` +
      `"Entry OCA": [${entry({ price: '100.10', Qty: '"2.0"' })}, ` +
      `${shortEntry({ gap: '"ignore"' })}], "Orders if Long": [${after()}] }`;
    const { symbols } = check(`{"brk.b": ${lists}}`);
    const plan = symbols[0]!.plan!;
    expect(plan.symbol).toBe('BRK.B');
    const legs = [...plan.entries, ...plan.ifLong, ...plan.ifShort];
    expect(
      legs.map((leg) => [leg.leg, leg.rank, leg.pointer, toText(leg.price!), toText(leg.quantity)]),
    ).toEqual([
      ['entry[0]', 0, '/brk.b/Entry OCA/0', '100.1', '2'],
      ['entry[1]', 1, '/brk.b/Entry OCA/1', '100', '1'],
      ['long[0]', 2, '/brk.b/Orders if Long/0', '95', '1'],
      ['short[0]', 3, '/brk.b/orders if short/0', '110', '1'],
    ]);
    expect(legs.map((leg) => leg.cross)).toEqual(['CROSS_OVER', 'CROSS_UNDER', null, null]);
    expect(legs.map((leg) => leg.firesOnGap)).toEqual([true, false, true, true]);
    expect(legs.map((leg) => leg.namedStop)).toEqual([false, false, false, true]);
  });

  it('keeps the terms of a trailing stop, which has no price', () => {
    const terms = { Order: '"trail"', price: '', trailPercent: '2.50', activateAt: '"105.10"' };
    const { symbols } = check(fileText({ ifLong: [after(terms)] }));
    expect(symbols[0]!.plan!.ifLong).toMatchObject([
      {
        ...{ type: 'MARKET', price: null },
        trail: { trailBy: null, trailPercent: '2.5', activateAt: price('105.1') },
      },
    ]);
  });

  it('carries the hash of the bytes', () => {
    const checked = check('{}');
    expect(checked.contentHash).toBe(
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
  });
});

describe('a comment', () => {
  it.each([
    ['SL - 4-diff', 'REDUCE'],
    ['(TP)', 'REDUCE'],
    ['exit/target', 'REDUCE'],
    ['Buy another position - DCA', 'ADD'],
    ['averaging', 'ADD'],
    ['slippage and additions', null],
    ['\u00e4add', null],
    ['exit the DCA', null],
  ])('"%s" wants %s', (comment, aim) => {
    expect(wanted(readComment(comment))).toBe(aim);
  });
});

describe('the catalogue of findings', () => {
  it('names every code once and says what it means and what to do', () => {
    const codes = FINDINGS.map((each) => each.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const each of FINDINGS) {
      expect(each.meaning).toMatch(/^\S.*\.$/s);
      expect(each.next).toMatch(/^\S.*\.$/s);
      expect((each.severity === 'ERROR') === (each.refuses !== 'NOTHING')).toBe(true);
    }
  });

  it('has a case for every code, and every code of a case', () => {
    // Shown where the disk is read, in parse.test.ts, where the broker is asked (test/live), and
    // where a file is armed or comes again (test/scenarios).
    const ofArming = ['WORST_CASE', 'KEPT', 'REPLACED', 'SHORT_NOT_ALLOWED'];
    const elsewhere = ['FILE_UNREADABLE', 'FILE_TOO_LARGE', 'SYNTAX', 'INSTRUMENT', ...ofArming];
    const shown = CASES.flatMap((each) => check(each.text, each.strict).findings);
    const codes = new Set([...shown.map((finding) => finding.code), ...elsewhere]);
    expect([...codes].sort()).toEqual(FINDINGS.map((each) => String(each.code)).sort());
  });
});

describe('a checked file on the terminal', () => {
  const text = '{\n  "IBM": {\n    "Entry OCA": [],\n    "Orders if Lnog": []\n  }\n}\n';

  it('has a summary, the symbols, and each finding with frame and caret', () => {
    expect(renderCheck(check(text), text)).toBe(
      [
        'plan.json: accepted, 0 of 1 symbol loads (2 errors, 0 warnings, 0 notes)',
        '  IBM: refused',
        '',
        'ERROR NO_ENTRIES  plan.json:3:18',
        '  "Entry OCA" holds no order: nothing could ever arm.',
        '    1 | {',
        '    2 |   "IBM": {',
        '  > 3 |     "Entry OCA": [],',
        '      |                  ^',
        '    4 |     "Orders if Lnog": []',
        '    5 |   }',
        '',
        'ERROR UNKNOWN_KEY  plan.json:4:5',
        '  Unknown key "Orders if Lnog": did you mean "Orders if Long"?',
        '    2 |   "IBM": {',
        '    3 |     "Entry OCA": [],',
        '  > 4 |     "Orders if Lnog": []',
        '      |     ^',
        '    5 |   }',
        '    6 | }',
        '',
      ].join('\n'),
    );
  });

  it('shows a plan that loads, and a proposal', () => {
    const sound = fileText();
    expect(renderCheck(check(sound), sound)).toBe(
      'plan.json: accepted, 1 of 1 symbol loads (0 errors, 0 warnings, 0 notes)\n' +
        '  IBM: loads with 1 entry, 1 order if long, 0 orders if short\n',
    );
    const wrong = fileText({ ifLong: [after({ _comment: '"SL"', Action: '"BUY"' })] });
    expect(renderCheck(check(wrong), wrong)).toContain('  Proposal: { "Action": "SELL", ');
  });

  it('never passes control characters on', () => {
    const hostile = '{"IBM": {"\\u001b[2J\u202e": 1}}';
    expect(renderCheck(check(hostile), hostile)).not.toMatch(/[\u001b\u202e]/);
  });

  it('is one object of the documented shape as JSON', () => {
    const json = toJson(check(text));
    expect(Object.keys(json)).toEqual([
      'fileName',
      'contentHash',
      'accepted',
      'symbols',
      'findings',
    ]);
    expect(json.symbols).toEqual([{ symbol: 'IBM', accepted: false }]);
    expect(Object.keys(json.findings[0]!)).toEqual([
      'severity',
      'code',
      'message',
      'pointer',
      'line',
      'column',
      'proposal',
    ]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
