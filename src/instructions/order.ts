// One order object of the file: its fields, read and judged one by one, so that all faults of an
// order are named together. Must not know the other orders of the symbol.

import {
  COMPARABLE_DIGITS,
  compare,
  isMultipleOf,
  isPlainDecimal,
  price as priceOf,
  quantity as quantityOf,
  signOf,
  significantDigits,
  toText,
  type Price,
  type Quantity,
} from '../domain/decimal';
import { DEFAULT_LIMITS } from '../domain/limits';
import type { Side } from '../domain/order';
import type { Direction } from '../domain/plan';
import type { JsonMember, JsonNode, JsonObject } from '../json/node';
import { toJsonText } from '../json/node';
import { didYouMean } from '../json/suggest';
import { spotOfKey, spotOfMissing, type Findings } from './findings';
import { readMembers } from './members';
import { addingSide, nameOf, readComment, reducingSide, wanted } from './roles';
import type { CommentReading } from './roles';
import { fold, listed, ORDER_KEYS, PERMITTED, shown } from './words';
import type { Choice, ChoiceKey, OrderKey } from './words';

export interface ReadOrder {
  readonly node: JsonObject;
  readonly side: Side;
  readonly type: 'LIMIT' | 'MARKET';
  readonly quantity: Quantity;
  readonly price: Price;
  readonly priceNode: JsonNode;
  readonly cross: 'CROSS_OVER' | 'CROSS_UNDER' | null;
  readonly firesOnGap: boolean;
  readonly comment: string | null;
  readonly reading: CommentReading;
}

type Members = ReadonlyMap<OrderKey, JsonMember>;
interface Context {
  readonly node: JsonObject;
  readonly members: Members;
  readonly findings: Findings;
}

const NO_READING = readComment('');
const WHOLE_UNIT = quantityOf('1');

/**
 * Null where a field is missing or wrong.
 * @param after the side whose orders these are; null for entries
 */
export function readOrder(
  node: JsonObject,
  after: Direction | null,
  findings: Findings,
): ReadOrder | null {
  const context: Context = { node, members: readMembers(node, ORDER_KEYS, findings), findings };
  const on = after === null ? readChoice(context, 'On') : refuse(context, 'On');
  const gap = after === null ? readGap(context) : refuse(context, 'gap');
  const side = readChoice(context, 'Action');
  const type = readChoice(context, 'Order');
  const quantity = readQuantity(context);
  const price = readPrice(context);
  const comment = textOf(context.members.get('_comment')?.value);
  const reading = comment === null ? NO_READING : readComment(comment);
  if (after !== null && side !== null) checkConflict(context, after, side);
  const priceNode = context.members.get('price')?.value;
  if (side === null || type === null || quantity === null || price === null) return null;
  if (priceNode === undefined || (after === null && (on === null || gap === null))) return null;
  return {
    node,
    side,
    type: type === 'limit' ? 'LIMIT' : 'MARKET',
    quantity,
    price,
    priceNode,
    cross: on === null ? null : on === 'cross-over' ? 'CROSS_OVER' : 'CROSS_UNDER',
    firesOnGap: gap !== 'ignore',
    comment,
    reading,
  };
}

function textOf(node: JsonNode | undefined): string | null {
  return node?.type === 'string' ? node.value : null;
}

function refuse({ members, findings }: Context, key: 'On' | 'gap'): null {
  const member = members.get(key);
  if (member !== undefined) {
    const message = `"${key}" belongs to entries; this order arms when the entry fills.`;
    findings.add('MISPLACED_KEY', spotOfKey(member), message);
  }
  return null;
}

function need({ node, members, findings }: Context, key: OrderKey, form: string): JsonNode | null {
  const member = members.get(key);
  if (member !== undefined) return member.value;
  findings.add('MISSING_KEY', spotOfMissing(node, key), `"${key}" is missing: ${form}.`);
  return null;
}

function readGap(context: Context): Choice<'gap'> | null {
  return context.members.has('gap') ? readChoice(context, 'gap') : 'fire';
}

function readChoice<Key extends ChoiceKey>(context: Context, key: Key): Choice<Key> | null {
  const permitted: readonly Choice<Key>[] = PERMITTED[key];
  const node = need(context, key, `it must be ${listed(permitted)}`);
  if (node === null) return null;
  const text = textOf(node);
  const choice = permitted.find((each) => text !== null && fold(each) === fold(text));
  if (choice === undefined) {
    const meant = text === null ? null : didYouMean(text, permitted);
    const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
    const found = text === null ? describe(node) : shown(text);
    const message = `"${key}" must be ${listed(permitted)}, not ${found}.${hint}`;
    context.findings.add('UNKNOWN_VALUE', node, message);
    return null;
  }
  if (choice !== text) {
    context.findings.add('SPELLING', node, `${shown(text ?? '')} is read as "${choice}".`);
  }
  return choice;
}

/** Up to here price x quantity is exact. */
const MAX_QUANTITY_LENGTH = 30;

