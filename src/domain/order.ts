/**
 * The order: an accepted or refused intent, in any status, with the trigger that holds it.
 * Read this first: everything else in the house moves these.
 */
import type { Money, Price, Quantity } from './decimal';
import type { AccountKey, DecisionId, InstrumentKey, OrderId, PlanId, StrategyKey } from './ids';
import type { QuoteSource } from './price-source';
import type { ConditionCheck } from './verdict';

export type Side = 'BUY' | 'SELL';
export type OrderType =
  'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT' | 'TRAILING_STOP' | 'MARKET_IF_TOUCHED';
/** OPG: at the opening auction only. */
export type TimeInForce = 'DAY' | 'GTC' | 'IOC' | 'OPG';
/** Why the order exists. */
export type OrderRole =
  'ENTRY' | 'TAKE_PROFIT' | 'STOP_LOSS' | 'DCA' | 'PYRAMID' | 'MANUAL' | 'LIQUIDATION';
/** Whether an order adds to what its strategy owns or gives some of it back. */
export type OrderEffect = 'OPEN' | 'REDUCE';
/**
 * ARMED: held by Tidegate until its trigger fires, or about to be sent. DENIED: refused by
 * Tidegate. SUBMITTED: approved and given to the broker, no evidence yet. UNKNOWN: the evidence is
 * missing after everything was asked; it counts as live and is never sent again. WORKING:
 * acknowledged. NOT_SENT: approved, and certainly never written to the broker. REJECTED: refused by
 * the broker. The six after CANCEL_PENDING are final.
 */
export type OrderStatus =
  | 'ARMED'
  | 'SUBMITTED'
  | 'UNKNOWN'
  | 'WORKING'
  | 'PARTIALLY_FILLED'
  | 'CANCEL_PENDING'
  | 'FILLED'
  | 'CANCELLED'
  | 'DENIED'
  | 'NOT_SENT'
  | 'REJECTED'
  | 'EXPIRED';
export type TriggerKind = 'CROSS_OVER' | 'CROSS_UNDER' | 'TOUCH' | 'STOP' | 'TRAIL';
/** Who watches the price: the engine's trigger index, or the broker (the order rests there). */
export type HeldBy = 'ENGINE' | 'BROKER';

/** How far a stop stays behind the best price: one of the two, the other null. */
export interface TrailDistance {
  /** In the currency of the instrument. */
  readonly trailBy: Price | null;
  /** Percent of the best price, above 0 and below 100, as decimal text. */
  readonly trailPercent: string | null;
}

/** How a stop follows the price, as it was asked for. */
export interface TrailTerms extends TrailDistance {
  /** It follows from the first price at or beyond this on its good side; null: at once. */
  readonly activateAt: Price | null;
}

/** A stop that follows the price: its terms, and how far it has come. */
export interface Trail extends TrailTerms {
  /** The tick its level is rounded to, away from the market. */
  readonly tickSize: Price;
  /** The best price since it follows; null: it does not follow yet. */
  readonly bestPrice: Price | null;
  /** The level it began with, in force at once; null: there is no stop until it follows. */
  readonly firstLevel: Price | null;
  /** When the level or the best price was last recorded, epoch milliseconds. */
  readonly movedAt: number;
}

/**
 * The price condition that releases an order. The level is exact; it is never rounded to a tick,
 * but for a trailing stop's, which is computed.
 */
export interface Trigger {
  readonly kind: TriggerKind;
  readonly level: Price;
  /** Of a trailing stop only. */
  readonly trail?: Trail;
  /** Which price it looks at; absent: the last trade. */
  readonly priceSource?: QuoteSource;
  /** For a cross: the previous session's close, which plays the price before the first one. */
  readonly reference: Price | null;
  readonly firedAt: number | null;
  readonly firedPrice: Price | null;
  /** When it was armed again or moved; absent: when the order was made. */
  readonly armedAt?: number;
}

/** Its level was reached and the rest of its rule said no. */
export interface DeclinedTrigger {
  readonly at: number;
  readonly price: Price;
  readonly reason: string;
  readonly conditions: readonly ConditionCheck[];
}

