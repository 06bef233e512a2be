// Random prices of every kind against a person who looks at each order: an order fires once, on the
// first price of its own kind that crosses, and on no other kind.

import fc from 'fast-check';
import type { ConditionalKind } from '../../../src/domain/conditional';
import { price } from '../../../src/domain/decimal';
import type { Order } from '../../../src/domain/order';
import { keptSource, PRICE_SOURCES, priceKindOf } from '../../../src/domain/price-source';
import type { PriceKind, PriceSource } from '../../../src/domain/price-source';
import { TriggersByPrice } from '../../../src/engine/core/triggers-by-price';

const CROSS: ConditionalKind = {
  ...{ key: 'cross', role: 'ENTRY', heldBy: 'ENGINE' },
  ...{ leg: 'crossesAbove', trigger: 'CROSS_OVER' },
};
const STREAMS: readonly PriceKind[] = ['LAST', 'BID', 'ASK', 'MID'];

interface Waiting {
  readonly side: 'BUY' | 'SELL';
  readonly source: PriceSource;
  readonly level: number;
}

function orderOf({ side, source, level }: Waiting, n: number): Order {
  const priceSource = keptSource(source);
  const trigger = {
    ...{ kind: 'CROSS_OVER', level: price(String(level)), reference: null },
    ...{ firedAt: null, firedPrice: null },
    ...(priceSource === undefined ? {} : { priceSource }),
  };
  return { id: `o${n}`, kind: 'cross', side, instrument: 'AAPL', trigger } as unknown as Order;
}

/** When each order fires: the place of the price in the sequence, by its own kind alone. */
function firings(all: readonly Waiting[], seen: readonly (readonly [PriceKind, number])[]) {
  return all.flatMap(({ side, source, level }, n) => {
    const own = priceKindOf(source, side);
    let before: number | null = null;
    for (const [place, [kind, at]] of seen.entries()) {
      if (kind !== own) continue;
      if (before !== null && before <= level && at > level) return [`${place}/o${n}`];
      before = at;
    }
    return [];
  });
}

const level = fc.integer({ min: 1, max: 8 });
const waiting = fc.record({
  side: fc.constantFrom<'BUY' | 'SELL'>('BUY', 'SELL'),
  source: fc.constantFrom(...PRICE_SOURCES),
  level,
});
const seenPrice = fc.tuple(fc.constantFrom(...STREAMS), level);

it('an order fires on the prices of its own kind alone, and once', () => {
  const many = { maxLength: 8 };
  fc.assert(
    fc.property(fc.array(waiting, many), fc.array(seenPrice, { maxLength: 60 }), (all, seen) => {
      const triggers = new TriggersByPrice(new Map([['cross', CROSS]]));
      const orders = all.map(orderOf);
      for (const order of orders) triggers.arm(order);
      const fired = seen.flatMap(([kind, at], place) => {
        triggers.admit('AAPL', kind);
        const look = { instrument: 'AAPL', price: at, priceText: String(at) };
        return triggers.firedBy(look, kind).map(({ order }) => `${place}/${order}`);
      });
      expect([...fired].sort()).toEqual(firings(all, seen).sort());
    }),
  );
});

it('knows which quotes anybody looks at, until the last order has ended', () => {
  const triggers = new TriggersByPrice(new Map([['cross', CROSS]]));
  const sources: readonly PriceSource[] = ['LAST', 'MID', 'BID_ASK', 'ASK'];
  const orders = sources.map((source, n) => orderOf({ side: 'BUY', source, level: 5 }, n));
  const now = () => [...triggers.quotesOn('AAPL')].sort();
  expect(now()).toEqual([]);
  for (const order of orders) triggers.arm(order);
  expect(now()).toEqual(['ASK', 'MID']);
  const [, mid, both, ask] = orders;
  triggers.ended(both!);
  expect(now()).toEqual(['ASK', 'MID']);
  triggers.ended(ask!);
  triggers.ended(ask!);
  expect(now()).toEqual(['MID']);
  triggers.ended(mid!);
  expect([now(), [...triggers.quotesOn('MSFT')]]).toEqual([[], []]);
});
