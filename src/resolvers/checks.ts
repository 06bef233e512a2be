/** Checks of single values that clients hand in. Null, or what is wrong. */
import { COMPARABLE_DIGITS, significantDigits } from '../domain/decimal';
import { isMultipleOf, roundToStep, signOf, toText } from '../domain/decimal';
import { money, price, quantity, type Price, type Quantity } from '../domain/decimal';
import type { Instrument } from '../domain/instrument';
import { fault, type Fault } from './user-errors';

const PRINTABLE = /^[\x20-\x7e]{1,64}$/;
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** Controls, and characters that turn the direction of text or hide in it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const LONGEST_REASON = 500;
const LONGEST_FILE_NAME = 255;

const invalid = (message: string): Fault => fault('INVALID', message);

export function requestIdFault(text: string): Fault | null {
  if (PRINTABLE.test(text) && text.trim() === text) return null;
  return invalid(
    'A request id is 1 to 64 printable ASCII characters without blanks at its ends, such as ' +
      '"rebalance-2026-01-05-1".',
  );
}

export function newKeyFault(text: string): Fault | null {
  if (KEY.test(text)) return null;
  return invalid(
    'A key is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or ' +
      'a digit.',
  );
}

/** What belongs to no strategy stands under it in lists. */
const RESERVED = 'UNALLOCATED';

/** Keys that differ by case alone are told apart by no person, and by not every file system. */
export function takenKeyFault(text: string, known: readonly string[]): Fault | null {
  const lower = text.toLowerCase();
  if (lower === RESERVED.toLowerCase()) {
    return invalid(`${RESERVED} stands for what no strategy owns. Choose another key.`);
  }
  // The same key is the engine's to refuse.
  const near = known.find((key) => key !== text && key.toLowerCase() === lower);
  if (near === undefined || known.includes(text)) return null;
  return fault('DUPLICATE', `There is a strategy ${near} already. Choose a key that differs more.`);
}

const MOST_DIGITS = 15;

/** A setting in the size of real amounts: its digits before and after the point, together. */
export function amountFault(text: string, what: string): Fault | null {
  const digits = toText(money(text)).replace(/^-?0*/, '').replace('.', '');
  if (digits.length <= MOST_DIGITS) return null;
  return invalid(`${what} has at most ${MOST_DIGITS} digits, this has ${digits.length}.`);
}

function lineFault(text: string, what: string, longest: number): Fault | null {
  if (text.trim() === '') return invalid(`${what} must not be empty.`);
  if (text.length > longest) return invalid(`${what} has at most ${longest} characters.`);
  return UNSEEN.test(text) ? invalid(`${what} must not hold control characters.`) : null;
}

export const reasonFault = (text: string): Fault | null =>
  lineFault(text, 'A reason', LONGEST_REASON);
export const fileNameFault = (text: string): Fault | null =>
  lineFault(text, 'A file name', LONGEST_FILE_NAME);

/** A number of units, above zero and in whole lots. */
export function quantityFault(units: Quantity, instrument: Instrument): Fault | null {
  const { lotSize, key } = instrument;
  if (signOf(units) <= 0) return invalid(`Quantity ${toText(units)} is not above zero.`);
  if (isMultipleOf(units, lotSize)) return null;
  return invalid(
    `Quantity ${toText(units)} is not a multiple of ${toText(lotSize)}, the lot of ${key}.`,
  );
}

/** A price of the instrument, above zero and on its tick. */
export function priceFault(at: Price, what: string, instrument: Instrument): Fault | null {
  const { tickSize, key } = instrument;
  if (signOf(at) <= 0) return invalid(`${what} ${toText(at)} is not above zero.`);
  if (isMultipleOf(at, tickSize)) return null;
  const below = toText(roundToStep(at, tickSize, 'DOWN'));
  const above = toText(roundToStep(at, tickSize, 'UP'));
  return fault(
    'OFF_TICK',
    `${what} ${toText(at)} is not a multiple of ${toText(tickSize)}, the tick of ${key}. ` +
      `The prices beside it are ${below} and ${above}.`,
  );
}

/** A level to watch: compared exactly, so with as many digits as compare exactly. */
export function levelFault(level: Price): Fault | null {
  if (signOf(level) <= 0) return invalid(`Level ${toText(level)} is not above zero.`);
  const digits = significantDigits(toText(level));
  if (digits <= COMPARABLE_DIGITS) return null;
  return invalid(`A level has at most ${COMPARABLE_DIGITS} digits, this has ${digits}.`);
}

export const quantityOrNull = (text: string | null | undefined): Quantity | null =>
  text == null ? null : quantity(text);
export const priceOrNull = (text: string | null | undefined): Price | null =>
  text == null ? null : price(text);
