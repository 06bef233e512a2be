// What protects a position stays at the broker until what takes its place is there: a change is
// one message and never a cancel, a refused one leaves the old order as it was, and a way out that
// the broker refuses has cost no exit.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import { logRecord } from '../../src/presets/order-log';
import { ACCOUNT, connectedDesk, STRATEGY, type LinkDesk } from '../support/link-kit';
import { planOf } from '../support/trading-kit';

const WORDS = { entry: ['over BUY 10 market 10'], long: ['SELL 10 market 8 stop'] };
const STOP = 'ord-00000002';

async function entered(filled = '10', words = WORDS): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', words);
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', filled, '10.5');
  return link;
}
/** The stop as the broker has it, and as the book has it. */
function both({ far, desk }: LinkDesk): string[] {
  const { quantity: size, stopPrice, status } = desk.order(STOP);
  const there = far.snapshot().openOrders.find(({ order }) => order === STOP);
  const theirs = there && `${toText(there.quantity)} at ${toText(there.stopPrice!)}`;
  return [theirs ?? 'none', `${toText(size)} at ${toText(stopPrice!)}`, status];
}
const cancels = ({ far }: LinkDesk): string[] =>
  far.left.filter((line) => line.startsWith('cancel'));
const uncovered = ({ desk }: LinkDesk): string =>
  toText(uncoveredUnits(desk.state, { account: ACCOUNT, strategy: STRATEGY, instrument: 'AAPL' }));
function move(link: LinkDesk, to: string): Promise<string | null> {
  const change: Command = {
    ...{ kind: 'MODIFY_ORDER', requestId: `to-${to}`, order: STOP, limitPrice: null },
    ...{ quantity: null, stopPrice: price(to) },
  };
  return link.command(change);
}

it('a stop that grows with the position is changed in place', async () => {
  const link = await entered('4');
  await link.fill('entry[0]', '6', '10.5');
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
  expect([cancels(link), link.far.incarnations(STOP)]).toEqual([[], 1]);
});

it.each([
  ['201', 'Order rejected - reason: margin'],
  ['104', 'Cannot modify a filled order'],
])('a change that the broker refuses with %s leaves the stop as it was', async (_, words) => {
  const link = await entered();
  link.far.refusesChange = () => words;
  expect(await move(link, '9')).toBeNull();
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
  expect(link.desk.order(STOP).statusMessage).toBe(words);
  expect(cancels(link)).toEqual([]);
});

it('a stop that the broker does not let grow is told, and the rest is uncovered', async () => {
  const link = await entered('4');
  link.far.refusesChange = () => 'too large';
  await link.fill('entry[0]', '6', '10.5');
  expect(both(link)).toEqual(['4 at 8', '4 at 8', 'WORKING']);
  expect(uncovered(link)).toBe('6');
  const said: string[] = [];
  const log = {
    ...{ info: () => undefined, error: () => undefined, debug: () => undefined },
    warning: (message: string) => void said.push(message),
  };
  for (const record of link.desk.records) {
    logRecord(log as unknown as Parameters<typeof logRecord>[0], record, link.desk.state);
  }
  expect(said).toEqual([
    expect.stringContaining('stays as it is, a change was refused: too large'),
  ]);
});

it('a way out by hand that the broker refuses has cost no exit', async () => {
  const link = await entered();
  link.far.refuses = ({ type }) => (type === 'MARKET' ? 'halted' : null);
  await link.desk.place('AAPL', 'SELL 10 market');
  expect(link.status('ord-00000003')).toBe('REJECTED');
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
  expect(link.far.left.filter((line) => line.includes(STOP))).toHaveLength(1);
});

it('a way out by hand leaves the stop until it has filled, and then the stop goes', async () => {
  const link = await entered();
  await link.desk.place('AAPL', 'SELL 10 market');
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
  await link.fill('ord-00000003', '10', '10');
  expect(link.status(STOP)).toBe('CANCELLED');
});

it('a changed file leaves the exits of a position alone', async () => {
  const link = await entered();
  const before = link.far.left.length;
  const changed = planOf('AAPL', { ...WORDS, long: ['SELL 10 market 9 stop'] });
  const answer = await link.command({
    ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash: 'changed' },
    ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05' },
    plans: [{ spec: changed, instrument: 'AAPL', previousClose: null }],
  });
  expect([answer, link.far.left.length]).toEqual([null, before]);
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
});

it('a halt leaves it, and so does the loss of the link with a change under way', async () => {
  const link = await entered();
  const scope = { kind: 'SYSTEM', key: '' } as const;
  const halt = {
    kind: 'SET_TRADING_STATE',
    scope,
    state: 'HALTED',
    reason: 'x',
    by: 'me',
  } as const;
  await link.command(halt);
  link.far.deaf = true;
  await move(link, '9');
  await link.drop();
  link.far.deaf = false;
  await link.connect();
  expect(both(link)).toEqual(['10 at 8', '10 at 8', 'WORKING']);
  expect([cancels(link), link.far.incarnations(STOP)]).toEqual([[], 1]);
  expect(link.desk.order(STOP).quantity).toEqual(quantity('10'));
});
