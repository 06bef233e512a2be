// An entry by hand with its exits in one request. It is a plan with one entry, so that everything
// after it goes as for the symbol of a file: exits arm with the first fill, follow what is held,
// and end when it is flat. A bad part refuses all of it.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Order } from '../../src/domain/order';
import { bracketOf, entryOfBracket } from '../../src/engine/core/brackets';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import {
  BOTH,
  BOTH_ABOVE,
  bracket,
  DATE,
  entered,
  ENTRY,
  orders,
  standing,
} from '../support/bracket-kit';
import { connectedDesk, openLinkDesk, type LinkDesk } from '../support/link-kit';
import { ACCOUNT, canonical, folded, openDesk, STRATEGY } from '../support/trading-kit';

const replays = ({ desk }: LinkDesk): void => {
  expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
};

it('arms stop and target with the first fill, and resizes both with each', async () => {
  const link = await entered();
  expect(link.far.left).toEqual([`place ${ENTRY} BUY 10 MARKET`]);
  await link.fill('entry', '4', '10');
  expect(link.far.left.slice(1)).toEqual([
    'place ord-00000002 SELL 4 STOP 8',
    'place ord-00000003 SELL 4 LIMIT 12',
  ]);
  await link.fill('entry', '6', '10.1');
  expect(link.far.left.slice(3)).toEqual([
    'modify ord-00000002 SELL 10 STOP 8',
    'modify ord-00000003 SELL 10 LIMIT 12',
  ]);
  await link.fill('takeProfit', '10', '12');
  expect(link.desk.held('AAPL')).toBe('0');
  expect(standing(link)).toEqual(['entry FILLED', 'stopLoss CANCELLED', 'takeProfit FILLED']);
  replays(link);
});

it('of a short is the mirror image', async () => {
  const link = await entered('SELL 10 limit 10', { target: '8', stop: '12', limit: '12.5' });
  await link.fill('entry', '10', '10');
  const [stop, target] = [link.desk.order('stopLoss'), link.desk.order('takeProfit')];
  expect(stop).toMatchObject({ side: 'BUY', type: 'STOP_LIMIT', role: 'STOP_LOSS' });
  expect([stop.stopPrice, stop.limitPrice, target.limitPrice].map((p) => toText(p!))).toEqual([
    '12',
    '12.5',
    '8',
  ]);
  await link.fill('stopLoss', '10', '12');
  expect([link.desk.held('AAPL'), link.status('takeProfit')]).toEqual(['0', 'CANCELLED']);
});

it('keeps what each exit is, wherever the entry fills', async () => {
  // By its price against this fill the stop would be a target.
  const link = await entered('BUY 10 market', { target: '12', stop: '9.9' });
  await link.fill('entry', '10', '9.8');
  expect(link.far.left.slice(1)).toEqual([
    'place ord-00000002 SELL 10 STOP 9.9',
    'place ord-00000003 SELL 10 LIMIT 12',
  ]);
});

it.each([
  [{ by: '1.5' }, '8.5'],
  [{ percent: '10' }, '9'],
])('has a stop that trails behind the first fill: %o', async (asked, level) => {
  const link = await entered('BUY 10 market', asked);
  await link.fill('entry', '10', '10');
  expect(link.far.left.slice(1)).toEqual([`place ord-00000002 SELL 10 TRAILING_STOP ${level}`]);
});

it('rounds its exits to the tick as those of a file are', async () => {
  const link = await entered('BUY 10 market', { target: '12.001', stop: '8.009' });
  await link.fill('entry', '10', '10');
  expect(link.far.left.slice(1)).toEqual([
    'place ord-00000002 SELL 10 STOP 8',
    'place ord-00000003 SELL 10 LIMIT 12.01',
  ]);
});

it('cancels the rest of the entry when its stop is hit while that works', async () => {
  const link = await entered('BUY 10 limit 10');
  await link.fill('entry', '4', '10');
  await link.desk.report({ kind: 'ELECTED', order: link.id('stopLoss'), price: price('8') });
  expect(link.status('entry')).toBe('CANCELLED');
  await link.fill('stopLoss', '4', '8');
  expect(link.desk.held('AAPL')).toBe('0');
  expect(standing(link)).toEqual(['entry CANCELLED', 'stopLoss FILLED', 'takeProfit CANCELLED']);
});

