// A trailing stop from the text of an instruction file to the lines of a replay.

import type { ReplayLine } from '../../src/simulation/replay-lines';
import { record } from '../support/replay-cases';
import { smallReplay, tradesCsv } from '../support/replay-files';
import { onTheWire } from '../support/wire-case';

const DAY = '2026-01-05';
const TRAIL = { Action: 'SELL', Order: 'trail', Qty: 10 };
const fileWith = (exit: object): object => ({
  IBM: {
    'Entry OCA': [{ On: 'cross-over', Action: 'BUY', Order: 'Market', Qty: 10, price: '100' }],
    'Orders if Long': [{ ...TRAIL, ...exit }],
  },
});
const at = (second: number, price: string): string =>
  `14:30:${String(second).padStart(2, '0')} IBM ${price}`;
const PRICES = ['99', '100.5', '100.4', '104', '103', '106', '104.5', '104.4', '104.3'];
const TRADES = tradesCsv(
  DAY,
  PRICES.map((price, n) => at(n + 1, price)),
);

it('tells what was armed, when it was reached and how it sold', async () => {
  const { lines } = await record(smallReplay(fileWith({ trailBy: '1.50' }), TRADES));
  const told = lines.map((line) => [line.event, line.order, line.price, line.reason].join(' '));
  expect(told.slice(-4)).toEqual([
    'ARM long[0] 98.9 SELL trailing stop 1.5 behind',
    'SUBMIT long[0] 98.9 SELL TRAILING_STOP',
    'TRIGGER long[0] 104.5 reached the trailing stop at 104.5',
    'FILL long[0] 104.4 SELL',
  ]);
});

it.each([
  ['at the broker', { trailBy: '1.50' }],
  ['here, from a price on', { trailPercent: '1.5', activateAt: '103' }],
])('held %s, it gives the same lines over the wire', async (_, exit) => {
  const options = smallReplay(fileWith(exit), TRADES);
  const { lines } = await record(options);
  const wired = await onTheWire(options);
  const isElection = ({ event, order }: ReplayLine): boolean =>
    event === 'TRIGGER' && order === 'long[0]' && 'trailBy' in exit;
  // IB says nothing when a stop that rests there is reached.
  expect(wired.lines).toEqual(lines.filter((line) => !isElection(line)));
  expect([...wired.positions.values()]).toEqual(['0']);
});

it('is the same run, to the hash, when it is run again', async () => {
  const exit = { trailPercent: '1.5', activateAt: '103' };
  const first = await record(smallReplay(fileWith(exit), TRADES));
  const second = await record(smallReplay(fileWith(exit), TRADES));
  const reason = 'SELL trailing stop 1.5% behind, from 103';
  expect(first.lines.find(({ event }) => event === 'ARM')).toMatchObject({ reason });
  expect(first.lines.at(-1)).toMatchObject({ event: 'FILL', price: '104.3' });
  expect(second.text).toBe(first.text);
});
