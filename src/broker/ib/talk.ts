/**
 * How the parts of the session speak: outwards to the engine, whose throws are contained here, and
 * to the gateway through one outlet. Knows nothing of either side's messages.
 */
import type { IBApi } from '@stoqey/ib';
import type {
  BrokerEvents,
  BrokerNotice,
  BrokerQuote,
  BrokerSnapshot,
} from '../../domain/broker-link';
import type { Lane } from './pacer';

/** The way to the gateway for as long as there is a connection. */
export interface Outlet {
  /** Leaves at the broker's pace; `lost` is told when no byte of it was or will be written. */
  send(lane: Lane, write: (ib: IBApi) => void, lost?: (reason: string) => void): void;
}

/** The engine as the session sees it: nothing it does can end the session. */
export class Teller {
  readonly #events: BrokerEvents;
  #faults = 0;

  constructor(events: BrokerEvents) {
    this.#events = events;
  }

  /** How many throws were contained since the start. */
  get faults(): number {
    return this.#faults;
  }

  tell(what: (events: BrokerEvents) => void): void {
    try {
      what(this.#events);
    } catch (error) {
      this.fault('the engine', error);
    }
  }

  /** Resolves when the engine has matched it; rejects with whatever it throws. */
  async snapshot(snapshot: BrokerSnapshot): Promise<'MATCHED' | 'ASK_AGAIN'> {
    return this.#events.snapshot(snapshot);
  }

  /** A price: the one message that is frequent. */
  quote(quote: BrokerQuote): void {
    try {
      this.#events.quote(quote);
    } catch (error) {
      this.fault('the engine', error);
    }
  }

  notice(level: BrokerNotice['level'], message: string, more: Partial<BrokerNotice> = {}): void {
    try {
      this.#events.notice({ code: null, order: null, ...more, level, message });
    } catch {
      // There is nobody left to tell; the count says that it happened.
      this.#faults += 1;
    }
  }

  /** Counts a throw and says where it was. */
  fault(where: string, error: unknown): void {
    this.#faults += 1;
    const text = error instanceof Error ? error.message : String(error);
    const count = `It is the ${this.#faults}. since the start.`;
    const next = 'The session goes on; look into the log and report it.';
    this.notice('ERROR', `${where} failed: ${text}. ${count} ${next}`);
  }
}
