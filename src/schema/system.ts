/** The system as a whole, as the API shows it. */
import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import type { LinkState } from '../domain/broker-link';
import type { Mode } from '../domain/mode';
import type { TradingState } from '../domain/trading-state';
import { LinkStateEnum, ModeEnum, TradingStateEnum } from './enums';
import { ApiRuleSet } from './rules';
import { DateTimeScalar, SequenceScalar } from './scalars';

@ObjectType('TradingStateEntry', {
  simpleResolvers: true,
  description: 'Where trading is not ACTIVE, who said so and why.',
})
export class ApiTradingStateEntry {
  @Field(() => TradingStateEnum, { description: 'REDUCING or HALTED.' })
  readonly state!: TradingState;

  @Field(() => String, { nullable: true, description: 'Null unless it is of one account.' })
  readonly account!: string | null;

  @Field(() => String, { nullable: true, description: 'Null unless it is of one strategy.' })
  readonly strategy!: string | null;

  @Field(() => String, { nullable: true, description: 'Null unless it is of one instrument.' })
  readonly instrument!: string | null;

  @Field(() => String, { description: 'Why, in words.' })
  readonly reason!: string;

  @Field(() => String, { description: 'The person, rule or check that set it.' })
  readonly setBy!: string;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  readonly since!: number;
}

@ObjectType('System', { simpleResolvers: true, description: 'The system as a whole.' })
export class ApiSystem {
  @Field(() => ModeEnum, { description: 'Which world the books are of.' })
  readonly mode!: Mode;

  @Field(() => TradingStateEnum, {
    description:
      "The system's own trading state; accounts, strategies and instruments have theirs. HALTED " +
      'also when the engine has stopped, as on a full disk.',
  })
  readonly tradingState!: TradingState;

  @Field(() => [ApiTradingStateEntry], {
    description: 'Everywhere trading is not ACTIVE, the oldest first. The strictest wins.',
  })
  readonly tradingStates!: readonly ApiTradingStateEntry[];

  @Field(() => LinkStateEnum, { description: 'The connection to the broker.' })
  readonly link!: LinkState;

  @Field(() => String, {
    nullable: true,
    description: 'Why the link is not READY, and what to do next. Null when it is.',
  })
  readonly linkReason!: string | null;

  @Field(() => ApiRuleSet, { description: 'The risk rules in force.' })
  readonly ruleSet!: ApiRuleSet;

  @Field(() => SequenceScalar, { description: 'The newest committed place in the journal.' })
  readonly sequence!: number;

  @Field(() => DateTimeScalar, { description: "The engine's clock; in the demo, the market's." })
  readonly now!: number;
}
