// A trading desk in memory for tests: engine, exchange, manual clock and journal joined as in the
// replay. Plans, ticks and what happened are written in a few words, so that a scenario reads as a
// story. Must not know what any test expects.

import { Exchange, PLAIN_SETTINGS } from '../../src/broker/simulator/exchange';
import type { ExchangeSettings, StampedReport } from '../../src/broker/simulator/exchange';
import { InProcessBroker } from '../../src/broker/simulator/in-process';
import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { Event, EventType, JournalRecord } from '../../src/domain/event';
import type { BrokerReport, Command } from '../../src/domain/input';
import type { Instrument } from '../../src/domain/instrument';
import { DEFAULT_LIMITS, type HardLimits } from '../../src/domain/limits';
import type { Order, TrailTerms } from '../../src/domain/order';
import { DEFAULT_PLAN_SETTINGS, type PlanLeg } from '../../src/domain/plan';
import type { PlanSettings, PlanSpec } from '../../src/domain/plan';
import type { Broker, LocalJournal, RuleBook } from '../../src/domain/ports';
import type { QuoteSource } from '../../src/domain/price-source';
import type { Refusal } from '../../src/domain/refusal';
import { evolve } from '../../src/engine/core/evolve';
import { emptyState, holdingOf, type State } from '../../src/engine/core/state';
import { Engine, type EngineParts } from '../../src/engine/loop';
import { MarketGate } from '../../src/live/market-gate';
import { QuoteBoard } from '../../src/live/quote-board';
import { SqliteJournal } from '../../src/persistence/journal';
import { chooseRuleBook } from '../../src/presets/rule-books';
import { ManualClock } from '../../src/simulation/manual-clock';
import { linesOf, type ReplayLine } from '../../src/simulation/replay-lines';

export const T0 = Date.UTC(2026, 0, 5, 14, 30);
export const ACCOUNT = 'DU1';
export const STRATEGY = 'momentum';

/**
 * `over BUY 100 market 70`, `under SELL 5 limit 69.5 nogap`, `SELL 100 market 68 stop`,
 * `SELL 100 trail 1.5`, `SELL 100 trail 2% from 110`, `over BUY 100 market 70 @bid-ask`.
 */
export interface PlanWords {
  readonly entry: readonly string[];
  readonly long?: readonly string[];
  readonly short?: readonly string[];
  readonly settings?: Partial<PlanSettings>;
}

export interface DeskOptions {
  readonly rules?: 'none' | 'shipped' | RuleBook;
  readonly exchange?: Partial<ExchangeSettings>;
  readonly limits?: Partial<HardLimits>;
  readonly symbols?: readonly string[];
  readonly instrument?: Partial<Instrument>;
  readonly journal?: LocalJournal;
  readonly stopped?: (cause: Error) => void;
  /** Of a desk over the journal of another one: which of its orders had seen a price. */
  readonly mayHaveLooked?: EngineParts['mayHaveLooked'];
  /** Stands in for the exchange's own face, or around it. */
  readonly broker?: (inner: Broker, desk: Desk) => Broker;
}

const books = new Map<string, Promise<RuleBook>>();
export function ruleBook(which: 'none' | 'shipped'): Promise<RuleBook> {
  let book = books.get(which);
  book ??= chooseRuleBook({
    riskRules: which === 'none' ? 'none' : null,
    unavailableSources: ['quote', 'volume-history'],
  }).then((chosen) => chosen.book);
  books.set(which, book);
  return book;
}

export function instrumentNamed(key: string, changes: Partial<Instrument> = {}): Instrument {
  return {
    ...{ key, symbol: key, exchange: 'XNYS', currency: 'USD' },
    ...{ tickSize: price('0.01'), lotSize: quantity('1'), calendar: 'UTC' },
    ...{ conId: null, averageVolume: null },
    ...changes,
  };
}

function trailOf(distance: string, flags: readonly string[]): TrailTerms {
  const percent = distance.endsWith('%');
  const from = flags[flags.indexOf('from') + 1];
  return {
    trailBy: percent ? null : price(distance),
    trailPercent: percent ? distance.slice(0, -1) : null,
    activateAt: flags.includes('from') ? price(from ?? '') : null,
  };
}

function sourceOf(flags: readonly string[]): Pick<PlanLeg, 'priceSource'> {
  const word = flags.find((flag) => flag.startsWith('@'))?.slice(1);
  if (word === undefined) return {};
  return { priceSource: word.toUpperCase().replace('-', '_') as QuoteSource };
}

function legOf(words: string, place: { name: string; rank: number; entry: boolean }): PlanLeg {
  const parts = words.split(' ');
  const cross = place.entry ? parts.shift() : null;
  const [side = '', size = '', type = '', at = '', ...flags] = parts;
  return {
    ...{ leg: place.name, rank: place.rank, pointer: `/${place.name}` },
    side: side as PlanLeg['side'],
    type: type === 'limit' ? 'LIMIT' : 'MARKET',
    quantity: quantity(size),
    ...(type === 'trail' ? { price: null, trail: trailOf(at, flags) } : { price: price(at) }),
    cross: cross === null ? null : cross === 'over' ? 'CROSS_OVER' : 'CROSS_UNDER',
    firesOnGap: !flags.includes('nogap'),
    namedStop: flags.includes('stop'),
    ...sourceOf(flags),
  };
}

