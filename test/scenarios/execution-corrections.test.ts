// The broker corrects an execution: the later version stands in the place of the earlier one, in
// every book, whatever came in between.

import { money, plus, quantity, toText } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import { holdingOf, positionOf } from '../../src/engine/core/state';
import { ACCOUNT, connectedDesk, STRATEGY, type LinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

type Fill = Extract<BrokerReport, { kind: 'FILL' }>;
const AAPL = { account: ACCOUNT, instrument: 'AAPL' };

/** Position, cash, profit and fees of the strategy, in words. */
function books({ desk }: LinkDesk, strategy: string | null = STRATEGY): string {
  const { state } = desk;
  const { quantity, cost, realized, fees } = holdingOf(state, { ...AAPL, strategy });
  const cash = toText(state.accounts.get(ACCOUNT)!.cash);
  const held = toText(positionOf(state, AAPL).quantity);
  const [own, paid, won, fee] = [quantity, cost, realized, fees].map(toText);
  return `${held}/${own} for ${paid}, won ${won}, fees ${fee}, cash ${cash}`;
}

async function bought(size = '10') {
  const link = await connectedDesk();
  await link.desk.place('AAPL', `BUY ${size} market`);
  const fill = await link.fill('ord-00000001', size, '10');
  return { link, fill };
}
async function correct(link: LinkDesk, fill: Fill, size: string, at?: string): Promise<Fill> {
  const next = link.far.correct(fill, size, at);
  await link.heard();
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  return next;
}
const fee = (link: LinkDesk, { execId }: Fill, amount = '1') =>
  link.desk.report({ kind: 'COMMISSION', execId, amount: money(amount) });

describe('a corrected execution', () => {
  it('replaces price and size in position, cash, profit and order', async () => {
    const { link, fill } = await bought();
    const second = await correct(link, fill, '10', '9');
    expect(books(link)).toBe('10/10 for 90, won 0, fees 0, cash 99910');
    await correct(link, second, '6', '9');
    expect(books(link)).toBe('6/6 for 54, won 0, fees 0, cash 99946');
    expect(toText(link.desk.order('ord-00000001').filledQuantity)).toBe('6');
    expect(toText(link.desk.order('ord-00000001').filledValue)).toBe('54');
  });

  it('counts once, however often it comes, and an earlier version says nothing new', async () => {
    const { link, fill } = await bought();
    const second = await correct(link, fill, '8');
    const before = link.desk.journal.head();
    await link.desk.report(second);
    await link.desk.report(fill);
    expect(link.desk.journal.head()).toEqual(before);
  });

  it('taken back whole leaves nothing', async () => {
    const { link, fill } = await bought();
    await correct(link, fill, '0');
    expect(books(link)).toBe('0/0 for 0, won 0, fees 0, cash 100000');
  });

  it.each([
    ['before', ['fee', 'fix']],
    ['after', ['fix', 'fee']],
    ['after, named by the new version', ['fix', 'new fee']],
    ['before it, named by the new version', ['early fee', 'fix']],
    ['with both', ['fee', 'fix', 'new fee', 'fee']],
  ])('is charged once, the commission coming %s', async (_, order) => {
    const { link, fill } = await bought();
    let second = { ...fill, execId: fill.execId.replace('.01', '.02') };
    for (const what of order) {
      if (what === 'fee') await fee(link, fill);
      else if (what === 'fix') second = await correct(link, fill, '10', '9');
      else await fee(link, second);
    }
    expect(books(link)).toBe('10/10 for 90, won 0, fees 1, cash 99909');
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  });

  it('after later fills gives the profit that it would have given', async () => {
    const { link, fill } = await bought();
    await link.desk.place('AAPL', 'SELL 4 limit 12');
    await link.fill('ord-00000002', '4', '12');
    await correct(link, fill, '10', '11');
    expect(books(link)).toBe('6/6 for 66, won 4, fees 0, cash 99938');
  });

  it('of a position that is closed opens what is left of it', async () => {
    const { link, fill } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    await link.fill('ord-00000002', '10', '12');
    expect(books(link)).toBe('0/0 for 0, won 20, fees 0, cash 100020');
    await correct(link, fill, '10', '11');
    expect(books(link)).toBe('0/0 for 0, won 10, fees 0, cash 100010');
    await correct(link, fill, '9', '11');
  });

  it('of an exit that closed the position is a position again', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    const exit = await link.fill('ord-00000002', '10', '12');
    await correct(link, exit, '7');
    expect(books(link)).toBe('3/3 for 30, won 14, fees 0, cash 99984');
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });

  it('of nobody’s order changes UNALLOCATED alone', async () => {
    const { link } = await bought();
    const theirs = await link.foreign('BUY', '5', '10');
    await correct(link, theirs, '2', '9');
    expect(books(link)).toBe('12/10 for 100, won 0, fees 0, cash 99882');
    expect(books(link, null)).toBe('12/2 for 18, won 0, fees 0, cash 99882');
  });

  it('beside adopted shares leaves those as they are', async () => {
    const { link, fill } = await bought();
    const position = { ...AAPL, account: 'DU2', averageCost: fill.price, quantity: fill.quantity };
    const opening = { kind: 'OPEN_ACCOUNT', account: 'DU2', currency: 'USD' } as const;
    await link.command({ ...opening, cash: money('0'), positions: [position] });
    const place = { ...AAPL, account: 'DU2' };
    const theirs: Fill = { ...fill, execId: 'd.01', order: null, account: 'DU2' };
    await link.desk.report(theirs);
    await link.desk.report({
      ...theirs,
      execId: 'd.02',
      quantity: plus(theirs.quantity, theirs.quantity),
    });
    const owned = holdingOf(link.desk.state, { ...place, strategy: null });
    expect([owned.quantity, owned.cost].map(toText)).toEqual(['30', '300']);
  });

  it('to more than was ever sent is nobody’s, locks, and stops nothing', async () => {
    const { link, fill } = await bought();
    await correct(link, fill, '12');
    expect(books(link)).toBe('12/0 for 0, won 0, fees 0, cash 99880');
    expect(books(link, null)).toBe('12/12 for 120, won 0, fees 0, cash 99880');
    expect(toText(link.desk.order('ord-00000001').filledQuantity)).toBe('0');
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });

  it.each(['-3'])('to %s units is no correction', async (size) => {
    const { link, fill } = await bought();
    await correct(link, fill, size);
    expect(books(link)).toBe('10/10 for 100, won 0, fees 0, cash 99900');
    expect(link.desk.state.tradingStates.get('INSTRUMENT|AAPL')).toBe('REDUCING');
  });

  it('calls back what would flatten a position that is none any more', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    await link.desk.place('AAPL', 'SELL 10 stop 9');
    link.far.fill('ord-00000002', '10', '12');
    const second = link.far.fill('ord-00000003', '10', '9');
    await link.heard();
    expect(link.status('ord-00000004')).toBe('WORKING');
    await correct(link, second, '0');
    expect(link.status('ord-00000004')).toBe('CANCELLED');
  });

  it('takes the exits down with the position, so that none turns it round', async () => {
    const link = await connectedDesk();
    const long = ['SELL 10 market 8 stop', 'SELL 10 limit 12'];
    await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long });
    await link.desk.ticks('AAPL', '10 10.5');
    const fill = await link.fill('entry[0]', '10', '10.5');
    await correct(link, fill, '6');
    expect(link.far.left.slice(-2)).toEqual([
      'modify ord-00000002 SELL 6 STOP 8',
      'modify ord-00000003 SELL 6 LIMIT 12',
    ]);
    await correct(link, { ...fill, execId: fill.execId.replace('.01', '.02') }, '0');
    expect([link.status('long[0]'), link.status('long[1]')]).toEqual(['CANCELLED', 'CANCELLED']);
  });
});

