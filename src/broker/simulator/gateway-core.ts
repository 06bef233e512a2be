/**
 * The gateway without its wire: the exchange, the order desk, the account and the market joined,
 * and the order in which things become durable. Whatever happens in a step is told to the
 * audience and written by `commit` before anything of it may leave. Time is the market's; whoever
 * drives it says how far it has come.
 */
import { money, minus, plus, price, times, toText, type Money } from '../../domain/decimal';
import type { CommissionSchedule } from './commission';
import { Exchange, PLAIN_SETTINGS, type ExchangeSettings } from './exchange';
import { GatewayBooks, type Valuation } from './gateway-books';
import type { GatewayMeta, GatewayStore, StoredGateway } from './gateway-records';
import type { GatewayMarket, Listing, MarketEvent } from './market';
import { OrderDesk, type DeskAudience } from './order-desk';
import { ACCOUNT } from './order-checks';
import { execIdOf } from './order-reports';
import type { WireContract } from './tws-order-fields';

export interface GatewaySettings {
  readonly exchange: Omit<ExchangeSettings, 'commission'>;
  readonly commission: CommissionSchedule;
  readonly cash: Money;
}

export const DEFAULT_SETTINGS: GatewaySettings = Object.freeze({
  exchange: PLAIN_SETTINGS,
  commission: 'ib-fixed',
  cash: money('100000'),
});

/** Who hears what happens, besides what happens to orders. */
export interface GatewayAudience extends DeskAudience {
  /** A quote, a trade, the start or the end of a session; after its fills. */
  marketMoved(event: MarketEvent): void;
}

export type Quote = Extract<MarketEvent, { kind: 'QUOTE' }>;

export interface CoreParts {
  readonly market: GatewayMarket;
  readonly store: GatewayStore;
  readonly settings: GatewaySettings;
  readonly audience: GatewayAudience;
  /** Milliseconds of market time that may pass between two writes; 0 writes at every event. */
  readonly lease: number;
}

export class GatewayCore {
  readonly desk: OrderDesk;
  readonly books: GatewayBooks;
  readonly market: GatewayMarket;
  readonly quotes = new Map<string, Quote>();
  readonly lastPrices = new Map<string, string>();
  readonly #parts: CoreParts;
  readonly #listings = new Map<string, Listing>();
  #now: number;
  /** No client has been told of a time beyond this one before it was written. */
  #reserved: number;
  #metaChanged = true;
  #inSession = true;

  constructor(parts: CoreParts) {
    this.#parts = parts;
    this.market = parts.market;
    this.#now = parts.market.now;
    this.#reserved = parts.market.now;
    const { exchange: given, commission, cash } = parts.settings;
    const exchange = new Exchange({ ...given, commission });
    exchange.accounts.open(ACCOUNT, 'USD', cash);
    for (const listing of parts.market.listings) {
      exchange.list(listing.instrument);
      this.#listings.set(listing.instrument.key, listing);
    }
    this.books = new GatewayBooks(cash);
    this.desk = new OrderDesk({
      ...{ exchange, books: this.books, audience: parts.audience },
      now: () => this.#now,
      listing: (key) => this.#listings.get(key),
      listingOf: (contract) => this.listingOf(contract),
      lastPrice: (conId) => this.#lastPriceOf(conId),
      inSession: () => this.#inSession,
    });
  }

  /** Market time, epoch milliseconds; never goes back. */
  now(): number {
    return this.#now;
  }

  /** Lets time pass up to the next event of the market, and no further. */
  passTo(at: number): void {
    const next = this.market.peek();
    const to = next === undefined ? at : Math.min(at, next.at);
    if (to > this.#now) this.#now = to;
    this.#reserve();
  }

  /** Goes on from what was kept. */
  restore(stored: StoredGateway): void {
    const { meta, orders, executions, positions } = stored;
    Object.assign(this.desk.counters, {
      nextPermId: meta.nextPermId,
      nextExecution: meta.nextExecution,
      nextPlace: meta.nextPlace,
    });
    for (const [clientId, orderId] of Object.entries(meta.highestOrderId)) {
      this.desk.shelf.use(Number(clientId), orderId);
    }
    for (const [key, last] of Object.entries(meta.lastPrices)) this.lastPrices.set(key, last);
    this.books.restore(money(meta.cash), positions);
    this.#now = Math.max(this.#now, meta.resumeAt);
    this.desk.restore(orders, executions);
    this.#endOrdersOfDaysGoneBy(meta.resumeAt);
  }

  /** A kill may have skipped the end of a session; orders of that day do not live on. */
  #endOrdersOfDaysGoneBy(resumeAt: number): void {
    const [session] = this.market.sessions();
    if (session === undefined || session.open <= resumeAt) return;
    this.desk.sessionCloses();
  }

