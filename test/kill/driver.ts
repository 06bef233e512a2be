// Drives the kill test: one gateway, one server per cycle, a person who sends intents all the
// while, and SIGKILL at random moments. At the end everything settles, so that the books can be
// compared.

import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/broker/simulator/random';
import { GatewayProcess, inTime, ServerProcess } from './processes';
import type { Intent, Look, MarketTime } from './messages';
import { Person } from './person';

export interface KillOptions {
  readonly cycles: number;
  readonly seed: number;
  /** Kills the gateway in some cycles too. */
  readonly gateway: boolean;
  /** Null: SQLite in the folder. */
  readonly databaseUrl: string | null;
  /** Holds everything the run leaves behind. */
  readonly folder: string;
  readonly rulesDir: string;
  /** Market seconds a second. */
  readonly speed: number;
  readonly say: (line: string) => void;
}

export interface Kills {
  beforeOpened: number;
  beforeReady: number;
  whileReady: number;
  ofTheGateway: number;
}

/** Longest life of a server after it is ready. */
const LIFE = 800;
const EARLY = 0.25;
/** About what connecting and matching take. */
const CONNECTING = 60;
/** Orders sent right before every other kill, and how long they have until it comes. */
const BURST = 4;
const BURST_LIFE = 12;
const GATEWAY_KILLED = 0.3;
const SETTLE = 90_000;

export class Driver {
  readonly person: Person;
  readonly kills: Kills = { beforeOpened: 0, beforeReady: 0, whileReady: 0, ofTheGateway: 0 };
  readonly dataDir: string;
  readonly gatewayFile: string;
  readonly #options: KillOptions;
  readonly #random: () => number;
  readonly #log: number;
  #gateway: GatewayProcess | null = null;
  #server: ServerProcess | null = null;
  #time: MarketTime | null = null;
  #port = 0;
  /** How long the last start took: an early kill falls into it. */
  #startTook = 1_000;

  constructor(options: KillOptions) {
    const { folder, seed } = options;
    this.#options = options;
    this.#random = seededRandom(seed + 1);
    mkdirSync(folder, { recursive: true });
    this.dataDir = join(folder, 'data');
    mkdirSync(this.dataDir, { recursive: true });
    this.gatewayFile = join(folder, 'gateway.db');
    this.#log = openSync(join(folder, 'log.txt'), 'a');
    this.person = new Person(seed, join(folder, 'intents.jsonl'));
  }

  /** All cycles, and the settling. @throws Error when a process fails by itself */
  async run(): Promise<void> {
    try {
      await this.#startGateway();
      for (let cycle = 1; cycle <= this.#options.cycles; cycle += 1) {
        await this.#cycle();
        if (cycle % 10 === 0) this.#options.say(`${cycle} cycles`);
      }
      await this.#settle();
    } finally {
      await this.#server?.kill();
      await this.#gateway?.kill();
    }
  }

  async #startGateway(): Promise<void> {
    const { seed, speed } = this.#options;
    const orders = { port: this.#port, seed, speed, data: this.gatewayFile };
    this.#gateway = new GatewayProcess(orders, this.#log, (time) => {
      this.#time = time;
      this.#server?.follow(time);
    });
    this.#port = await inTime('the start of the gateway', this.#gateway.listening);
  }

  #startServer(): ServerProcess {
    const { rulesDir, databaseUrl } = this.#options;
    if (this.#time === null) throw new Error('the gateway has not told its time');
    const place = { dataDir: this.dataDir, rulesDir, databaseUrl, gatewayPort: this.#port };
    const server = new ServerProcess({ ...place, time: this.#time }, this.#log, {
      answer: (intent, answer) => this.person.answered(intent.id, answer),
      prices: (last) => this.person.prices(last),
    });
    this.#server = server;
    return server;
  }

  async #cycle(): Promise<void> {
    const server = this.#startServer();
    const gatewayDies = this.#options.gateway && this.#random() < GATEWAY_KILLED;
    const work = this.#random() < EARLY ? this.#dieEarly(server) : this.#live(server);
    await Promise.all([work, gatewayDies ? this.#killGateway() : null]);
    const { phase } = server;
    await server.kill();
    if (server.failure !== null) throw new Error(server.failure);
    if (phase === 'OPENING') this.kills.beforeOpened += 1;
    else if (phase === 'CONNECTING') this.kills.beforeReady += 1;
    else this.kills.whileReady += 1;
  }

  /** Anywhere in a start, or in the short part of it in which the broker is asked. */
  async #dieEarly(server: ServerProcess): Promise<void> {
    if (this.#random() < 0.5) return sleep(this.#random() * this.#startTook);
    await inTime('the opening of the server', server.opened);
    await sleep(this.#random() * CONNECTING);
  }

  async #live(server: ServerProcess): Promise<void> {
    const start = performance.now();
    await inTime('the start of the server', server.ready);
    this.#startTook = performance.now() - start;
    this.person.reconnected();
    await this.#askAboutUnknown(server);
    const end = performance.now() + this.#random() * LIFE;
    while (performance.now() < end && server.failure === null) {
      this.#ask(server, this.person.next());
      await sleep(this.#random() * 16);
    }
    if (this.#random() < 0.5) return;
    for (let n = 0; n < BURST; n += 1) this.#ask(server, this.person.urgent());
    await sleep(this.#random() * BURST_LIFE);
  }

  #ask(server: ServerProcess, intent: Intent | null): void {
    if (intent !== null) server.ask(intent);
  }

  /** As a person does: the broker shows no trace of them, and says so when they are cancelled. */
  async #askAboutUnknown(server: ServerProcess): Promise<void> {
    const { live } = await server.look();
    for (const { id, status } of live) {
      if (status === 'UNKNOWN') server.ask(this.person.cancel(id));
    }
  }

  async #killGateway(): Promise<void> {
    await sleep(this.#random() * (this.#startTook + LIFE));
    await this.#gateway?.kill();
    this.kills.ofTheGateway += 1;
    await this.#startGateway();
  }

  /** What is unanswered is answered, what lives is cancelled, and a restart changes nothing. */
  async #settle(): Promise<void> {
    const first = this.#startServer();
    await inTime('the last start', first.ready);
    this.person.reconnected();
    await this.#until('answers', async () => {
      const open = [...this.person.kept.values()].filter(({ answer }) => answer === null);
      if (open.length > 0) this.#ask(first, this.person.next());
      return open.length === 0;
    });
    await this.#until('an end of every order', async () => {
      const look = await first.look();
      if (first.inFlight === 0) {
        for (const { id } of look.live) first.ask(this.person.cancel(id));
      }
      return settled(look) && first.inFlight === 0;
    });
    await first.stop();
    const second = this.#startServer();
    await inTime('a clean restart', second.ready);
    await this.#until('rest after a clean restart', async () => settled(await second.look()));
    await second.stop();
    await this.#gateway?.stop();
  }

  async #until(what: string, reached: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + SETTLE;
    while (!(await reached())) {
      const failure = this.#server?.failure ?? this.#gateway?.failure ?? null;
      if (failure !== null) throw new Error(failure);
      if (performance.now() > end) {
        const look = await this.#server?.look();
        throw new Error(`no ${what} within ${SETTLE / 1_000} s: ${JSON.stringify(look)}`);
      }
      await sleep(50);
    }
  }
}

const settled = ({ linkReady, live, breaks }: Look): boolean =>
  linkReady && live.length === 0 && breaks.length === 0;
