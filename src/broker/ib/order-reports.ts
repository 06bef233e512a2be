/**
 * From what the broker says about orders to reports about ours. What a code or status does depends
 * on the state of the order; what is not decisive changes nothing. Fills are not in here.
 */
import type { Order } from '@stoqey/ib';
import { equals } from '../../domain/decimal';
import type { OrderId } from '../../domain/ids';
import type { BrokerReport } from '../../domain/input';
import { ENDED_WITHOUT_A_WORD } from '../../domain/order';
import type { OrderTicket } from '../../domain/ports';
import { codeEntry, explain } from './codes';
import { stopShown, toPrice, toQuantity } from './mapping';
import { NO_PERM_ID, type OrderMemory, type Tracked } from './order-memory';
import type { Teller } from './talk';

/** A status with what is known of the order it belongs to. */
export interface StatusSeen {
  readonly order: OrderId;
  readonly brokerOrderId: number;
  readonly permId: string;
  readonly status: string;
  readonly whyHeld: string;
}

export interface CodeSeen {
  readonly orderId: number;
  readonly code: number;
  readonly text: string;
}

const CANCELLED: ReadonlySet<string> = new Set(['Cancelled', 'ApiCancelled']);
const ALIVE: ReadonlySet<string> = new Set([
  ...['ApiPending', 'PendingSubmit', 'PendingCancel', 'PreSubmitted', 'Submitted', 'Filled'],
]);
const REJECTED = 201;
const ENDED_OF_ITSELF = /expir/i;
/** What the gateway could not read or accept may be any request that names the order. */
const ANY_REQUEST: ReadonlySet<number> = new Set([320, 321]);
/** Why it cannot be cancelled, where the broker says so: it is over already. */
const CANCELLED_ALREADY = /\bstate: (?:Api)?Cancelled\b/i;

export class OrderReports {
  readonly #memory: OrderMemory;
  readonly #teller: Teller;

  constructor(memory: OrderMemory, teller: Teller) {
    this.#memory = memory;
    this.#teller = teller;
  }

  report(report: BrokerReport): void {
    this.#teller.tell((events) => events.report(report));
  }

  status(seen: StatusSeen): void {
    const tracked = this.#memory.tracked(seen.order, seen.brokerOrderId);
    this.#notDoubled(tracked, seen.permId);
    if (tracked.stage === 'ENDED') return;
    if (ALIVE.has(seen.status)) return this.#accepted(tracked, seen);
    if (CANCELLED.has(seen.status)) return this.#cancelled(tracked, seen.permId);
    if (seen.status === 'Inactive') this.#inactive(tracked, seen);
  }

  /** The terms of an order as the broker has them: what confirms a change. */
  terms(order: OrderId, wire: Order): void {
    const tracked = this.#memory.tracked(order, wire.orderId ?? 0);
    const wanted = tracked.change?.ticket;
    if (wanted === undefined || !sameTerms(wanted, wire)) return;
    tracked.change = null;
    const { quantity, limitPrice } = wanted;
    // A trailing stop may have followed since.
    const stopPrice = wanted.trail === undefined ? wanted.stopPrice : stopShown(wire);
    const stop = stopPrice === null && wanted.stopPrice !== null ? {} : { stopPrice };
    this.report({ kind: 'MODIFIED', order, quantity, limitPrice, ...stop });
  }

  /**
   * All open orders were shown on this connection: changes written to an earlier one are lost. Of
   * one that is not open any more nobody knows: what was executed of it tells.
   */
  settleChanges(epoch: number, open: ReadonlySet<OrderId | null>): void {
    for (const tracked of this.#memory.changing()) {
      if (tracked.change === null || tracked.change.epoch >= epoch) continue;
      if (!open.has(tracked.order)) tracked.change = null;
      else
        this.#keepTerms(tracked, 'the change was lost with the connection; the order is as it was');
    }
  }

  /** An error that names one of our order ids. False: it is about no order of ours. */
  code(seen: CodeSeen): boolean {
    const order = this.#memory.ofError(seen.orderId);
    if (order === null) return false;
    const tracked = this.#memory.tracked(order, seen.orderId);
    const reason = explain(seen.code, seen.text);
    const entry = codeEntry(seen.code);
    switch (entry?.onOrder) {
      case 'REFUSES':
        this.#refused(tracked, seen.code, reason);
        break;
      case 'ENDS':
        this.#ended(tracked, reason);
        break;
      case 'KEEPS_CHANGE':
        if (tracked.change !== null) this.#keepTerms(tracked, reason);
        else this.#remark(tracked, seen.code, reason);
        break;
      case 'KEEPS_ORDER':
        if (CANCELLED_ALREADY.test(seen.text) && !tracked.doubled) this.#ended(tracked, reason);
        else this.#cancelRefused(tracked, reason, false);
        break;
      case 'UNKNOWN_ORDER':
        this.#cancelRefused(tracked, reason, true);
        break;
      default:
        this.#remark(tracked, seen.code, reason);
    }
    return true;
  }

