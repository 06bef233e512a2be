/**
 * What the broker says. Fills are counted once by their execution id; every other report moves the
 * status of one of our orders. A report about an unknown order changes nothing but a fill: that one
 * is somebody's shares and goes to UNALLOCATED.
 */
import { compare, isZero, minus, plus } from '../../domain/decimal';
import type { BrokerOrder } from '../../domain/broker-link';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import type { BrokerReport } from '../../domain/input';
import { isAtBroker, isFinal, shallEnd, type Order } from '../../domain/order';
import { isProvedAbsent, lacksExecutions } from './absence';
import type { Ask } from './context';
import { tighten } from './decision';
import { checkFill, fillFault } from './evolve-ledger';
import {
  afterExternalFill,
  corrected,
  unusable,
  versionInBook,
  cameWithAccount,
} from './external-fills';
import { refusedByBroker } from './held-exits';
import { cancelAt, furtherOf } from './incarnations';
import { afterFill } from './ledger';
import { haltOnFill } from './loss';
import { ended, wordsAfter } from './lost-exits';
import { exitsGiveWay, resizedAgain } from './exit-sizes';
import { afterOrderEnds, afterOwnFill, openingsGiveWay } from './plan-reactions';
import { remaining } from './sizing';
import { holdingOf, linkAllows, type State } from './state';
import { notSent, rearmedSiblings } from './submission';
import { cancelOf, eachCancelOnce, renumbered } from './tidy-events';

interface Given<R> {
  readonly report: R;
  readonly at: number;
  /** From a list of everything the broker has, not said by itself. */
  readonly listed?: boolean;
  /** The session it was sent in is over. */
  readonly sessionOver?: boolean;
}
type Of<K extends BrokerReport['kind']> = Extract<BrokerReport, { kind: K }>;

export function decideReport(state: State, ask: Ask, given: Given<BrokerReport>): Event[] {
  const { report, at } = given;
  if (report.kind === 'FILL') return decideFill(state, ask, { report, at });
  if (report.kind === 'COMMISSION') {
    // Of an execution that was corrected meanwhile, the version in the book is charged.
    const execId = versionInBook(state, report.execId)?.execId ?? report.execId;
    if (state.charged.has(execId)) return [];
    return [{ type: 'CommissionCharged', execId, amount: report.amount }];
  }
  const order = state.orders.get(report.order);
  return order === undefined ? [] : decideStatus(state, ask, { ...given, report, order });
}

interface StatusReport {
  readonly report: Exclude<BrokerReport, Of<'FILL'> | Of<'COMMISSION'>>;
  readonly order: Order;
  readonly at: number;
  readonly listed?: boolean;
  readonly sessionOver?: boolean;
}

function decideStatus(state: State, ask: Ask, given: StatusReport): Event[] {
  const { report, order, at } = given;
  switch (report.kind) {
    case 'ACCEPTED':
      return accepted(state, order, report);
    case 'UNSENT':
      return neverLeft(state, { report, order, at });
    case 'ELECTED':
      if (isFinal(order) || order.elected) return [];
      return [
        { type: 'OrderElected', order: order.id, price: report.price },
        ...openingsGiveWay(state, order),
        ...exitsGiveWay(state, order, { elected: true }),
      ];
    case 'MODIFIED':
      if (!isAtBroker(order) || compare(report.quantity, order.sentQuantity) > 0) return [];
      return [modifiedEvent(order, report), ...resizeAgain(state, order, report)];
    case 'MODIFY_REFUSED':
      // Of what is over it only says that it came too late.
      if (isFinal(order)) return [];
      return [{ type: 'OrderModifyRefused', order: order.id, reason: report.reason }];
    case 'CANCEL_REFUSED':
      return cancelRefused(state, ask, { report, order, at });
    case 'CANCELLED': {
      if (isFinal(order)) return wordsAfter(state, { ...given, report });
      // Nobody says which of two ended: what is live then is asked for again.
      const further = given.listed === true ? null : furtherOf(state, order);
      if (further !== null) return [{ type: 'ExternalOrderEnded', permId: further.permId }];
      return [...ended(state, { ...given, report }), ...afterOrderEnds(state, ask, { order, at })];
    }
    case 'EXPIRED':
      if (isFinal(order)) return [];
      return ended(state, { ...given, report });
    case 'REJECTED':
      if (isFinal(order)) return [];
      return renumbered(state, [
        ...refusedByBroker(state, order, { reason: report.reason, at }),
        ...rearmedSiblings(state, order, 'was rejected'),
        ...afterOrderEnds(state, ask, { order, at }),
      ]);
  }
}

