// An add has fired and did certainly not leave: it is not sent later at whatever the price is then.
// It waits for its level again, as if new.

import { connectedDesk, type LinkDesk } from '../support/link-kit';

const HOUR = 3_600_000;

/** An add at 10 has fired, was approved, and waits for the pace. */
async function fired(): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', {
    entry: ['over BUY 10 market 11'],
    long: ['SELL 20 market 5 stop', 'BUY 10 market 10'],
  });
  await link.desk.ticks('AAPL', '10.9 11.1');
  await link.fill('entry[0]', '10', '11.1');
  await link.pace(0);
  await link.desk.tick('AAPL', '10');
  expect(link.status('long[1]')).toBe('SUBMITTED');
  return link;
}
const adds = ({ far }: LinkDesk): string[] =>
  far.left.slice(1).filter((line) => line.includes('BUY'));
const latest = ({ desk }: LinkDesk) =>
  [...desk.state.orders.values()].filter(({ leg }) => leg === 'long[1]').at(-1);

it.each(['the link was lost', 'the process died'])('because %s', async (how) => {
  const link = await fired();
  if (how === 'the link was lost') await link.drop();
  else await link.restart();
  link.desk.clock.set(link.desk.clock.now() + HOUR);
  link.far.room = Infinity;
  await link.connect();
  await link.desk.ticks('AAPL', '14 13');
  expect(adds(link)).toEqual([]);
  expect(latest(link)).toMatchObject({
    ...{ status: 'ARMED', heldBy: 'ENGINE', role: 'DCA' },
    trigger: { kind: 'TOUCH', firedAt: null, firedPrice: null },
  });
  await link.desk.ticks('AAPL', '10.1 9.9 9.8');
  expect(adds(link)).toEqual([expect.stringMatching(/BUY 10 MARKET$/)]);
});

it('one that rests at its limit is sent again with it', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', {
    entry: ['over BUY 10 market 11'],
    long: ['SELL 20 market 5 stop', 'BUY 10 limit 10'],
  });
  await link.desk.ticks('AAPL', '10.9 11.1');
  await link.pace(0);
  await link.fill('entry[0]', '10', '11.1');
  await link.drop();
  link.far.room = Infinity;
  await link.connect();
  expect(adds(link)).toEqual([expect.stringMatching(/BUY 10 LIMIT 10$/)]);
});
