/**
 * The one place that runs json-rules-engine: a fresh Engine for every evaluation, because two
 * overlapping runs on one Engine skip rules silently. Hands back what came out of each condition.
 * Knows nothing of orders, files or messages; facts must have been checked before they come here.
 */
import { Almanac, Engine, Fact } from 'json-rules-engine';
import type { RuleProperties, RuleResult, TopLevelCondition } from 'json-rules-engine';
import type { PriceLeg } from '../../domain/conditional';
import type { FactValue } from '../../domain/verdict';
import { isAll, isGroup, partsOf, type Condition, type Group } from './rule-set';

/** Raised when the engine did not answer completely; the caller must refuse. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** A rule as the engine takes it, parsed once for a rule book. */
export interface RunnableRule {
  readonly key: string;
  readonly properties: RuleProperties;
  /** How many comparisons its tree has. */
  readonly leaves: number;
}
/** What a rule came to: the whole, and each comparison in the order of the text. */
export interface RuleOutcome {
  readonly passed: boolean;
  readonly leaves: readonly boolean[];
}
/** The price legs of a conditional order, which close over the tick they are asked about. */
export type LegOperators = Readonly<Record<PriceLeg, (price: unknown, level: unknown) => boolean>>;

export interface Evaluation {
  readonly rules: readonly RunnableRule[];
  /** Only facts of the catalogue, each finite and of its type. */
  readonly facts: ReadonlyMap<string, FactValue>;
  /** Needed where a rule has a price leg. */
  readonly legs?: LegOperators;
}

/** A rule of nothing but plain data: shared by all runs, so no run may change it. */
export function runnable(key: string, conditions: Group, leaves: number): RunnableRule {
  return runnableOnce(key, frozenCopy(conditions), leaves);
}

/** The same for a single run, over a tree whose shared parts nobody can change. */
export function runnableOnce(key: string, conditions: Group, leaves: number): RunnableRule {
  const tree = conditions as unknown as TopLevelCondition;
  return { key, leaves, properties: { name: key, conditions: tree, event: { type: key } } };
}

export function frozenCopy(conditions: Group): Group {
  return freezeDeeply(structuredClone(conditions));
}

function freezeDeeply<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freezeDeeply);
  return Object.freeze(value);
}

/** A condition's `path` could run code; the schema refuses it, and so does this. */
export function refusePath(): never {
  throw new EvaluationError('a path in a condition is refused: it can run code');
}

/**
 * Runs every rule against the facts.
 * @returns the outcome of each rule by key; all of them, or it throws
 * @throws EvaluationError when a rule is missing from the answer; whatever the engine throws
 */
export async function evaluate(question: Evaluation): Promise<ReadonlyMap<string, RuleOutcome>> {
  const outcomes = new Map<string, RuleOutcome>();
  if (question.rules.length === 0) return outcomes;
  const options = { allowUndefinedFacts: false, pathResolver: refusePath };
  const engine = new Engine([], options);
  for (const rule of question.rules) engine.addRule(rule.properties);
  for (const [name, holds] of Object.entries(question.legs ?? {})) engine.addOperator(name, holds);
  const almanac = new Almanac(options);
  // Not cached: the cache hashes every fact, which costs more than all comparisons together.
  for (const [name, value] of question.facts) {
    almanac.addFact(new Fact(name, value, { cache: false }));
  }
  const { results, failureResults } = await engine.run({}, { almanac });
  for (const result of results) record(outcomes, result, true);
  for (const result of failureResults) record(outcomes, result, false);
  for (const rule of question.rules) {
    if (outcomes.get(rule.key)?.leaves.length !== rule.leaves) {
      throw new EvaluationError(`the rule engine did not answer for ${rule.key}`);
    }
  }
  if (outcomes.size !== question.rules.length) {
    throw new EvaluationError('the rule engine answered for a rule it was not asked about');
  }
  return outcomes;
}

function record(outcomes: Map<string, RuleOutcome>, result: RuleResult, passed: boolean): void {
  if (outcomes.has(result.name)) {
    throw new EvaluationError(`the rule engine answered twice for ${result.name}`);
  }
  if (result.result !== passed) {
    throw new EvaluationError(`the rule engine contradicts itself about ${result.name}`);
  }
  const leaves: boolean[] = [];
  collect(result.conditions, leaves);
  outcomes.set(result.name, { passed, leaves });
}

interface ResultNode {
  readonly all?: readonly ResultNode[];
  readonly any?: readonly ResultNode[];
  readonly result?: unknown;
}
function collect(node: ResultNode, leaves: boolean[]): void {
  const parts = node.all ?? node.any;
  if (parts !== undefined) {
    for (const part of parts) collect(part, leaves);
    return;
  }
  // Anything but an answer, true or false, is a comparison that was skipped.
  if (typeof node.result !== 'boolean') throw new EvaluationError('a condition was not evaluated');
  leaves.push(node.result);
}

/**
 * Which comparison, counted in the order of the text, made the condition fail: the first failing
 * part of an `all`, the first of an `any` of which none held. Null when the condition holds.
 */
export function firstFailed(condition: Condition, leaves: readonly boolean[]): number | null {
  return walk(condition, leaves, 0).failed;
}

interface Walked {
  readonly failed: number | null;
  readonly next: number;
}
function walk(condition: Condition, leaves: readonly boolean[], at: number): Walked {
  if (!isGroup(condition)) return { failed: leaves[at] === true ? null : at, next: at + 1 };
  let next = at;
  let failed: number | null = null;
  let someHeld = false;
  for (const part of partsOf(condition)) {
    const walked = walk(part, leaves, next);
    failed ??= walked.failed;
    someHeld ||= walked.failed === null;
    next = walked.next;
  }
  return { failed: !isAll(condition) && someHeld ? null : failed, next };
}
