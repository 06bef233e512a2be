// A trigger looks at one price: the last trade unless it says otherwise. Each kind of price has its
// own price before, and what is missing of a quote counts for nothing.

import { toText, price, type Price } from '../../src/domain/decimal';
import type { TriggerAsk } from '../../src/domain/input';
import type { PriceSource } from '../../src/domain/price-source';
import type { TriggerKind } from '../../src/domain/order';
import { SqliteJournal } from '../../src/persistence/journal';
import { connectedDesk } from '../support/link-kit';
import { canonical, folded, openDesk, type Desk } from '../support/trading-kit';

const FIRST = 'ord-00000001';
const on = (kind: TriggerKind, level: string, priceSource: PriceSource): TriggerAsk => ({
  ...{ kind, level: price(level), priceSource },
});
const firedAt = (desk: Desk, id = FIRST): string | null => {
  const at: Price | null = desk.order(id).trigger!.firedPrice;
  return at === null ? null : toText(at);
};
const priceOf = (desk: Desk, kind: 'BID' | 'ASK' | 'MID'): string | undefined =>
  desk.engine.market.latest('AAPL', kind)?.priceText;

describe('a trigger', () => {
  it('of a BUY on bid-ask fires on the ask while the last price has not crossed', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 market 10 @bid-ask'] }, '9');
    await desk.ticks('AAPL', '9.8 9.9');
    await desk.quote('AAPL', { bid: '9.9', ask: '9.95' });
    await desk.quote('AAPL', { bid: '10.2' });
    expect(desk.order('entry[0]').status).toBe('ARMED');
    await desk.quote('AAPL', { ask: '10.01' });
    expect(desk.order('entry[0]').status).toBe('WORKING');
    expect(firedAt(desk, 'entry[0]')).toBe('10.01');
  });

  it('of a SELL on bid-ask fires on the bid', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'SELL 10 market', { trigger: on('CROSS_UNDER', '10', 'BID_ASK') });
    await desk.ticks('AAPL', '10.5');
    await desk.quote('AAPL', { bid: '10', ask: '10.01' });
    await desk.quote('AAPL', { ask: '9.9' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', { bid: '9.99' });
    expect(firedAt(desk)).toBe('9.99');
  });

  it.each([
    ['BID', { bid: '10' }, '10'],
    ['ASK', { ask: '10' }, '10'],
    ['MID', { bid: '9.99', ask: '10.02' }, '10.005'],
  ] as const)('on %s fires at a level that this kind of price reaches', async (...given) => {
    const [source, quote, at] = given;
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', source) });
    await desk.ticks('AAPL', '9 9.5');
    await desk.quote('AAPL', { bid: '9', ask: '9.1' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', quote);
    expect(firedAt(desk)).toBe(at);
  });

  it('on quotes is not moved by any last price, and one on last prices by no quote', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'ASK') });
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'LAST') });
    await desk.ticks('AAPL', '9 9.5');
    await desk.quote('AAPL', { bid: '8', ask: '11' });
    expect(desk.order(FIRST).status).not.toBe('ARMED');
    expect(desk.order('ord-00000002').status).toBe('ARMED');
    await desk.ticks('AAPL', '11');
    expect(desk.order('ord-00000002').status).not.toBe('ARMED');
  });
});

