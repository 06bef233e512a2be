/** The requests about the account: values, positions, summaries, profit. */
import { isZero, toText } from '../../domain/decimal';
import { accountFigures, accountValues } from './account-figures';
import type { GatewayCore } from './gateway-core';
import { ACCOUNT } from './order-checks';
import type { TwsClient } from './tws-client';
import { FieldReader, shown } from './tws-fields';
import { cents, portfolioFields, positionFields, positionMultiFields } from './tws-messages';
import type { Subscriptions } from './tws-subscriptions';
import { minuteText } from './tws-time';
import { TO_CLIENT } from './tws-versions';
import type { Valuation } from './gateway-books';

const MAX_SUMMARIES = 2;
const LEDGER = '$LEDGER';

/** One request of one client. */
export interface Asked {
  readonly client: TwsClient;
  readonly subscriptions: Subscriptions;
  readonly fields: readonly string[];
}

export class AccountRequests {
  constructor(private readonly core: GatewayCore) {}

  updates({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields, 2);
    const subscribe = reader.flag('subscribe');
    const account = reader.text('account');
    if (!this.#known(account)) {
      client.error(-1, 321, `Error validating request.-'b7' : cause - ${unknownAccount(account)}`);
      return;
    }
    subscriptions.account = subscribe;
    if (subscribe) this.tellAccount(client, true);
  }

  /** Values, portfolio and time; with the end marker where it is the first download. */
  tellAccount(client: TwsClient, first: boolean): void {
    for (const [key, value, currency] of accountValues(this.core)) {
      client.send([TO_CLIENT.ACCOUNT_VALUE, '2', key, value, currency, ACCOUNT]);
    }
    for (const held of this.core.valuations()) {
      const listing = this.core.listing(held.instrument);
      if (listing === undefined || (first && isZero(held.quantity))) continue;
      client.send(portfolioFields(listing, held));
    }
    client.send([TO_CLIENT.ACCOUNT_TIME, '1', minuteText(this.core.now())]);
    if (first) client.send([TO_CLIENT.ACCOUNT_DOWNLOAD_END, '1', ACCOUNT]);
  }

  summary({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields, 2);
    const reqId = reader.id('reqId');
    const group = reader.text('group');
    const tags = reader
      .text('tags')
      .split(',')
      .filter((tag) => tag !== '');
    if (!subscriptions.summaries.has(reqId) && subscriptions.summaries.size >= MAX_SUMMARIES) {
      const text = 'Maximum number of account summary requests exceeded';
      client.error(reqId, 322, `Error processing request.-'bT' : cause - ${text}`);
      return;
    }
    if (group !== 'All' && group !== ACCOUNT) {
      const text = `unknown group ${shown(group)}: All is the only one`;
      client.error(reqId, 321, `Error validating request.-'bT' : cause - ${text}`);
      return;
    }
    subscriptions.summaries.set(reqId, tags);
    this.tellSummary(client, reqId, tags);
    client.send([TO_CLIENT.ACCOUNT_SUMMARY_END, '1', String(reqId)]);
  }

  tellSummary(client: TwsClient, reqId: number, tags: readonly string[]): void {
    const ledger = tags.some((tag) => tag.startsWith(LEDGER));
    for (const [key, value, currency] of accountValues(this.core)) {
      const asked = tags.includes(key) || tags.includes('AllTags');
      if (!asked && !(ledger && LEDGER_KEYS.has(key))) continue;
      client.send([TO_CLIENT.ACCOUNT_SUMMARY, '1', String(reqId), ACCOUNT, key, value, currency]);
    }
  }

  positions({ client, subscriptions }: Asked): void {
    subscriptions.positions = true;
    for (const held of this.#held()) this.tellPosition(client, held);
    client.send([TO_CLIENT.POSITION_END, '1']);
  }

  tellPosition(client: TwsClient, held: Valuation): void {
    const listing = this.core.listing(held.instrument);
    if (listing !== undefined) client.send(positionFields(listing, held));
  }

  positionsMulti({ client, subscriptions, fields }: Asked): void {
    const reqId = new FieldReader(fields, 2).id('reqId');
    subscriptions.positionsMulti.add(reqId);
    for (const held of this.#held()) this.tellPositionMulti(client, reqId, held);
    client.send([TO_CLIENT.POSITION_MULTI_END, '1', String(reqId)]);
  }

  tellPositionMulti(client: TwsClient, reqId: number, held: Valuation): void {
    const listing = this.core.listing(held.instrument);
    if (listing !== undefined) client.send(positionMultiFields(reqId, listing, held));
  }

  updatesMulti({ client, subscriptions, fields }: Asked): void {
    const reqId = new FieldReader(fields, 2).id('reqId');
    subscriptions.updatesMulti.add(reqId);
    this.tellUpdatesMulti(client, reqId);
    client.send([TO_CLIENT.ACCOUNT_UPDATE_MULTI_END, '1', String(reqId)]);
  }

  tellUpdatesMulti(client: TwsClient, reqId: number): void {
    for (const [key, value, currency] of accountValues(this.core)) {
      const head = [TO_CLIENT.ACCOUNT_UPDATE_MULTI, '1', String(reqId), ACCOUNT, ''];
      client.send([...head, key, value, currency]);
    }
  }

  profit({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    const account = reader.text('account');
    if (!this.#known(account)) {
      client.error(
        reqId,
        321,
        `Error validating request.-'cB' : cause - ${unknownAccount(account)}`,
      );
      return;
    }
    subscriptions.profits.add(reqId);
    this.tellProfit(client, reqId);
  }

  tellProfit(client: TwsClient, reqId: number): void {
    const { unrealized, realized } = accountFigures(this.core);
    const daily = cents(this.core.profit());
    client.send([TO_CLIENT.PNL, String(reqId), daily, cents(unrealized), cents(realized)]);
  }

  singleProfit({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    reader.skip(2); // account, model
    const conId = reader.id('conId');
    const listing = this.core.market.listings.find((each) => each.conId === conId);
    if (listing === undefined) {
      client.error(reqId, 321, `Error validating request.-'cB' : cause - no contract ${conId}`);
      return;
    }
    subscriptions.singleProfits.set(reqId, listing.instrument.key);
    this.tellSingleProfit(client, reqId, listing.instrument.key);
  }

  tellSingleProfit(client: TwsClient, reqId: number, instrument: string): void {
    const { quantity, unrealized, realized, value } = this.core.valuation(instrument);
    const daily = (Number(toText(unrealized)) + Number(toText(realized))).toFixed(2);
    const [open, made] = [cents(unrealized), cents(realized)];
    const id = String(reqId);
    client.send([TO_CLIENT.PNL_SINGLE, id, toText(quantity), daily, open, made, cents(value)]);
  }

  #held(): Valuation[] {
    return this.core.valuations().filter(({ quantity }) => !isZero(quantity));
  }

  #known(account: string): boolean {
    return account === '' || account === ACCOUNT;
  }
}

const LEDGER_KEYS: ReadonlySet<string> = new Set([
  ...['CashBalance', 'ExchangeRate', 'NetLiquidationByCurrency', 'RealizedPnL'],
  ...['StockMarketValue', 'TotalCashBalance', 'UnrealizedPnL', 'Currency'],
]);

function unknownAccount(account: string): string {
  return `Invalid account code ${shown(account)}: the only account is ${ACCOUNT}`;
}
