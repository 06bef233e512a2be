/**
 * What leaves for the broker after an event is durable. An effect follows from an event alone, so
 * that replaying the journal repeats the effects of a run and nothing else.
 */
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import type { TrailDistance } from '../../domain/order';
import type { CancelTarget, OrderTicket } from '../../domain/ports';
import { orderOf, type State } from './state';

export type Effect =
  | { readonly kind: 'PLACE'; readonly ticket: OrderTicket }
  | { readonly kind: 'MODIFY'; readonly ticket: OrderTicket }
  | { readonly kind: 'CANCEL'; readonly target: CancelTarget };

/** The effect of an event that has been folded in; null for most. */
export function effectOf(state: State, event: Event): Effect | null {
  switch (event.type) {
    case 'OrderSent':
      return { kind: 'PLACE', ticket: ticketOf(state, event.order) };
    case 'OrderModifyRequested': {
      const ticket = ticketOf(state, event.order);
      const { limitPrice, stopPrice } = orderOf(state, event.order).requestedPrices ?? ticket;
      const { quantity } = event;
      return { kind: 'MODIFY', ticket: { ...ticket, quantity, limitPrice, stopPrice } };
    }
    case 'OrderCancelRequested': {
      const { id: order, sending } = orderOf(state, event.order);
      const brokerOrderId = event.brokerOrderId ?? sending?.brokerOrderId;
      // What never left is not there to be cancelled.
      if (brokerOrderId === undefined) return null;
      return { kind: 'CANCEL', target: { order, brokerOrderId } };
    }
    default:
      return null;
  }
}

const distanceOf = ({ trailBy, trailPercent }: TrailDistance): TrailDistance => ({
  ...{ trailBy, trailPercent },
});

function ticketOf(state: State, id: OrderId): OrderTicket {
  const order = orderOf(state, id);
  const { account, instrument, side, type, timeInForce, quantity, rank } = order;
  const { limitPrice, stopPrice, outsideRegularHours, sending, trail } = order;
  if (sending === null) throw new Error(`order ${id} has no broker id yet`);
  return {
    ...{ order: id, account, instrument, side, type, timeInForce, quantity, rank },
    ...{ limitPrice, stopPrice, outsideRegularHours },
    ...(trail === undefined ? {} : { trail: distanceOf(trail) }),
    brokerOrderId: sending.brokerOrderId,
  };
}
