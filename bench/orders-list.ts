// What a list of 1,000 orders costs the server, beside Apollo Server with its defaults.

import { Crowd } from './support/crowd';
import { openFullDesk } from './support/full-desk';
import { collectGarbage, cpuMicros, interleave, rounded } from './support/measure';
import type { Cost } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';

const ORDERS = 1_000;
/** The most that a page may hold. */
const PAGE = 200;

const FIELDS =
  'nodes { id side type quantity limitPrice status createdAt instrument { key } strategy { key } }';

export const ordersList: Benchmark = {
  name: 'orders-list',
  summary: 'a query of 1,000 orders over HTTP',
  meaning: [
    'query: milliseconds of CPU time of the server per query, of the real schema over a history in',
    'SQLite; one document, five pages of 200. apolloDefaults: the same schema, history and query',
    'through Apollo Server 5 on express as its manual sets it up, in turn with ours.',
    'toApolloDefaults: cost of our query / cost of theirs; below 1 we are cheaper.',
  ],
  run,
};

async function run({ rounds, queries }: Effort): Promise<Result> {
  const desk = await openFullDesk(ORDERS);
  const settings = (['ours', 'apolloDefaults'] as const).map((name) => ({
    name,
    crowd: new Crowd(desk[name].port),
  }));
  try {
    const query = await allPages(desk.ours.port);
    const sizes = await Promise.all(settings.map(({ crowd }) => crowd.ask(query, 1)));
    if (new Set(sizes).size !== 1) throw new Error(`answers differ: ${sizes.join(', ')} bytes`);
    const variants = settings.map(({ name, crowd }) => ({
      name,
      round: () => ask(crowd, query, queries),
    }));
    const costs = await interleave(variants, rounds);
    const inMillis = (name: string) => ({ value: rounded(costs.of(name) / 1_000), unit: 'ms' });
    return {
      name: ordersList.name,
      figures: { query: inMillis('ours'), apolloDefaults: inMillis('apolloDefaults') },
      ratios: { toApolloDefaults: costs.ratio('ours', 'apolloDefaults') },
    };
  } finally {
    for (const { crowd } of settings) await crowd.leave();
    await desk.close();
  }
}

/** A document with all pages, each after the last order of the one before it. */
async function allPages(port: number): Promise<string> {
  const pages: string[] = [];
  let after = 'null';
  while (pages.length < ORDERS / PAGE) {
    const page = `orders(first: ${PAGE}, after: ${after})`;
    pages.push(`p${pages.length}: ${page} { ${FIELDS} }`);
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${page} { pageInfo { endCursor } } }` }),
    });
    const { data } = (await response.json()) as Page;
    after = JSON.stringify(data.orders.pageInfo.endCursor);
  }
  return `{ ${pages.join(' ')} }`;
}

interface Page {
  readonly data: { readonly orders: { readonly pageInfo: { readonly endCursor: string | null } } };
}

async function ask(crowd: Crowd, query: string, queries: number): Promise<Cost> {
  collectGarbage();
  const start = cpuMicros();
  await crowd.ask(query, queries);
  return { operations: queries, cpuMicros: Math.max(cpuMicros() - start, 1) };
}
