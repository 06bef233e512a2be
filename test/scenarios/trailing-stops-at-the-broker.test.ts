// A trailing stop that rests at the broker: followed from here, sized from here, reached there.

import { price, quantity, toText } from '../../src/domain/decimal';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { canonical, folded, openDesk } from '../support/trading-kit';

const LONG = { entry: ['over BUY 100 market 100'], long: ['SELL 100 trail 1.5'] };
const STOP = 'ord-00000002';

async function entered(filled = '100'): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', LONG);
  await link.desk.ticks('AAPL', '99 101');
  await link.fill('entry[0]', filled, '100');
  return link;
}
const stopOf = (link: LinkDesk): string => toText(link.desk.order(STOP).stopPrice!);

it('is placed at the fill, with its distance and its first stop', async () => {
  const link = await entered();
  expect(link.far.left.at(-1)).toBe(`place ${STOP} SELL 100 TRAILING_STOP 98.5`);
  expect(link.far.tickets.at(-1)).toMatchObject({
    trail: { trailBy: price('1.5'), trailPercent: null },
  });
  expect(link.desk.order(STOP)).toMatchObject({ status: 'WORKING', trigger: null });
});

it('is known here as far as it has come, and nothing is sent for that', async () => {
  const link = await entered();
  const before = link.far.left.length;
  await link.desk.ticks('AAPL', '102 104 103');
  expect(stopOf(link)).toBe('102.5');
  await link.desk.ticks('AAPL', '102 90');
  expect(link.far.left).toHaveLength(before);
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
});

it('is brought to the size of the position with its stop where it stands', async () => {
  const link = await entered('30');
  await link.desk.ticks('AAPL', '102');
  await link.desk.tick('AAPL', '104', 100);
  await link.fill('entry[0]', '70', '104');
  expect(link.far.left.at(-1)).toBe(`modify ${STOP} SELL 100 TRAILING_STOP 102.5`);
  await link.heard();
  expect([stopOf(link), toText(link.desk.order(STOP).quantity)]).toEqual(['102.5', '100']);
});

it('goes on from where the broker says that it stands, after a restart', async () => {
  const link = await entered();
  await link.desk.ticks('AAPL', '102');
  await link.restart();
  link.far.alter(STOP, { stopPrice: price('103.5') });
  await link.connect();
  expect(link.status(STOP)).toBe('WORKING');
  expect(stopOf(link)).toBe('103.5');
  expect(link.desk.events('BreakOpened')).toEqual([]);
  await link.desk.ticks('AAPL', '104 105.5 105');
  expect(stopOf(link)).toBe('104');
});

it('takes the word of the broker for a stop that is not as close as it was thought', async () => {
  const link = await entered();
  await link.desk.ticks('AAPL', '104');
  link.far.alter(STOP, { stopPrice: price('102') });
  await link.drop();
  await link.connect();
  expect(stopOf(link)).toBe('102');
  await link.desk.ticks('AAPL', '103.4 103.5 103.6');
  expect(stopOf(link)).toBe('102.1');
});

it('takes the rest of the entry back when it is reached', async () => {
  const link = await entered('30');
  await link.desk.report({ kind: 'ELECTED', order: STOP, price: price('98.4') });
  expect(link.far.left.at(-1)).toBe(`cancel ${link.id('entry[0]')}`);
});

it('ends when the position is closed without it', async () => {
  const link = await entered();
  await link.desk.place('AAPL', 'SELL 100 market');
  await link.fill('ord-00000003', '100', '101');
  expect(link.far.left.at(-1)).toBe(`cancel ${STOP}`);
});

describe('by hand', () => {
  const trail = { trailBy: price('2'), trailPercent: null };
  const trailing = (stop: string, changes = {}) => ({
    ...{ type: 'TRAILING_STOP' as const, stopPrice: price(stop), trail, ...changes },
  });
  async function holding() {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.tick('AAPL', '100');
    return desk;
  }

  it('rests at the broker, follows there, and sells there', async () => {
    const desk = await holding();
    expect(await desk.place('AAPL', 'SELL 10 market', trailing('98'))).toBeNull();
    await desk.ticks('AAPL', '104 103 102.01 102');
    expect(desk.order(STOP)).toMatchObject({ elected: true, stopPrice: price('102') });
    await desk.tick('AAPL', '101');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('follows by a percent, rounded away from the market', async () => {
    const desk = await holding();
    const percent = { trail: { trailBy: null, trailPercent: '2' } };
    await desk.place('AAPL', 'SELL 10 market', trailing('98', percent));
    await desk.ticks('AAPL', '110.005 107.81');
    expect(desk.order(STOP)).toMatchObject({ elected: false, stopPrice: price('107.8') });
    await desk.ticks('AAPL', '107.8 107');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('is a retry under the same request, however far it has come', async () => {
    const desk = await holding();
    const asked = trailing('98', { requestId: 'one' });
    await desk.place('AAPL', 'SELL 10 market', asked);
    await desk.ticks('AAPL', '104 103');
    expect(await desk.place('AAPL', 'SELL 10 market', asked)).toBeNull();
    const other = { ...asked, trail: { ...trail, trailBy: price('3') } };
    expect(await desk.place('AAPL', 'SELL 10 market', other)).toMatch(/already used/);
    expect(desk.state.orders.size).toBe(2);
  });

  it('never opens a position, and needs its distance', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    expect(await desk.place('AAPL', 'SELL 10 market', trailing('98'))).toMatch(/only gives back/);
    const bare = { type: 'TRAILING_STOP' as const, stopPrice: price('98') };
    expect(await desk.place('AAPL', 'SELL 10 market', bare)).toMatch(/needs its distance/);
    expect(await desk.place('AAPL', 'SELL 10 stop 98', { trail })).toMatch(/no other type has one/);
    const both = { ...trail, trailPercent: '1' };
    const refused = await desk.place('AAPL', 'SELL 10 market', trailing('98', { trail: both }));
    expect(refused).toMatch(/one of the two/);
    expect(quantity(desk.held('AAPL'))).toEqual(quantity('0'));
  });
});
