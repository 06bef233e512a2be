// A stop of a plan has fired, and what opens fills all the same before it was called back: that is
// too late. It is sold at once, and the stop on its way is not asked to grow into it.

import { price } from '../../src/domain/decimal';
import { connectedDesk, type LinkDesk } from '../support/link-kit';

const TOO_LATE = 'Cannot change to the new order size: it is filled';

/** Cancels are on their way, and a market order that has left takes no change. */
function slow({ far }: LinkDesk): void {
  far.cancel = () => undefined;
  far.refusesChange = ({ type }) => (type === 'LIMIT' ? null : TOO_LATE);
}
const flattening = ({ desk }: LinkDesk) =>
  [...desk.state.orders.values()].filter(({ role }) => role === 'LIQUIDATION');
const released = ({ desk }: LinkDesk) =>
  [...desk.state.orders.values()].find(
    ({ role, type, status }) => role === 'STOP_LOSS' && type === 'MARKET' && status === 'WORKING',
  )?.id ?? 'no stop was sent';
const elected = async (link: LinkDesk, leg: string): Promise<void> => {
  link.far.say({ kind: 'ELECTED', order: link.id(leg), price: price('9') });
  await link.heard();
};

/** 40 of an entry for 100 have filled. */
async function inParts(stop: string): Promise<LinkDesk> {
  const link = await connectedDesk();
  link.far.refuses = ({ type }) => (type === 'STOP' ? 'no stop orders here' : null);
  await link.desk.load('AAPL', {
    entry: ['over BUY 100 limit 11'],
    long: ['SELL 100 limit 14', stop],
  });
  await link.desk.ticks('AAPL', '10.9 11.1');
  await link.fill('entry[0]', '40', '11');
  return link;
}

describe.each([
  ['refused by the broker and held here', 'SELL 100 market 9 stop'],
  ['trailing, held here', 'SELL 100 trail 2 from 11.5'],
])('an entry beside a stop %s that fires', (_, stop) => {
  it('is flattened for what fills while the stop is on its way', async () => {
    const link = await inParts(stop);
    slow(link);
    await link.desk.ticks('AAPL', '11.6 11 9.5 9');
    const out = released(link);
    await link.fill('entry[0]', '60', '11');
    expect(link.far.left.filter((line) => line.startsWith(`modify ${out}`))).toEqual([]);
    const late = flattening(link);
    expect(
      late.map(({ id }) => link.far.left.find((line) => line.includes(`place ${id}`))),
    ).toEqual([expect.stringMatching(/SELL 60 MARKET$/)]);
    await link.fill(out, '40', '9');
    for (const { id } of late) await link.fill(id, '60', '9');
    expect(link.desk.held('AAPL')).toBe('0');
    expect([...link.desk.state.plans.values()].map(({ status }) => status)).toEqual(['DONE']);
  });

  it('is flattened in whole where the stop has not left when the link is lost', async () => {
    const link = await inParts(stop);
    slow(link);
    await link.pace(0);
    await link.desk.ticks('AAPL', '11.6 11 9.5 9');
    await link.drop();
    await link.fill('entry[0]', '60', '11');
    await link.pace(Infinity);
    await link.connect();
    const out = link.far.left.filter((line) => /place .* SELL \d+ MARKET/.test(line));
    const sizes = out.map((line) => Number(/SELL (\d+)/.exec(line)?.[1]));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100);
    for (const [n, line] of out.entries()) {
      await link.fill(line.split(' ')[1] ?? '', String(sizes[n]), '9');
    }
    expect(link.desk.held('AAPL')).toBe('0');
  });
});

describe('an add that rests beside a stop at the broker', () => {
  async function resting(): Promise<LinkDesk> {
    const link = await connectedDesk();
    await link.desk.load('AAPL', {
      entry: ['over BUY 100 market 11'],
      long: ['SELL 200 market 9 stop', 'SELL 200 limit 14', 'BUY 100 limit 10'],
    });
    await link.desk.ticks('AAPL', '10.9 11.1');
    await link.fill('entry[0]', '100', '11.1');
    return link;
  }

  it('is called back when the stop is elected', async () => {
    const link = await resting();
    await elected(link, 'long[0]');
    expect(link.far.left).toContain(`cancel ${link.id('long[2]')}`);
    expect(link.status('long[2]')).toBe('CANCELLED');
    await link.fill('long[0]', '100', '8.9');
    expect(link.desk.held('AAPL')).toBe('0');
  });

  it('is flattened when it fills all the same, before the stop has filled', async () => {
    const link = await resting();
    slow(link);
    await elected(link, 'long[0]');
    await link.fill('long[2]', '100', '9.9');
    expect(link.far.left.filter((line) => line.startsWith(`modify ${link.id('long[0]')}`))).toEqual(
      [],
    );
    const [late] = flattening(link);
    await link.fill('long[0]', '100', '8.9');
    await link.fill(late?.id ?? '', '100', '8.9');
    expect(link.desk.held('AAPL')).toBe('0');
    expect(flattening(link)).toHaveLength(1);
  });

  it('is flattened when it fills after the stop has', async () => {
    const link = await resting();
    slow(link);
    await elected(link, 'long[0]');
    await link.fill('long[0]', '100', '8.9');
    await link.fill('long[2]', '100', '9.9');
    const [late] = flattening(link);
    await link.fill(late?.id ?? '', '100', '8.9');
    expect(link.desk.held('AAPL')).toBe('0');
  });

  it('is kept while no stop has fired', async () => {
    const link = await resting();
    await link.fill('long[2]', '100', '10');
    expect([link.desk.held('AAPL'), flattening(link)]).toEqual(['200', []]);
  });
});