describe('an order that is over stays over when its executions are corrected', () => {
  const OUT = 'ord-00000002';
  const sold = async (words = 'SELL 10 market') => {
    const { link } = await bought();
    await link.desk.place('AAPL', words);
    const fill = await link.fill(OUT, '10', '12');
    return { link, fill };
  };
  const shape = (link: LinkDesk, leg = OUT) => {
    const { status, quantity, filledQuantity } = link.desk.order(leg);
    return [status, toText(quantity), toText(filledQuantity)];
  };
  const uncovered = ({ desk }: LinkDesk) =>
    toText(uncoveredUnits(desk.state, { ...AAPL, strategy: STRATEGY }));

  it('FILLED, for what was filled, in words', async () => {
    const { link, fill } = await sold();
    await correct(link, fill, '8');
    expect(shape(link)).toEqual(['FILLED', '8', '8']);
    expect(link.desk.order(OUT).statusMessage).toBe('the broker corrected it to 8 of 10 filled');
    expect(uncovered(link)).toBe('2');
  });

  it('whatever the broker goes on listing it with', async () => {
    const { link, fill } = await sold();
    await correct(link, fill, '8');
    await link.drop();
    await link.connect();
    expect(shape(link)).toEqual(['FILLED', '8', '8']);
  });

  it.each(['SELL 2 market', 'SELL 2 limit 12', 'SELL 2 stop 8'])(
    'so that %s is a way out of what came back',
    async (words) => {
      const { link, fill } = await sold();
      await correct(link, fill, '8');
      await link.desk.place('AAPL', words);
      expect([link.status('ord-00000003'), uncovered(link)]).toEqual(['WORKING', '0']);
    },
  );

  it('and is FILLED no more where nothing of it stands', async () => {
    const { link, fill } = await sold();
    await correct(link, fill, '0');
    expect(shape(link)).toEqual(['CANCELLED', '10', '0']);
    expect(link.desk.order(OUT).statusMessage).toBe('the broker took back all that it had filled');
    await link.drop();
    await link.connect();
    expect(shape(link)).toEqual(['CANCELLED', '10', '0']);
    await link.desk.place('AAPL', 'SELL 10 market');
    expect(link.status('ord-00000003')).toBe('WORKING');
  });

  it('and up again to what it was', async () => {
    const { link, fill } = await sold();
    const second = await correct(link, fill, '0');
    const third = await correct(link, second, '6');
    expect(shape(link)).toEqual(['FILLED', '6', '6']);
    await correct(link, third, '10');
    expect(shape(link)).toEqual(['FILLED', '10', '10']);
  });

  it('CANCELLED as it was, whatever of it had filled', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    const part = await link.fill(OUT, '4', '12');
    await link.cancel(OUT);
    await correct(link, part, '1');
    expect(shape(link)).toEqual(['CANCELLED', '10', '1']);
  });

  it('ends with its last execution where an earlier one was taken back', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    const part = await link.fill(OUT, '4', '12');
    await correct(link, part, '1');
    expect(uncovered(link)).toBe('3');
    await link.fill(OUT, '6', '12');
    expect([...shape(link), uncovered(link)]).toEqual(['FILLED', '7', '7', '3']);
  });

  it('listed as over before it was heard, is not missing what was taken back', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 limit 12');
    const part = await link.fill(OUT, '4', '12');
    await correct(link, part, '1');
    link.far.alter(OUT, { status: 'CANCELLED' });
    await link.drop();
    await link.connect();
    expect(shape(link)).toEqual(['CANCELLED', '10', '1']);
  });

  it('leaves the stop of a plan over, and what came back bare to see', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', {
      entry: ['over BUY 10 market 10'],
      long: ['SELL 10 market 8 stop'],
    });
    await link.desk.ticks('AAPL', '10 10.5');
    await link.fill('entry[0]', '10', '10.5');
    const stop = await link.fill('long[0]', '10', '8');
    await correct(link, stop, '8');
    expect([...shape(link, 'long[0]'), uncovered(link)]).toEqual(['FILLED', '8', '8', '2']);
  });

  it('grows the exits that are there for it', async () => {
    const { link } = await bought();
    await link.desk.place('AAPL', 'SELL 10 stop 8');
    await link.desk.place('AAPL', 'SELL 6 market');
    const out = await link.fill('ord-00000003', '6', '12');
    expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 4 STOP 8');
    await correct(link, out, '5');
    expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 5 STOP 8');
  });
});

