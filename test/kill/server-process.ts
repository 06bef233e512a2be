// The live preset in a process of its own, to be killed: journal, query tables, rules, broker
// session and desk as in production, on a gateway in another process. Takes intents from its
// parent.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { isFinal } from '../../src/domain/order';
import type { Clock } from '../../src/domain/ports';
import { createLogger } from '../../src/ops/log';
import { startLive, type RunningLive } from '../../src/presets/live';
import { SYMBOLS, type Answer, type FromServer, type Intent, type Look } from './messages';
import type { MarketTime, ServerOrders, ToServer } from './messages';

const PRICES_EVERY = 25;
const CLIENT_ID = 17;
const ACCOUNT = 'DU0000001';

const tell = (message: FromServer): void => void process.send?.(message);

/** The gateway's time, carried on by the clock of this machine; never goes back. */
class FollowedClock implements Clock {
  #time: MarketTime;
  #latest = 0;

  constructor(time: MarketTime) {
    this.#time = time;
  }

  follow(time: MarketTime): void {
    this.#time = time;
  }

  now(): number {
    const { market, wall, speed } = this.#time;
    const now = Math.floor(market + (Date.now() - wall) * speed);
    this.#latest = Math.max(this.#latest, now);
    return this.#latest;
  }
}

async function main(orders: ServerOrders): Promise<void> {
  const clock = new FollowedClock(orders.time);
  const live = await startLive({
    config: configOf(orders),
    log: createLogger({ format: 'text', level: 'DEBUG', secrets: [] }),
    broker: { host: '127.0.0.1', port: orders.gatewayPort, clock },
    onStopped: (cause) => tell({ kind: 'failed', message: cause.stack ?? cause.message }),
  });
  tell({ kind: 'opened' });
  process.on('message', (message: ToServer) => {
    if (message.kind === 'time') return clock.follow(message);
    if (message.kind === 'stop') return stop(live);
    if (message.kind === 'look') {
      return tell({ kind: 'look', number: message.number, look: lookOf(live) });
    }
    const { number, intent } = message;
    answerOf(live, intent).then(
      (answer) => tell({ kind: 'answer', number, answer }),
      (cause: unknown) => tell({ kind: 'failed', message: `${intent.id}: ${String(cause)}` }),
    );
  });
  let ready = false;
  const last: Record<string, string> = {};
  live.desk.onQuote((quote) => {
    if (quote.last !== null) last[quote.instrument] = toText(quote.last);
  });
  setInterval(() => {
    if (ready) tell({ kind: 'prices', last });
  }, PRICES_EVERY);
  const waiting = setInterval(() => {
    if (live.desk.link().state !== 'READY') return;
    clearInterval(waiting);
    void watchAll(live).then(() => {
      ready = true;
      tell({ kind: 'ready' });
    });
  }, 1);
}

/** As whoever looks at prices does; an order without a price is denied. */
async function watchAll({ desk }: RunningLive): Promise<void> {
  for (const symbol of SYMBOLS) {
    const key = await desk.findInstrument(symbol);
    if (key !== null) desk.watch(key);
  }
}

function configOf({ dataDir, rulesDir, databaseUrl }: ServerOrders) {
  return {
    ...({ mode: 'DEMO', host: '127.0.0.1', port: 0, gatewayPort: 0, token: null } as const),
    ...{ dataDir, rulesDir, databaseUrl, instructionsDir: dataDir, demoSpeed: 1 },
    ...({ logFormat: 'text', logLevel: 'DEBUG' } as const),
    ib: { host: '127.0.0.1', port: 0, clientId: CLIENT_ID },
  };
}

function stop(live: RunningLive): void {
  live.close().then(
    () => {
      tell({ kind: 'closed' });
      process.exit(0);
    },
    (cause: unknown) => tell({ kind: 'failed', message: String(cause) }),
  );
}

async function answerOf({ engine, desk }: RunningLive, intent: Intent): Promise<Answer> {
  if (intent.kind === 'LOAD') {
    const { fileName, content, strategy } = intent;
    const ask = { fileName, content, strategy, account: null, tradingDate: null, dryRun: false };
    const { refusal } = await desk.loadInstructions(ask);
    return { refusal: refusal === null ? null : `${refusal.code} ${refusal.message}`, order: null };
  }
  const edge = { id: desk.commandId(), at: desk.now() };
  const refusal = await engine.execute(commandOf(intent), edge);
  const order = engine.state.requests.get(intent.id) ?? null;
  return { refusal: refusal === null ? null : `${refusal.code} ${refusal.message}`, order };
}

function commandOf(intent: Exclude<Intent, { kind: 'LOAD' }>): Command {
  switch (intent.kind) {
    case 'STRATEGY':
      return { kind: 'CREATE_STRATEGY', strategy: intent.strategy, allowsShort: true };
    case 'CANCEL':
      return { kind: 'CANCEL_ORDER', order: intent.order, reason: `by hand ${intent.id}` };
    case 'MODIFY': {
      const { id: requestId, order } = intent;
      return {
        ...{ kind: 'MODIFY_ORDER', requestId, order, stopPrice: null },
        quantity: intent.quantity === null ? null : quantity(intent.quantity),
        limitPrice: intent.limitPrice === null ? null : price(intent.limitPrice),
      };
    }
    case 'PLACE': {
      const { id: requestId, strategy, instrument, side, type, limitPrice, stopPrice } = intent;
      return {
        ...{ kind: 'PLACE_ORDER', requestId, strategy, account: ACCOUNT, instrument, side, type },
        ...{ timeInForce: 'DAY', quantity: quantity(intent.quantity) },
        limitPrice: limitPrice === null ? null : price(limitPrice),
        stopPrice: stopPrice === null ? null : price(stopPrice),
      };
    }
  }
}

function lookOf({ engine, desk }: RunningLive): Look {
  const { state } = engine;
  const live = [...state.orders.values()].filter((order) => !isFinal(order));
  return {
    linkReady: desk.link().state === 'READY',
    live: live.map(({ id, status }) => ({ id, status })),
    breaks: [...state.breaks.values(), ...state.suspectedBreaks.values()].map(
      ({ instrument }) => instrument,
    ),
    sequence: state.sequence,
  };
}

process.on('disconnect', () => process.exit(1));
main(JSON.parse(process.argv[2] ?? '{}') as ServerOrders).catch((cause: unknown) => {
  tell({ kind: 'failed', message: cause instanceof Error ? (cause.stack ?? '') : String(cause) });
  process.exitCode = 1;
});
