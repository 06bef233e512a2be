/**
 * The gateway refuses the stop of a plan, as a broker that takes no such order in a contract does:
 * over the socket, through session, engine and desk, it is held here and ends the position.
 */
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';
import { onTheWire } from '../support/wire-case';

const PRICES = ['99', '100.5', '100.4', '99', '97', '96', '95'];
const TRADES = tradesCsv(
  '2026-01-05',
  PRICES.map((price, n) => `14:30:0${n + 1} IBM ${price}`),
);
const FILE = {
  IBM: symbolOf(
    [{ on: 'cross-over', action: 'BUY', quantity: 10, price: '100' }],
    [{ action: 'SELL', quantity: 10, price: '97.5', comment: 'stop' }],
  ),
};

it('is held by Tidegate, fires once and leaves nothing behind', async () => {
  // The entry left on trade 2 and fills on trade 3; the next new order is the stop.
  const run = await onTheWire(smallReplay(FILE, TRADES), {
    beforeTrade: (trade, { control }) => {
      if (trade === 3) control.rejectNextOrder(201, 'Order rejected - reason:no stops here');
    },
  });
  const told = run.lines.map(({ event, order, price }) => [event, order, price ?? ''].join(' '));
  expect(told.filter((line) => line.includes('long[0]'))).toEqual([
    'ARM long[0] 97.5',
    'SUBMIT long[0] 97.5',
    'CANCEL long[0] 97.5',
    'ARM long[0] 97.5',
    'TRIGGER long[0] 97',
    'SUBMIT long[0] ',
    'FILL long[0] 96',
  ]);
  expect([...run.positions.values()]).toEqual(['0']);
  expect(run.logged.join('\n')).toContain('Held by Tidegate because the broker refused it');
});
