/**
 * Asks the whole rule of a conditional order at the moment its price leg fired, in the rule engine.
 * Anything missing or wrong means that it does not fire, with the reason in words.
 * Knows nothing of how orders are armed or sent.
 */
import type { ConditionalVerdict, PriceLeg } from '../../domain/conditional';
import type { ConditionalQuestion } from '../../domain/ports';
import type { ConditionCheck, FactValue } from '../../domain/verdict';
import { factsUsed, messageOf } from './assess-risk';
import { checkOf, prepareLeaf, sentenceOf, type PreparedLeaf } from './checks';
import { evaluate, firstFailed, frozenCopy, runnableOnce, type LegOperators } from './evaluate';
import { faultOfValue, type FactEntry } from './fact-catalogue';
import { difference, isLeg, legHolds, legLooksUp, numberText } from './operators';
import {
  isAll,
  isGroup,
  isLevel,
  leavesOf,
  partsOf,
  type Condition,
  type Group,
  type OrderRule,
} from './rule-set';

/** A conditional order with everything that can be worked out before the first price. */
export interface PreparedOrder {
  readonly key: string;
  readonly conditions: Group;
  readonly leaves: readonly PreparedLeaf[];
  readonly facts: readonly FactEntry[];
}

/** @throws Error when a rule names a fact that the catalogue does not have */
export function prepareOrder(rule: OrderRule): PreparedOrder {
  const leaves = leavesOf(rule.conditions).map(prepareLeaf);
  return {
    key: rule.key,
    conditions: frozenCopy(rule.conditions),
    leaves,
    facts: factsUsed(leaves),
  };
}

/** Whether the order fires. Never throws. */
export async function assessOrder(
  rule: PreparedOrder,
  question: ConditionalQuestion,
): Promise<ConditionalVerdict> {
  try {
    return await assess(rule, question);
  } catch (error) {
    return refused(`the rule could not be evaluated: ${messageOf(error)}`);
  }
}

/** An order that does not fire, for a reason outside its rule. */
export function refused(reason: string): ConditionalVerdict {
  return { fires: false, conditions: [], reason };
}

async function assess(
  rule: PreparedOrder,
  question: ConditionalQuestion,
): Promise<ConditionalVerdict> {
  if (!Number.isFinite(question.level)) return refused('the level is not a finite number');
  if (question.previous !== null && !Number.isFinite(question.previous)) {
    return refused('the price before is not a finite number');
  }
  const facts = new Map<string, FactValue>();
  for (const fact of rule.facts) {
    const value = givenValue(fact, question);
    const fault = faultOfValue(fact, value);
    if (fault !== null) return refused(`${fact.name} ${fault}`);
    facts.set(fact.name, value as FactValue);
  }
  const conditions = withLevel(rule.conditions, question.level) as Group;
  const rules = [runnableOnce(rule.key, conditions, rule.leaves.length)];
  const outcome = (await evaluate({ rules, facts, legs: legsFor(question) })).get(rule.key);
  if (outcome === undefined) return refused('the rule engine did not answer');
  const checks = rule.leaves.map((leaf, i) =>
    conditionCheck(leaf, facts.get(leaf.fact), {
      passed: outcome.leaves[i] === true,
      question,
    }),
  );
  if (outcome.passed) return { fires: true, conditions: checks, reason: null };
  const at = firstFailed(conditions, outcome.leaves);
  const failed = at === null ? undefined : checks[at];
  const reason = failed === undefined ? 'a condition does not hold' : sentenceOf(failed);
  return { fires: false, conditions: checks, reason };
}

function givenValue(fact: FactEntry, question: ConditionalQuestion): unknown {
  if (fact.name === 'price') return question.price;
  if (fact.name === 'side') return question.side;
  return Object.hasOwn(question.facts, fact.name) ? question.facts[fact.name] : undefined;
}

/** The condition with the armed instance's level in place of the parameter. */
function withLevel(condition: Condition, level: number): Condition {
  if (!isGroup(condition)) {
    return isLevel(condition.value) ? { ...condition, value: level } : condition;
  }
  const parts = partsOf(condition).map((part) => withLevel(part, level));
  return isAll(condition) ? { all: parts } : { any: parts };
}

function legsFor({ side, previous }: ConditionalQuestion): LegOperators {
  const holds = (leg: PriceLeg) => (price: unknown, level: unknown) =>
    typeof price === 'number' &&
    typeof level === 'number' &&
    legHolds(leg, { side, price, previous, level });
  return {
    crossesAbove: holds('crossesAbove'),
    crossesBelow: holds('crossesBelow'),
    atOrAbove: holds('atOrAbove'),
    atOrBelow: holds('atOrBelow'),
    touches: holds('touches'),
    stopsAt: holds('stopsAt'),
    trailsAt: holds('trailsAt'),
  };
}

function conditionCheck(
  leaf: PreparedLeaf,
  value: FactValue | undefined,
  { passed, question }: { passed: boolean; question: ConditionalQuestion },
): ConditionCheck {
  if (!isLeg(leaf.operator)) return checkOf(leaf, value, passed);
  const { side, price, level } = question;
  const up = legLooksUp(leaf.operator, side);
  const distance = up ? difference(price, level) : difference(level, price);
  const check = checkOf(leaf, value, passed);
  return { ...check, limit: numberText(level), distance };
}
