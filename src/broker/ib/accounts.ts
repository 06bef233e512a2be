/**
 * Which accounts are ours to see, whether they may be used at all, and what they are worth. Knows
 * no order.
 */
import type { AccountValues } from '../../domain/broker-link';
import { equals } from '../../domain/decimal';
import type { AccountKey } from '../../domain/ids';
import type { Connection } from './connection';
import type { RequestIds } from './ids';
import { toMoney } from './mapping';
import type { Outlet, Teller } from './talk';

/** Where TWS and the Gateway offer live trading unless somebody changed it. */
const LIVE_PORTS: ReadonlySet<number> = new Set([7496, 4001]);
const PAPER_PREFIX = 'DU';
const TAGS = 'NetLiquidation,BuyingPower,TotalCashValue';
const FIELDS: ReadonlyMap<string, 'netLiquidation' | 'buyingPower' | 'cash'> = new Map([
  ['NetLiquidation', 'netLiquidation'],
  ['BuyingPower', 'buyingPower'],
  ['TotalCashValue', 'cash'],
]);

export class Accounts {
  readonly #allowed: readonly AccountKey[] | null;
  readonly #requirePaper: boolean;
  readonly #ids: RequestIds;
  readonly #teller: Teller;
  readonly #strange = new Set<AccountKey>();
  readonly #values = new Map<AccountKey, AccountValues>();
  #managed: readonly AccountKey[] = [];
  #request = 0;
  #answered: () => void = () => undefined;

  constructor(
    rules: { readonly accounts: readonly AccountKey[] | null; readonly requirePaper: boolean },
    ids: RequestIds,
    teller: Teller,
  ) {
    this.#allowed = rules.accounts;
    this.#requirePaper = rules.requirePaper;
    this.#ids = ids;
    this.#teller = teller;
  }

  /** Why the port must not even be tried; null when it may. */
  refusePort(port: number): string | null {
    if (!this.#requirePaper || !LIVE_PORTS.has(port)) return null;
    return (
      `Port ${port} is where TWS or the Gateway trade with real money, and only paper trading is ` +
      'allowed here. Use 7497 (TWS) or 4002 (Gateway), with a paper login there.'
    );
  }

  /** Takes the list of the login; says why none of it may be used, or null. */
  manage(list: string): string | null {
    const all = list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const live = all.filter((name) => !name.startsWith(PAPER_PREFIX));
    if (this.#requirePaper && live.length > 0) {
      return (
        `The login has ${live.join(', ')}, which is no paper account, and only paper trading is ` +
        'allowed here. Log the gateway in with the paper user, and start again.'
      );
    }
    this.#managed = all.filter((name) => this.#allowed?.includes(name) ?? true);
    const absent = this.#allowed?.filter((name) => !all.includes(name)) ?? [];
    if (this.#managed.length > 0 && absent.length === 0) return null;
    const names = all.length === 0 ? 'no account' : all.join(', ');
    return (
      `The login has ${names}, but ${absent.join(', ') || 'at least one account'} is asked for. ` +
      'Correct the list of accounts, or log in with the user that has them.'
    );
  }

  get managed(): readonly AccountKey[] {
    return this.#managed;
  }

  isOurs(account: AccountKey): boolean {
    return this.#managed.includes(account);
  }

  /** Whether it is certainly an account outside the list: nothing of it is kept then. */
  leavesOut(account: AccountKey): boolean {
    if (account === '' || this.isOurs(account)) return false;
    this.strange(account);
    return true;
  }

  /** Something of an account outside the list came: it is left out, and said once. */
  strange(account: AccountKey): void {
    if (this.#strange.has(account)) return;
    this.#strange.add(account);
    const next = 'Add it to the list of accounts if it is to be seen.';
    this.#teller.notice('WARNING', `Messages about account ${account} are left out. ${next}`);
  }

  attach(connection: Connection): void {
    this.#request = 0;
    this.#values.clear();
    connection.on('accountSummary', ([id, account, tag, value, currency]) => {
      if (id === this.#request) this.#value(account, { tag, value, currency });
    });
    connection.on('accountSummaryEnd', ([id]) => {
      if (id === this.#request) this.#answered();
    });
  }

  /** Subscribes; `answered` is called when the first complete set is in. */
  ask(outlet: Outlet, answered: () => void): void {
    const before = this.#request;
    const id = this.#ids.take();
    this.#request = id;
    this.#answered = answered;
    // No more than two of these may be open at a time.
    if (before !== 0) outlet.send('ACCOUNT', (ib) => void ib.cancelAccountSummary(before));
    outlet.send('ACCOUNT', (ib) => void ib.reqAccountSummary(id, 'All', TAGS));
  }

  #value(
    account: AccountKey,
    said: { readonly tag: string; readonly value: string; readonly currency: string },
  ): void {
    const field = FIELDS.get(said.tag);
    const amount = toMoney(said.value);
    if (field === undefined || amount === null || !this.isOurs(account)) return;
    const nothing: Pick<AccountValues, 'netLiquidation' | 'buyingPower' | 'cash'> = {
      netLiquidation: null,
      buyingPower: null,
      cash: null,
    };
    const before: AccountValues = this.#values.get(account) ?? {
      account,
      currency: '',
      ...nothing,
    };
    const known = before[field];
    if (known !== null && equals(known, amount) && before.currency === said.currency) return;
    const values = { ...before, currency: said.currency, [field]: amount };
    this.#values.set(account, values);
    this.#teller.tell((events) => events.account(values));
  }
}
