// A reference case on the live path: gateway with the recorded day, broker session over its
// socket, engine, live desk and journal. The next trade comes when everything that the last one
// set in motion has been answered. The server can be made to die again and again, and another one
// to go on over its journal and the same gateway. Yields the lines of the run as a replay prints
// them. Knows no expectation.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { toText } from '../../src/domain/decimal';
import { createLogger } from '../../src/ops/log';
import { startGateway, type RunningGateway } from '../../src/presets/gateway';
import { startLive, type RunningLive } from '../../src/presets/live';
import type { ReplayOptions } from '../../src/presets/replay';
import { closeOutDue } from '../../src/live/close-outs';
import { sessionAt } from '../../src/live/sessions';
import { evolve } from '../../src/engine/core/evolve';
import { emptyState } from '../../src/engine/core/state';
import { SqliteJournal } from '../../src/persistence/journal';
import { linesOf, type ReplayLine } from '../../src/simulation/replay-lines';
import { SHIPPED_RULES } from '../../src/presets/rule-books';
import { CuttingProxy } from './cutting-proxy';

export interface WireRun {
  /** How many servers died on the way. */
  readonly deaths: number;
  readonly lines: readonly ReplayLine[];
  readonly trades: number;
  readonly positions: ReadonlyMap<string, string>;
  readonly logged: readonly string[];
}

/** After which events of the journal the server dies; without it, it lives to the end. */
export interface Deaths {
  readonly every: number;
  /** The first one, counted over all events; those of the set-up are let by. */
  readonly first: number;
}

/** What happens to a run on its way. */
export interface Fate {
  readonly deaths?: Deaths;
  /** Done to the gateway before it steps a trade: the first one is 1. */
  readonly beforeTrade?: (trade: number, gateway: RunningGateway) => void;
}

/** Runs a case from its first trade to its last. */
export async function onTheWire(options: ReplayOptions, fate: Fate = {}): Promise<WireRun> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-wire-'));
  const { trades, previousCloses, commission } = options;
  const gateway = await startGateway({
    ...{ port: 0, speed: 0, trades, previousCloses, settings: { commission } },
  });
  const run: Run = { ...{ gateway, folder, fate }, logged: [], taken: 0 };
  try {
    let died = await lifeOf(run, options, 0);
    let count = 0;
    for (; died !== null; count += 1) died = await lifeOf(run, null, died);
    const { taken, logged } = run;
    return { ...told(join(folder, 'journal.db')), deaths: count, trades: taken, logged };
  } finally {
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What outlives a server. */
interface Run {
  readonly gateway: RunningGateway;
  readonly folder: string;
  readonly fate: Fate;
  readonly logged: string[];
  taken: number;
}

/** A server from its start to its death, after so many events; null: to the end of the day. */
async function lifeOf(
  run: Run,
  options: ReplayOptions | null,
  after: number,
): Promise<number | null> {
  const { gateway, folder, logged } = run;
  const log = createLogger({
    ...{ format: 'text', level: 'WARNING', secrets: [], write: (line) => logged.push(line) },
  });
  let stopped: Error | null = null;
  const proxy = await CuttingProxy.open(gateway);
  const live = await startLive({
    ...{ config: configOf(folder), log },
    broker: { host: gateway.host, port: proxy.port, clock: gateway.clock },
    onStopped: (cause) => {
      stopped = cause;
    },
  });
  const death = new Death(live);
  try {
    if (options === null) death.comesAfter(nextDeath(run, after));
    await ready(live, death);
    if (options !== null) {
      await load(live, options);
      death.comesAfter(nextDeath(run, live.feed.head));
    }
    const steps = new Steps(run, live, death);
    await steps.all(() => stopped);
    if (!death.came) return null;
    // What it has sent arrives: the gateway answers in order. Its own goodbye does not.
    await live.engine.drain();
    await live.desk.findInstrument('NONESUCH');
    return live.feed.head;
  } finally {
    await proxy.close();
    await live.close();
  }
}

function nextDeath({ fate: { deaths } }: Run, after: number): number {
  if (deaths === undefined) return Infinity;
  const { every, first } = deaths;
  return first + Math.max(0, Math.floor((after - first) / every) + 1) * every;
}

/** From a moment on the engine hears nothing: what it had begun is in the journal, and no more. */
class Death {
  came = false;
  #after = Infinity;
  readonly #live: RunningLive;

  constructor(live: RunningLive) {
    this.#live = live;
    const { feed } = live;
    const committed = feed.committed.bind(feed);
    feed.committed = () => {
      committed();
      this.#look();
    };
  }

  comesAfter(sequence: number): void {
    this.#after = sequence;
    this.#look();
  }

  #look(): void {
    if (this.came || this.#live.feed.head < this.#after) return;
    this.came = true;
    const nothing = (): boolean => false;
    Object.assign(this.#live.engine, {
      ...{ submit: nothing, fire: nothing, watchLosses: nothing, recordTrails: nothing },
      execute: () => Promise.resolve(null),
    });
  }
}

