/**
 * Instruments of a recording. US stocks and funds are known by name; any other takes its steps from
 * the finest price and size in the file, and follows the UTC day.
 */
import { price, quantity } from '../domain/decimal';
import type { InstrumentKey } from '../domain/ids';
import type { Instrument } from '../domain/instrument';
import known from './known-instruments.json';
import type { TradeTape } from './trade-tape';

export interface ResolvedInstrument {
  readonly instrument: Instrument;
  /** False: tick and lot come from the file, and its session is the UTC day. */
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
      calendar: stock ? 'XNYS' : 'UTC',
      conId: null,
      averageVolume: null,
    },
  };
}

/** 0 places: 1; 2 places: 0.01. */
function step(places: number): string {
  return places === 0 ? '1' : `0.${'1'.padStart(places, '0')}`;
}
