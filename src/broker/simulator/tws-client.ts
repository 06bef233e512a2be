/**
 * One connection of a client: greeting, version, frames in, messages out. Collects what is to be
 * sent until it is told to send it, so that nothing leaves before it is durable. Knows no order and
 * no price.
 */
import type { Socket } from 'node:net';
import { FieldReader } from './tws-fields';
import { fieldsOf, FrameError, FrameReader, frameOf } from './tws-frames';
import { FaultyStream, type FaultRules } from './tws-faults';
import { errorFields } from './tws-messages';
import { HIGHEST_VERSION, LOWEST_VERSION } from './tws-versions';

const GREETING = 'API\0';
const VERSIONS = /^v(\d{1,5})(?:\.\.(\d{1,5}))?(?: .*)?$/;
const START_API = '71';
/** What may wait for a client that does not read. */
export const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** What the server does for its connections. */
export interface ClientHost {
  readonly faults: FaultRules;
  /** `20240311 09:40:00 US/Eastern` for the greeting. */
  connectionTime(): string;
  /** The client has said who it is; false: it is refused and will be closed. */
  started(client: TwsClient): boolean;
  request(client: TwsClient, fields: readonly string[]): void;
  /** All requests of a chunk are handled: make durable, then send. */
  deliver(): void;
  gone(client: TwsClient): void;
  frame(direction: 'IN' | 'OUT', client: TwsClient, fields: readonly string[]): void;
}

export class TwsClient {
  version = 0;
  clientId = -1;
  /** Has said `startApi`; before that nothing else is heard. */
  ready = false;
  readonly #reader = new FrameReader();
  readonly #stream: FaultyStream;
  #pending: Buffer[] = [];
  #greeted = false;
  #ending = false;

  constructor(
    private readonly socket: Socket,
    private readonly host: ClientHost,
  ) {
    this.#stream = new FaultyStream(host.faults);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#heard(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => host.gone(this));
  }

  /** Puts a message behind those that wait to be sent. */
  send(fields: string[]): void {
    if (this.#ending || this.socket.destroyed) return;
    const { faults } = this.host;
    const passed = faults.any || this.#stream.swaps ? this.#stream.pass(fields) : [fields];
    for (const each of passed) {
      this.host.frame('OUT', this, each);
      this.#pending.push(frameOf(each));
    }
  }

  /** An error about a request or an order; -1 for a notice to everybody. */
  error(id: number, code: number, text: string): void {
    this.send(errorFields({ id, code, text }, this.version));
  }

  /** Messages that a fault has kept back go now. */
  releaseLate(): void {
    for (const each of this.#stream.takeLate()) {
      this.host.frame('OUT', this, each);
      this.#pending.push(frameOf(each));
    }
  }

  /** Writes what waits, in one piece. A client that does not read is let go past a bound. */
  flush(): void {
    if (this.#pending.length === 0 || this.socket.destroyed) return;
    if (this.host.faults.silent.has(this.clientId)) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    if (this.host.faults.splitWrites) {
      for (let n = 0; n < bytes.length; n += 1) this.socket.write(bytes.subarray(n, n + 1));
    } else {
      this.socket.write(bytes);
    }
    if (this.socket.writableLength > MAX_UNREAD_BYTES) this.socket.destroy();
  }

  /** Resolves when what was written has left this process, or the connection is gone. */
  async flushed(): Promise<void> {
    if (this.socket.destroyed || this.socket.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.once('close', done);
      this.socket.write('', done);
    });
  }

  /** Ends the connection after what waits has been sent. */
  end(): void {
    this.flush();
    this.#ending = true;
    this.socket.end();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#ending = true;
    this.socket.destroy();
  }

  #heard(bytes: Buffer): void {
    if (this.#ending || this.host.faults.silent.has(this.clientId)) return;
    this.#reader.push(bytes);
    try {
      if (!this.#greeted && !this.#greet()) return;
      for (;;) {
        const text = this.#reader.takeFrame();
        if (text === undefined || this.#ending) break;
        this.#message(fieldsOf(text));
      }
    } catch (cause) {
      if (!(cause instanceof FrameError)) throw cause;
      this.destroy();
    }
    this.host.deliver();
  }

  /** Reads `API` and lets the version follow; closes on anything else. */
  #greet(): boolean {
    const greeting = this.#reader.takeBytes(GREETING.length);
    if (greeting === undefined) return false;
    if (greeting.toString('latin1') !== GREETING) this.destroy();
    this.#greeted = true;
    return !this.#ending;
  }

  #message(fields: readonly string[]): void {
    if (this.version === 0) this.#agree(fields[0] ?? '');
    else if (!this.ready) this.#start(fields);
    else {
      this.host.frame('IN', this, fields);
      this.host.request(this, fields);
    }
  }

  /** The highest version both sides know; closes when there is none. */
  #agree(text: string): void {
    const parts = VERSIONS.exec(text);
    const highest = Number(parts?.[2] ?? parts?.[1] ?? 0);
    const lowest = Number(parts?.[1] ?? 0);
    if (parts === null || highest < LOWEST_VERSION || lowest > HIGHEST_VERSION) {
      this.destroy();
      return;
    }
    this.version = Math.min(highest, HIGHEST_VERSION);
    this.send([String(this.version), this.host.connectionTime()]);
  }

  #start(fields: readonly string[]): void {
    if (fields[0] !== START_API) {
      this.destroy();
      return;
    }
    try {
      const reader = new FieldReader(fields, 2);
      this.clientId = reader.id('clientId');
    } catch {
      this.destroy();
      return;
    }
    this.ready = this.host.started(this);
    if (!this.ready) this.end();
  }
}
