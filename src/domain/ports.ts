/**
 * What the engine needs from outside, as interfaces. Adapters implement them; only the composition
 * root knows which.
 */
import type { ConditionalKind, ConditionalVerdict } from './conditional';
import type { Money, Price, Quantity } from './decimal';
import type { Event, JournalRecord } from './event';
import type { Fill } from './fill';
import type { AccountKey, DecisionId, ExecId, FileId } from './ids';
import type { InstrumentKey, OrderId, StrategyKey } from './ids';
import type { InstructionFileRecord } from './instruction';
import type { Order, OrderStatus, OrderType, Side, TimeInForce, TrailDistance } from './order';
import type { Decision, Facts, RuleScope, Verdict } from './verdict';

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
  /** With TRAILING_STOP: `stopPrice` is where the stop stands now. */
  readonly trail?: TrailDistance;
  readonly outsideRegularHours: boolean;
  /** The broker's id of it for this client. */
  readonly brokerOrderId: number;
  /** At one instant, orders fill in this order, then in order of arrival. */
  readonly rank: number;
}

/**
 * The broker. Calls return at once and prove nothing: what became of them comes back as reports.
 */
export interface Broker {
  /**
   * Whether an order handed over now leaves at once: the link is ready and its pace allows it.
   * What is approved while it does not waits, and is durable before it leaves like any other.
   */
  canSend(): boolean;
  place(ticket: OrderTicket): void;
  /** The same order with everything as it shall be: quantity and prices may differ. */
  modify(ticket: OrderTicket): void;
  /** Safe to repeat. */
  cancel(target: CancelTarget): void;
}

export interface CancelTarget {
  readonly order: OrderId;
  readonly brokerOrderId: number;
}

/** What one input led to: written whole or not at all. */
export interface JournalBatch {
  readonly inputId: string;
  readonly at: number;
  readonly events: readonly Event[];
}

/** The ordered, durable list of events. One writer; calls of `append` never overlap. */
export interface Journal {
  /**
   * Durable when it returns or resolves; all of the batch or nothing. An embedded journal answers
   * at once, one behind a socket with a promise. @throws when the storage refuses
   */
  append(batch: JournalBatch): readonly JournalRecord[] | Promise<readonly JournalRecord[]>;
  /** Every record after the sequence, in order. */
  read(after: number): Iterable<JournalRecord> | AsyncIterable<JournalRecord>;
  head(): { readonly sequence: number; readonly hash: string };
  close(): void | Promise<void>;
}

/** A journal in this process: it answers at once. */
export interface LocalJournal extends Journal {
  append(batch: JournalBatch): readonly JournalRecord[];
  read(after: number): Iterable<JournalRecord>;
  close(): void;
}

/** Part of a list that grows without bound, newest first. */
export interface Page<T> {
  readonly nodes: readonly T[];
  /** One for each node: opaque, to be passed back as `after`. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
}

export interface PageQuery {
  /** 1 to 200. */
  readonly first: number;
  readonly after: string | null;
}

/** A fill with what came after it. */
export interface BookedFill {
  readonly fill: Fill;
  /** Sequence of the event that booked it. */
  readonly sequence: number;
  /** Null until the broker has said it. */
  readonly commission: Money | null;
  /** Profit it realised by average cost, before fees; zero for one that opens. */
  readonly realized: Money;
}

/**
 * What has happened, as lists: projections of the journal. Each answer includes everything that
 * was committed before the call.
 */
export interface History {
  orders(
    query: PageQuery & {
      readonly status: readonly OrderStatus[] | null;
      readonly strategy: StrategyKey | null;
      readonly instrument: InstrumentKey | null;
    },
  ): Promise<Page<Order>>;
  fills(query: PageQuery & { readonly strategy: StrategyKey | null }): Promise<Page<BookedFill>>;
  fillsOf(order: OrderId): Promise<readonly BookedFill[]>;
  fill(execId: ExecId): Promise<BookedFill | null>;
  decisions(query: PageQuery & { readonly approved: boolean | null }): Promise<Page<Decision>>;
  decision(id: DecisionId): Promise<Decision | null>;
  /** Files as they were handed in, newest first; of one trading date where it is named. */
  instructionFiles(tradingDate: string | null): Promise<readonly InstructionFileRecord[]>;
  instructionFile(id: FileId): Promise<InstructionFileRecord | null>;
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
