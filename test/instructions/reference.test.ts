// Owns the verdicts on the reference files that lie beside the checkout: malformed ones, the
// example of the source document in its three forms, and the cases that are replayed.

import { readdirSync, readFileSync } from 'node:fs';
import { readInstructionFile } from '../../src/instructions/read';
import { checkInstructionFile } from '../../src/instructions/check';
import { renderCheck, toJson } from '../../src/instructions/render';
import { toText } from '../../src/domain/decimal';
import { itWithSharedData, sharedData } from '../support/shared-data';

const check = (...parts: string[]) =>
  readInstructionFile(sharedData('instructions', ...parts)).checked;
const errorsOf = (...parts: string[]) =>
  check(...parts).findings.filter((finding) => finding.severity === 'ERROR');

/** The second line of defence against a change of the reference: what is said, not only where. */
const WHERE: Readonly<Record<string, readonly [line: number, column: number, says: RegExp]>> = {
  'm01-truncated.json': [25, 24, /ends early/],
  'm02-empty.json': [1, 1, /empty/],
  'm03-top-level-array.json': [1, 1, /must be an object keyed by symbol/],
  'm04-negative-qty.json': [8, 16, /greater than 0/],
  'm05-zero-qty.json': [8, 16, /greater than 0/],
  'm06-unknown-action.json': [6, 19, /must be "BUY" or "SELL"/],
  'm07-duplicate-symbol.json': [52, 3, /occurs twice/],
  'm08-nan-literal.json': [9, 18, /NaN is not a number/],
  'm09-nan-string.json': [9, 18, /finite, plain decimal number/],
  'm10-proto-key.json': [2, 3, /not allowed/],
  'm12-utf16le.json': [1, 1, /not UTF-8: byte 0/],
  'm13-missing-on.json': [4, 7, /"On" is missing/],
  'm14-extra-data.json': [53, 1, /Unexpected text after the document/],
};

function expectedRows(): readonly (readonly string[])[] {
  const text = readFileSync(sharedData('instructions', 'malformed', 'EXPECTED.csv'), 'utf8');
  const rows = text.trim().split(/\r?\n/).slice(1);
  return rows.map((row) =>
    [...row.matchAll(/"([^"]*)"|([^,]+)/g)].map((cell) => cell[1] ?? cell[2] ?? ''),
  );
}

