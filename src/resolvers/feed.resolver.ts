/** The feeds of what is in the journal: orders, fills, decisions, positions, allocations. */
import { Args, Resolver, Root, Subscription } from 'type-graphql';
import type { Order } from '../domain/order';
import type { Change, ChangeOrReset } from '../engine/feed';
import { AccountFeedArgs, DecisionFeedArgs, StrategyFeedArgs } from '../schema/args';
import { ApiAllocationFeedMessage, ApiDecisionFeedMessage } from '../schema/feeds';
import { ApiFillFeedMessage, ApiPositionFeedMessage } from '../schema/feeds';
import { OrderFeedMessageUnion, type OrderFeedMessage } from '../schema/feeds';
import type { ApiContext } from './context';
import { feedOf, startOf } from './feed-iterator';
import { FeedMessages } from './feed-messages';
import { findAccount, findStrategy } from './find';
import { mustFind } from './user-errors';
import { viewsOf, type Views } from './views';

interface Subscribing<Args> {
  readonly args: Args;
  readonly context: ApiContext;
}

const kept = new WeakMap<Views, FeedMessages>();
function messagesOf(context: ApiContext): FeedMessages {
  const views = viewsOf(context);
  const known = kept.get(views) ?? new FeedMessages(views);
  kept.set(views, known);
  return known;
}

function strategyOf({
  args,
  context,
}: Subscribing<Pick<StrategyFeedArgs, 'strategy'>>): string | null {
  if (args.strategy == null) return null;
  return mustFind('strategy', findStrategy(context.engine.state, args.strategy));
}

const isOfOrder = (change: Change): change is Change & { readonly order: Order } =>
  change.order !== null;

function orderMessages(
  asked: Subscribing<StrategyFeedArgs>,
): AsyncIterableIterator<OrderFeedMessage> {
  const { feed } = asked.context;
  const messages = messagesOf(asked.context);
  const strategy = strategyOf(asked);
  const after = startOf(asked.args.after, feed.head);
  const select = (item: ChangeOrReset): readonly OrderFeedMessage[] | null => {
    if (item.kind === 'RESET') {
      // Without a place to go on from, nothing can have been too old.
      const reason = after === null ? 'SLOW_CONSUMER' : item.reason;
      return [messages.openOrders(item.sequence, reason, strategy)];
    }
    const { change } = item;
    if (!isOfOrder(change)) return null;
    return strategy === null || change.order.strategy === strategy
      ? [messages.order(change)]
      : null;
  };
  const first = after === null ? [messages.openOrders(feed.head, 'FIRST_MESSAGE', strategy)] : [];
  return feedOf(first, feed.changes(select, after));
}

function fillMessages(
  asked: Subscribing<StrategyFeedArgs>,
): AsyncIterableIterator<ApiFillFeedMessage> {
  const { feed } = asked.context;
  const messages = messagesOf(asked.context);
  const strategy = strategyOf(asked);
  const after = startOf(asked.args.after, feed.head);
  const rest = feed.facts((record) => {
    const { event } = record;
    if (event.type !== 'OrderFilled' && event.type !== 'FillCorrected') return null;
    const wanted = strategy === null || event.fill.strategy === strategy;
    return wanted ? messages.fill(record) : null;
  }, after);
  return feedOf([], rest);
}

function decisionMessages(
  asked: Subscribing<DecisionFeedArgs>,
): AsyncIterableIterator<ApiDecisionFeedMessage> {
  const { feed } = asked.context;
  const messages = messagesOf(asked.context);
  const approved = asked.args.approved ?? null;
  const after = startOf(asked.args.after, feed.head);
  const rest = feed.facts((record) => {
    const { event } = record;
    if (event.type !== 'DecisionMade') return null;
    const wanted = approved === null || event.decision.approved === approved;
    return wanted ? messages.decision(record) : null;
  }, after);
  return feedOf([], rest);
}

