/**
 * The single writer: input -> facts -> rules -> decide -> journal -> evolve -> effects ->
 * publish, one input at a time. Nothing else changes trading state, and nothing leaves for the
 * broker before the event it follows from is durable.
 */
import { price } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Command, Envelope, Input, LegFired, TrailMove } from '../domain/input';
import type { AccountKey, InstrumentKey } from '../domain/ids';
import type { Finding } from '../domain/instruction';
import type { HardLimits } from '../domain/limits';
import type { Market, Tick } from '../domain/market';
import type { PriceKind, QuoteKind } from '../domain/price-source';
import type { Broker, Journal, RuleBook } from '../domain/ports';
import type { Refusal } from '../domain/refusal';
import type { PreviewedDecision } from '../domain/verdict';
import type { Context, Outcome } from './core/context';
import { Assessor } from './assessor';
import { decide } from './core/decide';
import { isDue } from './core/decide-send';
import { effectOf } from './core/effects';
import { evolve } from './core/evolve';
import { accountsAtLoss } from './core/loss';
import { planLimits, type PlanLimits } from './core/plan-limits';
import { emptyState, linkAllows, type State } from './core/state';
import { looksAtStops } from './core/trail';
import { EngineStopped } from './engine-stopped';
import { inFileOrder } from './file-order';
import { previewOf } from './preview';
import { PriceWatch, type Fired, type MayHaveLooked, type Observation } from './price-watch';

export type { Observation } from './price-watch';

export interface EngineParts {
  readonly journal: Journal;
  readonly broker: Broker;
  readonly rules: RuleBook;
  readonly limits: HardLimits;
  /** Hears of every committed batch, in order, with the state that includes it. */
  readonly publish: (records: readonly JournalRecord[], state: State) => void;
  /** Hears once that the engine has stopped for good, and why. */
  readonly stopped?: (cause: Error) => void;
  /** Hears of every event right after it was folded in, also of those of earlier runs. */
  readonly folded?: (record: JournalRecord, state: State) => void;
  /** If so, the price before the next one is not known. Absent: each of them may. */
  readonly mayHaveLooked?: MayHaveLooked;
}

/** What is made at the edge for every input: its id and its time. */
type Edge = Pick<Envelope, 'id' | 'at'>;
type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;
type Loading = Extract<Command, { kind: 'LOAD_INSTRUCTIONS' }>;

interface Job {
  readonly envelope: Envelope;
  /** What a price let out of the index, to be put back when its order stays armed. */
  readonly fired: Fired | null;
  /** Hears whether the input was refused. */
  readonly answer: ((refusal: Refusal | null) => void) | null;
}

export class Engine {
  readonly state: State = emptyState();
  readonly #parts: EngineParts;
  readonly #watch: PriceWatch;
  readonly #context: Context;
  readonly #assessor: Assessor;
  #mailbox: Job[] = [];
  #stopped: EngineStopped | null = null;
  #draining: Promise<void> | null = null;

  /** The engine of any journal. @throws InvariantBreach when that breaks its own books */
  static async open(parts: EngineParts): Promise<Engine> {
    const engine = new Engine(parts);
    for await (const record of parts.journal.read(0)) engine.#recall(record);
    engine.#watch.watchAnew(engine.state, parts.mayHaveLooked);
    return engine;
  }

