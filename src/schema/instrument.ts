/** What is traded, and its latest prices, as the API shows them. */
import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ApiNode } from './node';
import { CurrencyScalar, DateTimeScalar, DecimalScalar, type Amount } from './scalars';

@ObjectType('Instrument', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'What is traded.',
})
export class ApiInstrument implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, {
    description: 'Unique name, e.g. AAPL; AAPL.XNAS where the symbol alone is ambiguous.',
  })
  readonly key!: string;

  @Field(() => String, { description: 'The ticker symbol.' })
  readonly symbol!: string;

  @Field(() => String, {
    description: 'Listing venue as an ISO 10383 code; empty when nobody has said.',
  })
  readonly exchange!: string;

  @Field(() => CurrencyScalar, { description: 'What its prices are counted in.' })
  readonly currency!: string;

  @Field(() => DecimalScalar, { description: 'Order prices are multiples of it.' })
  readonly tickSize!: Amount;

  @Field(() => Int, {
    nullable: true,
    description: "The broker's own number of it. Null before the broker has resolved it.",
  })
  readonly conId!: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      "The last price a trigger may look at, in the instrument's currency. Null before the first " +
      'eligible price.',
  })
  readonly lastPrice!: Amount | null;
}

@ObjectType('Quote', {
  simpleResolvers: true,
  description: "The latest prices of an instrument, in the instrument's currency.",
})
export class ApiQuote {
  @Field(() => ApiInstrument, { description: 'What the prices are of.' })
  readonly instrument!: ApiInstrument;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What buyers offer. Null where nobody has said.',
  })
  readonly bid!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What sellers ask. Null where nobody has said.',
  })
  readonly ask!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The last trade. Null before the first eligible one.',
  })
  readonly last!: Amount | null;

  @Field(() => DateTimeScalar, { description: 'When the newest of them came in.' })
  readonly at!: number;
}
