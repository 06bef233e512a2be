// Trailing stops against a naive scan that works every one of them out at every price.

import fc from 'fast-check';
import { price, toNumber, type Price } from '../../../src/domain/decimal';
import type { Side, TrailTerms } from '../../../src/domain/order';
import { followed, trailFrom, trailFromLevel, type Trailing } from '../../../src/engine/core/trail';
import { RECORD_EVERY, Trails } from '../../../src/engine/core/trails';

const TICK = price('0.01');
const cents = (value: number): string => (value / 100).toFixed(2);

const sides = fc.constantFrom<Side>('BUY', 'SELL');
const prices = fc.integer({ min: 9_000, max: 11_000 }).map(cents);
/** Some finer than the tick, as recorded trades are. */
const seenPrices = fc.oneof(
  prices,
  prices.map((text) => `${text}4375`),
);
const terms: fc.Arbitrary<TrailTerms> = fc
  .record({
    activateAt: fc.option(prices.map(price)),
    distance: fc.oneof(
      fc.integer({ min: 1, max: 500 }).map((by) => ({ trailBy: price(cents(by)) })),
      fc.integer({ min: 1, max: 500 }).map((by) => ({ trailPercent: cents(by) })),
    ),
  })
  .map(({ activateAt, distance }) => ({
    ...{ trailBy: null, trailPercent: null, activateAt },
    ...distance,
  }));
interface Arm {
  readonly side: Side;
  readonly terms: TrailTerms;
  readonly from: string;
  readonly byHand: boolean;
}
const arms: fc.Arbitrary<Arm> = fc.record({
  ...{ side: sides, terms, from: prices, byHand: fc.boolean() },
});
const steps = fc.array(
  fc.record({ text: seenPrices, arm: fc.option(arms, { freq: 3 }), back: fc.boolean() }),
  { maxLength: 60 },
);

function triggerOf({ side, terms: given, from, byHand }: Arm): Trailing {
  const start = { side, terms: given, tickSize: TICK, at: 0 };
  return byHand ? trailFromLevel(price(from), start) : trailFrom(price(from), start);
}

/** What a person would do: work out every stop at every price. */
class NaiveScan {
  readonly stops = new Map<string, { side: Side; trigger: Trailing }>();

  see(text: string): string[] {
    const seen = price(text);
    const fired: string[] = [];
    for (const [id, stop] of this.stops) {
      const { side, trigger } = stop;
      const holds = trigger.trail.bestPrice !== null || trigger.trail.firstLevel !== null;
      if (holds && through(side, seen, trigger.level)) fired.push(id);
      else stop.trigger = followed(trigger, side, seen);
    }
    return fired.sort();
  }
}
const through = (side: Side, seen: Price, level: Price): boolean =>
  side === 'SELL' ? toNumber(seen) <= toNumber(level) : toNumber(seen) >= toNumber(level);

function see(trails: Trails<string>, text: string): readonly string[] {
  trails.admit();
  return [...trails.take({ price: Number(text), priceText: text })].sort();
}

it('fire what a naive scan fires, with stops put back or dropped at random', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const [trails, scan] = [new Trails<string>(), new NaiveScan()];
      let made = 0;
      for (const { text, arm, back } of given) {
        if (arm !== null) {
          made += 1;
          const [order, trigger] = [`o${made}`, triggerOf(arm)];
          trails.arm(order, { order, side: arm.side, trigger });
          scan.stops.set(order, { side: arm.side, trigger });
        }
        const fired = see(trails, text);
        expect(fired).toEqual(scan.see(text));
        for (const order of fired) {
          if (back) trails.putBack(order);
          else {
            trails.drop(order);
            scan.stops.delete(order);
          }
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

it('record, in the end, exactly how far each has come, and no stop more than once a second', () => {
  fc.assert(
    fc.property(arms, fc.array(fc.tuple(seenPrices, fc.nat(700))), (arm, path) => {
      const [trails, order] = [new Trails<string>(), 'o1'];
      let recorded = triggerOf(arm);
      let live = recorded;
      let at = 0;
      const times: number[] = [];
      const record = (until: number): void => {
        for (const { from, bestPrice } of trails.moved(until)) {
          expect(from).toEqual(recorded.level);
          recorded = followed(recorded, arm.side, bestPrice);
          times.push(until);
        }
      };
      trails.arm(order, { order, side: arm.side, trigger: recorded });
      for (const [text, later] of path) {
        at += later;
        if (see(trails, text).length > 0) break;
        live = followed(live, arm.side, price(text));
        record(at);
      }
      record(at + RECORD_EVERY);
      expect(recorded.level).toEqual(live.level);
      // The first says that it follows at all, and waits for nothing.
      const gaps = times.slice(1).map((time, n) => time - times[n]!);
      expect(gaps.filter((gap) => gap < RECORD_EVERY)).toEqual([]);
    }),
    { numRuns: 800 },
  );
});

it('move by a tick at least, and never back', () => {
  fc.assert(
    fc.property(arms, fc.array(seenPrices, { maxLength: 40 }), (arm, path) => {
      let now = triggerOf(arm);
      for (const text of path) {
        const next = followed(now, arm.side, price(text));
        const gain = toNumber(next.level) - toNumber(now.level);
        const towards = arm.side === 'SELL' ? gain : -gain;
        expect(towards === 0 || towards > 0.0099).toBe(true);
        now = next;
      }
    }),
    { numRuns: 1_000 },
  );
});
