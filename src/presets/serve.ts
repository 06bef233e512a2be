/**
 * `npm start`: configuration, folders, the live desk, one HTTP origin and the inbox, in this order;
 * then the banner. And the way back when it is told to stop.
 */
import { resolve } from 'node:path';
import { zoneOf } from '../calendar/sessions';
import type { Config, LoadedConfig } from '../config/config';
import { shieldLibraryEnvironment } from '../config/library-environment';
import { armedOn } from '../live/armed-on';
import { startInstructionInbox } from '../live/instruction-inbox';
import { currentOrNext } from '../live/sessions';
import { createLogger, type Logger } from '../ops/log';
import type { ApiContext } from '../resolvers/context';
import { buildApiSchema } from '../resolvers/schema';
import { startServer, tryAddress, type RunningServer } from '../server/server';
import { isEverywhere, StartRefused } from '../server/access';
import { bannerText, LOG_TIMES, shownPath, type BannerFacts } from './banner';
import { readConfig } from './configuration';
import { DEMO_SAMPLES, openFolders, type OpenedFolders } from './data-folder';
import { VerbError } from './errors';
import { startLive, type RunningLive } from './live';
import { version } from './version';

const GRAPHIQL = resolve(__dirname, '..', '..', 'dist-web', 'graphiql');

export interface RunningTidegate {
  readonly config: Config;
  readonly live: RunningLive;
  readonly server: RunningServer;
  readonly log: Logger;
  stop(why: string): Promise<void>;
}

/** Where a start writes: its banner, and the lines of its log, on stdout where nobody says. */
export interface Output {
  readonly banner: (text: string) => void;
  readonly log?: (line: string) => void;
}

/** Starts everything. @throws VerbError with one line and the next step */
export async function serve(
  flags: Readonly<Record<string, unknown>>,
  output: Output,
): Promise<RunningTidegate> {
  const loaded = readConfig(flags);
  const { config } = loaded;
  shieldLibraryEnvironment(process.env);
  const log = createLogger({
    ...{ format: config.logFormat, level: config.logLevel, secrets: loaded.secrets },
    ...(output.log === undefined ? {} : { write: output.log }),
  });
  await addressFree(config);
  const { dataDir, instructionsDir } = config;
  const samples = config.mode === 'DEMO' ? DEMO_SAMPLES : null;
  const folders = await openFolders({ dataDir, instructionsDir, samples });
  let stopped: Error | null = null;
  const live = await startLive({
    ...{ config, log },
    onStopped: (cause) => {
      if (stopped !== null) return;
      stopped = cause;
      log.error(`Trading has stopped: ${cause.message}. Restart to go on from the journal.`);
    },
  });
  try {
    const server = await served(config, { live, log, stopped: () => stopped });
    output.banner(`${bannerText(factsOf(loaded, { live, server, folders }))}\n`);
    log.info(LOG_TIMES);
    return running({ config, live, server, log });
  } catch (cause) {
    await live.close();
    throw cause;
  }
}

/** Before anything is made or opened: a port is what two starts most often share. */
async function addressFree({ host, port, token }: Config): Promise<void> {
  try {
    await tryAddress({ host, port }, token);
  } catch (cause) {
    if (!(cause instanceof StartRefused)) throw cause;
    const settings = 'TIDEGATE_PORT (--port) and TIDEGATE_HOST (--host) name them.';
    throw new VerbError(`${cause.message} ${settings}`, 1, { cause });
  }
}

