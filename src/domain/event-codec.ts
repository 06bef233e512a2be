/**
 * Events as text and back. Decimals are canonical strings in the text; they are found again by the
 * name of their field, and a test holds that every event survives the way there and back.
 */
import { money, price, quantity } from './decimal';
import type { Event } from './event';

type Reader = (text: string) => unknown;

/** A map, so that a field called like something every object has reads as text. */
const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    quantity,
    intendedQuantity: quantity,
    filledQuantity: quantity,
    uncounted: quantity,
    sentQuantity: quantity,
    requestedQuantity: quantity,
    holdingAfter: quantity,
    lotSize: quantity,
    brokerQuantity: quantity,
    bookQuantity: quantity,
    filled: quantity,
    price,
    limitPrice: price,
    stopPrice: price,
    level: price,
    reference: price,
    trailBy: price,
    activateAt: price,
    bestPrice: price,
    firstLevel: price,
    firedPrice: price,
    tickSize: price,
    filledValue: money,
    cash: money,
    amount: money,
    equity: money,
    realized: money,
    capital: money,
  }),
);

/** Canonical text of an event: the same event gives the same text. */
export function encodeEvent(event: Event): string {
  return JSON.stringify(event);
}

/** The event of a text that `encodeEvent` made. @throws when the text is not of that form */
export function decodeEvent(text: string): Event {
  return decodeStored<Event>(text);
}

/** What `JSON.stringify` made of any noun of the domain, with its decimals. */
export function decodeStored<T>(text: string): T {
  const value = JSON.parse(text) as unknown;
  readDecimals(value);
  return value as T;
}

/** In place: a function given to JSON.parse is called for every value and costs twice as much. */
function readDecimals(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (typeof field === 'object') readDecimals(field);
    else if (typeof field === 'string') {
      const read = READERS.get(key);
      if (read !== undefined) fields[key] = read(field);
    }
  }
}
