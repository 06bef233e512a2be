/**
 * Feeds of values of which only the newest matters (quotes, profit), and of lines of which the
 * newest are kept (the log). Bounded whatever the subscriber does.
 */
import { Reader, type Source, type Taken } from './reader';

export interface LatestOptions<T> {
  /** Starts listening; the function it gives back ends it. */
  readonly listen: (listener: (value: T) => void) => () => void;
  /** Of the values with one key only the newest is kept; null: this value is not of interest. */
  readonly keyOf: (value: T) => string | null;
  /** What is known already. */
  readonly initial: readonly T[];
  /** Per key and second, 1 to 50. */
  readonly maxPerSecond: number;
}

/** The newest value of each key, at most so many times a second. */
export function latest<T>(options: LatestOptions<T>): AsyncIterableIterator<T> {
  return new Reader(new LatestSource(options));
}

class LatestSource<T> implements Source<T> {
  readonly #waiting = new Map<string, T>();
  readonly #interval: number;
  readonly #off: () => void;
  #due: string[] = [];
  #timer: NodeJS.Timeout | null = null;
  #wake: () => void = () => undefined;

  constructor({ listen, keyOf, initial, maxPerSecond }: LatestOptions<T>) {
    this.#interval = 1_000 / Math.min(50, Math.max(1, maxPerSecond));
    for (const value of initial) this.#waiting.set(keyOf(value) ?? '', value);
    this.#due = [...this.#waiting.keys()];
    this.#off = listen((value) => {
      const key = keyOf(value);
      if (key === null) return;
      this.#waiting.set(key, value);
      this.#timer ??= setTimeout(() => {
        this.#release();
      }, this.#interval);
    });
  }

  take(): Taken<T> {
    for (;;) {
      const key = this.#due.shift();
      if (key === undefined) return null;
      const value = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (value !== undefined) return { value };
    }
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#off();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #release(): void {
    this.#timer = null;
    this.#due = [...this.#waiting.keys()];
    this.#wake();
  }
}

export interface NewestOptions<T> {
  readonly listen: (listener: (value: T) => void) => () => void;
  readonly accepts: (value: T) => boolean;
  /** How many wait for a slow reader before the oldest go. */
  readonly keep: number;
}

/** Every value in order; of a reader that falls behind, the newest. */
export function newest<T>(options: NewestOptions<T>): AsyncIterableIterator<T> {
  return new Reader(new NewestSource(options));
}

class NewestSource<T> implements Source<T> {
  readonly #queue: T[] = [];
  readonly #off: () => void;
  #wake: () => void = () => undefined;

  constructor({ listen, accepts, keep }: NewestOptions<T>) {
    this.#off = listen((value) => {
      if (!accepts(value)) return;
      if (this.#queue.length >= keep) this.#queue.shift();
      this.#queue.push(value);
      this.#wake();
    });
  }

  take(): Taken<T> {
    const value = this.#queue.shift();
    return value === undefined ? null : { value };
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#off();
    this.#queue.length = 0;
  }
}
