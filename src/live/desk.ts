/**
 * The live desk: joins the engine with the broker link, the clock and the calendar, and is what the
 * API asks. It decides nothing about an order; it makes inputs and hands them to the engine.
 */
import { isZero } from '../domain/decimal';
import type { AccountValues, BrokerLink, LinkStatus } from '../domain/broker-link';
import type {
  ActiveRules,
  Auction,
  Desk,
  LatestQuote,
  LoadAnswer,
  LoadRequest,
} from '../domain/desk';
import type { Listen, LogEntry, LogLevel } from '../domain/desk';
import type { Command } from '../domain/input';
import type { CalendarKey, Instrument } from '../domain/instrument';
import type { Mode } from '../domain/mode';
import { shallEnd, type Order } from '../domain/order';
import type { Clock } from '../domain/ports';
import type { Refusal } from '../domain/refusal';
import { positionOf, workingOrders, type State } from '../engine/core/state';
import type { Engine } from '../engine/loop';
import { Auctions } from './auctions';
import { closeOutDue, leftOpen, leftOver } from './close-outs';
import { InstructionLoader } from './instructions';
import { Intake } from './intake';
import { MarketGate } from './market-gate';
import { QuoteBoard } from './quote-board';
import { closeInParts } from './session-close';
import { currentOrNext, sessionAt } from './sessions';

export interface LiveDeskParts {
  readonly engine: Engine;
  readonly mode: Mode;
  readonly clock: Clock;
  readonly rules: ActiveRules;
  /** Part of every input's id: another in every run. */
  readonly run: string;
  readonly log: (level: LogLevel, message: string, orderId?: string | null) => void;
  readonly onLog: Listen<LogEntry>;
}

/** How often sessions and suspicions are looked at, in real milliseconds. */
const LOOK_EVERY = 500;
const READ_AGAIN_AFTER = 6_000;
/** While openings wait for it. */
const COMPARE_AGAIN_AFTER = 1_000;
/** How long a person's first question about an instrument waits for its price. */
const PRICE_WAIT = 3_000;
const PRICE_LOOK = 20;
/** Streams of prices that a login has in general. */
const LINES = 100;
/** How long the broker may take to answer for an order, and how often it is asked then. */
const ANSWERS_TAKE = 10_000;
/** The same for an order without a trace, which is not as urgent. */
const ASK_AGAIN_AFTER = 60_000;
/** So long before a session opens, what an earlier one has left ends at once. */
const SOON = 600_000;
/** How long into a session a day waits for the prices of what is held. */
const PRICES_TAKE = 300_000;

export class LiveDesk implements Desk {
  readonly mode: Mode;
  readonly onLog: Listen<LogEntry>;
  readonly onQuote: Listen<LatestQuote>;
  /** What the broker session tells goes in here. */
  readonly intake: Intake;
  readonly #parts: LiveDeskParts;
  readonly #quotes = new QuoteBoard();
  readonly #watched = new Set<string>();
  readonly rangeSince: Desk['rangeSince'];
  readonly #closed = new Set<string>();
  #link: BrokerLink | null = null;
  #loader: InstructionLoader | null = null;
  #auctions: Auctions | null = null;
  #inputs = 0;
  #stopping = false;
  #timer: NodeJS.Timeout | null = null;
  #readAt = 0;

