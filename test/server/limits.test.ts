// Hostile documents over both transports: refused before a resolver runs, and said why.

import { readFileSync } from 'node:fs';
import type { Client } from 'graphql-ws';
import { getIntrospectionQuery } from 'graphql';
import { LIMITS } from '../../src/server/limits';
import {
  ask,
  askWs,
  send,
  startTestServer,
  wsClient,
  type TestServer,
} from '../support/graphql-server';
import { HONEST, HOSTILE } from '../support/hostile-documents';

describe('the limits', () => {
  let server: TestServer;
  let client: Client;
  beforeAll(async () => {
    server = await startTestServer();
    client = wsClient(server.port, { lazy: false });
  });
  afterAll(async () => {
    await client.dispose();
    await server.close();
  });

  it('are tried with 50 hostile documents or more, each another', () => {
    expect(
      new Set(HOSTILE.map(({ query, variables }) => query + JSON.stringify(variables))).size,
    ).toBe(HOSTILE.length);
    expect(HOSTILE.length).toBeGreaterThanOrEqual(50);
  });

  /** What a resolver leaves behind, of those that the documents ask for. */
  const ran = () => {
    const { desk, logged } = server;
    const failed = logged.filter(({ level }) => level === 'error');
    return failed.length + desk.calls.length + desk.feed.subscribers;
  };

  it.each(HOSTILE)('refuse over HTTP: $name', async ({ query, variables }) => {
    const { status, json, text } = await ask(server.port, query, { variables });
    expect(status).toBe(400);
    expect(json.data).toBeUndefined();
    for (const { extensions } of json.errors) {
      expect(extensions.code).toMatch(
        /^(BAD_\w+|GRAPHQL_(PARSE|VALIDATION)_FAILED|OPERATION_\w+)$/,
      );
      expect(extensions.requestId).toEqual(expect.any(String));
    }
    expect(text.length).toBeLessThan(20_000);
    expect(ran()).toBe(0);
  });

  it.each(HOSTILE)('refuse over WebSocket: $name', async ({ query, variables }) => {
    const size = JSON.stringify({ query, variables }).length;
    if (size > LIMITS.messageBytes) {
      // The socket closes at the first bytes past its limit, so it is another's.
      const other = wsClient(server.port);
      const { errors } = await askWs(other, query, { variables });
      expect(errors.code).toBe(1_009);
      await other.dispose();
      return;
    }
    const { results, errors } = await askWs(client, query, { variables });
    const refusals = errors ?? results.flatMap((result) => result.errors);
    expect(results.filter(({ data }) => data != null)).toEqual([]);
    expect(refusals.length).toBeGreaterThan(0);
    for (const { extensions } of refusals) {
      expect(extensions.code).toMatch(
        /^(BAD_\w+|GRAPHQL_(PARSE|VALIDATION)_FAILED|OPERATION_\w+)$/,
      );
      expect(extensions.requestId).toEqual(expect.any(String));
    }
    expect(ran()).toBe(0);
  });

  it.each(HONEST)('let pass over both: $name', async ({ query, variables }) => {
    const { json } = await ask(server.port, query, { variables });
    expect(json.errors).toBeUndefined();
    const { results, errors } = await askWs(client, query, { variables });
    expect(errors).toBeNull();
    expect(results).toEqual([json]);
  });

  it('are looked at before a document is validated, by every way to send one', async () => {
    const bad = `{ system { noSuchField ${'now '.repeat(101)} } }`;
    const post = await ask(server.port, bad);
    const path = `/graphql?query=${encodeURIComponent(bad)}`;
    const headers = { 'apollo-require-preflight': 'yes' };
    const get = await send(server.port, { method: 'GET', path, headers });
    const older = await ask(server.port, bad, {}, { accept: 'application/json' });
    expect([post.status, get.status, older.status]).toEqual([400, 400, 200]);
    const socket = await askWs(client, bad);
    for (const errors of [post.json.errors, get.json.errors, older.json.errors, socket.errors]) {
      const messages = errors.map(({ message }: { message: string }) => message);
      expect(messages).toEqual(['The document has now more than 100 times.']);
    }
  });

  it('let GraphiQL ask for the whole schema', async () => {
    const { json } = await ask(server.port, getIntrospectionQuery());
    expect(json.errors).toBeUndefined();
    const { results } = await askWs(client, getIntrospectionQuery());
    expect(results).toEqual([json]);
  });

  it('are told in the manual, figure by figure', () => {
    const manual = readFileSync('docs/graphql-limits.md', 'utf8');
    const told = new Map(
      [...manual.matchAll(/^\| `(\w+)` \| ([\d,]+) /gm)].map(([, name, figure]) => [
        name,
        Number(figure?.replaceAll(',', '')),
      ]),
    );
    expect(Object.fromEntries(told)).toEqual({ ...LIMITS });
  });
});
