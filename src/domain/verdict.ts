/**
 * The result of evaluating rules for one intent, with every check: what was looked at, what was
 * demanded, and what came out. Journalled with the decision.
 */
import type { AccountKey, DecisionId, InstrumentKey, OrderId, StrategyKey } from './ids';
import type { Price, Quantity } from './decimal';
import type { OrderEffect, Side } from './order';
import type { PriceKind } from './price-source';

export type RuleOutcome = 'PASSED' | 'FAILED' | 'NOT_APPLICABLE';
/** What a failed rule does: refuse, note, or change the trading state of the strategy. */
export type RuleEffect = 'DENY' | 'WARN' | 'REDUCE' | 'HALT';

export interface ConditionCheck {
  readonly fact: string;
  readonly operator: string;
  readonly limit: string;
  /** Null when the fact was missing. */
  readonly value: string | null;
  readonly passed: boolean;
  /**
   * How far the value is from passing (negative) or from failing; null where that has no number.
   */
  readonly distance: string | null;
}

export interface RuleCheck {
  /** The rule's key, or H1 to H16 for a hard limit. */
  readonly ruleKey: string;
  readonly outcome: RuleOutcome;
  readonly effect: RuleEffect;
  readonly message: string | null;
  /** `risk/max-order-notional.json:6`; null for a hard limit. */
  readonly location: string | null;
  readonly conditions: readonly ConditionCheck[];
}

export interface Verdict {
  readonly approved: boolean;
  /** Why not: rule keys in upper snake case, hard limits as H1 to H16; empty when approved. */
  readonly codes: readonly string[];
  readonly ruleSetHash: string;
  /** Sorted by rule key. */
  readonly checks: readonly RuleCheck[];
}

/** The price that released an order. */
export interface FiredOn {
  readonly priceKind: PriceKind;
  readonly price: Price;
}

/** A verdict joined with the hard limits and the intent it was about. */
export interface Decision extends Verdict {
  readonly id: DecisionId;
  readonly order: OrderId;
  readonly strategy: StrategyKey;
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly effect: OrderEffect;
  /** Absent: no trigger released it, or it was decided before this was recorded. */
  readonly firedOn?: FiredOn;
  readonly at: number;
}

/** What would be decided. Of a flip: approved where both parts are, with the codes of both. */
export interface PreviewedDecision extends Decision {
  /** About the second part of a flip, once the first has filled; null: it is no flip. */
  readonly opening: Decision | null;
}

/**
 * A finite number, a truth value, or a word out of a fixed list; anything else counts as missing.
 */
export type FactValue = number | boolean | string;
/** Facts by name. A fact that cannot be known is absent, never NaN or null. */
export type Facts = Readonly<Record<string, FactValue>>;

/** Whom and what a rule evaluation is about, for `appliesTo`. */
export interface RuleScope {
  readonly effect: OrderEffect;
  readonly strategy: StrategyKey;
  readonly account: AccountKey;
}

/** A rule of the set in force, as a person reads it. */
export interface ActiveRule {
  readonly key: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly effect: RuleEffect;
  /** `risk/max-order-notional.json` */
  readonly file: string;
  /** The rule's own text, parsed. */
  readonly document: Readonly<Record<string, unknown>>;
}
