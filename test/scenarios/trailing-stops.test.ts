// A stop that follows the price: from the entry's fill or from an activation price, never back.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { TrailTerms } from '../../src/domain/order';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import { ACCOUNT, canonical, folded, openDesk, planOf, STRATEGY } from '../support/trading-kit';
import type { Desk, PlanWords } from '../support/trading-kit';

const OWNER = { account: ACCOUNT, strategy: STRATEGY, instrument: 'AAPL' };
const LONG = { entry: ['over BUY 100 market 100'], long: ['SELL 100 trail 1.5'] };
/** Held here, since it has an activation price, and active at the fill. */
const HERE = { ...LONG, long: ['SELL 100 trail 1.5 from 90'] };
const SHORT = { entry: ['under SELL 100 market 100'], short: ['BUY 100 trail 1.5'] };

async function after(plan: PlanWords, prices: string): Promise<Desk> {
  const desk = await openDesk();
  await desk.load('AAPL', plan);
  await desk.ticks('AAPL', prices);
  return desk;
}
const levelOf = (desk: Desk, leg: string): string => {
  const { trigger, stopPrice } = desk.order(leg);
  return toText(trigger?.level ?? stopPrice!);
};
const exits = (desk: Desk): string[] => desk.story('trigger', 'fill').slice(2);

describe('a trailing stop of an entry', () => {
  it('begins at the fill, follows a long up, and sells when the price comes back', async () => {
    const desk = await after(LONG, '99 100.1 100 101 103 102 101.51 101.5 101.4');
    expect(exits(desk)).toEqual([
      '8 trigger long[0] at 101.5',
      '9 fill long[0] 100 at 101.4 makes 0',
    ]);
  });

  it('follows a short down, and buys it back', async () => {
    const desk = await after(SHORT, '101 99.9 100 99 97 98 98.49 98.5 98.6');
    expect(exits(desk)).toEqual([
      '8 trigger short[0] at 98.5',
      '9 fill short[0] 100 at 98.6 makes 0',
    ]);
  });

  it('sells below the fill when the price never rises', async () => {
    const desk = await after(LONG, '99 100.1 100 98.51 98.5 98.4');
    expect(exits(desk)[0]).toBe('5 trigger long[0] at 98.5');
  });

  it.each([
    ['a long', LONG, '99 100.1 100 105 101 100.5', '5 trigger long[0] at 101'],
    ['a short', SHORT, '101 99.9 100 95 99 99.5', '5 trigger short[0] at 99'],
  ])('goes through a gap with %s', async (_, plan, prices, fired) => {
    expect(exits(await after(plan, prices))[0]).toBe(fired);
  });

  it.each([
    ['BUY', '2%', '101 99.9 100 90.005 91.80 91.81', '6 trigger short[0] at 91.81'],
    ['SELL', '2%', '99 100.1 100 110.005 107.81 107.80', '6 trigger long[0] at 107.8'],
  ])('%s by %s is rounded to the tick, away from the market', async (...given) => {
    const [side, distance, prices, fired] = given;
    const exit = [`${side} 100 trail ${distance}`];
    const plan = side === 'SELL' ? { ...LONG, long: exit } : { ...SHORT, short: exit };
    expect(exits(await after(plan, prices))).toEqual([fired]);
  });

  it('is cut to what another exit has left of the position', async () => {
    const plan = { ...LONG, long: ['SELL 100 trail 1.5', 'SELL 60 limit 103'] };
    const desk = await after(plan, '99 100.1 100 103.2 101.7 101.6');
    expect(exits(desk)).toEqual([
      '4 fill long[1] 60 at 103.2 makes 40',
      '5 trigger long[0] at 101.7',
      '6 fill long[0] 40 at 101.6 makes 0',
    ]);
  });

  it('ends when the position is closed without it', async () => {
    const plan = { ...LONG, long: ['SELL 100 trail 1.5', 'SELL 100 limit 103'] };
    const desk = await after(plan, '99 100.1 100 103.2 90 90');
    expect(desk.story('cancel')).toEqual(['4 cancel long[0]: position closed']);
    expect(desk.held('AAPL')).toBe('0');
  });

  it('covers what it is written for, where the entry is larger', async () => {
    const desk = await after({ ...LONG, long: ['SELL 40 trail 1.5'] }, '99 100.1 100 98.5 98');
    expect(exits(desk)[1]).toBe('5 fill long[0] 40 at 98 makes 60');
  });
});

