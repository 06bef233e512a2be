/**
 * The broker as a live connection: what the engine's live driver needs beyond placing orders. One
 * adapter speaks to IB; a test may put any other behind it. Words of the broker's own protocol stop
 * at the adapter.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, InstrumentKey, OrderId } from './ids';
import type { BrokerReport } from './input';
import type { Instrument } from './instrument';
import type { Side } from './order';
import type { Broker } from './ports';

/**
 * DISCONNECTED: no socket. CONNECTING: up to the handshake. SYNCHRONIZING: the broker is being
 * asked what it knows. READY: the only state in which orders leave. DEGRADED: connected, but the
 * broker or its servers do not answer.
 */
export type LinkState = 'DISCONNECTED' | 'CONNECTING' | 'SYNCHRONIZING' | 'READY' | 'DEGRADED';

export interface LinkStatus {
  readonly state: LinkState;
  /** Counts connections of this process from 1; 0 before the first. */
  readonly epoch: number;
  /** Why it is not READY, in words with the next step; null when it is. */
  readonly reason: string | null;
}

/** An order as the broker has it, ours or somebody else's. */
export interface BrokerOrder {
  /** Ours, by the reference it carries; null: EXTERNAL. */
  readonly order: OrderId | null;
  readonly brokerOrderId: number;
  readonly clientId: number;
  /**
   * The broker's account-wide identity of it: digits, text because it may be above 2^53. Any other
   * text stands for none, and is different for different orders.
   */
  readonly permId: string;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly filled: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** WORKING covers everything that may still fill. */
  readonly status: 'WORKING' | 'FILLED' | 'CANCELLED' | 'REJECTED';
  /** What the broker said last about it, in words. */
  readonly reason: string | null;
}

export interface BrokerPosition {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  /** Negative: short. */
  readonly quantity: Quantity;
  /** Per unit; null where the broker does not say. */
  readonly averageCost: Price | null;
}

/**
 * What the broker knew in one complete round of questions. Executions are not in it: each was
 * reported as a FILL before the snapshot was handed over, with its COMMISSION where known.
 */
export interface BrokerSnapshot {
  readonly epoch: number;
  readonly clientId: number;
  /** At least one above every order id this client was seen to use. */
  readonly nextBrokerOrderId: number;
  readonly accounts: readonly AccountKey[];
  /** Every working order of the accounts, whoever placed it. */
  readonly openOrders: readonly BrokerOrder[];
  /** Null: not answered in time, or one of them could not be read. Unknown is not empty. */
  readonly completedOrders: readonly BrokerOrder[] | null;
  readonly positions: readonly BrokerPosition[];
}

export interface AccountValues {
  readonly account: AccountKey;
  readonly currency: string;
  /** Each null until the broker has said it. */
  readonly netLiquidation: Money | null;
  readonly buyingPower: Money | null;
  readonly cash: Money | null;
}

/** A price message; what it does not speak of is absent. */
export interface BrokerQuote {
  readonly at: number;
  readonly instrument: InstrumentKey;
  /** Null: there is none now, or it does not count. */
  readonly bid?: Price | null;
  readonly ask?: Price | null;
  /** An eligible last price: real-time, positive, not flagged. */
  readonly last?: Price;
}

/** A finished daily bar. */
export interface DailyBar {
  /** Exchange-local date, yyyy-mm-dd. */
  readonly date: string;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
}

/** Something the broker said that is no report about an order of ours. */
export interface BrokerNotice {
  readonly level: 'INFO' | 'WARNING' | 'ERROR';
  /** The broker's own code, or null where the session itself speaks. */
  readonly code: number | null;
  /** What happened, and what to do next. */
  readonly message: string;
  readonly order: OrderId | null;
}

/** What the session tells. Handlers must not throw; if one does, the session goes on. */
export interface BrokerEvents {
  /** Before the first message that names an instrument the session was not given. */
  instrument(instrument: Instrument): void;
  report(report: BrokerReport): void;
  /**
   * All answers of one round are in. The link becomes READY when the promise resolves and the
   * connection is still the same.
   */
  snapshot(snapshot: BrokerSnapshot): Promise<'MATCHED' | 'ASK_AGAIN'>;
  /** A later complete read of the positions; never a partial one, never from an error. */
  positions(positions: readonly BrokerPosition[]): void;
  account(values: AccountValues): void;
  quote(quote: BrokerQuote): void;
  link(status: LinkStatus): void;
  notice(notice: BrokerNotice): void;
  /** After `canSend` said no: an order may leave now. */
  paceAllows(): void;
}

/** How the session finds the order of a message that carries no reference of ours. */
export interface OrderDirectory {
  byPermId(permId: string): OrderId | null;
  byBrokerOrderId(clientId: number, brokerOrderId: number): OrderId | null;
  /** The broker's account-wide identity of our order; null while none is known. */
  permIdOf(order: OrderId): string | null;
  /** Every instrument that is known by a key: tickets and messages are about these. */
  instruments(): Iterable<Instrument>;
}

export interface BrokerLink extends Broker {
  readonly status: LinkStatus;
  /** Begins to connect, and goes on trying until `stop`. */
  start(): void;
  stop(): Promise<void>;
  /** Asks everything again; resolves when `events.snapshot` has been worked off. */
  synchronize(): Promise<void>;
  /**
   * What the broker calls by this symbol, ready to be added; empty when it knows none.
   * @throws when the link is down or the broker does not answer
   */
  resolve(symbol: string): Promise<readonly Instrument[]>;
  /** Streams quotes of the instrument from now on, over reconnects too. */
  watch(instrument: Instrument): void;
  /** Finished daily bars before today, oldest first. @throws when there is no answer */
  dailyBars(instrument: Instrument, days: number): Promise<readonly DailyBar[]>;
}
