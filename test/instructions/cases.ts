// Owns the table of what an instruction file may say and what is found in it: one row, one rule.
// Must not run anything; two tests read it (the verdicts, and that no code lacks a case).

import { after, entry, fileText, shortEntry, symbolText } from './fixture';

export interface Case {
  readonly name: string;
  readonly text: string;
  readonly strict?: boolean;
  /** Severity by its first letter and code, in the order of the text. */
  readonly found: readonly string[];
  readonly verdict: 'FILE REFUSED' | 'SYMBOL REFUSED' | 'LOADS';
  readonly pointer?: string | null;
  readonly says?: RegExp;
  readonly proposal?: string;
}

const withEntry = (changes: Record<string, string>): string =>
  fileText({ entries: [entry(changes)] });
const withLong = (...orders: Record<string, string>[]): string =>
  fileText({ ifLong: [after(), ...orders.map((each) => after(each))] });
const withShort = (...orders: Record<string, string>[]): string =>
  fileText({
    entries: [shortEntry()],
    ifLong: [],
    ifShort: [after({ Action: '"BUY"', price: '"105"' }), ...orders.map((each) => after(each))],
  });

const numbered = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');

const ENTRY = '/IBM/Entry OCA/0';
const LONG = '/IBM/Orders if Long/1';
const SHORT = '/IBM/Orders if Short/1';

const loads = (name: string, text: string, more: Partial<Case> = {}): Case => ({
  ...{ name, text, found: [], verdict: 'LOADS' },
  ...more,
});
const refusesFile = (name: string, text: string, more: Partial<Case>): Case => ({
  ...{ name, text, found: [], verdict: 'FILE REFUSED' },
  ...more,
});
const refusesSymbol = (name: string, text: string, more: Partial<Case>): Case => ({
  ...{ name, text, found: [], verdict: 'SYMBOL REFUSED' },
  ...more,
});

/** A trailing stop beside the long side's stop; a change of '' leaves a key out. */
const TRAIL = { Order: '"trail"', price: '', trailBy: '"1.50"' };
const trailing = (changes: Record<string, string> = {}): string =>
  withLong({ ...TRAIL, ...changes });

const TRAILS: readonly Case[] = [
  loads('a trailing stop by an amount', trailing()),
  loads('a trailing stop by a percent', trailing({ trailBy: '', trailPercent: '2.5' })),
  loads('a trailing stop from a price on', trailing({ activateAt: '"105"' })),
  loads('a trailing stop of a short', withShort({ ...TRAIL, Action: '"BUY"', activateAt: '90' })),
  loads('a trailing stop alone, which is a stop', fileText({ ifLong: [after(TRAIL)] })),
  loads(
    'a trailing stop alone that stops nothing yet',
    fileText({ ifLong: [after({ ...TRAIL, activateAt: '105' })] }),
    { found: ['W ENTRY_WITHOUT_STOP'] },
  ),
  loads('another spelling of it', trailing({ Order: '"Trail"' }), { found: ['I SPELLING'] }),
  loads('one that is active at the entry', trailing({ activateAt: '100' }), {
    ...{ found: ['W TRAIL_ACTIVE_AT_ENTRY'], pointer: LONG, says: /is not above the entry at 100/ },
  }),
  loads('one as far as the price', trailing({ trailBy: '100' }), {
    ...{ found: ['W TRAIL_TOO_FAR'], says: /at zero or below/ },
  }),
  refusesSymbol('an entry that trails', withEntry({ ...TRAIL }), {
    ...{ found: ['E TRAIL_NOT_AN_EXIT'], pointer: `${ENTRY}/Order`, says: /is no entry/ },
  }),
  refusesSymbol('a trailing stop that adds', trailing({ Action: '"BUY"' }), {
    ...{ found: ['E TRAIL_NOT_AN_EXIT'], pointer: `${LONG}/Action`, says: /must SELL/ },
  }),
  refusesSymbol('a trailing stop without a distance', trailing({ trailBy: '' }), {
    ...{ found: ['E TRAIL_DISTANCE'], pointer: LONG },
  }),
  refusesSymbol('a trailing stop with two distances', trailing({ trailPercent: '2' }), {
    ...{ found: ['E TRAIL_DISTANCE'], pointer: `${LONG}/trailPercent` },
  }),
  refusesSymbol('a trailing stop with a price', trailing({ price: '95' }), {
    ...{ found: ['E MISPLACED_KEY'], pointer: `${LONG}/price`, says: /less its distance/ },
  }),
  refusesSymbol('a distance of an order that trails not', withLong({ trailBy: '1' }), {
    ...{ found: ['E MISPLACED_KEY'], pointer: `${LONG}/trailBy`, says: /"Order": "trail"/ },
  }),
  refusesSymbol('a misspelt kind of a trailing stop', trailing({ Order: '"trial"' }), {
    ...{ found: ['E UNKNOWN_VALUE'], says: /Did you mean "trail"/ },
  }),
  refusesSymbol('a distance of nothing', trailing({ trailBy: '"0"' }), {
    ...{ found: ['E PRICE_NOT_POSITIVE'], says: /"trailBy" must be greater than 0/ },
  }),
  refusesSymbol('an activation price that is no number', trailing({ activateAt: '"high"' }), {
    ...{ found: ['E INVALID_PRICE'], says: /"activateAt" must be a finite/ },
  }),
  ...['"0"', '100', '-1', '"2%"', '"1.2345678901234567"'].map((percent) =>
    refusesSymbol(
      `a trailing percent of ${percent}`,
      trailing({ trailBy: '', trailPercent: percent }),
      { found: ['E TRAIL_PERCENT'], pointer: `${LONG}/trailPercent` },
    ),
  ),
];

