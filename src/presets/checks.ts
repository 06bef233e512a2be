/** The checking verbs: an instruction file, or a rule folder, looked at and nothing run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { worstCaseTable, type ListedAmount, type ListedWorstCase } from '../client/worst-case';
import { toText, type Money } from '../domain/decimal';
import type { CheckedFile, Finding } from '../domain/instruction';
import { DEFAULT_LIMITS } from '../domain/limits';
import type { WorstCase } from '../domain/worst-case';
import { addsRefused } from '../engine/core/adds-at-once';
import { worstCasesOf } from '../engine/core/worst-case';
import { createRuleBook } from '../engine/rules/rule-book';
import {
  loadOrderRules,
  loadRiskRules,
  loadRuleFolder,
  type LoadedRuleSet,
} from '../engine/rules/load';
import { createRuleSet, type RuleFault, type RuleSet } from '../engine/rules/rule-set';
import { readInstructionFile } from '../instructions/read';
import { renderCheck, toJson, type InstructionFileJson } from '../instructions/render';
import { faultText, SHIPPED_RULES } from './rule-books';

export interface CheckReport {
  /** True when a finding is an ERROR. */
  readonly hasErrors: boolean;
  readonly text: string;
  readonly json: InstructionFileJson & { readonly symbols: readonly JsonSymbol[] };
}
type JsonSymbol = InstructionFileJson['symbols'][number] & {
  readonly worstCase: readonly ListedWorstCase[];
};

/** Checks an instruction file; nothing is armed. */
export function checkInstructions(path: string, strict = false): CheckReport {
  const { checked: read, text } = readInstructionFile(path, { strict });
  const checked = withAddsChecked(read);
  const symbols = checked.symbols.map(({ symbol, accepted, plan }): JsonSymbol => ({
    ...{ symbol, accepted },
    worstCase: plan === null ? [] : worstCasesOf(plan).map(listed),
  }));
  const worst = worstCaseTable(symbols);
  return {
    hasErrors: checked.findings.some(({ severity }) => severity === 'ERROR'),
    text: `${renderCheck(checked, text)}${worst === null ? '' : `\n${worst}\n`}`,
    json: { ...toJson(checked), symbols },
  };
}

/** Adds that the hard limits would refuse for their levels alone refuse their symbol here too. */
function withAddsChecked(checked: CheckedFile): CheckedFile {
  const findings: Finding[] = [];
  const symbols = checked.symbols.map((each) => {
    const { accepted, plan } = each;
    const refused =
      accepted && plan !== null ? addsRefused(plan, { limits: DEFAULT_LIMITS }) : null;
    if (refused === null) return each;
    findings.push(refused);
    return { ...each, accepted: false };
  });
  return { ...checked, symbols, findings: [...checked.findings, ...findings] };
}

/** The levels say it all but the currency; a server holds it against the limits. */
function listed(worst: WorstCase): ListedWorstCase {
  const { direction, quantity, notional, uncovered, loss, cycles, lossOfAllCycles } = worst;
  const amount = (value: Money): ListedAmount => ({ amount: toText(value), currency: null });
  const orNull = (value: Money | null): ListedAmount | null =>
    value === null ? null : amount(value);
  return {
    side: direction === 'LONG' ? 'BUY' : 'SELL',
    ...{ maxQuantity: toText(quantity), maxNotional: amount(notional) },
    ...{ uncoveredQuantity: toText(uncovered), loss: orNull(loss), cycles },
    lossOfAllCycles: orNull(lossOfAllCycles),
  };
}

export interface RuleReport {
  readonly valid: boolean;
  readonly text: string;
  readonly json: unknown;
}

/**
 * Checks a rule folder that holds `risk/` and `orders/`, or one of risk rules alone, as a replay
 * takes it too; null is the shipped one.
 */
export async function checkRules(dir: string | null): Promise<RuleReport> {
  const folder = dir ?? SHIPPED_RULES;
  const loaded = existsSync(join(folder, 'orders'))
    ? await loadRuleFolder(folder)
    : await riskRulesAlone(folder);
  if (!loaded.ok) return faultyRules(folder, loaded.faults);
  const { ruleSet } = loaded;
  const { hash } = createRuleBook(ruleSet);
  return { valid: true, text: ruleText(folder, ruleSet), json: ruleJson(folder, ruleSet, hash) };
}

/** With the shipped conditional orders, which stay in force. */
async function riskRulesAlone(folder: string): Promise<LoadedRuleSet> {
  const [risk, orders] = [await loadRiskRules(folder), await loadOrderRules(SHIPPED_RULES)];
  if (!risk.ok) return risk;
  return orders.ok ? { ok: true, ruleSet: createRuleSet(risk.rules, orders.rules) } : orders;
}

function faultyRules(folder: string, faults: readonly RuleFault[]): RuleReport {
  const count = `${faults.length} fault${faults.length === 1 ? '' : 's'}`;
  const text = [...faults.map(faultText), `${folder}: ${count}; nothing was loaded.`].join('\n\n');
  return { valid: false, text, json: { folder, valid: false, faults } };
}

function ruleText(folder: string, ruleSet: RuleSet): string {
  const width = Math.max(...[...ruleSet.risk, ...ruleSet.orders].map(({ key }) => key.length));
  const line = (key: string, words: string): string => `  ${key.padEnd(width)}  ${words}`;
  return [
    `${folder}: all valid`,
    `Risk rules (set ${ruleSet.hash.slice(0, 12)})`,
    ...ruleSet.risk.map((rule) =>
      line(rule.key, `${rule.enabled ? rule.onFail : 'disabled'}  ${rule.description}`),
    ),
    `Conditional orders (set ${ruleSet.ordersHash.slice(0, 12)})`,
    ...ruleSet.orders.map((rule) => line(rule.key, `${rule.kind.heldBy}  ${rule.description}`)),
  ].join('\n');
}

function ruleJson(folder: string, ruleSet: RuleSet, hash: string): unknown {
  return {
    ...{ folder, valid: true, hash, ordersHash: ruleSet.ordersHash },
    risk: ruleSet.risk.map(({ key, description, enabled, onFail, location, examples }) => ({
      ...{ key, description, enabled, onFail, location, examples: examples.length },
    })),
    orders: ruleSet.orders.map(({ key, description, leg, kind, location, examples }) => ({
      ...{ key, description, leg, role: kind.role, heldBy: kind.heldBy, location },
      examples: examples.length,
    })),
    faults: [],
  };
}
