/**
 * Events as text and back. Decimals are canonical strings in the text; they are found again by the
 * name of their field, and a test holds that every event survives the way there and back.
 */
import { money, price, quantity } from './decimal';
import type { Event } from './event';

type Reader = (text: string) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  quantity,
  intendedQuantity: quantity,
  filledQuantity: quantity,
  sentQuantity: quantity,
  requestedQuantity: quantity,
  holdingAfter: quantity,
  lotSize: quantity,
  price,
  limitPrice: price,
  stopPrice: price,
  level: price,
  reference: price,
  firedPrice: price,
  tickSize: price,
  filledValue: money,
  cash: money,
  amount: money,
};

/** Canonical text of an event: the same event gives the same text. */
export function encodeEvent(event: Event): string {
  return JSON.stringify(event);
}

/** The event of a text that `encodeEvent` made. @throws when the text is not of that form */
export function decodeEvent(text: string): Event {
  return JSON.parse(text, (key, value: unknown) => {
    const read = READERS[key];
    return read !== undefined && typeof value === 'string' ? read(value) : value;
  }) as Event;
}