describe('the malformed reference files', () => {
  itWithSharedData('get the verdict and the place that are expected of them', () => {
    const rows = expectedRows().filter(([file]) => file?.endsWith('.json'));
    const files = readdirSync(sharedData('instructions', 'malformed'));
    expect(rows.map(([file]) => file)).toEqual(files.filter((each) => each.endsWith('.json')));
    for (const [file = '', , , verdict, where = ''] of rows) {
      const { accepted, symbols, findings } = check('malformed', file);
      const errors = findings.filter((finding) => finding.severity === 'ERROR');
      if (verdict === 'accept') {
        expect([file, accepted, symbols.map((each) => each.accepted)]).toEqual([
          file,
          true,
          [true],
        ]);
        expect(findings).toEqual([]);
        continue;
      }
      const refused = verdict === 'reject symbol' ? [true, [['IBM', false]]] : [false, []];
      const found = [accepted, symbols.map((each) => [each.symbol, each.accepted])];
      expect([file, found]).toEqual([file, refused]);
      const [line, column, says] = WHERE[file] ?? [0, 0, /^$/];
      expect([file, errors.length]).toEqual([file, 1]);
      expect(errors[0]).toMatchObject({ line, column });
      expect(errors[0]!.message).toMatch(says);
      expect(errors[0]!.pointer).toBe(where.startsWith('/') ? where.split(' (')[0] : null);
    }
  });

  itWithSharedData('never reach a prototype', () => {
    check('malformed', 'm10-proto-key.json');
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('refuse 50 MB of a valid text with blanks before parsing it', () => {
    const bytes = new Uint8Array(50 * 1024 * 1024).fill(0x20);
    bytes.set(new TextEncoder().encode('{}'));
    const { accepted, findings } = checkInstructionFile({ fileName: 'big.json', bytes });
    expect(accepted).toBe(false);
    expect(findings).toMatchObject([{ code: 'FILE_TOO_LARGE', pointer: null }]);
    expect(findings[0]!.message).toContain('8 MiB');
  });
});

describe("the source document's own example", () => {
  itWithSharedData('as it stands, names both missing commas in one go', () => {
    const { accepted, findings } = check('seed-aapl-verbatim.invalid.json');
    expect(accepted).toBe(false);
    expect(findings).toMatchObject([
      { code: 'SYNTAX', pointer: null, line: 7, column: 9, proposal: '"On": "cross-over",' },
      { code: 'SYNTAX', pointer: null, line: 14, column: 9, proposal: '"On": "cross-under",' },
    ]);
  });

  itWithSharedData('with the commas added, is refused with two proposals', () => {
    const { accepted, symbols } = check('seed-aapl-commas-added.json');
    expect(accepted).toBe(true);
    expect(symbols).toEqual([{ symbol: 'AAPL', accepted: false, plan: null }]);
    expect(errorsOf('seed-aapl-commas-added.json')).toMatchObject([
      {
        code: 'ROLE_CONFLICT',
        pointer: '/AAPL/Orders if Short/1/Action',
        line: 53,
        column: 19,
        proposal:
          '{ "_comment": "SL - 4-diff", "Action": "BUY", "Order": "limit", ' +
          '"Qty": 1, "price": "74.98" }',
      },
      {
        code: 'ROLE_CONFLICT',
        pointer: '/AAPL/Orders if Short/2/Action',
        line: 60,
        proposal:
          '{ "_comment": "Sell another position - DCA", "Action": "SELL", "Order": "Market", ' +
          '"Qty": 1, "price": "72.78" }',
      },
    ]);
    const all = check('seed-aapl-commas-added.json').findings;
    expect(all.filter((finding) => finding.proposal !== null)).toHaveLength(2);
  });

  itWithSharedData('corrected, loads without an error or a warning', () => {
    const { symbols, findings } = check('seed-aapl-corrected.json');
    expect(findings.filter((finding) => finding.severity !== 'INFO')).toEqual([]);
    expect(findings.map((finding) => finding.code)).toEqual([
      'PRICE_ROUNDED',
      'PRICE_ROUNDED',
      'PRICE_ROUNDED',
      'STOP_AS_LIMIT',
      'PRICE_ROUNDED',
      'STOP_AS_LIMIT',
    ]);
    const plan = symbols[0]!.plan!;
    const legs = [...plan.entries, ...plan.ifLong, ...plan.ifShort];
    expect(
      legs.map(({ leg, rank, side, type, price, cross, namedStop }) =>
        [leg, rank, side, type, toText(price!), cross, namedStop].join(' '),
      ),
    ).toEqual([
      'entry[0] 0 BUY LIMIT 69.484375 CROSS_OVER false',
      'entry[1] 1 SELL LIMIT 70.58981 CROSS_UNDER false',
      'long[0] 2 SELL LIMIT 70.58981  false',
      'long[1] 3 SELL LIMIT 65.04  true',
      'long[2] 4 BUY MARKET 67.28  false',
      'short[0] 5 BUY LIMIT 69.484375  false',
      'short[1] 6 BUY LIMIT 74.98  true',
      'short[2] 7 SELL MARKET 72.78  false',
    ]);
    expect(legs.every((leg) => leg.firesOnGap && toText(leg.quantity) === '1')).toBe(true);
    expect(legs[6]!.pointer).toBe('/AAPL/Orders if Short/1');
  });

  itWithSharedData('is shown with frame, caret and proposal, and as one JSON object', () => {
    const file = sharedData('instructions', 'seed-aapl-verbatim.invalid.json');
    const { checked, text } = readInstructionFile(file);
    const shown = renderCheck(checked, text);
    expect(shown).toContain('ERROR SYNTAX  seed-aapl-verbatim.invalid.json:14:9');
    expect(shown).toContain('  > 7 |         "Action": "BUY",\n      |         ^');
    expect(shown).toContain('Proposal: "On": "cross-under",');
    expect(Object.keys(toJson(checked))).toEqual(
      expect.arrayContaining(['fileName', 'accepted', 'symbols', 'findings']),
    );
  });
});

describe('the instruction files of the replay cases', () => {
  itWithSharedData.each([
    ['S1', []],
    ['S2', []],
    // Its short DCA lies below the level of the short entry; the fill of the case is lower still.
    ['S3', ['COMMENT_AGAINST_PRICE']],
  ])('%s loads without a note on spelling', (name, codes) => {
    const { symbols, findings } = check(`${name}.instructions.json`);
    expect(symbols.every((each) => each.accepted)).toBe(true);
    expect(findings.map((finding) => finding.code)).toEqual(codes);
  });
});
