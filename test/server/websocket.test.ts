// The server over WebSocket: who is let in, the protocol, and what one socket may hold.

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import { LIMITS } from '../../src/server/limits';
import { deskFill, openDesk } from '../support/graphql-desk';
import {
  ask,
  askWs,
  send,
  startTestServer,
  wsClient,
  type Answered,
  type TestServer,
} from '../support/graphql-server';

const FEED = 'subscription { fillFeed { sequence fill { execId } } }';

/** Waits for what the server does in its own time; fails by the time limit of the test. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Opens a bare socket. @returns how the server answered: OPEN, or the status of its refusal. */
function upgrade(server: TestServer, options: ClientOptions = {}, path = '/graphql') {
  const url = `ws://127.0.0.1:${server.port}${path}`;
  const ws = new WebSocket(url, 'graphql-transport-ws', options);
  return new Promise<string | number | undefined>((resolve) => {
    ws.on('error', () => undefined);
    ws.once('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    ws.once('open', () => {
      resolve('OPEN');
      ws.terminate();
    });
  });
}

describe('GraphQL over WebSocket', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  it('answers queries, mutations and subscriptions on the path of HTTP', async () => {
    const client = wsClient(server.port);
    const query = await askWs(client, '{ system { tradingState } }');
    expect(query.results).toEqual([{ data: { system: { tradingState: 'ACTIVE' } } }]);
    const feed = client.iterate({ query: FEED });
    const first = feed.next();
    await until(() => server.desk.feed.subscribers === 1);
    const halt =
      'mutation { setTradingState(input: { state: HALTED, reason: "x" }) { system ' +
      '{ tradingState } } }';
    const { results } = await askWs(client, halt);
    expect(results[0].data.setTradingState.system.tradingState).toBe('HALTED');
    server.desk.feed.publish(deskFill(7));
    expect((await first).value).toEqual({
      data: { fillFeed: { sequence: '1', fill: { execId: '0000e0d5.7' } } },
    });
    await feed.return?.(undefined);
    await until(() => server.desk.feed.subscribers === 0);
    await client.dispose();
  });

  it('tells the resolver when a client ends a feed or is gone, and frees the feed', async () => {
    const client = wsClient(server.port);
    const feed = client.iterate({ query: FEED });
    void feed.next();
    await until(() => server.desk.feed.subscribers === 1);
    await feed.return?.(undefined);
    await until(() => server.desk.feed.subscribers === 0);
    const other = wsClient(server.port);
    other
      .iterate({ query: FEED })
      .next()
      .catch(() => undefined);
    await until(() => server.desk.feed.subscribers === 1);
    other.terminate();
    await until(() => server.desk.feed.subscribers === 0);
    expect(server.desk.signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    await client.dispose();
  });

  it('ends a feed that fails with a masked error, and logs the fault', async () => {
    const client = wsClient(server.port);
    const { results, errors } = await askWs(client, 'subscription { brokenFeed }');
    expect(results).toEqual([{ data: { brokenFeed: 'one' } }]);
    expect(errors).toHaveLength(1);
    expect(errors[0].extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: expect.any(String),
    });
    expect(JSON.stringify(errors)).not.toMatch(/secret|stack/);
    expect(
      server.logged.some(
        ({ level, fields }) =>
          level === 'error' && String(fields['err']).includes('secret of the feed'),
      ),
    ).toBe(true);
    await client.dispose();
  });

  it('masks a fault of a query as over HTTP', async () => {
    const client = wsClient(server.port);
    const { results } = await askWs(client, '{ breaks }');
    const { json } = await ask(server.port, '{ breaks }');
    const bare = ({ extensions, ...error }: Answered) => ({ ...error, code: extensions.code });
    expect(results[0].errors.map(bare)).toEqual(json.errors.map(bare));
    await client.dispose();
  });

  it('tells every subscriber of the same event, whatever each of them asked for', async () => {
    const asked = [FEED, FEED, 'subscription A { fillFeed { fill { id } } }', FEED];
    const got: Answered[][] = asked.map(() => []);
    const clients = asked.map((query, n) => {
      const client = wsClient(server.port);
      const next = (result: Answered) => void got[n]!.push(result.data.fillFeed);
      client.subscribe({ query }, { next, error: () => undefined, complete: () => undefined });
      return client;
    });
    await until(() => server.desk.feed.subscribers === asked.length);
    for (let n = 1; n <= 3; n += 1) server.desk.feed.publish(deskFill(n));
    await until(() => got.every(({ length }) => length === 3));
    const full = [1, 2, 3].map((n) => ({ sequence: `${n}`, fill: { execId: `0000e0d5.${n}` } }));
    expect(got).toEqual([full, full, [1, 2, 3].map((n) => ({ fill: { id: `fi-${n}` } })), full]);
    for (const client of clients) await client.dispose();
  });

  it('opens no more operations on a socket than allowed', async () => {
    const client = wsClient(server.port);
    const open = () =>
      client.subscribe(
        { query: FEED },
        { next: () => undefined, error: () => undefined, complete: () => undefined },
      );
    for (let n = 0; n < LIMITS.subscriptionsPerSocket; n += 1) open();
    await until(() => server.desk.feed.subscribers === LIMITS.subscriptionsPerSocket);
    const { errors } = await askWs(client, FEED);
    expect(errors[0].extensions.code).toBe('RATE_LIMITED');
    expect(server.desk.feed.subscribers).toBe(LIMITS.subscriptionsPerSocket);
    await client.dispose();
  });

  it.each([
    ['a message that is no JSON', 'x', 4_400],
    [
      'a subscription before the greeting',
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FEED } }),
      4_401,
    ],
    ['a message of an unknown type', JSON.stringify({ type: 'evil' }), 4_400],
    ['a message that is too long', 'x'.repeat(LIMITS.messageBytes + 1), 1_009],
  ])('closes the socket at %s', async (_what, message, code) => {
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, 'graphql-transport-ws');
    await once(ws, 'open');
    ws.send(message);
    const [closed] = await once(ws, 'close');
    expect(closed).toBe(code);
    expect(server.desk.feed.subscribers).toBe(0);
  });

  it('says goodbye and is gone, feeds open or not', async () => {
    const other = await startTestServer();
    const codes: number[] = [];
    const client = wsClient(other.port, {
      on: { closed: (event) => void codes.push((event as CloseEvent).code) },
    });
    void client
      .iterate({ query: FEED })
      .next()
      .catch(() => undefined);
    await until(() => other.desk.feed.subscribers === 1);
    await other.close();
    await until(() => codes.length === 1);
    expect(codes).toEqual([1_001]);
    expect([other.desk.feed.subscribers, other.sockets()]).toEqual([0, 0]);
  });
});

