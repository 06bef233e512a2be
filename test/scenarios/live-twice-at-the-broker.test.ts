// One order of ours, live at the broker under two identities: what opens ends under each of them,
// an exit keeps the one that was sent, and the second can be seen until it is gone.

import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

const ORDER = 'ord-00000001';
const working = (link: LinkDesk) =>
  link.far.snapshot().openOrders.map(({ brokerOrderId }) => brokerOrderId);
const second = { order: ORDER, brokerOrderId: 99, clientId: 7 };
const shown = (link: LinkDesk) => [...link.desk.state.externalOrders.values()];

async function opening(): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'BUY 5 limit 9');
  return link;
}

describe('an order that opens and is live twice', () => {
  it('is cancelled under both identities, and is over when both are', async () => {
    const link = await opening();
    link.far.add(second);
    await link.again();
    expect(working(link)).toEqual([]);
    expect(link.status(ORDER)).toBe('CANCELLED');
    expect(link.desk.state.tradingStates.get('STRATEGY|momentum')).toBe('REDUCING');
    expect(shown(link)).toEqual([]);
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  });

  it('is cancelled where the strategy was locked before, whichever is listed first', async () => {
    const link = await connectedDesk();
    const scope = { kind: 'STRATEGY', key: 'momentum' } as const;
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    const locked = { scope, state: 'REDUCING', reason: 'stop', by: 'me' } as const;
    link.far.deaf = true;
    await link.command({ kind: 'SET_TRADING_STATE', ...locked });
    link.far.deaf = false;
    link.far.add(second);
    await link.again({ openOrders: link.far.snapshot().openOrders.slice().reverse() });
    expect(working(link)).toEqual([]);
  });

  it('shows the second until the broker has ended it', async () => {
    const link = await opening();
    link.far.add(second);
    link.far.deaf = true;
    await link.again();
    expect(shown(link)).toMatchObject([{ order: ORDER, brokerOrderId: 99 }]);
    expect(link.desk.events('ExternalOrderSeen')).toHaveLength(1);
    link.far.deaf = false;
    await link.again();
    expect([working(link), shown(link)]).toEqual([[], []]);
    expect(link.desk.events('ExternalOrderSeen')).toHaveLength(1);
  });

  it('is called back where the first has ended and only the second is left', async () => {
    const link = await opening();
    await link.cancel(ORDER);
    expect(link.status(ORDER)).toBe('CANCELLED');
    link.far.add(second);
    await link.again();
    expect(working(link)).toEqual([]);
    expect(link.far.left.filter((each) => each.startsWith('cancel'))).toHaveLength(2);
  });

  it('that is to end is cancelled under the id it is live with', async () => {
    const link = await opening();
    link.far.deaf = true;
    await link.cancel(ORDER);
    link.far.deaf = false;
    link.far.forget(ORDER);
    link.far.add(second);
    await link.again();
    expect([working(link), link.status(ORDER)]).toEqual([[], 'CANCELLED']);
  });
});

it('an exit that is live twice keeps the one that was sent', async () => {
  const link = await connectedDesk();
  const long = ['SELL 10 market 8 stop'];
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  const order = link.id('long[0]');
  link.far.add({ ...second, order, side: 'SELL' });
  await link.again();
  const { sending, status } = link.desk.order('long[0]');
  expect(working(link)).toEqual([sending?.brokerOrderId]);
  expect([status, shown(link)]).toEqual(['WORKING', []]);
  await link.again();
  expect(link.status('long[0]')).toBe('WORKING');
  expect(link.desk.state.tradingStates.get('STRATEGY|momentum')).toBe('REDUCING');
});
