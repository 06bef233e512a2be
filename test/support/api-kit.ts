// A trading desk with the API on top: queries, mutations and feeds are asked over graphql-js, as
// the server does it. Must not know what any test expects.

import { execute, parse, subscribe, validate } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { AccountValues, LinkStatus } from '../../src/domain/broker-link';
import type { ActiveRules, LatestQuote, LoadAnswer, LoadRequest } from '../../src/domain/desk';
import type {
  Auction,
  Desk as ApiDesk,
  LogEntry,
  PriceRange,
  PriceStream,
} from '../../src/domain/desk';
import { auctionAt } from '../../src/live/auctions';
import type { Refusal } from '../../src/domain/refusal';
import { PriceRanges } from '../../src/live/price-range';
import { price } from '../../src/domain/decimal';
import type { Instrument } from '../../src/domain/instrument';
import { Feed } from '../../src/engine/feed';
import type { ApiContext } from '../../src/resolvers/context';
import { buildApiSchema } from '../../src/resolvers/schema';
import { MemoryHistory } from './memory-history';
import { openDesk, type Desk, type DeskOptions } from './trading-kit';

let built: GraphQLSchema | null = null;
const schemaOf = (): GraphQLSchema => (built ??= buildApiSchema());

const READY: LinkStatus = { state: 'READY', epoch: 1, reason: null };
const RULES: ActiveRules = {
  hash: 'abc',
  activatedAt: Date.UTC(2026, 0, 5),
  rules: [
    {
      ...{ key: 'max-order-notional', description: 'Caps an order.', enabled: true },
      ...{ effect: 'DENY', file: 'risk/max-order-notional.json', document: { version: 1 } },
    },
  ],
};