  #accepted(tracked: Tracked, { permId, brokerOrderId }: StatusSeen): void {
    const known = permId === NO_PERM_ID ? tracked.permId : permId;
    if (tracked.stage === 'WORKING' && tracked.permId === known) return;
    tracked.stage = 'WORKING';
    tracked.permId = known;
    const id = tracked.brokerOrderId > 0 ? tracked.brokerOrderId : brokerOrderId;
    this.report({ kind: 'ACCEPTED', order: tracked.order, brokerOrderId: id, permId: known });
  }

  /** Where two orders carry the reference each ends by itself, and each end is told. */
  #cancelled(tracked: Tracked, permId: string): void {
    const { order, cancelAsked, doubled, over } = tracked;
    const reason = cancelAsked ? 'cancelled as asked' : ENDED_WITHOUT_A_WORD;
    const report = { kind: 'CANCELLED', order, reason } as const;
    if (!doubled || over.size > 0) {
      if (!over.has(permId)) this.#end(tracked, report);
      return;
    }
    over.add(permId);
    this.report(report);
  }

  /** Held for a reason that can pass, or refused; the code that comes with it says which. */
  #inactive(tracked: Tracked, seen: StatusSeen): void {
    const why = seen.whyHeld === '' ? 'no reason given' : seen.whyHeld;
    const next = 'It may still fill: look at it in TWS, or cancel it.';
    this.#teller.notice('WARNING', `The broker holds ${tracked.order} back: ${why}. ${next}`, {
      order: tracked.order,
    });
  }

  #refused(tracked: Tracked, code: number, reason: string): void {
    if (tracked.change !== null) return this.#keepTerms(tracked, reason);
    if (tracked.stage === 'ENDED') return this.#remark(tracked, code, reason);
    if (tracked.cancelAsked && ANY_REQUEST.has(code)) {
      return this.#cancelRefused(tracked, reason, false);
    }
    // Once it works, only an outright rejection ends it: other refusals are about something else.
    if (tracked.stage === 'WORKING' && code !== REJECTED) {
      return this.#remark(tracked, code, reason);
    }
    this.#end(tracked, { kind: 'REJECTED', order: tracked.order, reason });
  }

  #ended(tracked: Tracked, reason: string): void {
    const { order } = tracked;
    // It does not say which of two is meant; their statuses do.
    if (tracked.doubled) return this.#remark(tracked, null, reason);
    if (tracked.stage === 'ENDED') {
      // After a cancel of ours it only repeats the status; else it says why.
      if (tracked.cancelAsked) return;
      this.#remark(tracked, null, reason);
      this.report({ kind: 'CANCELLED', order, reason });
      return;
    }
    const expired = !tracked.cancelAsked && ENDED_OF_ITSELF.test(reason);
    this.#end(tracked, { kind: expired ? 'EXPIRED' : 'CANCELLED', order, reason });
  }

  #end(tracked: Tracked, report: BrokerReport): void {
    tracked.stage = 'ENDED';
    tracked.change = null;
    this.report(report);
  }

  #keepTerms(tracked: Tracked, reason: string): void {
    tracked.change = null;
    this.report({ kind: 'MODIFY_REFUSED', order: tracked.order, reason });
  }

  #cancelRefused(tracked: Tracked, reason: string, unknownThere: boolean): void {
    tracked.cancelAsked = false;
    const { order } = tracked;
    this.report({ kind: 'CANCEL_REFUSED', order, reason, unknownThere });
  }

  #remark({ order }: Tracked, code: number | null, message: string): void {
    const level = (code === null ? undefined : codeEntry(code)?.level) ?? 'WARNING';
    this.#teller.notice(code === null ? 'INFO' : level, message, { code, order });
  }

  #notDoubled(tracked: Tracked, permId: string): void {
    const { permId: known, order } = tracked;
    if (known === null || permId === NO_PERM_ID || permId === known || tracked.doubled) return;
    tracked.doubled = true;
    const next = 'Cancel one of them in TWS; nothing new should open in the instrument until then.';
    const message = `Two orders at the broker (${known}, ${permId}) carry ${order}. ${next}`;
    this.#teller.notice('ERROR', message, { order });
  }
}

function sameTerms(ticket: OrderTicket, wire: Order): boolean {
  const quantity = toQuantity(wire.totalQuantity);
  if (quantity === null || !equals(quantity, ticket.quantity)) return false;
  const limit = toPrice(wire.lmtPrice);
  const stop = stopShown(wire);
  return (
    (ticket.limitPrice === null || (limit !== null && equals(limit, ticket.limitPrice))) &&
    (ticket.trail !== undefined ||
      ticket.stopPrice === null ||
      (stop !== null && equals(stop, ticket.stopPrice)))
  );
}
