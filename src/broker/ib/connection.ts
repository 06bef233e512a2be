/**
 * One connection to the gateway: one `IBApi` object, used once and thrown away with whatever it has
 * in its queues. Contains every throw, says whether bytes left, and shows the frame being read.
 * The only file that reaches into the library. Knows no order and no state of the session.
 */
import { IBApi, type Contract, type ContractDetails } from '@stoqey/ib';
import type { CommissionReport, Execution, Order, OrderState } from '@stoqey/ib';
import { mended } from './library-faults';

/** The messages the session listens to, with what they carry. */
export interface Heard {
  connected: [];
  disconnected: [];
  nextValidId: [orderId: number];
  managedAccounts: [accounts: string];
  currentTime: [seconds: number];
  info: [message: string, code: number];
  error: [error: Error, code: number, id: number];
  openOrder: [orderId: number, contract: Contract, order: Order, state: OrderState];
  openOrderEnd: [];
  completedOrder: [contract: Contract, order: Order, state: OrderState];
  completedOrdersEnd: [];
  orderStatus: OrderStatusMessage;
  execDetails: [requestId: number, contract: Contract, execution: Execution];
  execDetailsEnd: [requestId: number];
  commissionReport: [report: CommissionReport];
  position: [account: string, contract: Contract, quantity?: number, averageCost?: number];
  positionEnd: [];
  accountSummary: [id: number, account: string, tag: string, value: string, currency: string];
  accountSummaryEnd: [requestId: number];
  marketDataType: [requestId: number, type: number];
  contractDetails: [requestId: number, details: ContractDetails];
  contractDetailsEnd: [requestId: number];
  marketRule: [id: number, increments: readonly PriceStep[]];
  historicalData: HistoricalBar;
}
export type OrderStatusMessage = [
  orderId: number,
  status: string,
  filled?: number,
  remaining?: number,
  averagePrice?: number,
  permId?: number,
  parentId?: number,
  lastPrice?: number,
  clientId?: number,
  whyHeld?: string,
];
export type HistoricalBar = [
  requestId: number,
  date: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume?: number,
];
export interface PriceStep {
  readonly lowEdge?: number;
  readonly increment?: number;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

/** Something was thrown while a message was handled; the next one is not lost. */
export type FaultHandler = (where: string, error: unknown) => void;

interface Emitter {
  on(event: string, listener: (...args: never[]) => void): unknown;
  removeAllListeners(): unknown;
}

/** High enough that the library's own limiter never holds anything back: the pace is ours. */
const UNLIMITED = 1_000_000;
const ERROR_FRAME = '4';

export class Connection {
  readonly #ib: IBApi;
  readonly #emitter: Emitter;
  readonly #clientId: number;
  readonly #fault: FaultHandler;
  #frame: readonly string[] = [];
  #frames = 0;
  #sent = 0;
  #over = false;
  /** What the library threw away: a rejection whose details it could not read. */
  #unread: ((id: number, code: number, text: string) => void) | null = null;
  #undecodedFrame: ((frame: readonly string[]) => void) | null = null;