const FILES: readonly Case[] = [
  loads('a sound file', fileText()),
  loads('a byte-order mark', `\ufeff${fileText()}`),
  loads(
    'remarks and $schema at the top',
    `{"$schema": "./s.json", "_by": 1, "IBM": ${symbolText()}}`,
  ),
  loads('a file without symbols', '{}', { found: ['W NO_SYMBOLS'] }),
  loads('a file of remarks', '{"_comment": "none today"}', { found: ['W NO_SYMBOLS'] }),
  refusesFile('an empty file', '', { found: ['E FILE_EMPTY'], pointer: null }),
  refusesFile('a blank file', ' \n', { found: ['E FILE_EMPTY'], pointer: null }),
  refusesFile('a file in UTF-16 without a mark', '{\u0000"\u0000', { found: ['E ENCODING'] }),
  refusesFile('deep nesting', '{"IBM":'.repeat(17), { found: ['E TOO_DEEP'], pointer: null }),
  refusesFile('a list', '[]', { found: ['E NOT_AN_OBJECT'], pointer: '/' }),
  refusesFile('a number', '1', { found: ['E NOT_AN_OBJECT'], pointer: '/' }),
  refusesFile('null', 'null', { found: ['E NOT_AN_OBJECT'], pointer: '/' }),
  refusesFile('a symbol twice', `{"IBM": ${symbolText()}, "IBM": ${symbolText()}}`, {
    found: ['E DUPLICATE_SYMBOL'],
    pointer: '/IBM',
  }),
  refusesFile('a symbol in two spellings', `{"IBM": ${symbolText()}, "ibm": ${symbolText()}}`, {
    found: ['E DUPLICATE_SYMBOL'],
    pointer: '/ibm',
    says: /same symbol as "IBM" at line 1, column 2/,
  }),
  refusesFile('a remark twice at the top', '{"_a": 1, "_a": 2}', {
    found: ['E DUPLICATE_SYMBOL'],
    pointer: '/_a',
  }),
  ...['__proto__', 'constructor', 'prototype'].map((key) =>
    refusesFile(`${key} at the top`, `{"${key}": {}, "IBM": ${symbolText()}}`, {
      found: ['E FORBIDDEN_SYMBOL'],
      pointer: `/${key}`,
    }),
  ),
  refusesFile('a forbidden key in a remark', '{"_a": {"__proto__": 1}}', {
    found: ['E FORBIDDEN_SYMBOL'],
    pointer: '/_a/__proto__',
  }),
  loads('a doubled key in a remark', `{"_a": {"x": 1, "x": 2}, "IBM": ${symbolText()}}`),
  refusesFile('every fault of the top level at once', '{"__proto__": 1, "A B!": {}, "A  B": {}}', {
    found: [
      'E FORBIDDEN_SYMBOL',
      'E INVALID_SYMBOL',
      'E NO_ENTRIES',
      'E INVALID_SYMBOL',
      'E NO_ENTRIES',
    ],
  }),
  refusesFile(
    'a refused symbol, when strict',
    `{"IBM": ${symbolText()}, "BAC": ${symbolText({ entries: [] })}}`,
    { strict: true, found: ['E STRICT', 'E NO_ENTRIES'], says: /because of BAC/ },
  ),
  loads('a sound file, when strict', fileText(), { strict: true }),
];

