/**
 * Exact decimals: the only file that knows decimal.js.
 * Prices, quantities and money are three types that do not mix: adding a price to a quantity does
 * not compile, a price times a quantity is money. Plain numbers stay on the tick path, in rule
 * facts and in statistics; `toNumber` is the one-way door to them.
 */
import { Decimal as DecimalJs } from 'decimal.js';

/**
 * 60 significant digits: sums and products of prices and quantities are exact; quotients are
 * rounded by name.
 */
const Exact = DecimalJs.clone({
  precision: 60,
  toExpNeg: -100,
  toExpPos: 100,
  defaults: true,
});

const ZERO = new Exact(0);

declare const unit: unique symbol;
interface Exactly<Unit extends string> {
  readonly [unit]: Unit;
  /** Canonical text, so that JSON carries strings and never floats. */
  toJSON(): string;
}
/** In the currency of the instrument, per unit. */
export type Price = Exactly<'price'>;
/** Units of the instrument; signed where it is a position. */
export type Quantity = Exactly<'quantity'>;
/** An amount in one currency, which stands beside it. */
export type Money = Exactly<'money'>;
type Amount = Price | Quantity | Money;

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** Doubles keep the order and the equality of decimals up to this many significant digits. */
export const COMPARABLE_DIGITS = 15;

/** Raised when text is not a plain decimal: no exponent, no separators, no NaN, no infinity. */
export class DecimalFormatError extends Error {
  override readonly name = 'DecimalFormatError';
  constructor(readonly text: string) {
    super(`"${text}" is not a plain decimal number such as 69.48`);
  }
}

/** Whether the text is a plain decimal number. */
export function isPlainDecimal(text: string): boolean {
  return text.length <= 64 && PLAIN.test(text);
}

/** Digits that carry meaning: 0.0120 has two, 1200 has two, 69.484375 has eight. */
export function significantDigits(text: string): number {
  const digits = text.replace(/^[+-]?0*/, '').replace('.', '');
  return digits.replace(/^0+/, '').replace(/0+$/, '').length;
}

/** Files and journals write the same few thousand numbers over and over: they are one object. */
const KNOWN = new Map<string, DecimalJs>();
const MOST_KNOWN = 8_192;

function parse(text: string): DecimalJs {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  if (!isPlainDecimal(text)) throw new DecimalFormatError(text);
  const value = compact(new Exact(text));
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  KNOWN.set(text, value);
  return value;
}

/** The library leaves room for sixteen more digit groups, which is half of what a number takes. */
function compact(value: DecimalJs): DecimalJs {
  (value as { d: number[] }).d = value.d.slice();
  return value;
}
/** Zero has no sign here: a negative zero would be another text for the same amount. */
const wrap = <T extends Amount>(value: DecimalJs): T =>
  (value.isZero() ? ZERO : value) as unknown as T;
const raw = (value: Amount): DecimalJs => value as unknown as DecimalJs;

/** @throws DecimalFormatError */
export const price = (text: string): Price => wrap(parse(text));
/** @throws DecimalFormatError */
export const quantity = (text: string): Quantity => wrap(parse(text));
/** @throws DecimalFormatError */
export const money = (text: string): Money => wrap(parse(text));

export const NO_QUANTITY: Quantity = quantity('0');
export const NO_MONEY: Money = money('0');

