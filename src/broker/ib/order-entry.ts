/**
 * Orders on their way out. What cannot leave now or must not leave at all is reported at once; what
 * waits for the pace and loses its connection is reported unsent, and never written later.
 */
import type { CancelTarget, OrderTicket } from '../../domain/ports';
import type { Accounts } from './accounts';
import { isOrderId, type OrderIdMark } from './ids';
import type { Instruments } from './instruments';
import { toWire, type WireOrder } from './mapping';
import type { OrderMemory } from './order-memory';
import type { OrderReports } from './order-reports';
import type { Outlet } from './talk';

export interface EntryParts {
  readonly memory: OrderMemory;
  readonly reports: OrderReports;
  readonly instruments: Instruments;
  readonly accounts: Accounts;
  readonly mark: OrderIdMark;
  readonly tag: string;
  readonly clientId: number;
}

/** The way out, or why there is none. */
export type WayOut =
  | { readonly open: true; readonly outlet: Outlet; readonly epoch: number }
  | { readonly open: false; readonly reason: string };

const NEXT = 'Nothing of it was written.';

export class OrderEntry {
  readonly #parts: EntryParts;

  constructor(parts: EntryParts) {
    this.#parts = parts;
  }

  place(ticket: OrderTicket, way: WayOut): void {
    const { memory, reports, mark } = this.#parts;
    const { order, brokerOrderId } = ticket;
    const unsent = (why: string): void =>
      reports.report({ kind: 'UNSENT', order, reason: `${why}. ${NEXT}` });
    if (!way.open) return unsent(way.reason);
    const wire = this.#wire(ticket);
    if (!wire.ok) return unsent(wire.reason);
    if (!memory.claim(ticket)) return unsent(`order id ${brokerOrderId} stands for another order`);
    mark.saw(brokerOrderId, this.#parts.clientId);
    const { contract, order: content } = wire;
    way.outlet.send('ORDER', (ib) => void ib.placeOrder(brokerOrderId, contract, content), unsent);
  }

  modify(ticket: OrderTicket, way: WayOut): void {
    const { memory, reports } = this.#parts;
    const { order, brokerOrderId } = ticket;
    const refused = (why: string): void =>
      reports.report({ kind: 'MODIFY_REFUSED', order, reason: `${why}. ${NEXT}` });
    if (!way.open) return refused(way.reason);
    const wire = this.#wire(ticket);
    if (!wire.ok) return refused(wire.reason);
    if (!memory.claim(ticket)) return refused(`order id ${brokerOrderId} stands for another order`);
    const tracked = memory.tracked(order, brokerOrderId);
    // The same message under an id that is free again would be a second order.
    if (tracked.stage === 'ENDED') return refused('the order is over at the broker');
    const change = { ticket, epoch: way.epoch };
    tracked.change = change;
    const { contract, order: content } = wire;
    way.outlet.send(
      'ORDER',
      (ib) => void ib.placeOrder(brokerOrderId, contract, content),
      (why) => {
        if (tracked.change === change) tracked.change = null;
        refused(why);
      },
    );
  }

  cancel({ order, brokerOrderId }: CancelTarget, way: WayOut): void {
    const { memory, reports } = this.#parts;
    const refused = (why: string): void => {
      reports.report({ kind: 'CANCEL_REFUSED', order, reason: `${why}. ${NEXT} Cancel it again.` });
    };
    if (!way.open) return refused(way.reason);
    if (!isOrderId(brokerOrderId)) return refused(`${brokerOrderId} is no order id of this client`);
    const tracked = memory.tracked(order, brokerOrderId);
    tracked.cancelAsked = true;
    way.outlet.send(
      'CANCEL',
      (ib) => void ib.cancelOrder(brokerOrderId),
      (why) => {
        tracked.cancelAsked = false;
        refused(why);
      },
    );
  }

  #wire(ticket: OrderTicket): WireOrder {
    const { instruments, accounts, tag } = this.#parts;
    const instrument = instruments.byKey(ticket.instrument);
    if (instrument === null) {
      return { ok: false, reason: `the session does not know the instrument ${ticket.instrument}` };
    }
    if (!accounts.isOurs(ticket.account)) {
      return { ok: false, reason: `the login does not have the account ${ticket.account}` };
    }
    return toWire(ticket, instruments.contractOf(instrument), tag);
  }
}
