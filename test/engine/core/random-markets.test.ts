// What must hold whatever happens: random plans, markets and brokers, with orders by hand, cancels
// and trading states thrown in.

import fc from 'fast-check';
import type { ExchangeSettings } from '../../../src/broker/simulator/exchange';
import { abs, compare, equals, minus, NO_QUANTITY, plus } from '../../../src/domain/decimal';
import { price, signOf, toText, type Quantity } from '../../../src/domain/decimal';
import type { JournalRecord } from '../../../src/domain/event';
import { isAtBroker, isFinal, type Order, type TriggerKind } from '../../../src/domain/order';
import type { TradingState } from '../../../src/domain/trading-state';
import { signed } from '../../../src/engine/core/ledger';
import { holdingOf, positionOf } from '../../../src/engine/core/state';
import { ACCOUNT, canonical, folded, openDesk, STRATEGY } from '../../support/trading-kit';
import type { Desk, PlanWords } from '../../support/trading-kit';

/** A longer search, by hand: RANDOM_RUNS=20. */
const MORE = Number(process.env['RANDOM_RUNS'] ?? 1);
const SYMBOLS = ['AAPL', 'MSFT'] as const;
const cents = fc.integer({ min: 970, max: 1_030 }).map((n) => n / 100);
const side = fc.constantFrom('BUY', 'SELL');
const type = fc.constantFrom('limit', 'market');
const size = fc.constantFrom(3, 10, 25);
const entry = fc
  .tuple(fc.constantFrom('over', 'under'), side, size, type, cents)
  .map((parts) => parts.join(' '));
const after = fc
  .tuple(side, size, type, cents, fc.constantFrom('', ' stop'))
  .map(([a, b, c, d, flag]) => `${[a, b, c, d].join(' ')}${flag}`);
/** A trailing stop: at the broker, or held here from an activation price on. */
const trail = (out: 'SELL' | 'BUY'): fc.Arbitrary<string> =>
  fc
    .tuple(size, fc.constantFrom('0.05', '0.2', '1%'), fc.option(cents))
    .map(
      ([units, by, from]) => `${out} ${units} trail ${by}${from === null ? '' : ` from ${from}`}`,
    );
const exits = (out: 'SELL' | 'BUY'): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: after }, { weight: 1, arbitrary: trail(out) });
const plan: fc.Arbitrary<PlanWords> = fc.record({
  entry: fc.array(entry, { minLength: 1, maxLength: 3, size: 'max' }),
  long: fc.array(exits('SELL'), { maxLength: 4, size: 'max' }),
  short: fc.array(exits('BUY'), { maxLength: 4, size: 'max' }),
  settings: fc.record(
    {
      exitQuantity: fc.constantFrom('LITERAL' as const, 'POSITION' as const),
      cycles: fc.constantFrom(1, 1, 3),
      onClose: fc.constant('FLATTEN' as const),
      ocaRelease: fc.constant('FILL' as const),
    },
    { requiredKeys: ['exitQuantity', 'cycles'] },
  ),
});

const symbol = fc.constantFrom(...SYMBOLS);
const tick = fc.record({
  do: fc.constant('tick' as const),
  symbol,
  price: cents,
  after: fc.constantFrom(0, 20, 1_000),
});
const cancel = fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(20) });
const place = fc.record({
  do: fc.constant('place' as const),
  symbol,
  words: fc
    .tuple(side, size, fc.constantFrom('market', 'limit', 'stop'), cents)
    .map((parts) => parts.join(' ')),
});
const arm = fc.record({
  do: fc.constant('arm' as const),
  symbol,
  words: fc.tuple(side, size, type, cents).map((parts) => parts.join(' ')),
  kind: fc.constantFrom<TriggerKind>('CROSS_OVER', 'CROSS_UNDER', 'TOUCH', 'STOP'),
  level: cents,
});
const closeOut = fc.record({ do: fc.constant('close-out' as const), symbol });
const halt = fc.record({
  do: fc.constant('state' as const),
  state: fc.constantFrom<TradingState>('ACTIVE', 'REDUCING', 'HALTED', 'ACTIVE'),
});
type Step = fc.Arbitrary<
  | { do: 'tick'; symbol: string; price: number; after: number }
  | { do: 'cancel'; nth: number }
  | { do: 'place'; symbol: string; words: string }
  | { do: 'arm'; symbol: string; words: string; kind: TriggerKind; level: number }
  | { do: 'close-out'; symbol: string }
  | { do: 'state'; state: TradingState }
