/** What everything with an id has in common, and the small values that stand in many types. */
import 'reflect-metadata';
import { ID, Field, InterfaceType, ObjectType } from 'type-graphql';
import { CurrencyScalar, DateTimeScalar, DecimalScalar, type Amount } from './scalars';

@InterfaceType('Node', {
  description: 'Anything that can be found again by its id.',
  resolveType: (value: { readonly typeName: string }) => value.typeName,
})
export abstract class ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;
}

@ObjectType('Money', { simpleResolvers: true, description: 'An amount in one currency.' })
export class ApiMoney {
  @Field(() => DecimalScalar, { description: 'Exact amount in units of the currency.' })
  readonly amount!: Amount;

  @Field(() => CurrencyScalar, { description: 'What the amount is counted in.' })
  readonly currency!: string;
}

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page of a list ends.' })
export class ApiPageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  readonly hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Pass it back as `after` for the next page. Null when the page is empty.',
  })
  readonly endCursor!: string | null;
}

@ObjectType('ProfitAndLoss', {
  simpleResolvers: true,
  description: 'What was gained and lost, by average cost. Never converted between currencies.',
})
export class ApiProfitAndLoss {
  @Field(() => ApiMoney, { description: 'Profit of what was given back, before commissions.' })
  readonly realized!: ApiMoney;

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'Profit of what is held, at the last price. Null without a current price.',
  })
  readonly unrealized!: ApiMoney | null;

  @Field(() => ApiMoney, { description: 'Commissions and fees paid; a positive amount is a cost.' })
  readonly commissions!: ApiMoney;

  @Field(() => DateTimeScalar, { description: "When it was computed, by the engine's clock." })
  readonly asOf!: number;
}
