// Exits by hand that rest for the same move of the price: together never more than is owned, since
// one price could fill them all before any of them can be resized.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import type { TriggerKind } from '../../src/domain/order';
import { connectedDesk, type LinkDesk } from '../support/link-kit';

async function long(units: string): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.place('AAPL', `BUY ${units} market`);
  await link.fill('ord-00000001', units, '10');
  return link;
}
const statuses = ({ desk }: LinkDesk): string[] =>
  [...desk.state.orders.values()].slice(1).map(({ status }) => status);

it('a second target is denied when the first is for all, and says what to do', async () => {
  const link = await long('4');
  await link.desk.place('AAPL', 'SELL 4 limit 11');
  await link.desk.place('AAPL', 'SELL 4 limit 11');
  expect(statuses(link)).toEqual(['WORKING', 'DENIED']);
  const said = link.desk.order('ord-00000003').statusMessage;
  expect(said).toContain('4 of the position of 4 rest in other exits');
  expect(said).toContain('send a MARKET order');
});

it('targets that share it pass, and so do a stop for all and a way out at once', async () => {
  const link = await long('4');
  for (const words of ['SELL 3 limit 11', 'SELL 1 limit 12', 'SELL 4 stop 8', 'SELL 4 market']) {
    await link.desk.place('AAPL', words);
  }
  expect(statuses(link)).toEqual(['WORKING', 'WORKING', 'WORKING', 'WORKING']);
});

it('a second stop is denied beside a stop for all', async () => {
  const link = await long('4');
  await link.desk.place('AAPL', 'SELL 4 stop 8');
  await link.desk.place('AAPL', 'SELL 1 stop 7');
  expect(statuses(link)).toEqual(['WORKING', 'DENIED']);
});

it('the target of a plan counts', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ['over BUY 20 market 10'], long: ['SELL 20 limit 12'] });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '20', '10.5');
  await link.desk.place('AAPL', 'BUY 1 market');
  await link.fill('ord-00000003', '1', '10.5');
  await link.desk.place('AAPL', 'SELL 21 limit 12');
  await link.desk.place('AAPL', 'SELL 1 limit 12');
  expect([link.status('ord-00000004'), link.status('ord-00000005')]).toEqual(['DENIED', 'WORKING']);
});

it('a change may not take more than is left beside the others', async () => {
  const link = await long('4');
  await link.desk.place('AAPL', 'SELL 2 limit 11');
  await link.desk.place('AAPL', 'SELL 2 limit 12');
  const change: Command = {
    ...{ kind: 'MODIFY_ORDER', requestId: 'more', order: 'ord-00000003', limitPrice: price('12') },
    ...{ quantity: quantity('3'), stopPrice: null },
  };
  expect(await link.command(change)).toContain('H13: SELL 3 would be too much');
  expect(toText(link.desk.order('ord-00000003').quantity)).toBe('2');
});

describe('an exit armed by hand', () => {
  async function armed(
    link: LinkDesk,
    words: string,
    ...[kind, level]: [TriggerKind, string]
  ): Promise<void> {
    await link.desk.place('AAPL', words, { trigger: { kind, level: price(level) } });
  }

  it.each([
    ['STOP', '8', 'SELL 4 stop 8'],
    ['CROSS_UNDER', '8', 'SELL 4 stop 8'],
    ['TOUCH', '11', 'SELL 4 limit 11'],
    ['CROSS_OVER', '11', 'SELL 4 limit 11'],
  ] as const)('on %s %s counts beside %s at the broker', async (kind, level, words) => {
    const link = await long('4');
    await armed(link, 'SELL 4 market', kind, level);
    await link.desk.place('AAPL', words);
    expect(statuses(link)).toEqual(['ARMED', 'DENIED']);
    expect(link.desk.order('ord-00000003').statusMessage).toContain('rest in other exits');
  });

  it('counts on its own side of the market only, and leaves a way out at once', async () => {
    const link = await long('4');
    await armed(link, 'SELL 4 market', 'STOP', '8');
    for (const words of ['SELL 4 limit 11', 'SELL 4 market']) await link.desk.place('AAPL', words);
    expect(statuses(link)).toEqual(['ARMED', 'WORKING', 'WORKING']);
  });

  it('leaves room for what it does not give back', async () => {
    const link = await long('4');
    await armed(link, 'SELL 3 market', 'STOP', '8');
    for (const words of ['SELL 2 stop 8', 'SELL 1 stop 8']) await link.desk.place('AAPL', words);
    expect(statuses(link)).toEqual(['ARMED', 'DENIED', 'WORKING']);
  });

  it('fires beside a stop that rests there, and is never denied for it', async () => {
    const link = await long('4');
    await link.desk.place('AAPL', 'SELL 4 stop 8');
    await armed(link, 'SELL 4 market', 'STOP', '9');
    await link.desk.ticks('AAPL', '9');
    expect(statuses(link)).toEqual(['WORKING', 'WORKING']);
  });
});