describe('with an activation price', () => {
  const plan = { ...LONG, long: ['SELL 100 trail 1.5 from 105'] };

  it('is no stop at all before it', async () => {
    const desk = await after(plan, '99 100.1 100 104.99 90 95');
    expect(desk.held('AAPL')).toBe('100');
    expect(desk.order('long[0]').trigger).toMatchObject({ trail: { bestPrice: null } });
    expect(levelOf(desk, 'long[0]')).toBe('103.5');
  });

  it('follows from there', async () => {
    const desk = await after(plan, '99 100.1 100 103 105 104 106 104.51 104.5 104');
    expect(exits(desk)).toEqual([
      '9 trigger long[0] at 104.5',
      '10 fill long[0] 100 at 104 makes 0',
    ]);
  });

  it('begins at the fill where that is beyond it already', async () => {
    const desk = await after(plan, '99 100.1 106 104.5 104');
    expect(exits(desk)[0]).toBe('4 trigger long[0] at 104.5');
  });

  it('mirrors for a short', async () => {
    const short = { ...SHORT, short: ['BUY 100 trail 2% from 95'] };
    const desk = await after(short, '101 99.9 100 99 95.01 98 95 96.89 96.9 97');
    expect(exits(desk)[0]).toBe('9 trigger short[0] at 96.9');
  });
});

describe('beside an entry that is not complete', () => {
  async function inPart(): Promise<LinkDesk> {
    const link = await connectedDesk();
    await link.desk.load('AAPL', HERE);
    await link.desk.ticks('AAPL', '99 101');
    await link.fill('entry[0]', '30', '100');
    return link;
  }

  it('takes the rest of the entry back, and sells what came of it', async () => {
    const link = await inPart();
    await link.desk.tick('AAPL', '98.4');
    const [entry, exit] = ['entry[0]', 'long[0]'].map((leg) => link.id(leg));
    expect(link.far.left.slice(-2)).toEqual([`cancel ${entry}`, `place ${exit} SELL 30 MARKET`]);
  });

  it('follows from the first fill, and sells what has filled by then', async () => {
    const link = await inPart();
    await link.fill('entry[0]', '70', '104');
    expect(toText(uncoveredUnits(link.desk.state, OWNER))).toBe('0');
    await link.desk.ticks('AAPL', '102 100.5');
    expect(link.far.left.at(-1)).toBe(`place ${link.id('long[0]')} SELL 100 MARKET`);
    expect(toText(link.desk.order('long[0]').trigger!.firedPrice!)).toBe('100.5');
  });
});

it('covers the whole position, however it grew, where the file says so', async () => {
  const spec = planOf('AAPL', { ...LONG, long: ['SELL 10 trail 1.5', 'BUY 50 limit 99.5'] });
  const settings = { exitQuantity: 'POSITION', cycles: 1 } as const;
  const desk = await openDesk();
  await desk.load('AAPL', { ...spec, settings });
  await desk.ticks('AAPL', '99 100.1 100 99.4');
  expect([desk.held('AAPL'), toText(uncoveredUnits(desk.state, OWNER))]).toEqual(['150', '0']);
  await desk.ticks('AAPL', '98.5 98');
  expect(desk.held('AAPL')).toBe('0');
});

