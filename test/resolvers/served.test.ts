// The API behind the real server, over HTTP and WebSocket: what the documents show is answered
// within the limits, orders are placed, and a feed is resumed on another server.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { buildApiSchema } from '../../src/resolvers/schema';
import { Api, openApi, type Json } from '../support/api-kit';
import { ask, askWs, startTestServer, wsClient, type TestServer } from '../support/graphql-server';
import { readProjectFile } from '../support/project-files';
import { Desk, ruleBook, STRATEGY } from '../support/trading-kit';

const schema = buildApiSchema();
const serve = (api: Api): Promise<TestServer> =>
  startTestServer({ schema, context: () => api.context });

const TABS = 'web/graphiql/tabs';
const shown = (path: string): [string, string][] => {
  const blocks = [...readProjectFile(path).text.matchAll(/```graphql\n([\s\S]*?)```/g)];
  return blocks.map(([, block = ''], n) => [`${path} ${n + 1}`, block]);
};
const tabs = readdirSync(join(__dirname, '..', '..', TABS))
  .filter((name) => name.endsWith('.graphql'))
  .map((name): [string, string] => [name, readProjectFile(`${TABS}/${name}`).text]);

describe('the API behind the server', () => {
  let api: Api;
  let server: TestServer;
  beforeEach(async () => {
    api = await openApi();
    await api.tick('AAPL', '70');
    server = await serve(api);
  });
  afterEach(async () => {
    await server.close();
    await api.close();
  });

  const order = { strategy: STRATEGY, instrument: 'AAPL', side: 'BUY', type: 'MARKET' };
  async function buy(requestId: string): Promise<Json> {
    const input = { requestId, order: { ...order, quantity: '1' } };
    const { json } = await ask(
      server.port,
      `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
        order { status } userErrors { code } } }`,
      { variables: { input } },
    );
    await api.tick('AAPL', '70');
    return json.data.placeOrder;
  }

  const all = [...shown('docs/graphql.md'), ...tabs];

  it.each(all)('understands what %s shows', (_name, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
  });

  it.each(all.filter(([, text]) => !/subscription/.test(text)))(
    'answers what %s shows',
    async (name, query) => {
      const path = `${TABS}/${name.replace('.graphql', '.json')}`;
      const hasVariables = name.endsWith('.graphql') && /\$\w+:/.test(query);
      const given: Json = hasVariables ? JSON.parse(readProjectFile(path).text) : {};
      if (given.order !== undefined) given.order.strategy = STRATEGY;
      const { json } = await ask(server.port, query, { variables: given });
      expect(json.errors).toBeUndefined();
      expect(Object.values(json.data as object)).not.toContain(null);
    },
  );

  it('resumes a feed on another server over the same journal', async () => {
    const FEED = `subscription ($after: Sequence) { fillFeed(after: $after) {
      sequence fill { execId } } }`;
    const { sequence } = (await ask(server.port, '{ system { sequence } }')).json.data.system;
    expect((await buy('one')).userErrors).toEqual([]);
    const first = wsClient(server.port).iterate({ query: FEED, variables: { after: sequence } });
    const heard: Json = (await first.next()).value;
    await first.return?.(undefined);
    await buy('two');
    await server.close();
    await api.close();
    const { journal } = api.trading;
    api = new Api(new Desk(await ruleBook('none'), { journal }));
    server = await serve(api);
    const after = heard.data.fillFeed.sequence;
    const again = wsClient(server.port).iterate({ query: FEED, variables: { after } });
    const next: Json = (await again.next()).value;
    await again.return?.(undefined);
    const told = [heard, next].map(({ data }) => data.fillFeed.fill.execId);
    const booked = [...journal.read(0)].flatMap(({ event }) =>
      event.type === 'OrderFilled' ? [event.fill.execId] : [],
    );
    expect(told).toEqual(booked);
    expect(told).toHaveLength(2);
  });

  it('says what is wrong with a request in codes, over HTTP and WebSocket', async () => {
    const wrong = '{ positions(account: "DU2") { quantity } }';
    const { json, text } = await ask(server.port, wrong);
    expect(json.errors[0]).toMatchObject({
      message: expect.stringContaining('Did you mean "DU1"?'),
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    });
    expect(text).not.toMatch(/stack|\.ts:/);
    const feed = 'subscription { fillFeed(after: "999999") { sequence } }';
    const { errors, results } = await askWs(wsClient(server.port), feed);
    const [error] = errors ?? results[0].errors;
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('refuses a number for a decimal in a variable', async () => {
    const input = { requestId: 'a', order: { ...order, quantity: 1 } };
    const { json } = await ask(
      server.port,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }',
      { variables: { input } },
    );
    expect(json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(json.errors[0].message).toContain('written as text');
  });
});
