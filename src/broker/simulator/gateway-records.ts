/**
 * What the gateway knows and keeps: orders, executions, positions, cash, ids and the time of its
 * market, as plain records of text and numbers, and the port of the store that keeps them. Knows no
 * database and no wire.
 */
import type { WireContract, WireOrder } from './tws-order-fields';
import type { WorkingRecord } from './working-order';

/** IB's own words for what an order is. */
export type GatewayStatus = 'ApiPending' | 'PreSubmitted' | 'Submitted' | GatewayEnd;
export type GatewayEnd = 'Filled' | 'Cancelled' | 'Inactive';

/**
 * Why an order is not at the exchange. TRANSMIT: the client has not released it. PARENT: its parent
 * is not completely filled. CONDITION: its conditions do not hold yet. OPEN: waits for the opening.
 */
export type Held = 'TRANSMIT' | 'PARENT' | 'CONDITION' | 'OPEN';

export interface GatewayOrder {
  readonly permId: number;
  readonly clientId: number;
  readonly orderId: number;
  /** Key of the instrument. */
  readonly instrument: string;
  readonly contract: WireContract;
  readonly order: WireOrder;
  readonly status: GatewayStatus;
  readonly held: Held | null;
  readonly filled: string;
  /** Sum of price x quantity over the fills. */
  readonly value: string;
  readonly lastFillPrice: string;
  readonly commission: string;
  /** What the exchange needs to go on with it; null where it is not at the exchange. */
  readonly working: WorkingRecord | null;
  /** Its place among the orders at the exchange: lower comes first. */
  readonly place: number;
  readonly createdAt: number;
  /** Market time of its end; null while it lives. */
  readonly endedAt: number | null;
  /** Why it ended, in words. */
  readonly endReason: string;
}

export interface GatewayExecution {
  readonly execId: string;
  readonly permId: number;
  readonly clientId: number;
  readonly orderId: number;
  readonly instrument: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly price: string;
  readonly at: number;
  /** Of the order, after this execution. */
  readonly cumulative: string;
  readonly averagePrice: string;
  readonly orderRef: string;
  readonly commission: string;
  /** Null where the execution opened a position. */
  readonly realized: string | null;
}

export interface GatewayPosition {
  readonly instrument: string;
  /** Negative: short. */
  readonly quantity: string;
  /** Signed cost of the quantity held, commissions included, as IB's average cost has them. */
  readonly cost: string;
  /** Realised since the account began, commissions included. */
  readonly realized: string;
}

/** Counters and time: one record. */
export interface GatewayMeta {
  readonly cash: string;
  readonly nextPermId: number;
  readonly nextExecution: number;
  readonly nextPlace: number;
  /** Highest order id each client has used. */
  readonly highestOrderId: Readonly<Record<string, number>>;
  /**
   * Market time to go on from. While the gateway runs it lies ahead of what clients have seen, so
   * that after a kill time never goes back.
   */
  readonly resumeAt: number;
  /** Where a recording goes on: the number of the next trade. */
  readonly nextTrade: number;
  /** What the market was made of: another seed or recording is another market. */
  readonly market: string;
  /** Last trade of each instrument, as text. */
  readonly lastPrices: Readonly<Record<string, string>>;
}

export interface StoredGateway {
  readonly meta: GatewayMeta;
  readonly orders: readonly GatewayOrder[];
  readonly executions: readonly GatewayExecution[];
  readonly positions: readonly GatewayPosition[];
}

/** Records to be written together: by permId, by `executionKey`, by instrument. */
export type GatewayChanges = Partial<StoredGateway>;

/** Keeps the gateway's state. Nothing is said on the wire before `write` has returned. */
export interface GatewayStore {
  /** Everything written so far; null for a store that is new. */
  load(): StoredGateway | null;
  /** Durable when it returns; all of it or nothing. @throws when the storage refuses */
  write(changes: GatewayChanges): void;
  /** Safe to call twice. */
  close(): void;
}

/** One record through all corrections of an execution. */
export const executionKey = ({ execId }: Pick<GatewayExecution, 'execId'>): string =>
  execId.split('.').slice(0, 3).join('.');

/** A store that forgets everything with the process. */
export class MemoryGatewayStore implements GatewayStore {
  #meta: GatewayMeta | null = null;
  readonly #orders = new Map<number, GatewayOrder>();
  readonly #executions = new Map<string, GatewayExecution>();
  readonly #positions = new Map<string, GatewayPosition>();

  load(): StoredGateway | null {
    if (this.#meta === null) return null;
    const [orders, executions] = [[...this.#orders.values()], [...this.#executions.values()]];
    return { meta: this.#meta, orders, executions, positions: [...this.#positions.values()] };
  }

  write({ meta, orders = [], executions = [], positions = [] }: GatewayChanges): void {
    if (meta !== undefined) this.#meta = meta;
    for (const order of orders) this.#orders.set(order.permId, order);
    for (const execution of executions) {
      this.#executions.set(executionKey(execution), execution);
    }
    for (const position of positions) this.#positions.set(position.instrument, position);
  }

  close(): void {
    // Nothing to let go of.
  }
}
