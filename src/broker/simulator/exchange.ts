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
  NO_MONEY,
  NO_QUANTITY,
  plus,
  price,
  signOf,
  smaller,
  times,
  toNumber,
  fractionOf,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey, OrderId } from '../../domain/ids';
import type { BrokerReport } from '../../domain/input';
import type { Instrument } from '../../domain/instrument';
import type { Trade } from '../../domain/market';
import type { OrderTicket } from '../../domain/ports';
import { BrokerAccounts } from './accounts';
import { commissionOf, type CommissionSchedule } from './commission';
import { between, seededRandom } from './random';

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

export interface StampedReport {
  readonly at: number;
  readonly report: BrokerReport;
}

/** An order as the exchange works it. */
interface Working {
  readonly ticket: OrderTicket;
  readonly brokerOrderId: number;
  /** Looks at trades after this one. */
  readonly after: number;
  readonly limit: number | null;
  readonly stop: number | null;
  quantity: Quantity;
  filled: Quantity;
  value: Money;
  charged: Money;
  elected: boolean;
  done: boolean;
}

interface Request {
  readonly due: number;
  readonly instrument: InstrumentKey | undefined;
  readonly run: () => BrokerReport;
}

const LIMITED: ReadonlySet<OrderTicket['type']> = new Set(['LIMIT', 'STOP_LIMIT']);
const CONDITIONAL: ReadonlySet<OrderTicket['type']> = new Set([
  'STOP',
  'STOP_LIMIT',
  'MARKET_IF_TOUCHED',
]);

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
  place(ticket: OrderTicket, at: number): void {
    if (!this.#instrumentOf.has(ticket.order)) {
      this.#instrumentOf.set(ticket.order, ticket.instrument);
    }
    this.#request(ticket.order, at, () => this.#accept(ticket));
  }

  /** Asks for another total quantity. */
  modify(order: OrderId, quantity: Quantity, at: number): void {
    this.#request(order, at, () => this.#change(order, quantity));
  }

  /** Asks for the end of an order. */
  cancel(order: OrderId, at: number): void {
    this.#request(order, at, () => this.#end(order, 'CANCELLED', 'cancelled on request'));
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
      if (order.done || order.after >= now || !fillsAt(order, trade.price)) continue;
      for (const report of this.#fill(order, trade)) yield { at, report };
    }
    for (const order of [...(this.#books.get(trade.instrument) ?? [])]) {
      if (order.done || order.after >= now || order.elected) continue;
      if (!CONDITIONAL.has(order.ticket.type) || !isReached(order, trade.price)) continue;
      order.elected = true;
      const { order: id } = order.ticket;
      yield { at, report: { kind: 'ELECTED', order: id, price: price(trade.priceText) } };
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

  #accept(ticket: OrderTicket): BrokerReport {
    const fault = this.#faultOf(ticket);
    const { order } = ticket;
    if (fault !== null) return { kind: 'REJECTED', order, reason: fault };
    const working: Working = {
      ticket,
      brokerOrderId: this.#orders.size + 1,
      after: this.#trades,
      limit: ticket.limitPrice === null ? null : toNumber(ticket.limitPrice),
      stop: ticket.stopPrice === null ? null : toNumber(ticket.stopPrice),
      quantity: ticket.quantity,
      filled: NO_QUANTITY,
      value: NO_MONEY,
      charged: NO_MONEY,
      elected: false,
      done: false,
    };
    this.#orders.set(order, working);
    this.#enter(working);
    return { kind: 'ACCEPTED', order, brokerOrderId: working.brokerOrderId };
  }

  #enter(working: Working): void {
    const book = this.#books.get(working.ticket.instrument) ?? [];
    const behind = book.findIndex((other) => other.ticket.rank > working.ticket.rank);
    book.splice(behind < 0 ? book.length : behind, 0, working);
    this.#books.set(working.ticket.instrument, book);
  }

  #faultOf(ticket: OrderTicket): string | null {
    const instrument = this.#instruments.get(ticket.instrument);
    if (instrument === undefined) return `no instrument ${ticket.instrument} is listed`;
    if (!this.accounts.has(ticket.account)) return `no account ${ticket.account}`;
    if (this.#orders.has(ticket.order)) return `order id ${ticket.order} was used before`;
    if (signOf(ticket.quantity) <= 0) return 'the quantity is not above zero';
    if (!isMultipleOf(ticket.quantity, instrument.lotSize)) return 'the quantity is off the lot';
    const limited = LIMITED.has(ticket.type);
    const conditional = CONDITIONAL.has(ticket.type);
    if (limited !== (ticket.limitPrice !== null)) return 'limit price and order type do not agree';
    if (conditional !== (ticket.stopPrice !== null))
      return 'stop price and order type do not agree';
    for (const stated of [ticket.limitPrice, ticket.stopPrice]) {
      if (stated === null) continue;
      if (signOf(stated) <= 0) return 'the price is not above zero';
      if (!isMultipleOf(stated, instrument.tickSize)) return 'the price is off the tick';
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
    const left = minus(working.quantity, working.filled);
    const { partialFills } = this.#settings;
    if (partialFills <= 0 || this.#random() >= partialFills) return left;
    const lot = this.#instruments.get(working.ticket.instrument)?.lotSize;
    if (lot === undefined) return left;
    return smaller(left, larger(lot, fractionOf(left, this.#random(), lot)));
  }

  /** The trade's price; a market order may slip, a limit never fills worse than its limit. */
  #priceOf(working: Working, trade: Trade): Price {
    const traded = price(trade.priceText);
    const { ticket } = working;
    const tick = this.#instruments.get(ticket.instrument)?.tickSize;
    if (this.#settings.slippageTicks <= 0 || LIMITED.has(ticket.type) || tick === undefined) {
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

  /** For reconciliation and tests: what the exchange believes to work. */
  working(account: AccountKey): OrderId[] {
    const live = [...this.#orders.values()].filter((order) => !order.done);
    return live.filter((order) => order.ticket.account === account).map((o) => o.ticket.order);
  }
}

function fillsAt(order: Working, traded: number): boolean {
  if (CONDITIONAL.has(order.ticket.type) && !order.elected) return false;
  if (order.limit === null) return true;
  return order.ticket.side === 'BUY' ? traded <= order.limit : traded >= order.limit;
}

/** At or through: a stop on the losing side, market-if-touched on the winning side. */
function isReached(order: Working, traded: number): boolean {
  if (order.stop === null) return false;
  const rising = (order.ticket.side === 'BUY') !== (order.ticket.type === 'MARKET_IF_TOUCHED');
  return rising ? traded >= order.stop : traded <= order.stop;
}
