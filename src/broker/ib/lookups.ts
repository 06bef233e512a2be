/**
 * What an instrument is called and how it trades, and its daily bars. Questions a person or the
 * start of a day asks; nothing here is on the way of an order.
 */
import { BarSizeSetting, SecType, WhatToShow, type ContractDetails } from '@stoqey/ib';
import type { DailyBar } from '../../domain/broker-link';
import { larger, NO_QUANTITY, price, quantity, type Price } from '../../domain/decimal';
import type { Instrument } from '../../domain/instrument';
import type { Clock } from '../../domain/ports';
import { explain } from './codes';
import type { Connection, HistoricalBar, PriceStep } from './connection';
import { calendarOf, exchangeOf, micOf } from './exchanges';
import type { Instruments } from './instruments';
import { toPrice, toQuantity } from './mapping';
import { RequestError, type Requests } from './requests';
import type { Scheduler } from './options';
import type { Outlet } from './talk';
import { dateIn, dateOf } from './times';

const UNKNOWN_CONTRACT = 200;
/** Decoding one answer takes time that grows with its square. */
const MOST_BARS = 5_000;
/** Above, the broker counts in years; a year has at least this many sessions. */
const MOST_DAYS = 365;
const SESSIONS_A_YEAR = 250;
const SMART = 'SMART';
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9 .\-/]{0,23}$/;

export interface LookupParts {
  readonly requests: Requests;
  readonly instruments: Instruments;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
}

export class Lookups {
  readonly #parts: LookupParts;
  /** Steps by the number of their market rule; they do not change within a day. */
  readonly #rules = new Map<number, Price | null>();
  readonly #waiting = new Map<number, (() => void)[]>();

  constructor(parts: LookupParts) {
    this.#parts = parts;
  }

