/**
 * Every request a client can make, by its number: answered by the family it belongs to, or refused
 * with the broker's code and the request's id. Nothing is met with silence but what the protocol
 * itself leaves without an answer.
 */
import { AccountRequests, type Asked } from './tws-account-requests';
import type { GatewayCore } from './gateway-core';
import { ACCOUNT } from './order-checks';
import { DataRequests } from './tws-data-requests';
import { FieldError, FieldReader } from './tws-fields';
import { OrderRequests } from './tws-order-requests';
import { orderIdOf } from './tws-order-fields';
import type { Subscriptions } from './tws-subscriptions';
import { epochSeconds } from './tws-time';
import { TO_CLIENT } from './tws-versions';

type Handler = (asked: Asked) => void;

/** Requests this gateway refuses: the place of their id (0: they have none) and their name. */
const REFUSED: Readonly<Record<string, readonly [place: number, name: string]>> = {
  10: [2, 'market depth'],
  11: [2, 'market depth'],
  12: [0, 'news bulletins'],
  13: [0, 'news bulletins'],
  18: [0, 'financial advisor configuration'],
  19: [0, 'financial advisor configuration'],
  21: [2, 'exercise of options'],
  22: [1, 'market scanners'],
  23: [2, 'market scanners'],
  24: [0, 'market scanners'],
  52: [2, 'fundamental data'],
  53: [2, 'fundamental data'],
  54: [2, 'implied volatility'],
  55: [2, 'option prices'],
  56: [2, 'implied volatility'],
  57: [2, 'option prices'],
  65: [0, 'verification'],
  66: [0, 'verification'],
  67: [2, 'display groups'],
  68: [2, 'display groups'],
  69: [2, 'display groups'],
  70: [2, 'display groups'],
  72: [0, 'verification'],
  73: [0, 'verification'],
  83: [1, 'smart components'],
  84: [1, 'news articles'],
  86: [1, 'historical news'],
  88: [1, 'histograms'],
  89: [1, 'histograms'],
  96: [1, 'historical ticks'],
  100: [1, 'Wall Street Horizon'],
  101: [1, 'Wall Street Horizon'],
  102: [1, 'Wall Street Horizon'],
  103: [1, 'Wall Street Horizon'],
};

export interface RequestHost {
  /** The order id a client may use next. */
  nextOrderId(clientId: number): number;
}

export class TwsRequests {
  readonly orders: OrderRequests;
  readonly accounts: AccountRequests;
  readonly data: DataRequests;
  readonly #handlers: ReadonlyMap<string, Handler>;

