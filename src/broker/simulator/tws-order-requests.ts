/** The requests about orders and executions, from fields to the desk and back. */
import { money, plus, quantity, toText, type Money } from '../../domain/decimal';
import { accountFigures } from './account-figures';
import { commissionOf } from './commission';
import type { GatewayCore } from './gateway-core';
import type { GatewayExecution, GatewayOrder } from './gateway-records';
import { cents, commissionFields, executionFields } from './tws-messages';
import {
  completedOrderFields,
  openOrderFields,
  orderStatusFields,
  type MarginPreview,
} from './tws-open-order';
import { readPlaceOrder } from './tws-order-fields';
import { readTime, zonedTime } from './tws-time';
import { SINCE, TO_CLIENT } from './tws-versions';
import type { TwsClient } from './tws-client';
import { FieldReader } from './tws-fields';

type Fields = readonly string[];

export class OrderRequests {
  constructor(private readonly core: GatewayCore) {}

  place(client: TwsClient, fields: Fields): void {
    const request = readPlaceOrder(fields, client.version);
    this.core.desk.place(client.clientId, request);
    this.core.touch();
  }

  cancel(client: TwsClient, fields: Fields): void {
    const reader = new FieldReader(fields);
    if (client.version < SINCE.CME_TAGS) reader.skip();
    this.core.desk.cancel(client.clientId, reader.id('orderId'));
  }

  cancelAll(): void {
    this.core.desk.cancelAll();
  }

  /** Orders of this client, of everybody; those the client has not released are nobody's yet. */
  openOrders(client: TwsClient, whose: 'OWN' | 'ALL'): void {
    for (const order of this.core.desk.shelf.live()) {
      if (order.held === 'TRANSMIT') continue;
      if (whose === 'ALL' || order.clientId === client.clientId) this.tellOrder(client, order);
    }
    client.send([TO_CLIENT.OPEN_ORDER_END, '1']);
  }

  completedOrders(client: TwsClient): void {
    const { shelf } = this.core.desk;
    for (const order of shelf.ended()) {
      const parentPermId = shelf.parentOf(order)?.permId ?? 0;
      const time = zonedTime(order.endedAt ?? 0, client.version);
      client.send(completedOrderFields({ order, parentPermId }, client.version, time));
    }
    client.send([TO_CLIENT.COMPLETED_ORDERS_END]);
  }

  executions(client: TwsClient, fields: Fields): void {
    const reader = new FieldReader(fields, 2);
    const reqId = reader.id('reqId');
    const clientId = reader.integer('clientId', 0);
    const [account, time, symbol] = [reader.text('account'), reader.text('time'), reader.text('')];
    const [secType, , side] = [reader.text('secType'), reader.text('exchange'), reader.text('')];
    const after = time === '' ? 0 : (readTime(time) ?? 0);
    for (const execution of this.core.desk.shelf.executions()) {
      const fits =
        (clientId <= 0 || execution.clientId === clientId) &&
        (account === '' || account === 'DU0000001') &&
        execution.at >= after &&
        (symbol === '' || execution.instrument === symbol.toUpperCase()) &&
        (secType === '' || secType === 'STK') &&
        (side === '' || side.startsWith(execution.side === 'BUY' ? 'B' : 'S'));
      if (!fits) continue;
      this.tellExecution(client, execution, reqId);
      client.send(commissionFields(execution));
    }
    client.send([TO_CLIENT.EXECUTION_END, '1', String(reqId)]);
  }

  /** openOrder and orderStatus, the pair by which an order is told. */
  tellOrder(client: TwsClient, order: GatewayOrder): void {
    const parentPermId = this.core.desk.shelf.parentOf(order)?.permId ?? 0;
    client.send(openOrderFields({ order, parentPermId }, client.version));
    client.send(orderStatusFields(order));
  }

  tellExecution(client: TwsClient, execution: GatewayExecution, reqId: number): void {
    const order = this.core.desk.shelf.byPermId(execution.permId);
    const venue = this.core.listing(execution.instrument)?.primaryExchange ?? 'SMART';
    if (order === undefined) return;
    const about = { reqId, execution, contract: order.contract, venue };
    client.send(executionFields(about, client.version));
  }

  /** The answer to a what-if order: what it would change, and that it does not exist. */
  tellWhatIf(client: TwsClient, order: GatewayOrder): void {
    const shown: GatewayOrder = { ...order, status: 'PreSubmitted' };
    const preview = this.#preview(order);
    client.send(openOrderFields({ order: shown, parentPermId: 0, preview }, client.version));
  }

  #preview(order: GatewayOrder): MarginPreview {
    const { core } = this;
    const units = quantity(order.order.totalQuantity);
    const value = core.worth(order.instrument, units);
    const figures = accountFigures(core);
    const added = margin(value);
    const equity = figures.netLiquidation;
    const after = cents(plus(figures.initialMargin, money(added)));
    const before = cents(figures.initialMargin);
    return {
      before: { initial: before, maintenance: before, equity: cents(equity) },
      change: { initial: added, maintenance: added, equity: '0.00' },
      after: { initial: after, maintenance: after, equity: cents(equity) },
      commission: toText(commissionOf('ib-fixed', { quantity: units, value })),
    };
  }
}

/** A quarter of the value, which is what the account figures count as margin. */
function margin(value: Money): string {
  return (Number(toText(value)) / 4).toFixed(2);
}
