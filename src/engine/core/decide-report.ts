/**
 * What the broker says. Fills are counted once by their execution id; every other report moves the
 * status of one of our orders. A report about an unknown order changes nothing but a fill: that one
 * is somebody's shares and goes to UNALLOCATED.
 */
import { compare, isZero, minus, plus, price, times, toNumber, toText } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import type { BrokerReport } from '../../domain/input';
import { invariant } from '../../domain/invariant';
import { isFinal, type Order } from '../../domain/order';
import type { Ask } from './context';
import { stateChange } from './decision';
import { accountPnl } from './exposure';
import { lossLimit } from './hard-limits';
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
        ...rearmSiblings(state, order),
        ...afterOrderEnds(state, ask, { order, at }),
      ];
  }
}

/** A fill between the request and its confirmation asks for another quantity. */
function resizeAgain(state: State, order: Order, report: Of<'MODIFIED'>): Event[] {
  const settled: Order = { ...order, quantity: report.quantity, requestedQuantity: null };
  return resizedAgain(settled, holdingOf(state, order).quantity);
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
  const { execId, account, instrument, side, quantity } = report;
  const fill: Fill = {
    ...{ execId, account, instrument, side, quantity, at, price: report.price },
    order: order?.id ?? null,
    strategy: order?.strategy ?? null,
  };
  if (order !== undefined) checkFill(order, fill);
  const holdingAfter = plus(holdingOf(state, fill).quantity, signed(side, quantity));
  const events: Event[] = [{ type: 'OrderFilled', fill, holdingAfter }];
  if (order !== undefined) {
    events.push(...afterOwnFill(state, ask, { order, fill, holdingAfter }));
  }
  const whole = order !== undefined && isZero(minus(remaining(order), quantity));
  return eachCancelOnce([...events, ...haltOnLoss(state, ask, fill)], whole ? [order.id] : []);
}

/**
 * More than was ever sent cannot be ours: the engine stops before it is written, so that the
 * journal can still be folded when somebody has looked. @throws InvariantBreach
 */
function checkFill(order: Order, fill: Fill): void {
  const filled = plus(order.filledQuantity, fill.quantity);
  invariant(
    compare(filled, order.sentQuantity) <= 0,
    () =>
      `${fill.execId} fills ${order.id} to ${toText(filled)}, sent ${toText(order.sentQuantity)}`,
  );
}

/** H10 looks at the account after every fill too, with the prices of this moment. */
function haltOnLoss(state: State, ask: Ask, fill: Fill): Event[] {
  const { account } = fill;
  const limit = lossLimit(state, ask, account);
  const pnl = accountPnl(state, ask, account) + gainAtOnce(ask, fill);
  if (limit <= 0 || pnl > -limit) return [];
  return stateChange(state, {
    scope: { kind: 'ACCOUNT', key: account },
    next: 'HALTED',
    reason: `the account has lost ${String(-pnl)} of at most ${String(limit)} today`,
    by: 'H10',
  });
}

/** What a fill at another price than the last one gains or loses by itself. */
function gainAtOnce({ market }: Ask, fill: Fill): number {
  const last = market.last(fill.instrument);
  if (last === undefined) return 0;
  const better = minus(price(last.priceText), fill.price);
  return toNumber(times(better, signed(fill.side, fill.quantity)));
}
