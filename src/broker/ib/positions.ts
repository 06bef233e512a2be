/**
 * The positions of the accounts as complete sets: a list counts when its end has come, and later
 * single messages change the last complete one. Rows of a reading without an end are kept for the
 * next one, so that a late end never makes a part look whole. Knows no order.
 */
import type { Contract } from '@stoqey/ib';
import type { BrokerPosition } from '../../domain/broker-link';
import { isZero } from '../../domain/decimal';
import type { Accounts } from './accounts';
import type { Connection } from './connection';
import type { Instruments } from './instruments';
import { toPrice, toQuantity } from './mapping';
import type { Scheduler } from './options';
import type { Outlet, Teller } from './talk';

type Rows = Map<string, BrokerPosition>;
/** One trade changes several rows; they are told together. */
const SETTLE_MS = 50;

export interface PositionParts {
  readonly accounts: Accounts;
  readonly instruments: Instruments;
  readonly scheduler: Scheduler;
  readonly teller: Teller;
}

export class Positions {
  readonly #parts: PositionParts;
  #rows: Rows = new Map();
  /** Rows since a reading began whose end has not come. */
  #reading: Rows | null = null;
  #complete = false;
  #telling = false;
  /** A row that could not be read: the set is not whole until it comes again. */
  readonly #unread = new Set<string>();
  #answered: () => void = () => undefined;
  #settle: (() => void) | null = null;

  constructor(parts: PositionParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    this.detach();
    connection.on('position', ([account, contract, quantity, cost]) => {
      this.#row(account, contract, { quantity, cost });
    });
    connection.on('positionEnd', () => this.#end());
  }

  /** The connection is gone: what it said is not evidence any more. */
  detach(): void {
    this.#settle?.();
    this.#settle = null;
    this.#reading = null;
    this.#complete = false;
    this.#telling = false;
    this.#rows = new Map();
    this.#unread.clear();
  }

  /** Asks for the whole list; `answered` is called at its end. */
  ask(outlet: Outlet, answered: () => void): void {
    this.#answered = answered;
    this.#reading ??= new Map();
    outlet.send('QUERY', (ib) => void ib.reqPositions());
  }

  /** From now on changes are told: the first set goes into the snapshot. */
  tellChanges(): void {
    this.#telling = true;
  }

  /** The last complete set; null when there is none on this connection. */
  all(): readonly BrokerPosition[] | null {
    return this.#complete ? [...this.#rows.values()] : null;
  }

  #row(
    account: string,
    contract: Contract,
    said: { readonly quantity: number | undefined; readonly cost: number | undefined },
  ): void {
    const { accounts, instruments, teller } = this.#parts;
    if (!accounts.isOurs(account)) return accounts.strange(account);
    const instrument = instruments.keyOf(contract);
    if (instrument === null) return;
    const key = `${account} ${instrument}`;
    const quantity = toQuantity(said.quantity);
    if (quantity === null) {
      this.#unread.add(key);
      return teller.notice('ERROR', `The position ${key} could not be read. Look at it in TWS.`);
    }
    this.#unread.delete(key);
    const averageCost = isZero(quantity) ? null : toPrice(said.cost);
    const row: BrokerPosition = { account, instrument, quantity, averageCost };
    for (const rows of [this.#rows, this.#reading]) {
      if (isZero(quantity)) rows?.delete(key);
      else rows?.set(key, row);
    }
    if (this.#complete) this.#later();
  }

  #end(): void {
    if (this.#reading === null || this.#unread.size > 0) return;
    this.#rows = this.#reading;
    this.#reading = null;
    this.#complete = true;
    this.#tell();
    this.#answered();
  }

  #later(): void {
    this.#settle ??= this.#parts.scheduler.after(SETTLE_MS, () => this.#tell());
  }

  #tell(): void {
    this.#settle?.();
    this.#settle = null;
    const all = this.all();
    if (all !== null && this.#telling) this.#parts.teller.tell((events) => events.positions(all));
  }
}
