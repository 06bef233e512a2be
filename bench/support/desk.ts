// A desk in the middle of its day: positions, working orders, a history of openings, last prices,
// and orders that are due to be decided. Built through the engine and the exchange themselves.

import { Exchange } from '../../src/broker/simulator/exchange';
import { InProcessBroker } from '../../src/broker/simulator/in-process';
import { money, price, quantity } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import type { Order } from '../../src/domain/order';
import type { RuleBook } from '../../src/domain/ports';
import { NOT_ASSESSED, type Context } from '../../src/engine/core/context';
import { decide } from '../../src/engine/core/decide';
import { evolve } from '../../src/engine/core/evolve';
import { orderOf, type State } from '../../src/engine/core/state';
import { Engine } from '../../src/engine/loop';
import { SqliteJournal } from '../../src/persistence/journal';
import { ManualClock } from '../../src/simulation/manual-clock';
import { inDollars, instruments, OPEN, START } from './tape';

const INSTRUMENTS = 20;
const ACCOUNT = 'BENCH';
const STRATEGY = 'momentum';
/** Between two orders of the morning: well inside what the order rates permit. */
const PACE_MS = 15_000;

export interface Desk {
  readonly state: State;
  readonly context: Context;
  readonly rules: RuleBook;
  /** Orders that nobody has decided yet; some will be denied. */
  readonly due: readonly Order[];
  readonly now: number;
}

type Ask = Omit<Extract<Command, { kind: 'PLACE_ORDER' }>, 'kind'>;

/** The desk at the end of its morning. */
export async function openDesk(rules: RuleBook): Promise<Desk> {
  const morning = new Morning(rules);
  await morning.open();
  for (let n = 0; n < 3 * INSTRUMENTS; n += 1) await morning.order(n);
  return morning.end();
}

class Morning {
  readonly #clock = new ManualClock(OPEN);
  readonly #exchange = new Exchange();
  readonly #listed = instruments(INSTRUMENTS);
  readonly #journal = new SqliteJournal(':memory:');
  readonly #rules: RuleBook;
  readonly #engine: Engine;
  #inputs = 0;

  constructor(rules: RuleBook) {
    this.#rules = rules;
    const broker = new InProcessBroker(this.#exchange, this.#clock, (stamped) =>
      this.#engine.submit({ ...this.#edge(), input: { kind: 'REPORT', report: stamped.report } }),
    );
    this.#engine = new Engine({
      ...{ journal: this.#journal, broker, rules, limits: DEFAULT_LIMITS },
      publish: () => undefined,
    });
  }

  async open(): Promise<void> {
    const cash = money('100000');
    this.#exchange.accounts.open(ACCOUNT, 'USD', cash);
    await this.#execute({ kind: 'OPEN_ACCOUNT', account: ACCOUNT, currency: 'USD', cash });
    await this.#execute({ kind: 'CREATE_STRATEGY', strategy: STRATEGY, allowsShort: true });
    for (const instrument of this.#listed) {
      this.#exchange.list(instrument);
      await this.#execute({ kind: 'ADD_INSTRUMENT', instrument });
    }
  }

  /** One at the market, which fills; then two resting limits in the same instrument. */
  async order(n: number): Promise<void> {
    this.#clock.set(this.#clock.now() + PACE_MS);
    const resting = n >= INSTRUMENTS;
    const cents = START + n - (resting ? 100 : 0);
    const ask = this.#ask(n, { units: 20 + n, limit: resting ? inDollars(cents) : null });
    this.#see(n, START + n);
    await this.#execute({ kind: 'PLACE_ORDER', ...ask });
    await this.#trade(n, START + n + 1);
  }

  /** Leaves one order per instrument undecided. */
  end(): Desk {
    this.#clock.set(this.#clock.now() + PACE_MS);
    const now = this.#clock.now();
    const { state, market } = this.#engine;
    const context: Context = {
      ...{ limits: DEFAULT_LIMITS, kinds: this.#rules.kinds, market },
      ruleSetHash: this.#rules.hash,
    };
    const due = this.#listed.map((_, n) => {
      this.#see(n, START + n);
      const command = { kind: 'PLACE_ORDER', ...this.#undecided(n) } as const;
      const envelope = { ...this.#edge(), input: { kind: 'COMMAND', command } } as const;
      const { events } = decide(state, envelope, {
        ...context,
        assessment: NOT_ASSESSED,
        canSend: true,
      });
      for (const event of events) evolve(state, { sequence: state.sequence + 1, at: now, event });
      const [made] = events;
      if (made?.type !== 'OrderArmed') throw new Error(`order ${n} was not taken`);
      return orderOf(state, made.order.id);
    });
    this.#journal.close();
    return { state, context, rules: this.#rules, due, now };
  }

  /** Two of twenty are denied: worth too much, or too far through the market. */
  #undecided(n: number): Ask {
    if (n === 5) return this.#ask(n, { units: 300, limit: null });
    if (n === 11) return this.#ask(n, { units: 30, limit: inDollars(START + 1_000) });
    return this.#ask(n, { units: 30 + n, limit: n % 2 === 0 ? null : inDollars(START + n - 5) });
  }

  #ask(n: number, { units, limit }: { units: number; limit: string | null }): Ask {
    this.#inputs += 1;
    return {
      requestId: `request-${this.#inputs}`,
      strategy: STRATEGY,
      account: ACCOUNT,
      instrument: this.#keyOf(n),
      side: 'BUY',
      type: limit === null ? 'MARKET' : 'LIMIT',
      timeInForce: 'DAY',
      quantity: quantity(String(units)),
      limitPrice: limit === null ? null : price(limit),
      stopPrice: null,
    };
  }

  #see(n: number, cents: number): void {
    this.#engine.observe({ ...this.#tick(n, cents), at: this.#clock.now() });
  }

  async #trade(n: number, cents: number): Promise<void> {
    const trade = { ...this.#tick(n, cents), at: this.#clock.now(), sizeText: '100' };
    for (const { report } of this.#exchange.match(trade)) {
      this.#engine.submit({ ...this.#edge(), input: { kind: 'REPORT', report } });
      await this.#engine.drain();
    }
  }

  #tick(n: number, cents: number) {
    const priceText = inDollars(cents);
    return { instrument: this.#keyOf(n), price: cents / 100, priceText };
  }

  #keyOf(n: number): string {
    return this.#listed[n % INSTRUMENTS]?.key ?? '';
  }

  #edge(): { readonly id: string; readonly at: number } {
    this.#inputs += 1;
    return { id: `input-${this.#inputs}`, at: this.#clock.now() };
  }

  async #execute(command: Command): Promise<void> {
    const refusal = await this.#engine.execute(command, this.#edge());
    if (refusal !== null) throw new Error(`${command.kind} was refused: ${refusal.message}`);
  }
}
