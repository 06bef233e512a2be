// The server over HTTP: who is let in, what is refused and how, and what errors say.

import { ask, send, startTestServer, type TestServer } from '../support/graphql-server';

const JSON_TYPE = { 'content-type': 'application/json' };
const SYSTEM = JSON.stringify({ query: '{ system { tradingState } }' });

describe('GraphQL over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it('answers queries and mutations', async () => {
    const { status, json } = await ask(server.port, '{ system { tradingState } }');
    expect(status).toBe(200);
    expect(json).toEqual({ data: { system: { tradingState: 'ACTIVE' } } });
  });

  it('takes the first operation by its name and its variables', async () => {
    const query = 'query A { system { now } } query B($t: String!) { echo(text: $t) }';
    const { json } = await ask(server.port, query, { operationName: 'B', variables: { t: 'x' } });
    expect(json).toEqual({ data: { echo: 'x' } });
  });

  it('refuses a subscription with a 400 that says where it belongs', async () => {
    const { status, json } = await ask(server.port, 'subscription { fillFeed { sequence } }');
    expect(status).toBe(400);
    expect(json.errors[0].message).toContain('graphql-transport-ws');
    expect(json.errors[0].extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: expect.any(String),
    });
    expect(server.desk.feed.subscribers).toBe(0);
  });

  it('masks a fault, logs it under the request id, and tells no stack', async () => {
    const { status, json, headers, text } = await ask(server.port, '{ breaks system { now } }');
    expect(status).toBe(200);
    expect(json.data.system).toBeTruthy();
    const { requestId, code } = json.errors[0].extensions;
    expect(code).toBe('INTERNAL_SERVER_ERROR');
    expect(json.errors[0].path).toEqual(['breaks']);
    expect(headers['x-request-id']).toBe(requestId);
    expect(text).not.toMatch(/secret|stack|\.ts|node_modules/);
    const [entry] = server.logged.filter(({ fields }) => fields['requestId'] === requestId);
    expect(String(entry?.fields['err'])).toContain('secret of the house');
  });

  it('lets the code and the words of a resolver through', async () => {
    const { json } = await ask(server.port, '{ forbidden }');
    expect(json.errors[0]).toMatchObject({ message: 'Not for you.', path: ['forbidden'] });
    expect(json.errors[0].extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['a document that does not parse', { query: '{ system {' }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', { query: '{ sistem { now } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: 1 } },
      'BAD_USER_INPUT',
    ],
    [
      'an operation that is not there',
      { query: 'query A { system { now } }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['no query', { variables: {} }, 'BAD_REQUEST'],
    ['variables that are no object', { query: '{ breaks }', variables: 'x' }, 'BAD_REQUEST'],
  ])('refuses %s with its code and the request id', async (_what, body, code) => {
    const answer = await send(server.port, { headers: JSON_TYPE, body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].extensions.code).toBe(code);
    expect(answer.json.errors[0].extensions.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.text).not.toContain('Did you mean');
  });

  it.each([
    ['no JSON', 400, { headers: JSON_TYPE, body: '{ "query": ' }],
    ['a packed body', 415, { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: 'x' }],
    [
      'a strange character set',
      415,
      { headers: { 'content-type': 'application/json; charset=x' }, body: '{}' },
    ],
    ['a page that is not there', 404, { method: 'GET', path: '/nothing' }],
    ['GraphiQL that was not built', 404, { method: 'GET', path: '/graphiql' }],
  ])('answers %s with JSON', async (_what, status, sent) => {
    const answer = await send(server.port, sent);
    expect(answer.status).toBe(status);
    expect(answer.json.errors[0].extensions).toEqual({
      code: 'BAD_USER_INPUT',
      requestId: answer.headers['x-request-id'],
    });
  });

  it('gives up after the time limit, and tells the resolver', async () => {
    const hasty = await startTestServer({ bounds: { executionMs: 30 } });
    const { json } = await ask(hasty.port, '{ never }');
    expect(json.errors[0].extensions.code).toBe('ENGINE_UNAVAILABLE');
    expect(hasty.desk.signals.map(({ aborted }) => aborted)).toEqual([true]);
    await hasty.close();
  });

  it('tells health and readiness', async () => {
    const get = (path: string) => send(server.port, { method: 'GET', path });
    expect((await get('/healthz')).json).toEqual({ status: 'ok' });
    expect((await get('/readyz')).json).toEqual({ ready: true, reasons: [] });
    const readiness = () => ({ ready: false, reasons: ['The broker is not connected.'] });
    const unready = await startTestServer({ readiness });
    const answer = await send(unready.port, { method: 'GET', path: '/readyz' });
    expect(answer.status).toBe(503);
    expect(answer.json.reasons).toEqual(['The broker is not connected.']);
    await unready.close();
  });

  it('leads from the root to GraphiQL', async () => {
    const { status, headers } = await send(server.port, { method: 'GET', path: '/' });
    expect([status, headers.location]).toEqual([302, '/graphiql']);
  });
});

