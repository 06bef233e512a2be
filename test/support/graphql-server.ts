// Starts the server over the desk of graphql-desk.ts, and asks it over HTTP and WebSocket.

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createClient, type Client, type ClientOptions } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/server';
import { openDesk, type Desk } from './graphql-desk';

export interface Logged {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface TestServer extends RunningServer {
  readonly desk: Desk;
  readonly logged: Logged[];
}

export async function startTestServer(
  options: Partial<ServerOptions> & { readonly desk?: Desk } = {},
): Promise<TestServer> {
  const { desk = openDesk(), ...rest } = options;
  const logged: Logged[] = [];
  const to = (level: string) => (fields: Logged['fields'], message: string) =>
    void logged.push({ level, fields, message });
  const running = await startServer({
    schema: desk.schema,
    context: (who, call) => ({ who, ...call }),
    host: '127.0.0.1',
    port: 0,
    token: null,
    graphiqlFolder: null,
    log: { info: to('info'), warn: to('warn'), error: to('error') },
    readiness: () => ({ ready: true, reasons: [] }),
    ...rest,
  });
  return { ...running, desk, logged };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Answered;
}

/** What a server answered: a test looks into it, and fails where it is something else. */
export type Answered = ReturnType<typeof JSON.parse>;

/** One request with exactly these headers, which fetch would not send. */
export function send(
  port: number,
  { method = 'POST', path = '/graphql', headers = {}, body = '' }: Sent,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const { statusCode: status = 0, headers: got } = response;
        const isJson = /json/.test(got['content-type'] ?? '');
        resolve({ status, headers: got, text, json: isJson ? JSON.parse(text) : null });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A GraphQL request over HTTP. */
export function ask(
  port: number,
  query: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const body = JSON.stringify({ query, ...more });
  return send(port, { headers: { 'content-type': 'application/json', ...headers }, body });
}

export function wsClient(port: number, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    ...options,
  });
}

/** Everything that one operation over WebSocket yields, then its errors if it ends with some. */
export async function askWs(
  client: Client,
  query: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ results: Answered[]; errors: Answered }> {
  const results: Answered[] = [];
  return new Promise((resolve) => {
    client.subscribe(
      { query, ...more },
      {
        next: (result) => void results.push(result),
        error: (errors) => resolve({ results, errors }),
        complete: () => resolve({ results, errors: null }),
      },
    );
  });
}