>;
const ticksOnly: Step = fc.oneof(
  { weight: 20, arbitrary: tick },
  { weight: 1, arbitrary: closeOut },
);
const cancels: Step = fc.oneof(
  { weight: 12, arbitrary: tick },
  { weight: 1, arbitrary: cancel },
  { weight: 1, arbitrary: closeOut },
  { weight: 1, arbitrary: halt },
);
const anything: Step = fc.oneof(
  { weight: 12, arbitrary: tick },
  { weight: 1, arbitrary: cancel },
  { weight: 1, arbitrary: place },
  { weight: 1, arbitrary: arm },
  { weight: 1, arbitrary: closeOut },
  { weight: 1, arbitrary: halt },
);
const marketOf = (step: Step) =>
  fc.record({
    plans: fc.tuple(plan, plan),
    steps: fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
  });
interface Market {
  readonly plans: readonly [PlanWords, PlanWords];
  readonly steps: readonly (typeof anything extends fc.Arbitrary<infer S> ? S : never)[];
}

const PROMPT = fc.record({ seed: fc.nat(), partialFills: fc.constantFrom(0, 0.6) });
const SLOW = fc.record({
  seed: fc.nat(),
  partialFills: fc.constantFrom(0, 0.6),
  slippageTicks: fc.constantFrom(0, 3),
  latency: fc.constantFrom({ min: 0, max: 0 }, { min: 5, max: 50 }, { min: 0, max: 1_500 }),
  commission: fc.constantFrom('none' as const, 'ib-fixed' as const),
});

/** Watches every batch of records as it is committed. */
class Watch {
  readonly fired = new Map<string, number>();
  readonly crossings: string[] = [];
  readonly #before = new Map<string, Quantity>();

  constructor(
    readonly desk: Desk,
    seen: (desk: Desk) => void,
  ) {
    desk.onCommit = (records) => {
      this.see(records);
      seen(desk);
    };
  }
  see(records: readonly JournalRecord[]): void {
    const { state } = this.desk;
    for (const { event } of records) {
      if (event.type === 'TriggerFired' || event.type === 'OrderElected') {
        this.fired.set(event.order, (this.fired.get(event.order) ?? 0) + 1);
      }
      if (event.type === 'OrderFilled') this.#crossing(event.fill.order!, event.holdingAfter);
      if (event.type === 'OrderFilled') expectBooks(this.desk, event.fill.instrument);
    }
    for (const order of state.orders.values()) {
      expect(compare(order.filledQuantity, order.sentQuantity)).toBeLessThanOrEqual(0);
      expect(compare(order.sentQuantity, order.intendedQuantity)).toBeLessThanOrEqual(0);
    }
    for (const { id } of state.plans.values()) expectOneEntryAtATime(this.desk, id);
  }
  #crossing(id: string, now: Quantity): void {
    const order = this.desk.order(id);
    const before = this.#before.get(order.instrument) ?? NO_QUANTITY;
    this.#before.set(order.instrument, now);
    // What closes a whole position is at the market beside the exits that rest until it has filled:
    // where both fill in one moment, the difference is bought back (decision 0010).
    if (order.role === 'LIQUIDATION') return;
    if (order.effect === 'REDUCE' && signOf(before) * signOf(now) < 0) this.crossings.push(id);
  }
}

function expectOneEntryAtATime({ state }: Desk, plan: string): void {
  const entries = (state.planOrders.get(plan) ?? []).map((id) => state.orders.get(id)!);
  const taken = entries.filter(
    (order) => order.role === 'ENTRY' && (isAtBroker(order) || signOf(order.filledQuantity) > 0),
  );
  expect(taken.length).toBeLessThanOrEqual(1);
}

function expectBooks({ state, exchange }: Desk, instrument: string): void {
  const key = { account: ACCOUNT, instrument };
  const held = holdingOf(state, { ...key, strategy: STRATEGY }).quantity;
  const loose = holdingOf(state, { ...key, strategy: null }).quantity;
  expect(equals(plus(held, loose), positionOf(state, key).quantity)).toBe(true);
  const theirs = exchange.accounts.position(ACCOUNT, instrument);
  expect(toText(positionOf(state, key).quantity)).toBe(toText(theirs));
}

async function run(
  market: Market,
  exchange: Partial<ExchangeSettings>,
  seen: (desk: Desk) => void = () => undefined,
): Promise<Desk> {
  const desk = await openDesk({ exchange, symbols: SYMBOLS });
  const watch = new Watch(desk, seen);
  for (const [n, words] of market.plans.entries()) await desk.load(SYMBOLS[n]!, words, '10');
  for (const step of market.steps) {
    if (step.do === 'tick') await desk.tick(step.symbol, String(step.price), step.after);
    if (step.do === 'place') await desk.place(step.symbol, step.words);
    if (step.do === 'arm') {
      const trigger = { kind: step.kind, level: price(String(step.level)) };
      await desk.place(step.symbol, step.words, { trigger });
    }
    if (step.do === 'close-out') await desk.closeOut(step.symbol);
    if (step.do === 'state') await setState(desk, step.state);
    if (step.do === 'cancel') await cancelNth(desk, step.nth);
  }
  for (const times of watch.fired.values()) expect(times).toBe(1);
  stats.crossings += watch.crossings.length;
  stats.fills += desk.state.fills.size;
  const slow = (exchange.latency?.max ?? 0) > 0;
  if (!slow) expect(watch.crossings).toEqual([]);
  return desk;
}

