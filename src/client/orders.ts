/** Orders as a client asks for them: list, place, preview, cancel. Must not print anything. */
import type { ApiClient } from './client';

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export interface RuleCheck {
  readonly ruleKey: string;
  readonly effect: string;
  readonly outcome: string;
  readonly message: string | null;
  readonly location: string | null;
}

export interface OrderDecision {
  readonly id: string;
  readonly approved: boolean;
  readonly codes: readonly string[];
  readonly checks: readonly RuleCheck[];
}

/** Of a flip with the verdict on its second part; approved where both are. */
export interface PreviewDecision extends OrderDecision {
  readonly quantity: string;
  readonly opening: (OrderDecision & { readonly quantity: string }) | null;
}

/** Decimals are text, as the API has them. */
export interface ListedOrder {
  readonly id: string;
  readonly requestId: string;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly role: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly averageFillPrice: string | null;
  readonly timeInForce: string;
  readonly source: string | null;
  readonly createdAt: string;
  /** When an order staged for the opening is sent; null for every other. */
  readonly releaseAt: string | null;
  readonly instrument: { readonly key: string };
  readonly strategy: { readonly key: string };
  readonly account: { readonly key: string };
  readonly trigger: {
    readonly kind: string;
    readonly level: string;
    readonly priceSource: string;
  } | null;
}

export const ORDER_FIELDS = `id requestId status statusMessage role side type quantity
  filledQuantity limitPrice stopPrice averageFillPrice timeInForce source createdAt releaseAt
  instrument { key } strategy { key } account { key } trigger { kind level priceSource }`;
const USER_ERRORS = 'userErrors { code message field }';
const DECISION =
  'decision { id approved codes checks { ruleKey effect outcome message location } }';

export interface OrderQuery {
  readonly status: readonly string[] | null;
  readonly instrument: string | null;
  readonly strategy: string | null;
  /** How many at most. */
  readonly first: number;
}

export interface OrderList {
  readonly orders: readonly ListedOrder[];
  /** Whether there are more than were asked for. */
  readonly hasMore: boolean;
}

const LARGEST_PAGE = 200;
const LIST = `query ($first: Int!, $after: String, $filter: OrderFilter) {
  orders(first: $first, after: $after, filter: $filter) {
    nodes { ${ORDER_FIELDS} }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly nodes: readonly ListedOrder[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Newest first, page by page until there are enough. @throws ClientError */
export async function listOrders(client: ApiClient, query: OrderQuery): Promise<OrderList> {
  const { first, ...filter } = query;
  const orders: ListedOrder[] = [];
  let after: string | null = null;
  let hasMore = true;
  while (hasMore && orders.length < first) {
    const size = Math.min(LARGEST_PAGE, first - orders.length);
    const variables = { first: size, after, filter };
    const page: Page = (await client.ask<{ orders: Page }>(LIST, variables)).orders;
    orders.push(...page.nodes);
    after = page.pageInfo.endCursor;
    hasMore = page.pageInfo.hasNextPage && page.nodes.length > 0;
  }
  return { orders, hasMore };
}

/** The input of an order, as the schema's OrderInput has it. */
export interface WantedOrder {
  readonly strategy: string;
  readonly instrument: string;
  readonly account: string | null;
  readonly side: string;
  readonly type: string;
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  /** The distance of a TRAILING_STOP, one of the two; null for every other type. */
  readonly trailBy: string | null;
  readonly trailPercent: string | null;
  readonly timeInForce: string;
  /** Whether it may turn the position round, as two orders. */
  readonly allowFlip: boolean;
  /** Exits that arm when it fills; null: none. */
  readonly bracket: WantedBracket | null;
  /** Held until a price releases it; null: sent at once. */
  readonly trigger: WantedTrigger | null;
}

/** Each null where it is not asked for. */
export interface WantedBracket {
  readonly takeProfit: string | null;
  readonly stopLoss: string | null;
  readonly stopLimit: string | null;
  /** In place of `stopLoss`: the distance of a stop that trails, one of the two. */
  readonly trailBy: string | null;
  readonly trailPercent: string | null;
}

export interface WantedTrigger {
  readonly kind: string;
  readonly level: string;
  /** Of a TRAIL; null for every other kind. */
  readonly trailBy: string | null;
  readonly trailPercent: string | null;
  readonly activateAt: string | null;
  /** Null: the last trade. */
  readonly priceSource: string | null;
}

export interface PlacedOrder {
  readonly order:
    | (ListedOrder & {
        readonly decision: OrderDecision | null;
        /** Of an entry that was placed with its exits; null: it has none. */
        readonly bracket: WantedBracket | null;
      })
    | null;
  readonly userErrors: readonly UserError[];
}

const BRACKET = 'bracket { takeProfit stopLoss stopLimit trailBy trailPercent }';
const PLACE = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { ${ORDER_FIELDS} ${DECISION} ${BRACKET} } ${USER_ERRORS} }
}`;

/** Safe to repeat with the same id. @throws ClientError of kind UNKNOWN when the answer was lost */
export async function placeOrder(
  client: ApiClient,
  requestId: string,
  order: WantedOrder,
): Promise<PlacedOrder> {
  const { placeOrder: placed } = await client.ask<{ placeOrder: PlacedOrder }>(PLACE, {
    input: { requestId, order },
  });
  return placed;
}

const PREVIEW = `query ($order: OrderInput!) {
  decision: previewOrder(order: $order) {
    id quantity approved codes checks { ruleKey effect outcome message location }
    opening { id quantity approved codes checks { ruleKey effect outcome message location } }
  }
}`;

/** What the rules would say; nothing is placed or recorded. @throws ClientError */
export async function previewOrder(
  client: ApiClient,
  order: WantedOrder,
): Promise<PreviewDecision> {
  return (await client.ask<{ decision: PreviewDecision }>(PREVIEW, { order })).decision;
}

export interface CancelledOrder {
  readonly order: ListedOrder | null;
  readonly userErrors: readonly UserError[];
}

const CANCEL = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { ${ORDER_FIELDS} } ${USER_ERRORS} }
}`;

/** Safe to repeat. @throws ClientError */
export async function cancelOrder(client: ApiClient, orderId: string): Promise<CancelledOrder> {
  const { cancelOrder: cancelled } = await client.ask<{ cancelOrder: CancelledOrder }>(CANCEL, {
    input: { orderId },
  });
  return cancelled;
}
