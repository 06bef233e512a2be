/** Pages of orders out of the history, for all strategies or one. */
import type { StrategyKey } from '../domain/ids';
import type { Order } from '../domain/order';
import type { Page } from '../domain/ports';
import type { OrderListArgs } from '../schema/args';
import type { ApiContext } from './context';
import { findInstrumentKey, findStrategy } from './find';
import type { OrderView } from './order.view';
import { connectionOf, NO_PAGE, pageQuery, type Connection } from './pages';
import { mustFind } from './user-errors';
import { viewsOf } from './views';

/**
 * Orders of one strategy, or of all where `owner` is null.
 * @throws GraphQLError BAD_USER_INPUT for a page out of range and for names nobody knows
 */
export async function ordersPage(
  context: ApiContext,
  args: OrderListArgs,
  owner: StrategyKey | null,
): Promise<Connection<OrderView>> {
  const views = viewsOf(context);
  return connectionOf(await pageOf(context, args, owner), (order) => views.order(order));
}

async function pageOf(
  { engine, history }: ApiContext,
  { first, after, filter }: OrderListArgs,
  owner: StrategyKey | null,
): Promise<Page<Order>> {
  const { state } = engine;
  const asked = filter?.strategy ?? null;
  const wanted = asked === null ? null : mustFind('strategy', findStrategy(state, asked));
  const given = filter?.instrument ?? null;
  const instrument =
    given === null ? null : mustFind('instrument', findInstrumentKey(state, given));
  const page = pageQuery(first, after);
  if (owner !== null && wanted !== null && owner !== wanted) return NO_PAGE;
  const status = filter?.status ?? null;
  return history.orders({ ...page, status, strategy: owner ?? wanted, instrument });
}
