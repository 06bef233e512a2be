// An order for the opening auction, placed in the evening: its rules are asked at once, it is held
// here overnight, asked again fifteen minutes before the open, and sent then.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { auctionAt } from '../../src/live/auctions';
import { clockedDesk } from '../support/clocked-desk';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { ACCOUNT, openDesk, STRATEGY } from '../support/trading-kit';

const at = (text: string): number => Date.parse(`2026-01-${text}Z`);
const EVENING = at('05T23:00:00');
const RELEASE = at('06T14:15:00');
const LAST_CALL = at('06T14:28:00');

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;

/** `BUY 10`, `SELL 10 limit 11`: for the auction that is next at that time. */
function forTheOpen(words: string, now: number, close: string | null = null): Placing {
  const [side = '', size = '', , limit] = words.split(' ');
  const times = auctionAt('XNYS', now);
  if ('code' in times) throw new Error(times.message);
  const { tradingDate, ...staged } = times;
  return {
    ...{ kind: 'PLACE_ORDER', requestId: `open-${words}`, strategy: STRATEGY, account: ACCOUNT },
    ...{ instrument: 'AAPL', side: side as Placing['side'], timeInForce: 'OPG', tradingDate },
    type: limit === undefined ? 'MARKET' : 'LIMIT',
    quantity: quantity(size),
    limitPrice: limit === undefined ? null : price(limit),
    stopPrice: null,
    staged: { ...staged, price: close === null ? null : price(close) },
  };
}

describe('by the clock of the live desk', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function inTheEvening(words = 'BUY 10', now = EVENING) {
    const house = await clockedDesk();
    house.desk.start(house.broker);
    await house.at(now);
    const refused = await house.link.command(forTheOpen(words, now));
    const order = () => [...house.link.desk.state.orders.values()].at(-1)!;
    return { ...house, refused, order };
  }

  it('it waits overnight and leaves fifteen minutes before the open', async () => {
    const { desk, link, order, at: clock } = await inTheEvening();
    expect([order().status, order().tradingDate]).toEqual(['ARMED', '2026-01-06']);
    expect(order().statusMessage).toContain('sent at 2026-01-06T14:15:00.000Z');
    expect(order().decision).not.toBeNull();
    await clock(RELEASE - 1_000);
    expect(link.far.tickets).toEqual([]);
    await clock(RELEASE);
    expect(link.far.tickets).toMatchObject([{ type: 'MARKET', timeInForce: 'OPG', side: 'BUY' }]);
    expect(link.desk.events('DecisionMade')).toHaveLength(2);
    await clock(RELEASE + 1_000);
    expect(link.far.tickets).toHaveLength(1);
    await link.fill(order().id, '10', '10.5');
    expect(link.desk.held('AAPL')).toBe('10');
    await desk.stop();
  });

  it('placed in those minutes it leaves at once; after the last call it is refused', async () => {
    const { desk, link, at: clock } = await inTheEvening('BUY 10 limit 10', LAST_CALL);
    await clock(LAST_CALL);
    expect(link.far.left).toEqual(['place ord-00000001 BUY 10 LIMIT 10']);
    expect(auctionAt('XNYS', LAST_CALL + 1)).toMatchObject({ field: 'timeInForce' });
    expect(auctionAt('XNYS', at('06T14:30:00'))).toMatchObject({ tradingDate: '2026-01-07' });
    expect(auctionAt('UTC', EVENING)).toMatchObject({ field: 'timeInForce' });
    await desk.stop();
  });

  it('over a weekend and a holiday it is for the next session', () => {
    expect(auctionAt('XNYS', at('16T22:00:00'))).toMatchObject({
      ...{ tradingDate: '2026-01-20', releaseAt: at('20T14:15:00') },
      pricesSince: at('16T14:30:00'),
    });
  });

  it('where no price was seen since, the close is asked of the broker', async () => {
    const house = await clockedDesk();
    house.desk.start(house.broker);
    const close = price('11');
    const rest = { open: close, high: close, low: close, volume: quantity('1') };
    house.broker.bars = [{ date: '2026-01-06', ...rest, close }];
    await house.at(EVENING);
    expect(await house.desk.auction('AAPL')).toMatchObject({ price: null });
    await house.at(EVENING + 24 * 3_600_000);
    expect(await house.desk.auction('AAPL')).toMatchObject({ price: close });
    await house.desk.stop();
  });

  it('while it is staged it can be cancelled, and nothing ever leaves', async () => {
    const { desk, link, order, at: clock } = await inTheEvening();
    expect(await link.cancel(order().id)).toBeNull();
    await clock(RELEASE);
    expect([order().status, link.far.left.length]).toEqual(['CANCELLED', 0]);
    await desk.stop();
  });

  it('without a link until the last call it expires, and leaves no more', async () => {
    const { desk, link, broker, order, at: clock } = await inTheEvening();
    await link.drop();
    broker.status = { ...broker.status, state: 'DISCONNECTED' };
    await clock(LAST_CALL);
    expect(order().status).toBe('ARMED');
    await clock(LAST_CALL + 1);
    expect(order()).toMatchObject({
      ...{ status: 'EXPIRED', statusMessage: 'the opening auction of 2026-01-06 was missed' },
    });
    await desk.stop();
  });

  it('with a link that returns before the last call it leaves then', async () => {
    const { desk, link, broker, at: clock } = await inTheEvening();
    await link.drop();
    const ready = broker.status;
    broker.status = { ...ready, state: 'DISCONNECTED' };
    await clock(RELEASE + 60_000);
    expect(link.far.left).toEqual([]);
    broker.status = ready;
    await link.connect();
    await clock(RELEASE + 120_000);
    expect(link.far.left).toEqual(['place ord-00000001 BUY 10 MARKET']);
    await desk.stop();
  });

  it('what the auction did not fill is EXPIRED, whatever the broker calls it', async () => {
    const { desk, link, order, at: clock } = await inTheEvening('BUY 10 limit 9');
    await clock(RELEASE);
    await clock(at('06T14:30:01'));
    desk.intake.report({ kind: 'CANCELLED', order: order().id, reason: 'not filled' });
    await link.heard();
    expect(order()).toMatchObject({
      ...{ status: 'EXPIRED', statusMessage: 'the opening auction did not fill it (not filled)' },
    });
    await desk.stop();
  });
});

