/**
 * Live trading, joined: storage, rules, engine, broker session and desk, in the demo with the
 * embedded gateway beside them. Opens from the inside out, and closes from the outside in.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createIbLink } from '../broker/ib/session';
import type { Config } from '../config/config';
import type { JournalRecord } from '../domain/event';
import { InvariantBreach } from '../domain/invariant';
import { DEFAULT_LIMITS } from '../domain/limits';
import type { Clock, History, Journal } from '../domain/ports';
import type { State } from '../engine/core/state';
import { Feed } from '../engine/feed';
import { Engine, type EngineParts } from '../engine/loop';
import { LiveDesk } from '../live/desk';
import { openSince } from '../live/sessions';
import type { Logger } from '../ops/log';
import { JournalError } from '../persistence/journal-record';
import { openStorage, type Storage } from '../persistence/storage';
import { StorageError } from '../persistence/storage-error';
import { DEMO_SEED } from './demo';
import { VerbError } from './errors';
import { startGateway, type RunningGateway } from './gateway';
import { LateLink } from './late-link';
import { CoverageAlarm } from './coverage-alarm';
import { logRecord } from './order-log';
import { liveRules, type LiveRules } from './live-rules';

/** Such as a gateway in another process, whose market is not of today. */
export interface OwnBroker {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
}

export interface LiveOptions {
  readonly config: Config;
  readonly log: Logger;
  /** A broker with a time of its own, in the place of the one the configuration names. */
  readonly broker?: OwnBroker;
  /** The engine has stopped for good; what can still be read is served. */
  readonly onStopped: (cause: Error) => void;
}

export interface RunningLive {
  readonly engine: Engine;
  readonly feed: Feed;
  readonly history: History;
  readonly desk: LiveDesk;
  readonly rules: LiveRules;
  readonly clock: Clock;
  /** Null where the broker is not ours. */
  readonly gateway: RunningGateway | null;
  /** Ends the session and closes everything; what is committed is durable anyway. */
  close(): Promise<void>;
}

const SYSTEM_CLOCK: Clock = { now: () => Date.now() };

/** @throws VerbError with one line and the next step for whatever cannot be opened */
export async function startLive(options: LiveOptions): Promise<RunningLive> {
  const { config, log, broker } = options;
  const rules = await liveRules(config.rulesDir, Date.now());
  const embedded = config.mode === 'DEMO' && broker === undefined;
  // First of all, because it says who else uses the folder; the gateway's file says only that.
  const storage = await opened(config, log);
  let gateway: RunningGateway | null = null;
  try {
    if (embedded) gateway = await demoGateway(config, log);
    return await joined({ ...options, rules, gateway, storage });
  } catch (cause) {
    await storage.close();
    await gateway?.close();
    throw cause;
  }
}

function demoGateway(config: Config, log: Logger): Promise<RunningGateway> {
  return startGateway({
    port: config.gatewayPort,
    portSetting: 'TIDEGATE_GATEWAY_PORT (--gateway-port)',
    ...{ seed: DEMO_SEED, speed: config.demoSpeed },
    data: join(config.dataDir, 'gateway.db'),
    onFailure: (error) => {
      log.error(`The embedded gateway has stopped: ${error.message}`);
    },
  });
}

async function opened({ dataDir, databaseUrl }: Config, log: Logger): Promise<Storage> {
  try {
    const tell = (...said: Parameters<Logger['log']>): void => {
      log.log(...said);
    };
    return await openStorage({ dataDir, databaseUrl, log: tell });
  } catch (cause) {
    if (!(cause instanceof StorageError || cause instanceof JournalError)) throw cause;
    throw new VerbError(cause.message, 1, { cause });
  }
}

interface Parts extends LiveOptions {
  readonly rules: LiveRules;
  readonly gateway: RunningGateway | null;
  readonly storage: Storage;
}

