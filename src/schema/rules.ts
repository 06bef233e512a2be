/** Risk rules and the decisions they led to, as the API shows them. */
import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Side } from '../domain/order';
import type { PriceSource } from '../domain/price-source';
import type { RuleEffect, RuleOutcome } from '../domain/verdict';
import { PriceSourceEnum, RuleEffectEnum, RuleOutcomeEnum, SideEnum } from './enums';
import { ApiConditionCheck } from './condition-check';
import { ApiInstrument } from './instrument';
import { ApiNode } from './node';
import { ApiOrder } from './order';
import { ApiStrategy } from './position';
import { DateTimeScalar, DecimalScalar, JSONObjectScalar, type Amount } from './scalars';

@ObjectType('RiskRule', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'One JSON document saying what must be true for an order to pass.',
})
export class ApiRiskRule implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, { description: 'Its name: the file name without its ending.' })
  readonly key!: string;

  @Field(() => String, { description: 'What it is for, in words.' })
  readonly description!: string;

  @Field(() => Boolean, { description: 'Whether it is looked at.' })
  readonly enabled!: boolean;

  @Field(() => RuleEffectEnum, { description: 'What happens when it fails.' })
  readonly effect!: RuleEffect;

  @Field(() => String, { description: 'The file it stands in, below the rules folder.' })
  readonly file!: string;

  @Field(() => JSONObjectScalar, { description: 'The rule as it is written.' })
  readonly document!: Readonly<Record<string, unknown>>;
}

@ObjectType('RuleSet', { simpleResolvers: true, description: 'The risk rules in force.' })
export class ApiRuleSet {
  @Field(() => String, { description: 'SHA-256 over the rules: it names exactly this set.' })
  readonly hash!: string;

  @Field(() => DateTimeScalar, { description: 'Since when it is in force.' })
  readonly activatedAt!: number;

  @Field(() => [ApiRiskRule], { description: 'The rules, sorted by key.' })
  readonly rules!: readonly ApiRiskRule[];
}

const RULE_KEY =
  "The rule's key, or H1 to H16 for a hard limit. In the preview of an order with a bracket also " +
  'WORST_CASE: whether the entry filled and its stop hit would keep within the limits.';

@ObjectType('RuleCheck', { simpleResolvers: true, description: 'One rule, looked at once.' })
export class ApiRuleCheck {
  @Field(() => String, { description: RULE_KEY })
  readonly ruleKey!: string;

  @Field(() => RuleOutcomeEnum, { description: 'What came out.' })
  readonly outcome!: RuleOutcome;

  @Field(() => RuleEffectEnum, { description: 'What its failing does.' })
  readonly effect!: RuleEffect;

  @Field(() => String, {
    nullable: true,
    description: 'Why it failed, in words. Null when it did not.',
  })
  readonly message!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'File and line of the rule as it was. Null for a hard limit.',
  })
  readonly location!: string | null;

  @Field(() => [ApiConditionCheck], { description: 'Each comparison it made.' })
  readonly conditions!: readonly ApiConditionCheck[];
}

@ObjectType('FiredOn', {
  simpleResolvers: true,
  description: 'The price that released an order.',
})
export class ApiFiredOn {
  @Field(() => PriceSourceEnum, {
    description: 'What that price is: LAST, BID, ASK or MID. A BID_ASK trigger names its side.',
  })
  readonly priceSource!: PriceSource;

  @Field(() => DecimalScalar, { description: 'The price, exactly.' })
  readonly price!: Amount;
}

@ObjectType('Decision', {
  simpleResolvers: true,
  implements: ApiNode,
  description:
    'One recorded decision: what was asked, which rules looked at which facts, and what came out.',
})
export class ApiDecision implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => ApiOrder, {
    nullable: true,
    description: 'What it was about. Null for a preview.',
  })
  readonly order!: ApiOrder | null;

  @Field(() => ApiStrategy, { description: 'Whose order it was about.' })
  readonly strategy!: ApiStrategy;

  @Field(() => ApiInstrument, { description: 'What was to be traded.' })
  readonly instrument!: ApiInstrument;

  @Field(() => SideEnum, { description: 'Which way.' })
  readonly side!: Side;

  @Field(() => DecimalScalar, { description: 'How many units.' })
  readonly quantity!: Amount;

  @Field(() => Boolean, {
    description: 'Whether the order may leave. Of the preview of a flip: whether both parts may.',
  })
  readonly approved!: boolean;

  @Field(() => [String], {
    description:
      'Machine-readable reasons, empty when approved: rule keys in upper snake case, hard limits ' +
      'as H1 to H16, WORST_CASE in the preview of a bracket. Of the preview of a flip: those of ' +
      'both parts.',
  })
  readonly codes!: readonly string[];

  @Field(() => String, { description: 'The rule set that looked at it.' })
  readonly ruleSetHash!: string;

  @Field(() => [ApiRuleCheck], { description: 'Every rule and hard limit that was looked at.' })
  readonly checks!: readonly ApiRuleCheck[];

  @Field(() => ApiDecision, {
    nullable: true,
    description:
      'Of the preview of a flip, the second part: what opens the rest, judged as if the first ' +
      'part, which is the rest of this decision, had filled at the last price. Null for every ' +
      'other preview, and for what was recorded: there each part is decided by itself.',
  })
  readonly opening!: ApiDecision | null;

  @Field(() => ApiFiredOn, {
    nullable: true,
    description: 'The price that released the order. Null: no trigger did.',
  })
  readonly firedOn!: ApiFiredOn | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly at!: number;
}