describe('the size of a body', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const LOAD =
    'mutation ($input: LoadInstructionsInput!) { loadInstructions(input: $input) { characters } }';
  const input = (characters: number) => ({
    variables: { input: { fileName: 'a.json', strategy: 'demo', content: 'x'.repeat(characters) } },
  });
  const MIB = 1_048_576;

  it('may reach 16 MiB with the text of an instruction file', async () => {
    const { json } = await ask(server.port, LOAD, input(15 * MIB));
    expect(json).toEqual({ data: { loadInstructions: { characters: 15 * MIB } } });
  });

  it.each([
    ['a larger instruction file', LOAD, input(17 * MIB)],
    [
      'a long variable of another operation',
      'query ($t: String!) { echo(text: $t) }',
      { variables: { t: 'x'.repeat(MIB) } },
    ],
    [
      'a long variable named content elsewhere',
      'query ($t: String!) { echo(text: $t) }',
      { variables: { t: 'x', input: { content: 'x'.repeat(MIB) } } },
    ],
    ['a long document that names loadInstructions', `${LOAD} #${'x'.repeat(MIB)}`, input(1)],
  ])('must not hold %s', async (_what, query, more) => {
    const { status, json } = await ask(server.port, query, more);
    expect(status).toBe(413);
    expect(json.errors[0].message).toContain('larger than 256 KiB');
  });
});

describe('requests of other sites', () => {
  let server: TestServer;
  let own: string;
  beforeAll(async () => {
    server = await startTestServer();
    own = `127.0.0.1:${server.port}`;
  });
  afterAll(() => server.close());
  const status = async (headers: Record<string, string>) =>
    (await send(server.port, { headers: { ...JSON_TYPE, ...headers }, body: SYSTEM })).status;

  it('are let in from its own pages, under each of its names', async () => {
    expect(await status({})).toBe(200);
    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const host = `${name}:${server.port}`;
      expect(await status({ host, origin: `http://${host}` })).toBe(200);
    }
  });

  it('are refused by Host, Origin and the site that the browser names', async () => {
    const refused = [
      { host: 'evil.example' },
      { host: `evil.example:${server.port}` },
      { host: `127.0.0.1:${server.port + 1}` },
      { host: own, origin: 'http://evil.example' },
      { host: own, origin: `http://localhost.evil.example:${server.port}` },
      { host: own, origin: 'null' },
      { host: own, origin: `file://${own}` },
      { host: own, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) expect([headers, await status(headers)]).toEqual([headers, 403]);
  });

  it.each([
    ['text', { headers: { 'content-type': 'text/plain' }, body: SYSTEM }],
    [
      'a form',
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'query=%7Bsystem%7Bnow%7D%7D',
      },
    ],
    [
      'a form of parts',
      { headers: { 'content-type': 'multipart/form-data; boundary=a' }, body: '--a--' },
    ],
    ['a bare GET', { method: 'GET', path: '/graphql?query=%7Bsystem%7Bnow%7D%7D' }],
  ])('are refused as %s, which a form of another site can send', async (_what, sent) => {
    const answer = await send(server.port, sent);
    expect(answer.status).toBe(400);
    expect(answer.json.errors[0].extensions.requestId).toEqual(expect.any(String));
  });

  it('cannot run a mutation by GET', async () => {
    const query = encodeURIComponent(
      'mutation { setTradingState(input: { state: HALTED, reason: "x" }) { system { now } } }',
    );
    const sent = { method: 'GET', path: `/graphql?query=${query}`, headers: JSON_TYPE };
    expect((await send(server.port, sent)).status).toBe(405);
    expect(server.desk.calls).toEqual([]);
  });

  it('are let in under a name that was allowed', async () => {
    const named = await startTestServer({ allowedHosts: ['desk.example:443', 'desk.lan'] });
    const from = (host: string, origin: string) =>
      send(named.port, { headers: { ...JSON_TYPE, host, origin }, body: SYSTEM });
    expect((await from('desk.example:443', 'https://desk.example:443')).status).toBe(200);
    expect((await from(`desk.lan:${named.port}`, `http://desk.lan:${named.port}`)).status).toBe(
      200,
    );
    expect((await from('desk.lan', 'http://desk.lan')).status).toBe(403);
    await named.close();
  });
});
