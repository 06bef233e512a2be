/**
 * What is traded, and the smallest steps of its price and quantity.
 * Session calendars are named here and known elsewhere.
 */
import type { Price, Quantity } from './decimal';
import type { InstrumentKey } from './ids';

/** Which exchange's sessions an instrument follows; UTC: the UTC day. */
export type CalendarKey = 'XNYS' | 'UTC';

export interface Instrument {
  readonly key: InstrumentKey;
  readonly symbol: string;
  /** Listing venue as an ISO 10383 code; empty when nobody has said. */
  readonly exchange: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Order prices are multiples of it. */
  readonly tickSize: Price;
  /** Order quantities are multiples of it. */
  readonly lotSize: Quantity;
  readonly calendar: CalendarKey;
  /** The broker's own id of it; null before the broker has been asked. */
  readonly conId: number | null;
  /** 20-day average daily volume in units; null when the source has no history. */
  readonly averageVolume: number | null;
}
