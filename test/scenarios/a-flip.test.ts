// More is to be sold than is held. It is never one order: the position is closed first, and what is
// left over opens on the other side once that is confirmed, with a decision of its own.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Order } from '../../src/domain/order';
import { connectedDesk, STRATEGY, type LinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

const FIRST = 'ord-00000002';
const SECOND = 'ord-00000003';
const FLIP = { requestId: 'turn', allowFlip: true } as const;

async function holding(units = '200', words = 'BUY'): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.place('AAPL', `${words} ${units} market`);
  await link.fill('ord-00000001', units, '10');
  return link;
}
const placed = ({ far }: LinkDesk): string[] =>
  far.left.filter((line) => line.startsWith('place')).slice(1);
const orders = ({ desk }: LinkDesk): Order[] => [...desk.state.orders.values()].slice(1);
const statuses = (link: LinkDesk): string[] => orders(link).map(({ status }) => status);

it('is denied without leave, and the denial says how to get it', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 market');
  expect(link.desk.order(FIRST)).toMatchObject({
    status: 'DENIED',
    statusMessage:
      'H13: SELL 300 would turn the position of 200 round: send at most that, or set allowFlip ' +
      'to close it first and then open the rest',
  });
});

it.each([
  ['a long', 'BUY', 'SELL', '-100'],
  ['a short', 'SELL', 'BUY', '100'],
])('closes %s, and then opens the rest as an order of its own', async (_, had, side, after) => {
  const link = await holding('200', had);
  await link.desk.place('AAPL', `${side} 300 market`, FLIP);
  expect(placed(link)).toEqual([`place ${FIRST} ${side} 200 MARKET`]);
  await link.fill(FIRST, '120', '10');
  expect(placed(link)).toHaveLength(1);
  await link.fill(FIRST, '80', '10');
  expect(link.desk.held('AAPL')).toBe('0');
  expect(placed(link)[1]).toBe(`place ${SECOND} ${side} 100 MARKET`);
  await link.fill(SECOND, '100', '10');
  expect(link.desk.held('AAPL')).toBe(after);
  expect(link.desk.order(SECOND)).toMatchObject({ flipOf: FIRST, effect: 'OPEN', side });
  expect(link.desk.order(FIRST).flip).toEqual({ quantity: quantity('100') });
  const decided = link.desk.events('DecisionMade').map(({ decision }) => decision.effect);
  expect(decided.slice(1)).toEqual(['REDUCE', 'OPEN']);
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
});

it('of a limit order opens at the same limit', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 limit 10', FLIP);
  await link.fill(FIRST, '200', '10');
  expect(placed(link)).toEqual([
    `place ${FIRST} SELL 200 LIMIT 10`,
    `place ${SECOND} SELL 100 LIMIT 10`,
  ]);
});

it('is an order like any other where nothing is left over', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 200 market', FLIP);
  await link.fill(FIRST, '200', '10');
  expect([placed(link).length, orders(link).length]).toEqual([1, 1]);
  expect(link.desk.order(FIRST).flip).toBeUndefined();
});

it('waits until the exits that rested are confirmed to be over', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 200 stop 8');
  link.far.deaf = true;
  await link.desk.place('AAPL', 'SELL 300 market', { ...FLIP });
  link.far.deaf = false;
  link.far.arrive();
  link.far.deaf = true;
  await link.fill('ord-00000003', '200', '10');
  const waiting = link.desk.order('ord-00000004');
  expect(waiting.status).toBe('ARMED');
  expect(waiting.statusMessage).toContain(`${FIRST} must be over first`);
  link.far.deaf = false;
  link.far.alter(FIRST, { status: 'CANCELLED' });
  await link.desk.report({ kind: 'CANCELLED', order: FIRST, reason: 'cancelled as asked' });
  expect(link.desk.order('ord-00000004').status).toBe('WORKING');
});

it('opens nothing where such an exit filled all the same', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 200 stop 8');
  link.far.deaf = true;
  await link.desk.place('AAPL', 'SELL 300 market', FLIP);
  link.far.deaf = false;
  link.far.arrive();
  link.far.deaf = true;
  await link.fill('ord-00000003', '200', '10');
  link.far.deaf = false;
  await link.fill(FIRST, '200', '8');
  // What was sold beyond zero is bought back; until it is, nothing else leaves.
  expect(placed(link).at(-1)).toContain('BUY 200 MARKET');
  const back = orders(link).find(({ role }) => role === 'LIQUIDATION')!;
  expect(link.status('ord-00000004')).toBe('ARMED');
  await link.fill(back.id, '200', '8');
  expect(link.desk.held('AAPL')).toBe('0');
  expect(link.status('ord-00000004')).toBe('WORKING');
});

it('leaves the position flat where the second order is denied', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 market', FLIP);
  const scope = { kind: 'STRATEGY', key: STRATEGY } as const;
  const locked = { scope, state: 'REDUCING', reason: 'enough', by: 'me' } as const;
  await link.command({ kind: 'SET_TRADING_STATE', ...locked });
  await link.fill(FIRST, '200', '10');
  expect([link.desk.held('AAPL'), link.status(SECOND)]).toEqual(['0', 'DENIED']);
  expect(link.desk.order(SECOND).statusMessage).toContain('H1');
});