describe('the price before', () => {
  it('of a quote is the quote before, and the first one only sets it', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('CROSS_OVER', '10', 'BID') });
    await desk.ticks('AAPL', '9 9.5');
    await desk.quote('AAPL', { bid: '10.5' });
    await desk.quote('AAPL', { bid: '10.6' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', { bid: '9.9' });
    await desk.quote('AAPL', { bid: '10.1' });
    expect(firedAt(desk)).toBe('10.1');
  });

  it('is never the close of the session before: that is a last price', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 1 market 10 @ask'] }, '9');
    expect(desk.order('entry[0]').trigger).toMatchObject({ reference: null, priceSource: 'ASK' });
    await desk.quote('AAPL', { ask: '11' });
    expect(desk.order('entry[0]').status).toBe('ARMED');
  });

  it('is forgotten for every kind of price after a long outage of the feed', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('CROSS_OVER', '10', 'ASK') });
    await desk.quote('AAPL', { ask: '9' });
    desk.gate.close(desk.clock.now());
    desk.clock.set(desk.clock.now() + 61_000);
    desk.gate.open(desk.clock.now());
    await desk.quote('AAPL', { ask: '11' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', { ask: '9' });
    await desk.quote('AAPL', { ask: '10.5' });
    expect(firedAt(desk)).toBe('10.5');
  });

  it('outlasts a short one, and what came in meanwhile is looked at', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('CROSS_OVER', '10', 'MID') });
    await desk.quote('AAPL', { bid: '9', ask: '9.2' });
    desk.gate.close(desk.clock.now());
    await desk.quote('AAPL', { bid: '10.1', ask: '10.2' });
    expect(firedAt(desk)).toBeNull();
    desk.gate.open(desk.clock.now());
    await desk.engine.drain();
    expect(firedAt(desk)).toBe('10.15');
  });

  it('is not known after a restart: the first quote only sets it', async () => {
    const link = await connectedDesk();
    const trigger = on('CROSS_OVER', '10', 'ASK');
    await link.desk.place('AAPL', 'BUY 5 limit 9', { trigger });
    await link.desk.quote('AAPL', { ask: '9' });
    await link.restart();
    await link.connect();
    await link.desk.ticks('AAPL', '9 9.5');
    await link.desk.quote('AAPL', { ask: '11' });
    expect(link.far.left).toEqual([]);
    await link.desk.quote('AAPL', { ask: '10' });
    await link.desk.quote('AAPL', { ask: '10.01' });
    expect(link.far.left).toEqual([`place ${FIRST} BUY 5 LIMIT 9`]);
  });
});

describe('a quote', () => {
  it.each([
    ['without a bid', { bid: null }],
    ['without an ask', { ask: null }],
    ['with a bid of zero', { bid: '0' }],
    ['with its sides crossed', { bid: '10.3' }],
  ] as const)('%s has no middle', async (_, quote) => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'MID') });
    await desk.quote('AAPL', { bid: '9', ask: '9.2' });
    await desk.quote('AAPL', quote);
    await desk.quote('AAPL', 'ask' in quote ? { bid: '12' } : { ask: '10.2' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', { bid: '10.1', ask: '10.3' });
    expect(firedAt(desk)).toBe('10.2');
  });

  it('whose side is gone does not count, and goes on from the price before', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'SELL 1 market', { trigger: on('CROSS_UNDER', '10', 'BID') });
    await desk.quote('AAPL', { bid: '10.2' });
    await desk.quote('AAPL', { bid: null });
    await desk.quote('AAPL', { bid: '0' });
    expect(firedAt(desk)).toBeNull();
    await desk.quote('AAPL', { bid: '9.8' });
    expect(firedAt(desk)).toBe('9.8');
  });

  it('outside the session counts for nothing', async () => {
    const desk = await openDesk({ instrument: { calendar: 'XNYS' } });
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'ASK') });
    await desk.quote('AAPL', { ask: '11' }, 6.5 * 3_600_000 + 1);
    expect(firedAt(desk)).toBeNull();
  });

  it('is taken in while an armed order looks at it, and then no more', async () => {
    const desk = await openDesk();
    await desk.quote('AAPL', { bid: '9', ask: '9.1' });
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'LAST') });
    await desk.quote('AAPL', { bid: '9', ask: '9.1' });
    expect([...desk.engine.quotesOn('AAPL')]).toEqual([]);
    expect(priceOf(desk, 'ASK')).toBeUndefined();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'ASK') });
    await desk.quote('AAPL', { bid: '9', ask: '9.1' });
    expect([priceOf(desk, 'ASK'), priceOf(desk, 'BID')]).toEqual(['9.1', undefined]);
    const order = 'ord-00000002';
    await desk.command({ kind: 'CANCEL_ORDER', order, reason: 'enough' });
    expect([...desk.engine.quotesOn('AAPL')]).toEqual([]);
    expect(priceOf(desk, 'ASK')).toBeUndefined();
  });
});

