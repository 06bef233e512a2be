/** What every new order starts with: nothing filled, nothing decided, no history. */
import { NO_MONEY, NO_QUANTITY } from '../../domain/decimal';
import type { Order } from '../../domain/order';

/** An order that is about to be sent, without trigger, plan or history; the rest is set over it. */
export function blankOrder(at: number) {
  return {
    filledQuantity: NO_QUANTITY,
    filledValue: NO_MONEY,
    status: 'ARMED',
    heldBy: 'BROKER',
    trigger: null,
    kind: null,
    ocaGroup: null,
    plan: null,
    leg: null,
    rank: 0,
    source: null,
    decision: null,
    statusMessage: null,
    requestedQuantity: null,
    sentQuantity: NO_QUANTITY,
    cancelledBy: null,
    elected: false,
    createdAt: at,
    updatedAt: at,
  } as const satisfies Partial<Order>;
}
