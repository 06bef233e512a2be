/** Whether the conditions of an order hold: prices and times, joined by "and" and "or". */
import { compare, price } from '../../domain/decimal';
import type { WireCondition } from './tws-order-fields';

export interface ConditionFacts {
  /** Market time. */
  readonly now: () => number;
  readonly lastPrice: (conId: number) => string | undefined;
}

/** Read from left to right, as the broker does; an order without conditions waits for nothing. */
export function conditionsHold(
  conditions: readonly WireCondition[],
  facts: ConditionFacts,
): boolean {
  let holds = true;
  let joinedByAnd = true;
  for (const condition of conditions) {
    const one = conditionHolds(condition, facts);
    holds = joinedByAnd ? holds && one : holds || one;
    joinedByAnd = condition.and;
  }
  return holds;
}

function conditionHolds(condition: WireCondition, facts: ConditionFacts): boolean {
  const { isMore, value } = condition;
  if (condition.kind === 'PRICE') {
    const last = facts.lastPrice(condition.conId);
    if (last === undefined || value === '') return false;
    const order = compare(price(last), price(value));
    return isMore ? order >= 0 : order <= 0;
  }
  const at = utcTime(value);
  return at !== undefined && (isMore ? facts.now() >= at : facts.now() <= at);
}

/** `20240311-14:30:00`, UTC, is the one form of a time without a zone's name. */
export function utcTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})-(\d{2}:\d{2}:\d{2})$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, time] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}
