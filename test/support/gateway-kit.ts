// Joins clients to a gateway over a real socket and collects what they are told. Waiting is for
// what is told, never for time.

import { IBApi } from '@stoqey/ib';
import { connect, type Socket } from 'node:net';
import { fieldsOf, FrameReader, frameOf, rawFrame } from '../../src/broker/simulator/tws-frames';
import { startGateway, type GatewayOptions, type RunningGateway } from '../../src/presets/gateway';

/** A gateway on a free port whose market stands still until it is stepped. */
export async function gatewayWith(options: GatewayOptions = {}): Promise<RunningGateway> {
  return startGateway({ port: 0, speed: 0, ...options });
}

/** One event of the library: its name and its arguments. */
export interface Told {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** What the library tells: loosely typed, and checked by what a test expects of it. */
export type Arg = ReturnType<typeof JSON.parse>;

/** Of the library's own making, not of the gateway's. */
const OWN = new Set(['sent', 'received', 'all', 'result', 'newListener', 'removeListener']);

/** The library that the live path uses, and everything it has been told. */
export class StoqeyClient {
  readonly told: Told[] = [];
  readonly ib: IBApi;
  #waiting: { readonly test: (told: Told) => boolean; readonly done: (told: Told) => void }[] = [];
  #nextRequest = 100_000_000;
  nextId = 0;

  private constructor(gateway: Pick<RunningGateway, 'host' | 'port'>, clientId: number) {
    const { host, port } = gateway;
    this.ib = new IBApi({ host, port, clientId, maxReqPerSec: 1_000_000 });
    const emitter = this.ib as unknown as { emit: (event: string, ...args: unknown[]) => boolean };
    const emit = emitter.emit.bind(this.ib);
    emitter.emit = (event, ...args) => {
      if (!OWN.has(event)) this.#note({ event, args });
      return event === 'error' ? true : emit(event, ...args);
    };
  }

  /** Connected, and told its next id. */
  static async join(
    gateway: Pick<RunningGateway, 'host' | 'port'>,
    clientId = 1,
  ): Promise<StoqeyClient> {
    const client = new StoqeyClient(gateway, clientId);
    client.ib.connect();
    const { args } = await client.next('nextValidId');
    client.nextId = args[0] as number;
    return client;
  }

  #note(told: Told): void {
    this.told.push(told);
    const waiting = this.#waiting.filter(({ test }) => test(told));
    this.#waiting = this.#waiting.filter(({ test }) => !test(told));
    for (const { done } of waiting) done(told);
  }

  /** The next event of this name that passes the test; not one that has come before. */
  next(event: string, test: (...args: Arg[]) => boolean = () => true): Promise<Told> {
    return new Promise((done) => {
      const asked = (told: Told): boolean => told.event === event && test(...(told.args as Arg[]));
      this.#waiting.push({ test: asked, done });
    });
  }

  /** Everything asked so far has been answered: the gateway answers in order. */
  async answered(): Promise<void> {
    const time = this.next('currentTime');
    this.ib.reqCurrentTime();
    await time;
  }

  /** Events of a name, as their arguments. */
  all(event: string): (readonly Arg[])[] {
    return this.told.filter((told) => told.event === event).map(({ args }) => args as Arg[]);
  }
  /** Takes a fresh request id, away from all order ids. */
  requestId(): number {
    this.#nextRequest += 1;
    return this.#nextRequest;
  }
  /** Takes the next order id. */
  orderId(): number {
    this.nextId += 1;
    return this.nextId - 1;
  }
  /** Statuses of an order, in their order. */
  statuses(orderId: number): string[] {
    return this.all('orderStatus')
      .filter(([id]) => id === orderId)
      .map(([, status]) => status as string);
  }
  /** Codes of errors about an order or a request. */
  codes(id: number): number[] {
    return this.all('error')
      .filter(([, , about]) => about === id)
      .map(([, code]) => code as number);
  }
  /** Places an order and returns its id. */
  place(symbol: string, terms: Record<string, unknown>, id = this.orderId()): number {
    this.ib.placeOrder(id, stock(symbol), orderOf(terms) as never);
    return id;
  }
  /** Disconnected, by whom ever. */
  async leave(): Promise<void> {
    if (this.told.at(-1)?.event === 'disconnected' || !this.ib.isConnected) return;
    const gone = this.next('disconnected');
    this.ib.disconnect();
    await gone;
  }
}

export const stock = (symbol: string): Record<string, unknown> => ({
  ...{ symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' },
});

/** A market order to buy ten, changed by the terms. */
export const orderOf = (terms: Record<string, unknown>): Record<string, unknown> => ({
  ...{ action: 'BUY', totalQuantity: 10, orderType: 'MKT', tif: 'DAY', transmit: true },
  ...terms,
});

/** A client that writes its own bytes: any version, any frame. */
export class RawClient {
  readonly frames: string[][] = [];
  readonly socket: Socket;
  readonly #reader = new FrameReader();
  #waiting: { readonly test: (fields: string[]) => boolean; done: (f: string[]) => void }[] = [];
  version = 0;
  closed = false;
  readonly #end: Promise<void>;

  private constructor({ host, port }: Pick<RunningGateway, 'host' | 'port'>) {
    this.socket = connect(port, host);
    this.socket.on('error', () => undefined);
    this.#end = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.closed = true;
        resolve();
      });
    });
    this.socket.on('data', (bytes: Buffer) => {
      this.#reader.push(bytes);
      for (;;) {
        const text = this.#reader.takeFrame();
        if (text === undefined) return;
        const fields = fieldsOf(text);
        this.frames.push(fields);
        const waiting = this.#waiting.filter(({ test }) => test(fields));
        this.#waiting = this.#waiting.filter(({ test }) => !test(fields));
        for (const { done } of waiting) done(fields);
      }
    });
  }

  /** Only the bytes of a connection, nothing said yet. */
  static open(gateway: Pick<RunningGateway, 'host' | 'port'>): RawClient {
    return new RawClient(gateway);
  }

  /** Connected under a version and told its next id. */
  static async join(
    gateway: Pick<RunningGateway, 'host' | 'port'>,
    version: number,
    clientId = version,
  ): Promise<RawClient> {
    const client = new RawClient(gateway);
    const agreed = client.frame(() => true);
    client.socket.write(Buffer.concat([Buffer.from('API\0'), rawFrame(`v100..${version}`)]));
    client.version = Number((await agreed)[0]);
    const ready = client.frame(([code]) => code === '9');
    client.say('71', '2', String(clientId), '');
    await ready;
    return client;
  }

  say(...fields: string[]): void {
    this.socket.write(frameOf(fields));
  }
  /** The next frame that passes the test; not one that has come before. */
  frame(test: (fields: string[]) => boolean): Promise<string[]> {
    return new Promise((done) => this.#waiting.push({ test, done }));
  }
  /** Everything said so far has been answered; what came meanwhile. */
  async answers(): Promise<string[][]> {
    const from = this.frames.length;
    const time = this.frame(([code]) => code === '49');
    this.say('49', '1');
    await time;
    return this.frames.slice(from, -1);
  }
  async ended(): Promise<void> {
    await this.#end;
  }
  async leave(): Promise<void> {
    this.socket.destroy();
    await this.#end;
  }
}

/** Steps the market to the next trade of an instrument. */
export async function stepTo(gateway: RunningGateway, symbol: string): Promise<string> {
  for (;;) {
    const trade = await gateway.stepTrade();
    if (trade === null) throw new Error(`no more trades of ${symbol}`);
    if (trade.instrument === symbol) return trade.priceText;
  }
}