describe('its rules', () => {
  const shipped = () => openDesk({ rules: 'shipped', instrument: { calendar: 'XNYS' } });
  const release = (order: string, close: string | null = null): Command => ({
    ...{ kind: 'RELEASE_STAGED' },
    orders: [{ order, price: close === null ? null : price(close) }],
  });
  const ORDER = 'ord-00000001';

  it('take the last price of the session before for new: there is no newer one', async () => {
    const desk = await shipped();
    desk.clock.set(at('05T20:59:00'));
    await desk.tick('AAPL', '10');
    desk.clock.set(EVENING);
    await desk.command(forTheOpen('BUY 10', EVENING));
    expect(desk.order(ORDER).status).toBe('ARMED');
    desk.clock.set(RELEASE);
    await desk.command(release(ORDER));
    expect(desk.order(ORDER).status).toBe('WORKING');
  });

  it('do not take an older one: two sessions may have passed without a price', async () => {
    const desk = await shipped();
    await desk.tick('AAPL', '10');
    desk.clock.set(at('06T23:00:00'));
    await desk.command(forTheOpen('BUY 10', at('06T23:00:00')));
    expect(desk.order(ORDER).status).toBe('DENIED');
    expect(desk.events('OrderDenied')[0]?.codes).toContain('PRICE_FRESHNESS');
  });

  it('refuse it where no price is known, and know one from the close', async () => {
    for (const close of [null, '10']) {
      const desk = await shipped();
      desk.clock.set(EVENING);
      await desk.command(forTheOpen('BUY 10', EVENING, close));
      expect(desk.order(ORDER).status).toBe(close === null ? 'DENIED' : 'ARMED');
    }
  });

  it('refuse it when it is placed', async () => {
    const desk = await shipped();
    await desk.tick('AAPL', '10');
    desk.clock.set(EVENING);
    await desk.command(forTheOpen('BUY 900000', EVENING));
    expect(desk.order(ORDER).status).toBe('DENIED');
  });

  it('are asked again: what changed overnight refuses it', async () => {
    const desk = await shipped();
    await desk.tick('AAPL', '10');
    desk.clock.set(EVENING);
    await desk.command(forTheOpen('BUY 10', EVENING));
    await desk.command({
      ...{ kind: 'SET_TRADING_STATE', scope: { kind: 'SYSTEM', key: '' }, state: 'HALTED' },
      ...{ reason: 'news', by: 'ann' },
    });
    expect(desk.order(ORDER).status).toBe('ARMED');
    desk.clock.set(RELEASE);
    await desk.command(release(ORDER));
    expect(desk.order(ORDER).status).toBe('DENIED');
    expect(desk.events('OrderDenied')[0]?.codes).toContain('H1');
  });

  it('never let an exit open: its position has gone', async () => {
    const desk = await shipped();
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.tick('AAPL', '10');
    const sell = forTheOpen('SELL 10', EVENING);
    desk.clock.set(EVENING);
    await desk.command(sell);
    desk.clock.set(at('06T14:00:00'));
    const staged = [...desk.state.orders.values()].at(-1)!;
    expect([staged.effect, staged.status]).toEqual(['REDUCE', 'ARMED']);
    await desk.place('AAPL', 'SELL 10 market');
    await desk.tick('AAPL', '10');
    desk.clock.set(RELEASE);
    await desk.command(release(staged.id));
    expect(desk.held('AAPL')).toBe('0');
    expect(['DENIED', 'CANCELLED']).toContain(desk.order(staged.id).status);
  });

  it('cut what was to open to the position that it meets, and never turn that', async () => {
    const link = await connectedDesk();
    const { desk } = link;
    const sell = forTheOpen('SELL 80', EVENING);
    desk.clock.set(EVENING);
    await desk.command(sell);
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'BUY 50 market');
    await link.fill('ord-00000002', '50', '10');
    desk.clock.set(RELEASE);
    await desk.command(release('ord-00000001'));
    expect(link.far.left.at(-1)).toBe('place ord-00000001 SELL 50 MARKET');
    await link.fill('ord-00000001', '50', '10');
    expect([desk.held('AAPL'), link.status('ord-00000001')]).toEqual(['0', 'FILLED']);
  });

  it('leave to a target that rests what that is for', async () => {
    const link = await connectedDesk();
    const { desk } = link;
    desk.clock.set(EVENING);
    await desk.command(forTheOpen('SELL 80 limit 11', EVENING));
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'BUY 50 market');
    await link.fill('ord-00000002', '50', '10');
    await desk.place('AAPL', 'SELL 30 limit 12', { timeInForce: 'GTC' });
    desk.clock.set(RELEASE);
    await desk.command(release('ord-00000001'));
    expect(link.far.left.at(-1)).toBe('place ord-00000001 SELL 20 LIMIT 11');
  });

  it('deny one for more than is held when it is placed, and name no flip to it', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 50 market');
    await link.fill('ord-00000001', '50', '10');
    link.desk.clock.set(EVENING);
    await link.desk.command(forTheOpen('SELL 80', EVENING));
    const said = link.desk.order('ord-00000002').statusMessage;
    expect(said).toContain('send at most that');
    expect(said).not.toContain('allowFlip');
  });

  it('do not let go of it before its time, nor twice', async () => {
    const desk = await shipped();
    await desk.tick('AAPL', '10');
    desk.clock.set(EVENING);
    await desk.command(forTheOpen('BUY 10', EVENING));
    desk.clock.set(RELEASE - 1);
    await desk.command(release(ORDER));
    expect(desk.order(ORDER).status).toBe('ARMED');
    desk.clock.set(RELEASE);
    await desk.command(release(ORDER));
    await desk.command(release(ORDER));
    expect(desk.events('OrderSubmitted')).toHaveLength(1);
  });
});

