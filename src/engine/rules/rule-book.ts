/**
 * The rule book the engine asks: a loaded rule set behind the RuleBook port of the domain.
 * Never changes; another set is another book.
 * Knows nothing of files and keeps nothing between two questions.
 */
import type { ConditionalKind, ConditionalVerdict } from '../../domain/conditional';
import type { ConditionalQuestion, RuleBook } from '../../domain/ports';
import type { Facts, RuleScope, Verdict } from '../../domain/verdict';
import { assessOrder, prepareOrder, refused } from './assess-conditional';
import { assessRisk, prepareRisk } from './assess-risk';
import { factNamed, type FactSource } from './fact-catalogue';
import { byKey, createRuleSet, hashOf, leavesOf } from './rule-set';
import type { OrderRule, RiskRule, RuleSet } from './rule-set';

/** A rule that is not in force because a run cannot know the facts it needs. */
export interface SwitchedOffRule {
  readonly key: string;
  /** The facts that cannot be known, sorted. */
  readonly facts: readonly string[];
}

/** A rule book that says what it leaves out. */
export interface LoadedRuleBook extends RuleBook {
  readonly switchedOff: readonly SwitchedOffRule[];
}

export interface RuleBookOptions {
  /** Sources this run does not have: rules that need them are switched off, and named. */
  readonly unavailableSources: readonly FactSource[];
}

/**
 * The book of a rule set. Its hash covers the rules in force: enabled and not switched off.
 * @throws Error when the set was not made by the loader and names an unknown fact
 */
export function createRuleBook(
  ruleSet: RuleSet,
  { unavailableSources }: RuleBookOptions = { unavailableSources: [] },
): LoadedRuleBook {
  const enabled = ruleSet.risk.filter((rule) => rule.enabled);
  const switchedOff: SwitchedOffRule[] = [];
  const inForce: RiskRule[] = [];
  for (const rule of byKey(enabled)) {
    const facts = unknowable(rule, unavailableSources);
    if (facts.length === 0) inForce.push(rule);
    else switchedOff.push({ key: rule.key, facts });
  }
  return bookOf({ risk: inForce, orders: ruleSet.orders, switchedOff, empty: false });
}

/** A book without risk rules, for replay and backtest only; conditional orders work as ever. */
export function emptyRuleBook(orderRules: readonly OrderRule[]): LoadedRuleBook {
  const { orders } = createRuleSet([], orderRules);
  return bookOf({ risk: [], orders, switchedOff: [], empty: true });
}

function unknowable(rule: RiskRule, sources: readonly FactSource[]): readonly string[] {
  const names = new Set(leavesOf(rule.conditions).map((leaf) => leaf.fact));
  const missing = [...names].filter((name) => {
    const source = factNamed(name)?.source;
    return source !== undefined && sources.includes(source);
  });
  return missing.sort();
}

interface BookParts {
  readonly risk: readonly RiskRule[];
  readonly orders: readonly OrderRule[];
  readonly switchedOff: readonly SwitchedOffRule[];
  readonly empty: boolean;
}

function bookOf({ risk, orders, switchedOff, empty }: BookParts): LoadedRuleBook {
  const ruleSetHash = hashOf(risk);
  const rules = risk.map(prepareRisk);
  const prepared = new Map(orders.map((rule) => [rule.key, prepareOrder(rule)]));
  const kinds: ReadonlyMap<string, ConditionalKind> = new Map(
    orders.map((rule) => [rule.key, rule.kind]),
  );
  return Object.freeze({
    hash: ruleSetHash,
    empty,
    kinds,
    switchedOff,
    assessRisk(facts: Facts, scope: RuleScope): Promise<Verdict> {
      return assessRisk(rules, { facts, scope, ruleSetHash });
    },
    async assessConditional(
      kind: string,
      question: ConditionalQuestion,
    ): Promise<ConditionalVerdict> {
      const rule = prepared.get(kind);
      if (rule === undefined) return refused(`no conditional order is named ${kind}`);
      return assessOrder(rule, question);
    },
  });
}
