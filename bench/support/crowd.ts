// Starts and leads the clients of crowd-process.cjs. Their script runs as it is, from the checkout.

import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

interface Told {
  readonly latencies?: readonly number[];
  readonly bytes?: number;
  readonly ready?: boolean;
  readonly error?: string;
}

/** The clients of one server. */
export class Crowd {
  readonly #child: ChildProcess;

  constructor(private readonly port: number) {
    this.#child = fork(resolve('bench', 'support', 'crowd-process.cjs'), { execArgv: [] });
  }

  subscribe(query: string, count: number): void {
    this.#child.send({ kind: 'subscribe', port: this.port, query, count });
  }

  /** Announces messages, has them sent, waits until all have come. @returns milliseconds each */
  async receive(count: number, publish: () => void): Promise<readonly number[]> {
    const ready = this.#next();
    this.#child.send({ kind: 'expect', count });
    await ready;
    const received = this.#next();
    publish();
    return (await received).latencies ?? [];
  }

  /** Asks over HTTP, one after the other. @returns bytes of an answer */
  async ask(query: string, count: number): Promise<number> {
    const answered = this.#next();
    this.#child.send({ kind: 'ask', port: this.port, query, count });
    return (await answered).bytes ?? 0;
  }

  async leave(): Promise<void> {
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.send({ kind: 'leave' });
    await gone;
  }

  async #next(): Promise<Told> {
    const told = await new Promise<Told>((done, fail) => {
      const died = (): void => fail(new Error('the clients have ended'));
      this.#child.once('exit', died);
      this.#child.once('message', (message) => {
        this.#child.off('exit', died);
        done(message as Told);
      });
    });
    if (told.error !== undefined) throw new Error(`the server refused: ${told.error}`);
    return told;
  }
}
