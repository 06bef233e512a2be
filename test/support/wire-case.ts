// A reference case on the live path: gateway with the recorded day, broker session over its
// socket, engine, live desk and journal. The next trade comes when everything that the last one
// set in motion has been answered. Yields the lines of the run as a replay prints them. Knows no
// expectation.

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

export interface WireRun {
  readonly lines: readonly ReplayLine[];
  readonly trades: number;
  readonly positions: ReadonlyMap<string, string>;
  readonly logged: readonly string[];
}

/** Runs a case from its first trade to its last. */
export async function onTheWire(options: ReplayOptions): Promise<WireRun> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-wire-'));
  const { trades, previousCloses, commission } = options;
  const gateway = await startGateway({
    ...{ port: 0, speed: 0, trades, previousCloses, settings: { commission } },
  });
  const logged: string[] = [];
  const log = createLogger({
    ...{ format: 'text', level: 'WARNING', secrets: [], write: (line) => logged.push(line) },
  });
  let stopped: Error | null = null;
  try {
    const live = await startLive({
      ...{ config: configOf(folder), log },
      broker: { host: gateway.host, port: gateway.port, clock: gateway.clock },
      onStopped: (cause) => {
        stopped = cause;
      },
    });
    const steps = new Steps(gateway, live);
    try {
      await load(live, options);
      await steps.all(() => stopped);
    } finally {
      await live.close();
    }
    const { lines, positions } = told(join(folder, 'journal.db'));
    return { lines, positions, trades: steps.taken, logged };
  } finally {
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
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

async function load({ desk }: RunningLive, options: ReplayOptions): Promise<void> {
  while (desk.link().state !== 'READY') await nextTurn();
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
  taken = 0;
  readonly #gateway: RunningGateway;
  readonly #live: RunningLive;
  /** Trades that the session has heard of. */
  #heard = 0;
  #wanted = 0;
  #wake: () => void = () => undefined;
  #sequence = 0;

  constructor(gateway: RunningGateway, live: RunningLive) {
    this.#gateway = gateway;
    this.#live = live;
    live.desk.onQuote(() => {
      this.#heard += 1;
      if (this.#heard >= this.#wanted) this.#wake();
    });
  }

  /** To the end of the recording. @throws Error when the engine has stopped */
  async all(stopped: () => Error | null): Promise<void> {
    const { engine } = this.#live;
    for (;;) {
      const trade = await this.#gateway.stepTrade();
      if (trade !== null) {
        this.taken += 1;
        await this.#heardOf();
      }
      await engine.drain();
      await this.#closedOut();
      if (engine.state.sequence !== this.#sequence) await this.#settled();
      const fault = stopped();
      if (fault !== null) throw fault;
      if (trade === null) return;
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
    while (this.#open()) await nextTurn();
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
