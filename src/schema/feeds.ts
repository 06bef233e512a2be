/** The messages of the feeds. Each tells a thing as a whole, never a difference. */
import 'reflect-metadata';
import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import type { LogLevel } from '../domain/desk';
import { FeedSnapshotReasonEnum, LogLevelEnum, type FeedSnapshotReason } from './enums';
import { ApiProfitAndLoss } from './node';
import { ApiFill, ApiOrder } from './order';
import { ApiAccount, ApiAllocation, ApiPosition, ApiStrategy } from './position';
import { ApiDecision } from './rules';
import { DateTimeScalar, SequenceScalar } from './scalars';

const PLACE = 'Its place in the journal; pass it back as `after` to resume here.';

@ObjectType('OrderFeedSnapshot', {
  simpleResolvers: true,
  description: 'Replace everything you hold with this.',
})
export class ApiOrderFeedSnapshot {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => FeedSnapshotReasonEnum, { description: 'Why it is sent.' })
  readonly reason!: FeedSnapshotReason;

  @Field(() => [ApiOrder], { description: 'Every order that is not final, newest first.' })
  readonly orders!: readonly ApiOrder[];
}

@ObjectType('OrderFeedChange', {
  simpleResolvers: true,
  description: 'The order as it is after the change.',
})
export class ApiOrderFeedChange {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => ApiOrder, { description: 'The order.' })
  readonly order!: ApiOrder;
}

export type OrderFeedMessage = ApiOrderFeedSnapshot | ApiOrderFeedChange;
export const OrderFeedMessageUnion = createUnionType({
  name: 'OrderFeedMessage',
  description: 'All open orders, or one order that changed.',
  types: () => [ApiOrderFeedSnapshot, ApiOrderFeedChange] as const,
  resolveType: (value) => ('orders' in value ? 'OrderFeedSnapshot' : 'OrderFeedChange'),
});

@ObjectType('FillFeedMessage', { simpleResolvers: true, description: 'One fill.' })
export class ApiFillFeedMessage {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => ApiFill, { description: 'The fill.' })
  readonly fill!: ApiFill;

  @Field(() => ID, {
    nullable: true,
    description:
      'The fill that this one corrects and takes the place of. Null for a fill of its own.',
  })
  readonly replaces!: string | null;
}

@ObjectType('PositionFeedMessage', { simpleResolvers: true, description: 'One position.' })
export class ApiPositionFeedMessage {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => ApiPosition, {
    description: 'The position, never older than the change; flat ones with quantity 0.',
  })
  readonly position!: ApiPosition;
}

@ObjectType('AllocationFeedMessage', { simpleResolvers: true, description: 'One allocation.' })
export class ApiAllocationFeedMessage {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => ApiAllocation, {
    description: 'The allocation, never older than the change; flat ones with quantity 0.',
  })
  readonly allocation!: ApiAllocation;
}

@ObjectType('DecisionFeedMessage', { simpleResolvers: true, description: 'One decision.' })
export class ApiDecisionFeedMessage {
  @Field(() => SequenceScalar, { description: PLACE })
  readonly sequence!: number;

  @Field(() => ApiDecision, { description: 'The decision.' })
  readonly decision!: ApiDecision;
}

@ObjectType('PnlFeedMessage', {
  simpleResolvers: true,
  description: 'Profit and loss of one owner in one account.',
})
export class ApiPnlFeedMessage {
  @Field(() => ApiStrategy, {
    nullable: true,
    description: 'The owner. Null for what no strategy owns.',
  })
  readonly strategy!: ApiStrategy | null;

  @Field(() => ApiAccount, { description: 'The account.' })
  readonly account!: ApiAccount;

  @Field(() => ApiProfitAndLoss, { description: "The figures, in the account's currency." })
  readonly pnl!: ApiProfitAndLoss;
}

@ObjectType('LogLine', { simpleResolvers: true, description: 'One line of the log.' })
export class ApiLogLine {
  @Field(() => DateTimeScalar, { description: 'When.' })
  readonly at!: number;

  @Field(() => LogLevelEnum, { description: 'How important.' })
  readonly level!: LogLevel;

  @Field(() => String, { description: 'What.' })
  readonly message!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The order it is about. Null where it is about none.',
  })
  readonly orderId!: string | null;
}
