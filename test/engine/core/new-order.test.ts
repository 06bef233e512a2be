// What a new order keeps in memory: a book holds a million of them.

import { NO_QUANTITY } from '../../../src/domain/decimal';
import type { Order } from '../../../src/domain/order';
import { newOrder } from '../../../src/engine/core/new-order';
import { keptBytes } from '../../support/memory';

const MADE = 10_000;

const orderNumber = (n: number): Order =>
  newOrder(1_767_623_400_000, {
    ...{ id: 'o', requestId: 'r', strategy: 's', account: 'a', instrument: 'i', role: 'ENTRY' },
    ...{ effect: 'OPEN', side: 'BUY', type: 'MARKET', timeInForce: 'DAY', rank: n },
    ...{ intendedQuantity: NO_QUANTITY, quantity: NO_QUANTITY, limitPrice: null, stopPrice: null },
  });

it('orders made in one place share what describes them: each keeps its own fields alone', () => {
  const before = keptBytes();
  const orders = Array.from({ length: MADE }, (_, n) => orderNumber(n));
  expect((keptBytes() - before) / orders.length).toBeLessThan(700);
});

it('what is given stands over what every new order starts with', () => {
  const order = newOrder(7, { ...orderNumber(3), status: 'DENIED', createdAt: 5 });
  expect(order).toMatchObject({ status: 'DENIED', createdAt: 5, rank: 3 });
  expect(orderNumber(1)).toMatchObject({ status: 'ARMED', heldBy: 'BROKER', rank: 1 });
});
