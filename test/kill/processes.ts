// The processes of the kill test as its driver holds them: started, spoken to, killed for good.
// Knows nothing of orders and books.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromGateway, FromServer, GatewayOrders, MarketTime } from './messages';
import type { Answer, Intent, Look, ServerOrders, ToServer } from './messages';

const PATIENCE = 120_000;

/** @throws Error after a minute */
export async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took over a minute`)), PATIENCE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function started(name: string, orders: object, log: number): ChildProcess {
  return fork(join(__dirname, `${name}.js`), [JSON.stringify(orders)], {
    stdio: ['ignore', log, log, 'ipc'],
  });
}

/** Ends it as a power switch would, and waits until it is gone. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export class GatewayProcess {
  time: MarketTime | null = null;
  failure: string | null = null;
  readonly #child: ChildProcess;
  readonly listening: Promise<number>;

  constructor(orders: GatewayOrders, log: number, onTime: (time: MarketTime) => void) {
    this.#child = started('gateway-process', orders, log);
    this.listening = new Promise((resolve, reject) => {
      this.#child.on('exit', (code, signal) => {
        reject(new Error(`the gateway ended at its start (${code ?? signal}), see log.txt`));
      });
      this.#child.on('message', (message: FromGateway) => {
        if (message.kind === 'listening') resolve(message.port);
        else if (message.kind === 'time') onTime((this.time = message));
        else {
          this.failure = message.message;
          reject(new Error(`the gateway failed: ${message.message}`));
        }
      });
    });
    this.listening.catch(() => undefined);
  }

  kill(): Promise<void> {
    return kill(this.#child);
  }

  /** Ends in order: the last state is in its file. */
  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.send({ kind: 'stop' });
    await inTime('the end of the gateway', gone);
  }
}

export interface ServerEvents {
  readonly answer: (intent: Intent, answer: Answer) => void;
  readonly prices: (last: Readonly<Record<string, string>>) => void;
}

export class ServerProcess {
  /** What stopped it, or what it could not do; null while all is well. */
  failure: string | null = null;
  phase: 'OPENING' | 'CONNECTING' | 'READY' = 'OPENING';
  inFlight = 0;
  /** Everything is open and connecting begins. */
  readonly opened: Promise<void>;
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, Intent>();
  readonly #looks = new Map<number, (look: Look) => void>();
  #numbers = 0;
  #killed = false;

  constructor(orders: ServerOrders, log: number, events: ServerEvents) {
    this.#child = started('server-process', orders, log);
    let opened: () => void = () => undefined;
    this.opened = new Promise((resolve) => {
      opened = resolve;
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('exit', (code, signal) => {
        if (!this.#killed) this.failure ??= `the server ended by itself (${code ?? signal})`;
        reject(new Error(this.failure ?? 'killed'));
      });
      this.#child.on('message', (message: FromServer) => {
        if (message.kind === 'opened') opened();
        if (message.kind === 'ready') resolve();
        this.#heard(message, events);
      });
    });
    this.ready.catch(() => undefined);
    this.#child.on('error', () => undefined);
  }

  ask(intent: Intent): void {
    this.#numbers += 1;
    this.#asked.set(this.#numbers, intent);
    this.inFlight += 1;
    this.#send({ kind: 'ask', number: this.#numbers, intent });
  }

  look(): Promise<Look> {
    this.#numbers += 1;
    const number = this.#numbers;
    const looked = new Promise<Look>((resolve) => this.#looks.set(number, resolve));
    this.#send({ kind: 'look', number });
    return inTime('a look at the server', looked);
  }

  follow(time: MarketTime): void {
    this.#send({ kind: 'time', ...time });
  }

  kill(): Promise<void> {
    this.#killed = true;
    return kill(this.#child);
  }

  async stop(): Promise<void> {
    this.#killed = true;
    const gone = once(this.#child, 'exit');
    this.#send({ kind: 'stop' });
    await inTime('the end of the server', gone);
  }

  #send(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #heard(message: FromServer, { answer, prices }: ServerEvents): void {
    switch (message.kind) {
      case 'opened':
        this.phase = 'CONNECTING';
        break;
      case 'ready':
        this.phase = 'READY';
        break;
      case 'prices':
        prices(message.last);
        break;
      case 'answer': {
        this.inFlight -= 1;
        const intent = this.#asked.get(message.number);
        if (intent !== undefined) answer(intent, message.answer);
        break;
      }
      case 'look':
        this.#looks.get(message.number)?.(message.look);
        break;
      case 'failed':
        this.failure ??= message.message;
        break;
      case 'closed':
        break;
    }
  }
}
