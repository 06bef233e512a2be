/**
 * Asks the broker for everything it knows and hands it over as one snapshot, again and again. A
 * part that does not answer keeps the link from getting ready, and a link that is ready as it is: a
 * partial snapshot proves nothing.
 */
import type { BrokerPosition, BrokerSnapshot } from '../../domain/broker-link';
import type { Connection } from './connection';
import type { IbLinkOptions } from './options';
import type { SessionParts } from './parts';
import type { Part } from './round';
import type { Outlet } from './talk';

/** What the session does for it. */
export interface SyncHost {
  readonly outlet: Outlet;
  epoch(): number;
  /** Sets the one task that is due. */
  due(ms: number, task: () => void): void;
  synchronizing(reason: string): void;
  /** Everything was matched, on the connection it was read from. */
  matched(): void;
  /** A round while the link is ready is over: why nothing was matched, or null. */
  reread(failure: string | null): void;
}

const EVERYTHING: readonly Part[] = [
  ...(['open orders', 'completed orders', 'executions', 'positions', 'account'] as const),
];
/** The only part that a snapshot can do without. */
const OPTIONAL: Part = 'completed orders';
const ENDS_WITHOUT_AFTER = 2;
/** What trades while an account is read for the first time shows in the next answers. */
const ONCE_MORE_MS = 500;
const MATCHING = 'matching what the broker knows with the book';

export class Synchronizer {
  readonly #options: IbLinkOptions;
  readonly #parts: SessionParts;
  readonly #host: SyncHost;
  /** Counts attempts: what an earlier one was told does not count any more. */
  #turn = 0;
  #executionsRequest = 0;
  #completedKnown = false;
  /** How often only the end of the executions was missing, over all connections. */
  #endless = 0;
  #executionsSeen = 0;
  /** A round is going on while the link is ready, and another one was asked for meanwhile. */
  #quiet = { running: false, again: false };

  constructor(options: IbLinkOptions, parts: SessionParts, host: SyncHost) {
    this.#options = options;
    this.#parts = parts;
    this.#host = host;
  }

  attach(connection: Connection): void {
    const { round } = this.#parts;
    connection.on('openOrderEnd', () => round.answered('open orders'));
    connection.on('completedOrdersEnd', () => round.answered('completed orders'));
    connection.on('execDetailsEnd', ([id]) => {
      if (id !== this.#executionsRequest) return;
      // This gateway does end an empty list.
      if (this.#executionsSeen === 0) this.#endless = 0;
      round.answered('executions');
    });
    connection.on('execDetails', ([id]) => {
      if (id === this.#executionsRequest) this.#executionsSeen += 1;
    });
  }

  /** Asks for everything; the host is told when all of it was matched. */
  begin(): void {
    this.#turn += 1;
    this.#quiet = { running: false, again: false };
    this.#completedKnown = false;
    this.#host.synchronizing('asking the broker for its orders, executions and positions');
    this.#parts.list.begin();
    this.#parts.executions.begin();
    this.#ask(EVERYTHING, (missing) => this.#answered(missing));
  }

  /** Nothing that was asked counts any more. */
  stop(): void {
    this.#turn += 1;
    this.#quiet = { running: false, again: false };
    this.#parts.round.stop();
  }

  rereadLater(): void {
    this.#host.due(this.#options.rereadMs, () => this.reread());
  }

  /**
   * Asks for everything while the link stays ready: orders leave as before. Executions that were
   * told are not told again. What is asked for during a round is answered by one more.
   */
  reread(): void {
    this.rereadLater();
    if (this.#quiet.running) {
      this.#quiet.again = true;
      return;
    }
    this.#quiet = { running: true, again: false };
    this.#parts.list.begin();
    this.#ask(EVERYTHING, (missing) => this.#reanswered(missing));
  }

  #reanswered(missing: readonly Part[]): void {
    const { list } = this.#parts;
    this.#completedKnown = !missing.includes(OPTIONAL);
    const needed = this.#needed(missing.filter((part) => part !== OPTIONAL));
    const held = this.#parts.positions.all();
    if (needed.length > 0 || held === null) {
      const what = needed.join(' and ') || 'positions';
      return this.#rereadFailed(`The broker did not answer about ${what}`);
    }
    if (list.unreadable.length > 0) {
      const next = 'Look at it in TWS: cancel it there, or update Tidegate';
      const what = `Open order ${list.unreadable.join(', ')} could not be read. ${next}`;
      return this.#rereadFailed(what);
    }
    const turn = this.#turn;
    this.#parts.teller.snapshot(this.#snapshot(held)).then(
      (answer) => {
        if (turn !== this.#turn) return;
        if (answer === 'ASK_AGAIN') this.#quiet.again = true;
        this.#reread(null);
      },
      (error: unknown) => {
        this.#parts.teller.fault(MATCHING, error);
        if (turn === this.#turn) this.#reread('what the broker knows could not be matched');
      },
    );
  }

  #rereadFailed(what: string): void {
    const message = `${what}; that proves nothing. Asking again later.`;
    this.#parts.teller.notice('WARNING', message);
    this.#reread(message);
  }

  #reread(failure: string | null): void {
    const { again } = this.#quiet;
    this.#quiet = { running: false, again: false };
    // Whoever asked meanwhile is answered with the next one.
    if (again && failure === null) return this.reread();
    this.#host.reread(failure);
  }

  #ask(parts: readonly Part[], done: (missing: readonly Part[]) => void): void {
    const { round, ids, positions, accounts } = this.#parts;
    const { outlet } = this.#host;
    const endless = this.#endless >= ENDS_WITHOUT_AFTER;
    const awaited = parts.filter((part) => part !== 'executions' || !endless);
    round.begin(awaited, done);
    const ask: Readonly<Record<Part, () => void>> = {
      'open orders': () => outlet.send('QUERY', (ib) => void ib.reqAllOpenOrders()),
      'completed orders': () => outlet.send('QUERY', (ib) => void ib.reqCompletedOrders(false)),
      executions: () => {
        const id = ids.take();
        this.#executionsRequest = id;
        this.#executionsSeen = 0;
        outlet.send('QUERY', (ib) => void ib.reqExecutions(id, {}));
      },
      positions: () => positions.ask(outlet, () => round.answered('positions')),
      account: () => accounts.ask(outlet, () => round.answered('account')),
    };
    for (const part of parts) ask[part]();
  }

