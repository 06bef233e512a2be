// A made-up market: instruments, and a tape of trades that walk at random from a fixed seed.

import { seededRandom } from '../../src/broker/simulator/random';
import { price, quantity } from '../../src/domain/decimal';
import type { Instrument } from '../../src/domain/instrument';
import { TradeTape } from '../../src/market-data/trade-tape';

export const SEED = 7;
/** Monday 11 March 2024, 09:30 in New York. */
export const OPEN = Date.UTC(2024, 2, 11, 13, 30);
const SESSION_MS = 6.5 * 3_600_000;
/** In cents, of every instrument. */
export const START = 10_000;

export function instruments(count: number): readonly Instrument[] {
  return Array.from({ length: count }, (_, n) => {
    const key = `SIM${String(n).padStart(3, '0')}`;
    return {
      ...{ key, symbol: key, exchange: 'XNYS', currency: 'USD', calendar: 'XNYS' as const },
      tickSize: price('0.01'),
      lotSize: quantity('1'),
      conId: null,
      averageVolume: null,
    };
  });
}

/** Cents as a price: 10005 is 100.05. */
export function inDollars(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** Trades of one session, evenly spread in time, each one to three cents from the one before. */
export function randomWalk(listed: readonly Instrument[], trades: number): TradeTape {
  const random = seededRandom(SEED);
  const cents = listed.map(() => START);
  const tape = new TradeTape();
  for (let n = 0; n < trades; n += 1) {
    const which = Math.floor(random() * listed.length);
    const step = (1 + Math.floor(random() * 3)) * (random() < 0.5 ? -1 : 1);
    const now = (cents[which] ?? START) + step;
    cents[which] = now;
    tape.push({
      at: OPEN + Math.floor((n / trades) * SESSION_MS),
      instrument: listed[which]?.key ?? '',
      price: now / 100,
      priceText: inDollars(now),
      sizeText: '100',
    });
  }
  return tape;
}