function positionMessages(
  asked: Subscribing<AccountFeedArgs>,
): AsyncIterableIterator<ApiPositionFeedMessage> {
  const { args, context } = asked;
  const { feed, engine } = context;
  const messages = messagesOf(context);
  const account =
    args.account == null ? null : mustFind('account', findAccount(engine.state, args.account));
  const after = startOf(args.after, feed.head);
  const select = (item: ChangeOrReset): readonly ApiPositionFeedMessage[] | null => {
    if (item.kind === 'RESET') return messages.positions(item.sequence, account, true);
    const message = messages.position(item.change);
    const wanted = account === null || message?.position.account.key === account;
    return message !== null && wanted ? [message] : null;
  };
  const first = after === null ? messages.positions(feed.head, account, false) : [];
  return feedOf(first, feed.changes(select, after));
}

function allocationMessages(
  asked: Subscribing<StrategyFeedArgs>,
): AsyncIterableIterator<ApiAllocationFeedMessage> {
  const { feed } = asked.context;
  const messages = messagesOf(asked.context);
  const strategy = strategyOf(asked);
  const after = startOf(asked.args.after, feed.head);
  const select = (item: ChangeOrReset): readonly ApiAllocationFeedMessage[] | null => {
    if (item.kind === 'RESET') return messages.allocations(item.sequence, strategy, true);
    const wanted = ({ allocation }: ApiAllocationFeedMessage): boolean =>
      strategy === null || allocation.strategy.key === strategy;
    return messages.allocation(item.change).filter(wanted);
  };
  const first = after === null ? messages.allocations(feed.head, strategy, false) : [];
  return feedOf(first, feed.changes(select, after));
}

@Resolver()
export class FeedResolver {
  @Subscription(() => OrderFeedMessageUnion, {
    description:
      'Open orders, then every change. With `after`, only what came later. When changes are ' +
      'missing, open orders again with the reason.',
    subscribe: orderMessages,
  })
  orderFeed(
    @Root() message: OrderFeedMessage,
    @Args(() => StrategyFeedArgs) _args: StrategyFeedArgs,
  ): OrderFeedMessage {
    return message;
  }

  @Subscription(() => ApiFillFeedMessage, {
    description:
      'Every fill once, in journal order, from now on or after `after`. Nothing is skipped: a ' +
      'subscriber that falls behind is ended with SLOW_CONSUMER and its last sequence.',
    subscribe: fillMessages,
  })
  fillFeed(
    @Root() message: ApiFillFeedMessage,
    @Args(() => StrategyFeedArgs) _args: StrategyFeedArgs,
  ): ApiFillFeedMessage {
    return message;
  }

  @Subscription(() => ApiPositionFeedMessage, {
    description:
      'Each position once, then each that changes. With `after`, only what came later. When ' +
      'changes are missing, each position again.',
    subscribe: positionMessages,
  })
  positionFeed(
    @Root() message: ApiPositionFeedMessage,
    @Args(() => AccountFeedArgs) _args: AccountFeedArgs,
  ): ApiPositionFeedMessage {
    return message;
  }

  @Subscription(() => ApiAllocationFeedMessage, {
    description:
      'Each allocation once, then each that changes. With `after`, only what came later. When ' +
      'changes are missing, each allocation again.',
    subscribe: allocationMessages,
  })
  allocationFeed(
    @Root() message: ApiAllocationFeedMessage,
    @Args(() => StrategyFeedArgs) _args: StrategyFeedArgs,
  ): ApiAllocationFeedMessage {
    return message;
  }

  @Subscription(() => ApiDecisionFeedMessage, {
    description:
      'Every decision once, in journal order, from now on or after `after`. Ends like fillFeed ' +
      'for a subscriber that falls behind.',
    subscribe: decisionMessages,
  })
  decisionFeed(
    @Root() message: ApiDecisionFeedMessage,
    @Args(() => DecisionFeedArgs) _args: DecisionFeedArgs,
  ): ApiDecisionFeedMessage {
    return message;
  }
}
