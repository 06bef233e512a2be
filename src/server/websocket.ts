/**
 * GraphQL over WebSocket, by the graphql-transport-ws protocol: who may open a socket, how many,
 * how much one may hold open, and when one is closed. Must not know HTTP routes or the schema.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { bearer, tokenOf, type Doors, type TokenCheck, type Who } from './access';
import { coded, errorBody, publicError, type ErrorCode } from './errors';
import { endOfFeed, FanOut, type Subscriber } from './fan-out';
import { LIMITS } from './limits';
import { answer, choose, type Documents, type Kitchen } from './operations';
import { Outbox, Turn } from './outbox';

/** Closed because the client read nothing for too long. */
export const TOO_SLOW = 4508;
const GOING_AWAY = 1_001;
/** How often sockets are looked at for having stalled. */
const LOOKS_PER_STALL = 4;
/** Time for a close frame to arrive, then the connection is cut. */
const FAREWELL_MS = 400;

export interface WebSocketParts {
  readonly server: Server;
  readonly path: string;
  readonly kitchen: Kitchen;
  readonly documents: Documents;
  readonly doors: Doors;
  readonly tokens: TokenCheck;
  readonly bounds: SocketBounds;
}

/** See LIMITS; tests choose smaller ones. */
export interface SocketBounds {
  readonly sockets: number;
  readonly outboxBytes: number;
  readonly stallMs: number;
  readonly pingMs: number;
}

export interface RunningSockets {
  /** Sockets that are open. */
  count(): number;
  /** Says goodbye to all, cuts those who do not leave, and frees the rest. */
  close(): Promise<void>;
}

interface Peer {
  readonly ws: WebSocket;
  readonly outbox: Outbox;
  readonly address: string;
  /** From the Authorization header of the upgrade, or null. */
  readonly header: string | null;
  who: Who | null;
  /** When the last ping went unanswered so far, or null. */
  pingedAt: number | null;
}

/** The execution arguments that graphql-ws hands around, and ours beside them. */
interface Accepted {
  readonly subscriber: Subscriber;
}

type Protocol = ServerOptions<Record<string, unknown>, Peer>;
type Link = Context<Record<string, unknown>, Peer>;

export function serveWebSockets(parts: WebSocketParts): RunningSockets {
  const { server, bounds, kitchen } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.messageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  const turn = new Turn();
  const peers = new Set<Peer>();
  const protocol = makeServer(protocolOf(parts));

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refusalOf(request, parts, peers.size);
    if (refusal !== null) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const outbox = new Outbox({ ws, socket, turn, bytes: bounds.outboxBytes });
      const address = request.socket.remoteAddress ?? '';
      const header = bearer(request.headers.authorization);
      const peer: Peer = { ws, outbox, address, header, who: null, pingedAt: null };
      peers.add(peer);
      ws.once('close', () => peers.delete(peer));
      open(peer, protocol, kitchen);
    });
  });

  const period = Math.max(10, Math.min(bounds.stallMs / LOOKS_PER_STALL, bounds.pingMs));
  const watch = setInterval(() => peers.forEach((peer) => look(peer, parts)), period);
  watch.unref();
  return {
    count: () => peers.size,
    close: async () => {
      clearInterval(watch);
      await Promise.all([...peers].map(({ ws }) => farewell(ws)));
      sockets.close();
    },
  };
}

interface Refusal {
  readonly status: string;
  readonly code: ErrorCode;
  readonly message: string;
}

function refusalOf(
  { url = '', headers }: IncomingMessage,
  { path, doors, bounds }: WebSocketParts,
  open: number,
): Refusal | null {
  const foreign = doors.refusal(headers);
  if (foreign !== null) return { status: '403 Forbidden', code: 'FORBIDDEN', message: foreign };
  if (url.split('?')[0] !== path) {
    const message = `WebSockets are served at ${path} only.`;
    return { status: '404 Not Found', code: 'BAD_USER_INPUT', message };
  }
  if (open < bounds.sockets) return null;
  const message = `All ${bounds.sockets} sockets are in use. Close some, or try again.`;
  return { status: '503 Service Unavailable', code: 'RATE_LIMITED', message };
}

