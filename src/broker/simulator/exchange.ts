/**
 * The pure exchange: orders and trades in, reports out. No clock, no socket, no randomness but its
 * seed. Reports come one at a time, so that whoever drives it can answer each before the next order
 * is looked at; over a wire nobody does, and the same code runs.
 */
import {
  addSteps,
  compare,
  isMultipleOf,
  larger,
  minus,
  plus,
  price,
  signOf,
  smaller,
  times,
  toText,
  fractionOf,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey, OrderId } from '../../domain/ids';
import type { BrokerReport } from '../../domain/input';
import type { Instrument } from '../../domain/instrument';
import type { Trade } from '../../domain/market';
import { BrokerAccounts } from './accounts';
import { commissionOf, type CommissionSchedule } from './commission';
import { between, seededRandom } from './random';
import {
  endsAtOnce,
  fillsAt,
  follow,
  isConditional,
  isLimited,
  isReached,
  left,
  recordOf,
  resume,
  startWorking,
  trailsAlike,
  type ExchangeTicket,
  type Working,
  type WorkingRecord,
} from './working-order';

export interface ExchangeSettings {
  readonly seed: number;
  /** Milliseconds a request takes to reach the market, drawn evenly. */
  readonly latency: { readonly min: number; readonly max: number };
  /** Chance, 0 to 1, that a fill takes only a part of what is left. */
  readonly partialFills: number;
  /** Most ticks by which a market order fills worse than the trade, drawn evenly from zero. */
  readonly slippageTicks: number;
  readonly commission: CommissionSchedule;
}

/** No latency, whole fills, no slippage, no commission. */
export const PLAIN_SETTINGS: ExchangeSettings = Object.freeze({
  seed: 1,
  latency: Object.freeze({ min: 0, max: 0 }),
  partialFills: 0,
  slippageTicks: 0,
  commission: 'none',
});

/** The prices of an order as they shall be; null where its type has none. */
export interface NewPrices {
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly trail?: NonNullable<ExchangeTicket['trail']>;
  readonly timeInForce?: ExchangeTicket['timeInForce'];
}

export interface StampedReport {
  readonly at: number;
  readonly report: BrokerReport;
}

const BY_BROKER = 'cancelled by the broker';

interface Request {
  readonly due: number;
  readonly instrument: InstrumentKey | undefined;
  readonly run: () => BrokerReport;
}

export class Exchange {
  readonly accounts = new BrokerAccounts();
  readonly #settings: ExchangeSettings;
  readonly #random: () => number;
  readonly #instruments = new Map<InstrumentKey, Instrument>();
  readonly #orders = new Map<OrderId, Working>();
  /** Working orders of each instrument in the order in which they fill. */
  readonly #books = new Map<InstrumentKey, Working[]>();
  readonly #lastDue = new Map<OrderId, number>();
  readonly #instrumentOf = new Map<OrderId, InstrumentKey>();
  #requests: Request[] = [];
  #trades = 0;
  #executions = 0;

  constructor(settings: ExchangeSettings = PLAIN_SETTINGS) {
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
  }

  list(instrument: Instrument): void {
    this.#instruments.set(instrument.key, instrument);
  }

  /** Asks for an order; it reaches the market after the latency. */
  place(ticket: ExchangeTicket, at: number): void {
    if (!this.#instrumentOf.has(ticket.order)) {
      this.#instrumentOf.set(ticket.order, ticket.instrument);
    }
    this.#request(ticket.order, at, () => this.#accept(ticket));
  }

  /** Asks for another total quantity. */
  modify(order: OrderId, quantity: Quantity, at: number): void {
    this.#request(order, at, () => this.#change(order, quantity));
  }

  /** Asks for other prices; the order goes behind the orders of its rank. */
  reprice(order: OrderId, prices: NewPrices, at: number): void {
    this.#request(order, at, () => this.#changePrices(order, prices));
  }

  /** Asks for the end of an order. */
  cancel(order: OrderId, at: number): void {
    this.#request(order, at, () => this.#end(order, 'CANCELLED', 'cancelled on request'));
  }