it.each([
  ['rejected', { kind: 'REJECTED', reason: 'no' }],
  ['cancelled by the broker', { kind: 'CANCELLED', reason: 'no' }],
] as const)('opens nothing where the first order is %s', async (_, report) => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 limit 10', FLIP);
  await link.fill(FIRST, '50', '10');
  await link.desk.report({ ...report, order: FIRST });
  expect([link.desk.held('AAPL'), orders(link).length]).toEqual(['150', 1]);
});

describe('a cancel of the first order', () => {
  it('ends both, also where it fills before the cancel arrives', async () => {
    const link = await holding();
    await link.desk.place('AAPL', 'SELL 300 limit 10', FLIP);
    link.far.deaf = true;
    await link.cancel(FIRST);
    await link.fill(FIRST, '200', '10');
    expect([link.desk.held('AAPL'), statuses(link)]).toEqual(['0', ['FILLED']]);
  });

  it('ends the second while the first is filled', async () => {
    const link = await holding();
    await link.desk.place('AAPL', 'SELL 300 limit 10', FLIP);
    await link.fill(FIRST, '200', '10');
    expect(await link.cancel(FIRST)).toBeNull();
    expect(statuses(link)).toEqual(['FILLED', 'CANCELLED']);
    expect(await link.cancel(FIRST)).toContain('cannot be cancelled');
  });
});

it.each([0, 1, 2])('goes on exactly once where the last %s batches are lost', async (lost) => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 market', FLIP);
  link.far.deaf = true;
  await link.fill(FIRST, '200', '10');
  link.far.deaf = false;
  // As where the process ends between the journal and the wire: nothing of it arrived.
  link.far.late.length = 0;
  await link.restart(endOfBatch(link, lost));
  await link.connect();
  const second = () => orders(link).filter(({ flipOf }) => flipOf === FIRST);
  // Its claim to have left is in the journal: it is never sent again.
  const claimed = lost === 0;
  expect(second().map(({ status }) => status)).toEqual([claimed ? 'UNKNOWN' : 'ARMED']);
  await link.desk.tick('AAPL', '10');
  await link.input({ kind: 'PACE_ALLOWS' });
  expect(second().map(({ status }) => status)).toEqual([claimed ? 'UNKNOWN' : 'WORKING']);
  expect(link.far.incarnations(second()[0]!.id)).toBe(claimed ? 0 : 1);
  expect(link.far.incarnations(FIRST)).toBe(1);
});

/** The last record that is left where so many batches at the end never became durable. */
function endOfBatch({ desk }: LinkDesk, lost: number): number {
  const records = [...desk.journal.read(0)];
  const inputs = [...new Set(records.map(({ inputId }) => inputId))];
  const kept = new Set(inputs.slice(0, inputs.length - lost));
  return records.filter(({ inputId }) => kept.has(inputId)).at(-1)!.sequence;
}

it('is decided again where the link is lost while it waits for the pace', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 market', FLIP);
  await link.pace(0);
  await link.fill(FIRST, '200', '10');
  await link.drop();
  expect(statuses(link)).toEqual(['FILLED', 'NOT_SENT', 'ARMED']);
  link.far.room = 100;
  await link.connect();
  expect(statuses(link)).toEqual(['FILLED', 'NOT_SENT', 'WORKING']);
  expect(await link.cancel(FIRST)).toBeNull();
  expect(statuses(link)).toEqual(['FILLED', 'NOT_SENT', 'CANCELLED']);
});

it('asked for twice under one request id is placed once, whatever is held by then', async () => {
  const link = await holding();
  await link.desk.place('AAPL', 'SELL 300 market', FLIP);
  expect(await link.desk.place('AAPL', 'SELL 300 market', FLIP)).toBeNull();
  await link.fill(FIRST, '200', '10');
  expect(await link.desk.place('AAPL', 'SELL 300 market', FLIP)).toBeNull();
  expect(orders(link)).toHaveLength(2);
  expect(await link.desk.place('AAPL', 'SELL 301 market', FLIP)).toContain('H4');
});

it.each([
  ['a stop', 'SELL 300 stop 8', {}, 'a MARKET or a LIMIT order'],
  ['the opening auction', 'SELL 300 market', { timeInForce: 'OPG' }, 'the opening auction'],
  [
    'a trigger',
    'SELL 300 market',
    { trigger: { kind: 'TOUCH', level: price('11') } },
    'waits for no trigger',
  ],
] as const)('is refused for %s', async (_, words, changes, said) => {
  const link = await holding();
  expect(await link.desk.place('AAPL', words, { ...FLIP, ...changes })).toContain(said);
  expect(orders(link)).toEqual([]);
});

it('an entry of a file waits until nothing is held, and never goes through zero', async () => {
  const link = await holding();
  await link.desk.load('AAPL', { entry: ['under SELL 300 market 9'] });
  await link.desk.ticks('AAPL', '9.5 8.5');
  expect(placed(link)).toEqual([]);
  const { status, declined } = link.desk.order('entry[0]');
  expect([status, declined?.reason]).toEqual(['ARMED', expect.stringContaining('allocation')]);
  expect(toText(link.desk.order('entry[0]').quantity)).toBe('300');
});
