/**
 * Checks what a schema cannot say about any rule: name against file name, size and depth of the
 * condition tree, numbers, and whether operator and value fit the type of the fact.
 * Knows nothing of what differs between risk rules and conditional orders.
 */
import { COMPARABLE_DIGITS, significantDigits } from '../../domain/decimal';
import { factNamed, type FactEntry } from './fact-catalogue';
import { isLeg, needsList, needsNumbers } from './operators';
import { isAll, isGroup, isLevel, partsOf, type Condition, type Leaf } from './rule-set';
import { MAX_CONDITIONS } from './schemas';
import { suggest, type Complaint, type SourceFile } from './source-file';

const MAX_DEPTH = 6;

/** A comparison with its place in the file. */
export interface PlacedLeaf {
  readonly leaf: Leaf;
  readonly pointer: string;
  /** Groups around it; 1 in the root group. */
  readonly depth: number;
}

/** Every comparison under a condition, in the order of the text. */
export function placedLeaves(
  condition: Condition,
  pointer = '/conditions',
  depth = 0,
): readonly PlacedLeaf[] {
  if (!isGroup(condition)) return [{ leaf: condition, pointer, depth }];
  const list = isAll(condition) ? 'all' : 'any';
  return partsOf(condition).flatMap((part, i) =>
    placedLeaves(part, `${pointer}/${list}/${i}`, depth + 1),
  );
}

/** Reports what is wrong with name, numbers and condition tree of a file that fits its schema. */
export function checkConditions(
  file: SourceFile,
  rule: { readonly key: string; readonly conditions: Condition },
): void {
  if (file.source.name !== `${rule.key}.json`) {
    const message = `the key is "${rule.key}" but the file is ${file.source.name}: they must agree`;
    const suggestion = `name the file ${rule.key}.json`;
    file.complain('/key', { code: 'RULE_FILE_NAME', message, suggestion });
  }
  checkNumbers(file);
  const leaves = placedLeaves(rule.conditions);
  if (leaves.length > MAX_CONDITIONS) {
    const message = `has ${leaves.length} conditions; ${MAX_CONDITIONS} are allowed`;
    file.complain('/conditions', { code: 'RULE_TOO_LARGE', message });
  }
  const deep = leaves.find((leaf) => leaf.depth > MAX_DEPTH);
  if (deep !== undefined) {
    const message = `is nested deeper than ${MAX_DEPTH} groups`;
    file.complain(deep.pointer, { code: 'RULE_TOO_LARGE', message });
  }
  for (const { leaf, pointer } of leaves) checkLeaf(file, leaf, pointer);
}

/** Beyond fifteen digits a number is silently another one. */
function checkNumbers(file: SourceFile): void {
  for (const { pointer, text } of file.numbers()) {
    const mantissa = text.split(/e/i)[0] ?? '';
    if (!Number.isFinite(Number(text))) {
      file.complain(pointer, { code: 'RULE_NUMBER', message: `${text} is too large a number` });
    } else if (significantDigits(mantissa) > COMPARABLE_DIGITS) {
      const message = `has more than ${COMPARABLE_DIGITS} digits, which cannot be compared exactly`;
      file.complain(pointer, { code: 'RULE_NUMBER', message });
    }
  }
}

function checkLeaf(file: SourceFile, leaf: Leaf, pointer: string): void {
  const fact = factNamed(leaf.fact);
  if (fact === undefined) return;
  const operatorFault = faultOfOperator(leaf, fact);
  if (operatorFault !== null) {
    file.complain(`${pointer}/operator`, { code: 'RULE_OPERATOR_TYPE', message: operatorFault });
    return;
  }
  if (isLeg(leaf.operator)) {
    if (!isLevel(leaf.value)) {
      const message = `"${leaf.operator}" compares the price with { "parameter": "level" }`;
      file.complain(`${pointer}/value`, { code: 'RULE_PRICE_LEG', message });
    }
    return;
  }
  checkValue(file, leaf, { fact, pointer: `${pointer}/value` });
}

function faultOfOperator({ operator }: Leaf, fact: FactEntry): string | null {
  if (isLeg(operator)) {
    return fact.name === 'price' ? null : `"${operator}" is for the fact "price" only`;
  }
  if (fact.type.kind !== 'number' && needsNumbers(operator)) {
    return `"${operator}" needs a number, and ${fact.name} is ${kindInWords(fact)}`;
  }
  if (fact.type.kind === 'boolean' && needsList(operator)) {
    return `"${operator}" makes no sense for ${fact.name}, which is true or false`;
  }
  return null;
}

function checkValue(
  file: SourceFile,
  leaf: Leaf,
  { fact, pointer }: { fact: FactEntry; pointer: string },
): void {
  const { value, operator } = leaf;
  if (typeof value === 'object' && isLevel(value)) {
    const message = 'the level belongs to a price leg, such as "crossesAbove" on the fact "price"';
    file.complain(pointer, { code: 'RULE_PRICE_LEG', message });
    return;
  }
  const isList = typeof value === 'object';
  if (isList !== needsList(operator)) {
    const message = isList
      ? `"${operator}" compares with one value, not with a list; "in" takes a list`
      : `"${operator}" compares with a list of values, such as ["BUY", "SELL"]`;
    file.complain(pointer, { code: 'RULE_VALUE_TYPE', message });
    return;
  }
  for (const [i, item] of (isList ? value : [value]).entries()) {
    const fault = faultOfItem(fact, item);
    if (fault !== null) file.complain(isList ? `${pointer}/${i}` : pointer, fault);
  }
}

function faultOfItem(fact: FactEntry, item: unknown): Complaint | null {
  if (fact.type.kind === 'enum') {
    if (typeof item === 'string' && fact.type.values.includes(item)) return null;
    const message = `${fact.name} is ${kindInWords(fact)}, never ${JSON.stringify(item)}`;
    const suggestion = typeof item === 'string' ? suggest(item, fact.type.values) : null;
    return { code: 'RULE_VALUE_TYPE', message, suggestion };
  }
  if (typeof item === fact.type.kind) return null;
  const asNumber = typeof item === 'string' && item.trim() !== '' ? Number(item) : NaN;
  const suggestion =
    fact.type.kind === 'number' && Number.isFinite(asNumber)
      ? `write ${asNumber} without quotes`
      : null;
  const message = `${fact.name} is ${kindInWords(fact)}, and ${JSON.stringify(item)} is not`;
  return { code: 'RULE_VALUE_TYPE', message, suggestion };
}

/** The type of a fact in words: "a number", "one of BUY, SELL". */
export function kindInWords(fact: FactEntry): string {
  switch (fact.type.kind) {
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${fact.type.values.join(', ')}`;
  }
}
