// An engine that holds as many armed orders as is said, over many instruments, and sees prices as
// the live desk hands them on. Must not know what is measured.

import { money, price, quantity } from '../../src/domain/decimal';
import { idFrom, type OrderId } from '../../src/domain/ids';
import type { Command, PlanToArm } from '../../src/domain/input';
import type { Instrument } from '../../src/domain/instrument';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import { DEFAULT_PLAN_SETTINGS, type PlanLeg } from '../../src/domain/plan';
import type { Broker, RuleBook } from '../../src/domain/ports';
import { Engine } from '../../src/engine/loop';
import type { TradeTape } from '../../src/market-data/trade-tape';
import { CountingJournal } from './counting-journal';
import { inDollars, instruments, OPEN, START } from './tape';

const INSTRUMENTS = 1_000;
/** Far entries of one plan: as many as a list of an instruction file may hold. */
const ENTRIES = 200;
/** Orders that one command arms, so that no batch of events is a burden by itself. */
const PER_COMMAND = 2_000;
const ACCOUNT = 'BENCH';
const NEAR = 'near';
const DAY_MS = 86_400_000;

/** Takes every order and says nothing: what the broker does with one is no part of this. */
const SILENT_BROKER: Broker = {
  canSend: () => true,
  place: () => undefined,
  modify: () => undefined,
  cancel: () => undefined,
};

export const listed: readonly Instrument[] = instruments(INSTRUMENTS);

export class ArmedDesk {
  readonly engine: Engine;
  #inputs = 0;
  #days = 0;
  /** Those armed last near the price. */
  #near: readonly OrderId[] = [];

  constructor(rules: RuleBook) {
    this.engine = new Engine({
      ...{ journal: new CountingJournal(), broker: SILENT_BROKER, rules },
      ...{ limits: DEFAULT_LIMITS, publish: () => undefined },
    });
  }

  /** Opens the books and arms orders that never fire, evenly over the instruments. */
  async open(far: number): Promise<void> {
    const kind = 'OPEN_ACCOUNT';
    await this.#execute({ kind, account: ACCOUNT, currency: 'USD', cash: money('100000000') });
    for (const instrument of listed) await this.#execute({ kind: 'ADD_INSTRUMENT', instrument });
    await this.#create(NEAR);
    const each = Math.ceil(far / listed.length);
    for (let armed = 0; armed < each; armed += ENTRIES) {
      const strategy = `far-${armed / ENTRIES}`;
      await this.#create(strategy);
      const entries = Math.min(ENTRIES, each - armed);
      const plans = listed
        .slice(0, Math.ceil(far / each))
        .map((instrument, n) => planOf(instrument, farEntries({ each, first: armed, entries, n })));
      const portion = Math.max(1, Math.floor(PER_COMMAND / entries));
      for (let n = 0; n < plans.length; n += portion) {
        await this.#load(strategy, plans.slice(n, n + portion));
      }
    }
  }

  /** Arms orders a little above the start, one an instrument; those of the day before end. */
  async armNear(count: number): Promise<void> {
    const { state } = this.engine;
    this.#days += 1;
    for (const order of this.#near) {
      const waits = state.orders.get(order)?.status === 'ARMED';
      if (waits) await this.#execute({ kind: 'CANCEL_ORDER', order, reason: 'session end' });
    }
    const made = state.ordersMade;
    const cents = START + 15;
    const leg = entry(0, { side: 'BUY', cents, cross: 'CROSS_OVER' });
    await this.#load(
      NEAR,
      listed.slice(0, count).map((instrument) => planOf(instrument, [leg])),
    );
    this.#near = Array.from({ length: count }, (_, n) => idFrom('ord', made + n + 1));
  }

  /** The tape as the prices of the day on which orders were armed last. */
  async see(tape: TradeTape): Promise<void> {
    const { engine } = this;
    const shift = this.#days * DAY_MS;
    for (let n = 0; n < tape.length; n += 1) {
      const { at, instrument, price: last, priceText } = tape.trade(n);
      const observation = engine.observe({ at: at + shift, instrument, price: last, priceText });
      const lost = engine.watchLosses(observation, `tick-${n}`);
      if (engine.fire(observation, `tick-${n}`) || lost) await engine.drain();
    }
  }

  /** How many orders near the price have been let go, whatever the rules said of them. */
  get fired(): number {
    let fired = 0;
    for (const id of this.#near) {
      if (this.engine.state.orders.get(id)?.trigger?.firedAt != null) fired += 1;
    }
    return fired;
  }

  get armed(): number {
    let armed = 0;
    for (const { status } of this.engine.state.orders.values()) if (status === 'ARMED') armed += 1;
    return armed;
  }

  #create(strategy: string): Promise<void> {
    return this.#execute({ kind: 'CREATE_STRATEGY', strategy, allowsShort: true });
  }

  #load(strategy: string, plans: readonly PlanToArm[]): Promise<void> {
    const kind = 'LOAD_INSTRUCTIONS';
    const fileName = `${strategy}.json`;
    const contentHash = `${strategy}/${this.#days}/${this.#inputs}`;
    const tradingDate = strategy === NEAR ? this.#date() : '9999-12-31';
    const named = { fileName, contentHash, strategy, account: ACCOUNT, tradingDate };
    return this.#execute({ kind, ...named, plans });
  }

  #date(): string {
    return new Date(OPEN + this.#days * DAY_MS).toISOString().slice(0, 10);
  }

  async #execute(command: Command): Promise<void> {
    this.#inputs += 1;
    const edge = { id: `input-${this.#inputs}`, at: OPEN + this.#days * DAY_MS };
    const refusal = await this.engine.execute(command, edge);
    if (refusal !== null) throw new Error(`${command.kind} was refused: ${refusal.message}`);
  }
}

/** Entries from 20 to 60 percent away from the start, above and below in turn. */
function farEntries(given: {
  readonly each: number;
  readonly first: number;
  readonly entries: number;
  readonly n: number;
}): readonly PlanLeg[] {
  const { each, first, entries, n } = given;
  return Array.from({ length: entries }, (_, at) => {
    const place = (first + at + (n % 7) / 7) / each;
    const away = Math.floor(START * (0.2 + 0.4 * place));
    const above = (first + at + n) % 2 === 0;
    return above
      ? entry(at, { side: 'BUY', cents: START + away, cross: 'CROSS_OVER' })
      : entry(at, { side: 'SELL', cents: START - away, cross: 'CROSS_UNDER' });
  });
}

interface Wanted extends Pick<PlanLeg, 'side' | 'cross'> {
  readonly cents: number;
}

function entry(n: number, { side, cents, cross }: Wanted): PlanLeg {
  return {
    leg: `entry[${n}]`,
    rank: n,
    pointer: `/SIM/Entry OCA/${n}`,
    side,
    type: 'LIMIT',
    quantity: quantity('10'),
    price: price(inDollars(cents)),
    cross,
    firesOnGap: true,
    namedStop: false,
  };
}

function planOf({ key }: Instrument, entries: readonly PlanLeg[]): PlanToArm {
  const spec = { symbol: key, entries, ifLong: [], ifShort: [], settings: DEFAULT_PLAN_SETTINGS };
  return { spec, instrument: key, previousClose: price(inDollars(START)) };
}
