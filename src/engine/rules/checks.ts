/**
 * Turns what came out of an evaluation into the checks of a verdict: value, limit and distance of
 * every condition, and the sentence a person reads.
 * Knows nothing of the rule engine and decides nothing.
 */
import type { ConditionCheck, FactValue } from '../../domain/verdict';
import { distanceOf, numberText, wordsOf } from './operators';
import { isLevel, type ConditionValue, type Leaf } from './rule-set';

/** A comparison with everything about it that does not change from one evaluation to the next. */
export interface PreparedLeaf {
  readonly fact: string;
  readonly operator: string;
  readonly value: ConditionValue;
  /** As it stands in the record: a list is `BUY, SELL`. */
  readonly limitText: string;
}

export function prepareLeaf(leaf: Leaf): PreparedLeaf {
  const { fact, operator, value } = leaf;
  return { fact, operator, value, limitText: textOf(value) };
}

/** A value as it stands in the record and in messages. */
export function textOf(value: ConditionValue): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'object') return isLevel(value) ? 'level' : value.map(textOf).join(', ');
  return String(value);
}

/** What one comparison came to. An undefined value is a fact that could not be used. */
export function checkOf(
  leaf: PreparedLeaf,
  value: FactValue | undefined,
  passed: boolean,
): ConditionCheck {
  return {
    fact: leaf.fact,
    operator: leaf.operator,
    limit: leaf.limitText,
    value: value === undefined ? null : textOf(value),
    passed,
    distance: distanceOf(leaf.operator, value, leaf.value),
  };
}

/** "allocationQuantity is 5 and must equal 0". */
export function sentenceOf(check: ConditionCheck): string {
  const value = check.value ?? 'missing';
  return `${check.fact} is ${value} and must ${wordsOf(check.operator)} ${check.limit}`;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Placeholders that stand for the first condition that failed. */
export const OWN_PLACEHOLDERS = ['limit', 'fact', 'value'] as const;

/** The names between braces in a message, in order. */
export function placeholdersOf(message: string): readonly string[] {
  return [...message.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** The message with its placeholders filled in; a fact that is not known reads "unknown". */
export function fillMessage(
  message: string,
  failed: ConditionCheck | undefined,
  valueOf: (fact: string) => FactValue | undefined,
): string {
  return message.replace(PLACEHOLDER, (_whole, name: string) => {
    if (name === 'limit') return failed?.limit ?? 'unknown';
    if (name === 'fact') return failed?.fact ?? 'unknown';
    if (name === 'value') return failed?.value ?? 'unknown';
    const value = valueOf(name);
    return value === undefined ? 'unknown' : textOf(value);
  });
}
