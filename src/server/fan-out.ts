/**
 * Subscriptions: reads a feed no faster than its client reads, and executes an event once for all
 * subscribers who asked the same. Sharing is for frozen messages only: a source that yields one
 * frozen object to all says that it is the same for everyone. Must not know sockets.
 */
import {
  createSourceEventStream,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Who } from './access';
import type { Origin } from './errors';
import { NEVER_ABORTED, run, unforeseen, withPublicErrors } from './operations';
import type { Kitchen, Operation } from './operations';

/** Events whose text an audience keeps for those who are a little behind. */
const KEPT_TEXTS = 128;
/** Longer texts, such as snapshots, are made anew for each. */
const KEPT_CHARACTERS = 65_536;

/** Subscribers who asked the same: document, operation, variables, and who they are. */
interface Audience {
  members: number;
  /** The payload of the latest events as JSON text, or the promise of it, the oldest first. */
  readonly texts: Map<object, string | Promise<string>>;
}

/** One subscription of one client. */
export interface Subscriber {
  readonly operation: Operation;
  readonly query: string;
  readonly who: Who;
  readonly requestId: string;
}

/** Takes a payload as JSON text; a promise asks to wait before the next. */
export type Deliver = (payload: string) => Promise<void> | null;

/** Ends when the feed ends or `return` is called; yields nothing, as all goes to `deliver`. */
export interface Delivery extends AsyncIterableIterator<never> {
  return(): Promise<IteratorResult<never>>;
}

export class FanOut {
  readonly #kitchen: Kitchen;
  readonly #audiences = new Map<string, Audience>();

  constructor(kitchen: Kitchen) {
    this.#kitchen = kitchen;
  }

  /** Audiences with members; for tests and metrics. */
  get audiences(): number {
    return this.#audiences.size;
  }

  /** Opens the feed. @returns the delivery, or the errors for which there is none. */
  async subscribe(subscriber: Subscriber, deliver: Deliver): Promise<Delivery | ExecutionResult> {
    const { context, schema, log } = this.#kitchen;
    const { operation, who, requestId } = subscriber;
    const gone = new AbortController();
    const source = await openSource(schema, operation, {
      contextValue: context(who, { requestId, signal: gone.signal }),
      origin: { requestId, log },
    });
    if (!(Symbol.asyncIterator in source)) return source;
    const audience = this.#join(subscriber);
    const iterator = source[Symbol.asyncIterator]();
    const textOf = (event: unknown) => this.#textOf(event, audience.of, subscriber);
    // The signal knows as well, but is asked for every message of every subscriber.
    let isGone = false;
    return deliveryOf({
      pump: () => pump(iterator, { textOf, deliver, isGone: () => isGone }),
      stop: async () => {
        isGone = true;
        gone.abort();
        audience.leave();
        await iterator.return?.();
      },
    });
  }

  #join(subscriber: Subscriber): { of: Audience; leave: () => void } {
    const { query, operation, who } = subscriber;
    const { operationName, variables } = operation;
    const key = JSON.stringify([query, operationName, variables, who.name]);
    const known = this.#audiences.get(key);
    const of = known ?? { members: 0, texts: new Map<object, string>() };
    of.members += 1;
    this.#audiences.set(key, of);
    const leave = once(() => {
      of.members -= 1;
      if (of.members === 0) this.#audiences.delete(key);
    });
    return { of, leave };
  }

  #textOf(event: unknown, { texts }: Audience, to: Subscriber): string | Promise<string> {
    const isShared = typeof event === 'object' && event !== null && Object.isFrozen(event);
    if (!isShared) return this.#serve(event, to);
    const known = texts.get(event);
    if (known !== undefined) return known;
    const text = this.#serve(event, to).then((done) => {
      if (done.length > KEPT_CHARACTERS) texts.delete(event);
      else if (texts.has(event)) texts.set(event, done);
      return done;
    });
    texts.set(event, text);
    const [oldest] = texts.keys();
    if (texts.size > KEPT_TEXTS && oldest !== undefined) texts.delete(oldest);
    return text;
  }

  async #serve(event: unknown, { operation, who, requestId }: Subscriber): Promise<string> {
    const { context, schema, log } = this.#kitchen;
    const origin = { requestId, log };
    try {
      const contextValue = context(who, { requestId, signal: NEVER_ABORTED });
      return JSON.stringify(
        await run(schema, operation, { contextValue, rootValue: event, origin }),
      );
    } catch (error) {
      return JSON.stringify({ errors: [unforeseen(error, origin)] });
    }
  }
}

async function openSource(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
  { contextValue, origin }: { contextValue: object; origin: Origin },
): Promise<AsyncIterable<unknown> | ExecutionResult> {
  const asked = { schema, document, operationName, variableValues: variables, contextValue };
  const source = await createSourceEventStream(asked);
  return Symbol.asyncIterator in source ? source : withPublicErrors(source, origin);
}

interface Pumping {
  readonly textOf: (event: unknown) => string | Promise<string>;
  readonly deliver: Deliver;
  readonly isGone: () => boolean;
}

/** Asks for the next event only when the last one had room on its way out. */
async function pump(
  iterator: AsyncIterator<unknown>,
  { textOf, deliver, isGone }: Pumping,
): Promise<void> {
  while (!isGone()) {
    const next: IteratorResult<unknown, unknown> = await iterator.next();
    if (next.done === true || isGone()) return;
    const text = textOf(next.value);
    const room = deliver(typeof text === 'string' ? text : await text);
    if (room !== null) await room;
  }
}

function deliveryOf(parts: { pump: () => Promise<void>; stop: () => Promise<void> }): Delivery {
  const end = { done: true, value: undefined } as const;
  const stop = once(parts.stop);
  return {
    async next() {
      try {
        await parts.pump();
      } finally {
        await stop();
      }
      return end;
    },
    async return() {
      await stop();
      return end;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Runs the work at the first call and gives its result at every other. */
function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | null = null;
  return () => (result ??= { value: work() }).value;
}

/** Why a feed ended, as its client may read it. */
export function endOfFeed(
  errors: readonly GraphQLError[],
  origin: Origin,
): readonly GraphQLFormattedError[] {
  return errors.map((error) =>
    // Refused before it started: it has its id already.
    error.extensions['requestId'] === undefined
      ? unforeseen(error.originalError ?? error, origin).toJSON()
      : error.toJSON(),
  );
}
