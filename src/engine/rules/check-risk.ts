/**
 * Checks a risk rule beyond its schema: message, examples, and that it loosens no hard limit.
 * The examples run through the evaluation that will decide about orders.
 * Knows nothing of other rules.
 */
import { toNumber } from '../../domain/decimal';
import { codeOfRule, DENIALS } from '../../domain/denial';
import type { HardLimits } from '../../domain/limits';
import { assessRisk, prepareRisk } from './assess-risk';
import { checkConditions, placedLeaves } from './check-conditions';
import { OWN_PLACEHOLDERS, placeholdersOf } from './checks';
import { factsOf } from './fact-catalogue';
import { numberText } from './operators';
import { canonicalJson, leavesOf, type RiskRule } from './rule-set';
import { suggest, type SourceFile } from './source-file';

/** A risk rule as its file says it, after the schema. */
type RiskContent = Omit<RiskRule, 'enabled' | 'location' | 'canonical'> & { enabled?: boolean };

/** The rule of a file that fits its schema; what is wrong with it is reported to the file. */
export async function readRiskRule(
  file: SourceFile,
  content: unknown,
  limits: HardLimits,
): Promise<RiskRule> {
  const given = content as RiskContent;
  const rule: RiskRule = {
    ...given,
    enabled: given.enabled ?? true,
    location: `risk/${file.source.name}:${file.lineOf('conditions')}`,
    canonical: canonicalJson(content),
  };
  checkConditions(file, rule);
  checkCode(file, rule);
  checkMessage(file, rule);
  checkHardLimits(file, rule, limits);
  checkExamples(file, rule);
  if (file.faults.length === 0) await runExamples(file, rule);
  return rule;
}

function checkCode(file: SourceFile, rule: RiskRule): void {
  const code = codeOfRule(rule.key);
  if (!DENIALS.some((denial) => denial.code === code)) return;
  const message = `"${rule.key}" would deny as ${code}, which is the code of a hard refusal`;
  file.complain('/key', { code: 'RULE_KEY_RESERVED', message });
}

function checkMessage(file: SourceFile, rule: RiskRule): void {
  const known = [...OWN_PLACEHOLDERS, ...factsOf('risk').map((fact) => fact.name)];
  for (const name of placeholdersOf(rule.message)) {
    if (known.includes(name)) continue;
    const message = `{${name}} is not a placeholder: {limit}, {fact}, {value} or a fact in braces`;
    const suggestion = suggest(name, known);
    file.complain('/message', { code: 'RULE_PLACEHOLDER_UNKNOWN', message, suggestion });
  }
}

interface HardBound {
  readonly limit: string;
  /** Highest value an upper limit may have. */
  readonly above: number;
  /** Lowest value a lower limit may have; undefined where there is none. */
  readonly below?: number;
}

/** Facts that a hard limit looks at too: a looser rule would promise what will never happen. */
function hardBounds(limits: HardLimits): Readonly<Record<string, HardBound>> {
  const collar = limits.priceCollarPercent;
  return {
    orderQuantity: { limit: 'H5', above: toNumber(limits.maxQuantity) },
    orderNotional: { limit: 'H6', above: toNumber(limits.maxOrderNotional) },
    worstCasePositionNotional: { limit: 'H7', above: toNumber(limits.maxPositionNotional) },
    grossExposure: { limit: 'H8', above: toNumber(limits.maxGrossExposure) },
    ordersLastSecond: { limit: 'H9', above: limits.maxSendsPerSecond },
    ordersLastMinute: { limit: 'H9', above: limits.maxOrdersPerMinute },
    priceAgeMs: { limit: 'H11', above: limits.maxPriceAge },
    limitDistancePct: { limit: 'H12', above: collar, below: -collar },
  };
}

function checkHardLimits(file: SourceFile, rule: RiskRule, limits: HardLimits): void {
  const bounds = hardBounds(limits);
  for (const { leaf, pointer } of placedLeaves(rule.conditions)) {
    const bound = Object.hasOwn(bounds, leaf.fact) ? bounds[leaf.fact] : undefined;
    if (bound === undefined || typeof leaf.value !== 'number') continue;
    const { limit, above, below = -Infinity } = bound;
    const tooHigh = leaf.operator.startsWith('lessThan') && leaf.value > above;
    const tooLow = leaf.operator.startsWith('greaterThan') && leaf.value < below;
    if (!tooHigh && !tooLow) continue;
    const hard = numberText(tooHigh ? above : below);
    const message =
      `${leaf.fact} ${numberText(leaf.value)} is looser than the hard limit ${limit} of ${hard}: ` +
      'a rule can only be stricter';
    const suggestion = `use ${hard} or a stricter value`;
    file.complain(`${pointer}/value`, { code: 'RULE_LOOSER_THAN_HARD', message, suggestion });
  }
}

function checkExamples(file: SourceFile, rule: RiskRule): void {
  for (const [passes, way] of [
    [true, 'passes'],
    [false, 'does not pass'],
  ] as const) {
    if (rule.examples.some((example) => example.passes === passes)) continue;
    const message = `has no example that ${way}`;
    file.complain('/examples', { code: 'RULE_EXAMPLE_MISSING', message });
  }
  const needed = [...new Set(leavesOf(rule.conditions).map((leaf) => leaf.fact))];
  for (const [i, example] of rule.examples.entries()) {
    const missing = needed.filter((fact) => !Object.hasOwn(example.facts, fact));
    if (missing.length === 0) continue;
    // A missing fact fails every rule, so such an example would show nothing.
    const message = `the example "${example.name}" lacks ${missing.join(', ')}`;
    file.complain(`/examples/${i}/facts`, { code: 'RULE_EXAMPLE_FACTS', message });
  }
}

async function runExamples(file: SourceFile, rule: RiskRule): Promise<void> {
  const prepared = prepareRisk(rule);
  const { effect, strategies, accounts } = rule.appliesTo;
  const scope = {
    effect: effect[0] ?? 'OPEN',
    strategy: strategies[0] ?? '*',
    account: accounts[0] ?? '*',
  };
  for (const [i, example] of rule.examples.entries()) {
    const question = { facts: example.facts, scope, ruleSetHash: '' };
    const check = (await assessRisk([prepared], question)).checks[0];
    const passed = check?.outcome === 'PASSED';
    if (passed === example.passes) continue;
    const says = example.passes ? 'should pass' : 'should not pass';
    const why = passed ? 'it passes' : `it fails: ${check?.message ?? 'no answer'}`;
    const message = `the example "${example.name}" ${says}, but ${why}`;
    file.complain(`/examples/${i}`, { code: 'RULE_EXAMPLE_WRONG', message });
  }
}