describe('a process that ends', () => {
  const release: Command = {
    kind: 'RELEASE_STAGED',
    // Nothing was seen since the start: the close is what it is judged by.
    orders: [{ order: 'ord-00000001', price: price('10') }],
  };
  async function staged(): Promise<LinkDesk> {
    const link = await connectedDesk({ instrument: { calendar: 'XNYS' } });
    link.desk.clock.set(EVENING);
    await link.command(forTheOpen('BUY 10', EVENING));
    return link;
  }
  const status = (link: LinkDesk) => link.desk.order('ord-00000001').status;

  it('overnight keeps it staged', async () => {
    const link = await staged();
    await link.restart();
    await link.connect();
    expect(status(link)).toBe('ARMED');
    link.desk.clock.set(RELEASE);
    await link.command(release);
    expect(link.far.left).toEqual(['place ord-00000001 BUY 10 MARKET']);
    expect(toText(link.desk.order('ord-00000001').quantity)).toBe('10');
  });

  it.each([
    ['in time', LAST_CALL, 'WORKING'],
    ['too late', LAST_CALL + 1, 'EXPIRED'],
  ])('between its release and its way out, and is back %s', async (_, back, becomes) => {
    const link = await staged();
    link.desk.clock.set(RELEASE);
    await link.command(release);
    const letGo = link.desk.records.find(({ event }) => event.type === 'OrderReleased')!;
    link.far.forget('ord-00000001');
    link.far.left.length = 0;
    await link.restart(letGo.sequence);
    link.desk.clock.set(back);
    await link.connect();
    expect(status(link)).toBe(becomes);
    expect(link.far.left).toHaveLength(becomes === 'WORKING' ? 1 : 0);
  });
});
