// "exitQty": "position": every exit is for whatever is held, and follows it after each fill.

import { toText } from '../../src/domain/decimal';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import { connectedDesk } from '../support/link-kit';
import { ACCOUNT, canonical, folded, openDesk, STRATEGY } from '../support/trading-kit';

const settings = { exitQuantity: 'POSITION' } as const;
const OWNER = { account: ACCOUNT, instrument: 'AAPL', strategy: STRATEGY };

async function inPosition(long: string[], filled = '10') {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long, settings });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', filled, '10.5');
  return link;
}

it('a stop for 1 covers all 10, and the add as well', async () => {
  const link = await inPosition(['SELL 1 market 8 stop', 'BUY 5 limit 9']);
  expect(toText(link.desk.order('long[0]').quantity)).toBe('10');
  await link.fill('long[1]', '5', '9');
  expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 15 STOP 8');
  expect(toText(uncoveredUnits(link.desk.state, OWNER))).toBe('0');
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
});

it('grows with the parts of the entry', async () => {
  const link = await inPosition(['SELL 1 market 8 stop'], '4');
  expect(toText(link.desk.order('long[0]').quantity)).toBe('4');
  await link.fill('entry[0]', '6', '10.5');
  expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 10 STOP 8');
});

it('stop and target each cover all, and never turn the position round', async () => {
  const link = await inPosition(['SELL 1 market 8 stop', 'SELL 1 limit 12']);
  await link.fill('long[1]', '4', '12');
  expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 6 STOP 8');
  await link.fill('long[0]', '6', '8');
  expect(link.desk.held('AAPL')).toBe('0');
  expect(link.status('long[1]')).toBe('CANCELLED');
});

it('a stop that has filled in part grows by what is added, not by what it sold', async () => {
  const link = await inPosition(['SELL 1 market 8 stop', 'BUY 5 limit 9']);
  await link.fill('long[0]', '4', '8');
  await link.fill('long[1]', '5', '9');
  // 4 are sold, 11 are held.
  expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 15 STOP 8');
});

it('an exit that waits here is sized to all when it fires', async () => {
  const desk = await openDesk();
  const long = ['SELL 1 market 12'];
  await desk.load('AAPL', { entry: ['over BUY 10 market 10'], long, settings });
  await desk.ticks('AAPL', '10 10.5 10.6 12 12');
  expect(toText(desk.order('long[0]').filledQuantity)).toBe('10');
  expect(desk.held('AAPL')).toBe('0');
});