  attach(connection: Connection): void {
    const { requests } = this.#parts;
    connection.on('contractDetails', ([id, details]) => requests.part(id, details));
    connection.on('contractDetailsEnd', ([id]) => requests.end(id));
    connection.on('historicalData', (bar) => {
      // The end of the list comes as a bar that is none.
      if (bar[1].startsWith('finished')) requests.end(bar[0]);
      else requests.part(bar[0], bar);
    });
    connection.on('marketRule', ([id, steps]) => {
      this.#rules.set(id, coarsest(steps));
      for (const resume of this.#waiting.get(id)?.splice(0) ?? []) resume();
    });
  }

  /** An error about one of the questions. False: it is about something else. */
  code(id: number, code: number, text: string): boolean {
    const { requests } = this.#parts;
    return requests.fail(id, `${requests.what(id) ?? ''}: ${explain(code, text)}`, code);
  }

  /**
   * US listings in dollars of a symbol, or of `SYMBOL.MIC`; empty when there are none. The tick is
   * the coarsest of the routed exchange, which fits every price.
   * @throws RequestError when the broker does not answer
   */
  async resolve(text: string, outlet: Outlet): Promise<readonly Instrument[]> {
    const { symbol, mic } = splitSymbol(text.trim().toUpperCase());
    if (!SYMBOL.test(symbol)) return [];
    const found = await this.#details(symbol, outlet);
    const listed = found.filter(({ contract }) => mic === null || micOfDetails(contract) === mic);
    return Promise.all(
      listed.map(async (details): Promise<Instrument> => {
        const { contract } = details;
        const exchange = micOfDetails(contract);
        const name = contract.symbol ?? symbol;
        return {
          key: found.length === 1 ? name : `${name}.${exchange || contract.conId}`,
          ...{ symbol: name, exchange, currency: contract.currency ?? 'USD' },
          tickSize: await this.#tick(details, outlet),
          lotSize: quantity('1'),
          calendar: calendarOf(exchange),
          conId: contract.conId ?? null,
          averageVolume: null,
        };
      }),
    );
  }

  /**
   * Finished daily bars of regular hours, oldest first.
   * @throws RangeError for more than the broker gives at once; RequestError when there is no answer
   */
  async dailyBars(
    instrument: Instrument,
    days: number,
    outlet: Outlet,
  ): Promise<readonly DailyBar[]> {
    const { requests, instruments, clock } = this.#parts;
    if (!Number.isInteger(days) || days < 1 || days >= MOST_BARS) {
      throw new RangeError(`${days} daily bars: from 1 to ${MOST_BARS - 1} can be asked for`);
    }
    // Today's unfinished bar may be among them.
    const span =
      days < MOST_DAYS ? `${days + 1} D` : `${Math.ceil((days + 1) / SESSIONS_A_YEAR)} Y`;
    const contract = instruments.contractOf(instrument);
    const size = BarSizeSetting.DAYS_ONE;
    const bars = await requests.ask<HistoricalBar>(`Daily bars of ${instrument.key}`, (id) =>
      outlet.send('HISTORY', (ib) => {
        ib.reqHistoricalData(id, contract, '', span, size, WhatToShow.TRADES, 1, 1, false);
      }),
    );
    const zone = instrument.calendar === 'XNYS' ? 'America/New_York' : 'UTC';
    const today = dateIn(zone, clock.now());
    return bars
      .map(toBar)
      .filter((bar): bar is DailyBar => bar !== null && bar.date < today)
      .sort((a, b) => (a.date < b.date ? -1 : 1))
      .slice(-days);
  }

  async #details(symbol: string, outlet: Outlet): Promise<readonly ContractDetails[]> {
    const contract = { symbol, secType: SecType.STK, exchange: SMART, currency: 'USD' };
    try {
      return await this.#parts.requests.ask<ContractDetails>(`Instrument ${symbol}`, (id) =>
        outlet.send('QUERY', (ib) => void ib.reqContractDetails(id, contract)),
      );
    } catch (error) {
      if (error instanceof RequestError && error.code === UNKNOWN_CONTRACT) return [];
      throw error;
    }
  }

  async #tick(details: ContractDetails, outlet: Outlet): Promise<Price> {
    const rule = ruleOf(details);
    const stepped = rule === null ? null : await this.#rule(rule, outlet);
    const smallest = details.minTick === 0 ? null : toPrice(details.minTick);
    return stepped ?? smallest ?? price('0.01');
  }

  /** Null when there is no such rule, or no answer in time: the smallest step stands in. */
  async #rule(id: number, outlet: Outlet): Promise<Price | null> {
    if (!this.#rules.has(id)) {
      await new Promise<void>((resolve) => {
        const callOff = this.#parts.scheduler.after(this.#parts.timeoutMs, resolve);
        const waiting = this.#waiting.get(id) ?? [];
        waiting.push(() => {
          callOff();
          resolve();
        });
        this.#waiting.set(id, waiting);
        if (waiting.length > 1) return;
        outlet.send('QUERY', (ib) => void ib.reqMarketRule(id));
      });
    }
    return this.#rules.get(id) ?? null;
  }
}

function splitSymbol(text: string): { readonly symbol: string; readonly mic: string | null } {
  const dot = text.lastIndexOf('.');
  const mic = text.slice(dot + 1);
  if (dot > 0 && exchangeOf(mic) !== undefined) return { symbol: text.slice(0, dot), mic };
  return { symbol: text, mic: null };
}

function micOfDetails(contract: ContractDetails['contract']): string {
  return micOf(contract.primaryExch ?? '');
}

/** Rules stand in the order of the exchanges they are for. */
function ruleOf({ validExchanges = '', marketRuleIds = '' }: ContractDetails): number | null {
  const place = validExchanges.split(',').indexOf(SMART);
  const rule = Number(marketRuleIds.split(',')[place] ?? '');
  return place >= 0 && Number.isInteger(rule) && rule > 0 ? rule : null;
}

function coarsest(steps: readonly PriceStep[]): Price | null {
  const sizes = steps.map(({ increment }) => (increment === 0 ? null : toPrice(increment)));
  return sizes.reduce((a, b) => (a === null || b === null ? (a ?? b) : larger(a, b)), null);
}

function toBar([, day, ...values]: HistoricalBar): DailyBar | null {
  const date = dateOf(day.split(' ')[0] ?? '');
  const [open, high, low, close] = values.slice(0, 4).map(toPrice);
  if (date === null || !open || !high || !low || !close) return null;
  return { date, open, high, low, close, volume: toQuantity(values[4]) ?? NO_QUANTITY };
}
