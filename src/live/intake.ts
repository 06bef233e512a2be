/**
 * From the broker session to the engine: every report, snapshot and position read becomes an input.
 * Fills are never held back, whatever the state of the link. The handlers return at once; nothing
 * here waits but the snapshot, which the session waits for.
 */
import type {
  AccountValues,
  BrokerEvents,
  BrokerNotice,
  BrokerPosition,
  BrokerQuote,
  BrokerSnapshot,
  LinkStatus,
  OrderDirectory,
} from '../domain/broker-link';
import { CalendarRangeError } from '../calendar/sessions';
import { money } from '../domain/decimal';
import type { LogLevel } from '../domain/desk';
import type { BrokerReport, Command, Input } from '../domain/input';
import type { Instrument } from '../domain/instrument';
import { shallEnd } from '../domain/order';
import type { Refusal } from '../domain/refusal';
import type { Clock } from '../domain/ports';
import { brokerKey } from '../engine/core/state';
import type { Engine } from '../engine/loop';
import type { MarketGate } from './market-gate';
import { PositionWatch } from './position-watch';
import { Listeners, type QuoteBoard } from './quote-board';
import { dayOrdersEndedBefore, sessionAt } from './sessions';

export interface IntakeParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly gate: MarketGate;
  readonly quotes: QuoteBoard;
  readonly inputId: () => string;
  /** Works off the mailbox in the background. */
  readonly work: () => void;
  readonly log: (level: LogLevel, message: string, orderId?: string | null) => void;
  /** The books match the broker's: instruments of interest may be watched. */
  readonly matched: () => void;
}

export class Intake implements BrokerEvents, OrderDirectory {
  readonly #parts: IntakeParts;
  readonly #watch = new PositionWatch();
  /** Executions of accounts that are not open yet. */
  readonly #early = new Map<string, Set<string>>();
  /** What the last snapshot said of accounts that are not open yet. */
  #firstReading = '';
  readonly #values = new Map<string, AccountValues>();
  readonly #accounts = new Listeners<AccountValues>();
  readonly onAccount = this.#accounts.listen;
  /** Connections that have ended: a snapshot of an ended one matches nothing any more. */
  #losses = 0;
  #status: LinkStatus = { state: 'DISCONNECTED', epoch: 0, reason: 'not started' };

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  get status(): LinkStatus {
    return this.#status;
  }
  accountValues(account: string): AccountValues | null {
    return this.#values.get(account) ?? null;
  }

  byPermId(permId: string): string | null {
    return this.#parts.engine.state.byPermId.get(permId) ?? null;
  }
  byBrokerOrderId(clientId: number, brokerOrderId: number): string | null {
    const key = brokerKey(clientId, brokerOrderId);
    return this.#parts.engine.state.byBrokerId.get(key) ?? null;
  }
  permIdOf(order: string): string | null {
    return this.#parts.engine.state.orders.get(order)?.permId ?? null;
  }
  instruments(): Iterable<Instrument> {
    return this.#parts.engine.state.instruments.values();
  }

  instrument(instrument: Instrument): void {
    const known = this.#parts.engine.state.instruments.get(instrument.key);
    // The broker's own id of it may be new; everything else stands as it was added.
    if (known !== undefined && (known.conId !== null || instrument.conId === null)) return;
    this.#submit({ kind: 'COMMAND', command: { kind: 'ADD_INSTRUMENT', instrument } });
  }

  report(report: BrokerReport): void {
    if (report.kind === 'FILL') this.#remember(report);
    this.#submit({ kind: 'REPORT', report: this.#atTheClose(report) });
  }

  /** What is told of an account before it is open is in the positions it comes with. */
  #remember({ account, execId }: Extract<BrokerReport, { kind: 'FILL' }>): void {
    if (this.#parts.engine.state.accounts.has(account)) return;
    const told = this.#early.get(account) ?? new Set();
    this.#early.set(account, told.add(execId));
  }

