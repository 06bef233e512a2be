/**
 * The order: an accepted or refused intent, in any status, with the trigger that holds it.
 * Read this first: everything else in the house moves these.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, DecisionId, InstrumentKey, OrderId, PlanId, StrategyKey } from './ids';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT' | 'MARKET_IF_TOUCHED';
export type TimeInForce = 'DAY' | 'GTC';
/** Why the order exists. */
export type OrderRole =
  'ENTRY' | 'TAKE_PROFIT' | 'STOP_LOSS' | 'DCA' | 'PYRAMID' | 'MANUAL' | 'LIQUIDATION';
/** Whether an order adds to what its strategy owns or gives some of it back. */
export type OrderEffect = 'OPEN' | 'REDUCE';
/**
 * ARMED: held by Tidegate until its trigger fires, or about to be sent. DENIED: refused by
 * Tidegate. SUBMITTED: given to the broker, no evidence yet. WORKING: acknowledged. REJECTED:
 * refused by the broker. The five after CANCEL_PENDING are final.
 */
export type OrderStatus =
  | 'ARMED'
  | 'SUBMITTED'
  | 'WORKING'
  | 'PARTIALLY_FILLED'
  | 'CANCEL_PENDING'
  | 'FILLED'
  | 'CANCELLED'
  | 'DENIED'
  | 'REJECTED'
  | 'EXPIRED';
export type TriggerKind = 'CROSS_OVER' | 'CROSS_UNDER' | 'TOUCH' | 'STOP';
/** Who watches the price: the engine's trigger index, or the broker (the order rests there). */
export type HeldBy = 'ENGINE' | 'BROKER';

/**
 * The price condition that releases an order. The level is exact; it is never rounded to a tick.
 */
export interface Trigger {
  readonly kind: TriggerKind;
  readonly level: Price;
  /** For a cross: the previous session's close, which plays the price before the first one. */
  readonly reference: Price | null;
  readonly firedAt: number | null;
  readonly firedPrice: Price | null;
}

export interface Order {
  readonly id: OrderId;
  /** The caller's idempotency key, or one derived from the instruction file. */
  readonly requestId: string;
  readonly strategy: StrategyKey;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly role: OrderRole;
  readonly effect: OrderEffect;
  readonly side: Side;
  /** What is sent when the trigger fires; for an order at the broker, what rests there. */
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** What the file or the caller asked for. */
  readonly intendedQuantity: Quantity;
  /** What is, or would be, at the broker: never above the intended quantity. */
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** Sum of price x quantity over the fills. */
  readonly filledValue: Money;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly status: OrderStatus;
  readonly heldBy: HeldBy;
  readonly trigger: Trigger | null;
  /** The conditional-order rule it is an instance of; null for an order placed by hand. */
  readonly kind: string | null;
  /** Siblings: the first to trigger cancels the others. */
  readonly ocaGroup: string | null;
  readonly plan: PlanId | null;
  /** Its place in the instruction file: `entry[0]`, `long[1]`, `short[2]`. */
  readonly leg: string | null;
  /** Order within the file: at one instant, orders act in this order. */
  readonly rank: number;
  /** Where it came from, e.g. `demo.json#/AAPL/Entry OCA/0`. */
  readonly source: string | null;
  readonly decision: DecisionId | null;
  /** The last thing said about it, in words. */
  readonly statusMessage: string | null;
  /** A changed quantity the broker has not confirmed; null when none is on its way. */
  readonly requestedQuantity: Quantity | null;
  /**
   * The most that was ever asked of the broker: fills up to it are in order, beyond it a breach.
   */
  readonly sentQuantity: Quantity;
  /** The sibling whose trigger cancelled it: armed again when that one fails without a fill. */
  readonly cancelledBy: OrderId | null;
  /** A stop at the broker whose price was reached: it is on its way to a fill. */
  readonly elected: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const FINAL: ReadonlySet<OrderStatus> = new Set([
  'FILLED',
  'CANCELLED',
  'DENIED',
  'REJECTED',
  'EXPIRED',
]);
const AT_BROKER: ReadonlySet<OrderStatus> = new Set([
  'SUBMITTED',
  'WORKING',
  'PARTIALLY_FILLED',
  'CANCEL_PENDING',
]);

/** No report but a late fill changes it any more. */
export function isFinal(order: Order): boolean {
  return FINAL.has(order.status);
}
/** Given to the broker and not final: it may still fill. */
export function isAtBroker(order: Order): boolean {
  return AT_BROKER.has(order.status);
}
export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}
