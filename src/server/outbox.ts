/**
 * What waits to be sent to one socket, bounded: whoever has something to say waits until the
 * client has read, so that a client that reads nothing costs a fixed number of bytes. Also lets
 * many small messages leave in one write. Must not know GraphQL.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** Messages that all sockets together send before other work of the process gets its turn. */
const MESSAGES_PER_TURN = 250;

/** Collects the writes of one turn of the event loop, over all sockets. */
export class Turn {
  readonly #corked = new Set<Duplex>();
  #sent = 0;
  #end: Promise<void> | null = null;

  /** Holds back what is written to the socket until the end of the turn. */
  gather(socket: Duplex): void {
    if (this.#corked.has(socket)) return;
    this.#corked.add(socket);
    socket.cork();
    void this.#ending();
  }

  /** Counts a message; a promise says that the turn is used up and when the next one starts. */
  spend(): Promise<void> | null {
    this.#sent += 1;
    return this.#sent < MESSAGES_PER_TURN ? null : this.#ending();
  }

  #ending(): Promise<void> {
    this.#end ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#end = null;
        this.#sent = 0;
        for (const socket of this.#corked) socket.uncork();
        this.#corked.clear();
        resolve();
      });
    });
    return this.#end;
  }
}

export interface OutboxParts {
  readonly ws: WebSocket;
  /** The stream beneath, to gather writes. */
  readonly socket: Duplex;
  readonly turn: Turn;
  /** Bytes that may wait. */
  readonly bytes: number;
}

/** The way out to one client. */
export class Outbox {
  readonly #parts: OutboxParts;
  #drained: Promise<void> | null = null;
  /** Since when the client has let a full outbox wait, by the clock of `stalledFor`; or null. */
  #fullSince: number | null = null;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Milliseconds for which the outbox has been full without the client reading it. */
  stalledFor(now: number): number {
    return this.#fullSince === null ? 0 : now - this.#fullSince;
  }

  /** Sends, now or when there is room. Null says that it was sent and more may follow at once. */
  send(text: string): Promise<void> | null {
    return this.#drained === null ? this.#write(text) : this.#sendLater(text);
  }

  async #sendLater(text: string): Promise<void> {
    // Others may have waited too and filled it again.
    while (this.#drained !== null) await this.#drained;
    await this.#write(text);
  }

  #write(text: string): Promise<void> | null {
    const { ws, socket, turn, bytes } = this.#parts;
    if (ws.readyState !== ws.OPEN) return null;
    turn.gather(socket);
    if (ws.bufferedAmount + text.length < bytes) {
      // One write of one chunk, where the library makes two; nothing is packed or masked on the way
      // out, so a frame is its length and its text.
      socket.write(frameOf(text));
      return turn.spend();
    }
    this.#fullSince = performance.now();
    // Who floods us with requests and reads no answers is not listened to meanwhile.
    ws.pause();
    this.#drained = new Promise((resolve) => {
      // Called when this message, and so all before it, was handed to the network, or the socket
      // broke.
      ws.send(text, () => {
        this.#drained = null;
        this.#fullSince = null;
        ws.resume();
        resolve();
      });
    });
    return this.#drained;
  }
}

const FINAL_TEXT = 0x81;
const SHORT = 126;
const MEDIUM = 65_536;

/** A text message as one frame of the protocol, RFC 6455 section 5.2. */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < SHORT ? 2 : length < MEDIUM ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = FINAL_TEXT;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = SHORT;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = SHORT + 1;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head, 'utf8');
  return frame;
}
