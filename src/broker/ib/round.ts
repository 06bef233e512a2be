/**
 * One round of questions to the broker: which were asked, which were answered, and which were not
 * in time. Unknown is not empty: a part without its end is named, never taken for nothing. Knows no
 * message.
 */
import type { Scheduler } from './options';

export type Part = 'open orders' | 'completed orders' | 'executions' | 'positions' | 'account';

export class Round {
  readonly #scheduler: Scheduler;
  readonly #timeoutMs: number;
  #open = new Set<Part>();
  #done: ((missing: readonly Part[]) => void) | null = null;
  #callOff: () => void = () => undefined;

  constructor(scheduler: Scheduler, timeoutMs: number) {
    this.#scheduler = scheduler;
    this.#timeoutMs = timeoutMs;
  }

  get running(): boolean {
    return this.#done !== null;
  }

  /** Ends the round before; `done` gets the parts that were not answered in time. */
  begin(parts: readonly Part[], done: (missing: readonly Part[]) => void): void {
    this.stop();
    this.#open = new Set(parts);
    this.#done = done;
    this.#callOff = this.#scheduler.after(this.#timeoutMs, () => this.#finish());
  }

  /** The end of a part has come; one that nobody waits for changes nothing. */
  answered(part: Part): void {
    if (this.#open.delete(part) && this.#open.size === 0) this.#finish();
  }

  stop(): void {
    this.#callOff();
    this.#done = null;
    this.#open = new Set();
  }

  #finish(): void {
    const done = this.#done;
    const missing = [...this.#open];
    this.stop();
    done?.(missing);
  }
}
