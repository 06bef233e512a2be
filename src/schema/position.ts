/** Who holds what: accounts, strategies, positions and their allocations, as the API shows them. */
import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';
import type { StrategyStage } from '../domain/book';
import type { TradingState } from '../domain/trading-state';
import { StrategyStageEnum, TradingStateEnum } from './enums';
import { ApiInstrument } from './instrument';
import { ApiMoney, ApiNode, ApiProfitAndLoss } from './node';
import { DecimalScalar, type Amount } from './scalars';

@ObjectType('Account', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'One account at the broker.',
})
export class ApiAccount implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, { description: "The broker's account code." })
  readonly key!: string;

  @Field(() => [ApiPosition], { description: 'What it holds, by instrument.' })
  readonly positions!: readonly ApiPosition[];

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'What everything in it is worth. Null until the broker reports it.',
  })
  readonly netLiquidation!: ApiMoney | null;

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'What it could buy now. Null until the broker reports it.',
  })
  readonly buyingPower!: ApiMoney | null;

  @Field(() => ApiProfitAndLoss, {
    description: "Everything in it, owned or not, in the account's currency.",
  })
  readonly pnl!: ApiProfitAndLoss;
}

@ObjectType('Strategy', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'A named owner of orders and allocations.',
})
export class ApiStrategy implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, {
    description: 'Stable name used in rule files, instruction files and logs.',
  })
  readonly key!: string;

  @Field(() => StrategyStageEnum, { description: 'How far it has come.' })
  readonly stage!: StrategyStage;

  @Field(() => TradingStateEnum, {
    description: "The stricter of its own trading state and the system's.",
  })
  readonly tradingState!: TradingState;

  @Field(() => DecimalScalar, { description: 'Share of a pro-rata split.' })
  readonly weight!: string;

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'What it may work with. Null when it has none of its own.',
  })
  readonly capital!: ApiMoney | null;

  @Field(() => Boolean, { description: 'Whether it may hold less than nothing.' })
  readonly allowsShort!: boolean;

  @Field(() => [ApiAllocation], { description: 'What it owns, by account and instrument.' })
  readonly allocations!: readonly ApiAllocation[];

  @Field(() => ApiProfitAndLoss, {
    description: 'Of everything it owned, in the currency of the first account.',
  })
  readonly pnl!: ApiProfitAndLoss;
}

@ObjectType('Position', {
  simpleResolvers: true,
  description: 'What an account holds of one instrument by the book, and who owns it.',
})
export class ApiPosition {
  @Field(() => ApiAccount, { description: 'The account that holds it.' })
  readonly account!: ApiAccount;

  @Field(() => ApiInstrument, { description: 'What is held.' })
  readonly instrument!: ApiInstrument;

  @Field(() => DecimalScalar, {
    description:
      'Units by the book: allocations + unallocated. Negative: short. Fills move it at once.',
  })
  readonly quantity!: Amount;

  @Field(() => ApiMoney, {
    description: "Cost of a unit over all owners, in the instrument's currency; 0 when flat.",
  })
  readonly averageCost!: ApiMoney;

  @Field(() => [ApiAllocation], { description: 'The parts that strategies own.' })
  readonly allocations!: readonly ApiAllocation[];

  @Field(() => DecimalScalar, { description: 'Owned by no strategy.' })
  readonly unallocated!: Amount;

  @Field(() => DecimalScalar, {
    description:
      'Broker quantity minus (allocations + unallocated). Zero unless there is a break: fills on ' +
      'their way are none.',
  })
  readonly difference!: Amount;
}

@ObjectType('Allocation', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'The part of a position that one strategy owns.',
})
export class ApiAllocation implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => ApiStrategy, { description: 'The owner.' })
  readonly strategy!: ApiStrategy;

  @Field(() => ApiAccount, { description: 'The account that holds it.' })
  readonly account!: ApiAccount;

  @Field(() => ApiInstrument, { description: 'What is owned.' })
  readonly instrument!: ApiInstrument;

  @Field(() => DecimalScalar, { description: 'Units. Negative: short.' })
  readonly quantity!: Amount;

  @Field(() => ApiMoney, {
    description: "Cost of a unit, in the instrument's currency; 0 when flat.",
  })
  readonly averageCost!: ApiMoney;

  @Field(() => DecimalScalar, {
    description:
      'Units that no exit covers: of stops and of targets, which are two ways out for the same ' +
      'units, the side that covers more counts. An exit that is ending or UNKNOWN covers nothing.',
  })
  readonly uncovered!: Amount;

  @Field(() => DecimalScalar, {
    description:
      'Units that no stop or trailing stop covers and that no market order takes out, whatever ' +
      'targets rest there: what a falling price, or for a short a rising one, meets without an ' +
      'exit. Never below uncovered. A position whose plan has no stop has all its units here.',
  })
  readonly unprotected!: Amount;

  @Field(() => ApiProfitAndLoss, { description: 'Of this allocation since it began.' })
  readonly pnl!: ApiProfitAndLoss;
}
