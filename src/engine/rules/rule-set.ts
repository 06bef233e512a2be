/**
 * What a loaded rule is: the types of rules, conditions, rule sets and the faults of loading.
 * A rule set never changes; its hash names exactly the rules in it.
 * Knows nothing of files, schemas or the rule engine.
 */
import { createHash } from 'node:crypto';
import type { ConditionalKind, PriceLeg } from '../../domain/conditional';
import type { OrderEffect, Side } from '../../domain/order';
import type { FactValue, RuleEffect } from '../../domain/verdict';
import type { Comparison, Operator } from './operators';

/** The level of the armed instance, put in when a conditional order is evaluated. */
export interface LevelParameter {
  readonly parameter: 'level';
}
export type ConditionValue = FactValue | readonly FactValue[] | LevelParameter;

/** One comparison of a fact with a value. */
export interface Leaf {
  readonly fact: string;
  readonly operator: Operator;
  readonly value: ConditionValue;
}
export interface AllOf {
  readonly all: readonly Condition[];
}
export interface AnyOf {
  readonly any: readonly Condition[];
}
export type Group = AllOf | AnyOf;
export type Condition = Group | Leaf;

/** Which orders a risk rule looks at; `*` stands for all. */
export interface AppliesTo {
  readonly effect: readonly OrderEffect[];
  readonly strategies: readonly string[];
  readonly accounts: readonly string[];
}
export interface RiskExample {
  readonly name: string;
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly passes: boolean;
}

/** One file of the risk folder: what must be true for an order to pass. */
export interface RiskRule {
  readonly key: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly appliesTo: AppliesTo;
  readonly conditions: Group;
  readonly onFail: RuleEffect;
  readonly message: string;
  readonly examples: readonly RiskExample[];
  /** `risk/max-order-notional.json:6`: the line of the conditions. */
  readonly location: string;
  /** The whole rule as canonical JSON, whatever its white space and order of keys. */
  readonly canonical: string;
}

export interface OrderExample {
  readonly name: string;
  /** Prices in the order in which they come; the rule may fire on any. */
  readonly ticks: readonly string[];
  readonly parameters: { readonly level: string };
  readonly side?: Side;
  readonly facts?: Readonly<Record<string, FactValue>>;
  readonly fires: boolean;
}

/** One file of the orders folder: when a conditional order fires, and what it then is. */
export interface OrderRule {
  readonly key: string;
  readonly description: string;
  readonly conditions: AllOf;
  readonly leg: PriceLeg;
  readonly kind: ConditionalKind;
  readonly examples: readonly OrderExample[];
  /** `orders/stop-loss.json:6`: the line of the conditions. */
  readonly location: string;
  readonly canonical: string;
}

/** A fully validated set, sorted by key. Rules with `enabled` false are listed, never in force. */
export interface RuleSet {
  /** SHA-256 over the enabled risk rules. */
  readonly hash: string;
  /** SHA-256 over the conditional orders. */
  readonly ordersHash: string;
  readonly risk: readonly RiskRule[];
  readonly orders: readonly OrderRule[];
}

/** One thing that is wrong with a rule folder. Lines and columns count from 1. */
export interface RuleFault {
  /** The path as it was given, joined with the file's name. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  /** What to do, as a whole phrase: `did you mean "onFail"?`; null where nothing is near. */
  readonly suggestion: string | null;
  /** The lines around it with a caret; empty where the fault has no text. */
  readonly frame: string;
}

export function isGroup(condition: Condition): condition is Group {
  return 'all' in condition || 'any' in condition;
}
export function isAll(group: Group): group is AllOf {
  return 'all' in group;
}
export function partsOf(group: Group): readonly Condition[] {
  return isAll(group) ? group.all : group.any;
}
/** The comparisons of a condition tree in the order of the text. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  return isGroup(condition) ? partsOf(condition).flatMap(leavesOf) : [condition];
}
export function isLevel(value: ConditionValue): value is LevelParameter {
  return typeof value === 'object' && 'parameter' in value;
}
/** A comparison that every rule may use, as against a price leg. */
export type PlainLeaf = Leaf & { readonly operator: Comparison };

/** JSON with sorted keys and no white space: one text for one meaning. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

interface Hashable {
  readonly key: string;
  readonly canonical: string;
}
/** SHA-256 over file names and canonical contents, whatever order the rules come in. */
export function hashOf(rules: readonly Hashable[]): string {
  const lines = byKey(rules).map((rule) => `${rule.key}.json ${rule.canonical}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
/** Sorted by key, by code unit, so that every machine agrees. */
export function byKey<T extends { readonly key: string }>(rules: readonly T[]): readonly T[] {
  return [...rules].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Joins risk rules and conditional orders, which may come from two folders. */
export function createRuleSet(risk: readonly RiskRule[], orders: readonly OrderRule[]): RuleSet {
  return Object.freeze({
    hash: hashOf(risk.filter((rule) => rule.enabled)),
    ordersHash: hashOf(orders),
    risk: byKey(risk),
    orders: byKey(orders),
  });
}
