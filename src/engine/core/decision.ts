/**
 * Approved or denied: joins the verdict of the risk rules with the hard limits. Opening orders fail
 * closed; an order that only reduces is refused by structural checks alone.
 */
import { isZero } from '../../domain/decimal';
import { codeOfRule } from '../../domain/denial';
import type { Event } from '../../domain/event';
import { idFrom } from '../../domain/ids';
import { isAtBroker, type Order } from '../../domain/order';
import { stricter, type Scope, type TradingState } from '../../domain/trading-state';
import type { Decision, RuleCheck, Verdict } from '../../domain/verdict';
import type { Ask } from './context';
import { hardChecks } from './hard-limits';
import { riskFacts, type Intent } from './risk-facts';
import { reducible } from './sizing';
import { scopeKey, type State } from './state';
import { cancelOf } from './tidy-events';

/** The decision about an intent. */
export function makeDecision(state: State, ask: Ask, intent: Intent): Decision {
  const { order, quantity, at } = intent;
  const verdict = ask.assessment.risk;
  const facts = ask.assessment.facts ?? riskFacts(state, ask, intent);
  const hard = hardChecks(state, ask, { ...intent, facts, verdict });
  const failed = hard.filter((check) => check.outcome === 'FAILED').map((check) => check.ruleKey);
  const ruleCodes = order.effect === 'OPEN' ? codesOf(verdict) : [];
  const codes = [...new Set([...failed, ...ruleCodes])];
  return {
    id: idFrom('dec', state.decisionsMade + 1),
    order: order.id,
    strategy: order.strategy,
    account: order.account,
    instrument: order.instrument,
    side: order.side,
    quantity,
    effect: order.effect,
    approved: codes.length === 0,
    codes,
    ruleSetHash: verdict?.ruleSetHash ?? ask.ruleSetHash,
    checks: [...hard, ...(verdict?.checks ?? [])],
    at,
  };
}

function codesOf(verdict: Verdict | null): readonly string[] {
  if (verdict === null) return ['RULES_UNAVAILABLE'];
  if (verdict.approved) return [];
  return verdict.codes.length > 0 ? verdict.codes : ['RULES_UNAVAILABLE'];
}

/** Why a decision refused, in one line: code and message of each check that failed. */
export function reasonOf(decision: Decision): string {
  const said = decision.checks
    .filter((check) => check.outcome === 'FAILED' && check.effect === 'DENY')
    .map((check) => `${nameOf(check)}: ${check.message ?? 'refused'}`);
  return said.length > 0 ? said.join('; ') : decision.codes.join(', ');
}
const nameOf = ({ location, ruleKey }: RuleCheck): string =>
  location === null ? ruleKey : `${codeOfRule(ruleKey)} (${location})`;

/** The events of a decision: itself, and the states that its failed rules set. */
export function decisionEvents(state: State, decision: Decision): Event[] {
  const events: Event[] = [{ type: 'DecisionMade', decision }];
  for (const check of decision.checks) {
    if (check.outcome !== 'FAILED') continue;
    if (check.effect === 'REDUCE' || check.effect === 'HALT') {
      const scope: Scope = { kind: 'STRATEGY', key: decision.strategy };
      const next = check.effect === 'HALT' ? 'HALTED' : 'REDUCING';
      events.push(...tighten(state, { scope, next, reason: check.message, by: check.ruleKey }));
    }
    if (check.ruleKey === 'H10' && state.accounts.has(decision.account)) {
      const scope: Scope = { kind: 'ACCOUNT', key: decision.account };
      const reason = check.message;
      events.push(...tighten(state, { scope, next: 'HALTED', reason, by: 'H10' }));
    }
  }
  return events;
}

export interface StateChange {
  readonly scope: Scope;
  readonly next: TradingState;
  readonly reason: string | null;
  /** Who or which rule. */
  readonly by: string;
}

/** What a rule may do: make a state stricter. Only a person makes one looser. */
export function tighten(state: State, change: StateChange): Event[] {
  const known = state.tradingStates.get(scopeKey(change.scope)) ?? 'ACTIVE';
  return stricter(known, change.next) === known ? [] : stateChange(state, change);
}

/**
 * An exit that does not come to be leaves shares bare: nothing opens until somebody looks. Where
 * its strategy owns nothing any more that it would give back, it leaves none.
 */
export function unprotected(
  state: State,
  order: Order,
  { what, by = 'exit-rejected' }: { readonly what: string; readonly by?: string },
): Event[] {
  if (order.effect !== 'REDUCE' || isZero(reducible(state, order))) return [];
  return tighten(state, {
    scope: { kind: 'INSTRUMENT', key: order.instrument },
    next: 'REDUCING',
    reason: `the exit ${order.leg ?? order.id} ${what}`,
    by,
  });
}

/** A change of trading state; leaving ACTIVE cancels what works at the broker and would open. */
export function stateChange(state: State, change: StateChange): Event[] {
  const { scope, next, by } = change;
  const reason = change.reason ?? `set by ${by}`;
  const known = state.tradingStates.get(scopeKey(scope)) ?? 'ACTIVE';
  if (known === next) return [];
  const events: Event[] = [{ type: 'TradingStateChanged', scope, state: next, reason, by }];
  if (next === 'ACTIVE') return events;
  for (const ids of state.working.values()) {
    for (const id of ids) {
      const order = state.orders.get(id);
      if (order === undefined || order.effect !== 'OPEN' || !isAtBroker(order)) continue;
      if (order.status === 'CANCEL_PENDING' || !inScope(scope, order)) continue;
      events.push(cancelOf(order, `${next}: ${reason}`));
    }
  }
  return events;
}

function inScope(
  scope: Scope,
  order: { readonly account: string; readonly strategy: string; readonly instrument: string },
): boolean {
  switch (scope.kind) {
    case 'SYSTEM':
      return true;
    case 'ACCOUNT':
      return order.account === scope.key;
    case 'STRATEGY':
      return order.strategy === scope.key;
    case 'INSTRUMENT':
      return order.instrument === scope.key;
  }
}
