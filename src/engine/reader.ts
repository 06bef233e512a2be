/**
 * The reading end of a feed: an async iterator that can be ended while it waits. An async generator
 * cannot, so a client that leaves would stay subscribed until the next event.
 */

/** What a source gives when asked: a value, the end, or nothing yet. */
export type Taken<T> = { readonly value: T } | { readonly end: Error | null } | null;

export interface Source<T> {
  /** Never waits, but for storage that it reads; what it gives after that, it gives at once. */
  take(): Taken<T> | Promise<Taken<T>>;
  /** Resolves when asking again makes sense; may resolve for nothing. */
  more(): Promise<void>;
  /** Called once, when the reader has ended. */
  close(): void;
}

/** A call of `next` that is not answered. */
interface Call<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (cause: unknown) => void;
}

const DONE = { done: true, value: undefined } as const;

/** One promise for each call and one for each wait: a fill goes to a thousand readers at once. */
export class Reader<T> implements AsyncIterableIterator<T> {
  readonly #source: Source<T>;
  readonly #calls: Call<T>[] = [];
  #ended = false;
  /** While the source is waited for, calls stand in line. */
  #isWaiting = false;

  constructor(source: Source<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One at a time, in the order of the calls. */
  next(): Promise<IteratorResult<T>> {
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      this.#calls.push({ resolve, reject });
      if (!this.#isWaiting) this.#answer();
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#end();
    return Promise.resolve(DONE);
  }

  throw(cause: unknown): Promise<IteratorResult<T>> {
    this.#end();
    return Promise.reject(cause instanceof Error ? cause : new Error(String(cause)));
  }

  /** Answers calls until there are none, or nothing to answer them with. */
  #answer(): void {
    while (this.#calls.length > 0) {
      let taken: ReturnType<Source<T>['take']>;
      try {
        taken = this.#source.take();
      } catch (cause) {
        // The one call has failed, as it does when storage fails; the next asks again.
        this.#calls.shift()?.reject(cause);
        continue;
      }
      if (taken instanceof Promise) {
        this.#wait(taken.then((given) => this.#give(given)));
        return;
      }
      if (taken === null) {
        // At once: what came between asking and waiting would be slept through.
        this.#wait(this.#source.more());
        return;
      }
      this.#give(taken);
    }
  }

  #wait(until: Promise<void>): void {
    this.#isWaiting = true;
    const goOn = (): void => {
      this.#isWaiting = false;
      this.#answer();
    };
    void until.then(goOn, (cause: unknown) => {
      this.#calls.shift()?.reject(cause);
      goOn();
    });
  }

  #give(taken: Taken<T>): void {
    if (taken === null) return;
    const call = this.#calls.shift();
    if ('value' in taken) {
      call?.resolve({ done: false, value: taken.value });
      return;
    }
    this.#end();
    if (taken.end === null) call?.resolve(DONE);
    else call?.reject(taken.end);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const call of this.#calls.splice(0)) call.resolve(DONE);
    this.#source.close();
  }
}
