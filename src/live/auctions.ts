/**
 * The opening auctions, by the calendar: which one an order is for, and when it leaves for it. The
 * broker refuses such orders while its exchange takes none, so they are held here until shortly
 * before the open. Decides nothing about an order.
 */
import {
  CalendarRangeError,
  exchangeDate,
  nextSession,
  previousSession,
  sessionOn,
} from '../calendar/sessions';
import type { BrokerLink } from '../domain/broker-link';
import type { Price } from '../domain/decimal';
import type { Auction } from '../domain/desk';
import type { Command } from '../domain/input';
import type { CalendarKey, Instrument } from '../domain/instrument';
import type { Order } from '../domain/order';
import type { Clock } from '../domain/ports';
import type { Refusal } from '../domain/refusal';
import type { Engine } from '../engine/loop';

/** Orders leave for the auction so long before the open. */
export const RELEASE_BEFORE_OPEN = 900_000;
/** So long before the open the auction takes no more. */
export const LAST_CALL_BEFORE_OPEN = 120_000;

type Times = Omit<Auction, 'price'>;

/** The auction that an order placed now is for, or why there is none. */
export function auctionAt(calendar: CalendarKey, at: number): Times | Refusal {
  if (calendar !== 'XNYS') return refusal('the instrument has no opening auction that is known');
  try {
    const today = exchangeDate(calendar, at);
    const session = sessionOn(calendar, today);
    if (session === undefined || at >= session.open) return timesOf(calendar, today, true);
    if (at <= session.open - LAST_CALL_BEFORE_OPEN) return timesOf(calendar, today, false);
    const why = `it is too late for the opening auction of ${today}`;
    return refusal(`${why}: place it after the open for the next one`);
  } catch (cause) {
    if (cause instanceof CalendarRangeError) return refusal(cause.message);
    throw cause;
  }
}

function timesOf(calendar: CalendarKey, today: string, later: boolean): Times | Refusal {
  const session = later ? nextSession(calendar, today) : sessionOn(calendar, today);
  if (session === undefined) return refusal(`there is no session on ${today}`);
  const { date: tradingDate, open } = session;
  return {
    tradingDate,
    releaseAt: open - RELEASE_BEFORE_OPEN,
    until: open - LAST_CALL_BEFORE_OPEN,
    pricesSince: previousSession(calendar, tradingDate).open,
  };
}

const refusal = (message: string): Refusal => ({ code: 'INVALID', message, field: 'timeInForce' });

export interface AuctionParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly link: BrokerLink;
}

export class Auctions {
  readonly #parts: AuctionParts;
  #asking = false;

  constructor(parts: AuctionParts) {
    this.#parts = parts;
  }

  /** What an order placed now waits for, with the close before it where there is no newer price. */
  async of(instrument: Instrument): Promise<Auction | Refusal> {
    const times = auctionAt(instrument.calendar, this.#parts.clock.now());
    if ('code' in times) return times;
    return { ...times, price: await this.#closeBefore(instrument, times) };
  }

  /** The command that lets go of what is due; null while nothing is, or it is being asked for. */
  async due(): Promise<Command | null> {
    const { engine, clock, link } = this.#parts;
    if (engine.state.staged.size === 0 || this.#asking) return null;
    const now = clock.now();
    const ready = link.status.state === 'READY';
    const isDue = ({ staged }: Order): boolean =>
      staged !== undefined && (now > staged.until || (ready && now >= staged.releaseAt));
    const due = [...engine.state.staged]
      .flatMap((id) => engine.state.orders.get(id) ?? [])
      // One whose rules have not been asked yet has not been placed.
      .filter((order) => order.heldBy === 'ENGINE' && isDue(order));
    if (due.length === 0) return null;
    this.#asking = true;
    try {
      const closes = new Map<string, Promise<Price | null>>();
      const orders = due.map(async (order) => {
        const close = closes.get(order.instrument) ?? this.#closeFor(order);
        closes.set(order.instrument, close);
        return { order: order.id, price: await close };
      });
      return { kind: 'RELEASE_STAGED', orders: await Promise.all(orders) };
    } finally {
      this.#asking = false;
    }
  }

  #closeFor({ instrument: key, staged, tradingDate }: Order): Promise<Price | null> {
    const instrument = this.#parts.engine.state.instruments.get(key);
    if (instrument === undefined || staged === undefined || tradingDate === undefined) {
      return Promise.resolve(null);
    }
    return this.#closeBefore(instrument, { ...staged, tradingDate });
  }

  /** Null where it is not needed, not known yet, or not to be had: the rules then have no price. */
  async #closeBefore(instrument: Instrument, times: Times): Promise<Price | null> {
    const { engine, clock, link } = this.#parts;
    const last = engine.market.last(instrument.key);
    const before = previousSession(instrument.calendar, times.tradingDate);
    const isOver = clock.now() > before.close;
    if ((last !== undefined && last.at >= times.pricesSince) || !isOver) return null;
    if (link.status.state !== 'READY') return null;
    try {
      const bars = await link.dailyBars(instrument, 5);
      return bars.find(({ date }) => date === before.date)?.close ?? null;
    } catch {
      return null;
    }
  }
}