async function served(
  config: Config,
  given: {
    readonly live: RunningLive;
    readonly log: Logger;
    readonly stopped: () => Error | null;
  },
): Promise<RunningServer> {
  const { live, log } = given;
  const { engine, feed, history, desk } = live;
  const context: ApiContext = { engine, feed, history, desk };
  try {
    return await startServer({
      schema: buildApiSchema(),
      context: ({ name }) => ({ ...context, principal: name }),
      ...{ host: config.host, port: config.port, token: config.token, graphiqlFolder: GRAPHIQL },
      log: {
        info: (_, message) => {
          log.info(message);
        },
        warn: (_, message) => {
          log.warning(message);
        },
        error: (fields, message) => {
          log.error(`${message} ${JSON.stringify(fields)}`);
        },
      },
      readiness: () => readinessOf(live, given.stopped()),
    });
  } catch (cause) {
    if (!(cause instanceof StartRefused)) throw cause;
    const settings = 'TIDEGATE_HOST, TIDEGATE_PORT and TIDEGATE_TOKEN say where and for whom.';
    throw new VerbError(`${cause.message} ${settings}`, 1, { cause });
  }
}

function readinessOf({ desk }: RunningLive, stopped: Error | null) {
  const { state, reason } = desk.link();
  const reasons = [
    ...(stopped === null ? [] : [`trading has stopped: ${stopped.message}`]),
    ...(state === 'READY' ? [] : [`broker link ${state}: ${reason ?? ''}`]),
  ];
  return { ready: reasons.length === 0, reasons };
}

interface Parts {
  readonly config: Config;
  readonly live: RunningLive;
  readonly server: RunningServer;
  readonly log: Logger;
}

function running(parts: Parts): RunningTidegate {
  const { config, live, server, log } = parts;
  const { engine, desk } = live;
  const inbox = startInstructionInbox({
    ...{ folder: config.instructionsDir, desk },
    hasStrategy: (key) => engine.state.strategies.has(key),
    armedOn: (load) => {
      const tradingDate = currentOrNext('XNYS', desk.now()).date;
      return armedOn(engine.state, { ...load, tradingDate });
    },
    log: (level, message) => {
      log.log(level, message);
    },
  });
  return {
    ...parts,
    stop: async (why) => {
      log.info(`Stopping: ${why}.`);
      await inbox.stop();
      await server.close();
      await live.close();
    },
  };
}

interface Started {
  readonly live: RunningLive;
  readonly server: RunningServer;
  readonly folders: OpenedFolders;
}

function factsOf({ config, remarks }: LoadedConfig, started: Started): BannerFacts {
  const { live, server, folders } = started;
  const { gateway, rules } = live;
  const { url } = server;
  return {
    version: version(),
    mode: config.mode,
    folder: { path: shownPath(config.dataDir, process.cwd()), state: folders.state },
    databases: databasesOf(config),
    broker:
      gateway === null
        ? `Interactive Brokers at ${config.ib.host}:${config.ib.port}, client ${config.ib.clientId}`
        : `embedded gateway on ${gateway.host}:${gateway.port} (TWS protocol), gateway.db`,
    rules: {
      ...{
        folder: shownPath(config.rulesDir, process.cwd()),
        files: rules.files,
        hash: rules.active.hash,
      },
      rules: rules.active.rules.length,
    },
    instructions: {
      folder: shownPath(config.instructionsDir, process.cwd()),
      copied: folders.copied,
    },
    urls: [
      { name: 'GraphQL', url: `${url}/graphql` },
      { name: 'GraphiQL', url: `${url}/graphiql` },
    ],
    clock: {
      now: live.clock.now(),
      exchange: 'XNYS',
      zone: zoneOf('XNYS'),
      speed: gateway === null ? null : config.demoSpeed,
    },
    pid: process.pid,
    remarks: isEverywhere(config.host) ? [...remarks, openTo(config)] : remarks,
  };
}

const openTo = ({ host }: Config): string =>
  `Listens on all addresses of this machine (${host}): whoever has the token may trade.`;

function databasesOf({ databaseUrl }: Config): string {
  if (databaseUrl === null) return 'SQLite: journal.db (books), views.db (queries)';
  const { protocol, host, pathname } = new URL(databaseUrl);
  return `${protocol}//${host}${pathname} (journal and queries)`;
}
