/** Pages of the lists that grow without bound. Newest first, forward only. */
import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import { ApiPageInfo } from './node';
import { ApiFill, ApiOrder } from './order';
import { ApiDecision } from './rules';

@ObjectType('OrderEdge', { simpleResolvers: true, description: 'An order with its place.' })
export class ApiOrderEdge {
  @Field(() => String, { description: 'Its place in the list: opaque, to be used as `after`.' })
  readonly cursor!: string;

  @Field(() => ApiOrder, { description: 'The order.' })
  readonly node!: ApiOrder;
}

@ObjectType('OrderConnection', {
  simpleResolvers: true,
  description: 'A page of orders, newest first.',
})
export class ApiOrderConnection {
  @Field(() => [ApiOrderEdge], { description: 'The orders with their places.' })
  readonly edges!: readonly ApiOrderEdge[];

  @Field(() => [ApiOrder], { description: 'The orders alone.' })
  readonly nodes!: readonly ApiOrder[];

  @Field(() => ApiPageInfo, { description: 'Whether and how to go on.' })
  readonly pageInfo!: ApiPageInfo;
}

@ObjectType('FillConnection', {
  simpleResolvers: true,
  description: 'A page of fills, newest first.',
})
export class ApiFillConnection {
  @Field(() => [ApiFill], { description: 'The fills.' })
  readonly nodes!: readonly ApiFill[];

  @Field(() => ApiPageInfo, { description: 'Whether and how to go on.' })
  readonly pageInfo!: ApiPageInfo;
}

@ObjectType('DecisionConnection', {
  simpleResolvers: true,
  description: 'A page of decisions, newest first.',
})
export class ApiDecisionConnection {
  @Field(() => [ApiDecision], { description: 'The decisions.' })
  readonly nodes!: readonly ApiDecision[];

  @Field(() => ApiPageInfo, { description: 'Whether and how to go on.' })
  readonly pageInfo!: ApiPageInfo;
}
