/**
 * The broker's order desk in front of the exchange: what a client may place, change and cancel,
 * what waits for its parent, its conditions or the opening, and what an order's end means for
 * others. Knows no wire and no store: it tells its audience, and keeps records that somebody
 * writes down.
 */
import { minus, quantity, signOf, toText } from '../../domain/decimal';
import type { Trade } from '../../domain/market';
import type { BrokerReport } from '../../domain/input';
import type { Exchange } from './exchange';
import type { GatewayExecution, GatewayOrder, Held } from './gateway-records';
import type { GatewayBooks } from './gateway-books';
import type { Listing } from './market';
import { refusalOf, ticketOf, type Refusal } from './order-checks';
import { conditionsHold } from './order-conditions';
import { changeOrder } from './order-changes';
import { DeskReports } from './order-reports';
import { isLive, OrderShelf } from './order-shelf';
import type { PlaceRequest, WireOrder } from './tws-order-fields';

/** Who is told what the desk does; whether anybody hears it is not the desk's matter. */
export interface DeskAudience {
  /** An order is there, or has other terms or another status. */
  orderChanged(order: GatewayOrder): void;
  /** Only the status is told, as for an order that ended. */
  statusChanged(order: GatewayOrder, status?: string): void;
  executed(execution: GatewayExecution, order: GatewayOrder): void;
  commissioned(execution: GatewayExecution): void;
  /** About an order of a client, whether the order exists or not. */
  refused(place: { readonly clientId: number; readonly orderId: number }, why: Refusal): void;
  whatIf(order: GatewayOrder): void;
}

export interface DeskParts {
  readonly exchange: Exchange;
  readonly books: GatewayBooks;
  readonly audience: DeskAudience;
  /** Market time. */
  readonly now: () => number;
  readonly listing: (key: string) => Listing | undefined;
  readonly listingOf: (contract: PlaceRequest['contract']) => Listing | undefined;
  readonly lastPrice: (conId: number) => string | undefined;
  readonly inSession: () => boolean;
}

/** Counters that must never go back. */
export interface DeskCounters {
  nextPermId: number;
  nextExecution: number;
  nextPlace: number;
}

