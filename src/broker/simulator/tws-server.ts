/**
 * The wire face of the exchange: listens, holds the connections, and tells each client what it may
 * hear. Nothing leaves before the core has made it durable. Knows the time only from the core.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { GatewayCore, type CoreParts, type GatewayAudience } from './gateway-core';
import type { GatewayExecution, GatewayOrder } from './gateway-records';
import type { MarketEvent } from './market';
import { ACCOUNT, type Refusal } from './order-checks';
import { TwsClient, type ClientHost } from './tws-client';
import { FaultRules } from './tws-faults';
import { commissionFields } from './tws-messages';
import { openOrderFields, orderStatusFields } from './tws-open-order';
import { TwsRequests } from './tws-requests';
import { MarketStreams } from './tws-streams';
import { Subscriptions } from './tws-subscriptions';
import { zonedTime } from './tws-time';
import { HIGHEST_VERSION, TO_CLIENT } from './tws-versions';

export type FrameListener = (
  direction: 'IN' | 'OUT',
  clientId: number,
  fields: readonly string[],
) => void;

export interface ServerOptions extends Omit<CoreParts, 'audience'> {
  /** Called once when the store refuses to write: the gateway has stopped speaking. */
  readonly onFailure: (error: Error) => void;
}

/** What every client hears after its start: the data farms are there. */
const FARMS = [
  [2104, 'Market data farm connection is OK:usfarm'],
  [2106, 'HMDS data farm connection is OK:ushmds'],
  [2158, 'Sec-def data farm connection is OK:secdefnj'],
] as const;
const MAX_CLIENTS = 32;

export class TwsServer implements GatewayAudience, ClientHost {
  readonly core: GatewayCore;
  readonly faults = new FaultRules();
  readonly #requests: TwsRequests;
  readonly #streams: MarketStreams;
  readonly #server: Server;
  readonly #connections = new Set<TwsClient>();
  readonly #clients = new Map<number, { client: TwsClient; subscriptions: Subscriptions }>();
  readonly #traded = new Set<string>();
  readonly #onFailure: (error: Error) => void;
  #failed = false;
  #listener: FrameListener | null = null;

  constructor(options: ServerOptions) {
    this.#onFailure = options.onFailure;
    this.core = new GatewayCore({ ...options, audience: this });
    this.#requests = new TwsRequests(this.core, this);
    this.#streams = new MarketStreams(this.core, this.#requests.accounts);
    this.#server = createServer((socket) => this.#connected(socket));
  }

