// "rearm": "onFlat": once a plan has gone flat its entries wait again, up to the stated number.

import { connectedDesk } from '../support/link-kit';
import { canonical, folded, openDesk } from '../support/trading-kit';

const PLAN = {
  entry: ['over BUY 10 market 10', 'under SELL 10 market 8'],
  long: ['SELL 10 limit 11'],
};
const cycles = (count: number) => ({ ...PLAN, settings: { cycles: count } });
const TRIP = '9.9 10.1 10.1 11 11';

it('trades again after the first round trip, and no more than it may', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', cycles(2));
  await desk.ticks('AAPL', `${TRIP} ${TRIP} ${TRIP}`);
  expect(desk.story('trigger')).toEqual([
    '2 trigger entry[0] at 10.1',
    '7 trigger entry[0] at 10.1',
  ]);
  expect([...desk.state.plans.values()].map(({ status, cycle }) => [status, cycle])).toEqual([
    ['DONE', 1],
    ['DONE', 2],
  ]);
  expect(desk.held('AAPL')).toBe('0');
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
});

it('is done after one where nothing else is said', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', `${TRIP} ${TRIP}`);
  expect(desk.story('trigger')).toHaveLength(1);
});

it('may take the other side the next time, from a group of its own', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', cycles(2));
  await desk.ticks('AAPL', `${TRIP} 8 7.9`);
  expect(desk.story('trigger').at(-1)).toBe('7 trigger entry[1] at 7.9');
  const groups = [...desk.state.orders.values()].flatMap(({ ocaGroup }) => ocaGroup ?? []);
  expect(new Set(groups).size).toBe(2);
});

it('the price at which it went flat is only the reference of the next cross', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', cycles(3));
  await desk.ticks('AAPL', `${TRIP} 12 13`);
  expect(desk.story('trigger')).toHaveLength(1);
});

it('what fills of the last round trip too late is no part of the next', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', cycles(2));
  await link.desk.ticks('AAPL', '9.9 10.1');
  await link.fill('entry[0]', '10', '10.1');
  await link.fill('long[0]', '10', '11');
  const armed = [...link.desk.state.orders.values()].filter(({ status }) => status === 'ARMED');
  expect(armed.map(({ leg }) => leg)).toEqual(['entry[0]', 'entry[1]']);
  await link.restart();
  await link.connect();
  await link.desk.ticks('AAPL', '9.9 10.1');
  const entries = link.far.left.filter((each) => each.includes('BUY'));
  expect(entries).toHaveLength(2);
});
