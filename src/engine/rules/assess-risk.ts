/**
 * Assesses one order against the risk rules: which apply, which facts are usable, what passed.
 * Fails closed: a rule that could not be evaluated has failed, and an order that opens is refused.
 * Knows nothing of files; decides nothing beyond the verdict.
 */
import { codeOfRule } from '../../domain/denial';
import type {
  Facts,
  FactValue,
  RuleCheck,
  RuleEffect,
  RuleScope,
  Verdict,
} from '../../domain/verdict';
import { checkOf, fillMessage, prepareLeaf, type PreparedLeaf } from './checks';
import { evaluate, firstFailed, runnable, type RuleOutcome, type RunnableRule } from './evaluate';
import { factNamed, faultOfValue, usableFact, type FactEntry } from './fact-catalogue';
import { leavesOf, type AppliesTo, type Group, type RiskRule } from './rule-set';

const UNAVAILABLE = 'RULES_UNAVAILABLE';

/** A rule with everything that can be worked out before the first order. */
export interface PreparedRule {
  readonly key: string;
  readonly effect: RuleEffect;
  readonly location: string;
  readonly message: string;
  readonly conditions: Group;
  readonly leaves: readonly PreparedLeaf[];
  readonly facts: readonly FactEntry[];
  readonly applies: (scope: RuleScope) => boolean;
  readonly runnable: RunnableRule;
  readonly notApplicable: RuleCheck;
}

/** @throws Error when a rule names a fact that the catalogue does not have */
export function prepareRisk(rule: RiskRule): PreparedRule {
  const { key, onFail: effect, location, message, conditions } = rule;
  const leaves = leavesOf(conditions).map(prepareLeaf);
  const head = { ruleKey: key, effect, location, conditions: [], message: null } as const;
  return {
    key,
    effect,
    location,
    message,
    conditions,
    leaves,
    facts: factsUsed(leaves),
    applies: scopeTest(rule.appliesTo),
    runnable: runnable(key, conditions, leaves.length),
    notApplicable: Object.freeze({ ...head, outcome: 'NOT_APPLICABLE' }),
  };
}

/** The facts of the comparisons, each once. @throws Error when the catalogue lacks one */
export function factsUsed(leaves: readonly { readonly fact: string }[]): readonly FactEntry[] {
  return [...new Set(leaves.map((leaf) => leaf.fact))].map((name) => {
    const fact = factNamed(name);
    if (fact === undefined) throw new Error(`no fact is named ${name}`);
    return fact;
  });
}

function scopeTest(appliesTo: AppliesTo): PreparedRule['applies'] {
  const effects: ReadonlySet<string> = new Set(appliesTo.effect);
  const strategies = new Set(appliesTo.strategies);
  const accounts = new Set(appliesTo.accounts);
  const covers = (keys: ReadonlySet<string>, key: string) => keys.has('*') || keys.has(key);
  return (scope) =>
    effects.has(scope.effect) &&
    covers(strategies, scope.strategy) &&
    covers(accounts, scope.account);
}

/** What is asked: the facts of an order and whom it concerns. */
export interface RiskQuestion {
  readonly facts: Facts;
  readonly scope: RuleScope;
  readonly ruleSetHash: string;
}

