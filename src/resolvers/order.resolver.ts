/** Orders: the list, and what the history knows of each beyond the books. */
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { isZero } from '../domain/decimal';
import { OrderListArgs } from '../schema/args';
import { ApiOrderConnection } from '../schema/connections';
import { ApiFill, ApiOrder } from '../schema/order';
import { ApiDecision } from '../schema/rules';
import type { ApiContext } from './context';
import { FillView } from './fill.view';
import { ordersPage } from './order-list';
import type { OrderView } from './order.view';
import { viewsOf } from './views';

@Resolver(() => ApiOrder)
export class OrderResolver {
  @Query(() => ApiOrderConnection, { description: 'Orders in any status, newest first.' })
  orders(
    @Args(() => OrderListArgs) args: OrderListArgs,
    @Ctx() context: ApiContext,
  ): Promise<ApiOrderConnection> {
    return ordersPage(context, args, null);
  }

  @FieldResolver(() => ApiDecision, {
    nullable: true,
    description: 'Null while ARMED: rules run again when the trigger fires.',
  })
  async decision(
    @Root() { shown }: OrderView,
    @Ctx() context: ApiContext,
  ): Promise<ApiDecision | null> {
    if (shown.decision === null) return null;
    const decision = await context.history.decision(shown.decision);
    return decision === null ? null : viewsOf(context).decision(decision);
  }

  @FieldResolver(() => [ApiFill], { description: 'Its fills, newest first.' })
  async fills(
    @Root() { shown }: OrderView,
    @Ctx() context: ApiContext,
  ): Promise<readonly ApiFill[]> {
    if (isZero(shown.filledQuantity)) return [];
    const views = viewsOf(context);
    const booked = await context.history.fillsOf(shown.id);
    return [...booked]
      .sort((a, b) => b.sequence - a.sequence)
      .map((each) => new FillView(views, each));
  }
}