  constructor(parts: LiveDeskParts) {
    this.#parts = parts;
    this.mode = parts.mode;
    this.onLog = parts.onLog;
    this.onQuote = this.#quotes.onQuote;
    const { engine, clock, log } = parts;
    const inputId = (): string => this.commandId();
    const work = (): void => {
      this.#work();
    };
    const gate = new MarketGate({ engine, work, inputId });
    this.rangeSince = (stream, at) => gate.rangeSince(stream, at);
    this.intake = new Intake({
      ...{ engine, clock, gate, inputId, work, log, quotes: this.#quotes },
      matched: () => {
        this.#watchWhatMatters();
      },
    });
  }

  /** Begins: the link is started and sessions are looked after until `stop`. */
  start(link: BrokerLink): void {
    const { engine, clock, log } = this.#parts;
    this.#link = link;
    this.#auctions = new Auctions({ engine, clock, link });
    this.#loader = new InstructionLoader({
      ...{ engine, clock, link, log },
      inputId: () => this.commandId(),
      findInstrument: (symbol) => this.#find(symbol),
      watch: (instrument) => {
        this.#watchOne(instrument);
      },
    });
    // Before the first price: what was armed for a session that is over must not see it.
    this.#look();
    link.start();
    this.#timer = setInterval(() => {
      this.#look();
    }, LOOK_EVERY);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#link?.stop();
    this.#recordTrails(true);
    await this.#parts.engine.drain().catch(() => undefined);
  }

  now(): number {
    return this.#parts.clock.now();
  }
  commandId(): string {
    this.#inputs += 1;
    return `${this.#parts.run}-${this.#inputs}`;
  }
  link(): LinkStatus {
    return this.intake.status;
  }
  rules(): ActiveRules {
    return this.#parts.rules;
  }
  quote(instrument: string): LatestQuote | null {
    return this.#quotes.of(instrument);
  }
  accountValues(account: string): AccountValues | null {
    return this.intake.accountValues(account);
  }

  watch(key: string): void {
    const instrument = this.#parts.engine.state.instruments.get(key);
    if (instrument !== undefined) this.#watchOne(instrument);
  }

  tradingDate(key: string): string {
    const calendar = this.#parts.engine.state.instruments.get(key)?.calendar ?? 'XNYS';
    return currentOrNext(calendar, this.now()).date;
  }

  async auction(key: string): Promise<Auction | Refusal> {
    const instrument = this.#parts.engine.state.instruments.get(key);
    if (instrument !== undefined && this.#auctions !== null) return this.#auctions.of(instrument);
    return { code: 'NOT_FOUND', message: `there is no instrument ${key}`, field: 'instrument' };
  }

  async findInstrument(symbol: string): Promise<string | null> {
    const instrument = await this.#find(symbol);
    if (instrument !== null) await this.#priced(instrument);
    return instrument?.key ?? null;
  }

  /** Until the first price has come, or is not to be had soon: what is decided then needs one. */
  async #priced({ key, calendar }: Instrument): Promise<void> {
    const { engine } = this.#parts;
    const until = performance.now() + PRICE_WAIT;
    while (engine.market.last(key) === undefined && performance.now() < until) {
      if (sessionAt(calendar, this.now()) === null || this.link().state !== 'READY') return;
      await new Promise((resolve) => setTimeout(resolve, PRICE_LOOK));
    }
  }

  loadInstructions(request: LoadRequest): Promise<LoadAnswer> {
    if (this.#loader !== null) return this.#loader.load(request);
    const message = 'the desk has not started yet: try again in a moment';
    const refusal: Refusal = { code: 'NOT_CONNECTED', message, field: null };
    return Promise.resolve({ file: null, orders: new Map(), refusal });
  }

  /** Runs a command of the desk's own. */
  execute(command: Command): Promise<Refusal | null> {
    return this.#parts.engine.execute(command, { id: this.commandId(), at: this.now() });
  }

  async #find(symbol: string): Promise<Instrument | null> {
    const { engine, log } = this.#parts;
    const known = engine.state.instruments.get(symbol);
    if (known !== undefined) return known;
    if (this.#stopping || this.#link?.status.state !== 'READY') return null;
    try {
      const [found, another] = await this.#link.resolve(symbol);
      if (found === undefined || another !== undefined) return null;
      await this.execute({ kind: 'ADD_INSTRUMENT', instrument: found });
      this.#watchOne(found);
      return found;
    } catch (cause) {
      log('WARNING', `${symbol} could not be looked up: ${String(cause)}`);
      return null;
    }
  }

  #watchOne(instrument: Instrument): void {
    if (this.#watched.has(instrument.key)) return;
    this.#watched.add(instrument.key);
    this.#link?.watch(instrument);
  }

  /** Whatever is held, armed or working needs its price; then what may be ordered by hand. */
  #watchWhatMatters(): void {
    const { state } = this.#parts.engine;
    for (const { account, instrument } of positionsOf(state.positions.keys())) {
      if (state.accounts.has(account)) this.watch(instrument);
    }
    for (const order of state.orders.values()) {
      if (order.status === 'ARMED' || state.working.get(order.instrument)?.has(order.id) === true) {
        this.watch(order.instrument);
      }
    }
    for (const key of state.instruments.keys()) {
      if (this.#watched.size >= LINES) return;
      this.watch(key);
    }
  }

  #work(): void {
    // An engine that stops has said so itself.
    this.#parts.engine.drain().catch(() => undefined);
  }

  /** Starts days, ends sessions, and has positions read again that differ. */
  #look(): void {
    try {
      this.#lookAfterSessions();
      this.#lookAfterAuctions();
      this.#recordTrails(false);
      this.#readAgain();
    } catch (cause) {
      this.#parts.log('ERROR', `the session could not be looked after: ${String(cause)}`);
    }
  }

  #lookAfterAuctions(): void {
    const due = this.#auctions?.due() ?? Promise.resolve(null);
    due.then(
      (command) => {
        if (command !== null) this.#run(command);
      },
      (cause: unknown) => {
        this.#parts.log('ERROR', `staged orders could not be looked after: ${String(cause)}`);
      },
    );
  }

  #lookAfterSessions(): void {
    const { engine } = this.#parts;
    const at = this.now();
    const calendars = new Map<CalendarKey, string[]>();
    for (const { key, calendar } of engine.state.instruments.values()) {
      const instruments = calendars.get(calendar);
      if (instruments === undefined) calendars.set(calendar, [key]);
      else instruments.push(key);
    }
    for (const [calendar, instruments] of calendars) {
      const { date } = currentOrNext(calendar, at);
      this.#endSessionsBefore({ calendar, date, instruments });
      const session = sessionAt(calendar, at);
      if (session === null) continue;
      const closeOut = closeOutDue(engine.state, { session, instruments, at });
      if (closeOut !== null) this.#run(closeOut);
      if (calendar === 'XNYS') this.#startDay(date, at - session.open > PRICES_TAKE);
    }
  }

  /** What was armed for a session that is over expires, also when it ended without us. */
  #endSessionsBefore(given: {
    readonly calendar: CalendarKey;
    readonly date: string;
    readonly instruments: readonly string[];
  }): void {
    const { calendar, date: before, instruments } = given;
    const place = `${calendar}/${before}`;
    if (this.#closed.has(place)) return;
    this.#closed.add(place);
    const { engine, log } = this.#parts;
    const open = leftOpen(engine.state, instruments, before);
    for (const said of [...open, ...leftOver(engine.state, instruments)]) log('WARNING', said);
    const reason = 'session end';
    const close = { kind: 'CLOSE_SESSION', instruments, reason, before, keepExits: true } as const;
    closeInParts(close, {
      state: this.#parts.engine.state,
      execute: (command) => this.execute(command),
      hurries: () => [0, SOON].some((ms) => sessionAt(calendar, this.now() + ms) !== null),
      stopping: () => this.#stopping,
      // An engine that stops has said so itself.
    }).catch(() => undefined);
  }

  /** Measured at prices of the day: at a cost of long ago the loss of the day would be a fable. */
  #startDay(tradingDate: string, anyway: boolean): void {
    const { engine } = this.#parts;
    for (const { key: account, tradingDate: known } of engine.state.accounts.values()) {
      if (known === tradingDate) continue;
      const held = positionsOf(engine.state.positions.keys()).filter(
        (place) => place.account === account && !isZero(positionOf(engine.state, place).quantity),
      );
      const priced = held.every(({ instrument }) => engine.market.last(instrument) !== undefined);
      if (priced || anyway) this.#run({ kind: 'START_DAY', account, tradingDate });
    }
  }

  #run(command: Command): void {
    const { log } = this.#parts;
    this.execute(command).then(
      (refusal) => {
        if (refusal !== null) log('WARNING', `${command.kind}: ${refusal.message}`);
      },
      // An engine that stops has said so itself.
      () => undefined,
    );
  }

  /** What no further price has made durable. */
  #recordTrails(all: boolean): void {
    const edge = { id: this.commandId(), at: this.now() };
    if (this.#parts.engine.recordTrails(edge, all)) this.#work();
  }

  /** How long after the last questions the next ones are due, milliseconds; null: none are. */
  #askAgainAfter(): number | null {
    const { state } = this.#parts.engine;
    if (state.suspectedBreaks.size > 0) return COMPARE_AGAIN_AFTER;
    if (this.intake.suspects) return READ_AGAIN_AFTER;
    const before = this.now() - ANSWERS_TAKE;
    const late = (order: Order): boolean => isUnanswered(order) && order.updatedAt < before;
    const twice = [...state.externalOrders.values()].some(({ order }) => order !== undefined);
    if (twice || anyAtBroker(state, late)) return ANSWERS_TAKE;
    return anyAtBroker(state, ({ status }) => status === 'UNKNOWN') ? ASK_AGAIN_AFTER : null;
  }

  #readAgain(): void {
    const now = Date.now();
    const wait = this.#askAgainAfter();
    if (wait === null || now - this.#readAt < wait) return;
    if (this.#link?.status.state !== 'READY') return;
    this.#readAt = now;
    // The session says itself what was not answered, and this asks again.
    this.#link.synchronize().catch(() => undefined);
  }
}

function anyAtBroker(state: State, is: (order: Order) => boolean): boolean {
  for (const instrument of state.working.keys()) {
    if (workingOrders(state, instrument).some(is)) return true;
  }
  return false;
}

/** It was sent, changed or called back, and the broker has not said what became of that. */
function isUnanswered(order: Order): boolean {
  const { status, sending, requestedQuantity } = order;
  if (sending === null) return false;
  if (status === 'UNKNOWN') return shallEnd(order);
  return status === 'SUBMITTED' || status === 'CANCEL_PENDING' || requestedQuantity !== null;
}

function positionsOf(keys: Iterable<string>): { account: string; instrument: string }[] {
  return [...keys].map((key) => {
    const [account = '', instrument = ''] = key.split('|');
    return { account, instrument };
  });
}