const SYMBOL_NAMES: readonly Case[] = [
  ...['A', '9', 'BRK.B', 'BRK B', 'BTC-USD', 'A'.repeat(21), 'A B C', 'A..--'].map((key) =>
    loads(`the symbol ${key}`, `{"${key}": ${symbolText()}}`),
  ),
  loads('a symbol in small letters', `{"brk.b": ${symbolText()}}`, {
    found: ['I SPELLING'],
    says: /"brk\.b" is read as "BRK\.B"/,
  }),
  ...[
    '',
    ' A',
    'A ',
    'A  B',
    '.A',
    '-A',
    'A_B',
    'A/B',
    'A\u00c4',
    '\u0131BM',
    'A\\n',
    'A'.repeat(22),
  ].map((key) =>
    refusesFile(`the key "${key}"`, `{"${key}": ${symbolText()}}`, {
      found: ['E INVALID_SYMBOL'],
      pointer: `/${key.replace('/', '~1').replace('\\n', '\n')}`,
    }),
  ),
];

const SYMBOLS: readonly Case[] = [
  refusesFile('a trading date that is none', `{"tradingDate": "soon", "IBM": ${symbolText()}}`, {
    found: ['E OWNER'],
    pointer: '/tradingDate',
  }),
  ...['1', '"x"', '[]', 'null'].map((value) =>
    refusesSymbol(`the value ${value} of a symbol`, `{"IBM": ${value}}`, {
      found: ['E NOT_AN_ORDER_SET'],
      pointer: '/IBM',
    }),
  ),
  {
    ...refusesSymbol('lists without a symbol around them', `{"Entry OCA": [${entry()}]}`, {}),
    found: ['I SPELLING', 'E NOT_AN_ORDER_SET'],
    says: /belongs in a symbol/,
  },
  refusesSymbol('no entries at all', '{"IBM": {}}', {
    found: ['E NO_ENTRIES'],
    pointer: '/IBM/Entry OCA',
  }),
  refusesSymbol('an empty entry list', fileText({ entries: [] }), {
    found: ['E NO_ENTRIES'],
    pointer: '/IBM/Entry OCA',
  }),
  refusesSymbol(
    'null for a list',
    fileText().replace('"Orders if Short": []', '"Orders if Short": null'),
    {
      found: ['E NOT_A_LIST'],
      pointer: '/IBM/Orders if Short',
    },
  ),
  refusesSymbol('a list that nobody wrote', fileText({ entries: Array(201).fill(entry()) }), {
    found: ['E TOO_MANY_ORDERS'],
    pointer: '/IBM/Entry OCA/200',
  }),
  refusesSymbol(
    'more unknown keys than anybody mends',
    `{"IBM": {"Entry OCA": [${entry()}], ${numbered(60, (i) => `"x${i}": 1`)}}}`,
    { found: Array.from({ length: 51 }, () => 'E UNKNOWN_KEY'), says: /10 more unknown keys/ },
  ),
  refusesSymbol('a word for an order', fileText({ ifLong: [after(), '"SELL"'] }), {
    found: ['E NOT_AN_ORDER'],
    pointer: LONG,
  }),
  loads('missing lists after the entry', `{"IBM": {"Entry OCA": [${entry()}]}}`, {
    found: ['W ENTRY_WITHOUT_STOP'],
    pointer: ENTRY,
    says: /BUY entry at 100 has no stop.*SELL below/,
  }),
  loads('the documented spelling', fileText().replace('Entry OCA', 'Entry OCA on Cross'), {
    found: ['I SPELLING'],
    pointer: '/IBM/Entry OCA on Cross',
  }),
  refusesSymbol(
    'both spellings of the entry list',
    fileText().replace('"Orders if Short": []', `"Entry OCA on Cross": [${entry()}]`),
    {
      found: ['E DUPLICATE_KEY'],
      pointer: '/IBM/Entry OCA on Cross',
      says: /means "Entry OCA", which stands at line 1/,
    },
  ),
  refusesSymbol('a mistyped list', fileText().replace('Orders if Short', 'Orders if Shrot'), {
    found: ['E UNKNOWN_KEY'],
    pointer: '/IBM/Orders if Shrot',
    says: /did you mean "Orders if Short"\?/,
  }),
  refusesSymbol('a list twice', fileText().replace('Orders if Short', 'Orders if Long'), {
    found: ['E DUPLICATE_KEY'],
    pointer: '/IBM/Orders if Long',
  }),
  loads('orders for a side without entries', fileText({ ifShort: [after({ Action: '"BUY"' })] }), {
    found: ['W ORDERS_NEVER_ARM'],
    pointer: '/IBM/Orders if Short',
    says: /No entry has Action SELL/,
  }),
];