it('leaves what has filled its exits where the entry is cancelled', async () => {
  const link = await entered('BUY 10 limit 10');
  await link.fill('entry', '4', '10');
  await link.cancel(ENTRY);
  expect(standing(link)).toEqual(['entry CANCELLED', 'stopLoss WORKING', 'takeProfit WORKING']);
  const covered = { account: ACCOUNT, instrument: 'AAPL', strategy: STRATEGY };
  expect(toText(uncoveredUnits(link.desk.state, covered))).toBe('0');
});

it('arms nothing where the entry ends before a fill, and the place is free again', async () => {
  const link = await entered('BUY 10 limit 9');
  await link.cancel(ENTRY);
  expect(standing(link)).toEqual(['entry CANCELLED']);
  expect(await bracket(link.desk, 'BUY 10 limit 9', BOTH, { requestId: 'b2' })).toBeNull();
});

it('protects what fills after the entry was cancelled', async () => {
  const link = await entered('BUY 10 limit 10');
  link.far.deaf = true;
  await link.cancel(ENTRY);
  await link.desk.report({ kind: 'CANCELLED', order: ENTRY, reason: 'as asked' });
  link.far.deaf = false;
  await link.fill('entry', '3', '10');
  expect(standing(link).slice(1)).toEqual(['stopLoss WORKING', 'takeProfit WORKING']);
});

it('a stop that the broker refuses is held here', async () => {
  const link = await connectedDesk();
  link.far.refuses = ({ type }) => (type === 'STOP' ? 'no stops today' : null);
  await bracket(link.desk, 'BUY 10 market');
  await link.fill('entry', '10', '10');
  const held = orders(link).find(({ insteadOf }) => insteadOf !== undefined)!;
  expect(held).toMatchObject({ status: 'ARMED', heldBy: 'ENGINE', role: 'STOP_LOSS' });
  expect(bracketOf(link.desk.state, link.desk.order(ENTRY))?.exits).toContain(held);
  await link.desk.ticks('AAPL', '7.9');
  expect(link.far.left.at(-1)).toBe(`place ${held.id} SELL 10 MARKET`);
});

it('waits for a trigger, and arms its exits when what that sent has filled', async () => {
  const link = await connectedDesk();
  const trigger = { kind: 'CROSS_OVER', level: price('11') } as const;
  await bracket(link.desk, 'BUY 10 market', BOTH_ABOVE, { trigger, tradingDate: DATE });
  expect(link.far.left).toEqual([]);
  await link.desk.ticks('AAPL', '10.9 11.1');
  expect(link.far.left).toEqual([`place ${ENTRY} BUY 10 MARKET`]);
  await link.fill('entry', '10', '11.1');
  expect(standing(link)).toEqual(['entry FILLED', 'stopLoss WORKING', 'takeProfit WORKING']);
});

it('that waits for a trigger expires with its session, and arms nothing', async () => {
  const link = await connectedDesk();
  const trigger = { kind: 'CROSS_OVER', level: price('11') } as const;
  await bracket(link.desk, 'BUY 10 market', BOTH_ABOVE, { trigger, tradingDate: DATE });
  await link.desk.closeSession('AAPL');
  expect(standing(link)).toEqual(['entry EXPIRED']);
});

it('is denied at once without a link, with nothing left to arm', async () => {
  const link = await openLinkDesk();
  await bracket(link.desk, 'BUY 10 market');
  expect(standing(link)).toEqual(['entry DENIED']);
  await link.connect();
  expect(link.far.left).toEqual([]);
});

it('is changed like any other order, and the exits follow the entry', async () => {
  const link = await entered('BUY 10 limit 10');
  const change = {
    kind: 'MODIFY_ORDER',
    quantity: null,
    limitPrice: null,
    stopPrice: null,
  } as const;
  await link.command({ ...change, requestId: 'm1', order: ENTRY, quantity: quantity('15') });
  await link.fill('entry', '15', '10');
  const stop = link.id('stopLoss');
  await link.command({ ...change, requestId: 'm2', order: stop, stopPrice: price('9') });
  expect(link.far.left.at(-1)).toBe(`modify ${stop} SELL 15 STOP 9`);
  // The retry of the first request is no new one.
  expect(await bracket(link.desk, 'BUY 15 limit 10')).toContain('H4');
  expect(orders(link)).toHaveLength(3);
});

it('an exit by hand has no room beside its own, and is told so', async () => {
  const link = await entered();
  await link.fill('entry', '10', '10');
  await link.desk.place('AAPL', 'SELL 5 stop 7');
  expect(link.desk.order('ord-00000004')).toMatchObject({
    status: 'DENIED',
    statusMessage: expect.stringContaining('H13'),
  });
});