  /**
   * The broker's own hand, for a group: at once where the order works, so that no other of it
   * fills meanwhile; and again behind what is on its way there. Null: only that is waited for.
   */
  byBroker(order: OrderId, to: Quantity | 'ENDED', at: number): BrokerReport | null {
    const run = (): BrokerReport =>
      to === 'ENDED' ? this.#end(order, 'CANCELLED', BY_BROKER) : this.#change(order, to);
    const due = this.#lastDue.get(order) ?? at;
    const instrument = this.#instrumentOf.get(order);
    if (due > at) this.#requests.push({ due, run, instrument });
    return this.#orders.get(order)?.done === false ? run() : null;
  }

  /** Requests of one order arrive in the order they were made. */
  #request(order: OrderId, at: number, run: () => BrokerReport): void {
    const { min, max } = this.#settings.latency;
    const drawn = at + (max > 0 ? between(this.#random, min, max) : 0);
    const due = Math.max(drawn, this.#lastDue.get(order) ?? drawn);
    this.#lastDue.set(order, due);
    this.#requests.push({ due, run, instrument: this.#instrumentOf.get(order) });
  }

  /**
   * Reports of all requests that have reached the market by this time, in order of arrival; of one
   * instrument only where one is named.
   */
  *settle(now: number, only?: InstrumentKey): Generator<StampedReport> {
    for (;;) {
      let next: Request | undefined;
      for (const request of this.#requests) {
        if (only !== undefined && request.instrument !== only) continue;
        if (request.due <= now && (next === undefined || request.due < next.due)) next = request;
      }
      if (next === undefined) return;
      this.#requests = this.#requests.filter((request) => request !== next);
      yield { at: next.due, report: next.run() };
    }
  }

  /** Whether a request has reached the market by this time. */
  hasDue(now: number): boolean {
    return this.#requests.some((request) => request.due <= now);
  }

  /** Whether a trade of the instrument could do anything here. */
  hasWork(instrument: InstrumentKey): boolean {
    return (this.#books.get(instrument)?.length ?? 0) > 0;
  }

  /** A trade of the market: first working orders fill, then stops are looked at. */
  *match(trade: Trade): Generator<StampedReport> {
    this.#trades += 1;
    const now = this.#trades;
    const { at } = trade;
    for (const order of [...(this.#books.get(trade.instrument) ?? [])]) {
      if (order.done || order.after >= now) continue;
      if (fillsAt(order, trade.price)) {
        for (const report of this.#fill(order, trade)) yield { at, report };
      }
      // What stands here may have been ended by whoever answered the fill.
      if (endsAtOnce(order.ticket) && !order.done) {
        const reason = `${order.ticket.timeInForce}: nothing more at the first trade`;
        yield { at, report: this.#end(order.ticket.order, 'CANCELLED', reason) };
      }
    }
    for (const order of [...(this.#books.get(trade.instrument) ?? [])]) {
      if (order.done || order.after >= now || order.elected) continue;
      if (!isConditional(order.ticket)) continue;
      const tick = this.#instruments.get(order.ticket.instrument)?.tickSize;
      if (isReached(order, trade.price)) {
        order.elected = true;
        const { order: id } = order.ticket;
        yield { at, report: { kind: 'ELECTED', order: id, price: price(trade.priceText) } };
      } else if (tick !== undefined) follow(order, price(trade.priceText), tick);
    }
  }

  /** The end of the session or of the recording: what works in the instrument expires. */
  *expire(instrument: InstrumentKey, at: number, reason: string): Generator<StampedReport> {
    for (;;) {
      for (const late of this.settle(Infinity, instrument)) yield { ...late, at };
      const [order] = this.#books.get(instrument) ?? [];
      if (order === undefined) return;
      yield { at, report: this.#end(order.ticket.order, 'EXPIRED', reason) };
    }
  }

  #accept(ticket: ExchangeTicket): BrokerReport {
    const fault = this.#faultOf(ticket);
    const { order } = ticket;
    if (fault !== null) return { kind: 'REJECTED', order, reason: fault };
    const brokerOrderId = this.#orders.size + 1;
    const working = startWorking(ticket, { brokerOrderId, after: this.#trades });
    this.#orders.set(order, working);
    this.#enter(working);
    return { kind: 'ACCEPTED', order, brokerOrderId, permId: String(brokerOrderId) };
  }

  /** Behind every order of its rank; found by halving, so that a long book stays cheap. */
  #enter(working: Working): void {
    const book = this.#books.get(working.ticket.instrument) ?? [];
    let [from, to] = [0, book.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((book[middle]?.ticket.rank ?? 0) > working.ticket.rank) to = middle;
      else from = middle + 1;
    }
    book.splice(from, 0, working);
    this.#books.set(working.ticket.instrument, book);
  }

  #faultOf(ticket: ExchangeTicket): string | null {
    const instrument = this.#instruments.get(ticket.instrument);
    if (instrument === undefined) return `no instrument ${ticket.instrument} is listed`;
    if (!this.accounts.has(ticket.account)) return `no account ${ticket.account}`;
    if (this.#orders.has(ticket.order)) return `order id ${ticket.order} was used before`;
    if (signOf(ticket.quantity) <= 0) return 'the quantity is not above zero';
    if (!isMultipleOf(ticket.quantity, instrument.lotSize)) return 'the quantity is off the lot';
    return this.#priceFaultOf(ticket);
  }

  #priceFaultOf(ticket: ExchangeTicket): string | null {
    const instrument = this.#instruments.get(ticket.instrument);
    const limited = isLimited(ticket);
    const trailing = ticket.type === 'TRAILING_STOP';
    const conditional = isConditional(ticket) && (!trailing || ticket.stopPrice !== null);
    if (trailing !== (ticket.trail !== undefined)) return 'a distance belongs to trailing stops';
    if (limited !== (ticket.limitPrice !== null)) return 'limit price and order type do not agree';
    if (conditional !== (ticket.stopPrice !== null))
      return 'stop price and order type do not agree';
    for (const stated of [ticket.limitPrice, ticket.stopPrice]) {
      if (stated === null) continue;
      if (signOf(stated) <= 0) return 'the price is not above zero';
      if (instrument !== undefined && !isMultipleOf(stated, instrument.tickSize))
        return 'the price is off the tick';
    }
    return null;
  }

  #change(id: OrderId, quantity: Quantity): BrokerReport {
    const working = this.#orders.get(id);
    if (working === undefined || working.done) {
      return { kind: 'MODIFY_REFUSED', order: id, reason: 'the order is not working' };
    }
    const lot = this.#instruments.get(working.ticket.instrument)?.lotSize;
    if (signOf(quantity) <= 0 || (lot !== undefined && !isMultipleOf(quantity, lot))) {
      return { kind: 'MODIFY_REFUSED', order: id, reason: 'the quantity is off the lot' };
    }
    working.quantity = larger(quantity, working.filled);
    if (compare(working.filled, working.quantity) >= 0) this.#remove(working);
    return { kind: 'MODIFIED', order: id, quantity: working.quantity };
  }

  #changePrices(id: OrderId, prices: NewPrices): BrokerReport {
    const working = this.#orders.get(id);
    if (working === undefined || working.done) {
      return { kind: 'MODIFY_REFUSED', order: id, reason: 'the order is not working' };
    }
    const ticket: ExchangeTicket = { ...working.ticket, ...prices };
    const fault = this.#priceFaultOf(ticket);
    if (fault !== null) return { kind: 'MODIFY_REFUSED', order: id, reason: fault };
    this.#remove(working);
    const { brokerOrderId } = working;
    const changed = startWorking(ticket, { brokerOrderId, after: this.#trades });
    const kept = trailsAlike(ticket, working.ticket) ? working.stopAt : ticket.stopPrice;
    resume(changed, { ...recordOf(working), stopAt: kept === null ? null : toText(kept) });
    this.#orders.set(id, changed);
    this.#enter(changed);
    return { kind: 'MODIFIED', order: id, quantity: changed.quantity };
  }

  #end(id: OrderId, kind: 'CANCELLED' | 'EXPIRED', reason: string): BrokerReport {
    const working = this.#orders.get(id);
    if (working === undefined || working.done) {
      return { kind: 'CANCEL_REFUSED', order: id, reason: 'the order is not working' };
    }
    this.#remove(working);
    return { kind, order: id, reason };
  }

  #remove(working: Working): void {
    working.done = true;
    const book = this.#books.get(working.ticket.instrument) ?? [];
    book.splice(book.indexOf(working), 1);
  }

  *#fill(working: Working, trade: Trade): Generator<BrokerReport> {
    const { ticket } = working;
    const { order, account, instrument, side } = ticket;
    const quantity = this.#quantityOf(working);
    const fillPrice = this.#priceOf(working, trade);
    this.#executions += 1;
    const execId = `exec-${String(this.#executions).padStart(8, '0')}`;
    working.filled = plus(working.filled, quantity);
    working.value = plus(working.value, times(fillPrice, quantity));
    if (compare(working.filled, working.quantity) >= 0) this.#remove(working);
    this.accounts.trade(account, { instrument, side, quantity, price: fillPrice });
    const filled = { order, execId, account, instrument, side, quantity, price: fillPrice };
    const amount = this.#chargeFor(working);
    yield { kind: 'FILL', ...filled };
    if (amount !== null) yield { kind: 'COMMISSION', execId, amount };
  }

  #quantityOf(working: Working): Quantity {
    const open = left(working);
    const { partialFills } = this.#settings;
    if (working.ticket.timeInForce === 'FOK') return open;
    if (partialFills <= 0 || this.#random() >= partialFills) return open;
    const lot = this.#instruments.get(working.ticket.instrument)?.lotSize;
    if (lot === undefined) return open;
    return smaller(open, larger(lot, fractionOf(open, this.#random(), lot)));
  }

  /** The trade's price; a market order may slip, a limit never fills worse than its limit. */
  #priceOf(working: Working, trade: Trade): Price {
    const traded = price(trade.priceText);
    const { ticket } = working;
    const tick = this.#instruments.get(ticket.instrument)?.tickSize;
    if (this.#settings.slippageTicks <= 0 || isLimited(ticket) || tick === undefined) {
      return traded;
    }
    const ticks = between(this.#random, 0, this.#settings.slippageTicks);
    return larger(tick, addSteps(traded, tick, ticket.side === 'BUY' ? ticks : -ticks));
  }

  /** What this fill adds to the commission of its order; the minimum and maximum are per order. */
  #chargeFor(working: Working): Money | null {
    const { filled: quantity, value } = working;
    const due = commissionOf(this.#settings.commission, { quantity, value });
    const amount = minus(due, working.charged);
    if (signOf(amount) === 0) return null;
    working.charged = due;
    this.accounts.charge(working.ticket.account, amount);
    return amount;
  }

  /** What has to be kept of an order so that `restore` goes on with it; undefined: not working. */
  record(order: OrderId): WorkingRecord | undefined {
    const working = this.#orders.get(order);
    return working === undefined || working.done ? undefined : recordOf(working);
  }

  /**
   * Puts a kept order back to work, behind those that are there: whoever restores calls in the
   * order of the book. It looks at the trades after this call.
   */
  restore(ticket: ExchangeTicket, record: WorkingRecord): void {
    const brokerOrderId = this.#orders.size + 1;
    const working = startWorking(ticket, { brokerOrderId, after: this.#trades });
    resume(working, record);
    this.#instrumentOf.set(ticket.order, ticket.instrument);
    this.#orders.set(ticket.order, working);
    this.#enter(working);
  }

  /** For reconciliation and tests: what the exchange believes to work. */
  working(account: AccountKey): OrderId[] {
    const live = [...this.#orders.values()].filter((order) => !order.done);
    return live.filter((order) => order.ticket.account === account).map((o) => o.ticket.order);
  }
}