const ORDERS: readonly Case[] = [
  ...['On', 'Action', 'Order', 'Qty', 'price'].map((key) =>
    refusesSymbol(`an entry without ${key}`, withEntry({ [key]: '' }), {
      found: ['E MISSING_KEY'],
      pointer: `${ENTRY}/${key}`,
      says: new RegExp(`"${key}" is missing`),
    }),
  ),
  ...['Action', 'Order', 'Qty', 'price'].map((key) =>
    refusesSymbol(`an exit without ${key}`, withLong({ [key]: '' }), {
      found: ['E MISSING_KEY'],
      pointer: `${LONG}/${key}`,
    }),
  ),
  refusesSymbol('all missing keys at once', fileText({ entries: ['{}'] }), {
    found: Array.from({ length: 5 }, () => 'E MISSING_KEY'),
  }),
  refusesSymbol('On in an exit', withLong({ On: '"cross-over"' }), {
    found: ['E MISPLACED_KEY'],
    pointer: `${LONG}/On`,
  }),
  refusesSymbol('gap in an exit', withLong({ gap: '"ignore"' }), { found: ['E MISPLACED_KEY'] }),
  loads('gap ignore in an entry', withEntry({ gap: '"ignore"' })),
  loads('gap fire in an entry', withEntry({ gap: '"fire"' })),
  refusesSymbol('another gap', withEntry({ gap: 'true' }), {
    found: ['E UNKNOWN_VALUE'],
    says: /"gap" must be "fire" or "ignore", not true/,
  }),
  ...['"HOLD"', '1', 'null', '["BUY"]', '""', '"\u017fELL"'].map((value) =>
    refusesSymbol(`the Action ${value}`, withEntry({ Action: value }), {
      found: ['E UNKNOWN_VALUE'],
      pointer: `${ENTRY}/Action`,
      says: /must be "BUY" or "SELL"/,
    }),
  ),
  refusesSymbol('a mistyped value', withEntry({ On: '"crossover"' }), {
    found: ['E UNKNOWN_VALUE'],
    says: /Did you mean "cross-over"\?/,
  }),
  loads('other capitals', withEntry({ On: '"Cross-Over"', Action: '"buy"', Order: '"LIMIT"' }), {
    found: ['I SPELLING', 'I SPELLING', 'I SPELLING'],
    says: /"Cross-Over" is read as "cross-over"/,
  }),
  loads('keys in other capitals', withEntry({ price: '', Price: '"100"', QTY: '1', Qty: '' }), {
    found: ['I SPELLING', 'I SPELLING'],
  }),
  refusesSymbol('a key in two spellings', withEntry({ Price: '"200"' }), {
    found: ['E DUPLICATE_KEY'],
    pointer: `${ENTRY}/Price`,
  }),
  refusesSymbol('a key twice', fileText().replace('"Qty": 1', '"Qty": 1, "Qty": 100'), {
    found: ['E DUPLICATE_KEY'],
    pointer: `${ENTRY}/Qty`,
  }),
  refusesSymbol('a key twice in a remark of a symbol', withEntry({ _x: '{"a":1,"a":2}' }), {
    found: ['E DUPLICATE_KEY'],
    pointer: `${ENTRY}/_x/a`,
  }),
  refusesSymbol('a forbidden key', withEntry({ constructor: '1' }), {
    found: ['E FORBIDDEN_KEY'],
    pointer: `${ENTRY}/constructor`,
  }),
  refusesSymbol('a mistyped key', withEntry({ price: '', prise: '"100"' }), {
    found: ['E MISSING_KEY', 'E UNKNOWN_KEY'],
    pointer: `${ENTRY}/price`,
  }),
  refusesSymbol('a mistyped key beside the right one', withEntry({ prise: '"100"' }), {
    found: ['E UNKNOWN_KEY'],
    pointer: `${ENTRY}/prise`,
    says: /did you mean "price"\?/,
  }),
  refusesSymbol('a key from elsewhere', withEntry({ rearm: '"onFlat"' }), {
    found: ['E UNKNOWN_KEY'],
    says: /expected "On" or "Action"/,
  }),
  loads('remarks in an order', withEntry({ _note: '{"any": ["thing"]}', $schema: '1' })),
];

