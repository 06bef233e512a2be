/**
 * The messages about orders: finds whose each is, keeps the list of what the broker has, and hands
 * ours to the reports. Listens whatever the state of the link. Decides nothing itself.
 */
import type { Contract, Order, OrderState, SecType } from '@stoqey/ib';
import { toBrokerOrder, type OrderList } from './order-list';
import type { Accounts } from './accounts';
import { explain } from './codes';
import type { Connection, OrderStatusMessage } from './connection';
import { isOrderId, type OrderIdMark } from './ids';
import type { Instruments } from './instruments';
import { exactInteger } from './mapping';
import { NO_PERM_ID, type OrderMemory } from './order-memory';
import type { OrderReports } from './order-reports';

export interface FeedParts {
  readonly memory: OrderMemory;
  readonly reports: OrderReports;
  readonly list: OrderList;
  readonly instruments: Instruments;
  readonly accounts: Accounts;
  readonly mark: OrderIdMark;
  readonly clientId: number;
}

/** Where the fields stand that tell whose an order is: up to there all versions are alike. */
const OPEN = {
  ...{ kind: '5', orderId: 1, conId: 2, symbol: 3, secType: 4, currency: 10, localSymbol: 11 },
  ...{ account: 20, reference: 23, clientId: 24, permId: 25 },
} as const;
const COMPLETED = { kind: '101', reference: 22, permId: 23 } as const;
const STATUS_PERM_ID = 6;
const REJECTED = 201;
const NUMBER = /^\d+$/;

