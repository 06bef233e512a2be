// One symbol of the file: its three lists, and the plan they compile to. Must not know the other
// symbols, nor what the orders mean together (meaning.ts).

import type { Direction, PlanLeg, PlanSettings, PlanSpec } from '../domain/plan';
import { keptSource, type PriceSource } from '../domain/price-source';
import type { JsonMember, JsonNode } from '../json/node';
import { withDefaults, type Checking } from './defaults';
import { spotOfMissing, type Findings } from './findings';
import { checkMeaning } from './meaning';
import { readMembers } from './members';
import { readOrder, type ReadOrder } from './order';
import { isNamedStop } from './roles';
import { readPriceSource, readSettings } from './settings';
import { fold, SETTING_KEYS, shown, SYMBOL_KEYS } from './words';

/** Far above what anybody can follow; keeps a hostile file from costing time with its square. */
const MOST_ORDERS = 200;

/** One list, as far as it could be read. */
export interface ReadList {
  /** Null where the key is missing. */
  readonly member: JsonMember | null;
  readonly orders: readonly ReadOrder[];
}
export interface ReadSymbol {
  readonly symbol: string;
  readonly entries: ReadList;
  readonly ifLong: ReadList;
  readonly ifShort: ReadList;
}

/** The plan of a symbol; null where anything in it is wrong. */
export function checkSymbol(
  symbol: string,
  member: JsonMember,
  checking: Checking,
): PlanSpec | null {
  const { findings, defaults } = checking;
  const node = member.value;
  if (node.type !== 'object') {
    findings.add('NOT_AN_ORDER_SET', node, notAnOrderSet(member.key));
    return null;
  }
  const members = readMembers(node, SYMBOL_KEYS, findings);
  const entryMember = members.get('Entry OCA');
  const read: ReadSymbol = {
    symbol,
    entries: readList(entryMember, null, checking),
    ifLong: readList(members.get('Orders if Long'), 'LONG', checking),
    ifShort: readList(members.get('Orders if Short'), 'SHORT', checking),
  };
  const all = withDefaults(members, defaults, SETTING_KEYS);
  const settings = readSettings({ node, members: all, findings });
  const source = readPriceSource({ node, members: all, findings });
  if (entryMember === undefined) {
    const message = `"Entry OCA" is missing: a list of at least one entry order.`;
    findings.add('NO_ENTRIES', spotOfMissing(node, 'Entry OCA'), message);
  } else if (entryMember.value.type === 'array' && entryMember.value.items.length === 0) {
    const message = `"Entry OCA" holds no order: nothing could ever arm.`;
    findings.add('NO_ENTRIES', entryMember.value, message);
  }
  if (findings.hasError) return null;
  checkMeaning(read, findings);
  return compile(read, settings, source);
}

function notAnOrderSet(key: string): string {
  const expected = 'a symbol holds an object with "Entry OCA" and its orders';
  const isListName = SYMBOL_KEYS.some((each) => fold(each) === fold(key));
  const hint = isListName ? ` ${shown(key)} stands at the top level; it belongs in a symbol.` : '';
  return `${shown(key)} is taken for a symbol, and ${expected}.${hint}`;
}

function readList(
  member: JsonMember | undefined,
  after: Direction | null,
  checking: Checking,
): ReadList {
  const { findings } = checking;
  if (member === undefined) return { member: null, orders: [] };
  if (member.value.type !== 'array') {
    findings.add('NOT_A_LIST', member.value, `${shown(member.key)} must be a list of orders.`);
    return { member, orders: [] };
  }
  const { items } = member.value;
  const over = items[MOST_ORDERS];
  if (over !== undefined) {
    const message = `${shown(member.key)} holds ${items.length} orders, at most ${MOST_ORDERS}.`;
    findings.add('TOO_MANY_ORDERS', over, message);
    return { member, orders: [] };
  }
  const orders: ReadOrder[] = [];
  for (const item of items) {
    const order =
      item.type === 'object' ? readOrder(item, after, checking) : notAnOrder(item, findings);
    if (order !== null) orders.push(order);
  }
  return { member, orders };
}

function notAnOrder(item: JsonNode, findings: Findings): null {
  const message = 'An order must be an object with "Action", "Order", "Qty" and "price".';
  findings.add('NOT_AN_ORDER', item, message);
  return null;
}

/** Ranks count over the lists in this order, whatever the order of the file. */
function compile(read: ReadSymbol, settings: PlanSettings, source: PriceSource): PlanSpec {
  const { symbol, entries, ifLong, ifShort } = read;
  const afterEntries = entries.orders.length;
  const afterLong = afterEntries + ifLong.orders.length;
  return {
    ...{ symbol, settings },
    entries: legsOf(entries, 'entry', { from: 0, source }),
    ifLong: legsOf(ifLong, 'long', { from: afterEntries, source }),
    ifShort: legsOf(ifShort, 'short', { from: afterLong, source }),
  };
}

function legsOf(
  { orders }: ReadList,
  name: string,
  { from, source }: { readonly from: number; readonly source: PriceSource },
): PlanLeg[] {
  return orders.map((order, i) => {
    const priceSource = keptSource(order.priceSource ?? source);
    const leg = legOf(order, `${name}[${i}]`, from + i);
    return priceSource === undefined ? leg : { ...leg, priceSource };
  });
}

function legOf(order: ReadOrder, leg: string, rank: number): PlanLeg {
  const { side, type, quantity, priced, trail, cross, firesOnGap } = order;
  const { pointer } = order.node;
  const namedStop = cross === null && isNamedStop(order.reading);
  const price = priced?.price ?? null;
  const plain = { leg, rank, pointer, side, type, quantity, price, cross, firesOnGap, namedStop };
  return trail === null ? plain : { ...plain, trail };
}
