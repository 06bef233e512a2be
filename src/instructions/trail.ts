// A trailing stop as it stands in the file: its distance, its activation price, and what it may
// stand in. Must not know the level of the entry.

import { COMPARABLE_DIGITS, money, significantDigits, toText } from '../domain/decimal';
import type { Price } from '../domain/decimal';
import type { Side, TrailTerms } from '../domain/order';
import type { Direction } from '../domain/plan';
import { spotOfKey } from './findings';
import { decimalText, readPriceOf, type OrderContext } from './order-numbers';
import { reducingSide } from './roles';
import { shown, type Choice, type OrderKey } from './words';

const TRAIL_KEYS = ['trailBy', 'trailPercent', 'activateAt'] as const;

/** Whether the order is a trailing stop, as far as a misspelt kind lets that be told. */
export function isTrail({ members }: OrderContext, type: Choice<'Order'> | null): boolean {
  if (type !== null) return type === 'trail';
  return !members.has('price') && TRAIL_KEYS.some((key) => members.has(key));
}

/** Any other order has no use for a distance; null. */
export function refuseTrail({ members, findings }: OrderContext): null {
  for (const key of TRAIL_KEYS) {
    const member = members.get(key);
    if (member === undefined) continue;
    const message = `"${key}" belongs to trailing stops: orders with "Order": "trail".`;
    findings.add('MISPLACED_KEY', spotOfKey(member), message);
  }
  return null;
}

/** The terms of a trailing stop; null where anything of it is wrong. */
export function readTrail(
  context: OrderContext,
  { after, side }: { readonly after: Direction | null; readonly side: Side | null },
): TrailTerms | null {
  checkPlace(context, after, side);
  const { members, findings } = context;
  const stated = members.get('price');
  if (stated !== undefined) {
    const message =
      '"price" does not belong to a trailing stop: its level is the best price since the fill ' +
      'less its distance.';
    findings.add('MISPLACED_KEY', spotOfKey(stated), message);
  }
  const terms = {
    trailBy: readAmount(context, 'trailBy'),
    trailPercent: readPercent(context),
    activateAt: readAmount(context, 'activateAt'),
  };
  const one = checkDistance(context);
  const read = TRAIL_KEYS.every((key) => !members.has(key) || terms[key] !== null);
  return one && read ? terms : null;
}

function checkPlace(
  { node, members, findings }: OrderContext,
  after: Direction | null,
  side: Side | null,
): void {
  const spot = members.get('Order')?.value ?? node;
  if (after === null) {
    const message =
      'A trailing stop gives back what an entry has opened: it is no entry. ' +
      'Write it under "Orders if Long" or "Orders if Short".';
    findings.add('TRAIL_NOT_AN_EXIT', spot, message);
  } else if (side !== null && side !== reducingSide(after)) {
    const position = after === 'LONG' ? 'long' : 'short';
    const message =
      `A trailing stop must ${reducingSide(after)} to reduce a ${position} position; ` +
      `its Action ${side} would add to it.`;
    findings.add('TRAIL_NOT_AN_EXIT', members.get('Action')?.value ?? spot, message);
  }
}

function checkDistance({ node, members, findings }: OrderContext): boolean {
  const [by, percent] = [members.get('trailBy'), members.get('trailPercent')];
  if ((by === undefined) !== (percent === undefined)) return true;
  const message =
    'A trailing stop needs its distance from the best price: either "trailBy", an amount, or ' +
    '"trailPercent".';
  findings.add('TRAIL_DISTANCE', percent === undefined ? node : spotOfKey(percent), message);
  return false;
}

function readAmount(context: OrderContext, key: 'trailBy' | 'activateAt'): Price | null {
  const node = context.members.get(key)?.value;
  return node === undefined ? null : readPriceOf(key, node, context.findings);
}

const PERCENT: OrderKey = 'trailPercent';

/** Above 0 and below 100, as it is written. */
function readPercent({ members, findings }: OrderContext): string | null {
  const node = members.get(PERCENT)?.value;
  if (node === undefined) return null;
  const text = decimalText(node);
  const value = text.ok ? Number(text.text) : NaN;
  const digits = text.ok ? significantDigits(text.text) : 0;
  if (text.ok && value > 0 && value < 100 && digits <= COMPARABLE_DIGITS) {
    return toText(money(text.text));
  }
  const why = text.ok ? `${shown(text.text)} is not, or has too many digits` : text.why;
  const message = `"${PERCENT}" must be a plain decimal number above 0 and below 100; ${why}.`;
  findings.add('TRAIL_PERCENT', node, message);
  return null;
}