const decimal = (key: 'Qty' | 'price', value: string, says: RegExp): Case =>
  refusesSymbol(`${key} ${value}`, withEntry({ [key]: value }), {
    found: [key === 'Qty' ? 'E INVALID_QUANTITY' : 'E INVALID_PRICE'],
    pointer: `${ENTRY}/${key}`,
    says,
  });
const NUMBERS: readonly Case[] = [
  ...(['Qty', 'price'] as const).flatMap((key) => [
    decimal(key, '1e2', /exponent/),
    decimal(key, '"1E+2"', /exponent/),
    decimal(key, '"NaN"', /"NaN" is not a number/),
    decimal(key, '"Infinity"', /not finite/),
    decimal(key, '"-inf"', /not finite/),
    decimal(key, '"1,000"', /comma/),
    decimal(key, '"69,48"', /comma/),
    decimal(key, '"1.000,50"', /comma/),
    decimal(key, '"1 000"', /thousands separators/),
    decimal(key, '"1_000"', /thousands separators/),
    decimal(key, '""', /empty/),
    decimal(key, '" 1"', /blanks around/),
    decimal(key, '"0x10"', /is none/),
    decimal(key, '"\u0661"', /is none/),
    decimal(key, '"1.2.3"', /is none/),
    decimal(key, `"${'9'.repeat(100)}"`, /is none/),
    decimal(key, 'null', /null is none/),
    decimal(key, 'true', /true is none/),
    decimal(key, '[1]', /a list is none/),
    decimal(key, '{}', /an object is none/),
  ]),
  ...['0', '-5', '"0"', '"-0.0"', '-1000001'].flatMap((value) => [
    refusesSymbol(`Qty ${value}`, withEntry({ Qty: value }), {
      found: ['E QUANTITY_NOT_POSITIVE'],
      pointer: `${ENTRY}/Qty`,
      says: /greater than 0/,
    }),
    refusesSymbol(`price ${value}`, withEntry({ price: value }), {
      found: ['E PRICE_NOT_POSITIVE'],
      pointer: `${ENTRY}/price`,
      says: /greater than 0/,
    }),
  ]),
  refusesSymbol('Qty above a million', withEntry({ Qty: '1000000.1' }), {
    found: ['E QUANTITY_TOO_LARGE'],
    says: /hard maximum of 1000000 units \(H5\)/,
  }),
  loads('Qty of a million', withEntry({ Qty: '"1000000.0"' })),
  loads('a fraction', withEntry({ Qty: '"0.5"' }), { found: ['W FRACTIONAL_QUANTITY'] }),
  loads('a whole number with decimals', withEntry({ Qty: '2.00' })),
  loads('a price as a number', withEntry({ price: '100.25' })),
  loads('a price of 15 digits', withEntry({ price: '"100.000000000001"' }), {
    found: ['I PRICE_ROUNDED'],
  }),
  refusesSymbol('a price of 16 digits', withEntry({ price: '100.0000000000001' }), {
    found: ['E PRICE_TOO_PRECISE'],
    says: /16 significant digits/,
  }),
];

const rounded = (name: string, text: string, says: RegExp): Case =>
  loads(name, text, { found: ['I PRICE_ROUNDED'], says });