  constructor(
    private readonly core: GatewayCore,
    private readonly host: RequestHost,
  ) {
    this.orders = new OrderRequests(core);
    this.accounts = new AccountRequests(core);
    this.data = new DataRequests(core);
    this.#handlers = new Map([
      ...this.#orderHandlers(),
      ...this.#accountHandlers(),
      ...this.#dataHandlers(),
      ...this.#otherHandlers(),
    ]);
  }

  /** Answers or refuses one request; a field that cannot be read is named and the rest goes on. */
  handle(asked: Asked): void {
    const { client, fields } = asked;
    const code = fields[0] ?? '';
    try {
      const handler = this.#handlers.get(code);
      if (handler !== undefined) handler(asked);
      else this.#refuse(asked);
    } catch (cause) {
      if (!(cause instanceof FieldError)) throw cause;
      const id = code === '3' ? orderIdOf(fields) : (numberAt(fields, 2) ?? -1);
      client.error(id, 320, `Error reading request.-'${cause.message}'`);
    }
  }

  #refuse({ client, fields }: Asked): void {
    const refused = REFUSED[fields[0] ?? ''];
    if (refused === undefined) {
      const code = JSON.stringify((fields[0] ?? '').slice(0, 20));
      client.error(-1, 320, `Error reading request.-'there is no request ${code}'`);
      return;
    }
    const [place, name] = refused;
    const id = place === 0 ? -1 : (numberAt(fields, place) ?? -1);
    const text = `${name}: this simulated gateway has none`;
    client.error(id, 321, `Error validating request.-'bD' : cause - ${text}`);
  }

  #orderHandlers(): [string, Handler][] {
    const { orders } = this;
    return [
      ['3', ({ client, fields }) => orders.place(client, fields)],
      ['4', ({ client, fields }) => orders.cancel(client, fields)],
      ['5', ({ client }) => orders.openOrders(client, 'OWN')],
      ['7', ({ client, fields }) => orders.executions(client, fields)],
      ['8', ({ client }) => client.send(this.nextIdFields(client.clientId))],
      ['15', (asked) => this.#autoOpenOrders(asked)],
      ['16', ({ client }) => orders.openOrders(client, 'ALL')],
      ['58', () => orders.cancelAll()],
      ['99', ({ client }) => orders.completedOrders(client)],
    ];
  }

  nextIdFields(clientId: number): string[] {
    return [TO_CLIENT.NEXT_VALID_ID, '1', String(this.host.nextOrderId(clientId))];
  }

  /** There are no manual orders here that could be bound. */
  #autoOpenOrders({ client }: Asked): void {
    if (client.clientId === 0) return;
    const text = 'Only the default client (i.e 0) can auto bind orders';
    client.error(-1, 321, `Error validating request.-'bO' : cause - ${text}`);
  }

  #accountHandlers(): [string, Handler][] {
    const { accounts } = this;
    const ends = (set: (subscriptions: Subscriptions) => DeleteById, place = 2): Handler => {
      return ({ subscriptions, fields }) => {
        set(subscriptions).delete(new FieldReader(fields, place).id('reqId'));
      };
    };
    return [
      ['6', (asked) => accounts.updates(asked)],
      ['17', ({ client }) => client.send([TO_CLIENT.MANAGED_ACCOUNTS, '1', ACCOUNT])],
      ['61', (asked) => accounts.positions(asked)],
      ['62', (asked) => accounts.summary(asked)],
      ['63', ends(({ summaries }) => summaries)],
      ['64', ({ subscriptions }) => void (subscriptions.positions = false)],
      ['74', (asked) => accounts.positionsMulti(asked)],
      ['75', ends(({ positionsMulti }) => positionsMulti)],
      ['76', (asked) => accounts.updatesMulti(asked)],
      ['77', ends(({ updatesMulti }) => updatesMulti)],
      ['92', (asked) => accounts.profit(asked)],
      ['93', ends(({ profits }) => profits, 1)],
      ['94', (asked) => accounts.singleProfit(asked)],
      ['95', ends(({ singleProfits }) => singleProfits, 1)],
    ];
  }

  #dataHandlers(): [string, Handler][] {
    const { data } = this;
    const ends = (
      set: (subscriptions: Subscriptions) => DeleteById,
      unknown: { readonly code: number; readonly text: string; readonly place?: number },
    ): Handler => {
      return ({ client, subscriptions, fields }) => {
        const reqId = new FieldReader(fields, unknown.place ?? 2).id('reqId');
        const found = set(subscriptions).delete(reqId);
        if (!found) client.error(reqId, unknown.code, `${unknown.text}${reqId}`);
      };
    };
    const noStream = { code: 300, text: "Can't find EId with tickerId:" };
    return [
      ['1', (asked) => data.quotes(asked)],
      ['2', ends(({ quotes }) => quotes, noStream)],
      ['9', (asked) => data.contracts(asked)],
      ['20', (asked) => data.history(asked)],
      ['25', ends(({ histories }) => histories, NO_HISTORY)],
      ['50', (asked) => data.realTimeBars(asked)],
      ['51', ends(({ bars }) => bars, noStream)],
      ['81', (asked) => data.matchingSymbols(asked)],
      ['87', (asked) => data.headTimestamp(asked)],
      ['91', (asked) => data.marketRule(asked)],
      ['97', (asked) => data.ticks(asked)],
      ['98', ends(({ ticks }) => ticks, { ...noStream, place: 1 })],
    ];
  }

  #otherHandlers(): [string, Handler][] {
    const empty = (code: string, withId: boolean): Handler => {
      return ({ client, fields }) => {
        const id = withId ? [String(new FieldReader(fields).id('reqId'))] : [];
        client.send([code, ...id, '0']);
      };
    };
    return [
      // A log level, a market data type and a head timestamp taken back have no answer.
      ['14', () => undefined],
      ['59', () => undefined],
      ['90', () => undefined],
      [
        '49',
        ({ client }) => client.send([TO_CLIENT.CURRENT_TIME, '1', epochSeconds(this.core.now())]),
      ],
      [
        '78',
        ({ client, fields }) => {
          const reqId = String(new FieldReader(fields).id('reqId'));
          client.send([TO_CLIENT.OPTION_PARAMETERS_END, reqId]);
        },
      ],
      ['79', empty(TO_CLIENT.SOFT_DOLLAR_TIERS, true)],
      ['80', ({ client }) => client.send([TO_CLIENT.FAMILY_CODES, '1', ACCOUNT, ''])],
      ['82', empty(TO_CLIENT.DEPTH_EXCHANGES, false)],
      ['85', empty(TO_CLIENT.NEWS_PROVIDERS, false)],
      [
        '104',
        ({ client, fields }) => {
          const reqId = String(new FieldReader(fields).id('reqId'));
          client.send([TO_CLIENT.USER_INFO, reqId, '']);
        },
      ],
    ];
  }
}

interface DeleteById {
  delete(reqId: number): boolean;
}

const NO_HISTORY = { code: 366, text: 'No historical data query found for ticker id:' };

function numberAt(fields: readonly string[], place: number): number | undefined {
  const text = fields[place] ?? '';
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && Math.abs(value) <= 2_147_483_647
    ? value
    : undefined;
}
