// Owns the sentences about asking a server: what a failure means for what was asked, in one line
// with the next step. The servers are sockets that answer as they are told.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient, ClientError } from '../../src/client/client';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function serverThat(answers: RequestListener): Promise<string> {
  const made = createServer(answers);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

async function failureOf(url: string, token: string | null = null): Promise<ClientError> {
  const failure: unknown = await new ApiClient({ url, token, timeoutMs: 400 })
    .ask('{ x }')
    .catch((cause: unknown) => cause);
  if (failure instanceof ClientError) return failure;
  throw new Error(`no ClientError but ${String(failure)}`);
}

const json =
  (body: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

describe('asking a server', () => {
  it('posts the query with its variables and the token, and yields the data', async () => {
    const heard: unknown[] = [];
    const url = await serverThat((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { authorization } = request.headers;
        heard.push([request.method, request.url, authorization, JSON.parse(body)]);
        response.end(JSON.stringify({ data: { x: '1.50' } }));
      });
    });
    const client = new ApiClient({ url, token: 'secret', timeoutMs: 5_000 });
    expect(await client.ask('{ x }', { a: 1 })).toEqual({ x: '1.50' });
    const body = { query: '{ x }', variables: { a: 1 } };
    expect(heard).toEqual([['POST', '/graphql', 'Bearer secret', body]]);
  });

  it('that does not run was not done, and says how to start it', async () => {
    const url = await serverThat(json({}));
    await new Promise((resolve) => server?.close(resolve));
    const { kind, message } = await failureOf(url);
    expect(kind).toBe('NOT_DONE');
    expect(message).toMatch(/^No server answers at .*\/graphql \(ECONNREFUSED\)\. Start it with/);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['that is silent', () => undefined, /was lost \(no answer within 0\.4 s\)/],
    ['that hangs up', (request) => request.socket.destroy(), /was lost \(the connection broke/],
    [
      'that breaks off its answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"data"');
        setTimeout(() => request.socket.destroy(), 20);
      },
      /was lost \(the connection broke/,
    ],
    ['behind a relay that lost it', json('gone', 502), /answers with HTTP 502/],
    [
      'whose engine has stopped',
      json({ errors: [{ message: 'no', extensions: { code: 'ENGINE_UNAVAILABLE' } }] }),
      /^ENGINE_UNAVAILABLE: no$/,
    ],
  ])('%s may have been done', async (_what, answers, says) => {
    const { kind, message } = await failureOf(await serverThat(answers));
    expect([kind, message]).toEqual(['UNKNOWN', expect.stringMatching(says)]);
  });

  it.each<[string, RequestListener, ClientError['kind'], RegExp]>([
    ['that wants a token', json({}, 401), 'NOT_DONE', /wants a token\. Set TIDEGATE_TOKEN/],
    ['that was guessed at', json({}, 429), 'NOT_DONE', /Wait a minute/],
    ['that is another', json({ hello: 1 }), 'NOT_DONE', /not as Tidegate does\. Check --url/],
    ['that leads away', json({}, 302), 'NOT_DONE', /HTTP 302/],
    [
      'that does not understand',
      json({ errors: [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }] }, 400),
      'UNUSABLE',
      /^BAD_USER_INPUT: no$/,
    ],
  ])('%s did nothing', async (_what, answers, wanted, says) => {
    const { kind, message } = await failureOf(await serverThat(answers));
    expect([kind, message]).toEqual([wanted, expect.stringMatching(says)]);
  });

  it('that refuses a token says so, and never shows it', async () => {
    const { message } = await failureOf(await serverThat(json({}, 401)), 'my-secret');
    expect(message).toMatch(/^The server refuses the token\./);
    expect(message).not.toContain('my-secret');
  });

  it.each([
    ['nonsense', /is no address/],
    ['ftp://host', /must begin with http/],
    ['http://me:you@host', /is not used/],
  ])('at %s is refused before anything is sent', (url, says) => {
    expect(() => new ApiClient({ url, token: null, timeoutMs: 1 })).toThrow(says);
  });
});
