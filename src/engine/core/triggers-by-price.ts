/**
 * The trigger index of each kind of price: an order is in the one it looks at, so that each kind
 * has its own price before. Also tells of which instruments quotes are looked at all: of the
 * others no quote needs to come in.
 */
import type { ConditionalKind } from '../../domain/conditional';
import type { InstrumentKey, OrderId } from '../../domain/ids';
import type { TrailMove } from '../../domain/input';
import type { Order } from '../../domain/order';
import { kindOf, type PriceKind, type QuoteKind } from '../../domain/price-source';
import { TriggerIndex, type Armed, type Look } from './triggers';

type OnQuotes = Map<QuoteKind, Set<OrderId>>;
const NO_KINDS: readonly QuoteKind[] = [];

export class TriggersByPrice {
  readonly #byKind: Readonly<Record<PriceKind, TriggerIndex>>;
  /** The orders that look at quotes. */
  readonly #onQuotes = new Map<InstrumentKey, OnQuotes>();

  constructor(kinds: ReadonlyMap<string, ConditionalKind>) {
    const index = (): TriggerIndex => new TriggerIndex(kinds);
    this.#byKind = { LAST: index(), BID: index(), ASK: index(), MID: index() };
  }

  /** Starts to look for the order's level, from the next price of its kind on. */
  arm(order: Order): void {
    const kind = kindOf(order);
    this.#byKind[kind].arm(order);
    if (kind === 'LAST') return;
    const { instrument } = order;
    const known: OnQuotes = this.#onQuotes.get(instrument) ?? new Map<QuoteKind, Set<OrderId>>();
    const orders = known.get(kind) ?? new Set();
    this.#onQuotes.set(instrument, known.set(kind, orders.add(order.id)));
  }

  /** Follows a stop that the broker holds, by the price that the broker follows. */
  follow(order: Order): void {
    this.#byKind.LAST.follow(order);
  }

  /** An order waits no more. */
  ended(order: Order): void {
    const { id, instrument } = order;
    const kind = kindOf(order);
    this.#byKind[kind].ended(id);
    if (kind === 'LAST') return;
    const known = this.#onQuotes.get(instrument);
    const orders = known?.get(kind);
    if (known === undefined || orders?.delete(id) !== true || orders.size > 0) return;
    known.delete(kind);
    if (known.size === 0) this.#onQuotes.delete(instrument);
  }

  /** The kinds of quotes of an instrument that anything looks at. */
  quotesOn(instrument: InstrumentKey): Iterable<QuoteKind> {
    return this.#onQuotes.get(instrument)?.keys() ?? NO_KINDS;
  }

  looksAt(instrument: InstrumentKey, kind: QuoteKind): boolean {
    return this.#onQuotes.get(instrument)?.has(kind) === true;
  }

  /** Forgets every order of an instrument: each is armed anew. */
  forget(instrument: InstrumentKey): void {
    for (const index of Object.values(this.#byKind)) index.forget(instrument);
  }

  /** A price was seen: orders armed until now look at it, later ones do not. */
  admit(instrument: InstrumentKey, kind: PriceKind): void {
    this.#byKind[kind].admit(instrument);
  }

  /** As the index of that kind has it. */
  firedBy(look: Look, kind: PriceKind): readonly Armed[] {
    return this.#byKind[kind].firedBy(look);
  }
  moved(look: Look & { readonly at: number }, kind: PriceKind): readonly TrailMove[] {
    return this.#byKind[kind].moved(look.instrument, look.at);
  }
  putBack(armed: Armed, look: Look, kind: PriceKind): void {
    this.#byKind[kind].putBack(armed, look);
  }

  /** How far trailing stops have come; all of it, where a decision must know what is in force. */
  allMoved(at: number, all: boolean): readonly TrailMove[] {
    return Object.values(this.#byKind).flatMap((index) => index.allMoved(at, all));
  }
}
