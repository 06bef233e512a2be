/** What the engine holds for a session that is over, and its end. */
import type { Event } from '../../domain/event';
import type { Command } from '../../domain/input';
import type { Order } from '../../domain/order';
import type { State } from './state';

export type CloseSession = Extract<Command, { kind: 'CLOSE_SESSION' }>;

/** Exits that are good till cancelled, and what flattens: that is owed until it has filled. */
function outlivesSessions(order: Order): boolean {
  return order.timeInForce === 'GTC' || isOwed(order);
}

/** Flattens units that should not be there; what closes a plan out is for one session alone. */
export const isOwed = ({ role, tradingDate }: Order): boolean =>
  role === 'LIQUIDATION' && tradingDate === undefined;

/** In the order in which they were made. */
export function* ordersOver(state: State, command: CloseSession): Generator<Order> {
  const closing = new Set(command.instruments);
  for (const order of state.orders.values()) {
    if (order.status !== 'ARMED' || !closing.has(order.instrument)) continue;
    if (command.keepExits === true && outlivesSessions(order)) continue;
    const plan = order.plan === null ? undefined : state.plans.get(order.plan);
    const tradingDate = order.tradingDate ?? plan?.tradingDate;
    if (command.before !== undefined && (tradingDate ?? command.before) >= command.before) continue;
    yield order;
  }
}

/** What the engine holds expires; what the broker holds is the broker's to expire. */
export function expiries(state: State, command: CloseSession): Event[] {
  const { most = Infinity, reason } = command;
  const events: Event[] = [];
  for (const { id: order } of ordersOver(state, command)) {
    if (events.length >= most) break;
    events.push({ type: 'OrderExpired', order, reason });
  }
  return events;
}
