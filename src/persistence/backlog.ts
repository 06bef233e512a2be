/**
 * What the journal says that is not yet in the query tables, folded by key: an order that changed
 * ten times is written once. Pure: from records to rows. It must not know the database.
 */
import { createHash } from 'node:crypto';
import { minus, NO_MONEY, toText, type Money } from '../domain/decimal';
import type { Event, JournalRecord } from '../domain/event';
import { versionOf, type Fill, type Holding } from '../domain/fill';
import type { ExecId, OrderId } from '../domain/ids';
import type { InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { Decision } from '../domain/verdict';
import { afterFill } from '../engine/core/ledger';
import { holdingKey, NO_HOLDING } from '../engine/core/state';
import type { PlacedOrder } from './made-orders';
import { KEY_LENGTH } from './rows';
import type { Change, Value } from './view-database';

/** What the engine's state says beside the events. */
export interface Lookup {
  /** An order as it is and the sequence of the event that made it; null: not known. */
  order(id: OrderId): PlacedOrder | null;
  /** Every execution in the book, in the order the ledger folds them. */
  fills(): Iterable<Fill>;
}

interface Placed<T> {
  readonly sequence: number;
  readonly value: T;
}

/** The order an event is about. */
export function orderOfEvent(event: Event): OrderId | null {
  switch (event.type) {
    case 'OrderArmed':
      return event.order.id;
    case 'OrderFilled':
    case 'FillCorrected':
      return event.fill.order;
    case 'DecisionMade':
      return event.decision.order;
    case 'ExternalOrderSeen':
      return null;
    default:
      return 'order' in event ? event.order : null;
  }
}

/** A key as a column holds it: a longer one is told apart by its hash. */
export function keyText(key: string): string {
  if (key.length <= KEY_LENGTH) return key;
  const hash = createHash('sha256').update(key).digest('hex');
  return `${key.slice(0, KEY_LENGTH - hash.length - 1)}~${hash}`;
}

export class Backlog {
  readonly #orders = new Map<OrderId, Placed<Order>>();
  readonly #fills = new Map<ExecId, Placed<{ fill: Fill; realized: Money }>>();
  readonly #replaced = new Set<ExecId>();
  /** Profits of earlier fills, counted again because one before them was corrected. */
  readonly #recounted = new Map<ExecId, Money>();
  /** By the part of the execution id that all its versions share: it is charged once. */
  readonly #commissions = new Map<string, Money>();
  readonly #decisions = new Map<string, Placed<Decision>>();
  readonly #files = new Map<string, Placed<InstructionFileRecord>>();

  /** How many things wait. */
  get size(): number {
    const { size } = this.#orders;
    const fills = this.#fills.size + this.#replaced.size + this.#recounted.size;
    const facts = fills + this.#commissions.size;
    return size + facts + this.#decisions.size + this.#files.size;
  }

  add({ sequence, event }: JournalRecord, look: Lookup): void {
    this.#addOrder(event, look);
    switch (event.type) {
      case 'OrderFilled': {
        const { fill, realized } = event;
        this.#fills.set(fill.execId, { sequence, value: { fill, realized } });
        this.#replaced.delete(fill.execId);
        this.#recounted.delete(fill.execId);
        break;
      }
      case 'FillCorrected':
        this.#correct(event, sequence, look.fills());
        break;
      case 'CommissionCharged':
        this.#commissions.set(versionOf(event.execId).base, event.amount);
        break;
      case 'DecisionMade':
        this.#decisions.set(event.decision.id, { sequence, value: event.decision });
        break;
      case 'InstructionsRecorded':
        this.#files.set(event.file.id, { sequence, value: event.file });
        break;
      default:
        break;
    }
  }

  /** To be written in this order; nothing may be added meanwhile. */
  changes(): readonly Change[] {
    return [
      { kind: 'REMOVE', table: 'view_fill', ids: [...this.#replaced].map(keyText) },
      {
        kind: 'UPSERT',
        table: 'view_order',
        columns: ['id', 'sequence', 'status', 'strategy', 'instrument', 'body'],
        rows: mapped(this.#orders.values(), orderRow),
      },
      {
        kind: 'UPSERT',
        table: 'view_fill',
        columns: ['id', 'sequence', 'order_id', 'strategy', 'charged_as', 'realized', 'body'],
        rows: mapped(this.#fills.values(), fillRow),
      },
      {
        kind: 'UPDATE',
        table: 'view_fill',
        column: 'realized',
        rows: [...this.#recounted].map(([id, realized]) => [toText(realized), keyText(id)]),
      },
      {
        kind: 'UPSERT',
        table: 'view_commission',
        columns: ['id', 'amount'],
        rows: [...this.#commissions].map(([id, amount]) => [keyText(id), toText(amount)]),
      },
      {
        kind: 'UPSERT',
        table: 'view_decision',
        columns: ['id', 'sequence', 'approved', 'body'],
        rows: mapped(this.#decisions.values(), ({ sequence, value }) => [
          ...[keyText(value.id), sequence, value.approved ? 1 : 0, JSON.stringify(value)],
        ]),
      },
      {
        kind: 'UPSERT',
        table: 'view_file',
        columns: ['id', 'sequence', 'trading_date', 'body'],
        rows: mapped(this.#files.values(), ({ sequence, value }) => [
          ...[keyText(value.id), sequence, value.tradingDate, JSON.stringify(value)],
        ]),
      },
    ];
  }

  #addOrder(event: Event, look: Lookup): void {
    const id = orderOfEvent(event);
    const found = id === null ? null : look.order(id);
    if (id === null || found === null) return;
    this.#orders.set(id, { sequence: found.sequence, value: found.order });
  }

  /**
   * The new version has the place of the event that brought it; the old one is gone. What it
   * changes in the average cost changes the profits of the fills after it.
   */
  #correct(
    { replaces, fill }: Extract<Event, { type: 'FillCorrected' }>,
    sequence: number,
    fills: Iterable<Fill>,
  ): void {
    const profits = profitsIn(fills, fill);
    this.#fills.delete(replaces);
    this.#recounted.delete(replaces);
    this.#replaced.add(replaces);
    this.#replaced.delete(fill.execId);
    // A version that was itself corrected since is not in the book; its correction follows.
    const realized = profits.get(fill.execId) ?? NO_MONEY;
    this.#fills.set(fill.execId, { sequence, value: { fill, realized } });
    for (const [execId, profit] of profits) {
      const waiting = this.#fills.get(execId);
      if (waiting === undefined) this.#recounted.set(execId, profit);
      else this.#fills.set(execId, { ...waiting, value: { ...waiting.value, realized: profit } });
    }
  }
}

/** What each fill of an instrument in an account realises, by average cost. */
function profitsIn(fills: Iterable<Fill>, place: Fill): Map<ExecId, Money> {
  const profits = new Map<ExecId, Money>();
  const holdings = new Map<string, Holding>();
  for (const fill of fills) {
    if (fill.account !== place.account || fill.instrument !== place.instrument) continue;
    const key = holdingKey(fill);
    const before = holdings.get(key) ?? NO_HOLDING;
    const after = afterFill(before, fill);
    holdings.set(key, after);
    profits.set(fill.execId, minus(after.realized, before.realized));
  }
  return profits;
}

function* mapped<T>(things: Iterable<T>, row: (thing: T) => Value[]): Generator<Value[]> {
  for (const thing of things) yield row(thing);
}

function orderRow({ sequence, value }: Placed<Order>): Value[] {
  const { id, status, strategy, instrument } = value;
  return [
    ...[keyText(id), sequence, status, keyText(strategy), keyText(instrument)],
    JSON.stringify(value),
  ];
}

function fillRow({ sequence, value }: Placed<{ fill: Fill; realized: Money }>): Value[] {
  const { execId, order, strategy } = value.fill;
  return [
    ...[keyText(execId), sequence, keyText(order ?? '')],
    ...[keyText(strategy ?? ''), keyText(versionOf(execId).base)],
    ...[toText(value.realized), JSON.stringify(value.fill)],
  ];
}
