/**
 * The routes of the one HTTP origin: /graphql, /graphiql, /healthz, /readyz and /. Every answer to
 * a program is JSON, refusals included. Must not know the schema.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { bearer, type Doors, type TokenCheck } from './access';
import { errorBody, type ErrorCode, type ServerLog } from './errors';
import { answerHttp, type Caller, type GraphQLHttp } from './graphql-http';
import { LIMITS } from './limits';

/** Whether the system behind the server can take orders now, and why not. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

export interface HttpParts {
  readonly graphql: GraphQLHttp;
  /** Known once the port is: asked at every request. */
  readonly doors: () => Doors;
  readonly tokens: TokenCheck;
  readonly log: ServerLog;
  readonly readiness: () => Readiness;
  /** The built GraphiQL, or null for a server without it. */
  readonly graphiqlFolder: string | null;
}

/** The wire length of bodies, by their request. */
const lengths = new WeakMap<IncomingMessage, number>();
const callers = new WeakMap<IncomingMessage, Caller>();

export const GRAPHQL_PATH = '/graphql';

/**
 * GraphiQL's editor puts styles into the page and starts workers of its own origin; nothing may
 * come from, or go to, another host.
 */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
  "worker-src 'self' blob:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** The listener of an HTTP server. */
export function createApp(parts: HttpParts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  // A digest of every answer costs more than it saves on one machine.
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    next();
  });
  app.all(GRAPHQL_PATH, admission(parts), bodyReader(), operations(parts));
  app.get('/healthz', (_request, response) => sendJson(response, 200, { status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    const readiness = parts.readiness();
    sendJson(response, readiness.ready ? 200 : 503, readiness);
  });
  servePages(app, parts.graphiqlFolder);
  app.use((request, response) => {
    refuse(response, { status: 404, message: `Nothing is at ${request.path}. Try /graphql.` });
  });
  return (request, response) => {
    app(request as Request, response as Response, (error?: unknown) => {
      fail(response, error, parts.log);
    });
  };
}

function servePages(app: Express, folder: string | null): void {
  app.get('/', (_request, response) => response.redirect(302, '/graphiql'));
  const page = folder === null ? null : join(folder, 'index.html');
  if (folder === null || page === null || !existsSync(page)) {
    app.get('/graphiql', (_request, response) => {
      refuse(response, { status: 404, message: 'GraphiQL is not built. Run: npm run build' });
    });
    return;
  }
  app.use('/graphiql', (_request, response, next) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    next();
  });
  // The names of the other files carry a hash of their content; the page's own does not.
  app.get('/graphiql', (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder });
  });
  app.use('/graphiql', express.static(folder, { index: false, immutable: true, maxAge: '1y' }));
}

/** Lets in who may ask, before anything of the body is read. */
function admission({ doors, tokens }: HttpParts) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const requestId = randomUUID();
    response.setHeader('X-Request-Id', requestId);
    response.setHeader('Cache-Control', 'no-store');
    const foreign = doors().refusal(request.headers);
    if (foreign !== null) {
      refuse(response, { status: 403, code: 'FORBIDDEN', message: foreign });
      return;
    }
    const given = bearer(request.headers.authorization);
    const verdict = tokens.check(given, request.socket.remoteAddress ?? '');
    if (verdict === 'TOO_MANY') {
      const message = 'Too many wrong tokens. Wait a minute.';
      refuse(response, { status: 429, code: 'RATE_LIMITED', message });
      return;
    }
    if (verdict === 'WRONG') {
      response.setHeader('WWW-Authenticate', 'Bearer');
      const message = 'Send the token of the server: Authorization: Bearer TOKEN.';
      refuse(response, { status: 401, code: 'UNAUTHENTICATED', message });
      return;
    }
    callers.set(request, { who: verdict, requestId });
    next();
  };
}

function bodyReader() {
  return express.json({
    limit: LIMITS.instructionBodyBytes,
    // A packed body could unpack to anything.
    inflate: false,
    verify: (request, _response, body) => lengths.set(request, body.length),
  });
}

function operations({ graphql }: HttpParts) {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = callers.get(request);
    if (caller === undefined) throw new Error('a request passed that was not admitted');
    const body: unknown = request.body;
    if (isTooLarge(lengths.get(request) ?? 0, body)) {
      refuse(response, { status: 413, message: TOO_LARGE });
      return;
    }
    const { method, headers, originalUrl } = request;
    const mark = originalUrl.indexOf('?');
    const search = mark < 0 ? '' : originalUrl.slice(mark);
    const answer = await answerHttp(graphql, { method, headers, search, body: body ?? {} }, caller);
    response.status(answer.status);
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.setHeader('Content-Length', Buffer.byteLength(answer.body));
    response.end(answer.body);
  };
}

const TOO_LARGE =
  `The body is larger than ${LIMITS.bodyBytes / 1_024} KiB. Only loadInstructions may send more, ` +
  `up to ${LIMITS.instructionBodyBytes / 1_048_576} MiB, as the variable input.content.`;

/** Long bodies are for the text of instruction files, and what is beside that text is short. */
function isTooLarge(bytes: number, body: unknown): boolean {
  if (bytes <= LIMITS.bodyBytes) return false;
  const { query, variables } = body as { query?: unknown; variables?: { input?: unknown } };
  const content = (variables?.input as { content?: unknown } | undefined)?.content;
  if (typeof query !== 'string' || typeof content !== 'string') return true;
  const rest = bytes - Buffer.byteLength(JSON.stringify(content));
  return !/\bloadInstructions\b/.test(query) || rest > LIMITS.bodyBytes;
}

/** What went wrong while reading a request, and any fault of ours. */
function fail(response: ServerResponse, error: unknown, log: ServerLog): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (type === 'entity.too.large') refuse(response, { status: 413, message: TOO_LARGE });
  else if (typeof status === 'number' && status >= 400 && status < 500) {
    const message = WRONG_BODY[String(type)] ?? 'The request cannot be read.';
    refuse(response, { status, message });
  } else {
    const message = 'Internal error. It is in the log under the request id.';
    const requestId = refuse(response, { status: 500, code: 'INTERNAL_SERVER_ERROR', message });
    log.error({ requestId, err: error }, 'An HTTP request failed.');
  }
}

const WRONG_BODY: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'The body is not JSON.',
  'encoding.unsupported': 'Send the body as it is, without Content-Encoding.',
  'charset.unsupported': 'Send the body in UTF-8.',
};

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code?: ErrorCode;
}

/** @returns the request id of the refusal */
function refuse(response: ServerResponse, { status, message, code }: Refusal): string {
  const known = response.getHeader('X-Request-Id');
  const requestId = typeof known === 'string' ? known : randomUUID();
  response.setHeader('X-Request-Id', requestId);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.statusCode = status;
  response.end(errorBody(code ?? 'BAD_USER_INPUT', message, requestId));
  return requestId;
}

function sendJson(response: Response, status: number, body: unknown): void {
  response.setHeader('Cache-Control', 'no-store');
  response.status(status).type('json').end(JSON.stringify(body));
}
