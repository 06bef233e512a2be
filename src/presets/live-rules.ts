/** The rules a live run uses: the folder of the configuration, whole, and never none. */
import { existsSync } from 'node:fs';
import type { ActiveRules } from '../domain/desk';
import { loadRuleFolder } from '../engine/rules/load';
import { createRuleBook, type LoadedRuleBook } from '../engine/rules/rule-book';
import type { RiskRule } from '../engine/rules/rule-set';
import type { ActiveRule } from '../domain/verdict';
import { VerbError } from './errors';
import { faultText } from './rule-books';

export interface LiveRules {
  readonly book: LoadedRuleBook;
  readonly active: ActiveRules;
  /** Files of the set, risk rules and conditional orders. */
  readonly files: number;
}

const NEXT =
  'Set TIDEGATE_RULES_DIR to a folder that holds risk/ and orders/, or leave it out for the ' +
  'rules that come with Tidegate.';

/** @throws VerbError (exit code 2) with every fault of the folder */
export async function liveRules(folder: string, now: number): Promise<LiveRules> {
  if (!existsSync(folder)) throw new VerbError(`There is no rules folder ${folder}. ${NEXT}`, 2);
  const loaded = await loadRuleFolder(folder);
  if (!loaded.ok) {
    const isBare = loaded.faults.some(({ code }) => code.startsWith('RULE_FOLDER_'));
    const texts = [...loaded.faults.map(faultText), ...(isBare ? [NEXT] : [])];
    throw new VerbError(texts.join('\n\n'), 2);
  }
  const { ruleSet } = loaded;
  const book = createRuleBook(ruleSet);
  if (ruleSet.risk.every((rule) => !rule.enabled)) {
    const message = `No risk rule is enabled in ${folder}: a mode with a broker needs them.`;
    throw new VerbError(`${message} Copy the ones that come with Tidegate (rules/risk).`, 2);
  }
  const rules = ruleSet.risk.map(ruleOf);
  return {
    book,
    active: { hash: book.hash, activatedAt: now, rules },
    files: ruleSet.risk.length + ruleSet.orders.length,
  };
}

function ruleOf({ key, description, enabled, onFail, location, canonical }: RiskRule): ActiveRule {
  const [file = location] = location.split(':');
  const document = JSON.parse(canonical) as Readonly<Record<string, unknown>>;
  return { key, description, enabled, effect: onFail, file, document };
}
