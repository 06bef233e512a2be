/**
 * The way from the domain to the API: one object for each thing, made on demand and kept as long
 * as the thing it shows, so that a change told to a hundred subscribers is mapped once. Knows who
 * maps what, and maps nothing itself.
 */
import type { Desk, LatestQuote } from '../domain/desk';
import type { AccountKey, InstrumentKey, OrderId, StrategyKey } from '../domain/ids';
import type { Instrument } from '../domain/instrument';
import type { Order } from '../domain/order';
import type { Decision } from '../domain/verdict';
import type { AccountState, State, StrategyState } from '../engine/core/state';
import type { Engine } from '../engine/loop';
import { AccountView } from './account.view';
import type { ApiContext } from './context';
import { DecisionView } from './decision.view';
import { InstrumentView, QuoteView } from './instrument.view';
import { OrderView } from './order.view';
import { StrategyView } from './strategy.view';

/** The view of each thing, for as long as somebody holds the thing. */
class Kept<Thing extends object, View> {
  readonly #views = new WeakMap<Thing, View>();
  constructor(private readonly make: (thing: Thing) => View) {}
  of(thing: Thing): View {
    let view = this.#views.get(thing);
    if (view === undefined) {
      view = this.make(thing);
      this.#views.set(thing, view);
    }
    return view;
  }
}

export class Views {
  readonly #orders = new Kept((order: Order) => new OrderView(this, order));
  readonly #decisions = new Kept((decision: Decision) => new DecisionView(this, decision));
  readonly #instruments = new Kept((each: Instrument) => new InstrumentView(this, each));
  readonly #quotes = new Kept((quote: LatestQuote) => new QuoteView(this, quote));
  readonly #accounts = new Kept((each: AccountState) => new AccountView(this, each));
  readonly #strategies = new Kept((each: StrategyState) => new StrategyView(this, each));

  constructor(
    readonly engine: Engine,
    readonly desk: Desk,
  ) {}

  get state(): State {
    return this.engine.state;
  }

  order(order: Order): OrderView {
    return this.#orders.of(order);
  }
  orderOfId(id: OrderId): OrderView | null {
    const order = this.state.orders.get(id);
    return order === undefined ? null : this.order(order);
  }
  decision(decision: Decision): DecisionView {
    return this.#decisions.of(decision);
  }
  quote(quote: LatestQuote): QuoteView {
    return this.#quotes.of(quote);
  }
  /** @throws when there is none: keys come from the state itself */
  instrument(key: InstrumentKey): InstrumentView {
    return this.#instruments.of(known(this.state.instruments.get(key), 'instrument', key));
  }
  /** @throws like `instrument` */
  account(key: AccountKey): AccountView {
    return this.#accounts.of(known(this.state.accounts.get(key), 'account', key));
  }
  /** @throws like `instrument` */
  strategy(key: StrategyKey): StrategyView {
    return this.#strategies.of(known(this.state.strategies.get(key), 'strategy', key));
  }
}

function known<T>(thing: T | undefined, what: string, key: string): T {
  if (thing === undefined) throw new Error(`the state has no ${what} ${key}`);
  return thing;
}

const kept = new WeakMap<Engine, Views>();

/** The views over the engine of a request: the same for every request. */
export function viewsOf({ engine, desk }: Pick<ApiContext, 'engine' | 'desk'>): Views {
  const views = kept.get(engine);
  if (views?.desk === desk) return views;
  const made = new Views(engine, desk);
  kept.set(engine, made);
  return made;
}