function refuse(socket: Duplex, { status, code, message }: Refusal): void {
  const body = errorBody(code, message, randomUUID());
  socket.once('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Joins one socket with the protocol. */
function open(peer: Peer, protocol: ReturnType<typeof makeServer>, { log }: Kitchen): void {
  const { ws, outbox } = peer;
  const closed = protocol.opened(
    {
      protocol: ws.protocol,
      send: async (text) => {
        const room = outbox.send(text);
        if (room !== null) await room;
      },
      close: (code, reason) => ws.close(code, reason),
      onMessage: (take) => {
        ws.on('message', (data: RawData) => {
          take((data as Buffer).toString('utf8')).catch((error: unknown) => {
            log.warn({ err: error }, 'A WebSocket message could not be taken.');
            ws.close(CloseCode.BadRequest, 'The message could not be taken');
          });
        });
      },
    },
    peer,
  );
  ws.on('pong', () => {
    peer.pingedAt = null;
  });
  ws.on('error', (error) => log.warn({ err: error }, 'A WebSocket broke.'));
  ws.once('close', (code, reason) => {
    closed(code, reason.toString('utf8')).catch((error: unknown) => {
      log.warn({ err: error }, 'A feed did not end as it should.');
    });
  });
}

/** Closes who does not read or does not answer, and pings the others. */
function look(peer: Peer, { bounds, kitchen }: WebSocketParts): void {
  const now = performance.now();
  const { ws, outbox } = peer;
  if (outbox.stalledFor(now) > bounds.stallMs) {
    kitchen.log.warn({ address: peer.address }, 'Closed a WebSocket that reads too slowly.');
    // A close frame would wait behind what is not read; it is tried, then the line is cut.
    ws.close(TOO_SLOW, `Nothing was read for ${bounds.stallMs / 1_000} s`);
    ws.terminate();
    return;
  }
  if (peer.pingedAt === null) {
    peer.pingedAt = now;
    if (ws.readyState === ws.OPEN) ws.ping();
    return;
  }
  // Two periods: one ping may wait behind what a slow client is still reading.
  const isBusy = outbox.stalledFor(now) > 0;
  if (!isBusy && now - peer.pingedAt > 2 * bounds.pingMs) ws.terminate();
}

async function farewell(ws: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => ws.terminate(), FAREWELL_MS);
    ws.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    // Who was paused for not reading would not hear the other side's goodbye either.
    ws.resume();
    ws.close(GOING_AWAY, 'The server is stopping');
  });
}

/** What graphql-ws asks of us. It hands us its execution arguments, which carry ours. */
function protocolOf(parts: WebSocketParts): Protocol {
  const { kitchen } = parts;
  const fanOut = new FanOut(kitchen);
  const accepted = new WeakMap<object, Accepted>();
  return {
    schema: kitchen.schema,
    connectionInitWaitTimeout: LIMITS.initMs,
    onConnect: ({ connectionParams, extra }) => {
      const given = tokenOf(connectionParams) ?? extra.header;
      const verdict = parts.tokens.check(given, extra.address);
      if (typeof verdict !== 'string') extra.who = verdict;
      return typeof verdict !== 'string';
    },
    onSubscribe: (link, _id, payload) => {
      const subscriber = admit(link, payload, parts);
      if (subscriber instanceof GraphQLError) return [subscriber];
      if (!('operation' in subscriber)) return [...subscriber];
      const { document } = subscriber.operation;
      const args = { schema: kitchen.schema, document, contextValue: {} };
      accepted.set(args, { subscriber });
      return args;
    },
    execute: (args) => {
      const { operation, who, requestId } = subscriberOf(accepted, args);
      return answer(kitchen, operation, { who, requestId });
    },
    // Opened in onOperation, which is the first to know where to deliver to.
    subscribe: () => Promise.resolve({} as ExecutionResult),
    onOperation: async (...[{ extra }, id, , args]) => {
      const subscriber = subscriberOf(accepted, args);
      if (subscriber.operation.node.operation !== OperationTypeNode.SUBSCRIPTION) return undefined;
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
      return fanOut.subscribe(subscriber, (payload) => extra.outbox.send(`${head}${payload}}`));
    },
    onError: (...[, , , errors]) =>
      endOfFeed(errors, { requestId: randomUUID(), log: kitchen.log }),
  };
}

function subscriberOf(accepted: WeakMap<object, Accepted>, args: object): Subscriber {
  const known = accepted.get(args);
  if (known === undefined) throw new Error('an operation was run that was never admitted');
  return known.subscriber;
}

/** Checks one operation. @returns what to run, or why not */
function admit(
  { extra, subscriptions }: Link,
  { query, operationName, variables }: SubscribePayload,
  { kitchen, documents }: WebSocketParts,
): Subscriber | GraphQLError | readonly GraphQLError[] {
  const requestId = randomUUID();
  const origin = { requestId, log: kitchen.log };
  const most = LIMITS.subscriptionsPerSocket;
  if (extra.who === null) return publicError(coded('UNAUTHENTICATED', 'No token.'), origin);
  if (Object.keys(subscriptions).length > most) {
    const message = `At most ${most} operations are open on one socket. End some, or open another.`;
    return publicError(coded('RATE_LIMITED', message), origin);
  }
  const document = documents.read(query);
  if (!('kind' in document)) return document.map((error) => publicError(error, origin));
  const request = { operationName: operationName ?? null, variables: variables ?? null };
  const operation = choose(kitchen.schema, document, request);
  if (operation instanceof GraphQLError) return publicError(operation, origin);
  return { operation, query, who: extra.who, requestId };
}
