// The trigger index against a naive scan of every armed order, and the states of a cross.

import fc from 'fast-check';
import type { ConditionalKind, PriceLeg } from '../../../src/domain/conditional';
import { price } from '../../../src/domain/decimal';
import type { Order } from '../../../src/domain/order';
import { plainLeg, TriggerIndex } from '../../../src/engine/core/triggers';

const LEGS: readonly PriceLeg[] = [
  'crossesAbove',
  'crossesBelow',
  'atOrAbove',
  'atOrBelow',
  'touches',
  'stopsAt',
];
const KINDS = new Map<string, ConditionalKind>(
  LEGS.map((leg) => [leg, { key: leg, role: 'ENTRY', heldBy: 'ENGINE', leg, trigger: 'STOP' }]),
);

interface Watch {
  readonly id: string;
  readonly leg: PriceLeg;
  readonly side: 'BUY' | 'SELL';
  readonly level: number;
  readonly reference: number | null;
}

function orderOf({ id, leg, side, level, reference }: Watch): Order {
  const trigger = {
    ...{ kind: 'STOP', level: price(String(level)), firedAt: null, firedPrice: null },
    reference: reference === null ? null : price(String(reference)),
  };
  return { id, kind: leg, side, instrument: 'AAPL', trigger } as unknown as Order;
}

/** What a person would do: look at every order at every price. */
class NaiveScan {
  readonly armed = new Map<string, { watch: Watch; before: number | null; fresh: boolean }>();

  arm(watch: Watch): void {
    this.armed.set(watch.id, { watch, before: watch.reference, fresh: true });
  }
  see(seen: number): string[] {
    const fired: string[] = [];
    for (const [id, each] of this.armed) {
      if (this.holds(each.watch, each.before, seen)) fired.push(id);
      each.before = seen;
    }
    for (const id of fired) this.armed.delete(id);
    return fired.sort();
  }
  holds({ leg, side, level }: Watch, before: number | null, seen: number): boolean {
    switch (plainLeg(leg, side)) {
      case 'crossesAbove':
        return before !== null && before <= level && seen > level;
      case 'crossesBelow':
        return before !== null && before >= level && seen < level;
      case 'atOrAbove':
        return seen >= level;
      case 'atOrBelow':
        return seen <= level;
    }
  }
}

const look = (instrument: string, seen: number) => ({
  ...{ instrument, price: seen, priceText: String(seen) },
});

function see(index: TriggerIndex, seen: number): string[] {
  index.admit('AAPL');
  const fired = index.firedBy(look('AAPL', seen));
  return fired.map(({ order }) => order).sort();
}

const level = fc.integer({ min: 90, max: 110 });
const watches = fc.record({
  leg: fc.constantFrom(...LEGS),
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  level,
  reference: fc.option(level),
});
/** Every step sees a price; before it some orders arm, after it some of the fired ones go back. */
const steps = fc.array(
  fc.record({ seen: level, arms: fc.array(watches, { maxLength: 4 }), back: fc.boolean() }),
  { maxLength: 40 },
);

describe('the trigger index', () => {
  it('fires what a naive scan of all orders fires, with orders put back at random', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const [index, scan] = [new TriggerIndex(KINDS), new NaiveScan()];
        let made = 0;
        for (const { seen, arms, back } of given) {
          for (const each of arms) {
            made += 1;
            const watch = { ...each, id: `o${made}` };
            index.arm(orderOf(watch));
            scan.arm(watch);
          }
          index.admit('AAPL');
          const fired = index.firedBy(look('AAPL', seen));
          const known = new Map([...scan.armed].map(([id, { watch }]) => [id, watch]));
          expect(fired.map(({ order }) => order).sort()).toEqual(scan.see(seen));
          if (!back) continue;
          for (const armed of fired) {
            index.putBack(armed, look('AAPL', seen));
            scan.armed.set(armed.order, {
              watch: known.get(armed.order)!,
              before: seen,
              fresh: false,
            });
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('fires each of 10,000 levels once, as a naive scan does', () => {
    const [index, scan] = [new TriggerIndex(KINDS), new NaiveScan()];
    for (let n = 0; n < 10_000; n += 1) {
      const [leg, side] = [LEGS[n % 6]!, n % 4 < 2 ? 'BUY' : 'SELL'] as const;
      const watch = { id: `o${n}`, leg, side, level: 100 + ((n * 7_919) % 5_000) / 100 };
      index.arm(orderOf({ ...watch, reference: n % 3 === 0 ? 125 : null }));
      scan.arm({ ...watch, reference: n % 3 === 0 ? 125 : null });
    }
    let fired = 0;
    for (let n = 0; n < 60; n += 1) {
      const seen = 100 + ((n * 1_231) % 5_000) / 100;
      const now = see(index, seen);
      expect(now).toEqual(scan.see(seen));
      fired += now.length;
    }
    expect(fired).toBeGreaterThan(9_000);
  });

  it('does not let an order look at the price of the trade whose fill armed it', () => {
    const index = new TriggerIndex(KINDS);
    const touch: Watch = { id: 'x', leg: 'touches', side: 'BUY', level: 100, reference: null };
    index.admit('AAPL');
    index.arm(orderOf(touch));
    expect(index.firedBy(look('AAPL', 99))).toEqual([]);
    expect(see(index, 99)).toEqual(['x']);
  });

  it('forgets what it knew of an order that arms anew', () => {
    const index = new TriggerIndex(KINDS);
    const cross: Watch = { id: 'x', leg: 'crossesAbove', side: 'BUY', level: 100, reference: 99 };
    index.arm(orderOf(cross));
    expect(see(index, 99)).toEqual([]);
    index.arm(orderOf({ ...cross, reference: null }));
    expect(see(index, 101)).toEqual([]);
    expect(see(index, 100)).toEqual([]);
    expect(see(index, 101)).toEqual(['x']);
    expect(see(index, 99)).toEqual([]);
    expect(see(index, 101)).toEqual([]);
  });

  it('keeps symbols apart', () => {
    const index = new TriggerIndex(KINDS);
    index.arm(orderOf({ id: 'x', leg: 'atOrAbove', side: 'BUY', level: 100, reference: null }));
    index.admit('MSFT');
    expect(index.firedBy(look('MSFT', 200))).toEqual([]);
    expect(see(index, 200)).toEqual(['x']);
  });
});
