// A small schema in the shape of the real one, with a feed whose queues are bounded, for tests and
// benches of the server alone. Must not know the engine.

import {
  buildSchema,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

export const DESK_SDL = /* GraphQL */ `
  scalar Decimal
  scalar DateTime
  scalar Sequence
  scalar Currency
  enum Side {
    BUY
    SELL
  }
  enum OrderType {
    MARKET
    LIMIT
    STOP
    STOP_LIMIT
    TRAILING_STOP
    MARKET_IF_TOUCHED
  }
  enum TimeInForce {
    DAY
    GTC
    IOC
    OPG
  }
  enum TradingState {
    ACTIVE
    REDUCING
    HALTED
  }
  enum OrderStatus {
    ARMED
    DENIED
    WORKING
    FILLED
    CANCELLED
  }
  enum RuleOutcome {
    PASSED
    FAILED
    NOT_APPLICABLE
  }
  type Money {
    amount: Decimal!
    currency: Currency!
  }
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }
  type ProfitAndLoss {
    realized: Money!
    unrealized: Money
    commissions: Money!
    asOf: DateTime!
  }
  type Account {
    id: ID!
    key: String!
    positions: [Position!]!
    netLiquidation: Money
    pnl: ProfitAndLoss!
  }
  type Instrument {
    id: ID!
    key: String!
    currency: Currency!
    lastPrice: Decimal
  }
  type Strategy {
    id: ID!
    key: String!
    tradingState: TradingState!
    allocations: [Allocation!]!
  }
  type Position {
    account: Account!
    instrument: Instrument!
    quantity: Decimal!
    averageCost: Money!
    allocations: [Allocation!]!
    unallocated: Decimal!
  }
  type Allocation {
    id: ID!
    strategy: Strategy!
    instrument: Instrument!
    quantity: Decimal!
    averageCost: Money!
    uncovered: Decimal!
    unprotected: Decimal!
    pnl: ProfitAndLoss!
  }
  type ConditionCheck {
    fact: String!
    operator: String!
    limit: String!
    value: String
    passed: Boolean!
  }
  type RuleCheck {
    ruleKey: String!
    outcome: RuleOutcome!
    message: String
    location: String
    conditions: [ConditionCheck!]!
  }
  type Decision {
    id: ID!
    order: Order
    strategy: Strategy!
    instrument: Instrument!
    side: Side!
    quantity: Decimal!
    approved: Boolean!
    codes: [String!]!
    ruleSetHash: String!
    checks: [RuleCheck!]!
    at: DateTime!
  }
  type DecisionConnection {
    nodes: [Decision!]!
    pageInfo: PageInfo!
  }
  type Order {
    id: ID!
    requestId: String!
    strategy: Strategy!
    instrument: Instrument!
    side: Side!
    type: OrderType!
    timeInForce: TimeInForce!
    quantity: Decimal!
    filledQuantity: Decimal!
    limitPrice: Decimal
    status: OrderStatus!
    decision: Decision
    createdAt: DateTime!
    updatedAt: DateTime!
  }
  type OrderEdge {
    cursor: String!
    node: Order!
  }
  type OrderConnection {
    edges: [OrderEdge!]!
    nodes: [Order!]!
    pageInfo: PageInfo!
  }
  type Fill {
    id: ID!
    execId: String!
    order: Order
    instrument: Instrument!
    side: Side!
    quantity: Decimal!
    price: Decimal!
    commission: Money
    realizedPnl: Money
    at: DateTime!
  }
  type System {
    tradingState: TradingState!
    sequence: Sequence!
    now: DateTime!
  }
  type UserError {
    code: String!
    message: String!
    field: [String!]
  }
  input OrderInput {
    strategy: String!
    instrument: String!
    side: Side!
    type: OrderType!
    quantity: Decimal!
    limitPrice: Decimal
    timeInForce: TimeInForce! = DAY
  }
  input PlaceOrderInput {
    requestId: String!
    order: OrderInput!
  }
  input LoadInstructionsInput {
    fileName: String!
    content: String!
    strategy: String!
  }
  input SetTradingStateInput {
    state: TradingState!
    reason: String!
    strategy: String
  }
  type PlaceOrderPayload {
    order: Order
    userErrors: [UserError!]!
  }
  type LoadInstructionsPayload {
    characters: Int
    userErrors: [UserError!]!
  }
  type SetTradingStatePayload {
    system: System
    userErrors: [UserError!]!
  }
  type Query {
    system: System!
    accounts: [Account!]!
    positions(account: String): [Position!]!
    strategies: [Strategy!]!
    orders(first: Int! = 50, after: String): OrderConnection!
    decisions(first: Int! = 50, after: String, approved: Boolean): DecisionConnection!
    previewOrder(order: OrderInput!): Decision!
    echo(text: String!): String!
    breaks: String
    forbidden: String
    never: String
  }
  type Mutation {
    placeOrder(input: PlaceOrderInput!): PlaceOrderPayload!
    loadInstructions(input: LoadInstructionsInput!): LoadInstructionsPayload!
    setTradingState(input: SetTradingStateInput!): SetTradingStatePayload!
  }
  type FillFeedMessage {
    sequence: Sequence!
    fill: Fill!
  }
  type Subscription {
    fillFeed(strategy: String, after: Sequence): FillFeedMessage!
    brokenFeed: String
    idleFeed: String
  }
`;

/** Messages for many subscribers: each has a queue of its own, and one that is full ends. */
export class DeskFeed {
  readonly #subscribers = new Set<Subscriber>();
  #sequence = 0;

  constructor(private readonly capacity: number) {}

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** The longest queue that there is. */
  get longest(): number {
    return Math.max(0, ...[...this.#subscribers].map(({ queue }) => queue.length));
  }

  publish(fill: object): void {
    this.#sequence += 1;
    const message = Object.freeze({ sequence: String(this.#sequence), fill });
    for (const subscriber of this.#subscribers) subscriber.take(message);
  }

  read(): AsyncIterableIterator<object> {
    const subscriber = new Subscriber(this.capacity, () => this.#subscribers.delete(subscriber));
    this.#subscribers.add(subscriber);
    return subscriber;
  }
}

class Subscriber implements AsyncIterableIterator<object> {
  readonly queue: object[] = [];
  #waiting: ((result: IteratorResult<object>) => void) | null = null;
  #state: 'OPEN' | 'TOO_SLOW' | 'ENDED' = 'OPEN';

  constructor(
    private readonly capacity: number,
    private readonly onEnd: () => void,
  ) {}

  take(message: object): void {
    if (this.#waiting !== null) {
      this.#waiting({ done: false, value: message });
      this.#waiting = null;
    } else if (this.queue.length < this.capacity) this.queue.push(message);
    else {
      this.queue.length = 0;
      this.#state = 'TOO_SLOW';
      this.onEnd();
    }
  }

  async next(): Promise<IteratorResult<object>> {
    const message = this.queue.shift();
    if (message !== undefined) return { done: false, value: message };
    if (this.#state === 'TOO_SLOW') {
      this.#state = 'ENDED';
      const extensions = { code: 'SLOW_CONSUMER' };
      throw new GraphQLError('Too slow. Resume with your last sequence.', { extensions });
    }
    if (this.#state === 'ENDED') return { done: true, value: undefined };
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async return(): Promise<IteratorResult<object>> {
    this.#state = 'ENDED';
    this.queue.length = 0;
    this.onEnd();
    this.#waiting?.({ done: true, value: undefined });
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const AT = '2026-11-20T14:30:00.000Z';
const money = (amount: string) => ({ amount, currency: 'USD' });
const pnl = { realized: money('12.50'), unrealized: null, commissions: money('1.00'), asOf: AT };
const instrument = { id: 'in-1', key: 'AAPL', currency: 'USD', lastPrice: '189.20' };
const strategy = { id: 'st-1', key: 'demo', tradingState: 'ACTIVE', allocations: [] };

export function deskOrder(n: number): Readonly<Record<string, unknown>> {
  return {
    id: `or-${n}`,
    requestId: `request-${n}`,
    strategy,
    instrument,
    side: n % 2 === 0 ? 'BUY' : 'SELL',
    type: 'LIMIT',
    timeInForce: 'DAY',
    quantity: '10',
    filledQuantity: '0',
    limitPrice: `${100 + n / 100}`,
    status: 'WORKING',
    decision: null,
    createdAt: AT,
    updatedAt: AT,
  };
}

export function deskFill(n: number): Readonly<Record<string, unknown>> {
  return {
    id: `fi-${n}`,
    execId: `0000e0d5.${n}`,
    order: deskOrder(n),
    instrument,
    side: 'BUY',
    quantity: '10',
    price: '189.20',
    commission: null,
    realizedPnl: null,
    at: AT,
  };
}

function decision(order: Readonly<Record<string, unknown>>, approved: boolean) {
  const condition = { fact: 'order.notional', operator: 'lessThanInclusive' };
  return {
    id: 'de-1',
    order: null,
    strategy,
    instrument,
    side: order['side'],
    quantity: order['quantity'],
    approved,
    codes: approved ? [] : ['MAX_ORDER_NOTIONAL'],
    ruleSetHash: '7c1e',
    at: AT,
    checks: [
      {
        ruleKey: 'max-order-notional',
        outcome: approved ? 'PASSED' : 'FAILED',
        message: null,
        location: 'rules/risk/max-order-notional.json:12',
        conditions: [{ ...condition, limit: '25000', value: '54180', passed: approved }],
      },
    ],
  };
}

export interface Desk {
  readonly schema: GraphQLSchema;
  readonly feed: DeskFeed;
  /** Calls of the resolvers of mutations and of previewOrder. */
  readonly calls: string[];
  /** Signals that executions were given. */
  readonly signals: AbortSignal[];
}

type Input = { input: Record<string, unknown> };
type Resolvers = Record<string, (args: never, context: { signal?: AbortSignal }) => unknown>;
type FieldResolver = GraphQLFieldResolver<unknown, { signal?: AbortSignal }>;

/** A desk of its own for a test: nothing of it is shared. */
export function openDesk(capacity = 1_000): Desk {
  const schema = buildSchema(DESK_SDL);
  const feed = new DeskFeed(capacity);
  const calls: string[] = [];
  const signals: AbortSignal[] = [];
  let state = 'ACTIVE';
  const system = () => ({ tradingState: state, sequence: '1', now: AT });
  const position = () => ({
    account,
    instrument,
    quantity: '10',
    averageCost: money('189.20'),
    unallocated: '0',
    allocations: [
      {
        id: 'al-1',
        strategy,
        instrument,
        quantity: '10',
        averageCost: money('189.20'),
        uncovered: '0',
        unprotected: '0',
        pnl,
      },
    ],
  });
  const account = { id: 'ac-1', key: 'DU1', positions: [], netLiquidation: null, pnl };
  const pageInfo = { hasNextPage: false, endCursor: null };
  attach(schema, 'Query', {
    system,
    accounts: () => [account],
    positions: () => [position()],
    strategies: () => [strategy],
    orders: ({ first }: { first: number }) => {
      const nodes = Array.from({ length: first }, (_, n) => deskOrder(n));
      return { nodes, edges: [], pageInfo };
    },
    decisions: () => ({ nodes: [decision({ side: 'BUY', quantity: '400' }, false)], pageInfo }),
    previewOrder: ({ order }: { order: Record<string, unknown> }) => {
      calls.push('previewOrder');
      return decision(order, true);
    },
    echo: ({ text }: { text: string }) => text,
    breaks: () => {
      throw new Error('secret of the house');
    },
    forbidden: () => {
      throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
    },
    never: (_: unknown, { signal }: { signal?: AbortSignal }) => {
      if (signal !== undefined) signals.push(signal);
      return new Promise(() => undefined);
    },
  });
  attach(schema, 'Mutation', {
    placeOrder: ({ input }: Input) => {
      calls.push('placeOrder');
      const order = { ...deskOrder(1), requestId: input['requestId'] };
      feed.publish(deskFill(calls.length));
      return { order, userErrors: [] };
    },
    loadInstructions: ({ input }: Input) => ({
      characters: String(input['content']).length,
      userErrors: [],
    }),
    setTradingState: ({ input }: Input) => {
      calls.push('setTradingState');
      state = String(input['state']);
      return { system: system(), userErrors: [] };
    },
  });
  attach(
    schema,
    'Subscription',
    {
      fillFeed: (_: unknown, { signal }: { signal?: AbortSignal }) => {
        if (signal !== undefined) signals.push(signal);
        return feed.read();
      },
      brokenFeed: async function* () {
        yield { brokenFeed: 'one' };
        throw new Error('secret of the feed');
      },
      idleFeed: () => feed.read(),
    },
    'subscribe',
  );
  // Each message is the value of the field itself, as feeds yield it.
  fieldsOf(schema, 'Subscription')['fillFeed']!.resolve = (message) => message;
  return { schema, feed, calls, signals };
}

const fieldsOf = (schema: GraphQLSchema, type: string) =>
  (schema.getType(type) as GraphQLObjectType).getFields();

function attach(
  schema: GraphQLSchema,
  type: string,
  resolvers: Resolvers,
  as: 'resolve' | 'subscribe' = 'resolve',
): void {
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field: FieldResolver = (_source, args, context) => resolver(args as never, context);
    fieldsOf(schema, type)[name]![as] = field;
  }
}
