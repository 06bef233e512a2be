// What the orders of a symbol mean together: stops that are missing, comments that the price
// speaks against, lists that never arm, and prices as they would be sent. Judged beside the level
// of the entry and therefore never an ERROR: the fill decides. Must not know how orders are read.

import {
  price as priceOf,
  compare,
  equals,
  isZero,
  roundToStep,
  toText,
  type Price,
} from '../domain/decimal';
import type { Side } from '../domain/order';
import type { Direction } from '../domain/plan';
import { spotOfKey, type Findings } from './findings';
import type { ReadOrder, StatedPrice } from './order';
import {
  addingSide,
  isNamedStop,
  nameOf,
  reducingSide,
  roleAt,
  sideOfLevel,
  wanted,
} from './roles';
import type { AfterEntry, Where } from './roles';
import type { ReadList, ReadSymbol } from './symbol';
import { shown } from './words';

/** The check knows no instrument; most are priced in cents. */
const CENT = priceOf('0.01');

export function checkMeaning(read: ReadSymbol, findings: Findings): void {
  for (const entry of read.entries.orders) {
    if (isPriced(entry) && entry.type === 'LIMIT') {
      noteRounding(entry, [limitPrice(entry)], findings);
    }
  }
  checkDirection(read, 'LONG', findings);
  checkDirection(read, 'SHORT', findings);
}

/** An order that is no trailing stop. */
type Priced = ReadOrder & { readonly priced: StatedPrice };

function isPriced(order: ReadOrder): order is Priced {
  return order.priced !== null;
}

/** Before it is activated a trailing stop stops nothing. */
const isStopAtOnce = ({ trail }: ReadOrder): boolean => trail?.activateAt === null;

function checkDirection(read: ReadSymbol, direction: Direction, findings: Findings): void {
  const list = direction === 'LONG' ? read.ifLong : read.ifShort;
  const entries = read.entries.orders
    .filter(isPriced)
    .filter((entry) => entry.side === addingSide(direction));
  const first = entries[0];
  if (first === undefined) {
    nameNeverArming(list, direction, findings);
    return;
  }
  for (const order of list.orders) {
    checkSource(order, first, { direction, findings });
    if (!isPriced(order)) {
      checkTrail(order, entries, findings);
      continue;
    }
    const told = contradictedBy(order, entries, direction);
    if (told !== null) nameContradiction(order, told, { direction, findings });
    const role = roleOf(order, first, direction);
    if (role === 'STOP' && order.type === 'LIMIT') nameStopAsLimit(order, findings);
    if (role === 'PYRAMID' && told === null) namePyramid(order, first, findings);
    noteRounding(order, sentPrices(order, role), findings);
  }
  for (const entry of entries) {
    const stopped = list.orders.some((order) =>
      isPriced(order) ? roleOf(order, entry, direction) === 'STOP' : isStopAtOnce(order),
    );
    if (!stopped) nameWithoutStop(entry, direction, findings);
  }
}

function roleOf(order: Priced, entry: Priced, direction: Direction): AfterEntry {
  const where = sideOfLevel(order.priced.price, entry.priced.price, direction);
  const reduces = order.side === reducingSide(direction);
  return roleAt(where, reduces, isNamedStop(order.reading));
}

/** A price to look at, of an order that the broker holds and fires. */
function checkSource(
  order: ReadOrder,
  entry: Priced,
  { direction, findings }: { readonly direction: Direction; readonly findings: Findings },
): void {
  const { priceSource, node, type } = order;
  if (priceSource === null || priceSource === 'LAST') return;
  const role = isPriced(order) ? roleOf(order, entry, direction) : null;
  const stops = role === 'STOP' || role === 'PYRAMID' || isStopAtOnce(order);
  if (!stops && type !== 'LIMIT') return;
  const message =
    'This order would rest at the broker, which chooses the price it looks at: "priceSource" ' +
    'changes nothing here.';
  findings.add('SOURCE_UNUSED', node, message);
}

/** A trailing stop whose numbers make little sense beside the level of an entry. */
function checkTrail(
  { trail, side, node }: ReadOrder,
  entries: readonly Priced[],
  findings: Findings,
): void {
  if (trail === null) return;
  const { trailBy, activateAt } = trail;
  for (const { priced } of entries) {
    const at = toText(priced.price);
    if (activateAt !== null && !isBeyond(activateAt, priced.price, side)) {
      const where = side === 'SELL' ? 'above' : 'below';
      const message =
        `"activateAt" ${toText(activateAt)} is not ${where} the entry at ${at}: ` +
        'filled there, the stop would follow at once.';
      findings.add('TRAIL_ACTIVE_AT_ENTRY', node, message);
      return;
    }
    if (side === 'SELL' && trailBy !== null && compare(trailBy, priced.price) >= 0) {
      const message =
        `"trailBy" ${toText(trailBy)} is as much as the entry at ${at}: ` +
        'the stop would lie at zero or below, where nothing trades.';
      findings.add('TRAIL_TOO_FAR', node, message);
      return;
    }
  }
}

