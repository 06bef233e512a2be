/**
 * Profit by owner and account, as it moves: with every price of what the owner holds, and with
 * every fill and commission. One row is told to all who listen, and computed when it is first read.
 */
import { isZero } from '../domain/decimal';
import type { Desk, Listen } from '../domain/desk';
import type { Event } from '../domain/event';
import type { AccountKey, InstrumentKey, StrategyKey } from '../domain/ids';
import type { Feed } from '../engine/feed';
import type { ApiPnlFeedMessage } from '../schema/feeds';
import type { ApiProfitAndLoss } from '../schema/node';
import type { ApiAccount, ApiStrategy } from '../schema/position';
import type { ApiContext } from './context';
import { allPositions, partsOf } from './holdings';
import { pnlOf } from './money';
import { viewsOf, type Views } from './views';

export class PnlRow implements ApiPnlFeedMessage {
  readonly key: string;
  #pnl: ApiProfitAndLoss | null = null;

  constructor(
    private readonly views: Views,
    private readonly place: AccountKey,
    /** Null: UNALLOCATED. */
    readonly owner: StrategyKey | null,
  ) {
    this.key = `${place}|${owner ?? ''}`;
    // Frozen: whoever hands it on may do the work for it once, whoever asked.
    Object.freeze(this);
  }

  get strategy(): ApiStrategy | null {
    return this.owner === null ? null : this.views.strategy(this.owner);
  }
  get account(): ApiAccount {
    return this.views.account(this.place);
  }
  get pnl(): ApiProfitAndLoss {
    this.#pnl ??= this.#compute();
    return this.#pnl;
  }
  #compute(): ApiProfitAndLoss {
    const { state } = this.views;
    const parts = allPositions(state)
      .filter(({ account }) => account === this.place)
      .flatMap((place) => partsOf(state, place))
      .filter(({ strategy }) => strategy === this.owner);
    return pnlOf(this.views, parts, this.views.account(this.place).currency);
  }
}

export class PnlRows {
  readonly #listeners = new Set<(row: PnlRow) => void>();
  #off: () => void = () => undefined;

  constructor(
    private readonly views: Views,
    private readonly parts: { readonly desk: Desk; readonly feed: Feed },
  ) {}

  /** One for each owner that ever had a part, in each account. */
  all(): PnlRow[] {
    return rowsOf(this.views, null);
  }

  /** Listens to prices and bookings itself while anybody listens to it. */
  readonly listen: Listen<PnlRow> = (listener) => {
    if (this.#listeners.size === 0) this.#begin();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#off();
    };
  };

  #begin(): void {
    const offQuotes = this.parts.desk.onQuote(({ instrument }) => {
      this.#tell(instrument);
    });
    const offBookings = onBooked(this.parts.feed, this.views, (instrument) => {
      this.#tell(instrument);
    });
    this.#off = () => {
      offQuotes();
      offBookings();
    };
  }

  #tell(instrument: InstrumentKey): void {
    for (const row of rowsOf(this.views, instrument)) {
      for (const listener of this.#listeners) listener(row);
    }
  }
}

const kept = new WeakMap<Views, PnlRows>();

/** The rows over the engine of a request: the same for every subscriber. */
export function pnlRowsOf(context: ApiContext): PnlRows {
  const views = viewsOf(context);
  const known = kept.get(views) ?? new PnlRows(views, context);
  kept.set(views, known);
  return known;
}

/** Owners that ever had a part; of one instrument: of those that hold it or traded it. */
function rowsOf(views: Views, instrument: InstrumentKey | null): PnlRow[] {
  const rows = new Map<string, PnlRow>();
  const places =
    instrument === null
      ? allPositions(views.state)
      : [...views.state.accounts.keys()].map((account) => ({ account, instrument }));
  for (const place of places) {
    for (const { strategy, holding } of partsOf(views.state, place)) {
      const moves = instrument === null || !isZero(holding.quantity) || !isZero(holding.cashFlow);
      if (!moves) continue;
      const row = new PnlRow(views, place.account, strategy);
      rows.set(row.key, row);
    }
  }
  return [...rows.values()];
}

/** The instrument whose profit an event changes; null for all others. */
function bookedIn(views: Views, event: Event): InstrumentKey | null {
  if (event.type === 'OrderFilled' || event.type === 'FillCorrected') return event.fill.instrument;
  if (event.type === 'PositionAdopted') return event.instrument;
  if (event.type !== 'CommissionCharged') return null;
  return views.state.fills.get(event.execId)?.instrument ?? null;
}

/** Hears of every booking until it is ended. */
function onBooked(feed: Feed, views: Views, tell: (instrument: InstrumentKey) => void): () => void {
  const bookings = feed.changes((item) => {
    if (item.kind === 'RESET') return [...views.state.instruments.keys()];
    const instrument = bookedIn(views, item.change.record.event);
    return instrument === null ? null : [instrument];
  }, null);
  const pump = async (): Promise<void> => {
    for await (const instrument of bookings) tell(instrument);
  };
  // Changes never end with an error, and listeners never throw.
  void pump();
  return () => {
    void bookings.return?.();
  };
}
