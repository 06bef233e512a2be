// "ocaRelease": "fill": the first fill of an entry cancels its siblings, not its trigger. Until
// then no second one of the group leaves, so that it never takes two.

import { connectedDesk } from '../support/link-kit';
import { openDesk } from '../support/trading-kit';

const settings = { ocaRelease: 'FILL' } as const;
const PLAN = {
  settings,
  entry: ['over BUY 10 limit 10', 'over BUY 10 market 11', 'under SELL 10 market 8'],
  long: ['SELL 10 market 7 stop'],
};

it('the siblings wait while the fired entry rests, and end with its first fill', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '9.9 10.5');
  const statuses = () => ['entry[1]', 'entry[2]'].map((leg) => desk.order(leg).status);
  expect(statuses()).toEqual(['ARMED', 'ARMED']);
  await desk.ticks('AAPL', '10');
  expect(desk.held('AAPL')).toBe('10');
  expect(statuses()).toEqual(['CANCELLED', 'CANCELLED']);
  expect(desk.story('cancel')).toEqual([
    '3 cancel entry[1]: OCA: entry[0] filled',
    '3 cancel entry[2]: OCA: entry[0] filled',
  ]);
});

it('by default they end when it fires', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', { ...PLAN, settings: {} });
  await desk.ticks('AAPL', '9.9 10.5');
  expect(desk.order('entry[1]').status).toBe('CANCELLED');
});

it('two that fire on one price: the second is not sent', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', PLAN);
  await desk.ticks('AAPL', '9.9 12');
  expect(desk.story('submit')).toEqual(['2 submit entry[0] BUY LIMIT 10']);
  const [declined] = desk.events('TriggerDeclined');
  expect(declined?.reason).toBe('entry[0] is at the broker: one of the group at a time');
  await desk.ticks('AAPL', '12.5 13');
  expect(desk.order('entry[1]').status).toBe('ARMED');
});

describe('at a broker', () => {
  it('a part of it is enough, and what a sibling does in that moment is nothing', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', PLAN);
    await link.desk.ticks('AAPL', '9.9 10.5');
    await link.fill('entry[0]', '1', '10');
    expect(link.status('entry[2]')).toBe('CANCELLED');
    await link.desk.ticks('AAPL', '7.5');
    expect(link.far.left.filter((each) => each.includes('SELL 10 MARKET'))).toEqual([]);
  });

  it.each(['by hand', 'rejected', 'expired'])(
    'when the first ends %s without a fill, a sibling may fire',
    async (how) => {
      const link = await connectedDesk();
      await link.desk.load('AAPL', PLAN);
      await link.desk.ticks('AAPL', '9.9 10.5');
      const order = link.id('entry[0]');
      if (how === 'by hand') await link.cancel(order);
      if (how === 'rejected') link.far.say({ kind: 'REJECTED', order, reason: 'no' });
      if (how === 'expired') link.far.say({ kind: 'EXPIRED', order, reason: 'no' });
      await link.heard();
      await link.desk.ticks('AAPL', '11.5');
      expect(link.status('entry[1]')).toBe('WORKING');
    },
  );

  it('one that is UNKNOWN counts as live: nothing else of the group leaves', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', PLAN);
    link.far.deaf = true;
    await link.desk.ticks('AAPL', '9.9 10.5');
    link.far.deaf = false;
    await link.drop();
    await link.connect();
    expect(link.status('entry[0]')).toBe('UNKNOWN');
    await link.desk.ticks('AAPL', '10 11.5');
    expect(link.status('entry[1]')).toBe('ARMED');
  });

  it('after a restart the group still takes one', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', PLAN);
    await link.desk.ticks('AAPL', '9.9 10.5');
    await link.restart();
    await link.connect();
    await link.desk.ticks('AAPL', '10.5 11.5');
    expect(link.status('entry[1]')).toBe('ARMED');
    await link.fill('entry[0]', '10', '10');
    expect(link.status('entry[1]')).toBe('CANCELLED');
    expect(link.desk.held('AAPL')).toBe('10');
  });
});
