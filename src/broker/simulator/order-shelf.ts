/**
 * The gateway's orders and executions as records, found by every id a client may use, with a note
 * of what has changed since it was last kept. Decides nothing.
 */
import { executionKey, type GatewayExecution, type GatewayOrder } from './gateway-records';

const keyOf = (clientId: number, orderId: number): string => `${clientId}:${orderId}`;

/** Not ended yet. */
export function isLive(order: GatewayOrder): boolean {
  return order.endedAt === null;
}

export class OrderShelf {
  readonly #orders = new Map<number, GatewayOrder>();
  readonly #byClient = new Map<string, number>();
  readonly #live = new Set<number>();
  readonly #groups = new Map<string, Set<number>>();
  readonly #children = new Map<string, Set<number>>();
  readonly #executions = new Map<string, GatewayExecution>();
  readonly #changedOrders = new Set<number>();
  readonly #changedExecutions = new Set<string>();
  readonly #highest = new Map<number, number>();

  /** Puts an order in place of its former record. */
  put(order: GatewayOrder): GatewayOrder {
    this.#orders.set(order.permId, order);
    this.#byClient.set(keyOf(order.clientId, order.orderId), order.permId);
    if (isLive(order)) this.#live.add(order.permId);
    else this.#live.delete(order.permId);
    const { ocaGroup, parentId } = order.order;
    if (ocaGroup !== '') into(this.#groups, ocaGroup, order.permId);
    if (parentId > 0) into(this.#children, keyOf(order.clientId, parentId), order.permId);
    this.#changedOrders.add(order.permId);
    return order;
  }

  /** Changes some members of an order's record. */
  change(order: GatewayOrder, changes: Partial<GatewayOrder>): GatewayOrder {
    return this.put({ ...this.get(order.permId, order), ...changes });
  }

  /** The order as it stands now. */
  get(permId: number, otherwise: GatewayOrder): GatewayOrder {
    return this.#orders.get(permId) ?? otherwise;
  }
  byPermId(permId: number): GatewayOrder | undefined {
    return this.#orders.get(permId);
  }
  byClient(clientId: number, orderId: number): GatewayOrder | undefined {
    const permId = this.#byClient.get(keyOf(clientId, orderId));
    return permId === undefined ? undefined : this.#orders.get(permId);
  }

  /** Orders that have not ended, in the order they came. */
  live(): GatewayOrder[] {
    const orders = [...this.#live].flatMap((permId) => this.#orders.get(permId) ?? []);
    return orders.sort((a, b) => a.permId - b.permId);
  }
  ended(): GatewayOrder[] {
    return [...this.#orders.values()].filter((order) => !isLive(order));
  }
  group(name: string): GatewayOrder[] {
    return this.#listed(this.#groups.get(name));
  }
  children(parent: GatewayOrder): GatewayOrder[] {
    return this.#listed(this.#children.get(keyOf(parent.clientId, parent.orderId)));
  }
  parentOf(order: GatewayOrder): GatewayOrder | undefined {
    const { parentId } = order.order;
    return parentId > 0 ? this.byClient(order.clientId, parentId) : undefined;
  }

  /** The highest order id a client has used; 0 before its first. */
  highest(clientId: number): number {
    return this.#highest.get(clientId) ?? 0;
  }
  use(clientId: number, orderId: number): void {
    this.#highest.set(clientId, Math.max(this.highest(clientId), orderId));
  }
  highestByClient(): Record<string, number> {
    return Object.fromEntries(this.#highest);
  }

  putExecution(execution: GatewayExecution): GatewayExecution {
    const key = executionKey(execution);
    this.#executions.set(key, execution);
    this.#changedExecutions.add(key);
    return execution;
  }
  execution(execId: string): GatewayExecution | undefined {
    return this.#executions.get(executionKey({ execId }));
  }
  /** In the order they happened. */
  executions(): GatewayExecution[] {
    return [...this.#executions.values()];
  }

  /** Records that changed since the last call. */
  takeChanged(): { readonly orders: GatewayOrder[]; readonly executions: GatewayExecution[] } {
    const orders = [...this.#changedOrders].flatMap((id) => this.#orders.get(id) ?? []);
    const executions = [...this.#changedExecutions].flatMap((id) => this.#executions.get(id) ?? []);
    this.#changedOrders.clear();
    this.#changedExecutions.clear();
    return { orders, executions };
  }

  #listed(permIds: ReadonlySet<number> | undefined): GatewayOrder[] {
    return [...(permIds ?? [])].flatMap((permId) => this.#orders.get(permId) ?? []);
  }
}

function into(sets: Map<string, Set<number>>, key: string, permId: number): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([permId]));
  else set.add(permId);
}
