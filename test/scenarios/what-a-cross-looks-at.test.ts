// Which price counts as the one before, and that exactly at the level nothing happens.

import { Desk, openDesk, ruleBook } from '../support/trading-kit';

async function fires(entry: string, prices: string, close: string | null = null) {
  const desk = await openDesk();
  await desk.load('AAPL', { entry: [entry] }, close);
  await desk.ticks('AAPL', prices);
  return desk.story('trigger');
}

describe('a cross', () => {
  it.each(['over BUY 1 market 70', 'under SELL 1 market 70'])(
    'never fires on prices exactly at its level: %s',
    async (entry) => {
      expect(await fires(entry, '70 70 70 70.00', '70')).toEqual([]);
    },
  );

  it('fires from exactly at the level', async () => {
    expect(await fires('over BUY 1 market 70', '70 70.01')).toEqual([
      '2 trigger entry[0] at 70.01',
    ]);
    expect(await fires('under SELL 1 market 70', '70 69.99')).toHaveLength(1);
  });

  it('takes the first price only as its reference', async () => {
    expect(await fires('over BUY 1 market 70', '71 72 73')).toEqual([]);
    expect(await fires('over BUY 1 market 70', '71 69 71')).toEqual(['3 trigger entry[0] at 71']);
  });

  it('fires on an opening gap when the previous close is on the other side', async () => {
    expect(await fires('over BUY 1 market 70', '71', '69')).toEqual(['1 trigger entry[0] at 71']);
    expect(await fires('under SELL 1 market 70', '69', '71')).toEqual(['1 trigger entry[0] at 69']);
  });

  it('does not fire on the open when the previous close was through already', async () => {
    expect(await fires('over BUY 1 market 70', '71 72', '70.01')).toEqual([]);
  });

  it.each([
    ['fires on the gap where nothing had been traded yet', false, 1],
    ['takes the first price for its reference where prices may have been missed', true, 0],
  ])('after a restart before its first price %s', async (_, looked, times) => {
    const before = await openDesk();
    await before.load('AAPL', { entry: ['over BUY 1 market 70'] }, '69');
    const desk = new Desk(await ruleBook('none'), {
      ...{ journal: before.journal, mayHaveLooked: () => looked },
    });
    await desk.ticks('AAPL', '71 72');
    expect(desk.story('trigger')).toHaveLength(times);
  });

  it('that ignores gaps lets the opening gap pass and fires on the next cross', async () => {
    const entry = 'over BUY 1 market 70 nogap';
    expect(await fires(entry, '71 72 70 71', '69')).toEqual(['4 trigger entry[0] at 71']);
  });

  it('fires once however often the price comes back', async () => {
    expect(await fires('over BUY 1 limit 70', '69 71 69 71 69 71')).toHaveLength(1);
  });
});
