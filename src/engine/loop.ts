/**
 * The single writer: input -> facts -> rules -> decide -> journal -> evolve -> effects ->
 * publish, one input at a time. Nothing else changes trading state, and nothing leaves for the
 * broker before the event it follows from is durable.
 */
import { isZero, price, toNumber } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Command, Envelope, Input, LegFired } from '../domain/input';
import type { HardLimits } from '../domain/limits';
import type { Market, Tick } from '../domain/market';
import type { Order } from '../domain/order';
import type { Broker, Journal, RuleBook } from '../domain/ports';
import { NOT_ASSESSED, type Assessment, type Context } from './core/context';
import { decide } from './core/decide';
import { releasable } from './core/decide-trigger';
import { effectOf } from './core/effects';
import { evolve } from './core/evolve';
import { conditionalFacts, riskFacts } from './core/risk-facts';
import { accountsAtLoss } from './core/loss';
import { sendableQuantity } from './core/sizing';
import { emptyState, orderOf, type State } from './core/state';
import { TriggerIndex, type Armed } from './core/triggers';
import { LatestPrices } from './latest-prices';

export interface EngineParts {
  readonly journal: Journal;
  readonly broker: Broker;
  readonly rules: RuleBook;
  readonly limits: HardLimits;
  /** Hears of every committed record, in order, with the state that includes it. */
  readonly publish: (records: readonly JournalRecord[], state: State) => void;
}

/** A price that was seen, and the one before it. */
export interface Observation {
  readonly tick: Tick;
  readonly previous: number | null;
  /** False for what is no price, such as zero: nothing looks at it. */
  readonly eligible: boolean;
}

interface Job {
  readonly envelope: Envelope;
  /** The index entry of a fired leg, to be put back when its order stays armed. */
  readonly fired: { readonly armed: Armed; readonly tick: Tick } | null;
  /** Hears whether the input was refused. */
  readonly answer: ((refusal: string | null) => void) | null;
}

function withoutReference(order: Order): Order {
  return order.trigger === null
    ? order
    : { ...order, trigger: { ...order.trigger, reference: null } };
}