const ROUNDING: readonly Case[] = [
  rounded(
    'a BUY limit entry goes down',
    withEntry({ price: '"100.019"' }),
    /with 100\.01 as its l/,
  ),
  rounded(
    'a SELL limit entry goes up',
    withShort().replace('"100"', '"100.011"'),
    /100\.02 as its limit price/,
  ),
  loads('a Market entry sends no price', withEntry({ Order: '"Market"', price: '"100.019"' })),
  rounded('a SELL stop goes down', withLong({ price: '"95.019"' }), /95\.01 as its stop price;/),
  rounded(
    'a BUY stop goes up',
    withShort({ Action: '"BUY"', price: '"105.011"' }),
    /105\.02 as its stop price/,
  ),
  loads('a stop with a limit sends both', withLong({ Order: '"limit"', price: '"95.015"' }), {
    found: ['I STOP_AS_LIMIT', 'I PRICE_ROUNDED'],
    pointer: LONG,
  }),
  rounded(
    'a SELL take-profit goes up',
    withLong({ Order: '"limit"', price: '"105.011"' }),
    /105\.02 as its limit/,
  ),
  rounded(
    'a BUY take-profit goes down',
    withShort({ Action: '"BUY"', Order: '"limit"', price: '"95.019"' }),
    /95\.01 as its limit/,
  ),
  loads('a touch order sends no price', withLong({ price: '"105.011"' })),
  loads('a touch add sends no price', withLong({ Action: '"BUY"', price: '"97.011"' })),
  rounded(
    'a limit add goes down',
    withLong({ Action: '"BUY"', Order: '"limit"', price: '"97.019"' }),
    /97\.01 as its limit/,
  ),
  loads(
    'a price below a cent is not rounded to nothing',
    fileText({ entries: [entry({ price: '0.004' })], ifLong: [after({ price: '0.001' })] }),
    {
      found: ['I PRICE_ROUNDED', 'I PRICE_ROUNDED'],
      says: /below one: it can only be sent where prices are finer/,
    },
  ),
];

const conflict = (name: string, text: string, more: Partial<Case> = {}): Case =>
  refusesSymbol(name, text, { found: ['E ROLE_CONFLICT'], ...more });
