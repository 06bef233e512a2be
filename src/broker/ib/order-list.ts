/**
 * The orders the broker has, as it showed them: kept up to date by every message, and complete once
 * the end of a list has come. An order whose details could not be read makes its list incomplete;
 * one that is not ours to keep is left out, with whatever is said of it. Knows no report.
 */
import type { Contract, Order } from '@stoqey/ib';
import type { BrokerOrder } from '../../domain/broker-link';
import { NO_QUANTITY, type Price } from '../../domain/decimal';
import type { InstrumentKey, OrderId } from '../../domain/ids';
import { isOrderId } from './ids';
import { sideOf, stopShown, toPrice, toQuantity } from './mapping';
import { NO_PERM_ID } from './order-memory';

/** One order as a message shows it. */
export interface Shown {
  readonly order: OrderId | null;
  readonly permId: string;
  readonly brokerOrderId: number;
  readonly instrument: InstrumentKey;
  readonly wire: Order;
  readonly contract: Contract;
  readonly status: string;
  readonly reason: string | null;
}

/** What any message says of the order it is about. */
export interface OrderMarks {
  /** '0': the broker has not given one yet. */
  readonly permId: string;
  readonly clientId: number;
  readonly brokerOrderId: number;
}

/** Stands where a real one, which is a number, is not there yet. */
const unnamed = ({ clientId, brokerOrderId }: Omit<OrderMarks, 'permId'>): string =>
  `none:${clientId}/${brokerOrderId}`;

const ENDED: ReadonlyMap<string, BrokerOrder['status']> = new Map([
  ['Filled', 'FILLED'],
  ['Cancelled', 'CANCELLED'],
  ['ApiCancelled', 'CANCELLED'],
]);

/** Whatever is not certainly over may still fill. */
export function statusOf(word: string): BrokerOrder['status'] {
  return ENDED.get(word) ?? 'WORKING';
}

/** Zero stands for "none" in both price fields. */
const priceOf = (value: number | undefined): Price | null => (value === 0 ? null : toPrice(value));

/** Null when side or quantity cannot be read. */
export function toBrokerOrder(shown: Shown): BrokerOrder | null {
  const { wire, order, permId, brokerOrderId, instrument, reason } = shown;
  const side = sideOf(wire.action);
  const quantity = toQuantity(wire.totalQuantity);
  if (side === null || quantity === null || wire.account === undefined) return null;
  return {
    ...{ order, brokerOrderId, permId, instrument, side, quantity, reason },
    clientId: wire.clientId ?? 0,
    account: wire.account,
    filled: toQuantity(wire.filledQuantity) ?? NO_QUANTITY,
    limitPrice: priceOf(wire.lmtPrice),
    stopPrice: stopShown(wire),
    status: statusOf(shown.status),
  };
}

export class OrderList {
  /** By the account-wide id, or by what stands for it until it is there. */
  readonly #orders = new Map<string, BrokerOrder>();
  readonly #completed = new Map<string, BrokerOrder>();
  /** Shown or changed since the broker was asked for its open orders. */
  #shown = new Set<string>();
  /** Alive by their status, and never shown. */
  #unread = new Set<string>();
  /** Shown, and certainly nothing that books are kept of. */
  #leftOut = new Set<string>();
  /** Listed as completed, and not to be decoded. */
  readonly #completedUnread = new Set<string>();

  /** Ends that are still to come: while one is, a late one must not make a part look whole. */
  readonly #awaited = new Set<'open' | 'completed'>();

  /** A new connection: what was shown on the one before is no evidence. */
  forget(): void {
    this.#awaited.clear();
    this.begin();
  }

  /** The broker is about to be asked for everything. */
  begin(): void {
    if (!this.#awaited.has('open')) {
      this.#shown = new Set();
      this.#unread = new Set();
      this.#leftOut = new Set();
    }
    if (!this.#awaited.has('completed')) {
      this.#completed.clear();
      this.#completedUnread.clear();
    }
    this.#awaited.add('open').add('completed');
  }

  /** The end of one of the two lists has come. */
  ended(list: 'open' | 'completed'): void {
    this.#awaited.delete(list);
  }

  show(order: BrokerOrder): void {
    const permId = this.#keyOf(order);
    const before = this.#orders.get(permId);
    const filled = before?.filled ?? order.filled;
    this.#orders.set(permId, { ...order, permId, filled });
    this.#shown.add(permId);
    this.#unread.delete(permId);
  }

  /** A status message: it may come for an order whose details were never readable. */
  status(marks: OrderMarks, word: string, filled: number | undefined): void {
    const permId = this.#keyOf(marks);
    const before = this.#orders.get(permId);
    const status = statusOf(word);
    if (before === undefined) {
      if (status === 'WORKING' && !this.#leftOut.has(permId)) this.#unread.add(permId);
      else this.#unread.delete(permId);
      return;
    }
    this.#orders.set(permId, { ...before, status, filled: toQuantity(filled) ?? before.filled });
  }

  /** A message about an order that could not be decoded. */
  unread(marks: OrderMarks): void {
    this.#unread.add(this.#keyOf(marks));
  }

  /** A readable message about an order that is not ours to keep: its status counts for nothing. */
  leaveOut(marks: OrderMarks): void {
    const permId = this.#keyOf(marks);
    this.#leftOut.add(permId);
    this.#unread.delete(permId);
  }

  /** What the broker said last about it, and whether that ended it. */
  note(marks: OrderMarks, reason: string, rejected: boolean): void {
    const permId = this.#keyOf(marks);
    const before = this.#orders.get(permId);
    if (before === undefined) return;
    const status = rejected ? 'REJECTED' : before.status;
    this.#orders.set(permId, { ...before, reason, status });
  }

  complete(order: BrokerOrder): void {
    const { permId: named } = order;
    // Nothing else tells two of these apart.
    const permId = named === NO_PERM_ID ? `none:completed/${this.#completed.size}` : named;
    this.#completed.set(permId, { ...order, permId });
    this.#completedUnread.delete(named);
  }

  /** A completed order that could not be decoded; the id as far as it could be read. */
  completedUnread(permId: string): void {
    this.#completedUnread.add(permId);
  }

  /** Broker ids of orders that are alive and whose details nobody could read. */
  get unreadable(): readonly string[] {
    return [...this.#unread];
  }

  open(): readonly BrokerOrder[] {
    for (const [permId, { status }] of this.#orders) {
      if (status !== 'WORKING' || !this.#shown.has(permId)) this.#orders.delete(permId);
    }
    return [...this.#orders.values()];
  }

  /** Null: an order of the list could not be read, so that nobody knows which are not in it. */
  completed(): readonly BrokerOrder[] | null {
    return this.#completedUnread.size > 0 ? null : [...this.#completed.values()];
  }

  /** An order that has got its account-wide id is the one that was shown without it. */
  #keyOf(marks: OrderMarks): string {
    const { permId, clientId, brokerOrderId } = marks;
    const stand = unnamed(marks);
    if (permId === NO_PERM_ID) {
      if (!isOrderId(brokerOrderId) || this.#orders.has(stand)) return stand;
      const same = [...this.#orders.values()].find(
        (each) => each.clientId === clientId && each.brokerOrderId === brokerOrderId,
      );
      return same?.permId ?? stand;
    }
    if (!isOrderId(brokerOrderId)) return permId;
    const before = this.#orders.get(stand);
    if (before !== undefined) this.#orders.set(permId, { ...before, permId });
    this.#orders.delete(stand);
    for (const set of [this.#shown, this.#unread, this.#leftOut])
      if (set.delete(stand)) set.add(permId);
    return permId;
  }
}