  /**
   * A broker may call it a cancel when a session ends its day orders, or its auction those that it
   * did not fill: nothing follows from it.
   */
  #atTheClose(report: BrokerReport): BrokerReport {
    if (report.kind !== 'CANCELLED') return report;
    const { engine, clock } = this.#parts;
    const order = engine.state.orders.get(report.order);
    const calendar = engine.state.instruments.get(order?.instrument ?? '')?.calendar;
    if (order?.staged !== undefined && !shallEnd(order) && calendar !== undefined) {
      if (sessionAt(calendar, clock.now()) === null) return report;
      const reason = `the opening auction did not fill it (${report.reason})`;
      return { kind: 'EXPIRED', order: order.id, reason };
    }
    if (order?.timeInForce !== 'DAY' || calendar === undefined || shallEnd(order)) return report;
    // Said a moment later, or when a simulated market is in its next session already.
    const session = sessionAt(calendar, clock.now() + 1);
    const sentAt = order.sending?.at ?? clock.now();
    if (order.outsideRegularHours || (session !== null && sentAt >= session.open)) return report;
    return { kind: 'EXPIRED', order: order.id, reason: `session end (${report.reason})` };
  }

  paceAllows(): void {
    this.#submit({ kind: 'PACE_ALLOWS' });
  }

  /** ASK_AGAIN: of an account that is to be opened, two readings must say the same. */
  async snapshot(snapshot: BrokerSnapshot): Promise<'MATCHED' | 'ASK_AGAIN'> {
    const { engine, clock, matched } = this.#parts;
    const losses = this.#losses;
    if (!this.#isSettled(snapshot)) return 'ASK_AGAIN';
    for (const account of snapshot.accounts) await this.#openAccount(account, snapshot);
    if (losses !== this.#losses) return 'MATCHED';
    const before = endedBefore(clock.now());
    this.#submit({
      ...{ kind: 'LINK_SYNCHRONIZED', snapshot },
      ...(before === null ? {} : { dayOrdersEndedBefore: before }),
    });
    await engine.drain();
    this.positions(snapshot.positions);
    matched();
    return 'MATCHED';
  }

  /**
   * An execution and the position that it changed come in two answers: where somebody trades at
   * that moment, one of them may lack it, and the account would begin with a wrong book.
   */
  #isSettled({ accounts, positions }: BrokerSnapshot): boolean {
    const { state } = this.#parts.engine;
    const fresh = accounts.filter((account) => !state.accounts.has(account));
    const before = this.#firstReading;
    const held = positions.filter(({ account }) => fresh.includes(account));
    const told = fresh.map((account) => [...(this.#early.get(account) ?? [])]);
    this.#firstReading = JSON.stringify([fresh, held, told]);
    return fresh.length === 0 || before === this.#firstReading;
  }

  positions(positions: readonly BrokerPosition[]): void {
    const { engine, clock } = this.#parts;
    for (const seen of this.#watch.read(engine.state, positions, clock.now())) {
      this.#submit({ kind: 'POSITION_SEEN', ...seen });
    }
  }

  account(values: AccountValues): void {
    this.#values.set(values.account, values);
    this.#accounts.tell(values);
  }

  quote(quote: BrokerQuote): void {
    const { quotes, engine, gate } = this.#parts;
    const now = quotes.see(quote);
    const { last, bid, ask } = quote;
    const instrument = engine.state.instruments.get(quote.instrument);
    if (instrument === undefined) return;
    if (last !== undefined) gate.see(instrument, now);
    if (bid !== undefined || ask !== undefined) {
      gate.seeQuote(instrument, now, { bid: bid !== undefined, ask: ask !== undefined });
    }
  }

  link(status: LinkStatus): void {
    const { gate, clock, log } = this.#parts;
    const was = this.#status;
    this.#status = status;
    const why = status.reason === null ? '' : `: ${status.reason}`;
    if (was.state !== status.state) {
      const level = status.state === 'READY' || status.state === 'CONNECTING' ? 'INFO' : 'WARNING';
      log(status.state === 'SYNCHRONIZING' ? 'INFO' : level, `broker link ${status.state}${why}`);
    }
    if (status.state === 'READY') {
      gate.open(clock.now());
      if (was.state !== 'READY') this.#submit({ kind: 'LINK_OPENED' });
      return;
    }
    gate.close(clock.now());
    // Up to here its answers may have been matched already, though it was never ready.
    const matching = was.state === 'SYNCHRONIZING' && status.state !== 'SYNCHRONIZING';
    if (was.state !== 'READY' && !matching) return;
    this.#losses += 1;
    this.#watch.forget();
    const reason = status.reason ?? `the broker link is ${status.state}`;
    this.#submit({ kind: 'LINK_LOST', reason });
  }

  notice({ level, code, message, order }: BrokerNotice): void {
    this.#parts.log(level, code === null ? message : `IB ${code}: ${message}`, order);
  }

  /** Whether the broker's positions should be read again soon. */
  get suspects(): boolean {
    return this.#watch.suspects;
  }

  /** The first time an account is seen: what it holds already belongs to UNALLOCATED. */
  async #openAccount(account: string, { positions }: BrokerSnapshot): Promise<void> {
    const { engine, log } = this.#parts;
    if (engine.state.accounts.has(account)) return;
    const values = this.#values.get(account);
    const held = positions.filter((each) => each.account === account);
    const command: Command = {
      kind: 'OPEN_ACCOUNT',
      account,
      currency: values?.currency ?? 'USD',
      cash: values?.cash ?? money('0'),
      positions: held,
      executions: [...(this.#early.get(account) ?? [])],
    };
    const refusal = await this.#execute(command);
    if (refusal === null) this.#early.delete(account);
    else log('ERROR', `account ${account} was not opened: ${refusal.message}`);
  }

  #execute(command: Command): Promise<Refusal | null> {
    const { engine, inputId, clock } = this.#parts;
    return engine.execute(command, { id: inputId(), at: clock.now() });
  }

  #submit(input: Input): void {
    const { engine, inputId, clock, work } = this.#parts;
    engine.submit({ id: inputId(), at: clock.now(), input });
    work();
  }
}

/** Null where the calendar does not reach: then nothing is taken for expired. */
function endedBefore(at: number): number | null {
  try {
    return dayOrdersEndedBefore('XNYS', at);
  } catch (cause) {
    if (cause instanceof CalendarRangeError) return null;
    throw cause;
  }
}
