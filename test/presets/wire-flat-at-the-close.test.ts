/**
 * "onClose": "flatten" on the live path: gateway, broker session over its socket, engine, desk and
 * its clock. On a half day, five minutes before its early close.
 */
import { record } from '../support/replay-cases';
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';
import { onTheWire } from '../support/wire-case';

const PLAN = {
  ...symbolOf(
    [
      { on: 'cross-over', action: 'BUY', price: '100' },
      { on: 'cross-over', action: 'BUY', price: '104' },
    ],
    [
      { action: 'SELL', order: 'limit', price: '110' },
      { action: 'SELL', price: '90', comment: 'SL' },
      { action: 'BUY', price: '95', order: 'limit', comment: 'DCA' },
    ],
  ),
  onClose: 'flatten',
};
const ROWS = ['17:00:00 99', '17:00:01 101', '17:00:02 101', '17:30:00 102', '17:55:00 103'];
const AFTER = ['17:55:01 104', '17:56:00 94', '17:57:00 89'];

it('the position goes with the first trade after the lead, and nothing opens then', async () => {
  const rows = [...ROWS, ...AFTER].map((row) => row.replace(' ', ' IBM '));
  const options = smallReplay({ IBM: PLAN }, tradesCsv('2024-12-24', rows));
  const wired = await onTheWire(options);
  const sold = wired.lines.filter(({ order }) => order === 'flatten');
  expect(sold.map(({ event, price }) => `${event} ${price}`)).toEqual([
    'ARM null',
    'SUBMIT null',
    // The market of the gateway stands still between two trades: the clock is seen with the next.
    'FILL 104',
  ]);
  expect(wired.positions.get('IBM')).toBe('0');
  const ended = wired.lines.filter(({ event }) => event === 'CANCEL').map(({ order }) => order);
  expect([...new Set(ended)].sort()).toEqual(['entry[1]', 'long[0]', 'long[1]', 'long[2]']);
  const replayed = await record(options);
  expect(replayed.results[0]).toMatchObject({ position: '0' });
  const told = replayed.lines.find(({ order, event }) => order === 'flatten' && event === 'FILL');
  expect(told).toMatchObject({ price: '103', time: '2024-12-24T17:55:00.000Z' });
}, 60_000);
