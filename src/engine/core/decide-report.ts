/**
 * What the broker says. Fills are counted once by their execution id; every other report moves the
 * status of one of our orders. A report about an unknown order changes nothing but a fill: that one
 * is somebody's shares and goes to UNALLOCATED.
 */
import { compare, isZero, minus, plus } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import type { BrokerReport } from '../../domain/input';
import { isAtBroker, isFinal, type Order } from '../../domain/order';
import type { Ask } from './context';
import { tighten } from './decision';
import { checkFill } from './evolve-ledger';
import { haltOnFill } from './loss';
import { signed } from './ledger';
import { resizedAgain } from './exit-sizes';
import { afterOrderEnds, afterOwnFill, eachCancelOnce, entryGivesWay } from './plan-reactions';
import { remaining } from './sizing';
import { holdingOf, ordersOfPlan, type State } from './state';

interface Given<R> {
  readonly report: R;
  readonly at: number;
}
type Of<K extends BrokerReport['kind']> = Extract<BrokerReport, { kind: K }>;

export function decideReport(state: State, ask: Ask, given: Given<BrokerReport>): Event[] {
  const { report, at } = given;
  if (report.kind === 'FILL') return decideFill(state, ask, { report, at });
  if (report.kind === 'COMMISSION') {
    if (state.charged.has(report.execId)) return [];
    return [{ type: 'CommissionCharged', execId: report.execId, amount: report.amount }];
  }
  const order = state.orders.get(report.order);
  return order === undefined ? [] : decideStatus(state, ask, { report, order, at });
}

interface StatusReport {
  readonly report: Exclude<BrokerReport, Of<'FILL'> | Of<'COMMISSION'>>;
  readonly order: Order;
  readonly at: number;
}

function decideStatus(state: State, ask: Ask, given: StatusReport): Event[] {
  const { report, order, at } = given;
  switch (report.kind) {
    case 'ACCEPTED': {
      const { brokerOrderId } = report;
      if (isFinal(order)) return [];
      return [{ type: 'OrderAcknowledged', order: order.id, brokerOrderId }];
    }
    case 'ELECTED':
      if (isFinal(order) || order.elected) return [];
      return [
        { type: 'OrderElected', order: order.id, price: report.price },
        ...entryGivesWay(state, order),
      ];
    case 'MODIFIED':
      if (!isAtBroker(order) || compare(report.quantity, order.sentQuantity) > 0) return [];
      return [
        { type: 'OrderModified', order: order.id, quantity: report.quantity },
        ...resizeAgain(state, order, report),
      ];
    case 'MODIFY_REFUSED':
      return [{ type: 'OrderModifyRefused', order: order.id, reason: report.reason }];
    case 'CANCEL_REFUSED':
      if (order.status !== 'CANCEL_PENDING') return [];
      return [{ type: 'OrderCancelRefused', order: order.id, reason: report.reason }];
    case 'CANCELLED': {
      if (isFinal(order)) return [];
      const ours = order.status === 'CANCEL_PENDING' ? order.statusMessage : null;
      const reason = ours ?? report.reason;
      return [
        { type: 'OrderCancelled', order: order.id, reason, by: null },
        ...afterOrderEnds(state, ask, { order, at }),
      ];
    }
    case 'EXPIRED':
      if (isFinal(order)) return [];
      return [{ type: 'OrderExpired', order: order.id, reason: report.reason }];
    case 'REJECTED':
      if (isFinal(order)) return [];
      return [
        { type: 'OrderRejected', order: order.id, reason: report.reason },
        ...unprotected(state, order, report.reason),
        ...rearmSiblings(state, order),
        ...afterOrderEnds(state, ask, { order, at }),
      ];
  }
}

/** A fill between the request and its confirmation asks for another quantity. */
function resizeAgain(state: State, order: Order, report: Of<'MODIFIED'>): Event[] {
  const settled: Order = { ...order, quantity: report.quantity, requestedQuantity: null };
  return resizedAgain(state, settled, holdingOf(state, order).quantity);
}

/** An exit the broker refuses leaves shares without it: nothing opens until somebody looks. */
function unprotected(state: State, order: Order, why: string): Event[] {
  if (order.effect !== 'REDUCE') return [];
  return tighten(state, {
    scope: { kind: 'INSTRUMENT', key: order.instrument },
    next: 'REDUCING',
    reason: `the exit ${order.leg ?? order.id} was rejected: ${why}`,
    by: 'exit-rejected',
  });
}

/** Siblings that a rejected order's trigger cancelled look at prices again. */
function rearmSiblings(state: State, order: Order): Event[] {
  if (order.plan === null || order.ocaGroup === null || !isZero(order.filledQuantity)) return [];
  return ordersOfPlan(state, order.plan)
    .filter((other) => other.status === 'CANCELLED' && other.cancelledBy === order.id)
    .map((other) => ({
      type: 'OrderRearmed',
      order: other.id,
      reason: `${order.leg ?? order.id} was rejected`,
    }));
}

function decideFill(state: State, ask: Ask, { report, at }: Given<Of<'FILL'>>): Event[] {
  if (state.fills.has(report.execId)) return [];
  const order = report.order === null ? undefined : state.orders.get(report.order);
  // Another account's execution never enters this book.
  if (order === undefined && !state.accounts.has(report.account)) return [];
  const { execId, account, instrument, side, quantity } = report;
  const fill: Fill = {
    ...{ execId, account, instrument, side, quantity, at, price: report.price },
    order: order?.id ?? null,
    strategy: order?.strategy ?? null,
  };
  checkFill(state, fill);
  const holdingAfter = plus(holdingOf(state, fill).quantity, signed(side, quantity));
  const events: Event[] = [{ type: 'OrderFilled', fill, holdingAfter }];
  if (order !== undefined) {
    events.push(...afterOwnFill(state, ask, { order, fill, holdingAfter }));
  }
  const whole = order !== undefined && isZero(minus(remaining(order), quantity));
  return eachCancelOnce([...events, ...haltOnFill(state, ask, fill)], whole ? [order.id] : []);
}
