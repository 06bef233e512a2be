/**
 * What the engine needs from outside, as interfaces. Adapters implement them; only the composition
 * root knows which.
 */
import type { ConditionalKind, ConditionalVerdict } from './conditional';
import type { Price, Quantity } from './decimal';
import type { Event, JournalRecord } from './event';
import type { AccountKey, InstrumentKey, OrderId } from './ids';
import type { OrderType, Side, TimeInForce } from './order';
import type { Facts, RuleScope, Verdict } from './verdict';

export interface Clock {
  /** Epoch milliseconds, UTC. */
  now(): number;
}

/** An order as the broker gets it. */
export interface OrderTicket {
  readonly order: OrderId;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** At one instant, orders fill in this order, then in order of arrival. */
  readonly rank: number;
}

/**
 * The broker. Calls return at once and prove nothing: what became of them comes back as reports.
 */
export interface Broker {
  place(ticket: OrderTicket): void;
  /** Changes the total quantity of a working order. */
  modify(order: OrderId, quantity: Quantity): void;
  /** Safe to repeat. */
  cancel(order: OrderId): void;
}

/** The ordered, durable list of events. */
export interface Journal {
  /** Durable when it returns; all of the batch or nothing. @throws when the storage refuses. */
  append(batch: {
    readonly inputId: string;
    readonly at: number;
    readonly events: readonly Event[];
  }): readonly JournalRecord[];
  /** Every record after the sequence, in order. */
  read(after: number): Iterable<JournalRecord>;
  head(): { readonly sequence: number; readonly hash: string };
  close(): void;
}

/** What a conditional order is asked at the moment its price leg fired. */
export interface ConditionalQuestion {
  readonly side: Side;
  readonly price: number;
  /** The price before it; null where the leg is not an edge. */
  readonly previous: number | null;
  readonly level: number;
  readonly facts: Facts;
}

/** A loaded, fully validated set of rules. Never changes: another set is another object. */
export interface RuleBook {
  /** SHA-256 over the risk rules in force. */
  readonly hash: string;
  /** True where no rule file is loaded at all (replay and backtest only). */
  readonly empty: boolean;
  readonly kinds: ReadonlyMap<string, ConditionalKind>;
  /** Never throws: what cannot be evaluated is refused with RULES_UNAVAILABLE. */
  assessRisk(facts: Facts, scope: RuleScope): Promise<Verdict>;
  /** Never throws: what cannot be evaluated does not fire. */
  assessConditional(kind: string, question: ConditionalQuestion): Promise<ConditionalVerdict>;
}
