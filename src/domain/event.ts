/**
 * What has happened, as the journal keeps it. State is the fold of these and of nothing else.
 * Events are facts in the past tense; an effect at the broker follows from an event, never
 * precedes it.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, ExecId, OrderId, PlanId, StrategyKey } from './ids';
import type { Fill } from './fill';
import type { Instrument } from './instrument';
import type { Order } from './order';
import type { Direction, Plan } from './plan';
import type { Scope, TradingState } from './trading-state';
import type { ConditionCheck, Decision } from './verdict';

export type Event =
  | {
      readonly type: 'RunStarted';
      readonly mode: 'REPLAY';
      readonly inputsHash: string;
      readonly ruleSetHash: string;
    }
  | {
      readonly type: 'AccountOpened';
      readonly account: AccountKey;
      readonly currency: string;
      readonly cash: Money;
    }
  | {
      readonly type: 'StrategyCreated';
      readonly strategy: StrategyKey;
      readonly allowsShort: boolean;
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
      /** What the order is sized to at this moment. */
      readonly quantity: Quantity;
    }
  /** The price leg fired and the rest of the rule said no: the order stays armed. */
  | {
      readonly type: 'TriggerDeclined';
      readonly order: OrderId;
      readonly price: Price;
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
      readonly type: 'OrderAcknowledged';
      readonly order: OrderId;
      readonly brokerOrderId: number;
    }
  | {
      readonly type: 'OrderElected';
      readonly order: OrderId;
      readonly price: Price;
    }
  | {
      readonly type: 'OrderModifyRequested';
      readonly order: OrderId;
      readonly quantity: Quantity;
    }
  | {
      readonly type: 'OrderModified';
      readonly order: OrderId;
      readonly quantity: Quantity;
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
    }
  | {
      readonly type: 'OrderRejected';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly type: 'OrderExpired';
      readonly order: OrderId;
      readonly reason: string;
    }
  | {
      readonly type: 'OrderFilled';
      readonly fill: Fill;
      /** What the owner holds after it; checked again when the event is folded. */
      readonly holdingAfter: Quantity;
    }
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