  constructor({ host, port, clientId }: Target, fault: FaultHandler) {
    this.#clientId = clientId;
    this.#fault = fault;
    this.#ib = new IBApi({ host, port, clientId, maxReqPerSec: UNLIMITED });
    this.#emitter = this.#ib;
    this.#emitter.on('received', (tokens: readonly string[]) => {
      this.#frame = tokens;
      this.#frames += 1;
    });
    this.#emitter.on('sent', () => {
      this.#sent += 1;
    });
  }

  /** The fields of the message being handled, as text: exact where numbers are not. */
  get frame(): readonly string[] {
    return this.#frame;
  }

  /** How many messages have come. */
  get frames(): number {
    return this.#frames;
  }

  get serverVersion(): number {
    return this.#ib.serverVersion;
  }

  /** Begins to connect; says what could not be set up, in words, or null. */
  open(): string | null {
    const contained = this.#containDecoder();
    this.#ib.connect(this.#clientId);
    const delayed = this.#setNoDelay();
    return contained ?? delayed;
  }

  on<K extends keyof Heard>(event: K, handler: (message: Heard[K]) => void): void {
    this.#emitter.on(event, (...args: unknown[]) => {
      if (this.#over) return;
      try {
        handler(args as Heard[K]);
      } catch (error) {
        this.#fault(event, error);
      }
    });
  }

  /** Prices have a way of their own, so that none of them is put into a list first. */
  onTick(handler: (requestId: number, field: number, value: number) => void): void {
    this.#emitter.on('tickPrice', (requestId: number, field: number, value: number) => {
      if (this.#over) return;
      try {
        handler(requestId, field, value);
      } catch (error) {
        this.#fault('tickPrice', error);
      }
    });
  }

  /** Error messages that the library could not decode, as far as they can be read. */
  onUnreadError(handler: (id: number, code: number, text: string) => void): void {
    this.#unread = handler;
  }

  /** Every other message over which the library threw, as text. */
  onUndecoded(handler: (frame: readonly string[]) => void): void {
    this.#undecodedFrame = handler;
  }

  /** Whether the bytes were handed to the socket before it returned. */
  write(call: (ib: IBApi) => void): boolean {
    if (this.#over) return false;
    const before = this.#sent;
    try {
      call(this.#ib);
    } catch (error) {
      this.#fault('writing', error);
    }
    return this.#sent > before;
  }

  /** Ends it at once: nothing is written or heard any more. Safe to repeat. */
  destroy(): void {
    if (this.#over) return;
    this.#over = true;
    this.#emitter.removeAllListeners();
    try {
      this.#ib.disconnect();
    } catch (error) {
      this.#fault('closing', error);
    }
  }

  #part(...path: readonly string[]): object | null {
    let found: unknown = this.#ib;
    for (const name of path) {
      if (typeof found !== 'object' || found === null) return null;
      found = Reflect.get(found, name);
    }
    return typeof found === 'object' && found !== null ? found : null;
  }

  #setNoDelay(): string | null {
    const socket = this.#part('controller', 'socket', 'client');
    const set: unknown = socket === null ? undefined : Reflect.get(socket, 'setNoDelay');
    if (socket === null || typeof set !== 'function') {
      return 'The socket inside the IB library was not found: orders may wait up to 40 ms in it.';
    }
    Reflect.apply(set, socket, [true]);
    return null;
  }

  /**
   * A message that the library cannot decode makes it throw inside the socket's own event, which
   * would end the process, and leaves the rest of the message in front of the next one.
   */
  #containDecoder(): string | null {
    const controller = this.#part('controller');
    const decoder = this.#part('controller', 'decoder');
    const process: unknown =
      controller === null ? undefined : Reflect.get(controller, 'processIngressQueue');
    if (controller === null || decoder === null || typeof process !== 'function') {
      return 'The decoder inside the IB library was not found: a malformed message can end us.';
    }
    const take: unknown = Reflect.get(controller, 'onMessage');
    if (typeof take === 'function') {
      Reflect.set(controller, 'onMessage', (fields: readonly string[]) => {
        Reflect.apply(take, controller, [mended(fields, this.serverVersion)]);
      });
    }
    Reflect.set(controller, 'processIngressQueue', () => {
      try {
        Reflect.apply(process, controller, []);
      } catch (error) {
        Reflect.set(decoder, 'dataQueue', []);
        this.#undecoded(error);
      }
    });
    return null;
  }

  #undecoded(error: unknown): void {
    if (this.#over) return;
    this.#fault(`decoding message ${this.#frame[0] ?? '?'}`, error);
    const [kind, , id = '', code = '', text = ''] = this.#frame;
    try {
      if (kind === ERROR_FRAME) this.#unread?.(Number(id), Number(code), text);
      else this.#undecodedFrame?.(this.#frame);
    } catch (inner) {
      this.#fault('an undecoded message', inner);
    }
  }
}
