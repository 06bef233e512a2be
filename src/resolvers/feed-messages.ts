/**
 * Maps what the engine's feed tells to messages, each change once: subscribers of one change share
 * one message. Knows which events change what.
 */
import { isZero } from '../domain/decimal';
import type { Event, JournalRecord } from '../domain/event';
import type { AccountKey } from '../domain/ids';
import { isFinal, type Order } from '../domain/order';
import type { Change } from '../engine/feed';
import type { FeedSnapshotReason } from '../schema/enums';
import type { ApiAllocationFeedMessage, ApiDecisionFeedMessage } from '../schema/feeds';
import type { ApiFillFeedMessage, ApiOrderFeedChange } from '../schema/feeds';
import type { ApiOrderFeedSnapshot, ApiPositionFeedMessage } from '../schema/feeds';
import { FillView } from './fill.view';
import { allPositions, isHeld, partsOf, type OwnedPart, type PositionPlace } from './holdings';
import { fillId } from './ids';
import { AllocationView, PositionView } from './position.view';
import type { Views } from './views';

/**
 * A message made at most once for each thing it is about. It is frozen: whoever hands it on may do
 * the work for it once, whoever asked.
 */
function once<Thing extends object, Message>(
  make: (thing: Thing) => Message,
): (thing: Thing) => Message {
  const made = new WeakMap<Thing, Message>();
  return (thing) => {
    const known = made.get(thing);
    if (known !== undefined) return known;
    const message = Object.freeze(make(thing));
    made.set(thing, message);
    return message;
  };
}

/** A part of the books that an event moved; the strategy is null for UNALLOCATED. */
export interface Moved extends PositionPlace {
  readonly strategy: string | null;
}

/** Events of an exit that leave other units covered than before. */
const COVERS: ReadonlySet<Event['type']> = new Set([
  ...(['OrderArmed', 'OrderUnknown', 'OrderDenied', 'OrderNotSent', 'OrderRejected'] as const),
  ...(['OrderExpired', 'OrderCancelled', 'OrderCancelRequested', 'OrderCancelRefused'] as const),
  ...(['OrderModifyRequested', 'OrderModified', 'OrderModifyRefused'] as const),
  ...(['OrderAcknowledged', 'ArmedOrderChanged'] as const),
]);

/** What a position or its owner changed by, also in how it is covered; null for other events. */
export function movedBy({ record: { event }, order }: Change): Moved | null {
  if (order?.effect === 'REDUCE' && COVERS.has(event.type)) {
    const { account, instrument, strategy } = order;
    return { account, instrument, strategy };
  }
  switch (event.type) {
    case 'OrderFilled':
    case 'FillCorrected': {
      const { account, instrument, strategy } = event.fill;
      return { account, instrument, strategy };
    }
    case 'PositionAdopted':
    case 'BreakOpened':
    case 'BreakClosed': {
      const { account, instrument } = event;
      return { account, instrument, strategy: null };
    }
    default:
      return null;
  }
}

export class FeedMessages {
  readonly #orders = once(({ record, order }: Change & { readonly order: Order }) => {
    return { sequence: record.sequence, order: this.views.order(order) };
  });
  readonly #fills = once((record: JournalRecord) => this.#fillOf(record));
  readonly #decisions = once((record: JournalRecord) => this.#decisionOf(record));
  readonly #positions = once((change: Change) => this.#positionOf(change));
  readonly #allocations = once((change: Change) => this.#allocationsOf(change));

  constructor(private readonly views: Views) {}

  order(change: Change & { readonly order: Order }): ApiOrderFeedChange {
    return this.#orders(change);
  }

  /** Every order that is not final, newest first. */
  openOrders(
    sequence: number,
    reason: FeedSnapshotReason,
    strategy: string | null,
  ): ApiOrderFeedSnapshot {
    const open = [...this.views.state.orders.values()].filter(
      (order) => !isFinal(order) && (strategy === null || order.strategy === strategy),
    );
    return { sequence, reason, orders: open.reverse().map((order) => this.views.order(order)) };
  }

  /** Null where the event is no fill. */
  fill(record: JournalRecord): ApiFillFeedMessage | null {
    return this.#fills(record);
  }
  #fillOf({ sequence, event }: JournalRecord): ApiFillFeedMessage | null {
    if (event.type === 'OrderFilled') {
      const { fill, realized } = event;
      return { sequence, fill: new FillView(this.views, { fill, realized }), replaces: null };
    }
    if (event.type !== 'FillCorrected') return null;
    const { fill, replaces } = event;
    const view = new FillView(this.views, { fill, realized: null });
    return { sequence, fill: view, replaces: fillId(replaces) };
  }

  /** Null where the event is no decision. */
  decision(record: JournalRecord): ApiDecisionFeedMessage | null {
    return this.#decisions(record);
  }
  #decisionOf({ sequence, event }: JournalRecord): ApiDecisionFeedMessage | null {
    if (event.type !== 'DecisionMade') return null;
    return { sequence, decision: this.views.decision(event.decision) };
  }

  /** Null where the event moves no position. */
  position(change: Change): ApiPositionFeedMessage | null {
    return this.#positions(change);
  }
  #positionOf(change: Change): ApiPositionFeedMessage | null {
    const moved = movedBy(change);
    if (moved === null) return null;
    return { sequence: change.record.sequence, position: new PositionView(this.views, moved) };
  }
  /** One message for each position; with the flat ones, to put right what a client may hold. */
  positions(
    sequence: number,
    account: AccountKey | null,
    withFlat: boolean,
  ): ApiPositionFeedMessage[] {
    return this.#places(account, withFlat).map((place) => ({
      sequence,
      position: new PositionView(this.views, place),
    }));
  }

  /** Of the strategy that an event moves; of all owners where an earlier fill was corrected. */
  allocation(change: Change): readonly ApiAllocationFeedMessage[] {
    return this.#allocations(change);
  }
  #allocationsOf(change: Change): readonly ApiAllocationFeedMessage[] {
    const { event, sequence } = change.record;
    const moved = movedBy(change);
    if (moved === null) return [];
    const touched = partsOf(this.views.state, moved).filter(
      (part) => event.type === 'FillCorrected' || part.strategy === moved.strategy,
    );
    return touched.flatMap((part) => this.#allocationOf(part, sequence) ?? []);
  }
  #allocationOf(part: OwnedPart, sequence: number): ApiAllocationFeedMessage | null {
    const { strategy } = part;
    if (strategy === null) return null;
    const allocation = new AllocationView(this.views, { ...part, strategy });
    return Object.freeze({ sequence, allocation });
  }
  allocations(
    sequence: number,
    strategy: string | null,
    withFlat: boolean,
  ): ApiAllocationFeedMessage[] {
    return this.#places(null, true)
      .flatMap((place) => partsOf(this.views.state, place))
      .filter((part) => strategy === null || part.strategy === strategy)
      .filter(({ holding }) => withFlat || !isZero(holding.quantity))
      .flatMap((part) => this.#allocationOf(part, sequence) ?? []);
  }

  #places(account: AccountKey | null, withFlat: boolean): PositionPlace[] {
    const { state } = this.views;
    return allPositions(state).filter(
      (place) =>
        (account === null || place.account === account) && (withFlat || isHeld(state, place)),
    );
  }
}
