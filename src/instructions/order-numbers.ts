// The numbers of an order as they stand in the file: which text is a quantity or a price, and why
// it is not. Must not know what the order does with them.

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
import type { JsonMember, JsonNode, JsonObject } from '../json/node';
import { toJsonText } from '../json/node';
import type { TextEdit } from '../json/text-edit';
import { instead, spotOfMissing, type Findings } from './findings';
import { onlyReading } from './numbers';
import { shown, type OrderKey } from './words';

/** An order object with its known keys, and where to say what is wrong with it. */
export interface OrderContext {
  readonly node: JsonObject;
  readonly members: ReadonlyMap<OrderKey, JsonMember>;
  readonly findings: Findings;
}

const WHOLE_UNIT = quantityOf('1');

/** The text of a value; null where it is no text. */
export function textOf(node: JsonNode | undefined): string | null {
  return node?.type === 'string' ? node.value : null;
}

/** The value of a key; one that is missing is named. */
export function need(
  { node, members, findings }: OrderContext,
  key: OrderKey,
  form: string,
): JsonNode | null {
  const member = members.get(key);
  if (member !== undefined) return member.value;
  findings.add('MISSING_KEY', spotOfMissing(node, key), `"${key}" is missing: ${form}.`);
  return null;
}

/** Up to here price x quantity is exact. */
const MAX_QUANTITY_LENGTH = 30;

export function readQuantity(context: OrderContext): Quantity | null {
  const { findings } = context;
  const node = need(context, 'Qty', 'how many units, a number above 0');
  if (node === null) return null;
  const text = decimalText(node);
  if (!text.ok) {
    const message = `"Qty" must be a plain decimal number; ${text.why}.`;
    findings.add('INVALID_QUANTITY', node, { message, ...plainly('Qty', node) });
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

/** The level of an order. */
export function readPrice(context: OrderContext): Price | null {
  const node = need(context, 'price', 'a level above 0, e.g. "69.48"');
  return node === null ? null : readPriceOf('price', node, context.findings);
}

/** A price under any key: a level, an activation price, a distance. */
export function readPriceOf(key: OrderKey, node: JsonNode, findings: Findings): Price | null {
  const text = decimalText(node);
  if (!text.ok) {
    const message = `"${key}" must be a finite, plain decimal number; ${text.why}.`;
    findings.add('INVALID_PRICE', node, { message, ...plainly(key, node) });
    return null;
  }
  const value = priceOf(text.text);
  if (signOf(value) <= 0) {
    const message = `"${key}" must be greater than 0, not ${shown(text.text)}.`;
    findings.add('PRICE_NOT_POSITIVE', node, message);
    return null;
  }
  const digits = significantDigits(text.text);
  if (digits > COMPARABLE_DIGITS) {
    const message =
      `"${key}" has ${digits} significant digits; ` +
      `at most ${COMPARABLE_DIGITS} can be compared exactly.`;
    findings.add('PRICE_TOO_PRECISE', node, message);
    return null;
  }
  return value;
}

/** The number as it must be written, where what stands there can be read in one way only. */
function plainly(
  key: OrderKey,
  node: JsonNode,
): { readonly proposal: string | null; readonly edit: TextEdit | null } {
  const written = node.type === 'number' ? node.text : textOf(node);
  const number = written === null ? null : onlyReading(written);
  if (number === null) return { proposal: null, edit: null };
  const text = node.type === 'number' ? number : JSON.stringify(number);
  return { proposal: `"${key}": ${text}`, edit: instead(node, text) };
}

/** The text of a number, or why it is none. */
type DecimalText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export function decimalText(node: JsonNode): DecimalText {
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

/** A value as it appears in a message. */
export function describe(node: JsonNode): string {
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
