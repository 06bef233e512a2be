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
    sending: null,
    permId: null,
    outsideRegularHours: false,
    requestedQuantity: null,
    sentQuantity: NO_QUANTITY,
    cancelledBy: null,
    elected: false,
    createdAt: at,
    updatedAt: at,
  } as const satisfies Partial<Order>;
}

type Given = Omit<Order, keyof ReturnType<typeof blankOrder>> & Partial<Order>;

/**
 * A new order of what is set over the blank one. Assigned and not spread: an object literal that
 * begins with a spread and goes on with names gets a hidden class of its own, every time, which
 * took four times the memory of the order itself.
 */
export function newOrder(at: number, given: Given): Order {
  return Object.assign(blankOrder(at), given);
}