export function planOf(symbol: string, words: PlanWords): PlanSpec {
  let rank = 0;
  const list = (name: string, orders: readonly string[] = []): PlanLeg[] =>
    orders.map((order, n) =>
      legOf(order, { name: `${name}[${n}]`, rank: rank++, entry: name === 'entry' }),
    );
  return {
    symbol,
    settings: { ...DEFAULT_PLAN_SETTINGS, ...words.settings },
    entries: list('entry', words.entry),
    ifLong: list('long', words.long),
    ifShort: list('short', words.short),
  };
}

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;
type Sides = Readonly<Partial<Record<'bid' | 'ask', string | null>>>;

export class Desk {
  readonly exchange: Exchange;
  readonly clock = new ManualClock(T0);
  readonly journal: LocalJournal;
  readonly engine: Engine;
  readonly lines: ReplayLine[] = [];
  readonly records: JournalRecord[] = [];
  /** Runs after every event, with the state that includes it. */
  onFolded: (record: JournalRecord, state: State) => void = () => undefined;
  /** Runs after every batch of records, with the state that includes it. */
  onCommit: (records: readonly JournalRecord[]) => void = () => undefined;
  /** Takes quotes in, as the live desk does; open from the start. */
  readonly gate: MarketGate;
  readonly #board = new QuoteBoard();
  #inputs = 0;
  #tick = 0;

  constructor(rules: RuleBook, options: DeskOptions) {
    this.exchange = new Exchange({ ...PLAIN_SETTINGS, ...options.exchange });
    this.journal = options.journal ?? new SqliteJournal(':memory:');
    const inner = new InProcessBroker(this.exchange, this.clock, (each) => this.deliver(each));
    this.engine = new Engine(
      {
        journal: this.journal,
        broker: options.broker?.(inner, this) ?? inner,
        rules,
        limits: { ...DEFAULT_LIMITS, ...options.limits },
        ...(options.stopped && { stopped: options.stopped }),
        ...(options.mayHaveLooked && { mayHaveLooked: options.mayHaveLooked }),
        folded: (record, state) => {
          this.onFolded(record, state);
        },
        publish: (records, state) => {
          this.records.push(...records);
          this.lines.push(...linesOf(records, state));
          this.onCommit(records);
        },
      },
      this.journal.read(0),
    );
    const inputId = (): string => `quote-${(this.#inputs += 1)}`;
    this.gate = new MarketGate({ engine: this.engine, work: () => undefined, inputId });
    this.gate.open(T0);
  }

  get state(): State {
    return this.engine.state;
  }
  deliver({ at, report }: StampedReport): void {
    this.#inputs += 1;
    this.engine.submit({ id: `report-${this.#inputs}`, at, input: { kind: 'REPORT', report } });
  }
  /** A report as if the broker had sent it now, worked off. */
  async report(report: BrokerReport): Promise<void> {
    this.deliver({ at: this.clock.now(), report });
    await this.engine.drain();
  }
  /** Null, or why it was refused. */
  async command(command: Command): Promise<string | null> {
    return (await this.refusal(command))?.message ?? null;
  }
  /** Null, or how it was refused. */
  refusal(command: Command): Promise<Refusal | null> {
    this.#inputs += 1;
    return this.engine.execute(command, { id: `command-${this.#inputs}`, at: this.clock.now() });
  }
  /** `BUY 100 market`, `SELL 5 limit 72`, `SELL 5 stop 68`. */
  place(symbol: string, words: string, changes: Partial<Placing> = {}): Promise<string | null> {
    const [side = '', size = '', type = '', at] = words.split(' ');
    return this.command({
      ...{ kind: 'PLACE_ORDER', requestId: `manual-${this.#inputs}`, strategy: STRATEGY },
      ...{ account: ACCOUNT, instrument: symbol, side: side as Placing['side'] },
      ...{ type: type.toUpperCase() as Placing['type'], timeInForce: 'DAY' },
      quantity: quantity(size),
      limitPrice: type === 'limit' ? price(at ?? '') : null,
      stopPrice: type === 'stop' ? price(at ?? '') : null,
      ...changes,
    });
  }
  load(symbol: string, words: PlanWords | PlanSpec, close: string | null = null) {
    const spec = 'entries' in words ? words : planOf(symbol, words);
    return this.command({
      ...{ kind: 'LOAD_INSTRUCTIONS', fileName: 'day.json', contentHash: `hash-${symbol}` },
      ...{ strategy: STRATEGY, account: ACCOUNT, tradingDate: '2026-01-05' },
      plans: [{ spec, instrument: symbol, previousClose: close === null ? null : price(close) }],
    });
  }

