/**
 * Questions with an answer of several parts: collected by request id, ended by an end, an error, a
 * time-out or the end of the connection. Knows no contract and no bar.
 */
import type { RequestIds } from './ids';
import type { Scheduler } from './options';

/** Why there is no answer: in words, and the broker's code where it sent one. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    message: string,
    readonly code: number | null,
  ) {
    super(message);
  }
}

interface Pending {
  readonly what: string;
  readonly parts: unknown[];
  readonly resolve: (parts: unknown[]) => void;
  readonly reject: (error: RequestError) => void;
  readonly callOff: () => void;
}

export class Requests {
  readonly #ids: RequestIds;
  readonly #scheduler: Scheduler;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();

  constructor(ids: RequestIds, scheduler: Scheduler, timeoutMs: number) {
    this.#ids = ids;
    this.#scheduler = scheduler;
    this.#timeoutMs = timeoutMs;
  }

  /** Sends under a new id, and gives the parts once the end has come. @throws RequestError */
  ask<T>(what: string, send: (id: number) => void): Promise<readonly T[]> {
    const id = this.#ids.take();
    return new Promise((resolve, reject) => {
      const callOff = this.#scheduler.after(this.#timeoutMs, () => {
        this.fail(id, `${what}: no answer within ${this.#timeoutMs / 1000} s. Ask again.`, null);
      });
      const done = (parts: unknown[]): void => resolve(parts as T[]);
      this.#pending.set(id, { what, parts: [], resolve: done, reject, callOff });
      send(id);
    });
  }

  part(id: number, part: unknown): void {
    this.#pending.get(id)?.parts.push(part);
  }

  end(id: number): void {
    const pending = this.#take(id);
    pending?.resolve(pending.parts);
  }

  /** False: nobody waits for this id. */
  fail(id: number, message: string, code: number | null): boolean {
    const pending = this.#take(id);
    pending?.reject(new RequestError(message, code));
    return pending !== undefined;
  }

  what(id: number): string | undefined {
    return this.#pending.get(id)?.what;
  }

  failAll(reason: string): void {
    for (const [id, { what }] of [...this.#pending]) this.fail(id, `${what}: ${reason}`, null);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.callOff();
    return pending;
  }
}
