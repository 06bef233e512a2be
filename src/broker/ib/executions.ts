/**
 * Executions and their commissions. Fills are told whatever the link's state is; a commission that
 * comes first waits for its execution, and one whose execution never comes is forgotten.
 */
import type { Contract, Execution } from '@stoqey/ib';
import type { ExecId } from '../../domain/ids';
import type { Money } from '../../domain/decimal';
import type { Accounts } from './accounts';
import type { Connection } from './connection';
import type { OrderIdMark } from './ids';
import type { Instruments } from './instruments';
import { exactInteger, sideOf, toMoney, toPrice, toQuantity } from './mapping';
import type { OrderMemory } from './order-memory';
import type { Teller } from './talk';
import { instantOf } from './times';

export interface ExecutionParts {
  readonly memory: OrderMemory;
  readonly instruments: Instruments;
  readonly accounts: Accounts;
  readonly mark: OrderIdMark;
  readonly teller: Teller;
}

/** Commissions that wait; other clients' are among them and never find their execution. */
const MOST_WAITING = 1_000;
/** Where the broker's id of the order and the commission stand in their messages. */
const PERM_ID_FIELD = 21;
const COMMISSION_FIELD = 3;

interface Commission {
  readonly amount: Money;
  readonly currency: string;
}

export class Executions {
  readonly #parts: ExecutionParts;
  /** Told since the link was last out of order, with the currency they are in. */
  readonly #told = new Map<ExecId, string>();
  readonly #charged = new Set<ExecId>();
  readonly #waiting = new Map<ExecId, Commission>();

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    connection.on('execDetails', ([, contract, execution]) => {
      const permId = exactInteger(connection.frame[PERM_ID_FIELD], execution.permId);
      this.#execution(contract, execution, permId);
    });
    connection.on('commissionReport', ({ 0: { execId, currency } }) => {
      // An unset amount is text like any other; as a number it would be 0 or 1.8e308.
      const amount = toMoney(connection.frame[COMMISSION_FIELD] ?? '');
      if (execId !== undefined && amount !== null) {
        this.#commission(execId, { amount, currency: currency ?? '' });
      }
    });
  }

  /** Everything is about to be read again: all of it is told again. */
  begin(): void {
    this.#told.clear();
    this.#charged.clear();
  }

  #execution(contract: Contract, execution: Execution, permId: string): void {
    const { memory, instruments, accounts, mark, teller } = this.#parts;
    const { execId, acctNumber: account, orderId = 0, clientId, orderRef } = execution;
    mark.saw(orderId, clientId);
    const order = memory.whose({ reference: orderRef, permId, clientId, orderId });
    if (execId === undefined || account === undefined || this.#told.has(execId)) return;
    if (!accounts.isOurs(account)) return accounts.strange(account);
    const instrument = instruments.keyOf(contract);
    if (instrument === null) return;
    const side = sideOf(execution.side);
    const quantity = toQuantity(execution.shares);
    const price = toPrice(execution.price);
    if (side === null || quantity === null || price === null) {
      const next = 'Compare the position with TWS; the break shows until it is understood.';
      return teller.notice('ERROR', `Execution ${execId} could not be read. ${next}`, { order });
    }
    const executedAt = instantOf(execution.time ?? '');
    teller.tell((events) => {
      events.report({
        ...{ kind: 'FILL', order, execId, account, instrument, side, quantity, price },
        ...(executedAt === undefined ? {} : { executedAt }),
      });
      this.#told.set(execId, contract.currency ?? '');
    });
    const waiting = this.#waiting.get(execId);
    if (waiting === undefined) return;
    this.#waiting.delete(execId);
    this.#commission(execId, waiting);
  }

  #commission(execId: ExecId, commission: Commission): void {
    const { teller } = this.#parts;
    const currency = this.#told.get(execId);
    if (currency === undefined) return this.#wait(execId, commission);
    if (this.#charged.has(execId)) return;
    this.#charged.add(execId);
    if (commission.currency !== '' && currency !== '' && commission.currency !== currency) {
      const what = `The commission of ${execId} is in ${commission.currency}`;
      const next = `its instrument is in ${currency}, so the books leave it out.`;
      return teller.notice('WARNING', `${what}, ${next} Add it to the result by hand.`);
    }
    const { amount } = commission;
    teller.tell((events) => events.report({ kind: 'COMMISSION', execId, amount }));
  }

  #wait(execId: ExecId, commission: Commission): void {
    this.#waiting.set(execId, commission);
    if (this.#waiting.size <= MOST_WAITING) return;
    const oldest = this.#waiting.keys().next();
    if (oldest.done !== true) this.#waiting.delete(oldest.value);
  }
}