/** Canonical text: no exponent, no trailing zeros, no negative zero. */
export function toText(value: Amount): string {
  return raw(value).toFixed();
}
/** One way only: for rule facts, statistics and comparisons with market prices. */
export function toNumber(value: Amount): number {
  return raw(value).toNumber();
}
export function plus<T extends Amount>(a: T, b: T): T {
  return wrap(raw(a).plus(raw(b)));
}
export function minus<T extends Amount>(a: T, b: T): T {
  return wrap(raw(a).minus(raw(b)));
}
export function negate<T extends Amount>(a: T): T {
  return wrap(raw(a).negated());
}
export function abs<T extends Amount>(a: T): T {
  return wrap(raw(a).abs());
}
/** Exactly in the middle of two prices. */
export function halfway(a: Price, b: Price): Price {
  return wrap(raw(a).plus(raw(b)).dividedBy(2));
}
/** Price x quantity. */
export function times(p: Price, q: Quantity): Money {
  return wrap(raw(p).times(raw(q)));
}
/** -1, 0 or 1. */
export function compare<T extends Amount>(a: T, b: T): number {
  return raw(a).comparedTo(raw(b));
}
export function equals<T extends Amount>(a: T, b: T): boolean {
  return raw(a).equals(raw(b));
}
export function isZero(a: Amount): boolean {
  return raw(a).isZero();
}
/** -1, 0 or 1; zero has no sign. */
export function signOf(a: Amount): -1 | 0 | 1 {
  if (raw(a).isZero()) return 0;
  return raw(a).isNegative() ? -1 : 1;
}
export function smaller<T extends Amount>(a: T, b: T): T {
  return raw(a).lessThanOrEqualTo(raw(b)) ? a : b;
}
export function larger<T extends Amount>(a: T, b: T): T {
  return raw(a).greaterThanOrEqualTo(raw(b)) ? a : b;
}

/** Decimal places that costs are carried to when an average has no exact decimal. */
const COST_PLACES = 12;
/** Part of an amount: amount x part / whole, rounded half even to twelve places. */
export function shareOf(amount: Money, part: Quantity, whole: Quantity): Money {
  const share = raw(amount).times(raw(part)).dividedBy(raw(whole));
  return wrap(share.toDecimalPlaces(COST_PLACES, Exact.ROUND_HALF_EVEN));
}
/** Money per unit, for people and reports: rounded half even to twelve places. */
export function perUnit(amount: Money, units: Quantity): Price {
  const each = raw(amount).dividedBy(raw(units));
  return wrap(each.toDecimalPlaces(COST_PLACES, Exact.ROUND_HALF_EVEN));
}
/** Part of an amount in percent, exact where the decimals allow it. */
export function percentOf<T extends Amount>(amount: T, percent: string): T {
  return wrap(raw(amount).times(parse(percent)).dividedBy(100));
}
/** How far `to` lies from `from`, in percent of `from`: exact where the quotient is. */
export function percentBetween(from: Price, to: Price): number {
  return raw(to).minus(raw(from)).times(100).dividedBy(raw(from)).toNumber();
}
/** The nearest multiple of the step at or below (`DOWN`) or at or above (`UP`) the value. */
export function roundToStep<T extends Amount>(value: T, step: T, direction: 'DOWN' | 'UP'): T {
  const mode = direction === 'DOWN' ? Exact.ROUND_FLOOR : Exact.ROUND_CEIL;
  const rounded = raw(value).toNearest(raw(step), mode);
  return rounded.equals(raw(value)) ? value : wrap(compact(rounded));
}
/** Whether the value is a whole multiple of the step. */
export function isMultipleOf<T extends Amount>(value: T, step: T): boolean {
  return raw(value).modulo(raw(step)).isZero();
}
/** A whole number of steps added to a value: slippage in ticks. */
export function addSteps<T extends Amount>(value: T, step: T, steps: number): T {
  return wrap(raw(value).plus(raw(step).times(steps)));
}
/** As much of a quantity as the part is of its whole, cut down to whole lots. */
export function portionOf<T extends Amount>(
  q: Quantity,
  of: { readonly part: T; readonly whole: T },
  lot: Quantity,
): Quantity {
  const portion = raw(q).times(raw(of.part)).dividedBy(raw(of.whole));
  return roundToStep(wrap<Quantity>(portion), lot, 'DOWN');
}
/** A fraction between 0 and 1 of a quantity, cut down to whole lots. */
export function fractionOf(q: Quantity, fraction: number, lot: Quantity): Quantity {
  return roundToStep(wrap<Quantity>(raw(q).times(fraction)), lot, 'DOWN');
}
