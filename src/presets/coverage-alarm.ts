/**
 * Tells when a strategy comes to own more than its exits cover, or more of what a stop was to cover
 * than its stops do, and when that is over. Only where an instruction file is at work: what was
 * bought by hand needs no exit, and what a file leaves without a stop needs none.
 */
import { compare, isZero, NO_QUANTITY, toText, type Quantity } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Order } from '../domain/order';
import { uncoveredUnits, unitsWithoutTheirStop } from '../engine/core/coverage';
import { holdingKey, holdingOf, plansOn, type State } from '../engine/core/state';
import type { Logger } from '../ops/log';

/** What was found of an owner at the last look. */
interface Told {
  readonly uncovered: Quantity;
  readonly stopless: Quantity;
  /** Whether a line said that stops are missing, so that one says when they are there again. */
  readonly ofStops: boolean;
}

const NOTHING: Told = { uncovered: NO_QUANTITY, stopless: NO_QUANTITY, ofStops: false };

export class CoverageAlarm {
  /** What was found last, by owner; absent: nothing was missing. */
  readonly #told = new Map<string, Told>();

  constructor(private readonly log: Pick<Logger, 'info' | 'warning'>) {}

  /** What a batch of records leaves uncovered; the state is the one after the last of them. */
  look(records: readonly JournalRecord[], state: State): void {
    const seen = new Map<string, Order>();
    for (const { event } of records) {
      const id = event.type === 'OrderFilled' ? event.fill.order : orderIdOf(event);
      const order = id === null ? undefined : state.orders.get(id);
      if (order === undefined) continue;
      if (hasPlan(state, order)) seen.set(holdingKey(order), order);
      else if (isZero(holdingOf(state, order).quantity)) this.#told.delete(holdingKey(order));
    }
    for (const [key, order] of seen) this.#look(key, order, state);
  }

  #look(key: string, owner: Order, state: State): void {
    const before = this.#told.get(key) ?? NOTHING;
    const uncovered = uncoveredUnits(state, owner);
    const stopless = unitsWithoutTheirStop(state, owner);
    const held = toText(holdingOf(state, owner).quantity);
    const holds = `${owner.strategy} holds ${held} ${owner.instrument}`;
    this.#tellUncovered(holds, before.uncovered, uncovered);
    const ofStops = this.#tellStops(holds, before, { uncovered, stopless });
    if (isZero(uncovered) && isZero(stopless)) this.#told.delete(key);
    else this.#told.set(key, { uncovered, stopless, ofStops });
  }

  #tellUncovered(holds: string, before: Quantity, now: Quantity): void {
    if (compare(now, before) > 0) {
      const what = `${holds}, ${toText(now)} of them uncovered`;
      this.log.warning(`${what}: no working exit is there for them.`);
    } else if (!isZero(before) && isZero(now)) {
      this.log.info(`${holds}, nothing of it uncovered any more.`);
    }
  }

  /** What has no exit at all was told as that. Answers whether a line on stops stands. */
  #tellStops(holds: string, before: Told, now: Omit<Told, 'ofStops'>): boolean {
    const { stopless, uncovered } = now;
    if (compare(stopless, before.stopless) > 0 && compare(stopless, uncovered) > 0) {
      this.log.warning(`${holds}, ${toText(stopless)} of them without the stop they had.`);
      return true;
    }
    if (before.ofStops && isZero(stopless)) this.log.info(`${holds}, its stops are there again.`);
    return before.ofStops && !isZero(stopless);
  }
}

const orderIdOf = (event: JournalRecord['event']): string | null =>
  'order' in event && typeof event.order === 'string' ? event.order : null;

/** An exit by hand covers what a file's plan holds, too; once that is over, nothing is at work. */
function hasPlan(state: State, order: Order): boolean {
  return plansOn(state, order).some(({ status }) => status === 'IN_POSITION');
}
