/**
 * What is live at the broker beside our orders as they were sent: orders of somebody else, and an
 * order of ours that is there twice, under two identities. Must not know how a list was asked for.
 */
import type { BrokerOrder, BrokerSnapshot } from '../../domain/broker-link';
import type { ExternalOrder } from '../../domain/book';
import type { Event } from '../../domain/event';
import { isFinal, shallEnd, type Order } from '../../domain/order';
import { tighten } from './decision';
import type { State } from './state';
import { cancelOf } from './tidy-events';

/** One order of ours as it is live at the broker, and what else is live under its reference. */
export interface Incarnations {
  readonly live: BrokerOrder;
  readonly further: readonly BrokerOrder[];
}

/** The broker's identity of it; null: it has none yet, and what stands for it is not kept. */
export function identityOf({ permId }: BrokerOrder): string | null {
  return /^\d+$/.test(permId) ? permId : null;
}

/** Null: none is live. The one it was sent as comes first, where that is among them. */
export function incarnationsOf(order: Order, { openOrders }: BrokerSnapshot): Incarnations | null {
  const open = openOrders.filter((seen) => seen.order === order.id);
  const live = open.find((seen) => isAsSent(order, seen)) ?? open[0];
  if (live === undefined) return null;
  const known = new Set([identityOf(live), null]);
  const further = open.filter((seen) => {
    const permId = identityOf(seen);
    const another = identityOf(live) !== null && !known.has(permId);
    known.add(permId);
    return another;
  });
  return { live, further };
}

function isAsSent({ sending }: Order, { clientId, brokerOrderId }: BrokerOrder): boolean {
  return sending?.clientId === clientId && sending.brokerOrderId === brokerOrderId;
}

/** Asks the broker to end an order where it is live: that may be under another id than it left. */
export function cancelAt(order: Order, live: BrokerOrder | null, reason: string): Event {
  const asked = { type: 'OrderCancelRequested', order: order.id, reason } as const;
  const elsewhere = live !== null && live.brokerOrderId !== order.sending?.brokerOrderId;
  return elsewhere ? { ...asked, brokerOrderId: live.brokerOrderId } : asked;
}

/**
 * One reference under two identities: a change during an outage became a second live order. What
 * opens ends, under every identity; of an exit, the one that was sent stays and protects.
 */
export function twice(state: State, order: Order, { live, further }: Incarnations): Event[] {
  if (further.length === 0) return [];
  const permIds = [live, ...further].map(({ permId }) => permId).join(', ');
  const reason = `${order.id} is live at the broker ${further.length + 1} times: ${permIds}`;
  const scope = { kind: 'STRATEGY', key: order.strategy } as const;
  const ends = order.effect === 'OPEN' && !shallEnd(order);
  return [
    ...(ends ? [cancelOf(order, reason)] : []),
    ...further.map((each) => alsoAt(order, each, reason)),
    ...tighten(state, { scope, next: 'REDUCING', reason, by: 'reconciliation' }),
  ];
}

/** Named by its id even where that is the order's own: it is a second live order all the same. */
function alsoAt({ id: order }: Order, { brokerOrderId }: BrokerOrder, reason: string): Event {
  return { type: 'OrderCancelRequested', order, reason, brokerOrderId };
}

/** A second live order under the reference of one of ours, as the last list showed it. */
export function furtherOf(state: State, order: Order): ExternalOrder | null {
  for (const seen of state.externalOrders.values()) if (seen.order === order.id) return seen;
  return null;
}

/** Live at the broker, and not an order of ours as it was sent. */
function isForeign(state: State, snapshot: BrokerSnapshot, seen: BrokerOrder): boolean {
  const order = seen.order === null ? undefined : state.orders.get(seen.order);
  if (order === undefined) return true;
  if (isFinal(order) && state.externalOrders.has(seen.permId)) return true;
  return incarnationsOf(order, snapshot)?.further.includes(seen) === true;
}

/** Live orders that carry no reference of ours, or one that this book does not know. */
export function externals(state: State, snapshot: BrokerSnapshot): Event[] {
  const foreign = snapshot.openOrders.filter((seen) => isForeign(state, snapshot, seen));
  const events: Event[] = [];
  for (const seen of foreign) {
    const { permId, clientId, brokerOrderId, account, instrument, side } = seen;
    const { quantity, filled, limitPrice, stopPrice } = seen;
    const order = {
      ...{ permId, clientId, brokerOrderId, account, instrument, side },
      ...{ quantity, filled, limitPrice, stopPrice },
      ...(seen.order === null || !state.orders.has(seen.order) ? {} : { order: seen.order }),
    };
    const known = state.externalOrders.get(permId);
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(order)) continue;
    events.push({ type: 'ExternalOrderSeen', order });
  }
  const live = new Set(foreign.map(({ permId }) => permId));
  for (const permId of state.externalOrders.keys()) {
    if (!live.has(permId)) events.push({ type: 'ExternalOrderEnded', permId });
  }
  return events;
}
