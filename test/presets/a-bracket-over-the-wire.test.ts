// An entry by hand with its exits over the real wire: a gateway whose market is stepped, the broker
// session on its socket, the live desk and the engine; the server ends while the exits rest.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { minus, plus, price, quantity, toText } from '../../src/domain/decimal';
import { isFinal, type Order } from '../../src/domain/order';
import { holdingOf } from '../../src/engine/core/state';
import { createLogger } from '../../src/ops/log';
import { startGateway, type RunningGateway } from '../../src/presets/gateway';
import { startLive, type RunningLive } from '../../src/presets/live';
import { SHIPPED_RULES } from '../../src/presets/rule-books';

/** Far more than the market takes to move by half a dollar. */
const MOST_STEPS = 50_000;
const PLACE = { account: 'DU0000001', instrument: 'AAPL', strategy: 'hand' } as const;

let folder: string;
let gateway: RunningGateway;
let live: RunningLive;

async function start(): Promise<void> {
  live = await startLive({
    config: {
      ...({ mode: 'DEMO', host: '127.0.0.1', port: 0, gatewayPort: 0, token: null } as const),
      ...{ dataDir: folder, rulesDir: SHIPPED_RULES, databaseUrl: null, demoSpeed: 1 },
      ...({ instructionsDir: folder, logFormat: 'text', logLevel: 'WARNING' } as const),
      ib: { host: '127.0.0.1', port: 0, clientId: 17 },
    },
    log: createLogger({ format: 'text', level: 'WARNING', secrets: [], write: () => undefined }),
    broker: { host: gateway.host, port: gateway.port, clock: gateway.clock },
    onStopped: () => undefined,
  });
  while (live.desk.link().state !== 'READY') await nextTurn();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-bracket-'));
  gateway = await startGateway({ port: 0, speed: 0, seed: 5 });
  await start();
  await live.desk.execute({ kind: 'CREATE_STRATEGY', strategy: 'hand', allowsShort: false });
  const found = live.desk.findInstrument('AAPL');
  await step(() => live.engine.market.last('AAPL') !== undefined);
  await found;
});
afterAll(async () => {
  await live.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes the market on until something is there. */
async function step(until: () => boolean): Promise<void> {
  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    if (until()) return;
    await gateway.stepTrade();
    await nextTurn();
    await live.engine.drain();
  }
  throw new Error('the market did not come to it');
}
const leg = (name: string): Order | undefined =>
  [...live.engine.state.orders.values()].find((order) => order.leg === name);
const held = (): string => toText(holdingOf(live.engine.state, PLACE).quantity);

it('rests its exits at the broker over a restart, and one that fills ends the other', async () => {
  const last = price(live.engine.market.last('AAPL')!.priceText);
  const [takeProfit, stopLoss] = [plus(last, price('0.5')), minus(last, price('0.5'))];
  const refusal = await live.desk.execute({
    ...{ kind: 'PLACE_ORDER', requestId: 'b1', ...PLACE, side: 'BUY', type: 'MARKET' },
    ...({
      timeInForce: 'DAY',
      quantity: quantity('7'),
      limitPrice: null,
      stopPrice: null,
    } as const),
    bracket: { takeProfit, stopLoss, stopLimit: null, trail: null, tradingDate: '2026-01-05' },
  });
  expect(refusal).toBeNull();
  const rests = (name: string): boolean => leg(name)?.status === 'WORKING';
  await step(() => rests('stopLoss') && rests('takeProfit'));
  expect(held()).toBe('7');
  const before = [leg('stopLoss')!, leg('takeProfit')!];
  expect(before.map(({ type, quantity: size }) => `${type} ${toText(size)}`)).toEqual([
    'STOP 7',
    'LIMIT 7',
  ]);
  await live.close();
  await start();
  const after = [leg('stopLoss')!, leg('takeProfit')!];
  expect(after.map(({ id, permId, status }) => [id, permId, status])).toEqual(
    before.map(({ id, permId }) => [id, permId, 'WORKING']),
  );
  await step(() => held() === '0');
  const exits = ['stopLoss', 'takeProfit'];
  await step(() => exits.every((name) => isFinal(leg(name)!)));
  const ends = exits.map((name) => leg(name)!.status);
  expect(ends.sort()).toEqual(['CANCELLED', 'FILLED']);
  expect(live.engine.state.orders.size).toBe(3);
});
