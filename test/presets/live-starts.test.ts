/** What a live start refuses to go on with: books of another world, or of another client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config';
import { quantity, price } from '../../src/domain/decimal';
import { createLogger } from '../../src/ops/log';
import { startGateway, type RunningGateway } from '../../src/presets/gateway';
import { startLive, type RunningLive } from '../../src/presets/live';
import { SHIPPED_RULES } from '../../src/presets/rule-books';

let folder: string;
let gateway: RunningGateway;
let live: RunningLive | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-live-'));
  gateway = await startGateway({ port: 0, speed: 1 });
});
afterEach(async () => {
  await live?.close();
  live = null;
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(changes: Partial<Config> & { clientId?: number } = {}): Promise<RunningLive> {
  const { clientId = 17, ...others } = changes;
  const { host, port, clock } = gateway;
  const config: Config = {
    ...{ mode: 'PAPER', host: '127.0.0.1', port: 0, gatewayPort: 0, dataDir: folder },
    ...{ rulesDir: SHIPPED_RULES, instructionsDir: folder, token: null, demoSpeed: 1 },
    ...{ databaseUrl: null, logFormat: 'text', logLevel: 'ERROR' },
    ib: { host, port, clientId },
    ...others,
  };
  const log = createLogger({ format: 'text', level: 'ERROR', secrets: [], write: () => undefined });
  return startLive({ config, log, broker: { host, port, clock }, onStopped: () => undefined });
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('is refused under another client id while orders of the first are live', async () => {
  live = await start();
  await until(() => live?.desk.link().state === 'READY');
  await live.desk.execute({ kind: 'CREATE_STRATEGY', strategy: 's', allowsShort: false });
  await live.desk.findInstrument('KO');
  await live.desk.execute({
    ...{ kind: 'PLACE_ORDER', requestId: 'r', strategy: 's', account: gateway.account },
    ...{ instrument: 'KO', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' },
    ...{ quantity: quantity('1'), limitPrice: price('58.00'), stopPrice: null },
  });
  await until(() => [...(live?.engine.state.orders.values() ?? [])][0]?.status === 'WORKING');
  await live.close();
  live = null;
  await expect(start({ clientId: 18 })).rejects.toThrow(/start with IB_CLIENT_ID=17/);
  live = await start();
  await until(() => live?.desk.link().state === 'READY');
});

it('is refused with the books of another mode', async () => {
  live = await start();
  await live.close();
  live = null;
  await expect(start({ mode: 'DEMO' })).rejects.toThrow(/of a PAPER run, and this start is DEMO/);
});