describe('what looks at quotes', () => {
  it('and fires at one quote goes in file order, whatever kinds of price it was', async () => {
    const desk = await openDesk();
    const entry = ['over BUY 1 market 10 @mid', 'over BUY 2 market 10 @bid'];
    await desk.load('AAPL', { entry });
    await desk.quote('AAPL', { bid: '9', ask: '10.2' });
    await desk.quote('AAPL', { bid: '10.1' });
    expect(desk.order('entry[0]').status).toBe('WORKING');
    expect(desk.order('entry[1]').status).toBe('CANCELLED');
  });

  it('says in journal and decision which price it was', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'BID_ASK') });
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'LAST') });
    await desk.ticks('AAPL', '9');
    await desk.quote('AAPL', { ask: '10' });
    await desk.ticks('AAPL', '10');
    const [quoted, traded] = desk.events('TriggerFired');
    expect(quoted).toMatchObject({ order: FIRST, priceKind: 'ASK' });
    expect(traded).not.toHaveProperty('priceKind');
    const kinds = desk.events('DecisionMade').map(({ decision }) => decision.firedOn);
    expect(kinds.map((each) => each && [each.priceKind, toText(each.price)])).toEqual([
      ['ASK', '10'],
      ['LAST', '10'],
    ]);
  });

  it('folds to the same state from its journal', async () => {
    const journal = new SqliteJournal(':memory:');
    const desk = await openDesk({ journal });
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 10 @bid-ask'],
      long: ['SELL 10 trail 1 from 12 @bid', 'SELL 10 market 8 stop'],
    });
    await desk.quote('AAPL', { bid: '9', ask: '9' });
    await desk.quote('AAPL', { ask: '11' });
    await desk.ticks('AAPL', '10 10');
    await desk.quote('AAPL', { bid: '13' });
    expect(canonical(folded(journal))).toBe(canonical(desk.state));
  });

  it('is judged by the age of the price it looks at, not of the last one', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.ticks('AAPL', '9.9');
    await desk.place('AAPL', 'BUY 1 market', { trigger: on('STOP', '10', 'ASK') });
    await desk.quote('AAPL', { ask: '10' }, 120_000);
    expect(desk.order(FIRST).status).toBe('WORKING');
  });
});

describe('a trailing stop held here', () => {
  it('follows the price it looks at, and no other', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 10 market 10'],
      long: ['SELL 10 trail 1 from 12 @bid-ask'],
    });
    await desk.ticks('AAPL', '9.9 10.1 10.1 15');
    await desk.quote('AAPL', { bid: '12', ask: '14' });
    await desk.quote('AAPL', { bid: '12.5' });
    await desk.ticks('AAPL', '11');
    expect(desk.order('long[0]').status).toBe('ARMED');
    await desk.quote('AAPL', { bid: '11.6' });
    expect(desk.order('long[0]').status).toBe('ARMED');
    await desk.quote('AAPL', { bid: '11.5' });
    expect(desk.order('long[0]').status).toBe('WORKING');
    expect(firedAt(desk, 'long[0]')).toBe('11.5');
  });
});

it('an exit that touches looks at its own price; what rests at the broker is its own', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', {
    entry: ['over BUY 10 market 10'],
    long: ['SELL 10 market 12 @bid', 'SELL 10 market 8 stop @bid'],
  });
  await desk.ticks('AAPL', '9.9 10.1 10.1 12.5');
  expect(desk.order('long[0]').status).toBe('ARMED');
  expect(desk.order('long[1]')).toMatchObject({ type: 'STOP', status: 'WORKING', trigger: null });
  await desk.quote('AAPL', { bid: '7' });
  expect(desk.order('long[1]').status).toBe('WORKING');
  await desk.quote('AAPL', { bid: '12' });
  expect(desk.order('long[0]').status).toBe('WORKING');
});

it('asked for twice under one request with another price to look at, it is refused', async () => {
  const desk = await openDesk();
  const asked = (priceSource: PriceSource) => ({
    ...{ requestId: 'one', trigger: on('STOP', '12', priceSource) },
  });
  expect(await desk.place('AAPL', 'BUY 5 market', asked('ASK'))).toBeNull();
  expect(await desk.place('AAPL', 'BUY 5 market', asked('ASK'))).toBeNull();
  expect(await desk.place('AAPL', 'BUY 5 market', asked('LAST'))).toMatch(/already used/);
});

it('a changed file that looks at another price replaces what waits, and says so', async () => {
  const desk = await openDesk();
  await desk.load('AAPL', { entry: ['over BUY 1 market 10'] });
  await desk.load('AAPL', { entry: ['over BUY 1 market 10 @bid-ask'] });
  const told = desk.events('InstructionsRecorded').flatMap(({ file }) => file.findings);
  expect(told.map(({ message }) => message).join()).toMatch(
    /entry\[0\] was BUY 1 market on cross-over 10, is .* 10, looks at the ask/,
  );
  await desk.quote('AAPL', { ask: '9' });
  await desk.quote('AAPL', { ask: '11' });
  const fired = desk.events('TriggerFired');
  expect(fired.map(({ order, priceKind }) => [order, priceKind])).toEqual([
    ['ord-00000002', 'ASK'],
  ]);
});
