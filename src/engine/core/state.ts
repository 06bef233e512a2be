/**
 * Everything trading depends on, as one value: the fold of the journal. Only evolve.ts changes it,
 * in place, because copying a book of 100,000 armed orders for each event would cost more than
 * deciding it. It must not know the clock, the broker or any file.
 */
import { NO_MONEY, NO_QUANTITY, type Money, type Quantity } from '../../domain/decimal';
import type { Fill, Holding } from '../../domain/fill';
import type {
  AccountKey,
  ExecId,
  InstrumentKey,
  OrderId,
  PlanId,
  StrategyKey,
} from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import type { Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import { stricter, type Scope, type TradingState } from '../../domain/trading-state';

export interface StrategyState {
  readonly key: StrategyKey;
  readonly allowsShort: boolean;
  /** Times of opening orders of the current UTC day, oldest first. */
  readonly openings: number[];
  /** When an opening order of the same instrument, side, quantity and price was last sent. */
  readonly lastSimilar: Map<string, number>;
}

export interface AccountState {
  readonly key: AccountKey;
  readonly currency: string;
  readonly openingCash: Money;
  /** From the fills and commissions as the broker reported them. */
  cash: Money;
  /** The same two sums once more, from the owners' side of the ledger. */
  cashFlow: Money;
  fees: Money;
  /** Times of all sends of the last minute, oldest first. */
  readonly sends: number[];
}

/** What the account holds of one instrument, whoever owns it. */
export interface Position {
  readonly quantity: Quantity;
  readonly cashFlow: Money;
  readonly fees: Money;
  /** Owners that ever had a part; null is UNALLOCATED. */
  readonly owners: readonly (StrategyKey | null)[];
}

export interface State {
  /** Sequence of the last event folded in. */
  sequence: number;
  ordersMade: number;
  plansMade: number;
  decisionsMade: number;
  readonly accounts: Map<AccountKey, AccountState>;
  readonly strategies: Map<StrategyKey, StrategyState>;
  readonly instruments: Map<InstrumentKey, Instrument>;
  readonly orders: Map<OrderId, Order>;
  readonly plans: Map<PlanId, Plan>;
  readonly planOrders: Map<PlanId, OrderId[]>;
  readonly requests: Map<string, OrderId>;
  /** Orders at the broker, by instrument. */
  readonly working: Map<InstrumentKey, Set<OrderId>>;
  /** Orders that rest at the broker and are not sent yet, in the order they came to be. */
  readonly dueSends: Set<OrderId>;
  readonly positions: Map<string, Position>;
  readonly holdings: Map<string, Holding>;
  readonly fills: Map<ExecId, Fill>;
  /** Executions whose commission is known: a broker may send it again. */
  readonly charged: Set<ExecId>;
  /** Commissions that came before their fill. */
  readonly earlyCommissions: Map<ExecId, Money>;
  readonly tradingStates: Map<string, TradingState>;
}

export function emptyState(): State {
  return {
    sequence: 0,
    ordersMade: 0,
    plansMade: 0,
    decisionsMade: 0,
    accounts: new Map(),
    strategies: new Map(),
    instruments: new Map(),
    orders: new Map(),
    plans: new Map(),
    planOrders: new Map(),
    requests: new Map(),
    working: new Map(),
    dueSends: new Set(),
    positions: new Map(),
    holdings: new Map(),
    fills: new Map(),
    charged: new Set(),
    earlyCommissions: new Map(),
    tradingStates: new Map(),
  };
}

export const NO_HOLDING: Holding = Object.freeze({
  quantity: NO_QUANTITY,
  cost: NO_MONEY,
  realized: NO_MONEY,
  fees: NO_MONEY,
  cashFlow: NO_MONEY,
});
export const NO_POSITION: Position = Object.freeze({
  quantity: NO_QUANTITY,
  cashFlow: NO_MONEY,
  fees: NO_MONEY,
  owners: [],
});

/** One owner's part of one instrument in one account; `strategy` null is UNALLOCATED. */
export interface HoldingKey {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly strategy: StrategyKey | null;
}
export function positionKey(account: AccountKey, instrument: InstrumentKey): string {
  return `${account}|${instrument}`;
}
export function holdingKey(key: HoldingKey): string {
  return `${key.account}|${key.instrument}|${key.strategy ?? ''}`;
}
export function holdingOf(state: State, key: HoldingKey): Holding {
  return state.holdings.get(holdingKey(key)) ?? NO_HOLDING;
}
export function positionOf(
  state: State,
  key: { readonly account: AccountKey; readonly instrument: InstrumentKey },
): Position {
  return state.positions.get(positionKey(key.account, key.instrument)) ?? NO_POSITION;
}

/** The order, which must exist: ids come from the state itself. */
export function orderOf(state: State, id: OrderId): Order {
  const order = state.orders.get(id);
  if (order === undefined) throw new Error(`no order ${id} in the state`);
  return order;
}

/** Orders of a plan in file order, then in order of creation. */
export function ordersOfPlan(state: State, plan: PlanId): Order[] {
  const ids = state.planOrders.get(plan) ?? [];
  return ids.map((id) => orderOf(state, id)).sort((a, b) => a.rank - b.rank);
}

/** Orders at the broker in one instrument. */
export function workingOrders(state: State, instrument: InstrumentKey): Order[] {
  return [...(state.working.get(instrument) ?? [])].map((id) => orderOf(state, id));
}

export function scopeKey(scope: Scope): string {
  return `${scope.kind}|${scope.key}`;
}
/** The strictest trading state that applies to an order. */
export function tradingStateFor(
  state: State,
  order: Pick<Order, 'account' | 'strategy' | 'instrument'>,
): TradingState {
  const scopes: readonly Scope[] = [
    { kind: 'SYSTEM', key: '' },
    { kind: 'ACCOUNT', key: order.account },
    { kind: 'STRATEGY', key: order.strategy },
    { kind: 'INSTRUMENT', key: order.instrument },
  ];
  return scopes
    .map((scope) => state.tradingStates.get(scopeKey(scope)) ?? 'ACTIVE')
    .reduce(stricter, 'ACTIVE');
}
