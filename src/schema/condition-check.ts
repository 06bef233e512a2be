/** One comparison of a rule, as decisions and waiting orders show it. */
import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';

@ObjectType('ConditionCheck', {
  simpleResolvers: true,
  description: 'One comparison of a fact with a limit.',
})
export class ApiConditionCheck {
  @Field(() => String, { description: 'Name of the fact; docs/reference/facts.md explains it.' })
  readonly fact!: string;

  @Field(() => String, { description: 'How the two are compared.' })
  readonly operator!: string;

  @Field(() => String, { description: 'What the rule demands.' })
  readonly limit!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the fact was. Null when the fact was missing.',
  })
  readonly value!: string | null;

  @Field(() => Boolean, { description: 'Whether the comparison was true.' })
  readonly passed!: boolean;
}
