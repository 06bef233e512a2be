/**
 * The operators a rule may use: the eight comparisons of every rule and the seven price legs of a
 * conditional order, with what each says in words and how far a value is from its limit.
 * Knows nothing of files or of the rule engine.
 */
import type { PriceLeg } from '../../domain/conditional';
import { isPlainDecimal, minus, money, toText } from '../../domain/decimal';
import type { Side, TriggerKind } from '../../domain/order';

export type Comparison =
  | 'equal'
  | 'notEqual'
  | 'lessThan'
  | 'lessThanInclusive'
  | 'greaterThan'
  | 'greaterThanInclusive'
  | 'in'
  | 'notIn';
export type Operator = Comparison | PriceLeg;

interface OperatorEntry<Name extends Operator> {
  readonly name: Name;
  /** Follows a fact's name and precedes a limit in a sentence. */
  readonly words: string;
  readonly meaning: string;
}

export const COMPARISONS: readonly OperatorEntry<Comparison>[] = [
  { name: 'equal', words: 'equal', meaning: 'The fact is the value.' },
  { name: 'notEqual', words: 'not equal', meaning: 'The fact is not the value.' },
  { name: 'lessThan', words: 'be below', meaning: 'The fact is below the value.' },
  { name: 'lessThanInclusive', words: 'be at most', meaning: 'The fact is at or below the value.' },
  { name: 'greaterThan', words: 'be above', meaning: 'The fact is above the value.' },
  {
    name: 'greaterThanInclusive',
    words: 'be at least',
    meaning: 'The fact is at or above the value.',
  },
  { name: 'in', words: 'be one of', meaning: 'The fact is one of the values of the list.' },
  { name: 'notIn', words: 'be none of', meaning: 'The fact is none of the values of the list.' },
];

export const LEGS: readonly (OperatorEntry<PriceLeg> & { readonly trigger: TriggerKind })[] = [
  {
    name: 'crossesAbove',
    words: 'cross above',
    meaning: 'The price is above the level and the price before it was at or below.',
    trigger: 'CROSS_OVER',
  },
  {
    name: 'crossesBelow',
    words: 'cross below',
    meaning: 'The price is below the level and the price before it was at or above.',
    trigger: 'CROSS_UNDER',
  },
  {
    name: 'atOrAbove',
    words: 'be at or above',
    meaning: 'The price is at or above the level.',
    trigger: 'TOUCH',
  },
  {
    name: 'atOrBelow',
    words: 'be at or below',
    meaning: 'The price is at or below the level.',
    trigger: 'TOUCH',
  },
  {
    name: 'touches',
    words: 'touch',
    meaning: "The price is at or through the level on the order's good side: a BUY at or below it.",
    trigger: 'TOUCH',
  },
  {
    name: 'stopsAt',
    words: 'stop at',
    meaning: "The price is at or through the level on the order's bad side: a BUY at or above it.",
    trigger: 'STOP',
  },
  {
    name: 'trailsAt',
    words: 'trail at',
    meaning:
      "The price is at or through the level on the order's bad side, and the level follows the " +
      'best price at a distance.',
    trigger: 'TRAIL',
  },
];

const LEG_BY_NAME = new Map(LEGS.map((leg) => [leg.name as string, leg]));
const WORDS = new Map(
  [...COMPARISONS, ...LEGS].map((entry) => [entry.name as string, entry.words]),
);
const NUMBER_ONLY: ReadonlySet<string> = new Set([
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
]);

export function isLeg(operator: string): operator is PriceLeg {
  return LEG_BY_NAME.has(operator);
}
/** Whether the operator only makes sense between two numbers. */
export function needsNumbers(operator: string): boolean {
  return NUMBER_ONLY.has(operator);
}
export function needsList(operator: string): boolean {
  return operator === 'in' || operator === 'notIn';
}
/** What kind of trigger a price leg makes. */
export function triggerOf(leg: PriceLeg): TriggerKind {
  return LEG_BY_NAME.get(leg)?.trigger ?? 'TOUCH';
}
/** The operator as it reads after "must". */
export function wordsOf(operator: string): string {
  return WORDS.get(operator) ?? operator;
}

/** A price against a level, in the currency of the instrument. */
export interface LegQuestion {
  readonly side: Side;
  readonly price: number;
  /** The price before it; null where there was none, and then nothing crosses. */
  readonly previous: number | null;
  readonly level: number;
}

/** Whether a price leg fires. Exactly at the level nothing crosses; it does touch and stop. */
export function legHolds(leg: PriceLeg, { side, price, previous, level }: LegQuestion): boolean {
  switch (leg) {
    case 'crossesAbove':
      return previous !== null && previous <= level && price > level;
    case 'crossesBelow':
      return previous !== null && previous >= level && price < level;
    case 'atOrAbove':
      return price >= level;
    case 'atOrBelow':
      return price <= level;
    case 'touches':
      return side === 'BUY' ? price <= level : price >= level;
    case 'stopsAt':
    case 'trailsAt':
      return side === 'BUY' ? price >= level : price <= level;
  }
}

/** Whether the leg waits for higher prices. */
export function legLooksUp(leg: PriceLeg, side: Side): boolean {
  if (leg === 'crossesAbove' || leg === 'atOrAbove') return true;
  if (leg === 'crossesBelow' || leg === 'atOrBelow') return false;
  return (leg === 'touches') === (side === 'SELL');
}

/** A number as plain decimal text: no exponent, no negative zero. */
export function numberText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', part = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + part;
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const WHOLE_LIMIT = 2 ** 50;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** a - b as decimal text, exact for the decimals the two numbers print as. */
export function difference(a: number, b: number): string {
  // Quick for what orders are made of: few decimals, moderate size. Scaled, the numbers are whole.
  for (const power of POWERS) {
    const [left, right] = [Math.round(a * power), Math.round(b * power)];
    if (Math.abs(left) > WHOLE_LIMIT || Math.abs(right) > WHOLE_LIMIT) break;
    if (left / power === a && right / power === b) return numberText((left - right) / power);
  }
  const [left, right] = [numberText(a), numberText(b)];
  if (!isPlainDecimal(left) || !isPlainDecimal(right)) return numberText(a - b);
  return toText(minus(money(left), money(right)));
}

/**
 * Room left before a comparison fails, as decimal text: zero or more when it holds, negative by how
 * much it fails. A strict comparison fails at zero too. Null where that has no number.
 */
export function distanceOf(operator: string, value: unknown, limit: unknown): string | null {
  if (typeof value !== 'number' || typeof limit !== 'number') return null;
  switch (operator) {
    case 'lessThan':
    case 'lessThanInclusive':
      return difference(limit, value);
    case 'greaterThan':
    case 'greaterThanInclusive':
      return difference(value, limit);
    default:
      return null;
  }
}
