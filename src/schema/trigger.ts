/** What an order waits for, and why it still does, as the API shows it. */
import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import type { TriggerKind } from '../domain/order';
import type { PriceSource } from '../domain/price-source';
import { ApiConditionCheck } from './condition-check';
import { PriceSourceEnum, TriggerKindEnum } from './enums';
import { DateTimeScalar, DecimalScalar, type Amount } from './scalars';

@ObjectType('Trigger', {
  simpleResolvers: true,
  description: 'The price condition that releases an order.',
})
export class ApiTrigger {
  @Field(() => TriggerKindEnum, { description: 'How the price is compared.' })
  readonly kind!: TriggerKind;

  @Field(() => DecimalScalar, {
    description:
      'Exact price level; never rounded to a tick. Of a TRAIL the stop level as it was recorded ' +
      'last, on the tick: what is in force may be closer to the market by what the last second ' +
      'brought. Before a TRAIL without a first level follows: the level it will begin with.',
  })
  readonly level!: Amount;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAIL: its distance from the best price. Null for all others.',
  })
  readonly trailBy!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAIL: its distance in percent of the best price. Null for all others.',
  })
  readonly trailPercent!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAIL: the price from which on it follows. Null: from its beginning.',
  })
  readonly activateAt!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAIL: the best price recorded. Null until it follows, and for all others.',
  })
  readonly bestPrice!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'How far the price it looks at has to go to the level: level minus that price. Null when ' +
      'there is no price, and once the order waits no more.',
  })
  readonly distance!: Amount | null;

  @Field(() => PriceSourceEnum, { description: 'Which price it looks at.' })
  readonly priceSource!: PriceSource;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it fired. Null until then.',
  })
  readonly firedAt!: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The price it fired at, of the kind it looks at. Null until then.',
  })
  readonly firedPrice!: Amount | null;
}

@ObjectType('TriggerEvaluation', {
  simpleResolvers: true,
  description: 'The rule of an armed order, looked at when its level was reached.',
})
export class ApiTriggerEvaluation {
  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly at!: number;

  @Field(() => DecimalScalar, {
    description: 'At which price, of the kind that the trigger looks at.',
  })
  readonly price!: Amount;

  @Field(() => String, { description: 'Why the order stayed.' })
  readonly reason!: string;

  @Field(() => [ApiConditionCheck], { description: 'Every comparison; none where none was made.' })
  readonly conditions!: readonly ApiConditionCheck[];
}

@ObjectType('Waiting', {
  simpleResolvers: true,
  description: 'Why an armed order has not fired.',
})
export class ApiWaiting {
  @Field(() => DateTimeScalar, { description: 'Armed, or moved or armed again, since.' })
  readonly since!: number;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'The newest price of the kind that the trigger looks at: the last trade, or for another ' +
      'priceSource that one. Null: none was seen yet.',
  })
  readonly lastPrice!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Level minus lastPrice. Null: no price was seen yet.',
  })
  readonly distance!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'The nearest price since then, as far as this run of the server has seen. Null: none, or a ' +
      'cross that lies behind the price.',
  })
  readonly closestPrice!: Amount | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When that was. Null where closestPrice is.',
  })
  readonly closestAt!: number | null;

  @Field(() => ApiTriggerEvaluation, {
    nullable: true,
    description: 'The last time its level was reached and it stayed. Null: not once.',
  })
  readonly lastEvaluation!: ApiTriggerEvaluation | null;

  @Field(() => String, { description: 'All of it in words.' })
  readonly explanation!: string;
}
