/** What was recorded: fills and decisions, newest first, and anything by its id. */
import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { DecisionListArgs, FillListArgs } from '../schema/args';
import { ApiDecisionConnection, ApiFillConnection } from '../schema/connections';
import { ApiNode } from '../schema/node';
import { ApiDecision } from '../schema/rules';
import type { ApiContext } from './context';
import { FillView } from './fill.view';
import { findStrategy } from './find';
import { findNode } from './nodes';
import { connectionOf, pageQuery } from './pages';
import { mustFind } from './user-errors';
import { viewsOf } from './views';

@Resolver()
export class RecordResolver {
  @Query(() => ApiNode, {
    nullable: true,
    description: 'Anything that has an id. Null when nothing has this one.',
  })
  node(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ApiNode | null> {
    return findNode(context, id);
  }

  @Query(() => ApiFillConnection, { description: 'Fills, newest first.' })
  async fills(
    @Args(() => FillListArgs) { first, after, strategy }: FillListArgs,
    @Ctx() context: ApiContext,
  ): Promise<ApiFillConnection> {
    const views = viewsOf(context);
    const owner =
      strategy == null ? null : mustFind('strategy', findStrategy(views.state, strategy));
    const page = await context.history.fills({ ...pageQuery(first, after), strategy: owner });
    return connectionOf(page, (booked) => new FillView(views, booked));
  }

  @Query(() => ApiDecision, {
    nullable: true,
    description: 'One decision. Null when there is none of this id.',
  })
  async decision(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() context: ApiContext,
  ): Promise<ApiDecision | null> {
    const found = await context.history.decision(id);
    return found === null ? null : viewsOf(context).decision(found);
  }

  @Query(() => ApiDecisionConnection, { description: 'Decisions, newest first.' })
  async decisions(
    @Args(() => DecisionListArgs) { first, after, approved }: DecisionListArgs,
    @Ctx() context: ApiContext,
  ): Promise<ApiDecisionConnection> {
    const views = viewsOf(context);
    const query = { ...pageQuery(first, after), approved: approved ?? null };
    const page = await context.history.decisions(query);
    return connectionOf(page, (decision) => views.decision(decision));
  }
}
