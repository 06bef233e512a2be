/**
 * Everything that can happen to the engine from outside: commands, broker reports, and prices that
 * reached an armed order. Each travels in an envelope with an id and a time made at the edge.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, ExecId, InstrumentKey, OrderId, StrategyKey } from './ids';
import type { BrokerPosition, BrokerSnapshot } from './broker-link';
import type { ImportSettings } from './import-settings';
import type { Finding } from './instruction';
import type { Instrument } from './instrument';
import type { Mode } from './mode';
import type { OrderType, Side, Staging, TimeInForce, TriggerKind } from './order';
import type { TrailDistance, TrailTerms } from './order';
import type { PlanSpec } from './plan';
import type { PriceSource } from './price-source';
import type { StrategyStage } from './book';
import type { Scope, TradingState } from './trading-state';

/** What the broker says about one of our orders, or about an execution nobody of us ordered. */
export type BrokerReport =
  | {
      readonly kind: 'ACCEPTED';
      readonly order: OrderId;
      readonly brokerOrderId: number;
      /** Null where the broker has no such identity. */
      readonly permId: string | null;
    }
  /** The session knows that no byte of it was written: the connection ended before. */
  | { readonly kind: 'UNSENT'; readonly order: OrderId; readonly reason: string }
  /** A stop at the broker whose price was reached. */
  | { readonly kind: 'ELECTED'; readonly order: OrderId; readonly price: Price }
  | {
      readonly kind: 'MODIFIED';
      readonly order: OrderId;
      readonly quantity: Quantity;
      /** As they are now; absent: as they were. */
      readonly limitPrice?: Price | null;
      readonly stopPrice?: Price | null;
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
      /** The broker says that it has never heard of the order. */
      readonly unknownThere?: boolean;
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
      /** When the broker executed it, epoch milliseconds; absent: the moment of the report. */
      readonly executedAt?: number;
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
      readonly mode: Mode;
      /** SHA-256 over everything that decides the outcome of the run. */
      readonly inputsHash: string;
      readonly ruleSetHash: string;
    }
  | {
      readonly kind: 'OPEN_ACCOUNT';
      readonly account: AccountKey;
      readonly currency: string;
      readonly cash: Money;
      /** What it holds already; absent: nothing. */
      readonly positions?: readonly BrokerPosition[];
      /** Executions the broker told of before: they are in cash and positions already. */
      readonly executions?: readonly ExecId[];
    }
  /** The loss of the day is measured from what the account is worth now. */
  | { readonly kind: 'START_DAY'; readonly account: AccountKey; readonly tradingDate: string }
  | {
      readonly kind: 'CREATE_STRATEGY';
      readonly strategy: StrategyKey;
      readonly allowsShort: boolean;
      readonly stage?: StrategyStage;
      readonly weight?: string;
      readonly capital?: Money | null;
    }
  | { readonly kind: 'ADD_INSTRUMENT'; readonly instrument: Instrument }
  | {
      readonly kind: 'LOAD_INSTRUCTIONS';
      readonly fileName: string;
      readonly contentHash: string;
      readonly strategy: StrategyKey;
      readonly account: AccountKey;
      readonly tradingDate: string;
      /** What holds where the file is silent; absent: the defaults. */
      readonly settings?: ImportSettings;
      readonly plans: readonly PlanToArm[];
      /** What was found in it; absent: nothing to say. */
      readonly findings?: readonly Finding[];
      /** Symbols that were refused, and so have no plan. */
      readonly refusedSymbols?: readonly string[];
      /** What parts of the same file before this one have armed, in the order of the file. */
      readonly armedBefore?: readonly {
        readonly symbol: string;
        readonly instrument: InstrumentKey;
      }[];
      /** Parts of the same file follow: the last one records it. */
      readonly continues?: true;
    }
  /** A file that is refused whole: recorded, so that it can be looked up, and nothing else. */
  | {
      readonly kind: 'RECORD_REFUSED_INSTRUCTIONS';
      readonly fileName: string;
      readonly contentHash: string;
      readonly strategy: StrategyKey;
      readonly account: AccountKey;
      readonly tradingDate: string;
      /** As above. */
      readonly settings?: ImportSettings;
      readonly findings: readonly Finding[];
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
      /** With TRAILING_STOP: `stopPrice` is then the first stop. */
      readonly trail?: TrailDistance;
      readonly outsideRegularHours?: boolean;
      /** With OPG: until when Tidegate holds it; absent: sent at once. */
      readonly staged?: Staging;
      /** Held by Tidegate until this price condition; absent: sent at once. */
      readonly trigger?: TriggerAsk;
      /**
       * It may turn the position round, as two orders: one that closes it, and once it is flat one
       * that opens what is left over.
       */
      readonly allowFlip?: boolean;
      /** Of a day order that may wait, or a staged one: the session it is for, yyyy-mm-dd. */
      readonly tradingDate?: string;
      /** Exits that arm when it fills; absent: none. */
      readonly bracket?: BracketAsk;
    }
  | {
      readonly kind: 'MODIFY_ORDER';
      /** The same id again returns the first result and does nothing. */
      readonly requestId: string;
      readonly order: OrderId;
      /** Each null: as it is. */
      readonly quantity: Quantity | null;
      readonly limitPrice: Price | null;
      readonly stopPrice: Price | null;
      /** Of an order that waits for its trigger. */
      readonly level?: Price | null;
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
  /** Their auction takes orders now, or no longer. Each with the close before it, if known. */
  | {
      readonly kind: 'RELEASE_STAGED';
      readonly orders: readonly { readonly order: OrderId; readonly price: Price | null }[];
    }
  /** The session of these instruments ends soon: plans that are not to outlast it are closed. */
  | {
      readonly kind: 'CLOSE_OUT';
      readonly instruments: readonly InstrumentKey[];
      /** Of the session that ends, yyyy-mm-dd. */
      readonly tradingDate: string;
      readonly reason: string;
    }
  /** The session of these instruments is over: what is held by the engine expires. */
  | {
      readonly kind: 'CLOSE_SESSION';
      readonly instruments: readonly InstrumentKey[];
      readonly reason: string;
      /** Only what was armed for an earlier trading date than this; absent: everything. */
      readonly before?: string;
      /** There is a next session: what protects a position stays. */
      readonly keepExits?: boolean;
      /** So many orders and no more: the rest is for further commands. Absent: all of them. */
      readonly most?: number;
    };

/** The exits of an entry placed by hand: a target, a stop or both. Prices are exact. */
export interface BracketAsk {
  readonly takeProfit: Price | null;
  readonly stopLoss: Price | null;
  /** With `stopLoss`: the stop is a stop-limit. */
  readonly stopLimit: Price | null;
  /** In place of `stopLoss`: the stop trails from the first fill on. */
  readonly trail: TrailDistance | null;
  /** The session it is placed in or for, yyyy-mm-dd. */
  readonly tradingDate: string;
}

/** The price condition of an order armed by hand. */
export interface TriggerAsk {
  readonly kind: TriggerKind;
  /** Of a trailing stop: the first level, in force at once; it follows from there. */
  readonly level: Price;
  /** With TRAIL, and only there. */
  readonly trail?: TrailTerms;
  /** Which price it looks at; absent: the last trade. */
  readonly priceSource?: PriceSource;
}

/** A trailing stop has followed the price. */
export interface TrailMove {
  readonly order: OrderId;
  /** The level it came from: where a person has set another one since, this says nothing. */
  readonly from: Price;
  readonly bestPrice: Price;
}

/** Trailing stops whose way is due to be recorded. */
export interface TrailsMoved {
  readonly kind: 'TRAILS_MOVED';
  readonly moves: readonly TrailMove[];
}

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

/** The state of the broker link as far as trading depends on it. */
export type LinkInput =
  /** Everything the broker knows, to be matched with the book; then orders may leave. */
  | {
      readonly kind: 'LINK_SYNCHRONIZED';
      readonly snapshot: BrokerSnapshot;
      /** Day orders sent before this have ended with their session; absent: nobody knows. */
      readonly dayOrdersEndedBefore?: number;
    }
  | { readonly kind: 'LINK_LOST'; readonly reason: string }
  /** After LINK_SYNCHRONIZED: changes and orders can be handed over from now on. */
  | { readonly kind: 'LINK_OPENED' }
  /** An approved order that had to wait may leave now. */
  | { readonly kind: 'PACE_ALLOWS' }
  /** A position that differs for long enough, or one that matches again. */
  | {
      readonly kind: 'POSITION_SEEN';
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly brokerQuantity: Quantity;
    };

export type Input =
  | LinkInput
  | { readonly kind: 'COMMAND'; readonly command: Command }
  | { readonly kind: 'REPORT'; readonly report: BrokerReport }
  | LegFired
  | TrailsMoved
  | SendDue
  | LossSeen;

export interface Envelope {
  readonly id: string;
  /** The clock's reading at entry, epoch milliseconds. */
  readonly at: number;
  readonly input: Input;
}