  /** Trades of one symbol a second apart, worked off as the replay does. */
  async ticks(symbol: string, prices: string): Promise<void> {
    for (const text of prices.split(' ')) await this.tick(symbol, text);
  }
  async tick(symbol: string, priceText: string, after = 1_000): Promise<void> {
    this.#tick += 1;
    const at = this.clock.now() + after;
    const trade = { at, instrument: symbol, price: Number(priceText), priceText, sizeText: '100' };
    await this.settle(at);
    this.clock.set(at);
    const { at: seenAt, instrument, price: seen } = trade;
    const observation = this.engine.observe({ at: seenAt, instrument, price: seen, priceText });
    if (this.exchange.hasWork(symbol)) await this.#answer(this.exchange.match(trade));
    const id = `trade-${this.#tick}`;
    this.engine.watchLosses(observation, id);
    this.engine.fire(observation, id);
    await this.engine.drain();
  }
  /** What is new of a quote, worked off; null is a side that is gone. */
  async quote(symbol: string, sides: Sides, after = 1_000): Promise<void> {
    this.clock.set(this.clock.now() + after);
    const read = ([side, text]: [string, string | null]) =>
      [side, text === null ? null : price(text)] as const;
    const given = Object.fromEntries(Object.entries(sides).map(read));
    const now = this.#board.see({ instrument: symbol, at: this.clock.now(), ...given });
    const fresh = { bid: 'bid' in sides, ask: 'ask' in sides };
    this.gate.seeQuote(this.state.instruments.get(symbol)!, now, fresh);
    await this.engine.drain();
  }
  /** What is on its way to the market until then gets there. */
  async settle(until: number): Promise<void> {
    for (const stamped of this.exchange.settle(until)) {
      this.clock.set(Math.max(stamped.at, this.clock.now()));
      this.deliver(stamped);
      await this.engine.drain();
    }
  }
  async #answer(reports: Iterable<StampedReport>): Promise<void> {
    for (const stamped of reports) {
      this.deliver(stamped);
      await this.engine.drain();
    }
  }
  closeOut(symbol: string, tradingDate = '2026-01-05'): Promise<string | null> {
    const reason = 'closed out before the session ends';
    return this.command({ kind: 'CLOSE_OUT', instruments: [symbol], tradingDate, reason });
  }
  async closeSession(...symbols: readonly string[]): Promise<void> {
    const reason = 'session end';
    for (const symbol of symbols) {
      await this.#answer(this.exchange.expire(symbol, this.clock.now(), reason));
    }
    await this.command({ kind: 'CLOSE_SESSION', instruments: symbols, reason });
  }

  /** What happened, one short line each: `2 fill entry[0] 100 at 70.5 makes 100`. */
  story(...kinds: readonly string[]): string[] {
    const told = this.lines.map((line) => this.#told(line));
    return kinds.length === 0 ? told : told.filter((line) => kinds.includes(line.split(' ')[1]!));
  }
  #told({ event, time, order, price: at, quantity: size, position, reason, codes }: ReplayLine) {
    const head = `${Math.round((Date.parse(time) - T0) / 1_000)} ${event.toLowerCase()} ${order}`;
    if (event === 'FILL') return `${head} ${size} at ${at} makes ${position}`;
    if (event === 'TRIGGER') return `${head} at ${at}`;
    if (event === 'SUBMIT') return `${head} ${reason} ${size}`;
    if (event === 'DENY') return `${head} ${codes?.join(' ')}`;
    return event === 'CANCEL' ? `${head}: ${reason}` : head;
  }
  held(symbol: string): string {
    const key = { account: ACCOUNT, strategy: STRATEGY, instrument: symbol };
    return toText(holdingOf(this.state, key).quantity);
  }
  /** The order of a leg, `entry[0]`, or of an id. */
  order(leg: string, symbol?: string): Order {
    const all = [...this.state.orders.values()];
    const found = all.filter((each) => symbol === undefined || each.instrument === symbol);
    return found.find((each) => each.leg === leg || each.id === leg)!;
  }
  events<T extends EventType>(type: T): Extract<Event, { type: T }>[] {
    const all = this.records.map((record) => record.event);
    return all.filter((event): event is Extract<Event, { type: T }> => event.type === type);
  }
}

/** A desk with an account of 100,000, one strategy and the symbols (AAPL alone unless named). */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const { rules = 'none', symbols = ['AAPL'] } = options;
  const desk = new Desk(typeof rules === 'string' ? await ruleBook(rules) : rules, options);
  desk.exchange.accounts.open(ACCOUNT, 'USD', money('100000'));
  await desk.command({
    kind: 'OPEN_ACCOUNT',
    account: ACCOUNT,
    currency: 'USD',
    cash: money('100000'),
  });
  await desk.command({ kind: 'CREATE_STRATEGY', strategy: STRATEGY, allowsShort: true });
  for (const symbol of symbols) {
    const instrument = instrumentNamed(symbol, options.instrument);
    desk.exchange.list(instrument);
    await desk.command({ kind: 'ADD_INSTRUMENT', instrument });
  }
  return desk;
}

/** A state as text: equal states give equal text. */
export function canonical(state: State): string {
  return JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  );
}
/** The state a journal folds to. */
export function folded(journal: LocalJournal, until = Infinity): State {
  const state = emptyState();
  for (const record of journal.read(0)) if (record.sequence <= until) evolve(state, record);
  return state;
}