it('names its exits, and they name it', async () => {
  const link = await entered('BUY 10 limit 10', { target: '12', stop: '8', limit: '7.5' });
  const asked = { takeProfit: '12', stopLoss: '8', stopLimit: '7.5', trailBy: null };
  const { state } = link.desk;
  const shown = () => JSON.parse(JSON.stringify(bracketOf(state, link.desk.order(ENTRY))));
  expect(shown()).toMatchObject({ ...asked, exits: [] });
  await link.fill('entry', '10', '10');
  expect(shown().exits.map(({ leg }: Order) => leg)).toEqual(['stopLoss', 'takeProfit']);
  expect(entryOfBracket(state, link.desk.order('stopLoss'))?.id).toBe(ENTRY);
  expect(link.desk.order('stopLoss').source).toBeNull();
});

/** The last record that is left where so many batches at the end never became durable. */
function endOfBatch({ desk }: LinkDesk, lost: number): number {
  const records = [...desk.journal.read(0)];
  const isLast = (n: number): boolean => records[n]?.inputId !== records[n + 1]?.inputId;
  const ends = records.filter((_, n) => isLast(n));
  return ends[ends.length - 1 - lost]!.sequence;
}

/** The process ends after what was done; nothing it wrote then arrived. */
async function dies(link: LinkDesk, doing: () => Promise<unknown>, lost: number): Promise<void> {
  link.far.deaf = true;
  await doing();
  link.far.deaf = false;
  link.far.late.length = 0;
  await link.restart(endOfBatch(link, lost));
}

it.each([
  [0, ['entry UNKNOWN']],
  // What was never decided is a person's to ask for again: nobody waits for it any more.
  [1, ['entry DENIED']],
  [2, []],
])('is there whole or not at all where the last %s batches of it are lost', async (lost, left) => {
  const link = await connectedDesk();
  await dies(link, () => bracket(link.desk, 'BUY 10 market'), lost);
  await link.connect();
  expect(standing(link)).toEqual(left);
  expect(link.desk.state.plans.size).toBe(left.length);
  await link.desk.tick('AAPL', '10');
  expect(await bracket(link.desk, 'BUY 10 market')).toBeNull();
  expect(standing(link)).toEqual(left.length > 0 ? left : ['entry WORKING']);
  replays(link);
});

it.each([0, 1, 2, 3])('arms its exits once where the last %s batches are lost', async (lost) => {
  const link = await entered();
  await dies(link, () => link.fill('entry', '10', '10'), lost);
  await link.connect();
  await link.desk.tick('AAPL', '10');
  await link.input({ kind: 'PACE_ALLOWS' });
  expect(orders(link).map(({ leg }) => leg)).toEqual(['entry', 'stopLoss', 'takeProfit']);
  // Its claim to have left is in the journal: it is never sent again.
  const claimed = [lost < 2, lost < 1];
  for (const [n, { id, status, quantity: size }] of orders(link).slice(1).entries()) {
    expect([status, toText(size)]).toEqual([claimed[n] ? 'UNKNOWN' : 'WORKING', '10']);
    expect(link.far.incarnations(id)).toBe(claimed[n] ? 0 : 1);
  }
  expect(link.far.incarnations(ENTRY)).toBe(1);
  replays(link);
});

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  'over a random walk %s never crosses zero',
  async (seed) => {
    let next = seed + 1;
    // Numerical Recipes' generator: the same walk every time.
    const random = (): number =>
      (next = (next * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 2 ** 32;
    const desk = await openDesk({ exchange: { seed, partialFills: 0.6 } });
    let cents = 1_000;
    const walk = async (steps: number): Promise<void> => {
      for (let n = 0; n < steps; n += 1) {
        cents += Math.round((random() - 0.5) * 20);
        await desk.tick('AAPL', (cents / 100).toFixed(2));
        expect(Number(desk.held('AAPL'))).toBeGreaterThanOrEqual(0);
        expect(Number(desk.held('AAPL'))).toBeLessThanOrEqual(50);
      }
    };
    await walk(1);
    const [target, stop] = [cents + 30, cents - 30].map((at) => (at / 100).toFixed(2));
    expect(await bracket(desk, 'BUY 50 market', { target: target!, stop: stop! })).toBeNull();
    await walk(400);
    expect(desk.held('AAPL')).toBe('0');
    const left = orders({ desk }).filter(({ status }) => !['FILLED', 'CANCELLED'].includes(status));
    expect(left).toEqual([]);
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  },
);