interface CloseEvent {
  readonly code: number;
}

describe('the upgrade to a WebSocket', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ bounds: { sockets: 2 } });
  });
  afterAll(() => server.close());

  it('lets in its own pages and programs', async () => {
    expect(await upgrade(server)).toBe('OPEN');
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const host = `${name}:${server.port}`;
      const headers = { host };
      expect(await upgrade(server, { headers, origin: `http://${host}` })).toBe('OPEN');
    }
  });

  it('refuses foreign pages and foreign names with 403', async () => {
    expect(await upgrade(server, { origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade(server, { origin: 'null' })).toBe(403);
    expect(await upgrade(server, { origin: `http://127.0.0.1:${server.port + 1}` })).toBe(403);
    expect(await upgrade(server, { headers: { host: 'evil.example' } })).toBe(403);
    expect(await upgrade(server, { headers: { host: `evil.example:${server.port}` } })).toBe(403);
  });

  it('refuses other paths', async () => {
    expect(await upgrade(server, {}, '/other')).toBe(404);
  });

  it('refuses more sockets than allowed', async () => {
    const clients = [
      wsClient(server.port, { lazy: false }),
      wsClient(server.port, { lazy: false }),
    ];
    await until(() => server.sockets() === 2);
    expect(await upgrade(server)).toBe(503);
    for (const client of clients) await client.dispose();
    await until(() => server.sockets() === 0);
    expect(await upgrade(server)).toBe('OPEN');
  });
});

describe('the token', () => {
  const TOKEN = 'correct-horse-battery-staple';
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer({ token: TOKEN });
  });
  afterEach(() => server.close());

  const over = async (params: Record<string, unknown> | undefined) => {
    const client = wsClient(server.port, params === undefined ? {} : { connectionParams: params });
    const { results, errors } = await askWs(client, '{ system { now } }');
    await client.dispose();
    return results.length === 1 ? 'IN' : errors.code;
  };
  const http = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { status, json } = await ask(server.port, '{ system { now } }', {}, headers);
    return [status, json.errors?.[0].extensions.code];
  };

  it('lets in who presents it, over HTTP and WebSocket', async () => {
    expect(await http(`Bearer ${TOKEN}`)).toEqual([200, undefined]);
    expect(await over({ token: TOKEN })).toBe('IN');
    expect(await over({ Authorization: `Bearer ${TOKEN}` })).toBe('IN');
  });

  it('keeps out all others, before anything runs', async () => {
    for (const wrong of [
      undefined,
      TOKEN,
      'Bearer',
      'Bearer x',
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN}x`,
    ]) {
      expect(await http(wrong)).toEqual([401, 'UNAUTHENTICATED']);
    }
    for (const wrong of [undefined, {}, { token: 'x' }, { token: 1 }, { token: `${TOKEN}x` }]) {
      expect(await over(wrong)).toBe(4_403);
    }
  });

  it('is not taken from the address', async () => {
    const path = `/graphql?token=${TOKEN}&access_token=${TOKEN}`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ system { now } }' });
    expect((await send(server.port, { path, headers, body })).status).toBe(401);
  });

  it('opens to who has it, however many guess beside them, and is never logged', async () => {
    for (let n = 0; n < 20; n += 1) await http(`Bearer guess-${n}`);
    expect(await http('Bearer guess-20')).toEqual([429, 'RATE_LIMITED']);
    expect(await http(undefined)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await http(`Bearer ${TOKEN}`)).toEqual([200, undefined]);
    expect(await over({ token: 'guess-21' })).toBe(4_403);
    expect(await over({ token: TOKEN })).toBe('IN');
    expect(JSON.stringify(server.logged)).not.toContain(TOKEN);
  });
});

describe('a message to a client', () => {
  it.each([0, 10, 125, 126, 65_000, 70_000, 300_000])(
    'arrives whole, in its own characters, at a length of %p',
    async (length) => {
      const desk = openDesk();
      const server = await startTestServer({ desk });
      const client = wsClient(server.port);
      const feed = client.iterate<{ fillFeed: unknown }>({ query: FEED });
      const messages = [feed.next(), feed.next()];
      await until(() => desk.feed.subscribers === 1);
      const execId = 'é'.repeat(length);
      desk.feed.publish({ ...deskFill(1), execId });
      desk.feed.publish({ ...deskFill(2), execId: 'next' });
      const [first, second] = await Promise.all(messages);
      expect(first?.value.data).toEqual({ fillFeed: { sequence: '1', fill: { execId } } });
      expect(second?.value.data).toEqual({ fillFeed: { sequence: '2', fill: { execId: 'next' } } });
      await feed.return?.(undefined);
      await client.dispose();
      await server.close();
    },
  );
});
