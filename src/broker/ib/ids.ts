/**
 * The numbers and references on the wire: request ids that no order can have, the highest order id
 * ever seen, and our reference in the broker's free-text field. Knows no message.
 */
import type { OrderId } from '../../domain/ids';

/** Errors name an order or a request by the same field, so the two ranges never touch. */
export const FIRST_REQUEST_ID = 100_000_000;
const LAST_REQUEST_ID = 2_000_000_000;
/** Another client's ids count up to here: one that uses huge ones must not push us to the end. */
const FOREIGN_LIMIT = FIRST_REQUEST_ID / 2;
const REFERENCE_LENGTH = 24;
const PRINTABLE = /^[!-~]+$/;

export const isRequestId = (id: number): boolean => id >= FIRST_REQUEST_ID;
/** An id that an order of this client may have: manual orders carry 0, negative or the greatest. */
export const isOrderId = (id: number): boolean =>
  Number.isInteger(id) && id > 0 && id < FIRST_REQUEST_ID;

/** Request ids go on over connections: a late answer to an old request finds nobody. */
export class RequestIds {
  #next = FIRST_REQUEST_ID;

  take(): number {
    const id = this.#next;
    this.#next = id >= LAST_REQUEST_ID ? FIRST_REQUEST_ID : id + 1;
    return id;
  }
}

/** The broker may roll its own counter back: the next id is above everything ever seen. */
export class OrderIdMark {
  #next = 1;
  readonly #clientId: number;

  constructor(clientId: number) {
    this.#clientId = clientId;
  }

  /** What the broker calls the next valid one. */
  granted(id: number): void {
    if (isOrderId(id)) this.#next = Math.max(this.#next, id);
  }

  /** An id in any message; the client is left out where the message does not name it. */
  saw(id: number, clientId?: number): void {
    const ours = clientId === undefined || clientId === this.#clientId;
    if (isOrderId(id) && (ours || id < FOREIGN_LIMIT)) this.#next = Math.max(this.#next, id + 1);
  }

  get next(): number {
    return this.#next;
  }
}

/** Our reference as it travels; null when it does not fit the field or is not plain ASCII. */
export function referenceOf(tag: string, order: OrderId): string | null {
  const reference = `${tag}:${order}`;
  return reference.length <= REFERENCE_LENGTH && PRINTABLE.test(reference) ? reference : null;
}

/** The order a reference speaks of; null when it is not one of ours. */
export function orderOfReference(tag: string, reference: string): OrderId | null {
  const start = `${tag}:`;
  if (!reference.startsWith(start) || reference.length > REFERENCE_LENGTH) return null;
  const order = reference.slice(start.length);
  return PRINTABLE.test(order) ? order : null;
}
