/**
 * Everything trading depends on, as one value: the fold of the journal. Only evolve.ts changes it,
 * in place, because copying a book of 100,000 armed orders for each event would cost more than
 * deciding it. It must not know the clock, the broker or any file.
 */
import { NO_MONEY, NO_QUANTITY } from '../../domain/decimal';
import type { Money, Price, Quantity } from '../../domain/decimal';
import type { Fill, Holding } from '../../domain/fill';
import type {
  AccountKey,
  ExecId,
  FileId,
  InstrumentKey,
  OrderId,
  PlanId,
  StrategyKey,
} from '../../domain/ids';
import type { ExternalOrder, StrategyStage } from '../../domain/book';
import type { InstructionFileRecord } from '../../domain/instruction';
import type { Instrument } from '../../domain/instrument';
import type { Mode } from '../../domain/mode';
import type { Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import { stricter, type Scope, type TradingState } from '../../domain/trading-state';

export interface StrategyState {
  readonly key: StrategyKey;
  readonly allowsShort: boolean;
  readonly stage: StrategyStage;
  readonly weight: string;
  readonly capital: Money | null;
  readonly createdAt: number;
  /** Times of opening orders of the current UTC day, oldest first. */
  readonly openings: number[];
  /** When an opening order of the same instrument, side, quantity and price was last sent. */
  readonly lastSimilar: Map<string, number>;
}

export interface AccountState {
  readonly key: AccountKey;
  readonly currency: string;
  /** When it came here; executions of before are in the positions it came with. */
  readonly openedAt: number;
  /** What the account was worth when it was opened, positions at their cost. */
  openingCash: Money;
  /** What the loss of the day is measured from, and which day that is; null before the first. */
  dayBase: Money;
  tradingDate: string | null;
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

/** The broker link as far as trading depends on it. */
export interface LinkBook {
  /** Null before the first run; REPLAY has no link and sends whenever it likes. */
  mode: Mode | null;
  ready: boolean;
  /** Counts connections over all runs. */
  epoch: number;
  clientId: number;
  /** Ids below it are burned, whether the broker ever saw them or not. */
  nextBrokerOrderId: number;
}

/** An order as a person wanted it to be. */
export interface AskedChange {
  readonly quantity: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** Of one that waits for its trigger. */
  readonly level?: Price;
}

/** Who or which rule made trading stricter somewhere, and why. */
export interface StateCause {
  readonly scope: Scope;
  readonly state: TradingState;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

/** Broker and book differ. */
export interface PositionBreak {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly brokerQuantity: Quantity;
  readonly bookQuantity: Quantity;
}

export interface State {
  /** Sequence of the last event folded in. */
  sequence: number;
  ordersMade: number;
  plansMade: number;
  decisionsMade: number;
  filesMade: number;
  readonly link: LinkBook;
  readonly accounts: Map<AccountKey, AccountState>;
  readonly strategies: Map<StrategyKey, StrategyState>;
  readonly instruments: Map<InstrumentKey, Instrument>;
  readonly orders: Map<OrderId, Order>;
  readonly plans: Map<PlanId, Plan>;
  readonly planOrders: Map<PlanId, OrderId[]>;
  /** Orders held for an opening auction. */
  readonly staged: Set<OrderId>;
  /** Plans that are not done and that no session's end may find in position. */
  readonly flattening: Set<PlanId>;
  /** Plans of every date by the key of the holding they trade, in the order they were made. */
  readonly holdingPlans: Map<string, PlanId[]>;
  readonly requests: Map<string, OrderId>;
  /** What each request for a change has asked for, by request id. */
  readonly changes: Map<string, AskedChange>;
  /** Orders at the broker, by instrument. */
  readonly working: Map<InstrumentKey, Set<OrderId>>;
  /** Orders that reduce and are not final, by holding key. */
  readonly exits: Map<string, Set<OrderId>>;
  /** Approved orders that are not written to the broker yet, in the order they were approved. */
  readonly unsent: Set<OrderId>;
  /** Orders by the broker's identities of them. */
  readonly byPermId: Map<string, OrderId>;
  readonly byBrokerId: Map<string, OrderId>;
  /** Live orders of somebody else, by permId. */
  readonly externalOrders: Map<string, ExternalOrder>;
  /** By position key. */
  readonly breaks: Map<string, PositionBreak>;
  /** Differences at the beginning of a connection that may be fills on their way. */
  readonly suspectedBreaks: Map<string, PositionBreak>;
  /** Instruction files as they were handed in. */
  readonly files: Map<FileId, InstructionFileRecord>;
  /** Orders that rest at the broker and are not sent yet, in the order they came to be. */
  readonly dueSends: Set<OrderId>;
  readonly positions: Map<string, Position>;
  readonly holdings: Map<string, Holding>;
  readonly fills: Map<ExecId, Fill>;
  /** The version of each execution that is in the book. */
  readonly versions: Map<string, ExecId>;
  /** Executions that are in what an account came with, whatever their version. */
  readonly adopted: Set<string>;
  /** Commissions by execution: a broker may send one again. */
  readonly charged: Map<ExecId, Money>;
  /** Commissions that came before their fill. */
  readonly earlyCommissions: Map<ExecId, Money>;
  readonly tradingStates: Map<string, TradingState>;
  /** What set each state that is not ACTIVE, by the same key. */
  readonly stateCauses: Map<string, StateCause>;
}

export function emptyState(): State {
  return {
    sequence: 0,
    ordersMade: 0,
    plansMade: 0,
    decisionsMade: 0,
    filesMade: 0,
    link: { mode: null, ready: false, epoch: 0, clientId: 0, nextBrokerOrderId: 1 },
    accounts: new Map(),
    strategies: new Map(),
    instruments: new Map(),
    orders: new Map(),
    plans: new Map(),
    planOrders: new Map(),
    staged: new Set(),
    flattening: new Set(),
    holdingPlans: new Map(),
    requests: new Map(),
    changes: new Map(),
    working: new Map(),
    exits: new Map(),
    unsent: new Set(),
    byPermId: new Map(),
    byBrokerId: new Map(),
    externalOrders: new Map(),
    breaks: new Map(),
    suspectedBreaks: new Map(),
    files: new Map(),
    dueSends: new Set(),
    positions: new Map(),
    holdings: new Map(),
    fills: new Map(),
    versions: new Map(),
    adopted: new Set(),
    charged: new Map(),
    earlyCommissions: new Map(),
    tradingStates: new Map(),
    stateCauses: new Map(),
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

/** The plans of one strategy in one instrument and account, in the order they were made. */
export function plansOn(state: State, place: HoldingKey): Plan[] {
  const ids = state.holdingPlans.get(holdingKey(place)) ?? [];
  return ids.flatMap((id) => state.plans.get(id) ?? []);
}

/** Orders of a plan in file order, then in order of creation. */
export function ordersOfPlan(state: State, plan: PlanId): Order[] {
  const ids = state.planOrders.get(plan) ?? [];
  return ids.map((id) => orderOf(state, id)).sort((a, b) => a.rank - b.rank);
}

/** The plan of the first of the round trips that a plan is one of. */
export function firstCycle(state: State, plan: PlanId): PlanId {
  let first = plan;
  for (let before = state.plans.get(first)?.follows; before != null;) {
    first = before;
    before = state.plans.get(first)?.follows;
  }
  return first;
}

/** Orders of all the round trips that a plan is one of, the first round trip first. */
export function ordersOfAllCycles(state: State, plan: PlanId): Order[] {
  const orders: Order[] = [];
  for (let next: PlanId | null = firstCycle(state, plan); next !== null;) {
    orders.push(...ordersOfPlan(state, next));
    next = state.plans.get(next)?.followedBy ?? null;
  }
  return orders;
}

/** Orders at the broker in one instrument. */
export function workingOrders(state: State, instrument: InstrumentKey): Order[] {
  return [...(state.working.get(instrument) ?? [])].map((id) => orderOf(state, id));
}

/** The key of an order by the ids the broker gave it for one client. */
export function brokerKey(clientId: number, brokerOrderId: number): string {
  return `${clientId}/${brokerOrderId}`;
}

/** Whether orders may leave: a run without a link always may. */
export function linkAllows(state: State): boolean {
  const { mode, ready } = state.link;
  return mode === null || mode === 'REPLAY' || ready;
}

export function scopeKey(scope: Scope): string {
  return `${scope.kind}|${scope.key}`;
}
type OrderPlace = Pick<Order, 'account' | 'strategy' | 'instrument'>;

function scopesOf(order: OrderPlace): readonly Scope[] {
  return [
    { kind: 'SYSTEM', key: '' },
    { kind: 'ACCOUNT', key: order.account },
    { kind: 'STRATEGY', key: order.strategy },
    { kind: 'INSTRUMENT', key: order.instrument },
  ];
}

/** What set the strictest trading state that applies to an order; null while trading is ACTIVE. */
export function strictestCause(state: State, order: OrderPlace): StateCause | null {
  const now = tradingStateFor(state, order);
  const causes = scopesOf(order).flatMap((scope) => state.stateCauses.get(scopeKey(scope)) ?? []);
  return causes.find((cause) => cause.state === now) ?? null;
}

/** The strictest trading state that applies to an order. */
export function tradingStateFor(state: State, order: OrderPlace): TradingState {
  return scopesOf(order)
    .map((scope) => state.tradingStates.get(scopeKey(scope)) ?? 'ACTIVE')
    .reduce(stricter, 'ACTIVE');
}
