/**
 * The catalogue of findings in instruction files. docs/reference/findings.md is generated from it.
 */
import type { FindingSeverity } from './instruction';

export interface FindingEntry {
  readonly code: string;
  readonly severity: FindingSeverity;
  /** What an ERROR refuses: the whole file or its symbol. */
  readonly refuses: 'FILE' | 'SYMBOL' | 'NOTHING';
  readonly meaning: string;
  readonly next: string;
}

type Wording = Pick<FindingEntry, 'meaning' | 'next'>;

/** Refuses the file. */
const file = <Code extends string>(code: Code, wording: Wording) =>
  ({ code, severity: 'ERROR', refuses: 'FILE', ...wording }) as const;
/** Refuses the symbol it stands in; the others load. */
const symbol = <Code extends string>(code: Code, wording: Wording) =>
  ({ code, severity: 'ERROR', refuses: 'SYMBOL', ...wording }) as const;
const warning = <Code extends string>(code: Code, wording: Wording) =>
  ({ code, severity: 'WARNING', refuses: 'NOTHING', ...wording }) as const;
const info = <Code extends string>(code: Code, wording: Wording) =>
  ({ code, severity: 'INFO', refuses: 'NOTHING', ...wording }) as const;

export const FINDINGS = [
  file('FILE_UNREADABLE', {
    meaning: 'The file cannot be read, or is not a regular file.',
    next: 'Check the path; folders, devices and pipes are not read.',
  }),
  file('FILE_TOO_LARGE', {
    meaning: 'The file is larger than 8 MiB; it was not parsed.',
    next: 'Split the file by symbol, or remove what is not an instruction.',
  }),
  file('FILE_EMPTY', {
    meaning: 'The file holds nothing, or only blanks.',
    next: 'Write the file again; what was loaded before stays in force.',
  }),
  file('ENCODING', {
    meaning: 'The bytes are not UTF-8 text.',
    next: 'Save the file as UTF-8; a UTF-8 byte-order mark is fine.',
  }),
  file('SYNTAX', {
    meaning: 'The text is not strict JSON; every fault has its own finding.',
    next: 'Correct the text at the line and column; the proposal is the corrected line.',
  }),
  file('TOO_DEEP', {
    meaning: 'Objects and lists are nested deeper than an instruction file can be.',
    next: 'Remove the nesting: a file is symbol, list, order.',
  }),
  file('NOT_AN_OBJECT', {
    meaning: 'The top level is not an object keyed by symbol.',
    next: 'Write { "AAPL": { "Entry OCA": [...] } }.',
  }),
  file('OWNER', {
    meaning:
      'What the file says of its strategy, account or tradingDate is not usable, or stands ' +
      'twice, or is nearly such a key.',
    next: 'Correct it at the line and column, or take it out and name it when the file is loaded.',
  }),
  file('DUPLICATE_SYMBOL', {
    meaning: 'A top-level key occurs twice, or two keys mean the same symbol.',
    next: 'Keep one of the two; neither is traded until then.',
  }),
  file('FORBIDDEN_SYMBOL', {
    meaning: 'A key that reaches into every object stands outside any symbol.',
    next: 'Remove the key; the file did not come from an honest tool.',
  }),
  file('INVALID_SYMBOL', {
    meaning: 'A top-level key is not a symbol.',
    next:
      'A symbol is a letter or digit followed by at most 20 letters, digits, dots, dashes or ' +
      'single blanks; a remark goes under a key that begins with _.',
  }),
  file('STRICT', {
    meaning: 'A symbol is refused, and strict checking then refuses the whole file.',
    next: 'Correct the symbols it names, or check without strict.',
  }),
  symbol('INSTRUMENT', {
    meaning: 'The broker knows no such instrument, or it does not trade in a number given.',
    next: 'Check the symbol and the smallest steps of its price and quantity; load it again.',
  }),
  symbol('WORST_CASE', {
    meaning:
      'With every level filled and the stop hit the symbol would be beyond a limit on worth or ' +
      'loss, its currency is not that of the account, or the limits are sure to refuse an add: ' +
      'too many are sent together (H9), or one is too far from the entry (H12).',
    next:
      'Lower the Qty as the message says, draw the stop nearer, or take out adds or make them ' +
      'Market orders, which wait for their level here; then load it again.',
  }),
  symbol('NOT_AN_ORDER_SET', {
    meaning: 'The value of a symbol is not an object.',
    next: 'Write an object with "Entry OCA", "Orders if Long" and "Orders if Short".',
  }),
  symbol('NO_ENTRIES', {
    meaning: 'A symbol has no entry orders, so nothing could ever arm.',
    next: 'Add at least one order under "Entry OCA".',
  }),
  symbol('NOT_A_LIST', {
    meaning: 'A key that holds orders does not hold a list.',
    next: 'Put the orders in square brackets.',
  }),
  symbol('TOO_MANY_ORDERS', {
    meaning: 'A list holds more than 200 orders.',
    next: 'Keep the orders that are meant; a broker accepts far fewer.',
  }),
  symbol('NOT_AN_ORDER', {
    meaning: 'A list of orders holds something that is not an object.',
    next: 'Write an object with "Action", "Order", "Qty" and "price".',
  }),
  symbol('DUPLICATE_KEY', {
    meaning: 'A key occurs twice inside a symbol.',
    next: 'Keep one of the two; neither is traded until then.',
  }),
  symbol('FORBIDDEN_KEY', {
    meaning: 'A key that reaches into every object stands inside a symbol.',
    next: 'Remove the key.',
  }),
  symbol('UNKNOWN_KEY', {
    meaning: 'A key is not known here; dropping it could change what is traded.',
    next: 'Correct the spelling, or begin the key with _ if it is a remark.',
  }),
  symbol('MISSING_KEY', {
    meaning: 'An order lacks something it needs.',
    next: 'Add the key; nothing is guessed.',
  }),
  symbol('MISPLACED_KEY', {
    meaning: 'A key stands in an order of a kind that has no use for it.',
    next:
      'Remove it: orders after the entry arm when the entry fills, and a distance belongs to a ' +
      'trailing stop, which has no price.',
  }),
  symbol('UNKNOWN_VALUE', {
    meaning: 'A value is none of those that are permitted.',
    next: 'Use one of the permitted values that the message lists.',
  }),
  symbol('INVALID_QUANTITY', {
    meaning: 'Qty is not a plain decimal number.',
    next: 'Write digits and at most one dot: no exponent, no separators.',
  }),
  symbol('QUANTITY_NOT_POSITIVE', {
    meaning: 'Qty is zero or negative.',
    next: 'Write a quantity above 0; the side is said by Action alone.',
  }),
  symbol('QUANTITY_TOO_LARGE', {
    meaning: 'Qty is above the hard maximum of 1,000,000 units (H5).',
    next: 'Correct the quantity.',
  }),
  symbol('INVALID_PRICE', {
    meaning: 'A price or distance is not a plain, finite decimal number.',
    next: 'Write digits and at most one dot: no exponent, no separators.',
  }),
  symbol('PRICE_NOT_POSITIVE', {
    meaning: 'A price or distance is zero or negative.',
    next: 'Write a price above 0.',
  }),
  symbol('PRICE_TOO_PRECISE', {
    meaning:
      'A price or distance has more than 15 significant digits: it could not be compared exactly.',
    next: 'Write fewer digits.',
  }),
  symbol('TRAIL_NOT_AN_EXIT', {
    meaning: 'A trailing stop is written as an entry, or its Action would add to the position.',
    next: 'Write it under the orders of the side it gives back: SELL if long, BUY if short.',
  }),
  symbol('TRAIL_DISTANCE', {
    meaning: 'A trailing stop has no distance, or two.',
    next: 'Write either "trailBy", an amount, or "trailPercent", a percent of the best price.',
  }),
  symbol('TRAIL_PERCENT', {
    meaning: 'trailPercent is not a plain decimal number above 0 and below 100.',
    next: 'Write the percent without its sign, e.g. "2.5".',
  }),
  symbol('ROLE_CONFLICT', {
    meaning: 'The comment of an order and its Action contradict each other.',
    next:
      'Correct the Action as proposed (`instructions fix` does), or the comment; until then ' +
      'nothing of the symbol is armed.',
  }),
  warning('NO_SYMBOLS', {
    meaning: 'The file names no symbol: nothing is traded by it.',
    next: 'Nothing, if that is meant.',
  }),
  warning('ENTRY_WITHOUT_STOP', {
    meaning: 'No order would stop the loss of an entry.',
    next: 'Add an order on the losing side of the entry that reduces the position.',
  }),
  warning('ORDERS_NEVER_ARM', {
    meaning: 'There are orders for a side that no entry can take.',
    next: 'Remove the orders, or add an entry of that side.',
  }),
  warning('FRACTIONAL_QUANTITY', {
    meaning: 'Qty is not a whole number; not every instrument allows that.',
    next: 'Check that the instrument is traded in fractions.',
  }),
  warning('COMMENT_AGAINST_PRICE', {
    meaning: 'The comment says one role, the price beside the level of the entry another.',
    next: 'Check the price for a slip; where the order stands at the fill decides.',
  }),
  warning('TRAIL_ACTIVE_AT_ENTRY', {
    meaning: 'The activation price of a trailing stop is not beyond the level of the entry.',
    next: 'Check it for a slip; leave it out where the stop shall follow from the fill on.',
  }),
  warning('TRAIL_TOO_FAR', {
    meaning: 'The distance of a trailing stop is as large as the price of the entry.',
    next: 'Check the distance; a percent is written as trailPercent.',
  }),
  warning('SOURCE_UNUSED', {
    meaning: 'An order that rests at the broker says which price its trigger looks at.',
    next: 'Take "priceSource" out: the broker fires it by its own choice of price.',
  }),
  info('SPELLING', {
    meaning: 'A known word is spelled in another way than usual; it was understood.',
    next: 'Nothing.',
  }),
  info('PRICE_ROUNDED', {
    meaning: 'A price that is sent to the market is finer than a cent.',
    next: 'Nothing; triggers keep the exact price, orders are never sent worse than stated.',
  }),
  info('STOP_AS_LIMIT', {
    meaning: 'A stop is written as limit: its limit order is sent when the price is reached.',
    next: 'Write Market if it must fill in a fast market.',
  }),
  warning('SHORT_NOT_ALLOWED', {
    meaning: 'An entry would sell short, and its strategy may not: it is denied when it fires.',
    next: 'Take the entry out, or load the file for a strategy that was created with allowsShort.',
  }),
  warning('KEPT', {
    meaning: 'The file has changed, and the symbol keeps what it was told before: it has begun.',
    next: 'Change or cancel its orders by hand, or leave them.',
  }),
  info('REPLACED', {
    meaning:
      'The file has changed: the waiting entries of the symbol are replaced, or wait no more ' +
      'where it allows no further round trip.',
    next: 'Nothing; the message names every difference.',
  }),
  info('PYRAMID', {
    meaning: 'An order adds to the position when the price has already run in its favour.',
    next: 'Nothing, if that is meant.',
  }),
] as const satisfies readonly FindingEntry[];

export type FindingCode = (typeof FINDINGS)[number]['code'];