/** A fill between the request and its confirmation asks for another quantity. */
function resizeAgain(state: State, order: Order, report: Of<'MODIFIED'>): Event[] {
  const settled: Order = { ...order, quantity: report.quantity, requestedQuantity: null };
  return resizedAgain(state, settled);
}

/** First evidence of an order, or a second broker identity of one: somebody has to look at that. */
function accepted(state: State, order: Order, report: Of<'ACCEPTED'>): Event[] {
  const { brokerOrderId, permId } = report;
  if (order.status === 'NOT_SENT') return cameBack(state, order, null);
  if (order.neverArrived === true) return arrivedAfterAll(state, order, report);
  if (isFinal(order)) return [];
  const waits = order.status === 'SUBMITTED' || order.status === 'UNKNOWN';
  const news = permId !== null && state.byPermId.get(permId) !== order.id;
  if (!waits && !news) return [];
  const events: Event[] = [{ type: 'OrderAcknowledged', order: order.id, brokerOrderId, permId }];
  if (order.status === 'UNKNOWN' && !shallEnd(order)) {
    events.push(...exitsGiveWay(state, order, { status: 'WORKING' }));
  }
  if (order.permId === null || !news) return events;
  const scope = { kind: 'STRATEGY', key: order.strategy } as const;
  const reason = `${order.id} is at the broker as ${order.permId} and as ${permId ?? 'another'}`;
  return [...events, ...tighten(state, { scope, next: 'REDUCING', reason, by: 'reconciliation' })];
}

/** Live at the broker, and over in the book: somebody has to look, and it is called back. */
export function cameBack(state: State, order: Order, live: BrokerOrder | null): Event[] {
  const reason = `${order.id} is live at the broker, and ${order.status} in the book`;
  const scope = { kind: 'INSTRUMENT', key: order.instrument } as const;
  return [
    cancelAt(order, live, reason),
    ...tighten(state, { scope, next: 'REDUCING', reason, by: 'reconciliation' }),
  ];
}

/** Once for each identity: what it says again while it is called back is no news. */
function arrivedAfterAll(state: State, order: Order, report: Of<'ACCEPTED'>): Event[] {
  const { brokerOrderId, permId } = report;
  if (order.permId !== null && (permId === null || permId === order.permId)) return [];
  return [
    { type: 'OrderAcknowledged', order: order.id, brokerOrderId, permId },
    ...cameBack(state, order, null),
  ];
}

/** No byte of it was written. One that was to be cancelled is over, the others decided again. */
function neverLeft(state: State, { report, order, at }: StatusReport): Event[] {
  if (!('reason' in report)) return [];
  if (!isAtBroker(order) || order.permId !== null || !isZero(order.filledQuantity)) return [];
  const { reason } = report;
  if (shallEnd(order)) return [{ type: 'OrderNotSent', order: order.id, reason }];
  return notSent(state, [order], { reason, at });
}

/** While the link is down a refusal only means that nothing could be asked: it will be again. */
function cancelRefused(state: State, ask: Ask, given: StatusReport): Event[] {
  const { report, order } = given;
  if (report.kind !== 'CANCEL_REFUSED') return [];
  if (!shallEnd(order) || isFinal(order)) return [];
  if (report.unknownThere === true) return neverArrived(state, ask, given);
  if (order.status !== 'CANCEL_PENDING' || !linkAllows(state)) return [];
  return [{ type: 'OrderCancelRefused', order: order.id, reason: report.reason }];
}

function modifiedEvent(order: Order, report: Of<'MODIFIED'>): Event {
  const { quantity, limitPrice, stopPrice } = report;
  return {
    type: 'OrderModified',
    ...{ order: order.id, quantity },
    ...(limitPrice === undefined ? {} : { limitPrice }),
    ...(stopPrice === undefined ? {} : { stopPrice }),
  };
}

/**
 * The broker has never heard of an order that is being cancelled. On the connection it was written
 * to that may only mean that it is still on its way: the order ends where its lists prove that it
 * is not. A later connection cannot be overtaken by it.
 */
