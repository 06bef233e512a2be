/**
 * The embedded gateway: the wire server, its market, its file and its clock joined. A made-up
 * market goes by the clock; a recorded day goes step by step, or by the clock where nobody steps
 * it.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { DEFAULT_SETTINGS, type GatewaySettings } from '../broker/simulator/gateway-core';
import {
  MemoryGatewayStore,
  type GatewayStore,
  type StoredGateway,
} from '../broker/simulator/gateway-records';
import { MadeUpMarket } from '../broker/simulator/made-up-market';
import type { GatewayMarket } from '../broker/simulator/market';
import { RecordedMarket } from '../broker/simulator/recorded-market';
import { TwsServer } from '../broker/simulator/tws-server';
import type { Instrument } from '../domain/instrument';
import type { Trade } from '../domain/market';
import type { Clock } from '../domain/ports';
import { parseTrades, readBytes, TradesFileError } from '../market-data/trades-csv';
import { GatewayStoreError, SqliteGatewayStore } from '../persistence/gateway-store';
import { VerbError } from './errors';
import { MarketDriver } from './gateway-clock';
import { GatewayControl } from './gateway-control';

export interface GatewayOptions {
  readonly host?: string;
  /** 0: a free port. */
  readonly port?: number;
  /** How a person names another port where that one is busy; default: `--port`. */
  readonly portSetting?: string;
  /** What the made-up market is made of. */
  readonly seed?: number;
  /** Market seconds a second; 0: the market stands still until it is stepped. */
  readonly speed?: number;
  /** The gateway's own file; without it everything is forgotten at the end. */
  readonly data?: string;
  /** A recorded day as the market: CSV `time,symbol,price,size`, plain or gzipped. */
  readonly trades?: string;
  /** Previous session's closes of the recorded symbols, as text. */
  readonly previousCloses?: ReadonlyMap<string, string>;
  readonly settings?: Partial<GatewaySettings>;
  /** Called when the gateway can no longer keep its state and has stopped speaking. */
  readonly onFailure?: (error: Error) => void;
}

export interface RunningGateway {
  readonly host: string;
  readonly port: number;
  /** Market time, which an engine beside it may use as its own. */
  readonly clock: Clock;
  readonly instruments: readonly Instrument[];
  readonly account: string;
  /** Market seconds a second. */
  readonly speed: number;
  /**
   * Takes the market to its next trade, with all that comes before it. Resolves with the trade when
   * every byte it caused has left this process; null at the end of a recording. The caller steps
   * again when it has handled it: no trade comes by itself where the speed is 0.
   */
  stepTrade(): Promise<Trade | null>;
  /** What can be made to go wrong, for tests; none of it can be asked for on the wire. */
  readonly control: GatewayControl;
  /** Keeps the last state and ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

const DEFAULT_SEED = 1;
export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 7597;
/** Real milliseconds of market time that one write covers. */
const LEASE = 2_000;

/** Starts a gateway. @throws VerbError with what to do, for a port or a file that cannot be used */
export async function startGateway(options: GatewayOptions = {}): Promise<RunningGateway> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, speed = 1 } = options;
  const store = openStore(options.data);
  try {
    const stored = loaded(store);
    const market = marketOf(options, stored);
    const server = new TwsServer({
      ...{ market, store, settings: { ...DEFAULT_SETTINGS, ...options.settings } },
      // A recording is repeated exactly from its last written trade; it is written at each.
      lease: options.trades === undefined ? LEASE * Math.max(speed, 1) : 0,
      onFailure: (error) => {
        driver.stop();
        (options.onFailure ?? fail)(error);
      },
    });
    if (stored !== null) server.core.restore(stored);
    const driver = new MarketDriver(server, speed);
    server.deliver();
    const bound = await listening(server, { host, port, setting: options.portSetting });
    driver.start();
    return new Gateway({ host, port: bound, speed, server, driver, store });
  } catch (cause) {
    store.close();
    throw cause;
  }
}

