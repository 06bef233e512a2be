// The replay driver: which trades count, when sessions end, and what latency does between trades.

import { Exchange, PLAIN_SETTINGS } from '../../src/broker/simulator/exchange';
import type { ExchangeSettings } from '../../src/broker/simulator/exchange';
import { InProcessBroker } from '../../src/broker/simulator/in-process';
import { money } from '../../src/domain/decimal';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import { Engine } from '../../src/engine/loop';
import { TradeTape } from '../../src/market-data/trade-tape';
import { SqliteJournal } from '../../src/persistence/journal';
import { ManualClock } from '../../src/simulation/manual-clock';
import { Replay, type SessionWindow } from '../../src/simulation/replay';
import { linesOf } from '../../src/simulation/replay-lines';
import { instrumentNamed, planOf, ruleBook, T0, type PlanWords } from '../support/trading-kit';

interface Day {
  /** `1.5 AAPL 70`: seconds after the start, symbol, price. */
  readonly trades: readonly string[];
  readonly plans: Readonly<Record<string, PlanWords>>;
  readonly windows?: Readonly<Record<string, readonly [open: number, close: number]>>;
  readonly exchange?: Partial<ExchangeSettings>;
}

async function run(day: Day): Promise<{ story: string[]; hash: string }> {
  const tape = new TradeTape();
  for (const words of day.trades) {
    const [second = '', instrument = '', priceText = ''] = words.split(' ');
    const at = T0 + Number(second) * 1_000;
    tape.push({ at, instrument, price: Number(priceText), priceText, sizeText: '1' });
  }
  const clock = new ManualClock(T0);
  const exchange = new Exchange({ ...PLAIN_SETTINGS, ...day.exchange });
  const journal = new SqliteJournal(':memory:');
  const story: string[] = [];
  const broker = new InProcessBroker(exchange, clock, (stamped) => replay.deliver(stamped));
  const engine = new Engine({
    ...{ journal, broker, limits: DEFAULT_LIMITS, rules: await ruleBook('none') },
    publish: (records, state) => {
      for (const { event, time, symbol, order, price } of linesOf(records, state)) {
        const second = (Date.parse(time) - T0) / 1_000;
        if (event !== 'ARM') story.push(`${second} ${symbol} ${event} ${order} ${price}`);
      }
    },
  });
  const symbols = Object.keys(day.plans);
  const windowOf = (symbol: string): SessionWindow => {
    const [open, close] = day.windows?.[symbol] ?? [0, 1_000];
    return { open: T0 + open * 1_000, close: T0 + close * 1_000 };
  };
  const instruments = symbols.map((symbol) => instrumentNamed(symbol));
  const replay = new Replay(
    {
      ...{ tape, instruments, strategy: 's', tradingDate: '2026-01-05' },
      windows: new Map(symbols.map((symbol) => [symbol, windowOf(symbol)])),
      account: { key: 'A', currency: 'USD', cash: money('100000') },
      start: { kind: 'START_RUN', mode: 'REPLAY', inputsHash: 'i', ruleSetHash: 'r' },
      file: { name: 'f.json', contentHash: 'h' },
      plans: Object.entries(day.plans).map(([symbol, words]) => ({
        ...{ spec: planOf(symbol, words), instrument: symbol, previousClose: null },
      })),
    },
    { engine, exchange, clock },
  );
  await replay.run();
  return { story, hash: journal.head().hash };
}
const BUY = { entry: ['over BUY 10 market 70'], long: ['SELL 10 limit 72'] };

describe('a replay', () => {
  it('counts a trade stamped exactly at the open and at the close, and none outside', async () => {
    const { story } = await run({
      trades: ['0 AAPL 60', '1 AAPL 69', '2 AAPL 71', '10 AAPL 71.5', '10.001 AAPL 73'],
      plans: { AAPL: BUY },
      windows: { AAPL: [1, 10] },
    });
    expect(story).toEqual([
      '2 AAPL TRIGGER entry[0] 71',
      '2 AAPL SUBMIT entry[0] null',
      '10 AAPL FILL entry[0] 71.5',
      '10 AAPL SUBMIT long[0] 72',
      '10 AAPL EXPIRE long[0] 72',
    ]);
  });

  it('ends each symbol’s session at its own time', async () => {
    const { story } = await run({
      trades: ['1 AAPL 69', '1 MSFT 69', '6 MSFT 71', '6 AAPL 71', '7 MSFT 71'],
      plans: { AAPL: BUY, MSFT: BUY },
      windows: { AAPL: [0, 5], MSFT: [0, 8] },
    });
    expect(story).toEqual([
      '5 AAPL EXPIRE entry[0] 70',
      '6 MSFT TRIGGER entry[0] 71',
      '6 MSFT SUBMIT entry[0] null',
      '7 MSFT FILL entry[0] 71',
      '7 MSFT SUBMIT long[0] 72',
      '8 MSFT EXPIRE long[0] 72',
    ]);
  });

  it('gives the same hash for the same day, and another one for another day', async () => {
    const day: Day = { trades: ['1 AAPL 69', '2 AAPL 71', '3 AAPL 71'], plans: { AAPL: BUY } };
    const [one, two] = [await run(day), await run(day)];
    const other = await run({ ...day, trades: ['1 AAPL 69', '2 AAPL 71', '3 AAPL 71.01'] });
    expect(one.hash).toBe(two.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  it('lets an order that takes time miss the trades it is too late for', async () => {
    const { story } = await run({
      trades: ['1 AAPL 69', '2 AAPL 71', '2.05 AAPL 71.2', '2.1 AAPL 71.3', '3 AAPL 71.4'],
      plans: { AAPL: { entry: BUY.entry } },
      exchange: { latency: { min: 100, max: 100 } },
    });
    expect(story.filter((line) => line.includes('FILL'))).toEqual(['2.1 AAPL FILL entry[0] 71.3']);
  });

  it('lets an exit that takes time miss the trades it is too late for', async () => {
    const late = await run({
      trades: ['1 AAPL 69', '2 AAPL 71', '60 AAPL 71', '60.05 AAPL 72', '60.2 AAPL 73'],
      plans: { AAPL: BUY },
      exchange: { latency: { min: 100, max: 100 } },
    });
    expect(late.story.filter((line) => line.includes('FILL'))).toEqual([
      '60 AAPL FILL entry[0] 71',
      '60.2 AAPL FILL long[0] 73',
    ]);
  });

  it('lets a stop that has arrived look at the next trade', async () => {
    const { story } = await run({
      trades: ['1 AAPL 69', '2 AAPL 71', '3 AAPL 71', '60 AAPL 67', '61 AAPL 66'],
      plans: {
        AAPL: { entry: ['over BUY 10 market 70'], long: ['SELL 10 market 68 stop'] },
      },
      exchange: { latency: { min: 400, max: 400 } },
    });
    expect(story.slice(2)).toEqual([
      '3 AAPL FILL entry[0] 71',
      '3 AAPL SUBMIT long[0] 68',
      '60 AAPL TRIGGER long[0] 67',
      '61 AAPL FILL long[0] 66',
    ]);
  });
});

describe('the manual clock', () => {
  it('stands still until it is set, and never goes back', () => {
    const clock = new ManualClock(5);
    clock.set(7);
    clock.set(7);
    expect(clock.now()).toBe(7);
    expect(() => clock.set(6)).toThrow(RangeError);
  });
});
