/** Whether an order adds to what its strategy owns or gives some of it back. */
import { isZero, signOf, type Quantity } from '../../domain/decimal';
import type { Order } from '../../domain/order';

/** Whether the order gives back what its strategy holds on the other side. */
export function effectOf(held: Quantity, side: Order['side']): Order['effect'] {
  if (isZero(held)) return 'OPEN';
  return signOf(held) === (side === 'SELL' ? 1 : -1) ? 'REDUCE' : 'OPEN';
}
