/** Which of several orders that one price fired is looked at first. */
import type { OrderId } from '../domain/ids';
import { orderOf, type State } from './core/state';

/** Two triggers on one price are looked at in file order. */
export function inFileOrder<F extends { readonly order: OrderId }>(
  state: State,
  fired: readonly F[],
): readonly F[] {
  if (fired.length < 2) return fired;
  const place = (each: F): string => {
    const order = orderOf(state, each.order);
    return `${order.plan ?? ''}|${String(order.rank).padStart(9, '0')}|${order.id}`;
  };
  const placed = fired.map((each) => ({ each, place: place(each) }));
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ each }) => each);
}