interface Given {
  readonly facts: Facts;
  readonly usable: ReadonlyMap<string, FactValue>;
  /** Keys of rules whose facts are not usable, with the reason in words. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** The verdict over prepared rules, which are sorted by key. Never throws. */
export async function assessRisk(
  rules: readonly PreparedRule[],
  question: RiskQuestion,
): Promise<Verdict> {
  const { scope, ruleSetHash } = question;
  const effect: unknown = (scope as RuleScope | undefined | null)?.effect;
  // Without knowing what the order does, no rule would apply, and that must not approve it.
  if (effect !== 'OPEN' && effect !== 'REDUCE') {
    return { approved: false, codes: [UNAVAILABLE], ruleSetHash, checks: [] };
  }
  try {
    return await assess(rules, question);
  } catch (error) {
    const why = `the rules could not be evaluated: ${messageOf(error)}`;
    const checks = rules.map((rule) =>
      rule.applies(scope) ? failedCheck(rule, why, []) : rule.notApplicable,
    );
    // Getting out is never refused by a rule, nor by the lack of one.
    const codes = effect === 'REDUCE' ? [] : [UNAVAILABLE];
    return { approved: codes.length === 0, codes, ruleSetHash, checks };
  }
}

async function assess(rules: readonly PreparedRule[], question: RiskQuestion): Promise<Verdict> {
  const { scope, ruleSetHash } = question;
  const applicable = rules.filter((rule) => rule.applies(scope));
  const usable = new Map<string, FactValue>();
  const unusable = new Map<string, string>();
  for (const rule of applicable) gather(rule, question.facts, { usable, unusable });
  const asked = applicable.filter((rule) => !unusable.has(rule.key));
  const outcomes = await evaluate({ rules: asked.map((rule) => rule.runnable), facts: usable });

  const codes = new Set<string>();
  const checks = rules.map((rule) => {
    if (!rule.applies(scope)) return rule.notApplicable;
    const given = { facts: question.facts, usable, unusable };
    const check = checkRule(rule, outcomes.get(rule.key), given);
    if (check.outcome !== 'PASSED') {
      // A broken rule that sets a trading state refuses the order too: it must not leave after it.
      const refuses = rule.effect !== 'WARN' && scope.effect === 'OPEN' && !unusable.has(rule.key);
      if (rule.effect === 'DENY' || refuses) codes.add(codeOfRule(rule.key));
      else if (unusable.has(rule.key) && scope.effect === 'OPEN') codes.add(UNAVAILABLE);
    }
    return check;
  });
  return { approved: codes.size === 0, codes: [...codes].sort(), ruleSetHash, checks };
}

/** Reads the facts of a rule; the first that is not usable takes the rule out of the run. */
function gather(
  rule: PreparedRule,
  facts: Facts,
  into: { usable: Map<string, FactValue>; unusable: Map<string, string> },
): void {
  for (const fact of rule.facts) {
    const known = into.usable.get(fact.name) ?? usableFact(facts, fact);
    if (known === undefined) {
      const given: unknown = Object.hasOwn(facts, fact.name) ? facts[fact.name] : undefined;
      const fault = faultOfValue(fact, given) ?? 'is missing';
      into.unusable.set(rule.key, `cannot be checked: ${fact.name} ${fault}`);
      return;
    }
    into.usable.set(fact.name, known);
  }
}

function checkRule(rule: PreparedRule, outcome: RuleOutcome | undefined, given: Given): RuleCheck {
  const valueOf = (name: string): FactValue | undefined => {
    const known = given.usable.get(name);
    if (known !== undefined) return known;
    const fact = factNamed(name);
    return fact === undefined ? undefined : usableFact(given.facts, fact);
  };
  const conditions = rule.leaves.map((leaf, i) =>
    checkOf(leaf, valueOf(leaf.fact), outcome?.leaves[i] === true),
  );
  if (outcome === undefined) {
    const why = given.unusable.get(rule.key) ?? 'cannot be checked';
    return failedCheck(rule, why, conditions);
  }
  if (!outcome.passed) {
    const at = firstFailed(rule.conditions, outcome.leaves);
    const failed = at === null ? undefined : conditions[at];
    return failedCheck(rule, fillMessage(rule.message, failed, valueOf), conditions);
  }
  const { key: ruleKey, effect, location } = rule;
  return { ruleKey, outcome: 'PASSED', effect, message: null, location, conditions };
}

function failedCheck(
  rule: PreparedRule,
  message: string,
  conditions: RuleCheck['conditions'],
): RuleCheck {
  const { key: ruleKey, effect, location } = rule;
  return { ruleKey, outcome: 'FAILED', effect, message, location, conditions };
}

/** What an error says; something thrown that is no error has nothing to say. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
