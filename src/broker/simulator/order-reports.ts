/**
 * What the desk does when the exchange reports: the record of the order, the account, and what one
 * order's fill or end means for its children and its group.
 */
import {
  compare,
  isZero,
  minus,
  money,
  perUnit,
  plus,
  portionOf,
  quantity,
  times,
  toText,
  type Quantity,
} from '../../domain/decimal';
import type { BrokerReport } from '../../domain/input';
import type { DeskCounters, DeskParts } from './order-desk';
import type { GatewayEnd, GatewayExecution, GatewayOrder } from './gateway-records';
import { isLive, type OrderShelf } from './order-shelf';
import { isConditional } from './working-order';
import { ticketOf } from './order-checks';

export interface DeskHands {
  readonly shelf: OrderShelf;
  readonly counters: DeskCounters;
  /** Takes a held order as far as it can go. */
  advance(order: GatewayOrder): void;
  end(order: GatewayOrder, reason: string): void;
  /** As the broker does it for a group: before anything else of it can fill. */
  endAtOnce(order: GatewayOrder, reason: string): void;
}

type FillReport = Extract<BrokerReport, { kind: 'FILL' }>;

/** The broker's execution ids: its own number, ours, and the correction's. */
export function execIdOf(counter: number, correction = 1): string {
  const number = counter.toString(16).padStart(8, '0');
  return `0000e0d5.${number}.01.${String(correction).padStart(2, '0')}`;
}

export class DeskReports {
  /** Executions by the exchange's own id, until their step is over. */
  readonly #step = new Map<string, { execId: string; opened: boolean }>();

  constructor(
    private readonly parts: DeskParts,
    private readonly hands: DeskHands,
  ) {}

  handle(report: BrokerReport): void {
    if (report.kind === 'COMMISSION') {
      this.#commission(report.execId, toText(report.amount));
      return;
    }
    const order = this.hands.shelf.byPermId(Number(report.order));
    if (order === undefined) return;
    switch (report.kind) {
      case 'ACCEPTED':
        this.#works(order);
        break;
      case 'REJECTED':
        this.#rejected(order, report.reason);
        break;
      case 'FILL':
        this.#filled(order, report);
        break;
      case 'ELECTED':
        this.#works(order);
        break;
      case 'MODIFIED':
        this.#modified(order);
        break;
      case 'MODIFY_REFUSED': {
        const text = `Error validating request.-'bC' : cause - ${report.reason}`;
        this.parts.audience.refused(order, { code: 321, text });
        break;
      }
      case 'CANCELLED':
      case 'EXPIRED':
        this.ended(order, order.endReason === '' ? report.reason : order.endReason);
        break;
      case 'UNSENT':
        // Only a link to a broker leaves something unsent; the exchange never says it.
        break;
      case 'CANCEL_REFUSED':
        // The order ended before the request reached the market; its end has been told.
        break;
    }
  }

