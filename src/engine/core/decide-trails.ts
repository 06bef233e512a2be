/**
 * Trailing stops that have followed the price: how far each has come becomes durable. What the
 * journal holds already, or holds better, is not said again.
 */
import { equals } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { TrailsMoved } from '../../domain/input';
import type { Order } from '../../domain/order';
import { followed, followsAtBroker, stopOf } from './trail';
import type { State } from './state';

export function decideTrails(state: State, { moves }: TrailsMoved): Event[] {
  const events: Event[] = [];
  for (const { order: id, from, bestPrice } of moves) {
    const order = state.orders.get(id);
    const stop = order === undefined ? null : stopOf(order);
    if (order === undefined || stop === null || !follows(order)) continue;
    if (!equals(from, stop.level)) continue;
    const now = followed(stop, order.side, bestPrice);
    if (now === stop) continue;
    events.push({ type: 'TrailMoved', order: id, bestPrice, level: now.level });
  }
  return events;
}

/** Whether the order still waits for the price to come back. */
function follows(order: Order): boolean {
  return order.trigger === null ? followsAtBroker(order) : order.status === 'ARMED';
}
