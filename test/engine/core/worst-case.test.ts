/** The worst case of a plan by numbers worked out by hand. */
import { toText } from '../../../src/domain/decimal';
import type { WorstCase } from '../../../src/domain/worst-case';
import { worstCasesOf } from '../../../src/engine/core/worst-case';
import { planOf, type PlanWords } from '../../support/trading-kit';

/** `LONG 20 worth 1900 loses 60`, with what is out of the ordinary after it. */
function told(each: WorstCase): string {
  const { direction, quantity, notional, loss, uncovered, cycles, lossOfAllCycles } = each;
  const lost = loss === null ? `may lose anything (${toText(each.stoppedLoss)})` : toText(loss);
  const bare = toText(uncovered) === '0' ? '' : `, ${toText(uncovered)} uncovered`;
  const all = lossOfAllCycles === null ? '' : toText(lossOfAllCycles);
  const times = cycles === 1 ? '' : `, ${cycles} times: ${all}`;
  const words = loss === null ? lost : `loses ${lost}`;
  return `${direction} ${toText(quantity)} worth ${toText(notional)} ${words}${bare}${times}`;
}
const of = (words: PlanWords): string[] => worstCasesOf(planOf('AAPL', words)).map(told);

const LONG = ['over BUY 10 market 100'];
const SHORT = ['under SELL 10 market 100'];

it.each<[string, PlanWords, string]>([
  [
    'an entry and its stop',
    { entry: LONG, long: ['SELL 10 market 95'] },
    'LONG 10 worth 1000 loses 50',
  ],
  [
    'a ladder that averages down, each unit at its own level',
    { entry: LONG, long: ['BUY 10 limit 97', 'BUY 20 market 96', 'SELL 40 market 95'] },
    'LONG 40 worth 3890 loses 90',
  ],
  [
    'a short ladder, every unit at the highest level',
    { entry: SHORT, short: ['SELL 10 limit 103', 'BUY 20 market 105'] },
    'SHORT 20 worth 2060 loses 70',
  ],
  [
    'a pyramid, every unit at the highest level',
    { entry: LONG, long: ['BUY 10 market 110', 'SELL 20 market 95'] },
    'LONG 20 worth 2200 loses 200',
  ],
  [
    'a literal stop that leaves the adds without one',
    { entry: LONG, long: ['BUY 10 limit 97', 'SELL 10 market 95'] },
    'LONG 20 worth 1970 may lose anything (50), 10 uncovered',
  ],
  [
    'the same with exits for the whole position',
    {
      entry: LONG,
      long: ['BUY 10 limit 97', 'SELL 10 market 95'],
      settings: { exitQuantity: 'POSITION' },
    },
    'LONG 20 worth 1970 loses 70',
  ],
  [
    'no stop at all',
    { entry: LONG, long: ['SELL 10 limit 105'] },
    'LONG 10 worth 1000 may lose anything (0), 10 uncovered',
  ],
  [
    'an exit for the whole position that is no stop',
    { entry: LONG, long: ['SELL 10 limit 105'], settings: { exitQuantity: 'POSITION' } },
    'LONG 10 worth 1000 may lose anything (0), 10 uncovered',
  ],
  [
    'two stops, the nearer one first',
    { entry: LONG, long: ['SELL 4 market 90', 'SELL 6 market 95'] },
    'LONG 10 worth 1000 loses 70',
  ],
  [
    'an add beyond the stop, which makes the loss no smaller',
    { entry: LONG, long: ['BUY 10 limit 90', 'SELL 20 market 95'] },
    'LONG 20 worth 1900 loses 50',
  ],
  [
    'a trailing stop, its distance behind the entry',
    { entry: LONG, long: ['SELL 10 trail 2%'] },
    'LONG 10 worth 1000 loses 20',
  ],
  [
    'a trailing stop of a short',
    { entry: SHORT, short: ['BUY 10 trail 1.5'] },
    'SHORT 10 worth 1000 loses 15',
  ],
  [
    'a trailing stop farther away than zero',
    { entry: LONG, long: ['SELL 10 trail 150'] },
    'LONG 10 worth 1000 loses 1000',
  ],
  [
    'a trailing stop that waits for its price, which is no stop yet',
    { entry: LONG, long: ['SELL 10 trail 1 from 105'] },
    'LONG 10 worth 1000 may lose anything (0), 10 uncovered',
  ],
  [
    'several round trips',
    { entry: LONG, long: ['SELL 10 market 95'], settings: { cycles: 3 } },
    'LONG 10 worth 1000 loses 50, 3 times: 150',
  ],
  [
    'two entries, each figure of the worse one',
    { entry: ['over BUY 10 market 100', 'under BUY 12 limit 80'], long: ['SELL 12 market 78'] },
    'LONG 12 worth 1000 loses 220',
  ],
  [
    'exact decimals',
    { entry: ['over BUY 3 market 69.484375'], long: ['SELL 3 market 69.1'] },
    'LONG 3 worth 208.453125 loses 1.153125',
  ],
])('%s', (_, words, expected) => {
  expect(of(words)).toEqual([expected]);
});

it('is told of each side that an entry can take', () => {
  const both = {
    entry: [...LONG, 'under SELL 5 market 90'],
    long: ['SELL 10 market 95'],
    short: ['BUY 5 market 92'],
  };
  expect(of(both)).toEqual(['LONG 10 worth 1000 loses 50', 'SHORT 5 worth 450 loses 10']);
});

it('names the largest single add', () => {
  const adds = ['BUY 30 limit 97', 'BUY 20 limit 96', 'SELL 60 market 95'];
  const [long] = worstCasesOf(planOf('AAPL', { entry: LONG, long: adds }));
  expect([long?.addQuantity, long?.addNotional].map((each) => each && toText(each))).toEqual([
    '30',
    '2910',
  ]);
});
