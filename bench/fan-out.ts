// What it costs the server to tell one fill to many subscribers over WebSockets, from the engine's
// feed on, beside mercurius over the same feed and schema.

import { Crowd } from './support/crowd';
import { ours, withMercurius, type BenchServer } from './support/graphql-servers';
import { collectGarbage, cpuMicros, interleave, quantile, rounded } from './support/measure';
import type { Cost, Variant } from './support/measure';
import type { Benchmark, Effort, Result } from './support/result';

const SUBSCRIBERS = [1, 100, 1_000] as const;
/** Messages that are under way at once; an event to more subscribers than that goes alone. */
const WINDOW = 200;

/** The clients read the time of the event under the name `at`; it travels as the fill's id. */
const QUERY =
  'subscription { fillFeed { sequence ' +
  'fill { id at: execId side quantity price executed: at instrument { key } } } }';

export const fanOut: Benchmark = {
  name: 'fan-out',
  summary: 'one event to 1, 100 and 1,000 subscribers over WebSockets',
  meaning: [
    'subscribersN: messages per second of CPU time of the server, N subscribers who ask the same.',
    'mercuriusN: the same with mercurius on fastify, over the same feed and schema, in turn.',
    'p99, mercuriusP99: milliseconds from the event to a subscriber among 1,000, wall time; the',
    'clients share the machine. toMercuriusN: our messages per CPU second / those of mercurius.',
  ],
  run,
};

interface Setting {
  readonly server: BenchServer;
  readonly crowd: Crowd;
  readonly subscribers: number;
  /** Milliseconds of every message. */
  readonly latencies: number[];
}

async function run({ rounds, messages, subscriberShare }: Effort): Promise<Result> {
  const settings = new Map<string, Setting>();
  for (const subscribers of SUBSCRIBERS) {
    const count = Math.max(1, subscribers * subscriberShare);
    settings.set(`subscribers${subscribers}`, await open(await ours(), count));
    settings.set(`mercurius${subscribers}`, await open(await withMercurius(), count));
  }
  const variants = [...settings].map(([name, setting]): Variant => ({
    name,
    round: () => tell(setting, messages),
  }));
  const costs = await interleave(variants, rounds);
  const p99 = (name: string) => {
    const latencies = settings.get(name)?.latencies ?? [];
    return { value: rounded(quantile(latencies.slice(messages), 0.99)), unit: 'ms' };
  };
  for (const { crowd, server } of settings.values()) {
    await crowd.leave();
    await server.close();
  }
  const perSecond = costs.names.map((name) => [
    name,
    { value: Math.round(1e6 / costs.of(name)), unit: '1/s' },
  ]);
  const last = SUBSCRIBERS[SUBSCRIBERS.length - 1];
  return {
    name: fanOut.name,
    figures: {
      ...Object.fromEntries(perSecond),
      p99: p99(`subscribers${last}`),
      mercuriusP99: p99(`mercurius${last}`),
    },
    ratios: Object.fromEntries(
      SUBSCRIBERS.map((count) => [
        `toMercurius${count}`,
        costs.ratio(`mercurius${count}`, `subscribers${count}`),
      ]),
    ),
  };
}

async function open(server: BenchServer, subscribers: number): Promise<Setting> {
  const crowd = new Crowd(server.port);
  crowd.subscribe(QUERY, subscribers);
  while (server.desk.subscribers < subscribers) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { server, crowd, subscribers, latencies: [] };
}

async function tell({ server, crowd, subscribers, latencies }: Setting, messages: number) {
  const perWindow = Math.max(1, Math.floor(WINDOW / subscribers));
  const windows = Math.max(1, Math.round(messages / subscribers / perWindow));
  collectGarbage();
  const start = cpuMicros();
  for (let window = 0; window < windows; window += 1) {
    const received = await crowd.receive(perWindow * subscribers, () => {
      for (let n = 0; n < perWindow; n += 1) {
        server.desk.publish(String(performance.timeOrigin + performance.now()));
      }
    });
    latencies.push(...received);
  }
  const operations = windows * perWindow * subscribers;
  const cost: Cost = { operations, cpuMicros: Math.max(cpuMicros() - start, 1) };
  return cost;
}
