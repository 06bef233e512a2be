// The whole of Tidegate as `npm start` joins it, in folders of its own and on free ports, with its
// gateway's control at hand; asked over HTTP and graphql-ws. Must not know what any test expects.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Client } from 'graphql-ws';
import type { GatewayControl } from '../../src/presets/gateway-control';
import { serve, type RunningTidegate } from '../../src/presets/serve';
import { ask, wsClient, type Answered } from './graphql-server';
import { StoqeyClient } from './gateway-kit';
import { databaseUrl, dropDatabase, freshDatabase, mySqlIsHere } from './mysql';

/** Where a house keeps its books. */
export interface Ground {
  readonly name: string;
  /** Makes a database where one is needed. */
  readonly database: () => string | null;
}

/** Every kind of storage that can be tried here. */
export const GROUNDS: readonly Ground[] = [
  { name: 'SQLite', database: () => null },
  ...(mySqlIsHere ? [{ name: 'MariaDB', database: freshDatabase }] : []),
];

const PATIENCE_MS = 120_000;

/** Looks again until something is there. @throws Error that says what was there instead */
export async function until<T>(
  look: () => T | Promise<T>,
  isThere: (seen: T) => boolean = Boolean,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (isThere(seen)) return seen;
    if (Date.now() > end) throw new Error(`It did not come to it: ${shown(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const shown = (seen: unknown): string => (JSON.stringify(seen) ?? String(seen)).slice(0, 1_500);

/** A feed under way: everything it has said. */
export class Ear {
  readonly messages: Answered[] = [];
  ended: Answered = null;
  readonly #leave: () => void;

  constructor(client: Client, query: string) {
    const [, name = ''] = /\{\s*(\w+)/.exec(query) ?? [];
    this.#leave = client.subscribe(
      { query },
      {
        next: ({ data, errors }) => {
          if (errors !== undefined) this.ended = errors;
          this.messages.push((data as Answered)?.[name]);
        },
        error: (errors) => (this.ended = errors),
        complete: () => (this.ended ??= 'complete'),
      },
    );
  }

  /** The first message that passes, of those that came or come. */
  async heard(test: (message: Answered) => boolean): Promise<Answered> {
    const found = await until(
      () => ({ hit: this.messages.find(test), told: this.messages, ended: this.ended }),
      ({ hit }) => hit !== undefined,
    );
    return found.hit;
  }
  leave(): void {
    this.#leave();
  }
}

export class House {
  readonly lines: string[] = [];
  readonly #ears: Client[] = [];
  readonly #guests: StoqeyClient[] = [];
  #running: RunningTidegate | null = null;

  private constructor(
    readonly folder: string,
    private readonly database: string | null,
    private readonly speed: number,
  ) {}

  /** Nothing runs yet. */
  static on(ground: Ground, speed = 1): House {
    return new House(mkdtempSync(join(tmpdir(), 'house-')), ground.database(), speed);
  }

  /**
   * Without the demo's instruction file: nothing trades here but the test. A data folder that holds
   * something already is given no samples.
   */
  static quiet(ground: Ground, speed = 1): House {
    const house = House.on(ground, speed);
    const data = join(house.folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'in-use.txt'), 'no samples, please');
    return house;
  }

  /** Starts, also once more over the same books. */
  async start(): Promise<void> {
    const url = this.database === null ? undefined : databaseUrl(this.database);
    const before = process.env['DATABASE_URL'];
    if (url === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = url;
    try {
      this.#running = await serve(this.#flags(), {
        banner: (text) => void this.lines.push(text),
        log: (line) => void this.lines.push(line),
      });
    } finally {
      if (before === undefined) delete process.env['DATABASE_URL'];
      else process.env['DATABASE_URL'] = before;
    }
  }

  async ready(): Promise<void> {
    await this.start();
    await this.link('READY');
  }

  #flags(): Record<string, string> {
    return {
      ...{ 'data-dir': join(this.folder, 'data'), 'instructions-dir': this.inbox },
      ...{ port: '0', 'gateway-port': '0', 'demo-speed': String(this.speed) },
      'log-level': 'info',
    };
  }

  get inbox(): string {
    return join(this.folder, 'inbox');
  }
  /** Puts a file into the inbox, below it where the name says so. */
  drop(name: string, content: unknown): void {
    const path = join(this.inbox, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(content));
  }

  get running(): RunningTidegate {
    if (this.#running === null) throw new Error('nothing runs');
    return this.#running;
  }
  get port(): number {
    return this.running.server.port;
  }
  get gateway(): {
    readonly host: string;
    readonly port: number;
    readonly control: GatewayControl;
  } {
    const { gateway } = this.running.live;
    if (gateway === null) throw new Error('there is no gateway of our own');
    return gateway;
  }

  /** The data of an answer without errors. */
  async data(query: string, variables: Answered = {}): Promise<Answered> {
    const { json, text } = await ask(this.port, query, { variables });
    if (json?.errors !== undefined || json?.data == null) throw new Error(text);
    return json.data;
  }
  /** A mutation's payload. */
  async does(name: string, input: Answered, selection: string): Promise<Answered> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
    return (await this.data(query, { input }))[name];
  }
  async link(state: string): Promise<void> {
    await until(
      async () => (await this.data('{ system { link linkReason } }')).system,
      ({ link }) => link === state,
    );
  }
  /** Orders in any status, newest first. */
  async orders(): Promise<readonly Answered[]> {
    const { orders } = await this.data(ORDERS);
    return orders.nodes;
  }
  /** The first order that passes, of those that are or come to be. */
  async order(test: (order: Answered) => boolean): Promise<Answered> {
    const seen = await until(
      () => this.orders(),
      (orders) => orders.some(test),
    );
    return seen.find(test);
  }
  async position(instrument: string): Promise<Answered> {
    const { positions } = await this.data(POSITIONS);
    return positions.find((each: Answered) => each.instrument.key === instrument) ?? null;
  }

  hears(query: string): Ear {
    const client = wsClient(this.port);
    this.#ears.push(client);
    return new Ear(client, query);
  }
  /** A client of the gateway beside the server. */
  async guest(clientId: number): Promise<StoqeyClient> {
    const client = await StoqeyClient.join(this.gateway, clientId);
    this.#guests.push(client);
    return client;
  }

  /** What it said at a level that somebody should look at. */
  complaints(): string[] {
    return this.lines.filter((line) => line.includes('] ERROR: '));
  }

  async stop(): Promise<void> {
    for (const guest of this.#guests.splice(0)) await guest.leave();
    for (const client of this.#ears.splice(0)) await client.dispose();
    const running = this.#running;
    this.#running = null;
    await running?.stop('the test is over');
  }
  /** Stops, and takes everything away. */
  async end(): Promise<void> {
    await this.stop();
    if (this.database !== null) await dropDatabase(this.database);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const ORDERS = `{ orders(first: 200) { nodes {
  id requestId status role side type quantity filledQuantity limitPrice stopPrice statusMessage
  brokerOrderId permId averageFillPrice source ocaGroup instrument { key } strategy { key }
  decision { approved codes } fills { execId quantity }
} } }`;

const POSITIONS = `{ positions { instrument { key } quantity unallocated difference
  allocations { strategy { key } quantity } } }`;
