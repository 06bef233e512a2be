// The whole of Tidegate with a thousand orders in its books and lists, and Apollo Server as its
// manual sets it up over the same schema, engine and history. Must not know what is measured.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantity } from '../../src/domain/decimal';
import { serve, type RunningTidegate } from '../../src/presets/serve';
import type { ApiContext } from '../../src/resolvers/context';
import { buildApiSchema } from '../../src/resolvers/schema';
import { apolloDefaults, type Listening } from './graphql-servers';

export interface FullDesk {
  readonly ours: Listening;
  readonly apolloDefaults: Listening;
  close(): Promise<void>;
}

const STRATEGY = 'bench';

export async function openFullDesk(orders: number): Promise<FullDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const tidegate = await started(folder);
  const { engine, feed, history, desk } = tidegate.live;
  await fill(tidegate, orders);
  const context: ApiContext = { engine, feed, history, desk };
  const peer = await apolloDefaults(buildApiSchema(), () => Promise.resolve(context));
  return {
    ours: { port: tidegate.server.port },
    apolloDefaults: peer,
    close: async () => {
      await peer.close();
      await tidegate.stop('the bench is over');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The slowest market there is: what it costs stands on both sides. */
async function started(folder: string): Promise<RunningTidegate> {
  const flags = {
    ...{ 'data-dir': join(folder, 'data'), 'instructions-dir': join(folder, 'inbox') },
    ...{ port: '0', 'gateway-port': '0', 'demo-speed': '0.1', 'log-level': 'error' },
  };
  const tidegate = await serve(flags, { banner: () => undefined, log: () => undefined });
  while (tidegate.live.desk.link().state !== 'READY') {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return tidegate;
}

/** The rules deny what comes too fast; a denied order is in the list like any other. */
async function fill({ live }: RunningTidegate, orders: number): Promise<void> {
  const { desk, engine } = live;
  const instrument = await desk.findInstrument('AAPL');
  const [account] = engine.state.accounts.keys();
  if (instrument === null || account === undefined) throw new Error('the demo has no AAPL');
  const kind = 'CREATE_STRATEGY';
  await desk.execute({ kind, strategy: STRATEGY, allowsShort: false, stage: 'PAPER' });
  for (let n = 0; n < orders; n += 1) {
    const refusal = await desk.execute({
      ...{ kind: 'PLACE_ORDER', requestId: `bench-${n}`, strategy: STRATEGY, account, instrument },
      ...{ side: 'BUY', type: 'MARKET', timeInForce: 'DAY', outsideRegularHours: false },
      ...{ quantity: quantity(String(1 + (n % 9))), limitPrice: null, stopPrice: null },
    });
    if (refusal !== null) throw new Error(refusal.message);
  }
}
