/**
 * The broker's own books: cash and positions per account, kept apart from ours so that they can
 * differ.
 */
import {
  minus,
  NO_QUANTITY,
  negate,
  plus,
  times,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import type { Side } from '../../domain/order';

interface Account {
  readonly currency: string;
  cash: Money;
  readonly positions: Map<InstrumentKey, Quantity>;
}

export class BrokerAccounts {
  readonly #accounts = new Map<AccountKey, Account>();

  /** Opens an account with cash; it may sell short. */
  open(account: AccountKey, currency: string, cash: Money): void {
    this.#accounts.set(account, { currency, cash, positions: new Map() });
  }
  has(account: AccountKey): boolean {
    return this.#accounts.has(account);
  }
  cash(account: AccountKey): Money {
    return this.#of(account).cash;
  }
  position(account: AccountKey, instrument: InstrumentKey): Quantity {
    return this.#of(account).positions.get(instrument) ?? NO_QUANTITY;
  }

  trade(
    account: AccountKey,
    fill: {
      readonly instrument: InstrumentKey;
      readonly side: Side;
      readonly quantity: Quantity;
      readonly price: Price;
    },
  ): void {
    const books = this.#of(account);
    const change = fill.side === 'BUY' ? fill.quantity : negate(fill.quantity);
    books.cash = minus(books.cash, times(fill.price, change));
    const held = books.positions.get(fill.instrument) ?? NO_QUANTITY;
    books.positions.set(fill.instrument, plus(held, change));
  }
  charge(account: AccountKey, amount: Money): void {
    const books = this.#of(account);
    books.cash = minus(books.cash, amount);
  }

  #of(account: AccountKey): Account {
    const found = this.#accounts.get(account);
    if (found === undefined) throw new Error(`the exchange has no account ${account}`);
    return found;
  }
}
