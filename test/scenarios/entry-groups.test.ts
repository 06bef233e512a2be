// All entries of a symbol are one group: the first to fire cancels the others at once.

import { connectedDesk } from '../support/link-kit';
import { openDesk } from '../support/trading-kit';

describe('an entry group', () => {
  it('cancels its siblings when one triggers, though that never fills and expires', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 100 limit 70', 'under SELL 100 market 68'],
      long: ['SELL 100 limit 75'],
    });
    await desk.ticks('AAPL', '69 71 72 73 74');
    await desk.closeSession('AAPL');
    expect(desk.story()).toEqual([
      '2 trigger entry[0] at 71',
      '2 submit entry[0] BUY LIMIT 100',
      '2 cancel entry[1]: OCA: entry[0] triggered',
      '5 expire entry[0]',
    ]);
  });

  it('fires the first in file order when two levels are crossed at once', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 1 market 71', 'over BUY 2 market 70'] });
    await desk.ticks('AAPL', '69 72 72');
    expect(desk.story('fill')).toEqual(['3 fill entry[0] 1 at 72 makes 1']);
  });

  it('keeps its siblings armed when one is denied, and they can fire later', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.load('AAPL', { entry: ['over BUY 400 market 70', 'under SELL 10 market 68'] });
    await desk.ticks('AAPL', '69 71 69 67 66');
    expect(desk.story()).toEqual([
      '2 trigger entry[0] at 71',
      '2 deny entry[0] MAX_ORDER_NOTIONAL',
      '4 trigger entry[1] at 67',
      '4 submit entry[1] SELL MARKET 10',
      '5 fill entry[1] 10 at 66 makes -10',
    ]);
  });

  it('fires the next of two crossed at once when the first is denied', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.load('AAPL', { entry: ['over BUY 400 market 70', 'over BUY 10 market 70.5'] });
    await desk.ticks('AAPL', '69 71 71');
    expect(desk.story('deny', 'fill')).toHaveLength(2);
    expect(desk.held('AAPL')).toBe('10');
  });

  it('takes one side of the file only: orders of the other side never arm', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', {
      entry: ['over BUY 1 market 70', 'under SELL 1 market 68'],
      long: ['SELL 1 limit 80'],
      short: ['BUY 1 limit 60'],
    });
    await desk.ticks('AAPL', '69 71 71 67 66 60');
    await desk.closeSession('AAPL');
    expect(desk.lines.filter(({ order }) => order.startsWith('short'))).toEqual([]);
  });

  it('is not armed again once the position is flat', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 1 market 70'], long: ['SELL 1 limit 72'] });
    await desk.ticks('AAPL', '69 71 71 73 69 71 71');
    expect(desk.story('trigger')).toHaveLength(1);
  });
});

describe('a late fill of an entry that was given up', () => {
  it.each([{}, { ocaRelease: 'FILL' }] as const)(
    'is flattened when a sibling has taken the group, settings %j',
    async (settings) => {
      const link = await connectedDesk();
      await link.desk.load('AAPL', {
        settings,
        entry: ['over BUY 10 limit 11', 'over BUY 10 market 12'],
        long: ['SELL 10 market 9 stop'],
      });
      await link.desk.ticks('AAPL', '10.9 11.5');
      const given = link.id('entry[0]');
      link.far.say({ kind: 'REJECTED', order: given, reason: 'no' });
      await link.heard();
      await link.desk.ticks('AAPL', '11.6 12.5');
      await link.fill('entry[1]', '10', '12.5');
      await link.fill(given, '10', '11');
      const late = [...link.desk.state.orders.values()].filter((o) => o.role === 'LIQUIDATION');
      expect(late.map(({ side, statusMessage }) => [side, statusMessage])).toEqual([
        ['SELL', expect.stringContaining('the group was taken by entry[1]')],
      ]);
      await link.fill(late[0]?.id ?? '', '10', '12');
      expect([link.desk.held('AAPL'), link.status('long[0]')]).toEqual(['10', 'WORKING']);
    },
  );
});
