// Exits armed by hand that one price could fill together with others: each is cut when it fires to
// what the others leave, so that the position is never turned round.

import {
  compare,
  minus,
  NO_QUANTITY,
  plus,
  price,
  quantity,
  toText,
} from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { isAtBroker, type TriggerKind } from '../../src/domain/order';
import { connectedDesk, type LinkDesk } from '../support/link-kit';

const on = (kind: TriggerKind, level: string) => ({ trigger: { kind, level: price(level) } });

async function long(units: string): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.place('AAPL', `BUY ${units} market`);
  await link.fill('ord-00000001', units, '10');
  return link;
}
const resized = (order: string, size: string): Command => ({
  ...{ kind: 'MODIFY_ORDER', order, requestId: `resize-${order}`, quantity: quantity(size) },
  ...{ limitPrice: null, stopPrice: null },
});
const left = ({ far }: LinkDesk): string[] => far.left.slice(1);

/** What could still be sold of everything at the broker. */
function forSale({ desk }: LinkDesk): string {
  const selling = [...desk.state.orders.values()].filter(isAtBroker);
  const open = selling.map((each) => minus(each.quantity, each.filledQuantity));
  return toText(open.reduce((sum, each) => plus(sum, each), NO_QUANTITY));
}

it('two limits on one touch: the first takes all, the second waits and says why', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '12'));
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '12'));
  await link.desk.tick('AAPL', '12');
  expect(left(link)).toEqual(['place ord-00000002 SELL 100 LIMIT 12']);
  const second = link.desk.order('ord-00000003');
  expect(second).toMatchObject({ status: 'ARMED' });
  expect(second.statusMessage).toContain('rests in other exits');
});

it('the second goes when the first was called back, at the next price that touches', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '12'));
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '12'));
  await link.desk.tick('AAPL', '12');
  await link.cancel('ord-00000002');
  await link.heard();
  await link.desk.tick('AAPL', '12');
  expect(left(link).at(-1)).toBe('place ord-00000003 SELL 100 LIMIT 12');
});

it('a limit and a market order on one touch: together for what is held', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 60 limit 12', on('TOUCH', '12'));
  await link.desk.place('AAPL', 'SELL 100 market', on('TOUCH', '12'));
  await link.desk.tick('AAPL', '12');
  expect(left(link)).toEqual([
    'place ord-00000002 SELL 60 LIMIT 12',
    'place ord-00000003 SELL 40 MARKET',
  ]);
  await link.fill('ord-00000002', '10', '12');
  expect([link.desk.held('AAPL'), forSale(link)]).toEqual(['90', '90']);
});

it('it leaves to the target of a plan what that rests for', async () => {
  const link = await connectedDesk();
  const exits = ['SELL 60 limit 12', 'SELL 100 market 9 stop'];
  await link.desk.load('AAPL', { entry: ['over BUY 100 market 11'], long: exits });
  await link.desk.ticks('AAPL', '10.9 11.1');
  await link.fill('entry[0]', '100', '11.1');
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '11.9'));
  await link.desk.tick('AAPL', '11.9');
  expect(link.far.left.at(-1)).toBe('place ord-00000004 SELL 40 LIMIT 12');
});

it('one enlarged while it waits is cut when it fires', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 50 limit 12', on('TOUCH', '11.8'));
  await link.desk.place('AAPL', 'SELL 50 limit 12');
  expect(await link.command(resized('ord-00000002', '100'))).toBeNull();
  await link.desk.tick('AAPL', '11.9');
  expect(left(link).at(-1)).toBe('place ord-00000002 SELL 50 LIMIT 12');
  expect(forSale(link)).toBe('100');
});

it('one that has fired is not enlarged into what another rests for', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 50 limit 12', on('TOUCH', '11.8'));
  await link.desk.place('AAPL', 'SELL 50 limit 12');
  await link.desk.tick('AAPL', '11.9');
  expect(await link.command(resized('ord-00000002', '100'))).toContain('H13');
});

it('nor does a fill of the other make it grow', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 50 limit 12');
  await link.desk.place('AAPL', 'SELL 80 limit 12', on('TOUCH', '11.8'));
  await link.desk.tick('AAPL', '11.9');
  expect(forSale(link)).toBe('100');
  await link.fill('ord-00000002', '10', '12');
  expect([link.desk.held('AAPL'), forSale(link)]).toEqual(['90', '90']);
});

it('a change that is on its way counts in its new size', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 50 limit 12');
  link.far.deaf = true;
  expect(await link.command(resized('ord-00000002', '90'))).toBeNull();
  link.far.deaf = false;
  await link.desk.place('AAPL', 'SELL 100 limit 12', on('TOUCH', '11.8'));
  await link.desk.tick('AAPL', '11.9');
  expect(left(link).at(-1)).toBe('place ord-00000003 SELL 10 LIMIT 12');
});

it('a stop that sends a limit goes in full beside a target on the other side', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 limit 14');
  await link.desk.place('AAPL', 'SELL 100 limit 8.9', on('STOP', '9'));
  await link.desk.tick('AAPL', '9');
  expect(left(link).at(-1)).toBe('place ord-00000003 SELL 100 LIMIT 8.9');
});

it('a second such stop waits beside the first, which a jump missed', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 limit 9', on('STOP', '9'));
  await link.desk.place('AAPL', 'SELL 100 limit 8.8', on('STOP', '8.8'));
  await link.desk.ticks('AAPL', '8.9 8.8');
  expect(left(link)).toEqual(['place ord-00000002 SELL 100 LIMIT 9']);
});

it('a market order below such a stop is a way out all the same', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 limit 9', on('STOP', '9'));
  await link.desk.place('AAPL', 'SELL 100 market', on('STOP', '8'));
  await link.desk.ticks('AAPL', '8.9 8');
  expect(left(link).at(-1)).toBe('place ord-00000003 SELL 100 MARKET');
});

it('a stop held here waits while the same price sets off one at the broker', async () => {
  const link = await long('100');
  await link.desk.place('AAPL', 'SELL 100 stop 8');
  await link.desk.place('AAPL', 'SELL 100 market', on('STOP', '8'));
  await link.desk.tick('AAPL', '8');
  expect(left(link)).toEqual(['place ord-00000002 SELL 100 STOP 8']);
  await link.cancel('ord-00000002');
  await link.heard();
  await link.desk.tick('AAPL', '8');
  expect(left(link).at(-1)).toBe('place ord-00000003 SELL 100 MARKET');
});

it('for a short it is the mirror image', async () => {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'SELL 100 market');
  await link.fill('ord-00000001', '100', '10');
  await link.desk.place('AAPL', 'BUY 70 limit 8', on('TOUCH', '8'));
  await link.desk.place('AAPL', 'BUY 100 limit 8', on('CROSS_UNDER', '8.5'));
  await link.desk.ticks('AAPL', '8.6 8');
  expect(compare(quantity(forSale(link)), quantity('100'))).toBe(0);
});