async function joined(parts: Parts): Promise<RunningLive> {
  const { config, log, rules, gateway, storage, onStopped, broker } = parts;
  const { journal, projector, history } = storage;
  const clock = broker?.clock ?? gateway?.clock ?? SYSTEM_CLOCK;
  const feed = new Feed({ journal });
  const late = new LateLink();
  const coverage = new CoverageAlarm(log);
  let recalled = false;
  const engine = await opening(config, {
    ...{ journal, broker: late, rules: rules.book, limits: DEFAULT_LIMITS },
    stopped: (cause) => {
      callBackEntries(engine.state, late);
      onStopped(cause);
    },
    mayHaveLooked: ({ trigger, createdAt }, { calendar }) =>
      openSince(calendar, trigger?.armedAt ?? createdAt, clock.now()),
    folded: (record, state) => {
      if (recalled) feed.folded(record, state);
      else projector.recovered(record, state);
    },
    publish: (records: readonly JournalRecord[], state: State) => {
      feed.committed();
      for (const record of records) logRecord(log, record, state);
      coverage.look(records, state);
      projector.project(records, state);
    },
  });
  recalled = true;
  checkWorld(engine.state, config);
  const desk = new LiveDesk({
    ...{ engine, clock, mode: config.mode, rules: rules.active, onLog: log.onEntry },
    run: `run${journal.head().sequence + 1}`,
    log: (level, message, orderId) => {
      log.log(level, message, orderId);
    },
  });
  const start = { kind: 'START_RUN', mode: config.mode, ruleSetHash: rules.book.hash } as const;
  await desk.execute({ ...start, inputsHash: randomUUID() });
  const link = createIbLink(
    { ...addressOf(config, broker ?? gateway), refTag: await tagOf(journal), clock },
    desk.intake,
    desk.intake,
  );
  late.join(link);
  desk.start(link);
  const close = async (): Promise<void> => {
    await desk.stop();
    await storage.close();
    await gateway?.close();
  };
  return { engine, feed, history, desk, rules, clock, gateway, close };
}

/** Demo and paper never trade with real money: live accounts and their ports are refused. */
function addressOf({ ib }: Config, own: Pick<OwnBroker, 'host' | 'port'> | null) {
  const { host, port } = own ?? ib;
  return { host, port, clientId: ib.clientId, accounts: null, requirePaper: true };
}

/** @throws VerbError where the journal cannot be folded: nothing is traded on books that break */
async function opening(config: Config, parts: EngineParts): Promise<Engine> {
  try {
    return await Engine.open(parts);
  } catch (cause) {
    if (!(cause instanceof InvariantBreach || cause instanceof JournalError)) throw cause;
    const where = config.databaseUrl === null ? `in ${config.dataDir}` : 'in the database';
    const next = 'Restore a backup (docs/storage.md), or start with another TIDEGATE_DATA_DIR.';
    throw new VerbError(`The journal ${where} cannot be used: ${cause.message}. ${next}`, 1, {
      cause,
    });
  }
}

/** An engine that stopped watches nothing any more: what would open is called back, exits stay. */
function callBackEntries(state: State, link: LateLink): void {
  for (const id of [...state.working.values()].flatMap((ids) => [...ids])) {
    const order = state.orders.get(id);
    if (order?.effect !== 'OPEN' || order.sending === null) continue;
    link.cancel({ order: id, brokerOrderId: order.sending.brokerOrderId });
  }
}

/** Books of made-up money are never gone on with elsewhere. @throws VerbError */
function checkWorld(state: State, config: Config): void {
  const { link } = state;
  const { mode, dataDir } = config;
  checkClient(state, config);
  if (link.mode === null || link.mode === mode) return;
  const whose = `The books in ${dataDir} are of a ${link.mode} run, and this start is ${mode}.`;
  throw new VerbError(`${whose} Set TIDEGATE_DATA_DIR (and DATABASE_URL, if set) to others.`, 1);
}

/**
 * The broker lets an order be changed and cancelled by the client that placed it, and takes a
 * change from another one for a new order. @throws VerbError while such orders are live
 */
function checkClient({ working, orders }: State, { ib: { clientId } }: Config): void {
  const live = [...working.values()].flatMap((ids) => [...ids]);
  const placed = live.flatMap((id) => orders.get(id)?.sending ?? []);
  const other = placed.find((sending) => sending.clientId !== clientId);
  if (other === undefined) return;
  const whose = `Orders of client id ${other.clientId} are live, and this start is ${clientId}.`;
  const why = 'Only the client that placed an order can change or cancel it';
  throw new VerbError(`${whose} ${why}: start with IB_CLIENT_ID=${other.clientId}.`, 1);
}

/** Marks this deployment's orders at the broker: from the first record, as long as it lives. */
async function tagOf(journal: Journal): Promise<string> {
  for await (const { hash } of journal.read(0)) return hash.slice(0, 6);
  throw new Error('the journal has no first record');
}