export class OrderFeed {
  readonly #parts: FeedParts;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    const { list } = this.#parts;
    list.forget();
    connection.on('openOrder', ([orderId, contract, order, state]) => {
      const permId = exactInteger(connection.frame[OPEN.permId], order.permId);
      // An order that only asked what it would cost is none.
      if (order.whatIf !== true) this.#open({ orderId, contract, order, state, permId });
    });
    connection.on('completedOrder', ([contract, order, state]) => {
      const permId = exactInteger(connection.frame[COMPLETED.permId], order.permId);
      this.#completed({ orderId: 0, contract, order, state, permId });
    });
    connection.on('orderStatus', (message) => {
      const permId = exactInteger(connection.frame[STATUS_PERM_ID], message[5]);
      this.#status(message, permId);
    });
    connection.onUndecoded((frame) => this.undecoded(frame));
    connection.on('openOrderEnd', () => list.ended('open'));
    connection.on('completedOrdersEnd', () => list.ended('completed'));
  }

  /** A message that could not be decoded: an order among them must not look as if it were gone. */
  undecoded(frame: readonly string[]): void {
    if (frame[0] === OPEN.kind) this.#openUndecoded(frame);
    if (frame[0] === COMPLETED.kind) this.#completedUndecoded(frame);
  }

  #openUndecoded(frame: readonly string[]): void {
    const { list, memory } = this.#parts;
    const permId = frame[OPEN.permId] ?? '';
    if (!NUMBER.test(permId)) return;
    const [clientId, orderId] = [Number(frame[OPEN.clientId]), Number(frame[OPEN.orderId])];
    const marks = { permId, clientId, brokerOrderId: orderId };
    const order = memory.whose({ permId, clientId, orderId, reference: frame[OPEN.reference] });
    const contract = {
      ...{ conId: Number(frame[OPEN.conId]), symbol: frame[OPEN.symbol] ?? '' },
      ...{ secType: frame[OPEN.secType] as SecType, currency: frame[OPEN.currency] ?? '' },
      localSymbol: frame[OPEN.localSymbol] ?? '',
    };
    const others = order === null && this.#notKept(contract, frame[OPEN.account] ?? '');
    if (others) list.leaveOut(marks);
    else list.unread(marks);
  }

  /** Only ours are looked for among the completed ones. */
  #completedUndecoded(frame: readonly string[]): void {
    const { list, memory } = this.#parts;
    const permId = frame[COMPLETED.permId] ?? '';
    const reference = frame[COMPLETED.reference];
    const readable = NUMBER.test(permId);
    if (readable && memory.whose({ permId, orderId: 0, reference }) === null) return;
    list.completedUnread(permId);
  }

  /** Another account, or certainly no stock: it is said once and has no place in any book. */
  #notKept(contract: Contract, account: string): boolean {
    const { accounts, instruments } = this.#parts;
    return accounts.leavesOut(account) || instruments.leavesOut(contract);
  }

  /** An error that names an order id. False: it is about no order of ours. */
  code(orderId: number, code: number, text: string): boolean {
    const { memory, reports, list, clientId } = this.#parts;
    const order = memory.ofError(orderId);
    if (order !== null) {
      const permId = memory.tracked(order, orderId).permId ?? NO_PERM_ID;
      const marks = { permId, clientId, brokerOrderId: orderId };
      list.note(marks, explain(code, text), code === REJECTED);
    }
    return reports.code({ orderId, code, text });
  }

  #open(seen: OrderSeen): void {
    const { memory, reports, list, mark } = this.#parts;
    const { orderId, order: wire, permId } = seen;
    const { clientId, orderRef: reference } = wire;
    mark.saw(orderId, clientId);
    const order = memory.whose({ reference, permId, clientId, orderId });
    const { status } = seen.state;
    const marks = { permId, clientId: clientId ?? 0, brokerOrderId: orderId };
    const shown = this.#shown(seen, order);
    if (shown !== null) list.show(shown);
    else if (order === null && this.#notKept(seen.contract, wire.account ?? '')) {
      list.leaveOut(marks);
    } else list.status(marks, status, undefined);
    if (order === null) return;
    const brokerOrderId = isOrderId(orderId) ? orderId : 0;
    reports.status({ order, brokerOrderId, permId, status, whyHeld: '' });
    reports.terms(order, wire);
  }

  #completed(seen: OrderSeen): void {
    const { memory, list } = this.#parts;
    const { permId, order: wire, state } = seen;
    const order = memory.whose({ reference: wire.orderRef, permId, orderId: 0 });
    const shown = this.#shown(seen, order);
    if (shown === null) {
      if (order !== null) list.completedUnread(permId);
      return;
    }
    // What is completed and neither filled nor cancelled was refused.
    const status = shown.status === 'WORKING' ? 'REJECTED' : shown.status;
    const known = order === null ? 0 : memory.tracked(order, 0).brokerOrderId;
    list.complete({
      ...{ ...shown, status, brokerOrderId: known },
      reason: state.completedStatus ?? null,
    });
  }

  #status(message: OrderStatusMessage, permId: string): void {
    const [orderId, status, filled, , , , , , clientId, whyHeld = ''] = message;
    const { memory, reports, list, mark } = this.#parts;
    mark.saw(orderId, clientId);
    list.status({ permId, clientId: clientId ?? 0, brokerOrderId: orderId }, status, filled);
    const order = memory.whose({ permId, clientId, orderId });
    if (order === null) return;
    const brokerOrderId = isOrderId(orderId) ? orderId : 0;
    reports.status({ order, brokerOrderId, permId, status, whyHeld });
  }

  /** Null for what cannot be kept: another account, no stock, or no readable side and size. */
  #shown({ contract, order: wire, orderId, permId, state }: OrderSeen, order: string | null) {
    const { accounts, instruments } = this.#parts;
    const { account = '' } = wire;
    if (!accounts.isOurs(account)) {
      accounts.strange(account);
      return null;
    }
    const instrument = instruments.keyOf(contract);
    if (instrument === null) return null;
    const reason =
      state.warningText === undefined || state.warningText === '' ? null : state.warningText;
    const { status } = state;
    const brokerOrderId = orderId;
    return toBrokerOrder({
      order,
      permId,
      brokerOrderId,
      instrument,
      wire,
      contract,
      status,
      reason,
    });
  }
}

interface OrderSeen {
  readonly orderId: number;
  readonly contract: Contract;
  readonly order: Order;
  readonly state: OrderState;
  readonly permId: string;
}
