// A replay whose engine is dropped between two trades, every so many events of its journal, and
// built again out of that journal. The exchange and the recording go on, as a broker does. Knows
// no expectation.

import { Exchange, PLAIN_SETTINGS } from '../../src/broker/simulator/exchange';
import { InProcessBroker } from '../../src/broker/simulator/in-process';
import { money, toText } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import type { Tick } from '../../src/domain/market';
import { Engine } from '../../src/engine/loop';
import { SqliteJournal } from '../../src/persistence/journal';
import type { ReplayOptions } from '../../src/presets/replay';
import { prepareReplay } from '../../src/presets/replay-inputs';
import { chooseRuleBook } from '../../src/presets/rule-books';
import { ManualClock } from '../../src/simulation/manual-clock';
import { Replay, type ReplayPlan } from '../../src/simulation/replay';
import { linesOf, type ReplayLine } from '../../src/simulation/replay-lines';
import { canonical } from './trading-kit';

export interface CrashedReplay {
  readonly lines: readonly ReplayLine[];
  readonly positions: ReadonlyMap<string, string>;
  /** How many engines were dropped. */
  readonly deaths: number;
}

const ACCOUNT = { key: 'REPLAY', currency: 'USD', cash: money('100000') } as const;

/** An exchange that says when the next trade is about to be looked at. */
class WatchedExchange extends Exchange {
  beforeTrade: () => void = () => undefined;

  override hasDue(now: number): boolean {
    this.beforeTrade();
    return super.hasDue(now);
  }
}

/** The last price of each instrument, as a market-data subscription tells it again. */
class LastPrices {
  readonly #last = new Map<string, Tick>();

  get any(): boolean {
    return this.#last.size > 0;
  }
  see(tick: Tick): void {
    this.#last.set(tick.instrument, tick);
  }
  tellAgain(engine: Engine): void {
    for (const tick of this.#last.values()) engine.fire(engine.observe(tick), 'told-again');
  }
}

/** @throws Error when an engine that was built again is not what the dropped one was */
export async function replayWithDeaths(
  options: ReplayOptions,
  { every, first }: { readonly every: number; readonly first: number },
): Promise<CrashedReplay> {
  const { book: rules } = await chooseRuleBook({
    ...{ riskRules: options.riskRules, unavailableSources: ['quote', 'volume-history'] },
  });
  const prepared = prepareReplay(options, () => undefined);
  const journal = new SqliteJournal(':memory:');
  const clock = new ManualClock(prepared.startsAt);
  const exchange = new WatchedExchange({ ...PLAIN_SETTINGS, commission: options.commission });
  const prices = new LastPrices();
  const lines: ReplayLine[] = [];
  const broker = new InProcessBroker(exchange, clock, (stamped) => {
    run.deliver(stamped);
  });
  const publish = (records: readonly JournalRecord[]): void => {
    lines.push(...linesOf(records, engine.state));
  };
  const begun = (): Engine => {
    const made = new Engine(
      { journal, broker, rules, limits: DEFAULT_LIMITS, publish },
      journal.read(0),
    );
    const observe = made.observe.bind(made);
    made.observe = (tick) => {
      prices.see(tick);
      return observe(tick);
    };
    return made;
  };
  let engine = begun();
  let deaths = 0;
  let next = Math.max(first, 1);
  exchange.beforeTrade = () => {
    const { sequence } = journal.head();
    if (sequence < next || !prices.any) return;
    next += Math.ceil((sequence + 1 - next) / every) * every;
    const before = canonical(engine.state);
    engine = begun();
    deaths += 1;
    if (canonical(engine.state) !== before) throw new Error(`other books after ${sequence}`);
    prices.tellAgain(engine);
  };
  const plan: ReplayPlan = {
    ...prepared,
    ...{ account: ACCOUNT, strategy: options.strategy },
    start: { kind: 'START_RUN', mode: 'REPLAY', inputsHash: 'crashed', ruleSetHash: rules.hash },
  };
  const parts = {
    get engine() {
      return engine;
    },
    ...{ exchange, clock },
  };
  const run = new Replay(plan, parts);
  await run.run();
  const held = [...engine.state.positions].map(([key, { quantity }]): [string, string] => [
    key.split('|')[1] ?? '',
    toText(quantity),
  ]);
  journal.close();
  return { lines, positions: new Map(held), deaths };
}
