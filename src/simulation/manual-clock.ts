/** A clock that stands still until it is set: the time of a simulation. */
import type { Clock } from '../domain/ports';

export class ManualClock implements Clock {
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }
  now(): number {
    return this.#now;
  }
  /** @throws RangeError when set back: events are in order of time */
  set(to: number): void {
    if (to < this.#now) throw new RangeError(`the clock cannot go back from ${this.#now} to ${to}`);
    this.#now = to;
  }
}
