/**
 * From the texts of rule files to rules: syntax, schema, meaning, examples, then what must hold
 * across files. Either everything is sound or the faults are named; there is nothing in between.
 * Knows nothing of folders.
 */
import type { ValidateFunction } from 'ajv';
import { ORDER_KINDS } from '../../domain/conditional';
import type { HardLimits } from '../../domain/limits';
import { readOrderRule } from './check-order';
import { readRiskRule } from './check-risk';
import { leavesOf, type OrderRule, type RiskRule, type RuleFault } from './rule-set';
import { checkSchema } from './schema-check';
import { bareFault, SourceFile, type RuleSource } from './source-file';

export const MAX_RULES = 200;
export const MAX_SET_CONDITIONS = 400;

/** The rules of one family, or everything that is wrong with its files. */
export type Compiled<Rule> =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** Compiles the files of the risk folder. `folder` is named by faults of the set as a whole. */
export async function compileRisk(
  sources: readonly RuleSource[],
  options: { folder: string; validate: ValidateFunction; limits: HardLimits },
): Promise<Compiled<RiskRule>> {
  const compiled = await compileAll(sources, {
    ...options,
    read: (file, content) => readRiskRule(file, content, options.limits),
    required: [],
  });
  if (!compiled.ok || compiled.rules.some((rule) => rule.enabled)) return compiled;
  const message = 'no rule here is enabled, so every order would pass';
  const fault = bareFault(options.folder, { code: 'RULE_FOLDER_EMPTY', message });
  return { ok: false, faults: [fault] };
}

/** Compiles the files of the orders folder, in which every kind the engine arms must be there. */
export async function compileOrders(
  sources: readonly RuleSource[],
  options: { folder: string; validate: ValidateFunction },
): Promise<Compiled<OrderRule>> {
  return compileAll(sources, { ...options, read: readOrderRule, required: ORDER_KINDS });
}

type AnyRule = RiskRule | OrderRule;

interface Compilation<Rule extends AnyRule> {
  readonly folder: string;
  readonly validate: ValidateFunction;
  readonly read: (file: SourceFile, content: unknown) => Promise<Rule | null>;
  readonly required: readonly string[];
}

async function compileAll<Rule extends AnyRule>(
  sources: readonly RuleSource[],
  compilation: Compilation<Rule>,
): Promise<Compiled<Rule>> {
  const { folder } = compilation;
  if (sources.length > MAX_RULES) {
    const message = `has ${sources.length} rules; ${MAX_RULES} are allowed`;
    return { ok: false, faults: [bareFault(folder, { code: 'RULES_TOO_MANY', message })] };
  }
  const faults: RuleFault[] = [];
  const rules: Rule[] = [];
  const firstFile = new Map<string, string>();
  for (const source of sources) {
    const file = new SourceFile(source);
    const key = keyOf(file.plain());
    const first = key === null ? undefined : firstFile.get(key);
    if (key !== null && first !== undefined) {
      const message = `the key "${key}" is already that of ${first}`;
      file.complain('/key', { code: 'RULE_KEY_DUPLICATE', message });
    } else if (key !== null) firstFile.set(key, source.name);
    const rule = await readOne(file, compilation);
    faults.push(...inOrder(file.faults));
    if (rule !== null && file.faults.length === 0) rules.push(rule);
  }
  faults.push(...setFaults(rules, { ...compilation, keys: new Set(firstFile.keys()) }));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, rules };
}

async function readOne<Rule extends AnyRule>(
  file: SourceFile,
  { validate, read }: Compilation<Rule>,
): Promise<Rule | null> {
  const content = file.plain();
  if (content === undefined || !checkSchema(file, content, validate)) return null;
  return read(file, content);
}

function keyOf(content: unknown): string | null {
  if (typeof content !== 'object' || content === null || !('key' in content)) return null;
  return typeof content.key === 'string' ? content.key : null;
}

function inOrder(faults: readonly RuleFault[]): readonly RuleFault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** What must hold across the files of a folder. */
function setFaults(
  rules: readonly AnyRule[],
  set: { folder: string; required: readonly string[]; keys: ReadonlySet<string> },
): readonly RuleFault[] {
  const faults = set.required
    .filter((key) => !set.keys.has(key))
    .map((key) => {
      const message = `${key}.json is missing: the engine arms orders of this kind`;
      return bareFault(set.folder, { code: 'RULE_KIND_MISSING', message });
    });
  const conditions = rules.reduce((sum, rule) => sum + leavesOf(rule.conditions).length, 0);
  if (conditions <= MAX_SET_CONDITIONS) return faults;
  const message = `has ${conditions} conditions; ${MAX_SET_CONDITIONS} are allowed in one folder`;
  return [...faults, bareFault(set.folder, { code: 'RULES_TOO_MANY', message })];
}
