/**
 * What has happened, as the journal keeps it. State is the fold of these and of nothing else.
 * Events are facts in the past tense; an effect at the broker follows from an event, never
 * precedes it.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, ExecId, InstrumentKey, OrderId, PlanId, StrategyKey } from './ids';
import type { Fill } from './fill';
import type { InstructionFileRecord } from './instruction';
import type { Instrument } from './instrument';
import type { Mode } from './mode';
import type { Order, OrderEffect } from './order';
import type { Direction, Plan } from './plan';
import type { QuoteKind } from './price-source';
import type { ExternalOrder, StrategyStage } from './book';
import type { Scope, TradingState } from './trading-state';
import type { ConditionCheck, Decision } from './verdict';

export type Event =
  | {
      readonly type: 'RunStarted';
      readonly mode: Mode;
      readonly inputsHash: string;
      readonly ruleSetHash: string;
    }
  | {
      readonly type: 'AccountOpened';
      readonly account: AccountKey;
      readonly currency: string;
      readonly cash: Money;
      /** Executions told before it was opened: they are in what it came with. */
      readonly executions?: readonly ExecId[];
    }
  /** A trading day began: the day's loss is measured from this worth. */
  | {
      readonly type: 'DayStarted';
      readonly account: AccountKey;
      readonly tradingDate: string;
      readonly equity: Money;
    }
  /** What the account held before Tidegate came to it: it belongs to UNALLOCATED. */
  | {
      readonly type: 'PositionAdopted';
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly quantity: Quantity;
      readonly price: Price;
    }
  | {
      readonly type: 'StrategyCreated';
      readonly strategy: StrategyKey;
      readonly allowsShort: boolean;
      readonly stage: StrategyStage;
      /** Share of a pro-rata split, a decimal above or at zero. */
      readonly weight: string;
      /** In the account's currency; null: none of its own. */
      readonly capital: Money | null;
    }
  /** An instruction file as it was handed in, accepted or refused. */
  | { readonly type: 'InstructionsRecorded'; readonly file: InstructionFileRecord }
  /** The broker's answers are in and matched: orders may leave on this connection. */
  | {
      readonly type: 'LinkReady';
      readonly epoch: number;
      readonly clientId: number;
      /** Ids below it are burned. */
      readonly nextBrokerOrderId: number;
    }
  | { readonly type: 'LinkLost'; readonly epoch: number; readonly reason: string }
  /** A live order of the account that is not ours. */
  | { readonly type: 'ExternalOrderSeen'; readonly order: ExternalOrder }
  | { readonly type: 'ExternalOrderEnded'; readonly permId: string }
  /** They differed when a connection began, which may be a fill on its way: nothing opens yet. */
  | {
      readonly type: 'BreakSuspected';
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly brokerQuantity: Quantity;
      readonly bookQuantity: Quantity;
    }
  /** Broker and book differ: nothing opens in the instrument until they match. */
  | {
      readonly type: 'BreakOpened';
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
      readonly brokerQuantity: Quantity;
      readonly bookQuantity: Quantity;
    }
  | {
      readonly type: 'BreakClosed';
      readonly account: AccountKey;
      readonly instrument: InstrumentKey;
    }
  | { readonly type: 'InstrumentAdded'; readonly instrument: Instrument }
  | { readonly type: 'PlanCreated'; readonly plan: Plan }
  /** A new order, held by the engine or about to be sent. */
  | { readonly type: 'OrderArmed'; readonly order: Order }
  /** A sibling that was cancelled by a trigger whose order then failed. */
  | {
      readonly type: 'OrderRearmed';
      readonly order: OrderId;
      readonly reason: string;
    }
  /** The claim of the trigger; the decision and the order follow in the same record. */
  | {
      readonly type: 'TriggerFired';
      readonly order: OrderId;
      readonly price: Price;
      /** What that price is; absent: the last trade. */
      readonly priceKind?: QuoteKind;
      /** What the order is sized to at this moment. */
      readonly quantity: Quantity;
      /** Where it is another one than when the order was armed. */
      readonly effect?: OrderEffect;
    }
  /** The price leg fired and the rest of the rule said no: the order stays armed. */
  | {
      readonly type: 'TriggerDeclined';
      readonly order: OrderId;
      readonly price: Price;
      /** What that price is; absent: the last trade. */
      readonly priceKind?: QuoteKind;
      readonly reason: string;
      readonly conditions: readonly ConditionCheck[];
    }
  | { readonly type: 'DecisionMade'; readonly decision: Decision }
  | {
      readonly type: 'OrderSubmitted';
      readonly order: OrderId;
      readonly quantity: Quantity;
    }
  | {
      readonly type: 'OrderDenied';
      readonly order: OrderId;
      readonly codes: readonly string[];
      readonly reason: string;
    }
  | {
      readonly type: 'OrderSent';
      readonly order: OrderId;
      readonly brokerOrderId: number;
      readonly clientId: number;
      readonly epoch: number;
    }
  /** Approved for an opening auction: held until the broker takes it, and decided again then. */
  | { readonly type: 'OrderStaged'; readonly order: OrderId; readonly reason: string }
  | {
      readonly type: 'OrderReleased';
      readonly order: OrderId;
      /** The close before the auction; null: as it was known before. */
      readonly price: Price | null;
      /** Where it is another one than when the order was staged. */
      readonly effect?: OrderEffect;
    }
  /** Certainly never written to the broker. */
  | {
      readonly type: 'OrderNotSent';
      readonly order: OrderId;
      readonly reason: string;
    }
  /** Sent, and the broker shows no trace of it. */
  | {
      readonly type: 'OrderUnknown';
      readonly order: OrderId;
      readonly reason: string;
      /** Complete lists that prove its absence on the connection it left on; absent: none yet. */
      readonly absences?: number;
    }
  | {
      readonly type: 'OrderAcknowledged';
      readonly order: OrderId;
      readonly brokerOrderId: number;
      readonly permId: string | null;
    }
  | {
      readonly type: 'OrderElected';
      readonly order: OrderId;
      readonly price: Price;
    }
  /**
   * A trailing stop followed the price. Recorded when its level has moved by a tick at least, and
   * once in an interval: what is in force may be that much closer to the market.
   */
  | {
      readonly type: 'TrailMoved';
      readonly order: OrderId;
      readonly bestPrice: Price;
      readonly level: Price;
    }
  /** By a person, while it waits for its trigger. */
  | {
      readonly type: 'ArmedOrderChanged';
      readonly order: OrderId;
      readonly level: Price;
      /** It goes on looking for the level it had; absent: it begins anew. */
      readonly levelKept?: true;
      readonly quantity: Quantity;
      readonly limitPrice: Price | null;
      readonly requestId: string;
    }
  | {
      readonly type: 'OrderModifyRequested';
      readonly order: OrderId;
      readonly quantity: Quantity;
      /** As they shall be; absent: as they are. */
      readonly limitPrice?: Price | null;
      readonly stopPrice?: Price | null;
      /** A person's request, so that a retry is known; absent for a resize of the engine's own. */
      readonly requestId?: string;
    }
  | {
      readonly type: 'OrderModified';
      readonly order: OrderId;
      readonly quantity: Quantity;
      /** As they are now; absent: as they were. */
      readonly limitPrice?: Price | null;
      readonly stopPrice?: Price | null;
    }
  | {
      readonly type: 'OrderModifyRefused';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly type: 'OrderCancelRequested';
      readonly order: OrderId;
      readonly reason: string;
      /** Where the order is live under another id of the broker than it was sent; absent: not. */
      readonly brokerOrderId?: number;
    }
  | {
      readonly type: 'OrderCancelRefused';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly type: 'OrderCancelled';
      readonly order: OrderId;
      readonly reason: string;
      /** The sibling of the OCA group whose trigger did it; null for every other cause. */
      readonly by: OrderId | null;
      /** The broker has never heard of it. One that is seen there later is called back. */
      readonly neverArrived?: true;
      /** Of an exit whose units are still held: nobody here had asked for it. */
      readonly unasked?: true;
    }
  /** Due to be sent, and the units it is for are not in the account: it waits until they are. */
  | { readonly type: 'OrderHeldBack'; readonly order: OrderId; readonly reason: string }
  | {
      readonly type: 'OrderRejected';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly type: 'OrderExpired';
      readonly order: OrderId;
      readonly reason: string;
      /** As of a cancelled one. */
      readonly unasked?: true;
    }
  | {
      readonly type: 'OrderFilled';
      readonly fill: Fill;
      /** What the owner holds after it; checked again when the event is folded. */
      readonly holdingAfter: Quantity;
      /** Profit it realises by average cost, before fees; checked again like the holding. */
      readonly realized: Money;
      /** The order that was said to have more executed than was sent; absent: none. */
      readonly beyond?: OrderId;
    }
  /** The broker corrected an execution: the new version stands in the place of the old one. */
  | { readonly type: 'FillCorrected'; readonly replaces: ExecId; readonly fill: Fill }
  | {
      readonly type: 'CommissionCharged';
      readonly execId: ExecId;
      readonly amount: Money;
    }
  | {
      readonly type: 'PlanEntered';
      readonly plan: PlanId;
      readonly direction: Direction;
      readonly reference: Price;
      readonly entryOrder: OrderId;
    }
  | { readonly type: 'PlanAddsArmed'; readonly plan: PlanId }
  /** The session ends soon: nothing of the plan opens any more, and what it holds is closed. */
  | {
      readonly type: 'PlanClosingOut';
      readonly plan: PlanId;
      readonly tradingDate: string;
      readonly reason: string;
    }
  | {
      readonly type: 'PlanClosed';
      readonly plan: PlanId;
      readonly reason: string;
    }
  | {
      readonly type: 'TradingStateChanged';
      readonly scope: Scope;
      readonly state: TradingState;
      readonly reason: string;
      readonly by: string;
    };

export type EventType = Event['type'];

/** One event as it stands in the journal. */
export interface JournalRecord {
  readonly sequence: number;
  readonly inputId: string;
  readonly at: number;
  readonly event: Event;
  /** SHA-256 over the hash before and this record: the last one is the hash of the run. */
  readonly hash: string;
}
