// Somebody else trades in the same account at the same gateway: what they do is nobody's in the
// book, and is there; and what the book cannot explain blocks openings until it is explained.

import '../support/try-again';
import type { Answered } from '../support/graphql-server';
import { GROUNDS, House, until } from '../support/house';

const BOTH = 'order { id status } userErrors { code message }';
const EXECUTION = '11';
const ALWAYS = 1_000_000;

describe.each(GROUNDS)('a stranger at the gateway on $name', (ground) => {
  let house: House;
  beforeAll(async () => {
    house = House.quiet(ground);
    await house.ready();
    await house.does('createStrategy', { key: 'hand' }, 'userErrors { code }');
  });
  afterAll(() => house.end());

  const buy = (requestId: string, instrument: string): Promise<Answered> =>
    house.does(
      'placeOrder',
      {
        requestId,
        order: { strategy: 'hand', instrument, side: 'BUY', type: 'MARKET', quantity: '2' },
      },
      BOTH,
    );
  const rows = async (instrument: string): Promise<Answered> => {
    const { positions } = await house.data(`{ positions { instrument { key }
      quantity unallocated difference allocations { quantity } } }`);
    return positions.find((each: Answered) => each.instrument.key === instrument) ?? null;
  };

  it('has fills that go to nobody, and the book never differs for it', async () => {
    const mine = await buy('mine', 'MSFT');
    await house.order((o) => o.id === mine.order.id && o.status === 'FILLED');
    const ear = house.hears(
      'subscription { positionFeed { position { instrument { key } quantity difference } } }',
    );
    const guest = await house.guest(55);
    const filled = guest.next('execDetails');
    guest.place('MSFT', { totalQuantity: 30 });
    await filled;
    const seen = await until(
      () => rows('MSFT'),
      (row) => row.quantity === '32',
    );
    expect(seen).toMatchObject({ unallocated: '30', difference: '0' });
    expect(seen.allocations).toEqual([{ quantity: '2' }]);
    const told = ear.messages.map(({ position }) => position);
    expect(told.filter(({ difference }) => difference !== '0')).toEqual([]);
    // It is a fill without an order of ours, and no order was made up for it.
    const { fills } = await house.data('{ fills(first: 10) { nodes { quantity order { id } } } }');
    const foreign = fills.nodes.filter(({ order }: Answered) => order === null);
    expect(foreign.map(({ quantity }: Answered) => Number(quantity))).toEqual([30]);
    const [manual, ...more] = (await house.orders()).filter((o) => o.instrument.key === 'MSFT');
    expect([manual.id, more]).toEqual([mine.order.id, []]);
  });

  it('may have the past corrected, which the book follows', async () => {
    const { control } = house.gateway;
    const { fills } = await house.data('{ fills { nodes { execId quantity order { id } } } }');
    const foreign = fills.nodes.find(({ order }: Answered) => order === null);
    expect(control.correctExecution(foreign.execId, { quantity: '20' })).toBe(true);
    const row = await until(
      () => rows('MSFT'),
      // A read of positions that began before may say -10 until the next one.
      ({ quantity, difference }) => quantity === '22' && difference === '0',
    );
    expect(row).toMatchObject({ unallocated: '20', difference: '0' });
  });

  it('is seen as a break where the gateway hides what happened, and nothing opens', async () => {
    const { control } = house.gateway;
    const opened = await buy('before', 'JPM');
    expect(opened.userErrors).toEqual([]);
    await house.order((o) => o.id === opened.order.id && o.status === 'FILLED');
    control.disturb({ message: EXECUTION, action: 'DROP', count: ALWAYS });
    const guest = await house.guest(56);
    const filled = guest.next('orderStatus', (_id, status) => status === 'Filled');
    guest.place('JPM', { totalQuantity: 7 });
    await filled;
    const row = await until(
      () => rows('JPM'),
      ({ difference }) => difference !== '0',
    );
    expect(row).toMatchObject({ difference: '7', quantity: '2', unallocated: '0' });
    const refused = await buy('while', 'JPM');
    expect(refused.order.status).toBe('DENIED');
    const { decisions } = await house.data('{ decisions(first: 1) { nodes { codes } } }');
    expect(decisions.nodes[0].codes).toContain('H3');
    const other = await buy('other', 'IBM');
    expect(other.userErrors).toEqual([]);
    control.clear();
    const mended = await until(
      () => rows('JPM'),
      ({ difference }) => difference === '0',
    );
    expect(mended).toMatchObject({ quantity: '9', unallocated: '7' });
    expect((await buy('after', 'JPM')).userErrors).toEqual([]);
  });
});
