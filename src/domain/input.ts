/**
 * Everything that can happen to the engine from outside: commands, broker reports, and prices that
 * reached an armed order. Each travels in an envelope with an id and a time made at the edge.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, ExecId, InstrumentKey, OrderId, StrategyKey } from './ids';
import type { Instrument } from './instrument';
import type { OrderType, Side, TimeInForce } from './order';
import type { PlanSpec } from './plan';
import type { Scope, TradingState } from './trading-state';

/** What the broker says about one of our orders, or about an execution nobody of us ordered. */
export type BrokerReport =
  | {
      readonly kind: 'ACCEPTED';
      readonly order: OrderId;
      readonly brokerOrderId: number;
    }
  /** A stop at the broker whose price was reached. */
  | { readonly kind: 'ELECTED'; readonly order: OrderId; readonly price: Price }
  | {
      readonly kind: 'MODIFIED';
      readonly order: OrderId;
      readonly quantity: Quantity;
    }
  | {
      readonly kind: 'MODIFY_REFUSED';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'CANCELLED';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'CANCEL_REFUSED';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'REJECTED';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'EXPIRED';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'FILL';
      /** Null: an execution without a reference of ours. */
      readonly order: OrderId | null;
      readonly execId: ExecId;
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly side: Side;
      readonly quantity: Quantity;
      readonly price: Price;
    }
  | {
      readonly kind: 'COMMISSION';
      readonly execId: ExecId;
      readonly amount: Money;
    };

/** One symbol of a checked file with the instrument it resolved to. */
export interface PlanToArm {
  readonly spec: PlanSpec;
  readonly instrument: InstrumentKey;
  /** The previous session's close: the price before the first one. Null: the first price is. */
  readonly previousClose: Price | null;
}

export type Command =
  | {
      readonly kind: 'START_RUN';
      readonly mode: 'REPLAY';
      /** SHA-256 over everything that decides the outcome of the run. */
      readonly inputsHash: string;
      readonly ruleSetHash: string;
    }
  | {
      readonly kind: 'OPEN_ACCOUNT';
      readonly account: AccountKey;
      readonly currency: string;
      readonly cash: Money;
    }
  | {
      readonly kind: 'CREATE_STRATEGY';
      readonly strategy: StrategyKey;
      readonly allowsShort: boolean;
    }
  | { readonly kind: 'ADD_INSTRUMENT'; readonly instrument: Instrument }
  | {
      readonly kind: 'LOAD_INSTRUCTIONS';
      readonly fileName: string;
      readonly contentHash: string;
      readonly strategy: StrategyKey;
      readonly account: AccountKey;
      readonly tradingDate: string;
      readonly plans: readonly PlanToArm[];
    }
  | {
      readonly kind: 'PLACE_ORDER';
      /** The same id again returns the first result and does nothing. */
      readonly requestId: string;
      readonly strategy: StrategyKey;
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly side: Side;
      readonly type: OrderType;
      readonly timeInForce: TimeInForce;
      readonly quantity: Quantity;
      readonly limitPrice: Price | null;
      readonly stopPrice: Price | null;
    }
  | {
      readonly kind: 'CANCEL_ORDER';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly kind: 'SET_TRADING_STATE';
      readonly scope: Scope;
      readonly state: TradingState;
      readonly reason: string;
      readonly by: string;
    }
  /** The session of these instruments is over: what is held by the engine expires. */
  | {
      readonly kind: 'CLOSE_SESSION';
      readonly instruments: readonly InstrumentKey[];
      readonly reason: string;
    };

/** An armed order whose price leg fired. */
export interface LegFired {
  readonly kind: 'LEG_FIRED';
  readonly order: OrderId;
  readonly price: Price;
  /** The price before it, for a cross; null where the leg is not an edge. */
  readonly previous: number | null;
}

/** An order that rests at the broker is due to be sent there. */
export interface SendDue {
  readonly kind: 'SEND_DUE';
  readonly order: OrderId;
}

/** A price of something the account holds has taken it to its daily loss. */
export interface LossSeen {
  readonly kind: 'LOSS_SEEN';
  readonly account: AccountKey;
}

export type Input =
  | { readonly kind: 'COMMAND'; readonly command: Command }
  | { readonly kind: 'REPORT'; readonly report: BrokerReport }
  | LegFired
  | SendDue
  | LossSeen;

export interface Envelope {
  readonly id: string;
  /** The clock's reading at entry, epoch milliseconds. */
  readonly at: number;
  readonly input: Input;
}
