/** Maps a decision, and the rules that were looked at, to the API. */
import type { Side } from '../domain/order';
import type { ActiveRules } from '../domain/desk';
import type { ActiveRule, Decision, PreviewedDecision } from '../domain/verdict';
import type { ApiInstrument } from '../schema/instrument';
import type { ApiOrder } from '../schema/order';
import type { ApiStrategy } from '../schema/position';
import type { ApiDecision, ApiFiredOn, ApiRiskRule } from '../schema/rules';
import type { ApiRuleCheck, ApiRuleSet } from '../schema/rules';
import type { Amount } from '../schema/scalars';
import { ruleId } from './ids';
import type { Views } from './views';

/** The id of a decision that nothing was done with. */
export const PREVIEW_ID = 'dec-preview';

export class DecisionView implements ApiDecision {
  readonly typeName = 'Decision';
  readonly id: string;
  readonly side: Side;
  readonly quantity: Amount;
  readonly approved: boolean;
  readonly codes: readonly string[];
  readonly ruleSetHash: string;
  readonly checks: readonly ApiRuleCheck[];
  readonly at: number;
  readonly #decision: Decision | PreviewedDecision;

  constructor(
    private readonly views: Views,
    decision: Decision | PreviewedDecision,
  ) {
    this.#decision = decision;
    this.id = decision.id;
    this.side = decision.side;
    this.quantity = decision.quantity;
    this.approved = decision.approved;
    this.codes = decision.codes;
    this.ruleSetHash = decision.ruleSetHash;
    this.checks = decision.checks;
    this.at = decision.at;
  }

  get order(): ApiOrder | null {
    return this.id === PREVIEW_ID ? null : this.views.orderOfId(this.#decision.order);
  }
  get firedOn(): ApiFiredOn | null {
    const fired = this.#decision.firedOn;
    return fired === undefined ? null : { priceSource: fired.priceKind, price: fired.price };
  }
  get opening(): ApiDecision | null {
    const decision = this.#decision;
    const opening = 'opening' in decision ? decision.opening : null;
    return opening === null ? null : this.views.decision(opening);
  }
  get strategy(): ApiStrategy {
    return this.views.strategy(this.#decision.strategy);
  }
  get instrument(): ApiInstrument {
    return this.views.instrument(this.#decision.instrument);
  }
}

export function riskRuleView(rule: ActiveRule): ApiRiskRule & { readonly typeName: string } {
  return { typeName: 'RiskRule', id: ruleId(rule.key), ...rule };
}

export function ruleSetView({ hash, activatedAt, rules }: ActiveRules): ApiRuleSet {
  return { hash, activatedAt, rules: rules.map(riskRuleView) };
}
