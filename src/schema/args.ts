/** The arguments of lists and feeds. */
import 'reflect-metadata';
import { ArgsType, Field, Int } from 'type-graphql';
import type { LogLevel } from '../domain/desk';
import { LogLevelEnum } from './enums';
import { OrderFilter } from './inputs';
import { SequenceScalar } from './scalars';

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 200;
export const DEFAULT_RATE = 4;
export const LARGEST_RATE = 50;

const FIRST = `How many, 1 to ${LARGEST_PAGE}.`;
const CURSOR = 'Only what stands after this cursor. Null: from the newest on.';
const AFTER =
  'Only what came after this place in the journal. Null: the feed begins as it says of itself.';
const OF_STRATEGY = 'Key of a strategy. Null: of all.';
const RATE = `At most so many messages a second for each, 1 to ${LARGEST_RATE}.`;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: DEFAULT_PAGE, description: FIRST })
  readonly first!: number;

  @Field(() => String, { nullable: true, description: CURSOR })
  readonly after?: string | null;
}

@ArgsType()
export class OrderListArgs extends PageArgs {
  @Field(() => OrderFilter, { nullable: true, description: 'Which of them. Null: all.' })
  readonly filter?: OrderFilter | null;
}

@ArgsType()
export class FillListArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: OF_STRATEGY })
  readonly strategy?: string | null;
}

@ArgsType()
export class DecisionListArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only approved ones, or only denials. Null: both.',
  })
  readonly approved?: boolean | null;
}

@ArgsType()
export class StrategyFeedArgs {
  @Field(() => String, { nullable: true, description: OF_STRATEGY })
  readonly strategy?: string | null;

  @Field(() => SequenceScalar, { nullable: true, description: AFTER })
  readonly after?: number | null;
}

@ArgsType()
export class AccountFeedArgs {
  @Field(() => String, { nullable: true, description: 'Key of an account. Null: of all.' })
  readonly account?: string | null;

  @Field(() => SequenceScalar, { nullable: true, description: AFTER })
  readonly after?: number | null;
}

@ArgsType()
export class DecisionFeedArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only approved ones, or only denials. Null: both.',
  })
  readonly approved?: boolean | null;

  @Field(() => SequenceScalar, { nullable: true, description: AFTER })
  readonly after?: number | null;
}

@ArgsType()
export class PnlFeedArgs {
  @Field(() => String, { nullable: true, description: OF_STRATEGY })
  readonly strategy?: string | null;

  @Field(() => Int, { defaultValue: DEFAULT_RATE, description: RATE })
  readonly maxPerSecond!: number;
}

@ArgsType()
export class QuoteFeedArgs {
  @Field(() => [String], { description: 'Keys of instruments; symbols where they are unique.' })
  readonly instruments!: readonly string[];

  @Field(() => Int, { defaultValue: DEFAULT_RATE, description: RATE })
  readonly maxPerSecond!: number;
}

@ArgsType()
export class LogFeedArgs {
  @Field(() => LogLevelEnum, { defaultValue: 'INFO', description: 'This level and above.' })
  readonly level!: LogLevel;
}
