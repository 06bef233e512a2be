/**
 * Puts what one decision is made of in order: several parts of it, each looking at the same state,
 * may number new orders alike, cancel one order twice or set one trading state twice.
 */
import type { Event } from '../../domain/event';
import { idFrom, type OrderId } from '../../domain/ids';
import type { Order } from '../../domain/order';
import { scopeKey, type State } from './state';

/** Ends an order: what was approved and never written ends here, the rest at the broker. */
export function cancelOf({ id, sending }: Order, reason: string): Event {
  if (sending === null) return { type: 'OrderCancelled', order: id, reason, by: null };
  return { type: 'OrderCancelRequested', order: id, reason };
}

/** Orders made by one decision are numbered on, in the order they come to be. */
export function renumbered(state: State, events: readonly Event[]): Event[] {
  let made = 0;
  return events.map((event) => {
    if (event.type !== 'OrderArmed') return event;
    made += 1;
    return { ...event, order: { ...event.order, id: idFrom('ord', state.ordersMade + made) } };
  });
}

/** Several reasons may cancel one order in one decision; one that just filled needs none. */
export function eachCancelOnce(events: readonly Event[], filled: readonly OrderId[]): Event[] {
  const cancelled = new Set<string>(filled);
  return events.filter((event) => {
    if (event.type === 'OrderCancelled') {
      const first = !cancelled.has(event.order);
      cancelled.add(event.order);
      return first;
    }
    if (event.type !== 'OrderCancelRequested') return true;
    // Under several ids of the broker an order is cancelled under each.
    const { order, brokerOrderId } = event;
    const place = brokerOrderId === undefined ? order : `${order}/${brokerOrderId}`;
    if (cancelled.has(place)) return false;
    cancelled.add(place);
    return true;
  });
}

/** Several faults may set one trading state in one decision: the first says why. */
export function eachStateOnce(events: readonly Event[]): Event[] {
  const set = new Set<string>();
  return events.filter((event) => {
    if (event.type !== 'TradingStateChanged') return true;
    const key = `${scopeKey(event.scope)}|${event.state}`;
    if (set.has(key)) return false;
    set.add(key);
    return true;
  });
}
