// One order object of the file: its fields, read and judged one by one, so that all faults of an
// order are named together. Must not know the other orders of the symbol.

import type { Price, Quantity } from '../domain/decimal';
import type { Side, TrailTerms } from '../domain/order';
import type { Direction } from '../domain/plan';
import type { PriceSource } from '../domain/price-source';
import type { JsonNode, JsonObject } from '../json/node';
import { toJsonText } from '../json/node';
import { didYouMean } from '../json/suggest';
import { withDefaults, type Checking } from './defaults';
import { instead, spotOfKey } from './findings';
import { readMembers } from './members';
import {
  describe,
  need,
  readPrice,
  readQuantity,
  textOf,
  type OrderContext,
} from './order-numbers';
import { addingSide, nameOf, readComment, reducingSide, wanted } from './roles';
import type { CommentReading } from './roles';
import { sourceNamed } from './settings';
import { isTrail, readTrail, refuseTrail } from './trail';
import { fold, listed, ORDER_DEFAULTS, ORDER_KEYS, PERMITTED, shown } from './words';
import type { Choice, ChoiceKey } from './words';

export interface ReadOrder {
  readonly node: JsonObject;
  readonly side: Side;
  readonly type: 'LIMIT' | 'MARKET';
  readonly quantity: Quantity;
  /** Null for a trailing stop, and only there. */
  readonly priced: StatedPrice | null;
  readonly trail: TrailTerms | null;
  readonly cross: 'CROSS_OVER' | 'CROSS_UNDER' | null;
  readonly firesOnGap: boolean;
  /** Null: what the symbol says. */
  readonly priceSource: PriceSource | null;
  readonly comment: string | null;
  readonly reading: CommentReading;
}

/** A price and where it stands. */
export interface StatedPrice {
  readonly price: Price;
  readonly node: JsonNode;
}

const NO_READING = readComment('');

/**
 * Null where a field is missing or wrong.
 * @param after the side whose orders these are; null for entries
 */
export function readOrder(
  node: JsonObject,
  after: Direction | null,
  { findings, defaults }: Checking,
): ReadOrder | null {
  const stated = readMembers(node, ORDER_KEYS, findings);
  const members = after === null ? withDefaults(stated, defaults, ORDER_DEFAULTS) : stated;
  const context: OrderContext = { node, members, findings };
  const on = after === null ? readChoice(context, 'On') : refuse(context, 'On');
  const gap = after === null ? readGap(context) : refuse(context, 'gap');
  const source = members.has('priceSource') ? readChoice(context, 'priceSource') : null;
  const side = readChoice(context, 'Action');
  const type = readChoice(context, 'Order');
  const quantity = readQuantity(context);
  const trails = isTrail(context, type);
  const trail = trails ? readTrail(context, { after, side }) : refuseTrail(context);
  const priced = trails ? null : readStatedPrice(context);
  const comment = textOf(members.get('_comment')?.value);
  const reading = comment === null ? NO_READING : readComment(comment);
  if (after !== null && side !== null) checkConflict(context, after, side);
  if (side === null || type === null || quantity === null) return null;
  if (trails ? trail === null : priced === null) return null;
  if (after === null && (on === null || gap === null)) return null;
  return {
    node,
    side,
    type: type === 'limit' ? 'LIMIT' : 'MARKET',
    quantity,
    ...{ priced, trail },
    cross: on === null ? null : on === 'cross-over' ? 'CROSS_OVER' : 'CROSS_UNDER',
    firesOnGap: gap !== 'ignore',
    priceSource: source === null ? null : sourceNamed(source),
    comment,
    reading,
  };
}

function readStatedPrice(context: OrderContext): StatedPrice | null {
  const price = readPrice(context);
  const node = context.members.get('price')?.value;
  return price === null || node === undefined ? null : { price, node };
}

function refuse({ members, findings }: OrderContext, key: 'On' | 'gap'): null {
  const member = members.get(key);
  if (member !== undefined) {
    const message = `"${key}" belongs to entries; this order arms when the entry fills.`;
    findings.add('MISPLACED_KEY', spotOfKey(member), message);
  }
  return null;
}

function readGap(context: OrderContext): Choice<'gap'> | null {
  return context.members.has('gap') ? readChoice(context, 'gap') : 'fire';
}

/** A known word; null where it is missing or another, which is named. */
export function readChoice<Key extends ChoiceKey>(
  context: OrderContext,
  key: Key,
): Choice<Key> | null {
  const permitted: readonly Choice<Key>[] = PERMITTED[key];
  const node = need(context, key, `it must be ${listed(permitted)}`);
  if (node === null) return null;
  const text = textOf(node);
  const choice =
    permitted.find((each) => each === text) ??
    permitted.find((each) => text !== null && fold(each) === fold(text));
  if (choice === undefined) {
    const meant = text === null ? null : didYouMean(text, permitted);
    const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
    const found = text === null ? describe(node) : shown(text);
    const message = `"${key}" must be ${listed(permitted)}, not ${found}.${hint}`;
    context.findings.add('UNKNOWN_VALUE', node, message);
    return null;
  }
  if (choice !== text) {
    const message = `${shown(text ?? '')} is read as "${choice}".`;
    const edit = instead(node, JSON.stringify(choice));
    context.findings.add('SPELLING', node, { message, edit });
  }
  return choice;
}

/** An entry may go either way; an order after it must do what its comment says. */
function checkConflict(
  { node, members, findings }: OrderContext,
  after: Direction,
  side: Side,
): void {
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
  const edit = instead(action.value, JSON.stringify(right));
  const proposal = withAction(node, right);
  findings.add('ROLE_CONFLICT', action.value, { message, proposal, edit });
}

function withAction(order: JsonObject, action: Side): string {
  const members = order.members.map((member) => {
    const swap = fold(member.key) === 'action' && member.value.type === 'string';
    return swap ? { ...member, value: { ...member.value, value: action } } : member;
  });
  return toJsonText({ ...order, members });
}
