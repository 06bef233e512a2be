/**
 * The server as a whole: one HTTP origin for GraphQL over HTTP and WebSocket, GraphiQL and health.
 * Takes any schema; must not know what it is about.
 */
import { createServer, type Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { checkAddress, Doors, StartRefused, TokenCheck, urlOf } from './access';
import type { ServerLog } from './errors';
import { startGraphQLHttp } from './graphql-http';
import { createApp, GRAPHQL_PATH, type Readiness } from './http';
import { LIMITS } from './limits';
import { Documents, type Kitchen, type MakeContext } from './operations';
import { serveWebSockets, type SocketBounds } from './websocket';

export interface ServerOptions {
  readonly schema: GraphQLSchema;
  /** Builds the context of each execution: one for a request, one for every event of a feed. */
  readonly context: MakeContext;
  /** 127.0.0.1 in general; any other address needs a token. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** What clients must present, at least 22 random characters; null lets in all of this machine. */
  readonly token: string | null;
  /** The folder of the built GraphiQL; null serves none. */
  readonly graphiqlFolder: string | null;
  readonly log: ServerLog;
  /** Whether the system behind can take orders. */
  readonly readiness: () => Readiness;
  /** Other names, with or without port, under which the server may be reached, as by a proxy. */
  readonly allowedHosts?: readonly string[];
  /** Instead of LIMITS, for tests. */
  readonly bounds?: Partial<SocketBounds> & { readonly executionMs?: number };
}

export interface RunningServer {
  /** Where a person finds it, e.g. http://127.0.0.1:4000 */
  readonly url: string;
  readonly port: number;
  /** WebSockets that are open. */
  sockets(): number;
  /** Stops listening and closes every connection within a second. */
  close(): Promise<void>;
}

/** Shorter tokens can be guessed. */
const TOKEN_LENGTH = 22;
const READ_MS = 30_000;
const HEADERS_MS = 10_000;

/** @throws StartRefused where the address is not to be had or not to be had without a token */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { schema, context, host, token, log, bounds = {} } = options;
  checkAddress(host, token);
  if (token !== null && token.length < TOKEN_LENGTH) {
    log.warn(
      {},
      `The token is shorter than ${TOKEN_LENGTH} characters; take a longer, random one.`,
    );
  }
  const executionMs = bounds.executionMs ?? LIMITS.executionMs;
  const kitchen: Kitchen = { schema, context, log, executionMs };
  const documents = new Documents(schema);
  const graphql = await startGraphQLHttp(kitchen, documents);
  const { apollo } = graphql;
  const tokens = new TokenCheck(token);
  // Stands for all requests that come before the port is known: there are none.
  let doors = new Doors([], 0);
  const app = createApp({ ...options, graphql, tokens, doors: () => doors });
  const server = createServer(
    { requestTimeout: READ_MS, headersTimeout: HEADERS_MS },
    (...args) => {
      app(...args);
    },
  );
  try {
    await listen(server, options);
  } catch (error) {
    await apollo.stop();
    throw error;
  }
  const port = portOf(server);
  doors = new Doors([host, ...(options.allowedHosts ?? [])], port);
  const sockets = serveWebSockets({
    server,
    path: GRAPHQL_PATH,
    kitchen,
    documents,
    doors,
    tokens,
    bounds: { ...LIMITS, ...bounds },
  });
  return {
    url: urlOf(host, port),
    port,
    sockets: () => sockets.count(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await sockets.close();
      server.closeAllConnections();
      await closed;
      await apollo.stop();
    },
  };
}

/**
 * Tries the address before anything else is opened; it is free again when this resolves.
 * @throws StartRefused where it is not to be had
 */
export async function tryAddress(place: Place, token: string | null): Promise<void> {
  checkAddress(place.host, token);
  const server = createServer();
  await listen(server, place);
  await new Promise((resolve) => server.close(resolve));
}

type Place = Pick<ServerOptions, 'host' | 'port'>;

function listen(server: Server, { host, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusalOf(error, host, port)));
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function refusalOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartRefused(
      `Port ${port} on ${host} is in use. Stop what listens there, or choose another port.`,
    );
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartRefused(
      `Cannot listen on ${host}, port ${port} (${error.code}). Choose another address or port.`,
    );
  }
  return error;
}
