// What a profile may say, what it may not, and that the schema for editors says the same.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { checkInstructionFile } from '../../src/instructions/check';
import { DEFAULT_KEYS, mergeSettings } from '../../src/instructions/defaults';
import { OWNER_KEYS } from '../../src/instructions/owner';
import { checkProfile, profileFaults } from '../../src/instructions/profile';
import { after, entry } from './fixture';

const schema = JSON.parse(readFileSync('schemas/profile.schema.json', 'utf8')) as {
  readonly properties: object;
};
const fitsSchema = new Ajv2020().compile(schema);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const checked = (text: string) => checkProfile(bytes(text));

it('is read with every key it may have, in the usual spelling', () => {
  const text = `{ "$schema": "x", "_by": "ann", "strategy": "swing", "Account": "DU1",
    "tradingDate": "2026-11-23", "exitqty": "Position", "rearm": "onFlat", "maxCycles": 2,
    "gap": "ignore" }`;
  expect(checked(text).profile).toEqual({
    ...{ strategy: 'swing', account: 'DU1', tradingDate: '2026-11-23' },
    settings: { exitQty: 'position', rearm: 'onFlat', maxCycles: 2, gap: 'ignore' },
  });
  expect(checked('{}').profile).toMatchObject({ strategy: null, settings: {} });
});

it.each([
  ['{\n  "exitQty": "positon"\n}', 'p.json:2:14: "exitQty" must be .* Did you mean "position"\\?'],
  ['{ "stratgy": "swing" }', 'p.json:1:3: Unknown key "stratgy": did you mean "strategy"\\?'],
  ['{ "strategy": "a b" }', 'p.json:1:15: "strategy" must be the key of a strategy'],
  ['{ "account": 7 }', 'p.json:1:14: "account" must be .*, not something else'],
  ['{ "tradingDate": "2026-02-30" }', 'p.json:1:18: "2026-02-30" is no day of the calendar'],
  ['{ "tradingDate": "tomorrow" }', '"tradingDate" must be a date'],
  ['{ "maxCycles": 3 }', '"maxCycles" belongs to "rearm"'],
  ['{ "rearm": "onFlat" }', '"maxCycles": how many round trips'],
  ['{ "gap": "maybe" }', '"gap" must be "fire" or "ignore"'],
  ['{ "gap": "fire", "gap": "ignore" }', 'p.json:1:18: '],
  ['{ "__proto__": {} }', 'p.json:1:3: '],
  ['{ "gap": "fire" ', 'p.json:1:'],
  ['[]', 'p.json:1:1: A profile is an object'],
  ['', 'p.json:1:1: '],
])('%j is refused with its place', (text, says) => {
  const faulty = checked(text);
  expect(faulty.profile).toBeNull();
  expect(profileFaults('p.json', faulty)[0]).toMatch(new RegExp(says));
});

it('is refused when it is no text, or too long', () => {
  expect(checkProfile(new Uint8Array([0xff, 0xfe, 0x7b])).profile).toBeNull();
  expect(checked(`{ "_": "${'x'.repeat(70_000)}" }`).profile).toBeNull();
});

it('has a schema for editors with the same keys', () => {
  const named = Object.keys(schema.properties).filter((key) => key !== '$schema');
  expect(named.sort()).toEqual([...OWNER_KEYS, ...DEFAULT_KEYS].sort());
  expect(fitsSchema({ strategy: 'swing', rearm: 'onFlat', maxCycles: 2, _by: 1 })).toBe(true);
  for (const wrong of [
    { stratgy: 'x' },
    { rearm: 'onFlat' },
    { exitQty: 'all' },
    { maxCycles: 2 },
  ]) {
    expect([wrong, fitsSchema(wrong)]).toEqual([wrong, false]);
  }
});

describe('settings under a file', () => {
  const fileOf = (own: string): Uint8Array =>
    bytes(`{ "IBM": { ${own} "Entry OCA": [${entry()}], "Orders if Long": [${after()}] } }`);
  const settings = { exitQty: 'position', rearm: 'onFlat', maxCycles: 3, gap: 'ignore' };
  const under = (own: string) => {
    const file = checkInstructionFile({ fileName: 'a.json', bytes: fileOf(own), settings });
    const [symbol] = file.symbols;
    const codes = file.findings.map(({ code }) => code);
    return { ...symbol?.plan?.settings, gap: symbol?.plan?.entries[0]?.firesOnGap, codes };
  };

  it.each([
    ['', { exitQuantity: 'POSITION', cycles: 3, gap: false, codes: [] }],
    ['"exitQty": "literal",', { exitQuantity: 'LITERAL', cycles: 3, gap: false, codes: [] }],
    ['"rearm": "never",', { exitQuantity: 'POSITION', cycles: 1, gap: false, codes: [] }],
    ['"maxCycles": 5,', { exitQuantity: 'POSITION', cycles: 5, gap: false, codes: [] }],
  ])('hold where it is silent: %j', (own, expected) => {
    expect(under(own)).toEqual(expected);
  });

  it('are overridden one by one by what goes before them', () => {
    expect(mergeSettings({ exitQty: 'literal' }, settings)).toEqual({
      ...settings,
      exitQty: 'literal',
    });
    expect(mergeSettings({ rearm: 'never' }, settings)).toEqual({
      ...{ exitQty: 'position', rearm: 'never', gap: 'ignore' },
    });
  });
});
