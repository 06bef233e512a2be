/**
 * Whose a message is, and what is known of each of our orders since this process began. A message
 * is ours by its reference, then by the broker's account-wide id, and by client and order id only
 * where it carries no reference. Knows no report and no connection.
 */
import type { OrderDirectory } from '../../domain/broker-link';
import type { OrderId } from '../../domain/ids';
import type { OrderTicket } from '../../domain/ports';
import { isOrderId, orderOfReference } from './ids';

/** What the session remembers of an order; it only saves repetitions, the book is the engine's. */
export interface Tracked {
  readonly order: OrderId;
  brokerOrderId: number;
  /** Null until the broker has said it. */
  permId: string | null;
  stage: 'SENT' | 'WORKING' | 'ENDED';
  /** A change that the broker has not confirmed, and the connection it was written to. */
  change: { readonly ticket: OrderTicket; readonly epoch: number } | null;
  cancelAsked: boolean;
  /** Said once that two orders at the broker carry its reference. */
  doubled: boolean;
  /** Which of two is cancelled, by its account-wide id, while the other may live. */
  readonly over: Set<string>;
}

/** What a message says about the order it speaks of. */
export interface Marks {
  /** Absent where the message has no such field. */
  readonly reference?: string | undefined;
  /** '0' where the broker has not given one yet. */
  readonly permId: string;
  readonly clientId?: number | undefined;
  readonly orderId: number;
}

export const NO_PERM_ID = '0';

export class OrderMemory {
  readonly #directory: OrderDirectory;
  readonly #tag: string;
  readonly #clientId: number;
  readonly #tracked = new Map<OrderId, Tracked>();
  readonly #placed = new Map<number, OrderId>();
  /** As a message with our reference said it. */
  readonly #permIds = new Map<OrderId, string>();
  /** Null: known to be somebody else's. */
  readonly #byPermId = new Map<string, OrderId | null>();

  constructor(directory: OrderDirectory, tag: string, clientId: number) {
    this.#directory = directory;
    this.#tag = tag;
    this.#clientId = clientId;
  }

  /** Our order the message is about; null: somebody else's. */
  whose(marks: Marks): OrderId | null {
    const { reference = '', permId } = marks;
    const order =
      reference === ''
        ? (this.#byPerm(permId) ?? this.#byNumber(marks))
        : orderOfReference(this.#tag, reference);
    const decided = reference !== '' || order !== null;
    if (permId !== NO_PERM_ID && decided) this.#byPermId.set(permId, order);
    if (permId !== NO_PERM_ID && order !== null && reference !== '') {
      this.#permIds.set(order, permId);
    }
    return order;
  }

  /** The order of an error message, which names nothing but an id of this client. */
  ofError(orderId: number): OrderId | null {
    return this.#ofClient(this.#clientId, orderId);
  }

  /** False when the id already stands for another order: it must not be used. */
  claim(ticket: OrderTicket): boolean {
    const holder = this.#ofClient(this.#clientId, ticket.brokerOrderId);
    if (holder !== null && holder !== ticket.order) return false;
    this.#placed.set(ticket.brokerOrderId, ticket.order);
    this.tracked(ticket.order, ticket.brokerOrderId);
    return true;
  }

  tracked(order: OrderId, brokerOrderId: number): Tracked {
    const known = this.#tracked.get(order);
    if (known !== undefined) return known;
    const made: Tracked = {
      ...{ order, brokerOrderId, permId: null, stage: 'SENT', change: null },
      ...{ cancelAsked: false, doubled: false, over: new Set<string>() },
    };
    this.#tracked.set(order, made);
    return made;
  }

  /** Orders with a change that nobody has confirmed or refused. */
  changing(): readonly Tracked[] {
    return [...this.#tracked.values()].filter(({ change }) => change !== null);
  }

  #byPerm(permId: string): OrderId | null {
    if (permId === NO_PERM_ID) return null;
    const known = this.#byPermId.get(permId);
    return known === undefined ? this.#directory.byPermId(permId) : known;
  }

  #byNumber({ clientId, orderId, permId }: Marks): OrderId | null {
    // A known stranger stays one, whatever number it has.
    if (clientId === undefined || this.#byPermId.has(permId)) return null;
    const order = this.#ofClient(clientId, orderId);
    if (order === null || permId === NO_PERM_ID) return order;
    // Another deployment's order may have had the same number: the account-wide id decides.
    const known = this.#permIds.get(order) ?? this.#directory.permIdOf(order);
    return known === null || known === permId ? order : null;
  }

  #ofClient(clientId: number, orderId: number): OrderId | null {
    if (!isOrderId(orderId)) return null;
    const placed = clientId === this.#clientId ? this.#placed.get(orderId) : undefined;
    return placed ?? this.#directory.byBrokerOrderId(clientId, orderId);
  }
}