describe('what is recorded', () => {
  it('is a level that has moved by a tick, once a second', async () => {
    const desk = await after(HERE, '99 100.1 100');
    for (const text of '101 101.5 102 102.001 102.002'.split(' '))
      await desk.tick('AAPL', text, 300);
    const moves = desk.events('TrailMoved').map(({ bestPrice, level }) => [bestPrice, level]);
    expect(moves.map((each) => each.map(toText).join(' '))).toEqual(['102.001 100.5']);
  });

  it('is what is in force when it fires, however little time has passed', async () => {
    const desk = await after(HERE, '99 100.1 100');
    for (const text of '104 102.5'.split(' ')) await desk.tick('AAPL', text, 100);
    const types = desk.records.map(({ event }) => event.type);
    expect(types.slice(types.lastIndexOf('TrailMoved')).slice(0, 2)).toEqual([
      ...['TrailMoved', 'TriggerFired'],
    ]);
    expect(levelOf(desk, 'long[0]')).toBe('102.5');
  });

  it('is caught up with in a quiet market', async () => {
    const desk = await after(HERE, '99 100.1 100');
    await desk.tick('AAPL', '104', 100);
    const at = desk.clock.now();
    expect(desk.engine.recordTrails({ id: 'early', at })).toBe(false);
    expect(desk.engine.recordTrails({ id: 'due', at: at + 900 })).toBe(true);
    await desk.engine.drain();
    expect(levelOf(desk, 'long[0]')).toBe('102.5');
    expect(desk.engine.recordTrails({ id: 'again', at: at + 9_000 })).toBe(false);
  });

  it('folds to the state of the run', async () => {
    const desk = await after(HERE, '99 100.1 100 101 103 102 104 102.51');
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('is resumed after a restart, never with a looser stop', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', HERE);
    await link.desk.ticks('AAPL', '99 101');
    await link.fill('entry[0]', '100', '100');
    await link.desk.ticks('AAPL', '100 103 101.6');
    await link.restart();
    await link.connect();
    expect(levelOf(link.desk, 'long[0]')).toBe('101.5');
    await link.desk.ticks('AAPL', '101.6 103.5 102.1');
    expect(link.status('long[0]')).toBe('ARMED');
    await link.desk.tick('AAPL', '102');
    expect(link.far.left.at(-1)).toBe(`place ${link.id('long[0]')} SELL 100 MARKET`);
  });

  it('outlives an outage of the feed: it protects, and has no reference to lose', async () => {
    const desk = await after(HERE, '99 100.1 100');
    await desk.tick('AAPL', '104', 100);
    desk.engine.forgetPrices(['AAPL']);
    await desk.ticks('AAPL', '102.5 102');
    expect(exits(desk)[0]).toMatch(/trigger long\[0\] at 102.5$/);
  });
});

describe('by hand', () => {
  const trail = (level: string, terms: Partial<Record<keyof TrailTerms, string>>) => ({
    trigger: {
      ...{ kind: 'TRAIL' as const, level: price(level) },
      trail: {
        trailBy: terms.trailBy === undefined ? null : price(terms.trailBy),
        trailPercent: terms.trailPercent ?? null,
        activateAt: terms.activateAt === undefined ? null : price(terms.activateAt),
      },
    },
  });
  async function holding(side: 'BUY' | 'SELL' = 'BUY'): Promise<Desk> {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', `${side} 10 market`);
    await desk.tick('AAPL', '100');
    return desk;
  }
  const STOP = 'ord-00000002';

  it('holds at its first level, and follows from there', async () => {
    const desk = await holding();
    await desk.place('AAPL', 'SELL 10 market', trail('97', { trailBy: '2' }));
    await desk.ticks('AAPL', '98 97.5 99.5');
    expect(levelOf(desk, STOP)).toBe('97.5');
    await desk.ticks('AAPL', '97.5 97');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('sells at its first level when the next price is through it', async () => {
    const desk = await holding();
    await desk.place('AAPL', 'SELL 10 market', trail('97', { trailBy: '2' }));
    await desk.ticks('AAPL', '96.9 96.8');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('stands still until its activation price', async () => {
    const desk = await holding('SELL');
    const given = trail('103', { trailPercent: '2', activateAt: '95' });
    await desk.place('AAPL', 'BUY 10 market', given);
    await desk.ticks('AAPL', '97 99 102.99');
    expect(levelOf(desk, STOP)).toBe('103');
    await desk.ticks('AAPL', '95 96.89');
    expect(levelOf(desk, STOP)).toBe('96.9');
    expect(desk.order(STOP).status).toBe('ARMED');
    await desk.ticks('AAPL', '96.9 97');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('is a retry under the same request, however far it has come', async () => {
    const desk = await holding();
    const given = { requestId: 'one', ...trail('97', { trailBy: '2' }) };
    await desk.place('AAPL', 'SELL 10 market', given);
    await desk.ticks('AAPL', '104 103');
    expect(await desk.place('AAPL', 'SELL 10 market', given)).toBeNull();
    const other = { requestId: 'one', ...trail('97', { trailBy: '3' }) };
    expect(await desk.place('AAPL', 'SELL 10 market', other)).toMatch(/already used/);
  });

  it('can be set back by hand, and follows from there', async () => {
    const desk = await holding();
    await desk.place('AAPL', 'SELL 10 market', trail('97', { trailBy: '2' }));
    await desk.ticks('AAPL', '104 103');
    const nothing = { quantity: null, limitPrice: null, stopPrice: null };
    await desk.command({
      ...{ kind: 'MODIFY_ORDER', requestId: 'back', order: STOP, ...nothing, level: price('95') },
    });
    await desk.ticks('AAPL', '101');
    expect(levelOf(desk, STOP)).toBe('99');
    await desk.ticks('AAPL', '99 98');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('never opens a position', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '100');
    const refused = await desk.place('AAPL', 'SELL 10 market', trail('97', { trailBy: '2' }));
    expect(refused).toMatch(/only gives back: momentum holds no long position in AAPL/);
    expect(desk.state.orders.size).toBe(0);
  });

  it.each([
    [{}, /one of the two/],
    [{ trailBy: '1', trailPercent: '1' }, /one of the two/],
    [{ trailBy: '0' }, /distance must be above zero/],
    [{ trailPercent: '0' }, /above 0 and below 100/],
    [{ trailPercent: '100' }, /above 0 and below 100/],
    [{ trailBy: '1', activateAt: '0' }, /activation price must be above zero/],
  ])('is refused with %j', async (terms, why) => {
    const desk = await holding();
    expect(await desk.place('AAPL', 'SELL 10 market', trail('97', terms))).toMatch(why);
  });

  it('releases a market order, and no other trigger has a distance', async () => {
    const desk = await holding();
    const given = trail('97', { trailBy: '2' });
    expect(await desk.place('AAPL', 'SELL 10 limit 96', given)).toMatch(/MARKET order, not LIMIT/);
    const kind = { trigger: { ...given.trigger, kind: 'STOP' as const } };
    expect(await desk.place('AAPL', 'SELL 10 market', kind)).toMatch(/no other trigger has one/);
    const bare = { trigger: { kind: 'TRAIL' as const, level: price('97') } };
    expect(await desk.place('AAPL', 'SELL 10 market', bare)).toMatch(/needs its distance/);
    expect(quantity(desk.held('AAPL'))).toEqual(quantity('10'));
  });
});
