/** Strategies: the list, one by its key, its orders, and how one comes to be. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { money, signOf } from '../domain/decimal';
import { OrderListArgs } from '../schema/args';
import { ApiOrderConnection } from '../schema/connections';
import { CreateStrategyInput } from '../schema/inputs';
import { CreateStrategyPayload } from '../schema/payloads';
import { ApiStrategy } from '../schema/position';
import { amountFault, newKeyFault, takenKeyFault } from './checks';
import type { ApiContext } from './context';
import { ordersPage } from './order-list';
import { fault, Faults, refusalError } from './user-errors';
import { viewsOf } from './views';

@Resolver(() => ApiStrategy)
export class StrategyResolver {
  @Query(() => [ApiStrategy], { description: 'The strategies, in order of creation.' })
  strategies(@Ctx() context: ApiContext): readonly ApiStrategy[] {
    const views = viewsOf(context);
    return [...views.state.strategies.keys()].map((key) => views.strategy(key));
  }

  @Query(() => ApiStrategy, {
    nullable: true,
    description: 'One strategy. Null when there is none of this key.',
  })
  strategy(
    @Arg('key', () => String, { description: 'Its key.' }) key: string,
    @Ctx() context: ApiContext,
  ): ApiStrategy | null {
    const views = viewsOf(context);
    return views.state.strategies.has(key) ? views.strategy(key) : null;
  }

  @FieldResolver(() => ApiOrderConnection, { description: 'Its orders, newest first.' })
  orders(
    @Root() strategy: ApiStrategy,
    @Args(() => OrderListArgs) args: OrderListArgs,
    @Ctx() context: ApiContext,
  ): Promise<ApiOrderConnection> {
    return ordersPage(context, args, strategy.key);
  }

  @Mutation(() => CreateStrategyPayload, { description: 'Makes a new owner of orders.' })
  async createStrategy(
    @Arg('input', () => CreateStrategyInput, { description: 'What it shall be.' })
    input: CreateStrategyInput,
    @Ctx() context: ApiContext,
  ): Promise<CreateStrategyPayload> {
    const { engine, desk } = context;
    const faults = checkNew(input, [...engine.state.strategies.keys()]);
    if (faults.any) return { strategy: null, userErrors: faults.errors };
    const { key, stage, weight, allowsShort } = input;
    const capital = input.capital == null ? null : money(input.capital);
    const settings = { allowsShort, stage, weight, capital };
    const command = { kind: 'CREATE_STRATEGY', strategy: key, ...settings } as const;
    const edge = { id: desk.commandId(), at: desk.now() };
    const refusal = await engine.execute(command, edge);
    if (refusal === null) return { strategy: viewsOf(context).strategy(key), userErrors: [] };
    const pathOf = (field: string): string[] => ['input', field === 'strategy' ? 'key' : field];
    return { strategy: null, userErrors: [refusalError(refusal, pathOf)] };
  }
}

function checkNew(input: CreateStrategyInput, known: readonly string[]): Faults {
  const faults = new Faults(['input']);
  const { key, weight, capital } = input;
  faults.check('key', newKeyFault(key) ?? takenKeyFault(key, known));
  faults.check('weight', amountFault(weight, 'A weight'));
  if (signOf(money(weight)) < 0) {
    faults.add('weight', fault('INVALID', 'A weight is 0 or above.'));
  }
  if (capital == null) return faults;
  faults.check('capital', amountFault(capital, 'Capital'));
  if (signOf(money(capital)) <= 0) {
    faults.add('capital', fault('INVALID', 'Capital is above 0; leave it out for none.'));
  }
  return faults;
}
