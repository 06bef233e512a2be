/**
 * The session with TWS or the Gateway: its states, one connection after the other, and the moment
 * from which orders may leave. Joins the other files of this folder; what a message means is
 * decided in them.
 */
import type { IBApi } from '@stoqey/ib';
import type { BrokerEvents, BrokerLink, DailyBar } from '../../domain/broker-link';
import type { LinkState, LinkStatus, OrderDirectory } from '../../domain/broker-link';
import type { Instrument } from '../../domain/instrument';
import type { CancelTarget, OrderTicket } from '../../domain/ports';
import { codeEntry, explain } from './codes';
import { Connection } from './connection';
import { FIRST_REQUEST_ID, isOrderId, isRequestId } from './ids';
import type { WayOut } from './order-entry';
import { completeOptions, type IbLinkOptions, type IbLinkSettings } from './options';
import { Pacer, type Lane } from './pacer';
import { makeParts, type SessionParts } from './parts';
import { Synchronizer } from './synchronizer';
import type { Outlet } from './talk';

/**
 * A session that does nothing until `start`. @throws RangeError when a setting cannot work
 */
export function createIbLink(
  settings: IbLinkSettings,
  events: BrokerEvents,
  directory: OrderDirectory,
): BrokerLink {
  return new Session(completeOptions(settings), events, directory);
}

const CODE = {
  ...{ CLIENT_ID_IN_USE: 326, CONNECT_FAILED: 502, UNREADABLE: 505, UNSUPPORTED: 506 },
  ...{ BROKER_LOST: 1100, BACK_WITHOUT_STREAMS: 1101, BACK: 1102, NO_BROKER: 2110 },
} as const;
const PORTS =
  'TWS listens on 7497 (paper) or 7496 (live), the Gateway on 4002 or 4001: start it, allow API ' +
  'connections in its settings, and compare the port';

