// The client library by itself: when the price crosses the next level, it places the order. What
// any program on this library has at least to do.

import { EventName, IBApi, OrderAction, OrderStatus, OrderType, SecType } from '@stoqey/ib';
import type { RunningGateway } from '../../src/presets/gateway';
import type { StageClient } from './stage';
import { inDollars } from './tape';

const REQUEST = 100_000_000;
const CLIENT_ID = 17;
const LAST = 4;
/** The library's own limiter would hold orders back. */
const UNLIMITED = 1_000_000;

export class BareClient implements StageClient {
  readonly #ib: IBApi;
  #prices = 0;
  #waits: { readonly open: () => boolean; readonly wake: () => void } | null = null;
  #sent = 0;
  #acknowledged = 0;
  #filled = 0;
  #settles = 0;

  private constructor(ib: IBApi) {
    this.#ib = ib;
  }

  static async open(
    { host, port, account }: RunningGateway,
    symbol: string,
    levels: readonly number[],
  ): Promise<BareClient> {
    const ib = new IBApi({ host, port, clientId: CLIENT_ID, maxReqPerSec: UNLIMITED });
    const client = new BareClient(ib);
    let id = await new Promise<number>((resolve) => {
      ib.once(EventName.nextValidId, resolve);
      ib.connect(CLIENT_ID);
    });
    const contract = { symbol, secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
    const order = {
      ...{ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 1 },
      ...{ tif: 'DAY' as const, account, transmit: true },
    };
    const prices = levels.map((cents) => Number(inDollars(cents)));
    ib.on(EventName.tickPrice, (_request: number, field: number, value: number) => {
      if (field !== LAST) return;
      const level = prices[client.#sent];
      if (level !== undefined && value >= level) {
        client.#sent += 1;
        ib.placeOrder(id, contract, { ...order, orderRef: `bare-${id}` });
        id += 1;
      }
      client.#prices += 1;
      client.#look();
    });
    ib.on(EventName.openOrder, (_id, _contract, _order, { status }) => {
      if (status !== OrderStatus.Filled) client.#acknowledged += 1;
      client.#look();
    });
    ib.on(EventName.execDetails, () => {
      client.#filled += 1;
      client.#look();
    });
    ib.reqMktData(REQUEST, contract, '', false, false);
    await new Promise<void>((resolve) => {
      ib.once(EventName.currentTime, () => resolve());
      ib.reqCurrentTime();
    });
    return client;
  }

  async settled(): Promise<void> {
    this.#settles += 1;
    const prices = this.#settles;
    // Every second price leaves an order open, and the one after it fills that.
    const filled = Math.floor((this.#settles - 1) / 2);
    const open = (): boolean =>
      this.#prices < prices || this.#acknowledged < this.#sent || this.#filled < filled;
    if (!open()) return;
    await new Promise<void>((wake) => {
      this.#waits = { open, wake };
    });
  }

  async close(): Promise<void> {
    this.#ib.removeAllListeners();
    this.#ib.disconnect();
  }

  #look(): void {
    if (this.#waits === null || this.#waits.open()) return;
    this.#waits.wake();
    this.#waits = null;
  }
}