class Ear<T> {
  readonly listeners = new Set<(value: T) => void>();
  readonly on = (listener: (value: T) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  tell(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
}

/** What stands around the engine, told by the test. */
class ToldDesk implements ApiDesk {
  readonly mode = 'DEMO';
  readonly quotes = new Ear<LatestQuote>();
  readonly logs = new Ear<LogEntry>();
  readonly onQuote = this.quotes.on;
  readonly onLog = this.logs.on;
  readonly known = new Map<string, LatestQuote>();
  readonly values = new Map<string, AccountValues>();
  status = READY;
  load: (request: LoadRequest) => Promise<LoadAnswer> = () =>
    Promise.reject(new Error('the test says nothing of instruction files'));
  #ids = 0;

  constructor(private readonly trading: Desk) {}
  now(): number {
    return this.trading.clock.now();
  }
  commandId(): string {
    this.#ids += 1;
    return `api-${this.#ids}`;
  }
  link(): LinkStatus {
    return this.status;
  }
  rules(): ActiveRules {
    return RULES;
  }
  quote(instrument: string): LatestQuote | null {
    return this.known.get(instrument) ?? null;
  }
  auction(instrument: string): Promise<Auction | Refusal> {
    const calendar = this.trading.state.instruments.get(instrument)?.calendar ?? 'UTC';
    const times = auctionAt(calendar, this.now());
    return Promise.resolve('code' in times ? times : { ...times, price: null });
  }
  /** What the broker would find, and which quotes were asked for. */
  readonly findable = new Map<string, Instrument>();
  readonly watched: string[] = [];
  async findInstrument(symbol: string): Promise<string | null> {
    const instrument = this.findable.get(symbol);
    if (instrument === undefined) return null;
    this.trading.exchange.list(instrument);
    await this.trading.command({ kind: 'ADD_INSTRUMENT', instrument });
    return instrument.key;
  }
  /** As the test has seen them. */
  readonly ranges = new PriceRanges();
  rangeSince(stream: PriceStream, at: number): PriceRange | null {
    const { gate } = this.trading;
    return stream.kind === 'LAST' ? this.ranges.since(stream, at) : gate.rangeSince(stream, at);
  }
  tradingDate(): string {
    return '2026-01-05';
  }
  watch(instrument: string): void {
    this.watched.push(instrument);
  }
  accountValues(account: string): AccountValues | null {
    return this.values.get(account) ?? null;
  }
  loadInstructions(request: LoadRequest): Promise<LoadAnswer> {
    return this.load(request);
  }
}

/** A feed under way. */
export interface Listening {
  /** Waits for the next messages. */
  take(count: number): Promise<readonly Json[]>;
  next(): Promise<IteratorResult<ExecutionResult>>;
  end(): Promise<void>;
}
/** An answer as a client reads it: whatever the document asked for. */
export type Json = ReturnType<typeof JSON.parse>;

export class Api {
  readonly desk: ToldDesk;
  readonly feed: Feed;
  readonly history: MemoryHistory;
  readonly #feeds: AsyncIterator<ExecutionResult>[] = [];

  constructor(
    readonly trading: Desk,
    keep?: number,
  ) {
    const { journal } = trading;
    const past = [...journal.read(0)];
    this.desk = new ToldDesk(trading);
    this.feed = new Feed({ journal, ...(keep === undefined ? {} : { keep }) });
    trading.onFolded = (record, state) => {
      this.feed.folded(record, state);
    };
    const fresh = trading.records.length;
    trading.onCommit = () => {
      this.feed.committed();
    };
    this.history = new MemoryHistory(
      () => trading.state,
      () => [...past, ...trading.records.slice(fresh)],
    );
  }

  get context(): ApiContext {
    const { engine } = this.trading;
    return { engine, feed: this.feed, history: this.history, desk: this.desk };
  }

  /** The raw answer, validated as the server would. */
  async ask(source: string, variableValues: Json = {}): Promise<ExecutionResult> {
    const document = parse(source);
    const errors = validate(schemaOf(), document);
    if (errors.length > 0) return { errors };
    const contextValue = this.context;
    return execute({ schema: schemaOf(), document, contextValue, variableValues });
  }
  /** The data of an answer without errors, as JSON. */
  async data(source: string, variables: Json = {}): Promise<Json> {
    const answer = await this.ask(source, variables);
    if (answer.errors !== undefined) throw new Error(answer.errors.map(String).join('\n'));
    return JSON.parse(JSON.stringify(answer.data));
  }
  /** The code and message of the first error. */
  async error(source: string, variables: Json = {}) {
    const { errors } = await this.ask(source, variables);
    const [first] = errors ?? [];
    return { code: first?.extensions['code'], message: first?.message ?? '' };
  }

  async listen(source: string): Promise<Listening> {
    const document = parse(source);
    const [invalid] = validate(schemaOf(), document);
    if (invalid !== undefined) throw invalid;
    const contextValue = this.context;
    const answer = await subscribe({ schema: schemaOf(), document, contextValue });
    if (!(Symbol.asyncIterator in answer)) throw answer.errors![0]!;
    this.#feeds.push(answer);
    return {
      next: () => answer.next(),
      take: async (count) => {
        const taken: Json[] = [];
        while (taken.length < count) {
          const { done, value } = await answer.next();
          if (done === true) throw new Error(`the feed ended after ${taken.length} messages`);
          if (value.errors !== undefined) throw value.errors[0]!;
          taken.push(Object.values(JSON.parse(JSON.stringify(value.data)) as object)[0]);
        }
        return taken;
      },
      end: async () => {
        await answer.return?.(undefined);
      },
    };
  }
  async close(): Promise<void> {
    for (const feed of this.#feeds) await feed.return?.();
  }

  /** A price: at the desk, in the engine and at the exchange. */
  async tick(symbol: string, text: string): Promise<void> {
    await this.trading.tick(symbol, text);
    const last = price(text);
    const seen = { at: this.desk.now(), price: Number(text), priceText: text };
    this.desk.ranges.see({ instrument: symbol, ...seen });
    const quote = { instrument: symbol, bid: null, ask: null, last, at: this.desk.now() };
    this.desk.known.set(symbol, quote);
    this.desk.quotes.tell(quote);
  }
}

export async function openApi(options: DeskOptions & { readonly keep?: number } = {}) {
  return new Api(await openDesk(options), options.keep);
}
