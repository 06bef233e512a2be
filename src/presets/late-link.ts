/**
 * Stands for the broker link until there is one: the engine is opened from its journal first, and
 * the link is marked with what stands there. Until then nothing can be sent.
 */
import type { BrokerLink } from '../domain/broker-link';
import type { Broker, CancelTarget, OrderTicket } from '../domain/ports';

export class LateLink implements Broker {
  #link: BrokerLink | null = null;

  join(link: BrokerLink): void {
    this.#link = link;
  }

  canSend(): boolean {
    return this.#link?.canSend() ?? false;
  }
  place(ticket: OrderTicket): void {
    this.#joined().place(ticket);
  }
  modify(ticket: OrderTicket): void {
    this.#joined().modify(ticket);
  }
  /** A cancel before the first connection is repeated once the books are matched. */
  cancel(target: CancelTarget): void {
    this.#link?.cancel(target);
  }

  #joined(): BrokerLink {
    if (this.#link === null) throw new Error('an order left before there was a broker link');
    return this.#link;
  }
}