  /** The order as the exchange has it now. */
  #works(order: GatewayOrder): void {
    const working = this.parts.exchange.record(String(order.permId)) ?? null;
    const waits = isConditional(ticketOf(order)) && working?.elected !== true;
    const status = waits ? 'PreSubmitted' : 'Submitted';
    this.parts.audience.orderChanged(this.hands.shelf.change(order, { status, working }));
  }

  #rejected(order: GatewayOrder, reason: string): void {
    const endedAt = this.parts.now();
    const ended = this.hands.shelf.change(order, {
      ...{ status: 'Inactive', endedAt, endReason: reason, working: null },
    });
    this.parts.audience.refused(order, { code: 201, text: `Order rejected - reason:${reason}` });
    this.parts.audience.orderChanged(ended);
    this.#endChildren(ended);
  }

  #modified(order: GatewayOrder): void {
    const done = compare(quantity(order.filled), quantity(order.order.totalQuantity)) >= 0;
    if (!done) this.#works(order);
    else this.#complete(this.hands.shelf.change(order, this.#filledEnd()));
  }

  #filledEnd(): Partial<GatewayOrder> {
    return { status: 'Filled', endedAt: this.parts.now(), endReason: '', working: null };
  }

  #filled(order: GatewayOrder, report: FillReport): void {
    const { shelf, counters } = this.hands;
    const filled = plus(quantity(order.filled), report.quantity);
    const value = plus(money(order.value), times(report.price, report.quantity));
    const execId = execIdOf(counters.nextExecution);
    counters.nextExecution += 1;
    const fill = {
      ...{ instrument: order.instrument, side: report.side },
      ...{ quantity: toText(report.quantity), price: toText(report.price) },
    };
    const realized = this.parts.books.trade(fill);
    const { permId, clientId, orderId } = order;
    const execution = shelf.putExecution({
      ...{ execId, permId, clientId, orderId, ...fill, at: this.parts.now() },
      ...{ cumulative: toText(filled), averagePrice: toText(perUnit(value, filled)) },
      ...{ orderRef: order.order.orderRef, commission: '0' },
      realized: realized === null ? null : toText(realized),
    });
    this.#step.set(report.execId, { execId, opened: realized === null });
    const whole = compare(filled, quantity(order.order.totalQuantity)) >= 0;
    const changed = shelf.change(order, {
      ...{ filled: toText(filled), value: toText(value), lastFillPrice: fill.price },
      working: this.parts.exchange.record(String(permId)) ?? null,
      status: 'Submitted',
      ...(whole ? this.#filledEnd() : {}),
    });
    this.parts.audience.executed(execution, changed);
    this.#reduceGroup(changed, execution);
    if (whole) this.#complete(changed);
    else this.parts.audience.orderChanged(changed);
  }

  #complete(order: GatewayOrder): void {
    this.parts.audience.orderChanged(order);
    for (const child of this.hands.shelf.children(order)) {
      if (isLive(child) && child.held === 'PARENT') this.hands.advance(child);
    }
  }

  /** What a fill means for the others of its group: cancelled (1) or reduced (2, 3). */
  #reduceGroup(order: GatewayOrder, execution: GatewayExecution): void {
    const { ocaGroup, ocaType } = order.order;
    if (ocaGroup === '') return;
    for (const other of this.hands.shelf.group(ocaGroup)) {
      if (other.permId === order.permId || !isLive(other)) continue;
      // Two children that wait for one parent do not reduce each other before it is filled.
      if (other.permId === this.hands.shelf.parentOf(order)?.permId) continue;
      if (ocaType <= 1 || order.status === 'Filled') {
        this.hands.endAtOnce(other, `OCA group ${ocaGroup}`);
      } else {
        const part = quantity(execution.quantity);
        const open = minus(quantity(order.order.totalQuantity), quantity(order.filled));
        this.#reduce(other, { part, whole: plus(open, part) });
      }
    }
  }

  /** Takes the part off what is open of another order that was filled of what was open here. */
  #reduce(
    other: GatewayOrder,
    filled: { readonly part: Quantity; readonly whole: Quantity },
  ): void {
    const lot = this.parts.listing(other.instrument)?.instrument.lotSize;
    if (lot === undefined) return;
    const total = quantity(other.order.totalQuantity);
    const part = portionOf(minus(total, quantity(other.filled)), filled, lot);
    const reduced = minus(total, part);
    if (isZero(part)) return;
    if (compare(reduced, quantity(other.filled)) <= 0) {
      this.hands.endAtOnce(other, `OCA group ${other.order.ocaGroup}`);
      return;
    }
    const order = { ...other.order, totalQuantity: toText(reduced) };
    const changed = this.hands.shelf.change(other, { order });
    if (changed.held !== null) {
      this.parts.audience.orderChanged(changed);
      return;
    }
    const { exchange, now } = this.parts;
    const report = exchange.byBroker(String(other.permId), reduced, now());
    if (report !== null) this.handle(report);
  }

  #commission(exchangeId: string, amount: string): void {
    const noted = this.#step.get(exchangeId);
    const execution = noted && this.hands.shelf.execution(noted.execId);
    const order = execution && this.hands.shelf.byPermId(execution.permId);
    if (noted === undefined || execution === undefined || order === undefined) return;
    this.parts.books.charge(execution.instrument, money(amount), noted.opened);
    const { realized } = execution;
    this.hands.shelf.putExecution({
      ...execution,
      commission: amount,
      realized: realized === null ? null : toText(minus(money(realized), money(amount))),
    });
    const commission = toText(plus(money(order.commission), money(amount)));
    this.hands.shelf.change(order, { commission });
  }

  /** After a step: every execution of it with what it cost. */
  tellCommissions(): void {
    for (const { execId } of this.#step.values()) {
      const execution = this.hands.shelf.execution(execId);
      if (execution !== undefined) this.parts.audience.commissioned(execution);
    }
    this.#step.clear();
  }

  /** The end of an order without a (further) fill, told as its time in force asks. */
  ended(order: GatewayOrder, reason: string): void {
    const { audience } = this.parts;
    const { tif } = order.order;
    const status: GatewayEnd = tif === 'FOK' && order.endReason === '' ? 'Inactive' : 'Cancelled';
    const ended = this.hands.shelf.change(order, {
      ...{ status, endedAt: this.parts.now(), endReason: reason, working: null, held: null },
    });
    const byItself = order.held === null && reason.startsWith(`${tif}:`);
    if (order.held === 'TRANSMIT') {
      // The client never heard of a status of it.
    } else if (byItself && tif === 'IOC') audience.statusChanged(order, 'PendingCancel');
    audience.statusChanged(ended);
    if (!(byItself && (tif === 'IOC' || tif === 'FOK'))) {
      const why = byItself ? 'At the open order can not be executed' : toldReason(reason);
      audience.refused(ended, { code: 202, text: `Order Canceled - reason:${why}` });
    }
    this.#endChildren(ended);
  }

  /** Children of an order that ended without being completely filled end with it. */
  #endChildren(order: GatewayOrder): void {
    for (const child of this.hands.shelf.children(order)) {
      if (isLive(child)) this.hands.end(child, 'the parent order has ended');
    }
  }
}

/** The client's own wish needs no reason. */
function toldReason(reason: string): string {
  return reason === 'cancelled on request' ? '' : reason;
}