describe('an order with more executed than was ever sent', () => {
  const ORDER = 'ord-00000001';
  const shape = (link: LinkDesk) => {
    const { status, quantity, filledQuantity, statusMessage } = link.desk.order(ORDER);
    return [status, toText(quantity), toText(filledQuantity), statusMessage];
  };

  it('is over with what fits, and the rest is nobody’s', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 limit 10');
    await link.fill(ORDER, '6', '10');
    await link.fill(ORDER, '6', '10');
    const words = '6 more were executed under its reference than were sent: UNALLOCATED has them';
    expect(shape(link)).toEqual(['FILLED', '6', '6', words]);
    await link.drop();
    await link.connect();
    expect(shape(link)).toEqual(['FILLED', '6', '6', words]);
    expect(books(link, null)).toMatch('12/6 ');
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
  });

  it('made larger in TWS and filled at once, is over with nothing', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 limit 10');
    link.far.alter(ORDER, { quantity: quantity('30') });
    await link.fill(ORDER, '30', '10');
    const words = '30 more were executed under its reference than were sent: UNALLOCATED has them';
    expect(shape(link)).toEqual(['CANCELLED', '10', '0', words]);
    await link.drop();
    await link.connect();
    expect(link.status(ORDER)).toBe('CANCELLED');
  });

  it('made larger in TWS and filled in part, is called back', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 limit 10');
    link.far.alter(ORDER, { quantity: quantity('30') });
    await link.fill(ORDER, '12', '10');
    expect(link.far.left.at(-1)).toBe(`cancel ${ORDER}`);
    expect(link.far.snapshot().openOrders).toEqual([]);
    await link.desk.place('AAPL', 'SELL 1 limit 10');
    expect(link.status(ORDER)).toBe('CANCELLED');
  });
});