  #answered(missing: readonly Part[]): void {
    const { list, teller } = this.#parts;
    const { snapshotTimeoutMs } = this.#options;
    if (!missing.includes(OPTIONAL)) this.#completedKnown = true;
    const needed = this.#needed(missing.filter((part) => part !== OPTIONAL));
    if (needed.length > 0) {
      const what = `no answer about ${needed.join(', ')} within ${snapshotTimeoutMs / 1000} s`;
      const reason = `${what}; asking again, nothing is taken for empty`;
      teller.notice('WARNING', `The broker gave ${reason}. Orders wait until it has answered.`);
      this.#host.synchronizing(reason);
      return this.#ask(needed, (still) => {
        this.#answered(this.#completedKnown ? still : [...still, OPTIONAL]);
      });
    }
    if (list.unreadable.length > 0) {
      const reason = `open order ${list.unreadable.join(', ')} could not be read; asking again`;
      teller.notice('ERROR', `${reason}. Look at it in TWS: cancel it there, or update Tidegate.`);
      this.#host.synchronizing(reason);
      return this.#host.due(snapshotTimeoutMs, () => this.begin());
    }
    this.#hand();
  }

  /**
   * Gateways were seen that never end the list of executions when there are none (ib_async 54, 82).
   * From the second time on that only this end is missing it is done without, and not waited for:
   * an execution that was kept back shows as a position that differs, and nothing opens there.
   */
  #needed(missing: readonly Part[]): readonly Part[] {
    const [only, another] = missing;
    if (only !== 'executions' || another !== undefined) return missing;
    this.#endless += 1;
    if (this.#endless < ENDS_WITHOUT_AFTER) return missing;
    const { teller } = this.#parts;
    const what = 'The broker did not end its list of executions';
    teller.notice('WARNING', `${what}, as it does when there are none. Positions tell instead.`);
    return [];
  }

  #hand(): void {
    const { positions, teller } = this.#parts;
    const held = positions.all();
    if (held === null) return this.begin();
    const turn = this.#turn;
    const snapshot = this.#snapshot(held);
    this.#host.synchronizing(MATCHING);
    teller.snapshot(snapshot).then(
      (answer) => {
        if (turn !== this.#turn) return;
        if (answer === 'MATCHED') return this.#host.matched();
        this.#host.synchronizing('reading a new account once more before it is opened');
        this.#host.due(ONCE_MORE_MS, () => this.begin());
      },
      (error: unknown) => {
        teller.fault(MATCHING, error);
        if (turn !== this.#turn) return;
        this.#host.synchronizing('what the broker knows could not be matched; trying again');
        this.#host.due(this.#options.snapshotTimeoutMs, () => this.begin());
      },
    );
  }

  #snapshot(positions: readonly BrokerPosition[]): BrokerSnapshot {
    const { list, accounts, mark, reports } = this.#parts;
    const epoch = this.#host.epoch();
    const openOrders = list.open();
    reports.settleChanges(epoch, new Set(openOrders.map(({ order }) => order)));
    return {
      ...{ epoch, clientId: this.#options.clientId },
      nextBrokerOrderId: mark.next,
      accounts: accounts.managed,
      openOrders,
      completedOrders: this.#completedKnown ? list.completed() : null,
      positions,
    };
  }
}