function neverArrived(state: State, ask: Ask, given: StatusReport): Event[] {
  const { order, at, report } = given;
  if (!('reason' in report)) return [];
  if (!linkAllows(state)) return [];
  if (order.status !== 'UNKNOWN') {
    return [{ type: 'OrderCancelRefused', order: order.id, reason: report.reason }];
  }
  if (!isProvedAbsent(state, order) || lacksExecutions(order)) return [];
  const seen = order.permId !== null || !isZero(order.filledQuantity);
  const reason = `${seen ? 'no longer there' : 'never arrived'}: ${report.reason}`;
  const ended = { type: 'OrderCancelled', order: order.id, reason, by: null } as const;
  return [
    seen ? ended : { ...ended, neverArrived: true },
    ...afterOrderEnds(state, ask, { order, at }),
  ];
}

/**
 * What was executed before the account came here is in the positions it came with. The broker tells
 * whole seconds of its own clock, so near the opening only those count as such that were told then.
 */
const CLOCKS_DIFFER = 300_000;

function decideFill(state: State, ask: Ask, { report, at: now }: Given<Of<'FILL'>>): Event[] {
  if (state.fills.has(report.execId) || cameWithAccount(state, report.execId)) return [];
  const asked = report.order === null ? undefined : state.orders.get(report.order);
  const account = state.accounts.get(report.account);
  const { executedAt: at = now } = report;
  const opened = (account?.openedAt ?? Infinity) - CLOCKS_DIFFER;
  if (asked === undefined && at < opened) return [];
  const why = unusable(state, report);
  if (why !== null) return refusedFill(state, asked?.instrument ?? report.instrument, why);
  return bookFill(state, ask, { report, at, asked });
}

/** An execution that cannot be booked moves no share; the positions will differ. */
function refusedFill(state: State, instrument: string, reason: string): Event[] {
  const scope = { kind: 'INSTRUMENT', key: instrument } as const;
  return tighten(state, { scope, next: 'REDUCING', reason, by: 'unusable-fill' });
}

/** What filled was there after all, and its rest may still be. */
function executedAfterAll(state: State, order: Order, execId: string): Event[] {
  const scope = { kind: 'INSTRUMENT', key: order.instrument } as const;
  const reason = `${order.id} had never arrived by the book, and ${execId} is an execution of it`;
  return tighten(state, { scope, next: 'REDUCING', reason, by: 'reconciliation' });
}

/** An execution of the order in all but its size. */
function isBeyond(fill: Fill, order: Order): boolean {
  const same = (['account', 'instrument', 'side'] as const).every((at) => fill[at] === order[at]);
  return same && compare(plus(order.filledQuantity, fill.quantity), order.sentQuantity) > 0;
}

function bookFill(
  state: State,
  ask: Ask,
  { report, at, asked }: Given<Of<'FILL'>> & { readonly asked: Order | undefined },
): Event[] {
  const { execId, account, instrument, side, quantity, price } = report;
  const plain = { execId, account, instrument, side, quantity, price, at };
  const version = versionInBook(state, execId);
  if (version !== null) return corrected(state, plain, version);
  const own = { ...plain, order: asked?.id ?? null, strategy: asked?.strategy ?? null };
  const fits = fillFault(state, own) === null;
  const order = fits ? asked : undefined;
  const fill: Fill = fits ? own : { ...own, order: null, strategy: null };
  checkFill(state, fill);
  const before = holdingOf(state, fill);
  const after = afterFill(before, fill);
  const realized = minus(after.realized, before.realized);
  const holdingAfter = after.quantity;
  const beyond = asked !== undefined && isBeyond(own, asked) ? asked : null;
  const told = beyond === null ? {} : { beyond: beyond.id };
  const events: Event[] = [{ type: 'OrderFilled', fill, holdingAfter, realized, ...told }];
  if (order !== undefined) {
    if (order.neverArrived === true) events.push(...executedAfterAll(state, order, execId));
    events.push(...afterOwnFill(state, ask, { order, fill, holdingAfter }));
  } else {
    events.push(...afterExternalFill(state, fill, { holdingAfter, of: asked ?? null }));
    // More of it may be live there than was ever sent.
    if (beyond !== null && isAtBroker(beyond)) {
      events.push(cancelOf(beyond, 'more of it was executed than was sent'));
    }
  }
  const whole = order !== undefined && isZero(minus(remaining(order), quantity));
  return eachCancelOnce([...events, ...haltOnFill(state, ask, fill)], whole ? [order.id] : []);
}
