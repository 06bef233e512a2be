/**
 * Exits that the broker ends and nobody here had asked it to: a stop that is cancelled in TWS, or
 * by the exchange. Shares that it leaves bare open nothing more until somebody has looked. Where a
 * stop is lost they are bare of it, whatever targets rest there.
 */
import { isZero } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { BrokerReport } from '../../domain/input';
import { ENDED_WITHOUT_A_WORD, shallEnd, type Order } from '../../domain/order';
import { isStop, uncoveredUnits, unitsWithoutTheirStop, unprotectedUnits } from './coverage';
import { unprotected } from './decision';
import type { State } from './state';

/** What the broker says of an order that is over. */
export interface Ended {
  readonly order: Order;
  readonly report: Extract<BrokerReport, { kind: 'CANCELLED' | 'EXPIRED' }>;
  /** Its session is over: a day order ends with it. */
  readonly sessionOver?: boolean;
}

/** The end of an order, and what it leaves bare. */
export function ended(state: State, given: Ended): Event[] {
  const { order, report } = given;
  const { reason, kind } = report;
  const bare = leavesBare(state, given);
  const unasked = bare ? ({ unasked: true } as const) : {};
  const said = { order: order.id, reason: reasonOf(order, reason), ...unasked };
  const word = kind === 'CANCELLED' ? 'was cancelled by the broker' : 'expired at the broker';
  return [
    kind === 'CANCELLED'
      ? { type: 'OrderCancelled', ...said, by: null }
      : { type: 'OrderExpired', ...said },
    ...(bare ? unprotected(state, order, { what: `${word}: ${reason}`, by: 'exit-lost' }) : []),
  ];
}

/** Ours, where it was asked for. */
function reasonOf(order: Order, reason: string): string {
  const ours = order.status === 'CANCEL_PENDING' ? order.statusMessage : order.cancelAsked;
  return ours ?? reason;
}

/** The broker's words may come after the end itself. */
export function wordsAfter(state: State, given: Ended): Event[] {
  const { order, report } = given;
  const silent = order.status === 'CANCELLED' && order.statusMessage === ENDED_WITHOUT_A_WORD;
  if (!silent || report.kind !== 'CANCELLED' || report.reason === ENDED_WITHOUT_A_WORD) return [];
  const { reason } = report;
  const unasked = leavesBare(state, given) ? ({ unasked: true } as const) : {};
  const by = order.cancelledBy;
  return [{ type: 'OrderCancelled', order: order.id, reason, by, ...unasked }];
}

/** Orders for the moment end by themselves, and day orders with their session. */
function leavesBare(state: State, { order, report, sessionOver = false }: Ended): boolean {
  const { effect, timeInForce } = order;
  if (effect !== 'REDUCE' || shallEnd(order)) return false;
  if (timeInForce === 'IOC' || timeInForce === 'OPG') return false;
  const { mode } = state.link;
  const recorded = mode === null || mode === 'REPLAY';
  if (report.kind === 'EXPIRED' && (timeInForce === 'DAY' || recorded)) return false;
  if (timeInForce === 'DAY' && sessionOver) return false;
  if (!isZero(uncoveredUnits(state, order, order.id))) return true;
  if (isStop(order) && !isZero(unprotectedUnits(state, order, order.id))) return true;
  return !isZero(unitsWithoutTheirStop(state, order, order.id));
}
