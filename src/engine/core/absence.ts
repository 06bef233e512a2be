/**
 * An order that was sent and is nowhere to be seen: what proves that it is not there, and what a
 * person who wants it ended is told to wait for. One answer alone proves nothing.
 */
import type { Event } from '../../domain/event';
import type { Order } from '../../domain/order';
import { linkAllows, type State } from './state';

/** A list proves nothing about an order sent while it was read: ten seconds, and a read's time. */
const PROVES_AFTER = 20_000;
/** Of the connection it was written to. A later one cannot be overtaken by it: none is needed. */
const PROOFS = 2;
/** Why an order is UNKNOWN that the broker lists as over with more than the book has. */
export const EXECUTIONS_MISSING = 'its executions have not come';

export const lacksExecutions = ({ statusMessage }: Order): boolean =>
  statusMessage?.endsWith(EXECUTIONS_MISSING) === true;

/** How many lists prove its absence once another one lacks it. */
export function absencesAfter(
  { absences = 0, sending }: Order,
  list: { readonly complete: boolean; readonly at: number },
): number {
  const proves = list.complete && sending !== null && list.at - sending.at >= PROVES_AFTER;
  return proves ? Math.min(absences + 1, PROOFS) : absences;
}

/** Whether the broker's word that it has no such order ends it. */
export function isProvedAbsent(state: State, { sending, absences = 0 }: Order): boolean {
  if (sending === null || absences >= PROOFS) return sending !== null;
  const { ready, epoch } = state.link;
  return !ready || sending.epoch < epoch;
}

/** No trace of it in another list; nothing where that says nothing new. */
export function unknown(order: Order, reason: string, absences = 0): Event[] {
  const { status, statusMessage } = order;
  const same = (order.absences ?? 0) === absences;
  if (status === 'UNKNOWN' && statusMessage === reason && same) return [];
  const proofs = absences > 0 ? { absences } : {};
  return [{ type: 'OrderUnknown', order: order.id, reason, ...proofs }];
}

/** What stands between an UNKNOWN order that was just called back and its end, in words. */
export function waitsFor(state: State, order: Order): string {
  const { id, statusMessage, absences = 0 } = order;
  if (!linkAllows(state)) {
    const then = 'it is called back when the link is ready again';
    return `${id} is UNKNOWN and the broker cannot be asked: ${then}.`;
  }
  if (lacksExecutions(order)) {
    const next = 'They are asked for again every few seconds: look at its executions in TWS.';
    return `${id} is UNKNOWN: ${statusMessage ?? ''}. ${next}`;
  }
  const asked = `${id} is UNKNOWN: the broker was asked to cancel it`;
  const answer = 'It ends when the broker says that it has no such order';
  if (isProvedAbsent(state, order)) {
    return `${asked}. ${answer}; look at it again in a moment. It is not sent again.`;
  }
  const left = PROOFS - absences;
  const lists =
    left === 1 ? '1 more complete list lacks it' : `${left} more complete lists lack it`;
  const read = 'they are read every few seconds, and it is not sent again';
  return `${asked}. ${answer} and ${lists}; ${read}.`;
}
