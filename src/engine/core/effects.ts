/**
 * What leaves for the broker after an event is durable. An effect follows from an event alone, so
 * that replaying the journal repeats the effects of a run and nothing else.
 */
import type { Quantity } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { OrderId } from '../../domain/ids';
import type { OrderTicket } from '../../domain/ports';
import { orderOf, type State } from './state';

export type Effect =
  | { readonly kind: 'PLACE'; readonly ticket: OrderTicket }
  | { readonly kind: 'MODIFY'; readonly order: OrderId; readonly quantity: Quantity }
  | { readonly kind: 'CANCEL'; readonly order: OrderId };

/** The effect of an event that has been folded in; null for most. */
export function effectOf(state: State, event: Event): Effect | null {
  switch (event.type) {
    case 'OrderSubmitted':
      return { kind: 'PLACE', ticket: ticketOf(state, event.order) };
    case 'OrderModifyRequested':
      return { kind: 'MODIFY', order: event.order, quantity: event.quantity };
    case 'OrderCancelRequested':
      return { kind: 'CANCEL', order: event.order };
    default:
      return null;
  }
}

function ticketOf(state: State, id: OrderId): OrderTicket {
  const order = orderOf(state, id);
  const { account, instrument, side, type, timeInForce, quantity, rank } = order;
  const { limitPrice, stopPrice } = order;
  return {
    ...{ order: id, account, instrument, side, type, timeInForce, quantity, rank },
    limitPrice,
    stopPrice,
  };
}