const RESET_IDS =
  'End Tidegate, reset the API order id sequence in the API settings of TWS or the Gateway, and ' +
  'start again';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class Session implements BrokerLink, Outlet {
  readonly #options: IbLinkOptions;
  readonly #parts: SessionParts;
  readonly #pacer: Pacer;
  readonly #sync: Synchronizer;
  #status: LinkStatus = { state: 'DISCONNECTED', epoch: 0, reason: 'not started' };
  #running = false;
  #connection: Connection | null = null;
  /** What the greeting has brought so far; orders and questions only after both. */
  #greeting = { granted: false, accounts: null as string | null, done: false };
  #epoch = 0;
  #attempts = 0;
  /** Why the gateway cannot reach the broker; null when it can. */
  #cutOff: string | null = null;
  /** What the library said before it closed the connection. */
  #problem: string | null = null;
  #refusedToSend = false;
  /** The client id has been ours: who holds it may be our own connection of before. */
  #wasReady = false;
  /** The one thing that is due: greeting, repeated question, next reading or next connection. */
  #callOff: () => void = () => undefined;
  #waiters: Waiter[] = [];

  constructor(options: IbLinkOptions, events: BrokerEvents, directory: OrderDirectory) {
    this.#options = options;
    const { scheduler, messagesPerSecond } = options;
    this.#pacer = new Pacer(scheduler, messagesPerSecond, () => this.#paceAllows());
    this.#parts = makeParts(options, events, {
      directory,
      heartbeat: {
        silent: () => this.#end('the gateway did not send one message in time; the line is dead'),
        unanswered: () => this.#degrade('the gateway sends messages but answers no question'),
        answers: () => this.#synchronize(),
      },
    });
    this.#sync = new Synchronizer(options, this.#parts, {
      epoch: () => this.#epoch,
      outlet: this,
      due: (ms, task) => this.#due(ms, task),
      synchronizing: (reason) => this.#become('SYNCHRONIZING', reason),
      matched: () => this.#ready(),
      reread: (failure) => this.#reread(failure),
    });
  }

  get status(): LinkStatus {
    return this.#status;
  }

  start(): void {
    if (this.#running) return;
    const { accounts, teller } = this.#parts;
    const refusal = accounts.refusePort(this.#options.port);
    if (refusal !== null) {
      teller.notice('ERROR', refusal);
      return this.#become('DISCONNECTED', refusal);
    }
    this.#running = true;
    this.#attempts = 0;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#end('stopped');
  }

  synchronize(): Promise<void> {
    const { state, reason } = this.#status;
    if (!this.#greeting.done || this.#cutOff !== null) {
      const next = 'It is done by itself when the link is back.';
      return Promise.reject(new Error(`Cannot synchronize: ${state}, ${reason ?? ''}. ${next}`));
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#synchronize();
    });
  }

  canSend(): boolean {
    const can = this.#status.state === 'READY' && this.#pacer.wouldSend();
    if (!can) this.#refusedToSend = true;
    return can;
  }

  place(ticket: OrderTicket): void {
    this.#parts.entry.place(ticket, this.#way(this.#status.state === 'READY'));
  }
  modify(ticket: OrderTicket): void {
    this.#parts.entry.modify(ticket, this.#way(this.#status.state === 'READY'));
  }
  /** Leaves in any state in which somebody listens: getting out is never held up. */
  cancel(target: CancelTarget): void {
    this.#parts.entry.cancel(target, this.#way(this.#greeting.done));
  }

  watch(instrument: Instrument): void {
    this.#parts.instruments.know(instrument);
    this.#parts.marketData.watch(instrument, this.#greeting.done ? this : null);
  }

  async resolve(symbol: string): Promise<readonly Instrument[]> {
    this.#needLink();
    return this.#parts.lookups.resolve(symbol, this);
  }

  async dailyBars(instrument: Instrument, days: number): Promise<readonly DailyBar[]> {
    this.#needLink();
    return this.#parts.lookups.dailyBars(instrument, days, this);
  }

  send(lane: Lane, write: (ib: IBApi) => void, lost?: (reason: string) => void): void {
    const connection = this.#connection;
    const gone = lost ?? ((): void => undefined);
    if (connection === null) return gone('there is no connection to the gateway');
    this.#pacer.submit({
      ...{ lane, lost: gone },
      write: () => {
        if (connection.write(write)) return;
        gone('the IB library kept the message back');
        this.#end('the IB library kept a message back instead of writing it');
      },
    });
  }

  #way(open: boolean): WayOut {
    if (open) return { open, outlet: this, epoch: this.#epoch };
    const { state, reason } = this.#status;
    return { open, reason: `the link to the broker is ${state} (${reason ?? ''})` };
  }

  #needLink(): void {
    if (this.#greeting.done) return;
    const { state, reason } = this.#status;
    throw new Error(`The broker cannot be asked: the link is ${state} (${reason ?? ''})`);
  }

  #become(state: LinkState, reason: string | null): void {
    const before = this.#status;
    if (before.state === state && before.reason === reason) return;
    this.#status = { state, reason, epoch: this.#epoch };
    // Approved for a link that was ready: it is not any more.
    if (before.state === 'READY' && state !== 'READY') this.#pacer.drop(reason ?? state, ['ORDER']);
    this.#parts.teller.tell((events) => events.link(this.#status));
  }

  #paceAllows(): void {
    if (this.#status.state !== 'READY') return;
    this.#refusedToSend = false;
    this.#parts.teller.tell((events) => events.paceAllows());
  }

  #due(ms: number, task: () => void): void {
    this.#callOff();
    this.#callOff = this.#options.scheduler.after(ms, task);
  }

  #connect(): void {
    const { host, port, snapshotTimeoutMs } = this.#options;
    const { teller } = this.#parts;
    const connection = new Connection(this.#options, (where, error) => teller.fault(where, error));
    this.#connection = connection;
    this.#greeting = { granted: false, accounts: null, done: false };
    this.#problem = null;
    this.#cutOff = null;
    this.#become('CONNECTING', `connecting to ${host}:${port}`);
    this.#listen(connection);
    this.#due(snapshotTimeoutMs, () => {
      const next = 'Look for a dialog in TWS that asks to accept the connection';
      this.#end(`${host}:${port} did not greet within ${snapshotTimeoutMs / 1000} s. ${next}`);
    });
    const incomplete = connection.open();
    if (incomplete !== null) teller.notice('WARNING', incomplete);
  }

  #listen(connection: Connection): void {
    const { feed, executions, positions, accounts, marketData, lookups, heartbeat, mark } =
      this.#parts;
    for (const part of [feed, executions, positions, accounts, marketData, lookups, heartbeat]) {
      part.attach(connection);
    }
    this.#sync.attach(connection);
    connection.on('nextValidId', ([id]) => {
      if (isRequestId(id)) return this.#idsUsedUp(id);
      mark.granted(id);
      this.#greeting.granted = true;
      this.#greeted(connection);
    });
    connection.on('managedAccounts', ([list]) => {
      this.#greeting.accounts = list;
      this.#greeted(connection);
    });
    connection.on('info', ([message, code]) => this.#system(code, message));
    connection.on('error', ([error, code, id]) => this.#error(id, code, error.message));
    connection.onUnreadError((id, code, text) =>
      id === -1 ? this.#system(code, text) : this.#error(id, code, text),
    );
    connection.on('disconnected', () => {
      this.#end(this.#problem ?? 'the gateway closed the connection');
    });
  }

  /** Orders and questions would share their numbers: an answer could be about either. */
  #idsUsedUp(id: number): void {
    const limit = `Tidegate uses order ids below ${FIRST_REQUEST_ID} only`;
    const reason = `The gateway gave ${id} as the next order id. ${limit}. ${RESET_IDS}.`;
    this.#parts.teller.notice('ERROR', reason);
    this.#giveUp(reason);
  }

  #greeted(connection: Connection): void {
    const { granted, accounts: list, done } = this.#greeting;
    if (done || !granted || list === null) return;
    const { accounts, marketData, heartbeat, teller } = this.#parts;
    const refusal = accounts.manage(list);
    if (refusal !== null) {
      teller.notice('ERROR', refusal);
      return this.#giveUp(refusal);
    }
    this.#greeting.done = true;
    this.#epoch += 1;
    this.#callOff();
    // The library lets messages out only after it has told everybody of the greeting.
    queueMicrotask(() => {
      if (this.#connection !== connection) return;
      marketData.askAll(this);
      heartbeat.start(connection, this);
      if (this.#cutOff === null) this.#synchronize();
      else this.#degrade(this.#cutOff);
    });
  }

  #ready(): void {
    this.#attempts = 0;
    this.#wasReady = true;
    this.#become('READY', null);
    this.#parts.positions.tellChanges();
    this.#sync.rereadLater();
    for (const { resolve } of this.#waiters.splice(0)) resolve();
    if (this.#refusedToSend) this.#paceAllows();
  }

  /** A link that is ready stays so: only the answers are new. */
  #synchronize(): void {
    if (this.#status.state === 'READY') this.#sync.reread();
    else if (this.#greeting.done && this.#cutOff === null) this.#begin();
  }

  #begin(): void {
    this.#callOff();
    this.#sync.begin();
  }

  #reread(failure: string | null): void {
    for (const { resolve, reject } of this.#waiters.splice(0)) {
      if (failure === null) resolve();
      else reject(new Error(failure));
    }
  }

  /** Connected, but the broker is not behind it: no order leaves, every message still counts. */
  #degrade(reason: string): void {
    this.#sync.stop();
    // Said again and again it is the same outage.
    if (this.#status.state !== 'DEGRADED') {
      const { degradedMs } = this.#options;
      const what = `DEGRADED for ${degradedMs / 1000} s without a word that it is over`;
      this.#due(degradedMs, () => this.#end(`${what}: connecting anew`));
    }
    this.#become('DEGRADED', reason);
  }

  /** Messages about the connection itself. */
  #system(code: number, text: string): void {
    const { teller, marketData } = this.#parts;
    const level = codeEntry(code)?.level ?? 'INFO';
    const message = explain(code, text);
    teller.notice(level, message, { code });
    if (code === CODE.CLIENT_ID_IN_USE) return this.#clientIdInUse();
    if (code === CODE.BROKER_LOST || code === CODE.NO_BROKER) {
      this.#cutOff = message;
      // Until the greeting is over its time-out counts, whatever else is said.
      if (this.#greeting.done) this.#degrade(message);
    }
    if (code !== CODE.BACK && code !== CODE.BACK_WITHOUT_STREAMS) return;
    this.#cutOff = null;
    if (code === CODE.BACK_WITHOUT_STREAMS && this.#greeting.done) marketData.askAll(this);
    if (this.#greeting.done) this.#begin();
  }

  #clientIdInUse(): void {
    const what = `client id ${this.#options.clientId} is in use by another connection (326)`;
    const end = 'End the other program or choose another client id, then start again';
    if (!this.#wasReady) return this.#giveUp(`${what}. ${end}`);
    // Gateways hold a broken connection for a while.
    const ours = 'It may be our own of before, which the gateway still holds: trying again';
    this.#end(`${what}. ${ours}. If it stays so: ${end.toLowerCase()}`);
  }

  #error(id: number, code: number, text: string): void {
    const { feed, marketData, lookups, teller } = this.#parts;
    if (isRequestId(id)) {
      if (marketData.code(id, code, text) || lookups.code(id, code, text)) return;
    } else if (isOrderId(id) && feed.code(id, code, text)) {
      return;
    }
    if (code === CODE.UNREADABLE) feed.undecoded(this.#connection?.frame ?? []);
    const problem = isRequestId(id) || isOrderId(id) ? null : this.#problemOf(code, text);
    this.#problem = problem ?? this.#problem;
    const level = codeEntry(code)?.level ?? 'WARNING';
    teller.notice(level, problem ?? explain(code, text), { code });
  }

  /** Why the connection is about to close; null for a message that does not close it. */
  #problemOf(code: number, text: string): string | null {
    const { host, port } = this.#options;
    if (code === CODE.CONNECT_FAILED) {
      return this.#greeting.done
        ? `the connection to ${host}:${port} broke (${text})`
        : `nothing answers at ${host}:${port} (${text}). ${PORTS}`;
    }
    return code === CODE.UNSUPPORTED ? explain(code, text) : null;
  }

  /** A cause that no further attempt mends. */
  #giveUp(reason: string): void {
    this.#running = false;
    this.#end(reason);
  }

  #end(reason: string): void {
    const { heartbeat, positions, requests } = this.#parts;
    this.#sync.stop();
    this.#greeting = { granted: false, accounts: null, done: false };
    this.#connection?.destroy();
    this.#connection = null;
    this.#callOff();
    heartbeat.stop();
    positions.detach();
    this.#pacer.drop(reason);
    requests.failAll(reason);
    for (const { reject } of this.#waiters.splice(0)) reject(new Error(reason));
    this.#become('DISCONNECTED', reason);
    if (!this.#running) return;
    const { firstMs, maxMs } = this.#options.backoff;
    const wait = Math.min(maxMs, firstMs * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#due(wait, () => this.#connect());
  }
}
