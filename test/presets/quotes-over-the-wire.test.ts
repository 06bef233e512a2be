// Triggers on quotes over the real wire: a gateway whose market is stepped, the broker session on
// its socket, the live desk and the engine. What the last price does is watched beside it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { price, quantity, toNumber, toText, type Price } from '../../src/domain/decimal';
import type { LatestQuote } from '../../src/domain/desk';
import type { Command } from '../../src/domain/input';
import type { Trade } from '../../src/domain/market';
import type { Order } from '../../src/domain/order';
import { createLogger } from '../../src/ops/log';
import { startGateway, type RunningGateway } from '../../src/presets/gateway';
import { startLive, type RunningLive } from '../../src/presets/live';
import { SHIPPED_RULES } from '../../src/presets/rule-books';

/** Far more than the market takes to move by a cent. */
const MOST_STEPS = 50_000;
const ACCOUNT = 'DU0000001';

let folder: string;
let gateway: RunningGateway;
let live: RunningLive;
const trades: Trade[] = [];
let heard = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-quotes-'));
  gateway = await startGateway({ port: 0, speed: 0, seed: 3 });
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
  await live.desk.execute({ kind: 'CREATE_STRATEGY', strategy: 'hand', allowsShort: true });
  const found = live.desk.findInstrument('AAPL');
  while (live.desk.quote('AAPL') === null) {
    await gateway.stepTrade();
    await nextTurn();
  }
  expect(await found).toBe('AAPL');
  // Answered in turn: what the market has said until now has been heard.
  await live.desk.findInstrument('NONESUCH');
  live.desk.onQuote(({ instrument }) => {
    if (instrument === 'AAPL') heard += 1;
  });
  await step(() => sides() !== null && live.engine.market.last('AAPL') !== undefined);
});
afterAll(async () => {
  await live.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes the market on until something is there; everything it says has been heard by then. */
async function step(until: () => boolean): Promise<void> {
  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    if (until()) return;
    const trade = await gateway.stepTrade();
    if (trade?.instrument !== 'AAPL') continue;
    trades.push(trade);
    // The market quotes before each trade: bid, ask and last.
    while (heard < trades.length * 3) await nextTurn();
    await live.engine.drain();
  }
  throw new Error('the market did not come to it');
}

function sides(): { readonly bid: Price; readonly ask: Price } | null {
  const quote: LatestQuote | null = live.desk.quote('AAPL');
  return quote?.bid && quote.ask ? { bid: quote.bid, ask: quote.ask } : null;
}

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;

async function arm(requestId: string, changes: Pick<Placing, 'side' | 'trigger'>) {
  const refusal = await live.desk.execute({
    ...{ kind: 'PLACE_ORDER', requestId, strategy: 'hand', account: ACCOUNT, instrument: 'AAPL' },
    ...({ type: 'MARKET', timeInForce: 'DAY', quantity: quantity('1') } as const),
    ...{ limitPrice: null, stopPrice: null },
    ...changes,
  });
  expect(refusal).toBeNull();
  const { state } = live.engine;
  return (): Order => state.orders.get(state.requests.get(requestId) ?? '')!;
}

it.each([
  ['BUY', 'ask', 1],
  ['SELL', 'bid', -1],
] as const)('a %s on bid-ask fires on the %s, before the last price is there', async (...given) => {
  const [side, looksAt, up] = given;
  const through = (at: Price, level: Price): boolean => (toNumber(at) - toNumber(level)) * up >= 0;
  for (let attempt = 1; ; attempt += 1) {
    const level = sides()![looksAt];
    const last = live.engine.market.last('AAPL')!;
    if (!through(price(last.priceText), level)) {
      const trigger = { kind: 'STOP', level, priceSource: 'BID_ASK' } as const;
      const order = await arm(`${side}-${attempt}`, { side, trigger });
      // One quote, and the trade after it.
      const before = trades.length;
      await step(() => trades.length > before);
      const at = sides()![looksAt];
      if (through(at, level)) {
        expect(toText(order().trigger!.firedPrice!)).toBe(toText(at));
        await step(() => order().status === 'FILLED');
        const decision = await live.history.decision(order().decision!);
        expect(decision!.firedOn).toEqual({ priceKind: looksAt.toUpperCase(), price: at });
        return;
      }
      expect(order().status).toBe('ARMED');
      await live.desk.execute({ kind: 'CANCEL_ORDER', order: order().id, reason: 'not this one' });
    }
    const before = trades.length;
    await step(() => trades.length > before);
  }
});