/** Raised by everything once the engine has stopped; the cause is why it stopped. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
  constructor(override readonly cause: Error) {
    super(`The engine has stopped and takes nothing in: ${cause.message}`);
  }
}

export class Engine {
  readonly state: State = emptyState();
  readonly #parts: EngineParts;
  readonly #prices = new LatestPrices();
  readonly #index: TriggerIndex;
  readonly #context: Context;
  #mailbox: Job[] = [];
  #stopped: EngineStopped | null = null;
  #draining: Promise<void> | null = null;

  /** Folds what the journal holds. @throws InvariantBreach when the journal breaks its own books */
  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#index = new TriggerIndex(parts.rules.kinds);
    this.#context = {
      limits: parts.limits,
      kinds: parts.rules.kinds,
      ruleSetHash: parts.rules.hash,
      market: this.#prices,
    };
    for (const record of parts.journal.read(0)) evolve(this.state, record);
    // The price before the next one is not known after a restart: it only sets the reference.
    for (const order of this.state.orders.values()) this.#watch(withoutReference(order));
  }

  /** The latest prices the engine has seen. */
  get market(): Market {
    return this.#prices;
  }

  /**
   * A price came in: known to all that is decided from now on. Orders armed later do not look at
   * it.
   */
  observe(tick: Tick): Observation {
    if (!(Number.isFinite(tick.price) && tick.price > 0)) {
      return { tick, previous: null, eligible: false };
    }
    this.#index.admit(tick.instrument);
    return { tick, previous: this.#prices.see(tick)?.price ?? null, eligible: true };
  }

  /**
   * Looks at the losses of the accounts that hold what has a new price. False, and nothing to wait
   * for, when none has reached its limit.
   */
  watchLosses({ tick, eligible }: Observation, id: string): boolean {
    if (!eligible) return false;
    const accounts = accountsAtLoss(this.state, this.#context, tick.instrument);
    for (const account of accounts) {
      const input: Input = { kind: 'LOSS_SEEN', account };
      const envelope = { id: `${id}/loss/${account}`, at: tick.at, input };
      this.#mailbox.push({ envelope, fired: null, answer: null });
    }
    return accounts.length > 0;
  }

  /** Looks at triggers with an observed price. False, and nothing to wait for, when none fired. */
  fire(observation: Observation, id: string): boolean {
    const { tick, eligible } = observation;
    if (!eligible) return false;
    const fired = this.#index.firedBy(tick);
    if (fired.length === 0) return false;
    for (const [n, armed] of this.#inFileOrder(fired).entries()) {
      const previous = armed.from ?? observation.previous;
      const input: LegFired = {
        kind: 'LEG_FIRED',
        order: armed.order,
        price: price(tick.priceText),
        previous,
      };
      const envelope = { id: `${id}/${n + 1}`, at: tick.at, input };
      this.#mailbox.push({ envelope, fired: { armed, tick }, answer: null });
    }
    return true;
  }

  /** Puts an input into the mailbox; `drain` works it off. @throws EngineStopped */
  submit(envelope: Envelope): void {
    if (this.#stopped !== null) throw this.#stopped;
    this.#mailbox.push({ envelope, fired: null, answer: null });
  }

  /**
   * Runs a command, after what came in before it, and what follows from it. Null, or why it was
   * refused. @throws EngineStopped
   */
  async execute(
    command: Command,
    edge: { readonly id: string; readonly at: number },
  ): Promise<string | null> {
    if (this.#stopped !== null) throw this.#stopped;
    const answered: { refusal: string | null } = { refusal: null };
    const answer = (given: string | null): void => {
      answered.refusal = given;
    };
    const envelope: Envelope = { ...edge, input: { kind: 'COMMAND', command } };
    this.#mailbox.push({ envelope, fired: null, answer });
    await this.drain();
    return answered.refusal;
  }

  /**
   * Resolves when the mailbox is empty. Whoever calls while it is being worked off waits for the
   * same work, which looks at the mailbox once more before it ends. @throws EngineStopped
   */
  async drain(): Promise<void> {
    do {
      this.#draining ??= this.#guarded(() => this.#drainAll()).finally(() => {
        this.#draining = null;
      });
      await this.#draining;
    } while (this.#mailbox.length > 0);
  }

  async #drainAll(): Promise<void> {
    while (this.#mailbox.length > 0) {
      const jobs = this.#mailbox;
      this.#mailbox = [];
      for (const job of jobs) await this.#workJob(job);
    }
  }

  async #workJob({ envelope, fired, answer }: Job): Promise<void> {
    const refusal = await this.#work(envelope);
    answer?.(refusal);
    if (fired === null) return;
    const { armed, tick } = fired;
    const stays = this.state.orders.get(armed.order)?.status === 'ARMED';
    if (stays) this.#index.putBack(armed, tick);
  }

  /** One input and the sends that it made due. */
  async #work(envelope: Envelope): Promise<string | null> {
    const refusal = await this.#step(envelope);
    let sends = 0;
    for (;;) {
      const [order] = this.state.dueSends;
      if (order === undefined) return refusal;
      sends += 1;
      const input: Input = { kind: 'SEND_DUE', order };
      await this.#step({ id: `${envelope.id}/send-${sends}`, at: envelope.at, input });
      if (this.state.dueSends.has(order)) throw new Error(`order ${order} stays due to be sent`);
    }
  }

  async #step(envelope: Envelope): Promise<string | null> {
    const assessment = await this.#assess(envelope);
    const { events, refusal } = decide(this.state, envelope, { ...this.#context, assessment });
    if (events.length === 0) return refusal;
    const { id: inputId, at } = envelope;
    const records = this.#parts.journal.append({ inputId, at, events });
    for (const record of records) this.#fold(record);
    for (const record of records) this.#affect(record);
    this.#parts.publish(records, this.state);
    return refusal;
  }

  #fold(record: JournalRecord): void {
    const { event } = record;
    evolve(this.state, record);
    if (event.type === 'OrderArmed') this.#watch(event.order);
    if (event.type === 'OrderRearmed') this.#watch(orderOf(this.state, event.order));
  }

  #watch(order: Order): void {
    if (order.status === 'ARMED' && order.heldBy === 'ENGINE') this.#index.arm(order);
  }

  #affect(record: JournalRecord): void {
    const effect = effectOf(this.state, record.event);
    switch (effect?.kind) {
      case 'PLACE':
        this.#parts.broker.place(effect.ticket);
        break;
      case 'MODIFY':
        this.#parts.broker.modify(effect.order, effect.quantity);
        break;
      case 'CANCEL':
        this.#parts.broker.cancel(effect.order);
        break;
      case undefined:
        break;
    }
  }

  /** Asks the rules about an intent, where the input is one. */
  async #assess({ input, at }: Envelope): Promise<Assessment> {
    if (input.kind === 'LEG_FIRED') return this.#assessTrigger(input, at);
    if (input.kind !== 'SEND_DUE') return NOT_ASSESSED;
    const order = this.state.orders.get(input.order);
    return order === undefined ? NOT_ASSESSED : this.#assessRisk(order, at);
  }

  async #assessTrigger(input: LegFired, at: number): Promise<Assessment> {
    const order = releasable(this.state, input);
    if (order?.trigger == null || order.kind === null) return NOT_ASSESSED;
    const conditional = await this.#parts.rules.assessConditional(order.kind, {
      side: order.side,
      price: toNumber(input.price),
      previous: input.previous,
      level: toNumber(order.trigger.level),
      facts: conditionalFacts(this.state, this.#context, order),
    });
    if (!conditional.fires) return { ...NOT_ASSESSED, conditional };
    return { ...(await this.#assessRisk(order, at)), conditional };
  }

  async #assessRisk(order: Order, at: number): Promise<Assessment> {
    const quantity = sendableQuantity(this.state, order);
    if (isZero(quantity)) return NOT_ASSESSED;
    const facts = riskFacts(this.state, this.#context, { order, quantity, at });
    const { effect, strategy, account } = order;
    const risk = await this.#parts.rules.assessRisk(facts, { effect, strategy, account });
    return { conditional: null, risk, facts };
  }

  /** Two triggers on one price are looked at in file order. */
  #inFileOrder(fired: readonly Armed[]): readonly Armed[] {
    if (fired.length < 2) return fired;
    const place = (armed: Armed): string => {
      const order = orderOf(this.state, armed.order);
      return `${order.plan ?? ''}|${String(order.rank).padStart(9, '0')}|${order.id}`;
    };
    const placed = fired.map((armed) => ({ armed, place: place(armed) }));
    return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ armed }) => armed);
  }

  /** Any failure stops the engine: what is not understood is not traded on. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stopped !== null) throw this.#stopped;
    try {
      return await work();
    } catch (cause) {
      this.#stopped ??= new EngineStopped(
        cause instanceof Error ? cause : new Error(String(cause)),
      );
      throw this.#stopped;
    }
  }
}