function configOf(folder: string) {
  return {
    ...({ mode: 'DEMO', host: '127.0.0.1', port: 0, gatewayPort: 0, token: null } as const),
    ...{ dataDir: folder, rulesDir: SHIPPED_RULES, databaseUrl: null, demoSpeed: 1 },
    ...({ instructionsDir: folder, logFormat: 'text', logLevel: 'WARNING' } as const),
    ib: { host: '127.0.0.1', port: 0, clientId: 17 },
  };
}

async function ready({ desk }: RunningLive, death: Death): Promise<void> {
  while (desk.link().state !== 'READY' && !death.came) await nextTurn();
  // A question that is answered after the streams were asked for: they are open.
  await desk.findInstrument('NONESUCH');
}

async function load({ desk }: RunningLive, options: ReplayOptions): Promise<void> {
  const { strategy, instructions } = options;
  await desk.execute({ kind: 'CREATE_STRATEGY', strategy, allowsShort: true });
  const answer = await desk.loadInstructions({
    ...{ fileName: basename(instructions), content: readFileSync(instructions, 'utf8') },
    ...{ strategy, account: null, tradingDate: null, dryRun: false },
  });
  if (answer.refusal !== null) throw new Error(answer.refusal.message);
  // A question that is answered after the streams were asked for: they are open.
  await desk.findInstrument('NONESUCH');
}

/** Takes the market on, trade by trade. */
class Steps {
  readonly #run: Run;
  readonly #live: RunningLive;
  readonly #death: Death;
  /** Trades that the session has heard of. */
  #heard = 0;
  #wanted = 0;
  #wake: () => void = () => undefined;
  #sequence = 0;

  constructor(run: Run, live: RunningLive, death: Death) {
    this.#run = run;
    this.#live = live;
    this.#death = death;
    live.desk.onQuote(() => {
      this.#heard += 1;
      if (this.#heard >= this.#wanted) this.#wake();
    });
  }

  /** To the end of the recording, or the death. @throws Error when the engine has stopped */
  async all(stopped: () => Error | null): Promise<void> {
    const { engine } = this.#live;
    for (;;) {
      // What a connection has set in motion comes before the next trade.
      await engine.drain();
      if (engine.state.sequence !== this.#sequence) await this.#settled();
      if (this.#death.came) return;
      const { gateway, fate, taken } = this.#run;
      fate.beforeTrade?.(taken + 1, gateway);
      const trade = await gateway.stepTrade();
      if (trade !== null) {
        this.#run.taken += 1;
        await this.#heardOf();
      }
      await engine.drain();
      await this.#closedOut();
      if (engine.state.sequence !== this.#sequence) await this.#settled();
      const fault = stopped();
      if (fault !== null) throw fault;
      if (trade === null || this.#death.came) return;
    }
  }

  /** The market stands still until the desk's clock has closed out what is due. */
  async #closedOut(): Promise<void> {
    const { desk, engine } = this.#live;
    const instruments = [...engine.state.instruments.keys()];
    const session = sessionAt('XNYS', desk.now());
    const isDue = (): boolean =>
      session !== null &&
      closeOutDue(engine.state, { session, instruments, at: desk.now() }) !== null;
    while (isDue()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** A recording has no quotes: each trade is one price. */
  async #heardOf(): Promise<void> {
    this.#wanted += 1;
    if (this.#heard >= this.#wanted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Nothing that was sent, changed or cancelled is without its answer. */
  async #settled(): Promise<void> {
    const { engine } = this.#live;
    while (this.#open() && !this.#death.came) await nextTurn();
    await engine.drain();
    this.#sequence = engine.state.sequence;
  }

  #open(): boolean {
    const { state } = this.#live.engine;
    if (state.unsent.size > 0 || state.dueSends.size > 0) return true;
    for (const ids of state.working.values()) {
      for (const id of ids) {
        const order = state.orders.get(id);
        const asked = order?.requestedQuantity ?? null;
        if (order?.status === 'SUBMITTED' || order?.status === 'CANCEL_PENDING') return true;
        if (asked !== null) return true;
      }
    }
    return false;
  }
}

function told(file: string) {
  const journal = new SqliteJournal(file);
  const state = emptyState();
  const lines: ReplayLine[] = [];
  for (const record of journal.read(0)) {
    evolve(state, record);
    lines.push(...linesOf([record], state));
  }
  journal.close();
  const held = [...state.positions].map(([key, { quantity }]): [string, string] => [
    key.split('|')[1] ?? '',
    toText(quantity),
  ]);
  return { lines, positions: new Map(held) };
}
