// The product as a client of the gateway: the live preset with journal, query tables, rules,
// session and desk. One armed order for each level, each of a strategy of its own.

import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { price, quantity } from '../../src/domain/decimal';
import type { PlanToArm } from '../../src/domain/input';
import { DEFAULT_PLAN_SETTINGS } from '../../src/domain/plan';
import { createLogger } from '../../src/ops/log';
import type { RunningGateway } from '../../src/presets/gateway';
import { startLive, type RunningLive } from '../../src/presets/live';
import { SHIPPED_RULES } from '../../src/presets/rule-books';
import type { StageClient } from './stage';
import { inDollars } from './tape';

const SYMBOL = 'IBM';
const DATE = '2024-03-11';

export class TidegateClient implements StageClient {
  readonly #live: RunningLive;
  #prices = 0;
  #settles = 0;

  private constructor(live: RunningLive) {
    this.#live = live;
    live.desk.onQuote(() => {
      this.#prices += 1;
    });
  }

  static async open(
    { host, port, clock, account }: RunningGateway,
    folder: string,
    levels: readonly number[],
  ): Promise<TidegateClient> {
    mkdirSync(folder, { recursive: true });
    const log = createLogger({
      ...{ format: 'text', level: 'ERROR', secrets: [], write: (line) => console.error(line) },
    });
    const live = await startLive({
      ...{ config: configOf(folder), log, broker: { host, port, clock } },
      onStopped: (cause) => console.error(cause),
    });
    const client = new TidegateClient(live);
    const { desk } = live;
    while (desk.link().state !== 'READY') await nextTurn();
    await desk.findInstrument(SYMBOL);
    for (const [n, cents] of levels.entries()) {
      const strategy = `bench-${n}`;
      await desk.execute({ kind: 'CREATE_STRATEGY', strategy, allowsShort: false });
      const refusal = await desk.execute({
        kind: 'LOAD_INSTRUCTIONS',
        ...{ fileName: `${strategy}.json`, contentHash: strategy, strategy, account },
        ...{ tradingDate: DATE, plans: [planAt(cents)] },
      });
      if (refusal !== null) throw new Error(refusal.message);
    }
    // A question that is answered after the stream was asked for: it is open.
    await desk.findInstrument('NONESUCH');
    return client;
  }

  async settled(): Promise<void> {
    this.#settles += 1;
    const { engine } = this.#live;
    const fills = Math.floor((this.#settles - 1) / 2);
    while (this.#prices < this.#settles || engine.state.fills.size < fills) await nextTurn();
    await engine.drain();
    while (this.#submitted()) await nextTurn();
  }

  close(): Promise<void> {
    return this.#live.close();
  }

  #submitted(): boolean {
    const { state } = this.#live.engine;
    const working = state.working.get(SYMBOL) ?? [];
    return [...working].some((id) => state.orders.get(id)?.status === 'SUBMITTED');
  }
}

function configOf(folder: string) {
  return {
    ...({ mode: 'DEMO', host: '127.0.0.1', port: 0, gatewayPort: 0, token: null } as const),
    ...{ dataDir: folder, rulesDir: SHIPPED_RULES, databaseUrl: null, demoSpeed: 1 },
    ...({ instructionsDir: folder, logFormat: 'text', logLevel: 'ERROR' } as const),
    ib: { host: '127.0.0.1', port: 0, clientId: 17 },
  };
}

/** One entry that buys a share when the price crosses the level; nothing after it. */
function planAt(cents: number): PlanToArm {
  return {
    spec: {
      symbol: SYMBOL,
      settings: DEFAULT_PLAN_SETTINGS,
      entries: [
        {
          ...{ leg: 'entry[0]', rank: 0, pointer: '/entry/0', side: 'BUY', type: 'MARKET' },
          ...{ quantity: quantity('1'), price: price(inDollars(cents)), cross: 'CROSS_OVER' },
          ...{ firesOnGap: true, namedStop: false },
        },
      ],
      ifLong: [],
      ifShort: [],
    },
    instrument: SYMBOL,
    previousClose: null,
  };
}