const MEANING: readonly Case[] = [
  ...[
    'Stop',
    'SL',
    'sl - 4',
    'SL1',
    'stop-loss',
    'stop_loss',
    'Exit on Touch',
    'TP',
    'take profit',
    'Take-Profit 2',
    'Target',
  ].map((comment) =>
    conflict(
      `a long "${comment}" that BUYs`,
      withLong({ _comment: `"${comment}"`, Action: '"BUY"' }),
      {
        pointer: `${LONG}/Action`,
        says: /must SELL to reduce a long position; its Action BUY would add to it/,
      },
    ),
  ),
  ...['DCA', 'Buy another position', 'add', 'Add 1', 'average down'].map((comment) =>
    conflict(`a long "${comment}" that SELLs`, withLong({ _comment: `"${comment}"` }), {
      says: /must BUY to add to a long position; its Action SELL would reduce it/,
    }),
  ),
  conflict('a short stop that SELLs', withShort({ _comment: '"SL"', price: '"105"' }), {
    pointer: `${SHORT}/Action`,
    says: /a stop, which must BUY to reduce a short position/,
    proposal: '{ "Action": "BUY", "Order": "Market", "Qty": 1, "price": "105", "_comment": "SL" }',
  }),
  conflict('a short DCA that BUYs', withShort({ _comment: '"DCA"', Action: '"BUY"' }), {
    says: /must SELL to add to a short position/,
  }),
  conflict(
    'a conflict beside another fault',
    withLong({ _comment: '"SL"', Action: '"BUY"', Qty: '0' }),
    {
      found: ['E ROLE_CONFLICT', 'E QUANTITY_NOT_POSITIVE'],
    },
  ),
  conflict(
    'a conflict under an oddly spelled comment',
    withLong({ _Comment: '"SL"', Action: '"BUY"' }),
    {
      found: ['E ROLE_CONFLICT', 'I SPELLING'],
    },
  ),
  ...[
    'SLOW market',
    'address',
    'nonstop',
    'exited',
    'DCAs? no',
    'tpx',
    'Exit or add',
    'SL then DCA',
    '',
  ].map((comment) =>
    loads(`"${comment}" names no role`, withLong({ _comment: `"${comment}"`, Action: '"BUY"' })),
  ),
  loads('a comment that is no text', withLong({ _comment: '["SL"]', Action: '"BUY"' })),
  loads('a comment on an entry', withEntry({ _comment: '"SL"' })),
  loads('a stop above a long entry', withLong({ _comment: '"SL"', price: '"105"' }), {
    found: ['W COMMENT_AGAINST_PRICE'],
    pointer: `${LONG}/price`,
    says: /calls it a stop, but 105 is above the entry at 100: filled there.*take-profit/,
  }),
  loads('a take-profit below a long entry', withLong({ _comment: '"TP"' }), {
    found: ['W COMMENT_AGAINST_PRICE'],
    says: /95 is below the entry at 100.*a stop/,
  }),
  loads(
    'a DCA above a long entry',
    withLong({ _comment: '"DCA"', Action: '"BUY"', price: '"105"' }),
    {
      found: ['W COMMENT_AGAINST_PRICE'],
      says: /an addition to a winning position/,
    },
  ),
  loads('a stop below a short entry', withShort({ _comment: '"SL"', Action: '"BUY"' }), {
    found: ['W COMMENT_AGAINST_PRICE'],
    says: /95 is below the entry at 100/,
  }),
  loads('an exit below a long entry is simply a stop', withLong({ _comment: '"Exit"' })),
  loads('an add above a long entry', withLong({ Action: '"BUY"', price: '"105"' }), {
    found: ['I PYRAMID'],
    pointer: LONG,
  }),
  loads(
    '"add" above a long entry',
    withLong({ _comment: '"add"', Action: '"BUY"', price: '"105"' }),
    {
      found: ['I PYRAMID'],
    },
  ),
  loads('an entry that looks at quotes', withEntry({ priceSource: '"bid-ask"' })),
  loads('an exit here that looks at quotes', withLong({ price: '"105"', priceSource: '"bid"' })),
  loads('an order that looks at quotes in capitals', withEntry({ priceSource: '"MID"' }), {
    found: ['I SPELLING'],
  }),
  refusesSymbol('an order that looks at no known price', withEntry({ priceSource: '"open"' }), {
    found: ['E UNKNOWN_VALUE'],
    pointer: `${ENTRY}/priceSource`,
  }),
  loads('a stop at the broker that looks at quotes', withLong({ priceSource: '"bid"' }), {
    found: ['W SOURCE_UNUSED'],
    pointer: LONG,
    says: /rest at the broker/,
  }),
  loads(
    'a limit add that looks at quotes',
    withLong({ Action: '"BUY"', Order: '"limit"', priceSource: '"mid"' }),
    { found: ['W SOURCE_UNUSED'] },
  ),
  loads(
    'a trailing stop at the broker that looks at quotes',
    trailing({ priceSource: '"bid-ask"' }),
    { found: ['W SOURCE_UNUSED'] },
  ),
  loads(
    'a trailing stop here that looks at quotes',
    trailing({ priceSource: '"bid-ask"', activateAt: '"105"' }),
  ),
  loads('a limit exit below a long entry', withLong({ Order: '"limit"' }), {
    found: ['I STOP_AS_LIMIT'],
    says: /This is a stop: it waits until 95 is reached/,
  }),
  loads('only a take-profit', fileText({ ifLong: [after({ price: '"105"' })] }), {
    found: ['W ENTRY_WITHOUT_STOP'],
  }),
  loads(
    'a named stop at the level of the entry',
    fileText({ ifLong: [after({ price: '"100"', _comment: '"SL"' })] }),
  ),
  loads(
    'two entries of a side, one of them below the stop',
    fileText({ entries: [entry(), entry({ price: '"90"' })] }),
    { found: ['W ENTRY_WITHOUT_STOP'], pointer: '/IBM/Entry OCA/1', says: /entry at 90/ },
  ),
];

export const CASES: readonly Case[] = [
  ...FILES,
  ...SYMBOL_NAMES,
  ...SYMBOLS,
  ...ORDERS,
  ...NUMBERS,
  ...ROUNDING,
  ...TRAILS,
  ...MEANING,
];
