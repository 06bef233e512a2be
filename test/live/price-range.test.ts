// The highest and lowest price since any moment, against a plain search through all of them.

import fc from 'fast-check';
import type { PriceStream } from '../../src/domain/desk';
import { PriceRanges } from '../../src/live/price-range';

const last = (instrument: string): PriceStream => ({ instrument, kind: 'LAST' });
const tick = (at: number, price: number) => ({
  ...{ at, price, priceText: String(price), instrument: 'AAPL' },
});

it('knows nothing of an instrument, or of a time, without a price', () => {
  const ranges = new PriceRanges();
  expect(ranges.since(last('AAPL'), 0)).toBeNull();
  ranges.see(tick(5, 10));
  expect(ranges.since(last('AAPL'), 6)).toBeNull();
  expect(ranges.since(last('MSFT'), 0)).toBeNull();
  expect(ranges.since(last('AAPL'), 5)).toMatchObject({ high: { at: 5 }, low: { at: 5 } });
});

it('keeps the kinds of price apart', () => {
  const ranges = new PriceRanges();
  ranges.see(tick(5, 10));
  ranges.see(tick(6, 9), 'BID');
  expect(ranges.since(last('AAPL'), 0)).toMatchObject({ high: { price: 10 }, low: { price: 10 } });
  const bid = { instrument: 'AAPL', kind: 'BID' } as const;
  expect(ranges.since(bid, 0)).toMatchObject({ high: { price: 9 }, low: { price: 9 } });
  expect(ranges.since({ ...bid, kind: 'ASK' }, 0)).toBeNull();
});

it('is what a search through every price finds', () => {
  const prices = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 20 })), { maxLength: 60 });
  fc.assert(
    fc.property(prices, fc.nat(80), (steps, since) => {
      const ranges = new PriceRanges();
      const seen: { at: number; price: number }[] = [];
      let at = 0;
      for (const [later, price] of steps) {
        at += later;
        seen.push({ at, price });
        ranges.see(tick(at, price));
      }
      const after = seen.filter((each) => each.at >= since).map(({ price }) => price);
      const range = ranges.since(last('AAPL'), since);
      expect(range?.high.price).toBe(after.length === 0 ? undefined : Math.max(...after));
      expect(range?.low.price).toBe(after.length === 0 ? undefined : Math.min(...after));
    }),
  );
});
