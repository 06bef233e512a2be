/**
 * Instruments of a recording. A few are known by name; any other takes its steps from the finest
 * price and size in the file, and its calendar from when it trades. What was inferred is said.
 */
import type { CalendarKey } from '../calendar/sessions';
import { exchangeDate, sessionOn, withinExtendedHours } from '../calendar/sessions';
import { price, quantity } from '../domain/decimal';
import type { InstrumentKey } from '../domain/ids';
import type { Instrument } from '../domain/instrument';
import known from './known-instruments.json';
import type { TradeTape } from './trade-tape';

export interface ResolvedInstrument {
  readonly instrument: Instrument;
  /** False: tick, lot and calendar were inferred from the file. */
  readonly known: boolean;
}

const EXCHANGES = new Map<string, string>(
  Object.entries(known.exchanges).flatMap(([exchange, symbols]) =>
    symbols.map((symbol): [string, string] => [symbol, exchange]),
  ),
);
/** A tick is never coarser than a cent. */
const CENT_PLACES = 2;

/** The instrument of a symbol of the recording. */
export function resolveInstrument(key: InstrumentKey, tape: TradeTape): ResolvedInstrument {
  const exchange = EXCHANGES.get(key);
  const fineness = tape.fineness(key) ?? { pricePlaces: CENT_PLACES, sizePlaces: 0 };
  const stock = exchange !== undefined;
  const pricePlaces = stock ? CENT_PLACES : Math.max(fineness.pricePlaces, CENT_PLACES);
  return {
    known: stock,
    instrument: {
      key,
      symbol: key,
      exchange: exchange ?? '',
      currency: 'USD',
      tickSize: price(step(pricePlaces)),
      lotSize: quantity(step(stock ? 0 : fineness.sizePlaces)),
      calendar: stock ? 'XNYS' : inferCalendar(key, tape),
      averageVolume: null,
    },
  };
}

/** 0 places: 1; 2 places: 0.01. */
function step(places: number): string {
  return places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`;
}

/**
 * The exchange's sessions when the recording fits them: every trade lies in the exchange's hours,
 * early and late ones included, and at least one in the regular session. Else the UTC day.
 */
function inferCalendar(key: InstrumentKey, tape: TradeTape): CalendarKey {
  let regular = false;
  for (let n = 0; n < tape.length; n += 1) {
    const { instrument, at } = tape.trade(n);
    if (instrument !== key) continue;
    if (!inCalendar(at) || !withinExtendedHours('XNYS', at)) return 'UTC';
    regular ||= isRegular(at);
  }
  return regular ? 'XNYS' : 'UTC';
}

function isRegular(at: number): boolean {
  const session = sessionOn('XNYS', exchangeDate('XNYS', at));
  return session !== undefined && session.open <= at && at <= session.close;
}

/** Years the exchange's calendar covers: outside them nothing is inferred from it. */
const FIRST = Date.UTC(1998, 0, 2);
const LAST = Date.UTC(2028, 11, 30);
const inCalendar = (at: number): boolean => at >= FIRST && at <= LAST;
