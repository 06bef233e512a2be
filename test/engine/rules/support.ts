/**
 * What the tests of the rules share: the shipped folder, calm facts that pass every shipped rule,
 * and rule files written to a folder of their own. Knows nothing of a single rule.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../../src/domain/limits';
import type { Facts, RuleCheck, RuleScope, Verdict } from '../../../src/domain/verdict';
import { compileOrders, compileRisk } from '../../../src/engine/rules/compile';
import { loadRuleFolder } from '../../../src/engine/rules/load';
import { createRuleSet, type RuleFault, type RuleSet } from '../../../src/engine/rules/rule-set';
import { compileSchema } from '../../../src/engine/rules/schema-check';
import type { RuleSource } from '../../../src/engine/rules/source-file';

export const SHIPPED = join(__dirname, '../../../rules');
export const OPEN: RuleScope = { effect: 'OPEN', strategy: 'momentum', account: 'DU1' };
export const REDUCE: RuleScope = { ...OPEN, effect: 'REDUCE' };

/** Facts of a small, fresh, ordinary order. */
export const CALM: Facts = {
  side: 'BUY',
  orderType: 'LIMIT',
  effect: 'OPEN',
  role: 'ENTRY',
  orderQuantity: 10,
  orderNotional: 700,
  limitDistancePct: 0.1,
  worstCasePositionNotional: 700,
  worstCasePositionQuantity: 10,
  openOrdersStrategyInstrument: 0,
  ordersLastSecond: 0,
  ordersLastMinute: 0,
  ordersToday: 0,
  priceAgeMs: 100,
  similarOrderAgeMs: 86_400_000,
  allocationQuantity: 0,
  wouldBeShort: false,
  strategyAllowsShort: false,
  grossExposure: 700,
  accountPnlToday: 0,
};

export async function shippedSet(): Promise<RuleSet> {
  const loaded = await loadRuleFolder(SHIPPED);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults, null, 2));
  return loaded.ruleSet;
}

export function shippedFiles(folder: 'risk' | 'orders'): readonly RuleSource[] {
  return readdirSync(join(SHIPPED, folder))
    .sort()
    .map((name) => sourceOf(folder, name, readFileSync(join(SHIPPED, folder, name))));
}

export function sourceOf(
  folder: 'risk' | 'orders',
  name: string,
  content: string | Uint8Array,
): RuleSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const family = folder === 'risk' ? 'risk' : 'conditional';
  return { file: `rules/${folder}/${name}`, name, family, bytes };
}

const RISK_FOLDER = { folder: 'risk', validate: compileSchema('risk'), limits: DEFAULT_LIMITS };
const ORDERS_FOLDER = { folder: 'orders', validate: compileSchema('conditional') };
export const compileRiskFiles = (sources: readonly RuleSource[]) =>
  compileRisk(sources, RISK_FOLDER);
export const compileOrderFiles = (sources: readonly RuleSource[]) =>
  compileOrders(sources, ORDERS_FOLDER);

/** The faults of one risk file, given as data or as text. */
export async function riskFaults(
  content: unknown,
  name = 'my-rule.json',
): Promise<readonly RuleFault[]> {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const compiled = await compileRiskFiles([sourceOf('risk', name, text)]);
  return compiled.ok ? [] : compiled.faults;
}

/** The faults of one conditional order; those about missing kinds are left out. */
export async function orderFaults(
  content: unknown,
  name = 'my-order.json',
): Promise<readonly RuleFault[]> {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  const compiled = await compileOrderFiles([sourceOf('orders', name, text)]);
  const faults = compiled.ok ? [] : compiled.faults;
  return faults.filter((fault) => fault.code !== 'RULE_KIND_MISSING');
}

/** A risk rule that loads; members can be put in its place. */
export function riskRule(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    $schema: '../schemas/risk-rule.schema.json',
    key: 'my-rule',
    description: 'A rule of a test.',
    appliesTo: { effect: ['OPEN'], strategies: ['*'], accounts: ['*'] },
    conditions: { all: [{ fact: 'orderQuantity', operator: 'lessThanInclusive', value: 100 }] },
    onFail: 'DENY',
    message: 'quantity {orderQuantity} is above {limit}',
    examples: [
      { name: 'in', facts: { orderQuantity: 100 }, passes: true },
      { name: 'out', facts: { orderQuantity: 101 }, passes: false },
    ],
    ...changes,
  };
}

/** A risk rule over other conditions, with an example each way. */
export function ruleOver(conditions: unknown, passing: Facts, failing: Facts) {
  return riskRule({
    conditions,
    message: '{fact} is {value}; the limit is {limit}',
    examples: [
      { name: 'in', facts: passing, passes: true },
      { name: 'out', facts: failing, passes: false },
    ],
  });
}

/** A conditional order that loads. */
export function orderRule(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    $schema: '../schemas/conditional-order.schema.json',
    key: 'my-order',
    description: 'An order of a test.',
    parameters: { level: 'price' },
    conditions: {
      all: [{ fact: 'price', operator: 'crossesAbove', value: { parameter: 'level' } }],
    },
    order: { role: 'ENTRY', heldBy: 'ENGINE' },
    examples: [
      { name: 'yes', ticks: ['1', '3'], parameters: { level: '2' }, fires: true },
      { name: 'no', ticks: ['1', '2'], parameters: { level: '2' }, fires: false },
    ],
    ...changes,
  };
}

/** Puts risk rules in a set of their own. */
export async function setOf(...rules: readonly Record<string, unknown>[]): Promise<RuleSet> {
  const sources = rules.map((rule) =>
    sourceOf('risk', `${String(rule['key'])}.json`, JSON.stringify(rule)),
  );
  const compiled = await compileRiskFiles(sources);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults, null, 2));

  return createRuleSet(compiled.rules, []);
}

export function checkFor(verdict: Verdict, key: string): RuleCheck {
  const check = verdict.checks.find((each) => each.ruleKey === key);
  if (check === undefined) throw new Error(`no check of ${key}`);
  return check;
}

/** Runs with a folder that holds the given files (`risk/a.json`), and removes it. */
export async function withFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (dir: string) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(dir, name, '..'), { recursive: true });
      writeFileSync(join(dir, name), content);
    }
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
