// What a decision is measured against: json-rules-engine by itself over the shipped rules, and the
// same nine rules as a person would write them in TypeScript.

import { Engine, type RuleProperties } from 'json-rules-engine';
import { codeOfRule } from '../../src/domain/denial';
import type { Facts } from '../../src/domain/verdict';
import type { RiskRule } from '../../src/engine/rules/rule-set';

/** The conditions of a rule as the rule engine takes them. */
export function rawRule({ key, conditions }: RiskRule): RuleProperties {
  const copy = structuredClone(conditions) as unknown as RuleProperties['conditions'];
  return { conditions: copy, event: { type: codeOfRule(key) } };
}

/**
 * The codes of the rules that fail, as its documentation shows it. A new Engine every time: two
 * overlapping runs on one Engine skip rules, so that nothing less is safe.
 */
export async function askRaw(rules: readonly RuleProperties[], facts: Facts): Promise<string[]> {
  const engine = new Engine();
  for (const rule of rules) engine.addRule(rule);
  const { failureResults } = await engine.run(facts);
  return failureResults.map(({ event }) => event?.type ?? '').sort();
}

export interface NumberFacts {
  readonly similarOrderAgeMs: number;
  readonly openOrdersStrategyInstrument: number;
  readonly orderNotional: number;
  readonly orderQuantity: number;
  readonly worstCasePositionNotional: number;
  readonly worstCasePositionQuantity: number;
  readonly ordersLastSecond: number;
  readonly ordersLastMinute: number;
  readonly ordersToday: number;
  readonly limitDistancePct: number;
  readonly priceAgeMs: number;
  readonly wouldBeShort: boolean;
  readonly strategyAllowsShort: boolean;
}

/** Written so that a fact that is missing or no number fails, as it does in the product. */
export function askByHand(facts: NumberFacts): string[] {
  const codes: string[] = [];
  if (!(facts.similarOrderAgeMs >= 2_000)) codes.push('DUPLICATE_ORDER');
  if (!(facts.openOrdersStrategyInstrument < 10)) codes.push('MAX_OPEN_ORDERS');
  if (!(facts.orderNotional <= 25_000)) codes.push('MAX_ORDER_NOTIONAL');
  if (!(facts.orderQuantity <= 1_000)) codes.push('MAX_ORDER_QUANTITY');
  const { worstCasePositionNotional: worst, worstCasePositionQuantity: units } = facts;
  if (!(worst <= 50_000 && units <= 5_000)) codes.push('MAX_POSITION_INSTRUMENT');
  if (facts.wouldBeShort !== false && facts.strategyAllowsShort !== true) codes.push('NO_SHORT');
  const { ordersLastSecond, ordersLastMinute, ordersToday } = facts;
  if (!(ordersLastSecond < 5 && ordersLastMinute < 60 && ordersToday < 500)) {
    codes.push('ORDER_RATE_STRATEGY');
  }
  const { limitDistancePct: distance } = facts;
  if (!(distance >= -20 && distance <= 5)) codes.push('PRICE_COLLAR');
  if (!(facts.priceAgeMs <= 5_000)) codes.push('PRICE_FRESHNESS');
  return codes;
}
