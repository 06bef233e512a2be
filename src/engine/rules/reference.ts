/**
 * Renders the reference pages of facts and of a loaded rule set as markdown.
 * Knows nothing of where the pages are kept.
 */
import { codeOfRule } from '../../domain/denial';
import { textOf } from './checks';
import { kindInWords } from './check-conditions';
import { FACTS, type FactEntry } from './fact-catalogue';
import { COMPARISONS, LEGS, wordsOf } from './operators';
import { isAll, isGroup, partsOf, type Condition, type RuleSet } from './rule-set';

const HOUR = 3_600_000;
const SECOND = 1_000;

/** A row of a table; the bar would end the cell. */
function row(cells: readonly string[]): string {
  const plain = cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' '));
  return `| ${plain.join(' | ')} |`;
}
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function ageInWords(fact: FactEntry): string {
  const age = fact.maxAgeMs;
  if (age === null) return 'of the moment';
  return age >= HOUR ? `${age / HOUR} h` : `${age / SECOND} s`;
}

function factRow(fact: FactEntry): readonly string[] {
  const type = fact.type.kind === 'enum' ? kindInWords(fact) : fact.type.kind;
  return [
    `\`${fact.name}\``,
    type,
    fact.unit ?? '',
    fact.meaning,
    fact.source,
    fact.applies.map((family) => (family === 'risk' ? 'risk' : 'conditional order')).join(', '),
    ageInWords(fact),
  ];
}

/** The reference page of facts and operators, in markdown. */
export function renderFactReference(): string {
  const columns = ['fact', 'type', 'unit', 'meaning', 'source', 'for', 'at most this old'];
  const operators = [...COMPARISONS, ...LEGS].map((entry) => [
    `\`${entry.name}\``,
    entry.meaning,
    LEGS.some((leg) => leg.name === entry.name) ? 'conditional order, on `price`' : 'any rule',
  ]);
  return [
    '# Facts and operators of rules',
    '',
    'A rule compares facts with values. A fact that cannot be known, or is older than it may be,',
    'is missing, and a rule with a missing fact fails. Numbers are written without quotes.',
    '',
    '## Facts',
    '',
    table(columns, FACTS.map(factRow)),
    '',
    '## Operators',
    '',
    table(['operator', 'holds when', 'for'], operators),
    '',
  ].join('\n');
}

/** A condition tree in words: "orderNotional must be at most 25000". */
export function conditionInWords(condition: Condition): string {
  if (!isGroup(condition)) {
    const { fact, operator, value } = condition;
    return `${fact} must ${wordsOf(operator)} ${textOf(value)}`;
  }
  const parts = partsOf(condition).map((part) =>
    isGroup(part) && partsOf(part).length > 1
      ? `(${conditionInWords(part)})`
      : conditionInWords(part),
  );
  return parts.join(isAll(condition) ? ' and ' : ' or ');
}

/** The reference page of a rule set, in markdown: what each rule demands and denies as. */
export function renderRuleReference(ruleSet: RuleSet): string {
  const risk = ruleSet.risk.map((rule) => [
    `\`${rule.key}\``,
    rule.description,
    conditionInWords(rule.conditions),
    rule.appliesTo.effect.join(', '),
    rule.onFail === 'DENY' ? `\`${codeOfRule(rule.key)}\`` : rule.onFail,
    rule.enabled ? 'yes' : 'no',
  ]);
  const orders = ruleSet.orders.map((rule) => [
    `\`${rule.key}\``,
    rule.description,
    conditionInWords(rule.conditions),
    rule.kind.role,
    rule.kind.heldBy === 'BROKER' ? 'the broker' : 'Tidegate',
  ]);
  return [
    '# Shipped rules',
    '',
    '## Risk rules',
    '',
    table(['rule', 'what for', 'demands', 'looks at', 'when it fails', 'enabled'], risk),
    '',
    '## Conditional orders',
    '',
    table(['kind', 'what for', 'fires when', 'role', 'held by'], orders),
    '',
  ].join('\n');
}
