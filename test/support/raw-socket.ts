// A WebSocket client of bytes: it can stop reading, which a library's client does not.

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface RawClient {
  readonly socket: Socket;
  /** Sends a protocol message. */
  send(message: object): void;
  /** Reads no more from now on. */
  stall(): void;
  /** Ends when the server cuts the line. */
  readonly closed: Promise<void>;
}

/** A masked text frame, as clients must send it. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 65_535) throw new Error('too long for a test');
  const isShort = payload.length < 126;
  const head = Buffer.alloc(isShort ? 2 : 4);
  head[0] = 0x81;
  head[1] = 0x80 | (isShort ? payload.length : 126);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  const masked = payload.map((byte, n) => byte ^ mask[n % 4]!);
  return Buffer.concat([head, mask, masked]);
}

/** Connects, says hello, and subscribes. */
export async function rawSubscriber(port: number, query: string): Promise<RawClient> {
  const socket = connect({ host: '127.0.0.1', port });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  let seen = '';
  const until = (part: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!seen.includes(part)) return;
        socket.off('data', look);
        resolve();
      };
      socket.on('data', look);
    });
  const collect = (chunk: Buffer): void => void (seen += chunk.toString('latin1'));
  socket.on('data', collect);
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  await until('\r\n\r\n');
  const send = (message: object): void => void socket.write(frame(JSON.stringify(message)));
  send({ type: 'connection_init' });
  await until('connection_ack');
  socket.off('data', collect);
  send({ id: 'raw', type: 'subscribe', payload: { query } });
  return { socket, send, stall: () => void socket.pause(), closed };
}
