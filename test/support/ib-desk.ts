/**
 * A session against a scripted gateway, with everything it tells written down and its timers moved
 * by hand, so that no test waits for time to pass.
 */
import { createIbLink } from '../../src/broker/ib/session';
import type { IbLinkSettings, Scheduler } from '../../src/broker/ib/options';
import type { BrokerEvents, BrokerLink, BrokerNotice } from '../../src/domain/broker-link';
import type { BrokerPosition, BrokerQuote, BrokerSnapshot } from '../../src/domain/broker-link';
import type { AccountValues, LinkStatus } from '../../src/domain/broker-link';
import { price, quantity } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import type { Instrument } from '../../src/domain/instrument';
import type { OrderTicket } from '../../src/domain/ports';
import { ScriptedTws } from './scripted-tws';
import { AAPL, ACCOUNT } from './tws-frames';

export class ManualScheduler implements Scheduler {
  #now = 0;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((each) => each !== entry);
    };
  }

  /** Runs what falls due, in order; each task sees its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks = this.#tasks.filter((each) => each !== due);
      this.#now = Math.max(this.#now, due.at);
      due.task();
    }
    this.#now = end;
  }

  get waiting(): number {
    return this.#tasks.length;
  }
}

export const apple: Instrument = {
  ...{ key: 'AAPL', symbol: 'AAPL', exchange: 'XNAS', currency: 'USD', conId: AAPL },
  ...{ tickSize: price('0.01'), lotSize: quantity('1'), calendar: 'XNYS', averageVolume: null },
};

export function ticket(given: Partial<OrderTicket> = {}): OrderTicket {
  return {
    ...{ order: 'ord-00000001', account: ACCOUNT, instrument: 'AAPL', side: 'BUY' },
    ...{ type: 'LIMIT', timeInForce: 'DAY', quantity: quantity('100') },
    ...{ limitPrice: price('10.5'), stopPrice: null, outsideRegularHours: false },
    ...{ brokerOrderId: 1, rank: 0 },
    ...given,
  };
}

/** Polls: what is waited for comes through a real socket. */
export async function until(what: () => boolean, name = 'what was waited for'): Promise<void> {
  const end = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > end) throw new Error(`${name} did not happen within 20 s`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Long enough for everything that is in the sockets to be read. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
}

export class IbDesk {
  readonly reports: BrokerReport[] = [];
  readonly snapshots: BrokerSnapshot[] = [];
  readonly positions: (readonly BrokerPosition[])[] = [];
  readonly accounts: AccountValues[] = [];
  readonly quotes: BrokerQuote[] = [];
  readonly links: LinkStatus[] = [];
  readonly notices: BrokerNotice[] = [];
  readonly instruments: Instrument[] = [];
  readonly scheduler = new ManualScheduler();
  readonly permIds = new Map<string, string>();
  readonly brokerIds = new Map<string, string>();
  known: Instrument[] = [apple];
  paceAllowed = 0;
  /** What the engine does with a snapshot, a report and a quote, before they are written down. */
  onSnapshot: () => Promise<void> = async () => undefined;
  /** What the engine says of the next snapshots; MATCHED when nothing is left here. */
  readonly answers: ('MATCHED' | 'ASK_AGAIN')[] = [];
  onReport: (report: BrokerReport) => void = () => undefined;
  readonly link: BrokerLink;

  private constructor(
    readonly tws: ScriptedTws,
    settings: Partial<IbLinkSettings>,
  ) {
    const events: BrokerEvents = {
      instrument: (instrument) => void this.instruments.push(instrument),
      report: (report) => {
        this.onReport(report);
        this.reports.push(report);
      },
      snapshot: async (snapshot) => {
        this.snapshots.push(snapshot);
        await this.onSnapshot();
        return this.answers.shift() ?? 'MATCHED';
      },
      positions: (positions) => void this.positions.push(positions),
      account: (values) => void this.accounts.push(values),
      quote: (quote) => void this.quotes.push(quote),
      link: (status) => void this.links.push(status),
      paceAllows: () => {
        this.paceAllowed += 1;
      },
      notice: (notice) => void this.notices.push(notice),
    };
    this.link = createIbLink(
      {
        ...{ host: '127.0.0.1', port: tws.port, clientId: 7, accounts: null, refTag: 't' },
        ...{ clock: { now: () => 1_776_100_000_000 }, requirePaper: true },
        heartbeat: { intervalMs: 10_000, deadlineMs: 5_000 },
        backoff: { firstMs: 500, maxMs: 4_000 },
        snapshotTimeoutMs: 8_000,
        scheduler: this.scheduler,
        ...settings,
      },
      events,
      {
        byPermId: (permId) => this.permIds.get(permId) ?? null,
        byBrokerOrderId: (client, id) => this.brokerIds.get(`${client}/${id}`) ?? null,
        permIdOf: (order) => {
          const known = [...this.permIds].find(([, ours]) => ours === order);
          return known?.[0] ?? null;
        },
        instruments: () => this.known,
      },
    );
  }

  static async open(settings: Partial<IbLinkSettings> = {}): Promise<IbDesk> {
    return new IbDesk(await ScriptedTws.listen(), settings);
  }

  /** Connected, synchronized and ready to trade. */
  static async ready(settings: Partial<IbLinkSettings> = {}): Promise<IbDesk> {
    const desk = await IbDesk.open(settings);
    desk.link.start();
    await desk.becomes('READY');
    return desk;
  }

  async becomes(state: LinkStatus['state']): Promise<void> {
    await until(() => this.link.status.state === state, `${state} after ${this.told()}`);
  }

  /** Lets time pass, a second at a time with everything read in between, until it is ready. */
  async comesReady(seconds = 60): Promise<void> {
    for (let n = 0; n < seconds && this.link.status.state !== 'READY'; n += 1) {
      this.scheduler.advance(1_000);
      await settled();
    }
    await this.becomes('READY');
  }

  /** Reports of one kind. */
  of<K extends BrokerReport['kind']>(kind: K): Extract<BrokerReport, { kind: K }>[] {
    return this.reports.filter((r): r is Extract<BrokerReport, { kind: K }> => r.kind === kind);
  }

  told(): string {
    return this.notices.map(({ message }) => message).join(' | ');
  }

  async close(): Promise<void> {
    await this.link.stop();
    await this.tws.close();
  }
}
