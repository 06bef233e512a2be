/**
 * The broker link: what the broker knows is matched with the book before anything leaves. Absence
 * from one list proves nothing: an order that was sent and is nowhere to be seen is UNKNOWN, counts
 * as live, and is never sent again.
 */
import {
  compare,
  equals,
  isZero,
  minus,
  NO_QUANTITY,
  toText,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { BrokerOrder, BrokerSnapshot } from '../../domain/broker-link';
import type { Event } from '../../domain/event';
import type { LinkInput } from '../../domain/input';
import { isAtBroker, shallEnd, type Order } from '../../domain/order';
import { absencesAfter, EXECUTIONS_MISSING, isProvedAbsent, unknown } from './absence';
import type { Ask } from './context';
import { tighten } from './decision';
import { cameBack, decideReport } from './decide-report';
import { executedUnits } from './executed';
import { exitsOfPlaceFit, exitsReviewed } from './exit-sizes';
import { cancelAt, externals, identityOf, incarnationsOf, twice } from './incarnations';
import { notSent, sendNext } from './submission';
import {
  linkAllows,
  orderOf,
  positionKey,
  positionOf,
  tradingStateFor,
  workingOrders,
} from './state';
import type { State } from './state';
import { cancelOf, eachCancelOnce, eachStateOnce, renumbered } from './tidy-events';

interface Given<I> {
  readonly input: I;
  readonly at: number;
}
type Of<K extends LinkInput['kind']> = Extract<LinkInput, { kind: K }>;

export function decideLink(state: State, ask: Ask, given: Given<LinkInput>): Event[] {
  const { input, at } = given;
  switch (input.kind) {
    case 'PACE_ALLOWS':
      return sendNext(state, ask);
    case 'LINK_LOST':
      return lost(state, { input, at });
    case 'LINK_OPENED':
      return opened(state);
    case 'POSITION_SEEN':
      return positionSeen(state, input);
    case 'LINK_SYNCHRONIZED':
      return synchronized(state, ask, { input, at });
  }
}

/** Nothing that still waits will leave on this connection. */
function lost(state: State, { input, at }: Given<Of<'LINK_LOST'>>): Event[] {
  const { reason } = input;
  const waiting = [...state.unsent].map((id) => orderOf(state, id));
  const events: Event[] = notSent(state, waiting, { reason, at });
  if (!state.link.ready) return events;
  return [{ type: 'LinkLost', epoch: state.link.epoch, reason }, ...events];
}

/** What could not be asked while the link was down: the size of exits, and an end of openings. */
function opened(state: State): Event[] {
  if (!state.link.ready) return [];
  const halted: Event[] = [];
  for (const instrument of state.working.keys()) {
    for (const order of workingOrders(state, instrument)) {
      if (order.effect !== 'OPEN' || shallEnd(order)) continue;
      const now = tradingStateFor(state, order);
      if (now === 'ACTIVE') continue;
      halted.push(cancelOf(order, `trading is ${now}`));
    }
  }
  return eachCancelOnce([...exitsReviewed(state), ...halted], []);
}

function synchronized(
  state: State,
  ask: Ask,
  { input, at }: Given<Of<'LINK_SYNCHRONIZED'>>,
): Event[] {
  const { snapshot, dayOrdersEndedBefore: endedBefore = 0 } = input;
  const events: Event[] = [];
  for (const ids of state.working.values()) {
    for (const id of ids) {
      const order = orderOf(state, id);
      if (order.sending === null || !isAtBroker(order) || onItsWay(state, order, at)) continue;
      events.push(...matched(state, ask, { order, snapshot, at, endedBefore }));
    }
  }
  events.push(...returned(state, { snapshot, at }));
  const each = eachStateOnce(eachCancelOnce(renumbered(state, events), []));
  return eachCancelOnce(
    [
      ...each,
      ...externals(state, snapshot),
      ...positions(state, snapshot),
      ...ready(state, snapshot),
    ],
    [],
  );
}

/** Orders that are over in the book and live at the broker all the same. */
function returned(
  state: State,
  { snapshot, at }: { readonly snapshot: BrokerSnapshot; readonly at: number },
): Event[] {
  return snapshot.openOrders.flatMap((live) => {
    const order = live.order === null ? undefined : state.orders.get(live.order);
    if (order === undefined || isAtBroker(order) || live.status !== 'WORKING') return [];
    // The list may be older than the report that ended it.
    const absent = order.status === 'NOT_SENT' || order.neverArrived === true;
    const fresh = !absent && at - order.updatedAt < ANSWERS_TAKE;
    return fresh ? [] : cameBack(state, order, live);
  });
}

/** Once for each connection: later rounds of questions find the link as it is. */
function ready({ link }: State, snapshot: BrokerSnapshot): Event[] {
  if (link.ready) return [];
  const { clientId, nextBrokerOrderId } = snapshot;
  return [{ type: 'LinkReady', epoch: link.epoch + 1, clientId, nextBrokerOrderId }];
}

/** The answers of a later round may be older than what was just sent or asked. */
const ANSWERS_TAKE = 5_000;
/** A new order shows in the lists later than an answer takes. */
const TRACES_TAKE = 10_000;
function onItsWay({ link }: State, { updatedAt }: Order, at: number): boolean {
  return link.ready && at - updatedAt < ANSWERS_TAKE;
}

interface Matching {
  readonly order: Order;
  readonly snapshot: BrokerSnapshot;
  readonly at: number;
  /** Day orders sent before this have ended with their session. */
  readonly endedBefore: number;
}

/** What the broker's answers say about one order that was sent. */
function matched(state: State, ask: Ask, given: Matching): Event[] {
  const { order, snapshot, at } = given;
  const open = incarnationsOf(order, snapshot);
  if (open !== null) {
    return [...stillLive(state, ask, { order, live: open.live, at }), ...twice(state, order, open)];
  }
  const ended = snapshot.completedOrders?.find((seen) => seen.order === order.id);
  switch (ended?.status) {
    case 'CANCELLED':
    case 'REJECTED': {
      const kind = ended.status;
      if (compare(ended.filled, executedUnits(order)) > 0) return unfilled(order, ended);
      const reason = ended.reason ?? `the broker lists it as ${kind.toLowerCase()}`;
      const report = { kind, order: order.id, reason };
      const sessionOver = (order.sending?.at ?? at) < given.endedBefore;
      return decideReport(state, ask, { report, at, listed: true, sessionOver });
    }
    case 'FILLED': {
      const { filledQuantity: quantity } = order;
      const executed = executedUnits(order);
      if (isZero(executed) || compare(ended.filled, executed) > 0) return unfilled(order, ended);
      // Smaller than the book has it, and filled to the last execution.
      const report = { kind: 'MODIFIED', order: order.id, quantity } as const;
      return decideReport(state, ask, { report, at });
    }
    default:
      return gone(state, ask, given);
  }
}

/** The broker lists completed orders of the current day only: an older day order has expired. */
function gone(state: State, ask: Ask, given: Matching): Event[] {
  const { order, snapshot, at, endedBefore } = given;
  // What was just sent may be in no list yet.
  const young = state.link.ready && at - order.updatedAt < TRACES_TAKE;
  if (order.status === 'SUBMITTED' && young) return [];
  const sentAt = order.sending?.at ?? at;
  const over = order.timeInForce !== 'GTC' && sentAt < endedBefore;
  const complete = snapshot.completedOrders !== null;
  if (!over || !complete) return nowhereToBeSeen(state, given);
  const reason = 'its session has ended, and the broker lists it no more';
  return decideReport(state, ask, { report: { kind: 'EXPIRED', order: order.id, reason }, at });
}

/** One that shall end is called back as soon as the answer to that can be believed. */
function nowhereToBeSeen(state: State, { order, snapshot, at }: Matching): Event[] {
  const complete = snapshot.completedOrders !== null;
  const absences = absencesAfter(order, { complete, at });
  const events = unknown(order, nowhere(snapshot), absences);
  const proved = complete && isProvedAbsent(state, { ...order, absences });
  const ends = order.status === 'CANCEL_PENDING' ? order.statusMessage : order.cancelAsked;
  return proved && shallEnd(order) ? [...events, cancelOf(order, ends ?? 'cancelled')] : events;
}

/** Over at the broker with more filled than the book has: it is not over before they are booked. */
function unfilled(order: Order, { status, filled }: BrokerOrder): Event[] {
  const lists = `the broker lists it as ${status.toLowerCase()} with ${toText(filled)} filled`;
  return unknown(order, `${lists}, and ${EXECUTIONS_MISSING}`);
}

const nowhere = ({ completedOrders }: BrokerSnapshot): string =>
  completedOrders === null
    ? 'it is not among the open orders, and the completed ones are not known'
    : 'it is neither among the open nor among the completed orders';

/** Settles what was under way when the connection ended; a cancel is simply asked again. */
function stillLive(
  state: State,
  ask: Ask,
  given: { readonly order: Order; readonly live: BrokerOrder; readonly at: number },
): Event[] {
  const { order, live, at } = given;
  const { brokerOrderId, quantity, limitPrice, stopPrice } = live;
  const permId = identityOf(live);
  const accepted = { kind: 'ACCEPTED', order: order.id, brokerOrderId, permId } as const;
  const events = decideReport(state, ask, { report: accepted, at });
  const ends = order.status === 'CANCEL_PENDING' ? order.statusMessage : order.cancelAsked;
  if (shallEnd(order)) {
    const reason = ends ?? 'cancelled before the connection ended';
    return [...events, cancelAt(order, live, reason)];
  }
  if (order.requestedQuantity === null && sameTerms(order, live)) return events;
  if (compare(quantity, order.sentQuantity) > 0) return [...events, ...grown(state, order, live)];
  const prices = {
    limitPrice: limitPrice ?? order.limitPrice,
    stopPrice: stopPrice ?? order.stopPrice,
  };
  const modified = { kind: 'MODIFIED', order: order.id, quantity, ...prices } as const;
  return [...events, ...decideReport(state, ask, { report: modified, at })];
}

/** A price that the broker does not name says nothing. */
function sameTerms(order: Order, live: BrokerOrder): boolean {
  const same = (ours: Price | null, theirs: Price | null): boolean =>
    ours === null || theirs === null || equals(ours, theirs);
  const prices = same(order.limitPrice, live.limitPrice) && same(order.stopPrice, live.stopPrice);
  return prices && equals(order.quantity, live.quantity);
}

/** Somebody made our order larger at the broker: nothing opens there until a person has looked. */
function grown(state: State, order: Order, live: BrokerOrder): Event[] {
  return tighten(state, {
    scope: { kind: 'INSTRUMENT', key: order.instrument },
    next: 'REDUCING',
    reason: `${order.id} is for ${toText(live.quantity)} at the broker, more than was ever sent`,
    by: 'reconciliation',
  });
}

/**
 * Every position of ours and of the broker; executions were booked before this is asked. A new
 * difference may still be a fill on its way: at the beginning of a connection it is suspected, and
 * in a later round only what is known to differ is looked at again.
 */
function positions(state: State, snapshot: BrokerSnapshot): Event[] {
  const seen = new Map<string, Of<'POSITION_SEEN'>>();
  const known = [state.positions, state.breaks, state.suspectedBreaks];
  for (const key of known.flatMap((each) => [...each.keys()])) {
    const [account = '', instrument = ''] = key.split('|');
    if (!snapshot.accounts.includes(account)) continue;
    const brokerQuantity = NO_QUANTITY;
    seen.set(key, { kind: 'POSITION_SEEN', account, instrument, brokerQuantity });
  }
  for (const { account, instrument, quantity } of snapshot.positions) {
    if (!state.accounts.has(account)) continue;
    const key = positionKey(account, instrument);
    seen.set(key, { kind: 'POSITION_SEEN', account, instrument, brokerQuantity: quantity });
  }
  return [...seen].flatMap(([key, each]) => {
    const { bookQuantity, matches } = compared(state, each);
    if (matches || state.breaks.has(key)) return positionSeen(state, each);
    if (state.link.ready) return [];
    const { account, instrument, brokerQuantity } = each;
    const known = state.suspectedBreaks.get(key);
    if (known !== undefined && sameBreak(known, { brokerQuantity, bookQuantity })) return [];
    return [{ type: 'BreakSuspected', account, instrument, brokerQuantity, bookQuantity }];
  });
}

function compared(state: State, seen: Of<'POSITION_SEEN'>) {
  const bookQuantity = positionOf(state, seen).quantity;
  return { bookQuantity, matches: equals(bookQuantity, seen.brokerQuantity) };
}

/** What is certain: both match, or they differ beyond fills on their way. */
function positionSeen(state: State, seen: Of<'POSITION_SEEN'>): Event[] {
  const { account, instrument, brokerQuantity } = seen;
  const key = positionKey(account, instrument);
  const known = state.breaks.get(key);
  const { bookQuantity, matches } = compared(state, seen);
  if (matches) {
    if (known === undefined && !state.suspectedBreaks.has(key)) return [];
    return [{ type: 'BreakClosed', account, instrument }, ...exitsAt(state, seen, NO_QUANTITY)];
  }
  if (known !== undefined && sameBreak(known, { brokerQuantity, bookQuantity })) return [];
  return [
    { type: 'BreakOpened', account, instrument, brokerQuantity, bookQuantity },
    ...exitsAt(state, seen, minus(brokerQuantity, bookQuantity)),
  ];
}

/** Exits for no more than is there; while the link is not ready they wait until it is. */
function exitsAt(state: State, place: Of<'POSITION_SEEN'>, difference: Quantity): Event[] {
  if (!linkAllows(state)) return [];
  return exitsOfPlaceFit(state, place, { foreseen: { difference } });
}

interface Difference {
  readonly brokerQuantity: Quantity;
  readonly bookQuantity: Quantity;
}
const sameBreak = (a: Difference, b: Difference): boolean =>
  equals(a.brokerQuantity, b.brokerQuantity) && equals(a.bookQuantity, b.bookQuantity);
