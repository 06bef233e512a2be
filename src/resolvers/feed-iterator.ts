/**
 * A feed as a subscriber gets it: what is true at its beginning, then what the engine's feed
 * tells. No async generator: one of those cannot be ended while it waits.
 */
import { SlowConsumer } from '../engine/feed';
import { LARGEST_RATE } from '../schema/args';
import { badUserInput, slowConsumer } from './errors';

class FeedIterator<T> implements AsyncIterableIterator<T> {
  #first: readonly T[];
  #next = 0;

  constructor(
    first: readonly T[],
    private readonly rest: AsyncIterableIterator<T>,
  ) {
    this.#first = first;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    const value = this.#first[this.#next];
    if (value !== undefined) {
      this.#next += 1;
      return Promise.resolve({ done: false, value });
    }
    this.#first = [];
    return this.rest.next().catch((cause: unknown) => {
      throw cause instanceof SlowConsumer ? slowConsumer(cause) : cause;
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#first = [];
    return this.rest.return?.() ?? Promise.resolve({ done: true, value: undefined });
  }

  throw(cause: unknown): Promise<IteratorResult<T>> {
    this.#first = [];
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return this.rest.throw?.(error) ?? Promise.reject(error);
  }
}

/** Starts with the given messages; whoever falls behind hears it as an error with its code. */
export function feedOf<T>(
  first: readonly T[],
  rest: AsyncIterableIterator<T>,
): AsyncIterableIterator<T> {
  return new FeedIterator(first, rest);
}

/** Where to begin. @throws GraphQLError BAD_USER_INPUT beyond the newest place */
export function startOf(after: number | null | undefined, head: number): number | null {
  if (after == null) return null;
  if (after <= head) return after;
  throw badUserInput(
    `after is ${after}, and the journal ends at ${head}: it is the sequence of another journal.`,
  );
}

/** How often a second. @throws GraphQLError BAD_USER_INPUT out of range */
export function rateOf(maxPerSecond: number): number {
  if (maxPerSecond >= 1 && maxPerSecond <= LARGEST_RATE) return maxPerSecond;
  throw badUserInput(
    `maxPerSecond is ${maxPerSecond}; a feed sends 1 to ${LARGEST_RATE} times a second.`,
  );
}