/** On the winning side of whatever the side gives back. */
function isBeyond(price: Price, level: Price, side: Side): boolean {
  return compare(price, level) * (side === 'SELL' ? 1 : -1) > 0;
}

function nameNeverArming(list: ReadList, direction: Direction, findings: Findings): void {
  if (list.member === null || list.orders.length === 0) return;
  const side = addingSide(direction);
  const name = shown(list.member.key);
  const message = `No entry has Action ${side}, so the orders under ${name} never arm.`;
  findings.add('ORDERS_NEVER_ARM', spotOfKey(list.member), message);
}

function nameWithoutStop(entry: Priced, direction: Direction, findings: Findings): void {
  const { side, priced, node } = entry;
  const list = direction === 'LONG' ? '"Orders if Long"' : '"Orders if Short"';
  const where = direction === 'LONG' ? 'below' : 'above';
  const message =
    `The ${side} entry at ${toText(priced.price)} has no stop: ` +
    `no order under ${list} would ${reducingSide(direction)} ${where} it.`;
  findings.add('ENTRY_WITHOUT_STOP', node, message);
}

interface Contradiction {
  readonly entry: Priced;
  readonly where: Where;
}

/** The first entry whose level puts the order on the side that its comment does not mean. */
function contradictedBy(
  { reading, priced: { price } }: Priced,
  entries: readonly Priced[],
  direction: Direction,
): Contradiction | null {
  const aim = wanted(reading);
  if (aim === null || (reading.stop && reading.profit)) return null;
  const meansLoss = reading.stop || (aim === 'ADD' && reading.dca);
  const meansProfit = reading.profit;
  for (const entry of entries) {
    const where = sideOfLevel(price, entry.priced.price, direction);
    if (meansLoss && where === 'PROFIT') return { entry, where };
    if (meansProfit && where === 'LOSS') return { entry, where };
  }
  return null;
}

function nameContradiction(
  order: Priced,
  { entry, where }: Contradiction,
  { direction, findings }: { direction: Direction; findings: Findings },
): void {
  const above = (where === 'PROFIT') === (direction === 'LONG') ? 'above' : 'below';
  const acts = {
    STOP: 'a stop',
    TAKE_PROFIT: 'a take-profit',
    PYRAMID: 'an addition to a winning position',
    DCA: 'a DCA order',
  }[roleOf(order, entry, direction)];
  const message =
    `The comment ${shown(order.comment ?? '')} calls it ${nameOf(order.reading)}, but ` +
    `${toText(order.priced.price)} is ${above} the entry at ${toText(entry.priced.price)}: ` +
    `filled there, it would act as ${acts}.`;
  findings.add('COMMENT_AGAINST_PRICE', order.priced.node, message);
}

function nameStopAsLimit(order: Priced, findings: Findings): void {
  const message =
    `This is a stop: it waits until ${toText(order.priced.price)} is reached, then a limit order ` +
    'is sent at that price, which may stay unfilled in a fast market.';
  findings.add('STOP_AS_LIMIT', order.node, message);
}

function namePyramid(order: Priced, entry: Priced, findings: Findings): void {
  const message =
    `This adds to the position at ${toText(order.priced.price)}, ` +
    `when the price has run in favour of the entry at ${toText(entry.priced.price)}.`;
  findings.add('PYRAMID', order.node, message);
}

interface SentPrice {
  readonly what: 'limit' | 'stop';
  readonly price: Price;
}

/** Never worse than stated. */
function rounded(price: Price, side: Side, down: Side): Price {
  return roundToStep(price, CENT, side === down ? 'DOWN' : 'UP');
}
function limitPrice({ priced: { price }, side }: Priced): SentPrice {
  return { what: 'limit', price: rounded(price, side, 'BUY') };
}
function stopPrice({ priced: { price }, side }: Priced): SentPrice {
  return { what: 'stop', price: rounded(price, side, 'SELL') };
}

/** A touch order sends no price; a stop sends one also as Market. */
function sentPrices(order: Priced, role: AfterEntry): readonly SentPrice[] {
  const stops = role === 'STOP' || role === 'PYRAMID' ? [stopPrice(order)] : [];
  return order.type === 'LIMIT' ? [...stops, limitPrice(order)] : stops;
}

function noteRounding(order: Priced, sent: readonly SentPrice[], findings: Findings): void {
  const exact = order.priced.price;
  if (sent.length === 0 || sent.every(({ price }) => equals(price, exact))) return;
  const stated = `${toText(exact)} is finer than a cent`;
  if (sent.some(({ price }) => isZero(price))) {
    const message = `${stated} and below one: it can only be sent where prices are finer.`;
    findings.add('PRICE_ROUNDED', order.priced.node, message);
    return;
  }
  const prices = sent.map(({ what, price }) => `${toText(price)} as its ${what} price`);
  const message =
    `${stated}: where the instrument is priced in cents, the order would be sent with ` +
    `${prices.join(' and ')}; a trigger keeps the exact level.`;
  findings.add('PRICE_ROUNDED', order.priced.node, message);
}
