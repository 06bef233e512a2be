/** Which of several orders that one price fired is looked at first. */
import { orderOf, type State } from './core/state';
import type { Armed } from './core/triggers';

/** Two triggers on one price are looked at in file order. */
export function inFileOrder(state: State, fired: readonly Armed[]): readonly Armed[] {
  if (fired.length < 2) return fired;
  const place = (armed: Armed): string => {
    const order = orderOf(state, armed.order);
    return `${order.plan ?? ''}|${String(order.rank).padStart(9, '0')}|${order.id}`;
  };
  const placed = fired.map((armed) => ({ armed, place: place(armed) }));
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ armed }) => armed);
}