function readQuantity(context: Context): Quantity | null {
  const { findings } = context;
  const node = need(context, 'Qty', 'how many units, a number above 0');
  if (node === null) return null;
  const text = decimalText(node);
  if (!text.ok) {
    findings.add('INVALID_QUANTITY', node, `"Qty" must be a plain decimal number; ${text.why}.`);
    return null;
  }
  if (significantDigits(text.text) > COMPARABLE_DIGITS || text.text.length > MAX_QUANTITY_LENGTH) {
    const most = `${COMPARABLE_DIGITS} significant digits and ${MAX_QUANTITY_LENGTH} characters`;
    findings.add('INVALID_QUANTITY', node, `"Qty" has more than ${most}.`);
    return null;
  }
  const value = quantityOf(text.text);
  if (signOf(value) <= 0) {
    const message = `"Qty" must be greater than 0, not ${shown(text.text)}.`;
    findings.add('QUANTITY_NOT_POSITIVE', node, message);
    return null;
  }
  const most = DEFAULT_LIMITS.maxQuantity;
  if (compare(value, most) > 0) {
    const message = `"Qty" ${text.text} is above the hard maximum of ${toText(most)} units (H5).`;
    findings.add('QUANTITY_TOO_LARGE', node, message);
    return null;
  }
  if (!isMultipleOf(value, WHOLE_UNIT)) {
    const message = `"Qty" ${text.text} is a fraction; not every instrument allows that.`;
    findings.add('FRACTIONAL_QUANTITY', node, message);
  }
  return value;
}

function readPrice(context: Context): Price | null {
  const { findings } = context;
  const node = need(context, 'price', 'a level above 0, e.g. "69.48"');
  if (node === null) return null;
  const text = decimalText(node);
  if (!text.ok) {
    const message = `"price" must be a finite, plain decimal number; ${text.why}.`;
    findings.add('INVALID_PRICE', node, message);
    return null;
  }
  const value = priceOf(text.text);
  if (signOf(value) <= 0) {
    const message = `"price" must be greater than 0, not ${shown(text.text)}.`;
    findings.add('PRICE_NOT_POSITIVE', node, message);
    return null;
  }
  const digits = significantDigits(text.text);
  if (digits > COMPARABLE_DIGITS) {
    const message =
      `"price" has ${digits} significant digits; ` +
      `at most ${COMPARABLE_DIGITS} can be compared exactly.`;
    findings.add('PRICE_TOO_PRECISE', node, message);
    return null;
  }
  return value;
}

type DecimalText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

function decimalText(node: JsonNode): DecimalText {
  if (node.type !== 'number' && node.type !== 'string') {
    return { ok: false, why: `${describe(node)} is none` };
  }
  const text = node.type === 'number' ? node.text : node.value;
  return isPlainDecimal(text) ? { ok: true, text } : { ok: false, why: whyNotPlain(text) };
}

function whyNotPlain(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'the text is empty';
  if (/^[+-]?nan$/i.test(trimmed)) return `${shown(text)} is not a number`;
  if (/^[+-]?inf(inity)?$/i.test(trimmed)) return `${shown(text)} is not finite`;
  if (/^[+-]?[\d.]+e[+-]?\d+$/i.test(trimmed)) return `${shown(text)} has an exponent`;
  if (/^[+-]?\d[\d.]*,[\d,.]*$/.test(trimmed)) {
    return `${shown(text)} has a comma: no thousands separators, and the decimal sign is a dot`;
  }
  if (/^[+-]?\d[\d.]*[ _'\u00a0\u2009\u202f][\d ._'\u00a0\u2009\u202f]*$/.test(trimmed)) {
    return `${shown(text)} has thousands separators`;
  }
  if (trimmed !== text && isPlainDecimal(trimmed)) return `${shown(text)} has blanks around it`;
  return `${shown(text)} is none`;
}

function describe(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return 'an object';
    case 'array':
      return 'a list';
    case 'string':
      return shown(node.value);
    default:
      return toJsonText(node);
  }
}

/** An entry may go either way; an order after it must do what its comment says. */
function checkConflict({ node, members, findings }: Context, after: Direction, side: Side): void {
  const comment = textOf(members.get('_comment')?.value);
  const action = members.get('Action');
  if (comment === null || action === undefined) return;
  const reading = readComment(comment);
  const aim = wanted(reading);
  if (aim === null) return;
  const right = aim === 'REDUCE' ? reducingSide(after) : addingSide(after);
  if (right === side) return;
  const position = after === 'LONG' ? 'long' : 'short';
  const [must, would] =
    aim === 'REDUCE'
      ? [`must ${right} to reduce a ${position} position`, 'would add to it']
      : [`must ${right} to add to a ${position} position`, 'would reduce it'];
  const message =
    `The comment ${shown(comment)} calls it ${nameOf(reading)}, which ${must}; ` +
    `its Action ${side} ${would}. Correct the Action, or the comment.`;
  findings.add('ROLE_CONFLICT', action.value, { message, proposal: withAction(node, right) });
}

function withAction(order: JsonObject, action: Side): string {
  const members = order.members.map((member) => {
    const swap = fold(member.key) === 'action' && member.value.type === 'string';
    return swap ? { ...member, value: { ...member.value, value: action } } : member;
  });
  return toJsonText({ ...order, members });
}
