// What a symbol says of its plan as a whole.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { checkInstructionFile } from '../../src/instructions/check';

const ENTRY = '{ "On": "cross-over", "Action": "BUY", "Order": "Market", "Qty": 1, "price": "10" }';
const STOP = '{ "_comment": "SL", "Action": "SELL", "Order": "Market", "Qty": 1, "price": "9" }';
const schema = JSON.parse(readFileSync('schemas/instruction-file.schema.json', 'utf8')) as object;
const fitsSchema = new Ajv2020().compile(schema);

function checked(settings: string) {
  const text = `{ "AAPL": { "Entry OCA": [${ENTRY}], "Orders if Long": [${STOP}]${settings} } }`;
  const bytes = new TextEncoder().encode(text);
  const file = checkInstructionFile({ fileName: 'a.json', bytes, strict: false });
  const { symbols, findings } = file;
  const codes = findings.map(({ code }) => code);
  return {
    plan: symbols[0]?.plan ?? null,
    codes,
    findings,
    underlined: !fitsSchema(JSON.parse(text)),
  };
}

it.each([
  ['', { exitQuantity: 'LITERAL', cycles: 1 }, []],
  [', "exitQty": "literal", "rearm": "never"', { exitQuantity: 'LITERAL', cycles: 1 }, []],
  [', "exitQty": "position"', { exitQuantity: 'POSITION', cycles: 1 }, []],
  [', "exitQty": "Position"', { exitQuantity: 'POSITION', cycles: 1 }, ['SPELLING']],
  [', "onClose": "keep"', { exitQuantity: 'LITERAL', cycles: 1 }, []],
  [', "onClose": "flatten"', { exitQuantity: 'LITERAL', cycles: 1, onClose: 'FLATTEN' }, []],
  [', "ocaRelease": "trigger"', { exitQuantity: 'LITERAL', cycles: 1 }, []],
  [', "ocaRelease": "fill"', { exitQuantity: 'LITERAL', cycles: 1, ocaRelease: 'FILL' }, []],
  [', "rearm": "onFlat", "maxCycles": 3', { exitQuantity: 'LITERAL', cycles: 3 }, []],
])('%j is read', (settings, read, codes) => {
  const { plan, codes: found, underlined } = checked(settings);
  expect(underlined).toBe(codes.length > 0);
  expect(plan?.settings).toEqual(read);
  expect(found).toEqual(codes);
});

it.each([
  ['', undefined, []],
  [', "priceSource": "last"', undefined, []],
  [', "priceSource": "bid"', 'BID', []],
  [', "priceSource": "ask"', 'ASK', []],
  [', "priceSource": "mid"', 'MID', []],
  [', "priceSource": "bid-ask"', 'BID_ASK', []],
  [', "PriceSource": "Bid-Ask"', 'BID_ASK', ['SPELLING', 'SPELLING']],
])('%j is the price that the triggers of the symbol look at', (settings, source, codes) => {
  const { plan, codes: found, underlined } = checked(settings);
  expect(underlined).toBe(codes.length > 0);
  expect(found).toEqual(codes);
  for (const leg of [...plan!.entries, ...plan!.ifLong]) expect(leg.priceSource).toBe(source);
});

it('an order may look at another price than its symbol says, also at the last one', () => {
  const symbol = (source: string, entry: string): string => `{ "AAPL": { "priceSource": ${source},
    "Entry OCA": [${ENTRY.replace(' }', `, "priceSource": ${entry} }`)}],
    "Orders if Long": [${STOP}] } }`;
  const sourcesOf = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    const { symbols } = checkInstructionFile({ fileName: 'a.json', bytes, strict: false });
    const { entries, ifLong } = symbols[0]!.plan!;
    return [entries[0]!.priceSource, ifLong[0]!.priceSource];
  };
  expect(sourcesOf(symbol('"bid-ask"', '"last"'))).toEqual([undefined, 'BID_ASK']);
  expect(sourcesOf(symbol('"mid"', '"ask"'))).toEqual(['ASK', 'MID']);
});

it.each([
  [', "priceSource": "middle"', 'UNKNOWN_VALUE', /"last" or "bid" or "ask" or "mid" or "bid-ask"/],
  [', "priceSource": "bid ask"', 'UNKNOWN_VALUE', /Did you mean "bid-ask"/],
  [', "priceSource": null', 'UNKNOWN_VALUE', /not something else/],
  [', "exitQty": "all"', 'UNKNOWN_VALUE', /"literal" or "position"/],
  [', "exitQty": 5', 'UNKNOWN_VALUE', /"literal" or "position"/],
  [', "exitQty": "postion"', 'UNKNOWN_VALUE', /Did you mean "position"/],
  [', "rearm": "onFlat"', 'MISSING_KEY', /from 2 to 20/],
  [', "maxCycles": 3', 'MISPLACED_KEY', /"rearm": "onFlat"/],
  [', "rearm": "onFlat", "maxCycles": 1', 'UNKNOWN_VALUE', /from 2 to 20/],
  [', "rearm": "onFlat", "maxCycles": 21', 'UNKNOWN_VALUE', /from 2 to 20/],
  [', "rearm": "onFlat", "maxCycles": 2.5', 'UNKNOWN_VALUE', /from 2 to 20/],
  [', "rearm": "onFlat", "maxCycles": "3"', 'UNKNOWN_VALUE', /from 2 to 20/],
  [', "onClose": "close"', 'UNKNOWN_VALUE', /"keep" or "flatten"/],
  [', "ocaRelease": "fired"', 'UNKNOWN_VALUE', /"trigger" or "fill"/],
  [', "exit qty": "position"', 'UNKNOWN_KEY', /exitQty/],
])('%j refuses the symbol and says why', (settings, code, why) => {
  const { plan, codes, findings, underlined } = checked(settings);
  expect(underlined).toBe(true);
  expect(plan).toBeNull();
  expect(codes).toEqual([code]);
  expect(findings[0]!.message).toMatch(why);
});