  /** Folds what the journal held. @throws InvariantBreach when that breaks its own books */
  constructor(parts: EngineParts, past: Iterable<JournalRecord> = []) {
    this.#parts = parts;
    this.#watch = new PriceWatch(parts.rules.kinds);
    this.#context = {
      limits: parts.limits,
      kinds: parts.rules.kinds,
      ruleSetHash: parts.rules.hash,
      market: this.#watch.prices,
    };
    this.#assessor = new Assessor({
      rules: parts.rules,
      state: this.state,
      context: this.#context,
    });
    for (const record of past) this.#recall(record);
    this.#watch.watchAnew(this.state, parts.mayHaveLooked);
  }

  #recall(record: JournalRecord): void {
    evolve(this.state, record);
    this.#parts.folded?.(record, this.state);
  }

  /** Whether it takes nothing in any more. */
  get hasStopped(): boolean {
    return this.#stopped !== null;
  }

  /** The latest prices the engine has seen. */
  get market(): Market {
    return this.#watch.prices;
  }

  /**
   * A price came in: known to all that is decided from now on. Orders armed later do not look at
   * it.
   */
  observe(tick: Tick, kind: PriceKind = 'LAST'): Observation {
    return this.#watch.see(tick, kind);
  }

  /** The kinds of quotes of an instrument that an armed order looks at: only these are taken in. */
  quotesOn(instrument: InstrumentKey): Iterable<QuoteKind> {
    return this.#watch.quotesOn(instrument);
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
    if (!observation.eligible) return false;
    const fired = this.#watch.firedBy(observation);
    const { at } = observation.tick;
    const recorded = this.#recordMoves(this.#watch.moved(observation), { id: `${id}/trail`, at });
    return fired.length === 0 ? recorded : this.#release(fired, id);
  }

  /** The same with several kinds of price of one moment: file order holds over all of them. */
  fireAll(observations: readonly Observation[], id: string): boolean {
    const seen = observations.filter(({ eligible }) => eligible);
    const fired = seen.flatMap((each) => this.#watch.firedBy(each));
    const moved = seen.flatMap((each) => this.#watch.moved(each));
    const at = seen[0]?.tick.at ?? 0;
    const recorded = this.#recordMoves(moved, { id: `${id}/trail`, at });
    return fired.length === 0 ? recorded : this.#release(fired, id);
  }

  #release(released: readonly Fired[], id: string): true {
    for (const [n, fired] of inFileOrder(this.state, released).entries()) {
      const { armed, observation } = fired;
      const { at, priceText } = observation.tick;
      const input: LegFired = {
        kind: 'LEG_FIRED',
        order: fired.order,
        price: price(priceText),
        previous: armed.from ?? observation.previous,
      };
      const envelope = { id: `${id}/${n + 1}`, at, input };
      this.#mailbox.push({ envelope, fired, answer: null });
    }
    return true;
  }

  /**
   * Records how far trailing stops have come, where a quiet market left that undone. False, and
   * nothing to wait for, when there is nothing to record by then.
   */
  recordTrails(edge: Edge, all = false): boolean {
    return this.#recordMoves(this.#watch.allMoved(edge.at, all), edge);
  }

  #recordMoves(moves: readonly TrailMove[], edge: Edge): boolean {
    if (moves.length === 0) return false;
    const envelope: Envelope = { ...edge, input: { kind: 'TRAILS_MOVED', moves } };
    this.#mailbox.push({ envelope, fired: null, answer: null });
    return true;
  }

  /** Puts an input into the mailbox; `drain` works it off. @throws EngineStopped */
  submit(envelope: Envelope): void {
    if (this.#stopped !== null) throw this.#stopped;
    const { id, at, input } = envelope;
    if (looksAtStops(input)) this.recordTrails({ id: `${id}/trail`, at }, true);
    this.#mailbox.push({ envelope, fired: null, answer: null });
  }

  /**
   * Runs a command, after what came in before it, and what follows from it. Null, or why it was
   * refused. @throws EngineStopped
   */
  async execute(command: Command, edge: Edge): Promise<Refusal | null> {
    if (this.#stopped !== null) throw this.#stopped;
    const answered: { refusal: Refusal | null } = { refusal: null };
    const answer = (given: Refusal | null): void => {
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
    if (this.state.orders.get(fired.order)?.status === 'ARMED')
      this.#watch.putBack(fired, this.state);
  }

  /** One input, the sends that it made due, and what may leave now. */
  async #work(envelope: Envelope): Promise<Refusal | null> {
    const refusal = await this.#step(envelope);
    for (let sends = 1; ; sends += 1) {
      const input = this.#nextSend();
      if (input === null) return refusal;
      await this.#step({ id: `${envelope.id}/send-${sends}`, at: envelope.at, input });
      if (input.kind === 'SEND_DUE' && isDue(this.state, this.#context, input.order)) {
        throw new Error(`order ${input.order} stays due to be sent`);
      }
    }
  }

  /** What waited longest leaves first. A person's orders do not wait for the link: denied. */
  #nextSend(): Input | null {
    if (this.state.unsent.size > 0 && this.#canSend()) return { kind: 'PACE_ALLOWS' };
    for (const order of this.state.dueSends) {
      if (isDue(this.state, this.#context, order)) return { kind: 'SEND_DUE', order };
    }
    return null;
  }

  #canSend(): boolean {
    return linkAllows(this.state) && this.#parts.broker.canSend();
  }

  /** What a command would do now, in this state or one made of it. Nothing is recorded. */
  async rehearse(command: Command, at: number, state = this.state): Promise<Outcome> {
    const envelope: Envelope = { id: 'rehearsal', at, input: { kind: 'COMMAND', command } };
    const assessment = await this.#assessor.assess(envelope);
    return decide(state, envelope, { ...this.#context, assessment, canSend: false });
  }

  /** Plans of a file whose worst case is beyond a limit: none of them would be armed. */
  beyondLimits(command: Loading): Promise<ReadonlyMap<InstrumentKey, Finding>> {
    return this.#assessor.beyondLimits(command);
  }

  /** What an account may lose in a day, and what a position may be worth. */
  limitsOf(account: AccountKey): PlanLimits {
    return planLimits(this.state, this.#context, account);
  }

  /** After an outage the next price only sets the reference of entries that were armed before. */
  forgetPrices(instruments: Iterable<InstrumentKey>, since = Infinity): void {
    this.#watch.forget(instruments, this.state, since);
  }

  /**
   * What would be decided about an order placed now. Nothing is recorded and nothing is sent.
   */
  preview(command: Placing, at: number): Promise<PreviewedDecision | Refusal> {
    const { rules } = this.#parts;
    const canSend = this.#canSend();
    return previewOf({ rules, state: this.state, context: this.#context, canSend }, command, at);
  }

  async #step(envelope: Envelope): Promise<Refusal | null> {
    const assessment = await this.#assessor.assess(envelope);
    const ask = { ...this.#context, assessment, canSend: this.#canSend() };
    const { events, refusal } = decide(this.state, envelope, ask);
    if (events.length === 0) return refusal;
    const { id: inputId, at } = envelope;
    const appended = this.#parts.journal.append({ inputId, at, events });
    const records = appended instanceof Promise ? await appended : appended;
    for (const record of records) this.#fold(record);
    for (const record of records) this.#affect(record);
    this.#parts.publish(records, this.state);
    return refusal;
  }

  #fold(record: JournalRecord): void {
    evolve(this.state, record);
    this.#parts.folded?.(record, this.state);
    this.#watch.folded(record.event, this.state);
  }

  #affect(record: JournalRecord): void {
    const effect = effectOf(this.state, record.event);
    switch (effect?.kind) {
      case 'PLACE':
        this.#parts.broker.place(effect.ticket);
        break;
      case 'MODIFY':
        this.#parts.broker.modify(effect.ticket);
        break;
      case 'CANCEL':
        this.#parts.broker.cancel(effect.target);
        break;
      case undefined:
        break;
    }
  }

  /** Any failure stops the engine: what is not understood is not traded on. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stopped !== null) throw this.#stopped;
    try {
      return await work();
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (this.#stopped === null) {
        this.#stopped = new EngineStopped(error);
        this.#parts.stopped?.(error);
      }
      throw this.#stopped;
    }
  }
}