  /** Resolves with the port it listens on. @throws when the port cannot be had */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    for (const client of this.#connections) client.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Who hears every frame, for a record of a connection; null for nobody. */
  onFrame(listener: FrameListener | null): void {
    this.#listener = listener;
  }

  /** Takes the next event of the market and tells what it does. */
  step(): MarketEvent | undefined {
    const event = this.core.step();
    this.deliver();
    return event;
  }

  /** Resolves when everything said so far has left this process. */
  async flushed(): Promise<void> {
    await Promise.all([...this.#connections].map((client) => client.flushed()));
  }

  /** A notice to everybody, such as 1100. */
  notice(code: number, text: string): void {
    for (const { client } of this.#clients.values()) client.error(-1, code, text);
    this.deliver();
  }

  /** Ends connections at once: of one client, or of all. */
  drop(clientId?: number): void {
    for (const client of this.#connections) {
      if (clientId === undefined || client.clientId === clientId) client.destroy();
    }
  }

  releaseLate(): void {
    for (const client of this.#connections) client.releaseLate();
    this.deliver();
  }

  /** Durable first, then sent. */
  deliver(): void {
    if (this.#failed) return;
    try {
      this.#tellAccounts();
      this.core.commit();
    } catch (cause) {
      this.#failed = true;
      for (const client of this.#connections) client.destroy();
      this.#onFailure(cause instanceof Error ? cause : new Error(String(cause)));
      return;
    }
    for (const client of this.#connections) client.flush();
  }

  // What connections ask of the server.

  connectionTime(): string {
    return zonedTime(this.core.now(), HIGHEST_VERSION);
  }

  started(client: TwsClient): boolean {
    const { clientId } = client;
    const taken = this.#clients.has(clientId) || this.faults.refusedClientIds.delete(clientId);
    if (taken || this.#clients.size >= MAX_CLIENTS) {
      const text = 'Unable to connect as the client id is already in use. Retry with a unique';
      client.error(-1, 326, `${text} client id.`);
      return false;
    }
    this.#clients.set(clientId, { client, subscriptions: new Subscriptions() });
    client.send([TO_CLIENT.MANAGED_ACCOUNTS, '1', ACCOUNT]);
    client.send(this.#requests.nextIdFields(clientId));
    for (const [code, text] of FARMS) client.error(-1, code, text);
    return true;
  }

  request(client: TwsClient, fields: readonly string[]): void {
    const subscriptions = this.#clients.get(client.clientId)?.subscriptions;
    if (subscriptions === undefined) return;
    this.#requests.handle({ client, subscriptions, fields });
  }

  gone(client: TwsClient): void {
    this.#connections.delete(client);
    if (this.#clients.get(client.clientId)?.client === client) {
      this.#clients.delete(client.clientId);
    }
  }

  frame(direction: 'IN' | 'OUT', client: TwsClient, fields: readonly string[]): void {
    this.#listener?.(direction, client.clientId, fields);
  }

  nextOrderId(clientId: number): number {
    return Math.max(1, this.core.desk.shelf.highest(clientId) + 1 - this.faults.idRollback);
  }

  // What the core tells.

  orderChanged(order: GatewayOrder): void {
    const client = this.#clients.get(order.clientId)?.client;
    if (client === undefined) return;
    const parentPermId = this.core.desk.shelf.parentOf(order)?.permId ?? 0;
    client.send(openOrderFields({ order, parentPermId }, client.version));
    client.send(orderStatusFields(order));
  }

  statusChanged(order: GatewayOrder, status?: string): void {
    this.#clients.get(order.clientId)?.client.send(orderStatusFields(order, status));
  }

  executed(execution: GatewayExecution): void {
    this.#traded.add(execution.instrument);
    const client = this.#clients.get(execution.clientId)?.client;
    if (client !== undefined) this.#requests.orders.tellExecution(client, execution, -1);
  }

  commissioned(execution: GatewayExecution): void {
    this.#clients.get(execution.clientId)?.client.send(commissionFields(execution));
  }

  refused(place: { readonly clientId: number; readonly orderId: number }, why: Refusal): void {
    this.#clients.get(place.clientId)?.client.error(place.orderId, why.code, why.text);
  }

  whatIf(order: GatewayOrder): void {
    const client = this.#clients.get(order.clientId)?.client;
    if (client !== undefined) this.#requests.orders.tellWhatIf(client, order);
  }

  marketMoved(event: MarketEvent): void {
    this.#streams.moved(event, [...this.#clients.values()]);
  }

  /** Positions and values after trades, to whoever has asked for them. */
  #tellAccounts(): void {
    if (this.#traded.size === 0) return;
    const traded = [...this.#traded].map((instrument) => this.core.valuation(instrument));
    this.#traded.clear();
    const { accounts } = this.#requests;
    for (const { client, subscriptions } of this.#clients.values()) {
      for (const held of traded) {
        if (subscriptions.positions) accounts.tellPosition(client, held);
        for (const reqId of subscriptions.positionsMulti) {
          accounts.tellPositionMulti(client, reqId, held);
        }
      }
      this.#streams.tellAccount(client, subscriptions);
    }
  }

  #connected(socket: Socket): void {
    this.#connections.add(new TwsClient(socket, this));
  }
}