  /** The next event of the market, with everything it does; undefined when the market has ended. */
  step(): MarketEvent | undefined {
    const event = this.market.take();
    if (event === undefined) return undefined;
    this.#now = Math.max(this.#now, event.at);
    switch (event.kind) {
      case 'QUOTE':
        this.quotes.set(event.instrument, event);
        break;
      case 'TRADE':
        this.lastPrices.set(event.trade.instrument, event.trade.priceText);
        this.desk.trade(event.trade);
        break;
      case 'OPEN':
        this.#inSession = true;
        this.desk.sessionOpens();
        break;
      case 'CLOSE':
        this.#inSession = false;
        this.desk.sessionCloses();
        this.#metaChanged = true;
        break;
    }
    this.#parts.audience.marketMoved(event);
    this.#reserve();
    return event;
  }

  #reserve(): void {
    if (this.#now <= this.#reserved && this.#parts.lease > 0) return;
    this.#reserved = this.#now + this.#parts.lease;
    this.#metaChanged = true;
  }

  /** Writes what has changed; nothing of it may be said before this returns. @throws */
  commit(): void {
    const { orders, executions } = this.desk.shelf.takeChanged();
    const positions = this.books.takeChanged();
    const changed = orders.length + executions.length + positions.length > 0;
    if (!changed && !this.#metaChanged) return;
    this.#metaChanged = false;
    const meta = this.#meta(this.#reserved);
    this.#parts.store.write({ meta, orders, executions, positions });
  }

  /** The last write: time goes on exactly from here. */
  close(): void {
    this.#reserved = this.#now;
    this.#metaChanged = true;
    this.commit();
  }

  /** So that ids that were used without an order are kept too. */
  touch(): void {
    this.#metaChanged = true;
  }

  #meta(resumeAt: number): GatewayMeta {
    const { counters, shelf } = this.desk;
    return {
      ...{ cash: toText(this.books.cash), ...counters, highestOrderId: shelf.highestByClient() },
      ...{ resumeAt, nextTrade: this.market.taken, market: this.market.name },
      lastPrices: Object.fromEntries(this.lastPrices),
    };
  }

  /** Changes a past execution as the broker does: another suffix, other figures. */
  correct(
    execId: string,
    change: { readonly price?: string; readonly quantity?: string },
  ): boolean {
    const { shelf } = this.desk;
    const execution = shelf.execution(execId);
    const order = execution && shelf.byPermId(execution.permId);
    if (execution === undefined || order === undefined) return false;
    const [, number = '0', , correction = '1'] = execution.execId.split('.');
    const corrected = shelf.putExecution({
      ...{ ...execution, ...change },
      execId: execIdOf(Number.parseInt(number, 16), Number(correction) + 1),
    });
    this.books.rebuild(shelf.executions());
    this.#parts.audience.executed(corrected, order);
    this.#parts.audience.commissioned(corrected);
    return true;
  }

  /** The listing a client means: by number, else by symbol; only US stocks in dollars. */
  listingOf(contract: WireContract): Listing | undefined {
    const listed = this.#named(contract);
    if (listed === undefined) return undefined;
    const { secType, exchange, currency } = contract;
    const venues = ['', 'SMART', 'BEST', listed.primaryExchange, 'ISLAND'];
    const fits =
      ['', 'STK'].includes(secType.toUpperCase()) &&
      ['', 'USD'].includes(currency.toUpperCase()) &&
      venues.includes(exchange.toUpperCase().split(':')[0] ?? '');
    return fits ? listed : undefined;
  }

  #named({ conId, symbol, localSymbol }: WireContract): Listing | undefined {
    if (conId > 0) return this.market.listings.find((each) => each.conId === conId);
    const key = (symbol === '' ? localSymbol : symbol).toUpperCase();
    return key === '' ? undefined : this.#listings.get(key);
  }

  listing(key: string): Listing | undefined {
    return this.#listings.get(key);
  }

  #lastPriceOf(conId: number): string | undefined {
    const listing = this.market.listings.find((each) => each.conId === conId);
    return listing === undefined ? undefined : this.lastPrices.get(listing.instrument.key);
  }

  /** A position at the last trade; at its average cost where there was none. */
  valuation(instrument: string): Valuation {
    const last = this.lastPrices.get(instrument);
    const mark = last === undefined ? this.books.averageCost(instrument) : price(last);
    return this.books.valuation(instrument, mark);
  }

  /** Everything that is or was held, valued. */
  valuations(): Valuation[] {
    return this.books.instruments().map((instrument) => this.valuation(instrument));
  }

  /** What an order of this size would be worth at the last price. */
  worth(instrument: string, quantity: Valuation['quantity']): Money {
    const last = this.lastPrices.get(instrument);
    return last === undefined ? money('0') : times(price(last), quantity);
  }

  /** Cash and positions at the last prices. */
  equity(): Money {
    return this.valuations().reduce((sum, { value }) => plus(sum, value), this.books.cash);
  }
  /** What the account has made since it was opened. */
  profit(): Money {
    return minus(this.equity(), this.#parts.settings.cash);
  }
}
