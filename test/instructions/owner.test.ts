// Owns what a file may say beside its symbols: whose it is and for which session.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { check, symbolText } from './fixture';

const withMember = (member: string): string => `{ ${member}, "IBM": ${symbolText()} }`;
const codesOf = (text: string): string[] => check(text).findings.map(({ code }) => code);

it('strategy, account and date beside the symbols are the word of the file on whose it is', () => {
  const text = withMember('"Strategy": "swing", "account": "DU1", "TRADINGDATE": "2026-11-23"');
  const { accepted, owner, symbols } = check(text);
  expect(accepted).toBe(true);
  expect(owner).toEqual({ strategy: 'swing', account: 'DU1', tradingDate: '2026-11-23' });
  expect(symbols.map(({ symbol }) => symbol)).toEqual(['IBM']);
  expect(codesOf(text).filter((code) => code === 'SPELLING')).toHaveLength(2);
});

it('a file that says nothing of it belongs to nobody yet', () => {
  const nothing = { strategy: null, account: null, tradingDate: null };
  expect(check(`{ "IBM": ${symbolText()} }`).owner).toEqual(nothing);
});

it.each([
  ['"strategy": "two words"'],
  ['"strategy": 5'],
  ['"account": null'],
  ['"tradingDate": "2026-02-30"'],
  ['"tradingDate": 20261123'],
  ['"tradingDate": "20.3.2024"'],
  ['"strategy": "a", "Strategy": "b"'],
  ['"date": "2026-11-23"'],
  ['"trading_date": "2026-11-23"'],
  ['"tradingDat": "2026-11-23"'],
])('%s refuses the file: its symbols would arm for somebody else or another day', (member) => {
  const { accepted, symbols } = check(withMember(member));
  expect([accepted, symbols]).toEqual([false, []]);
  expect(codesOf(withMember(member))).toContain('OWNER');
});

it('a symbol of such a name is a symbol', () => {
  const { accepted, owner, symbols } = check(withMember(`"account": ${symbolText()}`));
  expect([accepted, owner.account]).toEqual([true, null]);
  expect(symbols.map(({ symbol }) => symbol)).toEqual(['ACCOUNT', 'IBM']);
});

it('a remark of such a name is a remark', () => {
  expect(check(withMember('"_date": "2026-11-23", "_strategy": "x y"')).accepted).toBe(true);
});

it('a file that names its owner and no symbol is refused', () => {
  expect(codesOf('{ "strategy": "swing" }')).toEqual(['NO_SYMBOLS']);
});

it('the schema for editors knows the three', () => {
  const schema = JSON.parse(readFileSync('schemas/instruction-file.schema.json', 'utf8')) as object;
  const validate = new Ajv2020().compile(schema);
  const valid = (member: string): boolean => validate(JSON.parse(withMember(member)));
  expect(valid('"strategy": "swing", "account": "DU1", "tradingDate": "2026-11-23"')).toBe(true);
  expect(valid(`"account": ${symbolText()}`)).toBe(true);
  expect([valid('"tradingDate": "23.11.2026"'), valid('"strategy": 5')]).toEqual([false, false]);
});