/** So that a search which meets nothing is noticed. */
const stats = { crossings: 0, fills: 0 };

async function cancelNth(desk: Desk, nth: number): Promise<void> {
  const open = [...desk.state.orders.values()].filter((order) => !isFinal(order));
  const order = open[nth % Math.max(open.length, 1)];
  if (order !== undefined) {
    await desk.command({ kind: 'CANCEL_ORDER', order: order.id, reason: 'by hand' });
  }
}
async function setState(desk: Desk, state: TradingState): Promise<void> {
  const scope = { kind: 'SYSTEM', key: '' } as const;
  await desk.command({ kind: 'SET_TRADING_STATE', scope, state, reason: 'test', by: 'test' });
}

/** Quiet trades at one price, far from every level, until everything under way has ended. */
async function settleDown(desk: Desk): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    for (const symbol of SYMBOLS) {
      const last = desk.engine.market.last(symbol);
      if (last !== undefined) await desk.tick(symbol, last.priceText, 2_000);
    }
  }
}

function expectAgreement(desk: Desk): void {
  for (const symbol of SYMBOLS) expectBooks(desk, symbol);
  const account = desk.state.accounts.get(ACCOUNT)!;
  expect(toText(account.cash)).toBe(toText(desk.exchange.accounts.cash(ACCOUNT)));
  const ours = [...desk.state.orders.values()].filter(isAtBroker).map((order) => order.id);
  expect(ours.sort()).toEqual(desk.exchange.working(ACCOUNT).sort());
}

/** What a plan that is done leaves behind: nothing of its own. */
function expectFlatWhereDone(desk: Desk): void {
  for (const { status, instrument, id, followedBy } of desk.state.plans.values()) {
    if (status !== 'DONE' || followedBy !== null) continue;
    expect([id, desk.held(instrument)]).toEqual([id, '0']);
  }
}

/** No exit at the broker is for more than there is to reduce. */
function expectExitsFit(desk: Desk): void {
  const held = (order: Order): Quantity => holdingOf(desk.state, order).quantity;
  for (const order of desk.state.orders.values()) {
    if (order.effect !== 'REDUCE' || !isAtBroker(order)) continue;
    const left = minus(order.quantity, order.filledQuantity);
    expect(compare(left, abs(held(order)))).toBeLessThanOrEqual(0);
    expect(signOf(signed(order.side, left)) * signOf(held(order))).toBe(-1);
  }
}

describe('a market at random', () => {
  it('without latency keeps every promise, whole fills and partial ones', async () => {
    await fc.assert(
      fc.asyncProperty(marketOf(cancels), PROMPT, async (market, exchange) => {
        const desk = await run(market, exchange);
        expectAgreement(desk);
        expectFlatWhereDone(desk);
        expectExitsFit(desk);
        desk.journal.close();
      }),
      { numRuns: 200 * MORE },
    );
  });

  it('with latency and slippage ends consistent and flattens what crossed', async () => {
    await fc.assert(
      fc.asyncProperty(marketOf(ticksOnly), SLOW, async (market, exchange) => {
        const desk = await run(market, exchange);
        await settleDown(desk);
        expectAgreement(desk);
        expectFlatWhereDone(desk);
        expectExitsFit(desk);
        desk.journal.close();
      }),
      { numRuns: 150 * MORE },
    );
  });

  it('with orders by hand beside the plans keeps the books and the journal', async () => {
    await fc.assert(
      fc.asyncProperty(marketOf(anything), SLOW, fc.nat(), async (market, exchange, pick) => {
        const live = new Map<number, string>();
        const desk = await run(market, exchange, ({ state }) => {
          if (state.sequence % 11 === pick % 11) live.set(state.sequence, canonical(state));
        });
        expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
        for (const [until, text] of live) expect(canonical(folded(desk.journal, until))).toBe(text);
        await settleDown(desk);
        expectAgreement(desk);
        desk.journal.close();
      }),
      { numRuns: 120 * MORE },
    );
  });

  it('gives the same journal hash twice', async () => {
    await fc.assert(
      fc.asyncProperty(marketOf(anything), SLOW, async (market, exchange) => {
        const hashes: string[] = [];
        for (let n = 0; n < 2; n += 1) {
          const desk = await run(market, exchange);
          hashes.push(desk.journal.head().hash);
          desk.journal.close();
        }
        expect(hashes[0]).toBe(hashes[1]);
      }),
      { numRuns: 40 * MORE },
    );
  });

  it('was busy enough to mean something', () => {
    expect(stats.fills).toBeGreaterThan(500);
    expect(stats.crossings).toBeGreaterThan(0);
  });
});