/** An order for an opening auction, held here until the broker takes it. Epoch milliseconds. */
export interface Staging {
  /** It is sent from then on, as soon as the link is ready. */
  readonly releaseAt: number;
  /** After that the auction takes no more orders: it expires. */
  readonly until: number;
  /** A last price of this time or later is as new as can be: trading stands still since. */
  readonly pricesSince: number;
  /** The close before the auction, for want of a last price; null: that is not known either. */
  readonly price: Price | null;
  /** Absent while it is staged. */
  readonly releasedAt?: number;
}

/** The claim that an order leaves: durable before its first byte does. */
export interface Sending {
  /** The broker's id of the order for this client; never used again, whatever becomes of it. */
  readonly brokerOrderId: number;
  readonly clientId: number;
  /** The connection it was written to, by the journal's count. */
  readonly epoch: number;
  readonly at: number;
}

/** As a person asked them to be. */
export interface RequestedPrices {
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
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
  /** Why it stayed when its level was last reached. */
  readonly declined?: DeclinedTrigger | null;
  /** Held here since the broker refused to hold that one, in its words; absent: nothing refused. */
  readonly insteadOf?: { readonly order: OrderId; readonly reason: string };
  /** It closes a position; once that is flat, so much is to open on the other side. */
  readonly flip?: { readonly quantity: Quantity };
  /** The order that closed the position before this one opens on the other side. */
  readonly flipOf?: OrderId;
  /** An exit for whatever its strategy owns: the intended quantity follows the position. */
  readonly coversPosition?: true;
  /** What is, or would be, at the broker: never above the intended quantity. */
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** Sum of price x quantity over the fills. */
  readonly filledValue: Money;
  /**
   * Executed under its reference and not in `filledQuantity`: taken back by a correction, or more
   * than was sent and so UNALLOCATED. Absent: nothing ever was.
   */
  readonly uncounted?: Quantity;
  readonly limitPrice: Price | null;
  /** Of a TRAILING_STOP as it is known here; at the broker it may have come farther. */
  readonly stopPrice: Price | null;
  /** Of a TRAILING_STOP, and only there. */
  readonly trail?: Trail;
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
  /** Null until it is about to be written to the broker. */
  readonly sending: Sending | null;
  /** The broker's account-wide identity of it, learned from its first answer. */
  readonly permId: string | null;
  readonly outsideRegularHours: boolean;
  /** Of an order for an opening auction, and only there. */
  readonly staged?: Staging;
  /** Of a day order that is not held to its plan's: the session at whose end it expires. */
  readonly tradingDate?: string;
  /** A changed quantity the broker has not confirmed; null when none is on its way. */
  readonly requestedQuantity: Quantity | null;
  /** Changed prices that the broker has not confirmed: a resize meanwhile keeps them. */
  readonly requestedPrices?: RequestedPrices | null;
  /**
   * The most that was ever asked of the broker: fills up to it are in order, beyond it a breach.
   */
  readonly sentQuantity: Quantity;
  /** The sibling whose trigger cancelled it: armed again when that one fails without a fill. */
  readonly cancelledBy: OrderId | null;
  /** Why it shall end, where that was asked while it is UNKNOWN: asked again when it turns up. */
  readonly cancelAsked?: string | null;
  /** Complete lists of the connection it left on that lacked it, as far as they prove anything. */
  readonly absences?: number;
  /** It ended because the broker had never heard of it: a trace of it later is news. */
  readonly neverArrived?: true;
  /** A stop at the broker whose price was reached: it is on its way to a fill. */
  readonly elected: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What stands for the reason of a cancel where the broker has given none. */
export const ENDED_WITHOUT_A_WORD = 'cancelled at the broker';

const FINAL: ReadonlySet<OrderStatus> = new Set([
  'FILLED',
  'CANCELLED',
  'DENIED',
  'NOT_SENT',
  'REJECTED',
  'EXPIRED',
]);
const AT_BROKER: ReadonlySet<OrderStatus> = new Set([
  'SUBMITTED',
  'UNKNOWN',
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
/** It shall end, and the broker has not said that it did. */
export function shallEnd(order: Order): boolean {
  return order.status === 'CANCEL_PENDING' || typeof order.cancelAsked === 'string';
}
export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}
