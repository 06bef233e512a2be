/**
 * Tells when a strategy comes to own more than its exits cover, and when that is over. Only where
 * an instruction file is at work: what was bought by hand needs no exit.
 */
import { compare, isZero, NO_QUANTITY, toText, type Quantity } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Order } from '../domain/order';
import { uncoveredUnits } from '../engine/core/coverage';
import { holdingKey, holdingOf, type State } from '../engine/core/state';
import type { Logger } from '../ops/log';

export class CoverageAlarm {
  /** What was told last, by owner. */
  readonly #told = new Map<string, Quantity>();

  constructor(private readonly log: Pick<Logger, 'info' | 'warning'>) {}

  /** What a batch of records leaves uncovered; the state is the one after the last of them. */
  look(records: readonly JournalRecord[], state: State): void {
    const seen = new Map<string, Order>();
    for (const { event } of records) {
      const id = event.type === 'OrderFilled' ? event.fill.order : orderIdOf(event);
      const order = id === null ? undefined : state.orders.get(id);
      if (order !== undefined && hasPlan(state, order)) seen.set(holdingKey(order), order);
    }
    for (const [key, order] of seen) this.#tell(key, order, state);
  }

  #tell(key: string, owner: Order, state: State): void {
    const told = this.#told.get(key) ?? NO_QUANTITY;
    const now = uncoveredUnits(state, owner);
    const { instrument, strategy } = owner;
    const held = toText(holdingOf(state, owner).quantity);
    if (compare(now, told) > 0) {
      const what = `${strategy} holds ${held} ${instrument}, ${toText(now)} of them uncovered`;
      this.log.warning(`${what}: no working exit is there for them.`);
    } else if (!isZero(told) && isZero(now)) {
      this.log.info(`${strategy} holds ${held} ${instrument}, nothing of it uncovered any more.`);
    }
    if (isZero(now)) this.#told.delete(key);
    else this.#told.set(key, now);
  }
}

const orderIdOf = (event: JournalRecord['event']): string | null =>
  'order' in event && typeof event.order === 'string' ? event.order : null;

/** Once the file's plan is over, what is left was bought otherwise. */
function hasPlan(state: State, { plan }: Order): boolean {
  return plan !== null && state.plans.get(plan)?.status === 'IN_POSITION';
}
