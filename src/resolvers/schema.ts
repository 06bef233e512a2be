/** The whole schema: every resolver joined, and its text as it is committed. */
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type MiddlewareFn, type PubSub } from 'type-graphql';
import { BookResolver } from './book.resolver';
import { codedError } from './errors';
import { FeedResolver } from './feed.resolver';
import { InstructionFileResolver } from './instruction-file.resolver';
import { LiveResolver } from './live.resolver';
import { OrderResolver } from './order.resolver';
import { RecordResolver } from './record.resolver';
import { StrategyResolver } from './strategy.resolver';
import { SystemResolver } from './system.resolver';
import { TradeResolver } from './trade.resolver';

const noTopics = (): never => {
  throw new Error('feeds are read from the engine, not from topics');
};
/** The library asks for one wherever there are subscriptions; every one of ours brings its own. */
const NO_PUB_SUB: PubSub = { publish: noTopics, subscribe: noTopics };

/** Around every resolver of ours; plain fields have none. */
const withCodedErrors: MiddlewareFn = async (_resolving, next) => {
  try {
    return (await next()) as unknown;
  } catch (cause) {
    throw codedError(cause);
  }
};

/** The library has no place for what the three roots are for. */
const ROOTS = {
  Query: 'What is, and what was recorded. Changes nothing.',
  Mutation: 'What a person or a program asks for. Refusals are data: look at `userErrors`.',
  Subscription: 'Feeds. Those that take `after` resume where a client stopped.',
};

/** The schema of the API. Inputs are checked by the resolvers. */
export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      SystemResolver,
      BookResolver,
      StrategyResolver,
      OrderResolver,
      TradeResolver,
      RecordResolver,
      InstructionFileResolver,
      FeedResolver,
      LiveResolver,
    ],
    globalMiddlewares: [withCodedErrors],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  for (const [name, description] of Object.entries(ROOTS)) {
    const type = schema.getType(name);
    if (type !== undefined) type.description = description;
  }
  return schema;
}

/** The schema as text, sorted: what `schema.graphql` holds. */
export function printApiSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
}