export class OrderDesk {
  readonly shelf = new OrderShelf();
  readonly counters: DeskCounters = { nextPermId: 1_000_001, nextExecution: 1, nextPlace: 1 };
  readonly #parts: DeskParts;
  readonly #reports: DeskReports;
  /** Refuses the next new order with this; for tests of whoever is connected. */
  rejectNext: Refusal | null = null;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#reports = new DeskReports(parts, {
      shelf: this.shelf,
      counters: this.counters,
      advance: (order) => this.advance(order),
      end: (order, reason) => this.end(order, reason),
      endAtOnce: (order, reason) => this.#endAtOnce(order, reason),
    });
  }

  /** A new order, or other terms for one that lives. */
  place(clientId: number, request: PlaceRequest): void {
    const { orderId } = request;
    const known = this.shelf.byClient(clientId, orderId);
    if (known !== undefined) {
      const changed = changeOrder(this.#parts, this, { known, request });
      if (changed !== null) this.#refuse(known, changed);
      return;
    }
    const place = { clientId, orderId };
    if (orderId <= this.shelf.highest(clientId)) {
      this.#refuse(place, { code: 103, text: 'Duplicate order id' });
      return;
    }
    if (!request.order.whatIf) this.shelf.use(clientId, orderId);
    const listing = this.#parts.listingOf(request.contract);
    const refusal = this.#refusalOfNew(clientId, request, listing);
    if (refusal !== null || listing === undefined) {
      this.#refuse(place, refusal ?? UNKNOWN_CONTRACT);
      return;
    }
    const order = this.#newOrder(clientId, request, listing);
    if (request.order.whatIf) {
      this.#parts.audience.whatIf(order);
      return;
    }
    this.shelf.put(order);
    if (request.order.transmit) this.transmit(order);
  }

  #refusalOfNew(
    clientId: number,
    request: PlaceRequest,
    listing: Listing | undefined,
  ): Refusal | null {
    if (listing === undefined) return UNKNOWN_CONTRACT;
    const refusal = refusalOf(request, listing);
    if (refusal !== null) return refusal;
    if (this.rejectNext !== null) {
      const forced = this.rejectNext;
      this.rejectNext = null;
      return forced;
    }
    const { parentId, ocaGroup, ocaType } = request.order;
    if (parentId > 0) {
      const parent = this.shelf.byClient(clientId, parentId);
      if (parent === undefined) {
        return { code: 10006, text: `Missing parent order: ${parentId}` };
      }
      if (!isLive(parent) && parent.status !== 'Filled') {
        return rejected('the parent order is cancelled');
      }
    }
    const closed = this.shelf.group(ocaGroup).some((other) => other.status === 'Filled');
    if (ocaGroup !== '' && ocaType <= 1 && closed) {
      return rejected(`OCA group ${ocaGroup} is already filled`);
    }
    return null;
  }

  #newOrder(clientId: number, request: PlaceRequest, listing: Listing): GatewayOrder {
    const permId = request.order.whatIf ? 0 : this.counters.nextPermId;
    if (!request.order.whatIf) this.counters.nextPermId += 1;
    return {
      ...{ permId, clientId, orderId: request.orderId, instrument: listing.instrument.key },
      contract: { ...request.contract, conId: listing.conId, symbol: listing.instrument.symbol },
      order: this.#withImpliedGroup(clientId, request.order),
      ...{ status: 'ApiPending', held: 'TRANSMIT', filled: '0', value: '0' },
      ...{ lastFillPrice: '0', commission: '0', working: null, place: 0 },
      ...{ createdAt: this.#parts.now(), endedAt: null, endReason: '' },
    };
  }

  /** Children of one parent reduce each other, as the broker has it, unless they say otherwise. */
  #withImpliedGroup(clientId: number, order: WireOrder): WireOrder {
    const parent = this.shelf.byClient(clientId, order.parentId);
    if (order.parentId <= 0 || parent === undefined || order.ocaGroup !== '') return order;
    return { ...order, ocaGroup: String(parent.permId), ocaType: 3 };
  }

  /** Lets an order go, with the parent and the siblings that waited for the last of them. */
  transmit(order: GatewayOrder): void {
    const parent = this.shelf.parentOf(order);
    const family = parent === undefined ? [] : [parent, ...this.shelf.children(parent)];
    for (const member of [...family, order]) {
      const current = this.shelf.get(member.permId, member);
      if (current.held === 'TRANSMIT' && isLive(current)) this.advance(current);
    }
  }

  /** Takes an order as far as it can go: to the next thing it has to wait for, or to the market. */
  advance(order: GatewayOrder): void {
    const held = this.#heldBy(order);
    if (held === null) this.submit(order);
    else if (held !== order.held || order.status === 'ApiPending') {
      const waiting = this.shelf.change(order, { held, status: 'PreSubmitted' });
      this.#parts.audience.orderChanged(waiting);
    }
  }

  #heldBy(order: GatewayOrder): Held | null {
    const parent = this.shelf.parentOf(order);
    if (parent !== undefined && parent.status !== 'Filled') return 'PARENT';
    if (!conditionsHold(order.order.conditions, this.#parts)) return 'CONDITION';
    if (order.order.tif === 'OPG' && this.#parts.inSession()) return 'OPEN';
    return null;
  }

  /** To the exchange, behind what is there. */
  submit(order: GatewayOrder): void {
    const { exchange, now } = this.#parts;
    const place = this.counters.nextPlace;
    this.counters.nextPlace += 1;
    const status = order.status === 'ApiPending' ? 'PreSubmitted' : order.status;
    this.shelf.change(order, { held: null, place, status });
    exchange.place(ticketOf(order), now());
    this.settle();
  }

  /** Cancels an order of a client. */
  cancel(clientId: number, orderId: number): void {
    const order = this.shelf.byClient(clientId, orderId);
    const place = { clientId, orderId };
    if (order === undefined) {
      const text = `OrderId ${orderId} that needs to be cancelled is not found.`;
      this.#refuse(place, { code: 10147, text });
    } else if (order.status === 'Filled') {
      const state = `order permId=${order.permId}`;
      const text = `Cancel attempted when order is not in a cancellable state, ${state}.`;
      this.#refuse(place, { code: 161, text });
    } else if (!isLive(order)) {
      const text = `OrderId ${orderId} that needs to be cancelled can not be cancelled`;
      this.#refuse(place, { code: 10148, text: `${text}, state: ${order.status}.` });
    } else {
      this.end(order, '');
    }
  }

  /** Cancels whatever lives, whoever placed it. */
  cancelAll(): void {
    for (const order of this.shelf.live()) {
      if (isLive(this.shelf.get(order.permId, order))) this.end(order, '');
    }
  }

  /** Asks for the end of a live order, wherever it is held. */
  end(order: GatewayOrder, reason: string): void {
    const current = this.shelf.get(order.permId, order);
    if (!isLive(current)) return;
    if (current.held !== null) {
      this.#reports.ended(current, reason);
      return;
    }
    const { exchange, now } = this.#parts;
    this.shelf.change(current, { endReason: reason });
    exchange.cancel(String(current.permId), now());
    if (!exchange.hasDue(now())) this.#parts.audience.statusChanged(current, 'PendingCancel');
    this.settle();
  }

  /** The same by the broker itself: without the way to the exchange. */
  #endAtOnce(order: GatewayOrder, reason: string): void {
    const current = this.shelf.get(order.permId, order);
    if (!isLive(current)) return;
    if (current.held !== null) {
      this.#reports.ended(current, reason);
      return;
    }
    const { exchange, now, audience } = this.#parts;
    this.shelf.change(current, { endReason: reason });
    const report = exchange.byBroker(String(current.permId), 'ENDED', now());
    if (report === null) audience.statusChanged(current, 'PendingCancel');
    else this.#handle(report);
  }

  /** Handles every request that has reached the exchange by now. */
  settle(): void {
    const { exchange, now } = this.#parts;
    for (const { report } of exchange.settle(now())) this.#handle(report);
  }

  /** A trade of the market, after which held orders are looked at. */
  trade(trade: Trade): void {
    this.settle();
    for (const { report } of this.#parts.exchange.match(trade)) this.#handle(report);
    this.#reports.tellCommissions();
    for (const order of this.shelf.live()) {
      if (order.held === 'CONDITION') this.advance(order);
      if (order.order.orderType.toUpperCase() === 'TRAIL' && order.held === null) {
        this.#keepTrail(order);
      }
    }
  }

  /** Orders that waited for the opening go to the market. */
  sessionOpens(): void {
    for (const order of this.shelf.live()) if (order.held === 'OPEN') this.submit(order);
  }

  /** Orders of the day end with it. */
  sessionCloses(): void {
    for (const order of this.shelf.live()) {
      const { tif } = this.shelf.get(order.permId, order).order;
      const untilCancelled = tif === 'GTC' || (tif === 'OPG' && order.held === 'OPEN');
      if (!untilCancelled) this.end(order, 'the session has ended');
    }
  }

  /** Puts kept orders back as they were, those at the exchange in their places. */
  restore(orders: readonly GatewayOrder[], executions: readonly GatewayExecution[]): void {
    for (const order of [...orders].sort((a, b) => a.permId - b.permId)) this.shelf.put(order);
    for (const execution of [...executions].sort(byNumber)) this.shelf.putExecution(execution);
    this.shelf.takeChanged();
    const working = orders.filter((order) => isLive(order) && order.held === null);
    for (const order of working.sort((a, b) => a.place - b.place)) {
      if (order.working === null) this.#parts.exchange.place(ticketOf(order), this.#parts.now());
      else this.#parts.exchange.restore(ticketOf(order), order.working);
    }
    this.settle();
  }

  #handle(report: BrokerReport): void {
    this.#reports.handle(report);
  }

  /** A trailing stop moves without a report; it has to be kept all the same. */
  #keepTrail(order: GatewayOrder): void {
    const working = this.#parts.exchange.record(String(order.permId));
    if (working !== undefined && working.stopAt !== order.working?.stopAt) {
      this.shelf.change(order, { working });
    }
  }

  #refuse(place: { readonly clientId: number; readonly orderId: number }, why: Refusal): void {
    this.#parts.audience.refused(place, why);
  }
}

const UNKNOWN_CONTRACT: Refusal = {
  code: 200,
  text: 'No security definition has been found for the request',
};

function rejected(why: string): Refusal {
  return { code: 201, text: `Order rejected - reason:${why}` };
}

function byNumber(a: GatewayExecution, b: GatewayExecution): number {
  return a.execId < b.execId ? -1 : a.execId > b.execId ? 1 : 0;
}

/** What is left of an order, as text. */
export function remainingOf(order: GatewayOrder): string {
  const left = minus(quantity(order.order.totalQuantity), quantity(order.filled));
  return signOf(left) > 0 ? toText(left) : '0';
}
