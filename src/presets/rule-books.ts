/**
 * Which rules a run uses: the shipped ones, a folder of the user's, or none but the hard limits.
 */
import { join, resolve } from 'node:path';
import type { FactSource } from '../engine/rules/fact-catalogue';
import { loadOrderRules, loadRiskRules, type LoadedRules } from '../engine/rules/load';
import { createRuleBook, emptyRuleBook, type LoadedRuleBook } from '../engine/rules/rule-book';
import { createRuleSet, type RuleFault } from '../engine/rules/rule-set';
import { VerbError } from './errors';

/** The rule folder that comes with Tidegate. */
export const SHIPPED_RULES = resolve(__dirname, '..', '..', 'rules');

export interface BookChoice {
  /** A folder, `none`, or null for the shipped rules. */
  readonly riskRules: string | null;
  /** Facts from these sources cannot be known in this run. */
  readonly unavailableSources: readonly FactSource[];
}

export interface ChosenBook {
  readonly book: LoadedRuleBook;
  /** SHA-256 of the conditional-order rules. */
  readonly ordersHash: string;
}

/** @throws VerbError (exit code 2) with every fault of the folder */
export async function chooseRuleBook(choice: BookChoice): Promise<ChosenBook> {
  const orders = rulesOf(await loadOrderRules(SHIPPED_RULES));
  const { riskRules, unavailableSources } = choice;
  if (riskRules === 'none') {
    return { book: emptyRuleBook(orders), ordersHash: createRuleSet([], orders).ordersHash };
  }
  const risk = rulesOf(await loadRiskRules(riskRules ?? join(SHIPPED_RULES, 'risk')));
  const ruleSet = createRuleSet(risk, orders);
  return { book: createRuleBook(ruleSet, { unavailableSources }), ordersHash: ruleSet.ordersHash };
}

function rulesOf<Rule>(loaded: LoadedRules<Rule>): readonly Rule[] {
  if (loaded.ok) return loaded.rules;
  throw new VerbError(loaded.faults.map(faultText).join('\n\n'), 2);
}

/** A fault as a person reads it: place, code, sentence, the lines around it, and what was meant. */
export function faultText(fault: RuleFault): string {
  const { file, line, column, code, message, suggestion, frame } = fault;
  const head = `${file}:${line}:${column} ${code}: ${message}`;
  const hint = suggestion === null ? '' : `\n  ${suggestion}`;
  return `${head}${frame === '' ? '' : `\n${frame}`}${hint}`;
}
