/**
 * Makes the parts of a session and joins them. They live as long as the session and are attached to
 * one connection after the other.
 */
import type { BrokerEvents, OrderDirectory } from '../../domain/broker-link';
import { Accounts } from './accounts';
import { Executions } from './executions';
import { Heartbeat, type HeartbeatEvents } from './heartbeat';
import { OrderIdMark, RequestIds } from './ids';
import { Instruments } from './instruments';
import { Lookups } from './lookups';
import { MarketData } from './market-data';
import type { IbLinkOptions } from './options';
import { OrderEntry } from './order-entry';
import { OrderFeed } from './order-feed';
import { OrderList } from './order-list';
import { OrderMemory } from './order-memory';
import { OrderReports } from './order-reports';
import { Positions } from './positions';
import { Requests } from './requests';
import { Round } from './round';
import { Teller } from './talk';

export interface SessionParts {
  readonly teller: Teller;
  readonly ids: RequestIds;
  readonly mark: OrderIdMark;
  readonly instruments: Instruments;
  readonly accounts: Accounts;
  readonly list: OrderList;
  readonly reports: OrderReports;
  readonly feed: OrderFeed;
  readonly entry: OrderEntry;
  readonly executions: Executions;
  readonly positions: Positions;
  readonly marketData: MarketData;
  readonly requests: Requests;
  readonly lookups: Lookups;
  readonly round: Round;
  readonly heartbeat: Heartbeat;
}

export function makeParts(
  options: IbLinkOptions,
  events: BrokerEvents,
  given: { readonly directory: OrderDirectory; readonly heartbeat: HeartbeatEvents },
): SessionParts {
  const { clientId, refTag: tag, clock, scheduler, snapshotTimeoutMs: timeoutMs } = options;
  const teller = new Teller(events);
  const ids = new RequestIds();
  const mark = new OrderIdMark(clientId);
  const instruments = new Instruments(given.directory, {
    instrument: (instrument) => teller.tell(() => events.instrument(instrument)),
    leftOut: (what) => {
      const next = 'Positions, orders and fills in it are left out of the books.';
      teller.notice('WARNING', `Tidegate keeps books of stocks only, not of ${what}. ${next}`);
    },
  });
  const accounts = new Accounts(options, ids, teller);
  const memory = new OrderMemory(given.directory, tag, clientId);
  const list = new OrderList();
  const reports = new OrderReports(memory, teller);
  const requests = new Requests(ids, scheduler, timeoutMs);
  const shared = { memory, reports, instruments, accounts, mark };
  return {
    ...{ teller, ids, mark, instruments, accounts, list, reports, requests },
    feed: new OrderFeed({ ...shared, list, clientId }),
    entry: new OrderEntry({ ...shared, tag, clientId }),
    executions: new Executions({ ...shared, teller }),
    positions: new Positions({ accounts, instruments, scheduler, teller }),
    marketData: new MarketData({ instruments, ids, clock, teller }),
    lookups: new Lookups({ requests, instruments, clock, scheduler, timeoutMs }),
    round: new Round(scheduler, timeoutMs),
    heartbeat: new Heartbeat(options.heartbeat, scheduler, given.heartbeat),
  };
}
