/**
 * Drives the engine over recorded trades on a manual clock, as fast as it can. Each trade is seen
 * by the engine first (so that it is the last known price), then matched by the exchange, and
 * every report is answered before the next order is looked at; triggers come last. Knows no file.
 */
import type { Exchange, StampedReport } from '../broker/simulator/exchange';
import type { Command, PlanToArm } from '../domain/input';
import type { Instrument } from '../domain/instrument';
import type { InstrumentKey } from '../domain/ids';
import type { Money } from '../domain/decimal';
import type { Trade } from '../domain/market';
import { CLOSING_OUT } from '../engine/core/close-out';
import type { Engine, Observation } from '../engine/loop';
import type { TradeTape } from '../market-data/trade-tape';
import type { ManualClock } from './manual-clock';
import { isPast, momentsOf, type SessionMoment } from './session-moments';

/** From when to when trades of an instrument count; both ends included. */
export interface SessionWindow {
  readonly open: number;
  readonly close: number;
}

export interface ReplayPlan {
  readonly tape: TradeTape;
  readonly instruments: readonly Instrument[];
  readonly windows: ReadonlyMap<InstrumentKey, SessionWindow>;
  readonly account: { readonly key: string; readonly currency: string; readonly cash: Money };
  readonly strategy: string;
  readonly start: Extract<Command, { kind: 'START_RUN' }>;
  readonly file: { readonly name: string; readonly contentHash: string };
  readonly tradingDate: string;
  readonly plans: readonly PlanToArm[];
}

export interface ReplayParts {
  readonly engine: Engine;
  readonly exchange: Exchange;
  readonly clock: ManualClock;
  /** Called every so many trades, for a progress line. */
  readonly progress?: (done: number, of: number) => void;
}

const PROGRESS_EVERY = 25_000;

export class Replay {
  readonly #plan: ReplayPlan;
  readonly #parts: ReplayParts;
  /** Ends of sessions, and the moments before them, the earliest last. */
  readonly #moments: SessionMoment[];
  #commands = 0;
  #reports = 0;

  constructor(plan: ReplayPlan, parts: ReplayParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#moments = momentsOf(plan);
  }

  /** Takes a report of the exchange to the engine's mailbox. */
  readonly deliver = ({ at, report }: StampedReport): void => {
    this.#reports += 1;
    this.#parts.engine.submit({
      id: `report-${this.#reports}`,
      at,
      input: { kind: 'REPORT', report },
    });
  };

  /** Sets up the books, arms the plans, runs every trade that counts, and ends the session. */
  async run(): Promise<void> {
    await this.#setUp();
    const { tape } = this.#plan;
    for (let n = 0; n < tape.length; n += 1) {
      const trade = tape.trade(n);
      const work = this.#counts(trade) ? this.#trade(trade, n) : null;
      if (work !== null) await work;
      if (n % PROGRESS_EVERY === 0) this.#parts.progress?.(n, tape.length);
    }
    await this.#passUntil(Infinity);
  }

  async #setUp(): Promise<void> {
    const { account, strategy, instruments, start, file, plans, tradingDate } = this.#plan;
    const { exchange } = this.#parts;
    exchange.accounts.open(account.key, account.currency, account.cash);
    await this.#command(start);
    const { key, currency, cash } = account;
    await this.#command({ kind: 'OPEN_ACCOUNT', account: key, currency, cash });
    await this.#command({ kind: 'CREATE_STRATEGY', strategy, allowsShort: true });
    for (const instrument of instruments) {
      exchange.list(instrument);
      await this.#command({ kind: 'ADD_INSTRUMENT', instrument });
    }
    await this.#command({
      kind: 'LOAD_INSTRUCTIONS',
      fileName: file.name,
      contentHash: file.contentHash,
      ...{ strategy, account: key, tradingDate, plans },
    });
  }

  /** @throws Error when the engine refuses a command of the set-up: the run would mean nothing */
  async #command(command: Command): Promise<void> {
    this.#commands += 1;
    const { clock, engine } = this.#parts;
    const edge = { id: `command-${this.#commands}`, at: clock.now() };
    const refusal = await engine.execute(command, edge);
    if (refusal !== null) throw new Error(`${command.kind} was refused: ${refusal.message}`);
  }

  #counts({ instrument, at }: Trade): boolean {
    const window = this.#plan.windows.get(instrument);
    return window !== undefined && window.open <= at && at <= window.close;
  }

  /** One trade; a promise only when there is something to wait for, which is rare. */
  #trade(trade: Trade, n: number): Promise<void> | null {
    const due = isPast(this.#moments.at(-1), trade.at);
    if (due || this.#parts.exchange.hasDue(trade.at)) return this.#settleFirst(trade, n);
    return this.#look(trade, n);
  }

  async #settleFirst(trade: Trade, n: number): Promise<void> {
    await this.#passUntil(trade.at);
    await this.#settleUntil(trade.at);
    await this.#look(trade, n);
  }

  #look(trade: Trade, n: number): Promise<void> | null {
    const { engine, exchange, clock } = this.#parts;
    const { at, instrument, price, priceText } = trade;
    clock.set(at);
    const observation = engine.observe({ at, instrument, price, priceText });
    const id = `trade-${n}`;
    if (exchange.hasWork(instrument)) return this.#answerFirst(trade, observation, id);
    return this.#react(observation, id);
  }

  async #answerFirst(trade: Trade, observation: Observation, id: string): Promise<void> {
    await this.#answer(this.#parts.exchange.match(trade));
    await this.#react(observation, id);
  }

  /** What the engine does about a price once the market has filled what it fills. */
  #react(observation: Observation, id: string): Promise<void> | null {
    const { engine } = this.#parts;
    const lost = engine.watchLosses(observation, id);
    const fired = engine.fire(observation, id);
    return lost || fired ? engine.drain() : null;
  }

  /** Every report is worked off before the exchange goes on. */
  async #answer(reports: Iterable<StampedReport>): Promise<void> {
    for (const stamped of reports) {
      this.deliver(stamped);
      await this.#parts.engine.drain();
    }
  }

  /** What is on its way to the market by then arrives at its own time, and is answered then. */
  async #settleUntil(time: number): Promise<void> {
    const { clock, engine, exchange } = this.#parts;
    for (const stamped of exchange.settle(time)) {
      clock.set(Math.max(stamped.at, clock.now()));
      this.deliver(stamped);
      await engine.drain();
    }
  }

  /** What the clock brings before this time: positions are closed out, and sessions end. */
  async #passUntil(time: number): Promise<void> {
    for (;;) {
      const next = this.#moments.at(-1);
      if (next === undefined || !isPast(next, time)) return;
      this.#moments.pop();
      const { clock } = this.#parts;
      const at = Math.max(next.at, clock.now());
      await this.#settleUntil(at);
      clock.set(at);
      await (next.what === 'CLOSE' ? this.#close(next, at) : this.#closeOut(next));
    }
  }

  /** What works or is armed in the session expires. */
  async #close({ instruments }: SessionMoment, at: number): Promise<void> {
    const reason = 'session end';
    for (const instrument of instruments) {
      await this.#answer(this.#parts.exchange.expire(instrument, at, reason));
    }
    await this.#command({ kind: 'CLOSE_SESSION', instruments, reason });
  }

  async #closeOut({ instruments }: SessionMoment): Promise<void> {
    const { tradingDate } = this.#plan;
    await this.#command({ kind: 'CLOSE_OUT', instruments, tradingDate, reason: CLOSING_OUT });
  }
}