interface Parts {
  readonly host: string;
  readonly port: number;
  readonly speed: number;
  readonly server: TwsServer;
  readonly driver: MarketDriver;
  readonly store: GatewayStore;
}

class Gateway implements RunningGateway {
  readonly host: string;
  readonly port: number;
  readonly speed: number;
  readonly account = 'DU0000001';
  readonly clock: Clock;
  readonly instruments: readonly Instrument[];
  readonly control: GatewayControl;
  readonly #parts: Parts;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.host = parts.host;
    this.port = parts.port;
    this.speed = parts.speed;
    const { server, driver } = parts;
    this.clock = { now: () => driver.now() };
    this.instruments = server.core.market.listings.map(({ instrument }) => instrument);
    this.control = new GatewayControl(server);
  }

  async stepTrade(): Promise<Trade | null> {
    const { server } = this.#parts;
    for (;;) {
      const event = server.step();
      if (event !== undefined && event.kind !== 'TRADE') continue;
      await server.flushed();
      return event === undefined ? null : event.trade;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { server, driver, store } = this.#parts;
    driver.stop();
    try {
      await server.close();
      server.core.close();
    } finally {
      store.close();
    }
  }
}

function fail(error: Error): never {
  throw error;
}

function openStore(path: string | undefined): GatewayStore {
  if (path === undefined) return new MemoryGatewayStore();
  try {
    return new SqliteGatewayStore(path);
  } catch (cause) {
    throw explained(cause);
  }
}

function loaded(store: GatewayStore): StoredGateway | null {
  try {
    return store.load();
  } catch (cause) {
    throw explained(cause);
  }
}

function explained(cause: unknown): unknown {
  return cause instanceof GatewayStoreError ? new VerbError(cause.message, 2, { cause }) : cause;
}

/** @throws VerbError when the kept state belongs to another market */
function marketOf(options: GatewayOptions, stored: StoredGateway | null): GatewayMarket {
  const { seed = DEFAULT_SEED, trades, previousCloses } = options;
  const market =
    trades === undefined
      ? new MadeUpMarket({ seed, ...(stored === null ? {} : { from: stored.meta.resumeAt }) })
      : recorded(trades, stored, previousCloses);
  if (stored !== null && stored.meta.market !== market.name) {
    throw new VerbError(
      `${options.data ?? 'The gateway file'} was kept for the market "${stored.meta.market}" and ` +
        `this one is "${market.name}". Start with the same seed or recording, or name another ` +
        'file.',
      2,
    );
  }
  return market;
}

/** @throws VerbError */
function recorded(
  file: string,
  stored: StoredGateway | null,
  previousCloses: ReadonlyMap<string, string> | undefined,
): RecordedMarket {
  try {
    const bytes = readBytes(file);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const { tape } = parseTrades(basename(file), bytes, EVERY_SYMBOL);
    return new RecordedMarket({
      ...{ tape, name: `recording ${hash}`, nextTrade: stored?.meta.nextTrade ?? 0 },
      ...(previousCloses === undefined ? {} : { previousCloses }),
    });
  } catch (cause) {
    if (!(cause instanceof TradesFileError)) throw cause;
    throw new VerbError(cause.message, 2, { cause });
  }
}

/** Takes every symbol of a file. */
const EVERY_SYMBOL: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

interface Place {
  readonly host: string;
  readonly port: number;
  readonly setting: string | undefined;
}

async function listening(
  server: TwsServer,
  { host, port, setting = '--port' }: Place,
): Promise<number> {
  try {
    return await server.listen(host, port);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const why =
      code === 'EADDRINUSE'
        ? 'another program uses that port, perhaps another gateway. End it, or name another port'
        : `${code}. Name a host and a port of this machine`;
    const message = `The gateway cannot listen on ${host}:${port}: ${why} with ${setting}.`;
    throw new VerbError(message, 1, { cause });
  }
}
