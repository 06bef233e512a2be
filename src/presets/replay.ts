/**
 * Replay: an instruction file over recorded trades, joined from the in-process exchange, a manual
 * clock, the journal and the chosen rules.
 */
import { createHash } from 'node:crypto';
import { Exchange, PLAIN_SETTINGS } from '../broker/simulator/exchange';
import { InProcessBroker } from '../broker/simulator/in-process';
import { money } from '../domain/decimal';
import type { JournalRecord } from '../domain/event';
import type { Finding } from '../domain/instruction';
import { DEFAULT_LIMITS } from '../domain/limits';
import type { Journal } from '../domain/ports';
import { Engine } from '../engine/loop';
import { SqliteJournal } from '../persistence/journal';
import { JournalError } from '../persistence/journal-record';
import { RerunJournal } from '../persistence/rerun-journal';
import { ManualClock } from '../simulation/manual-clock';
import { Replay, type ReplayPlan } from '../simulation/replay';
import { linesOf, type ReplayLine } from '../simulation/replay-lines';
import { resultOf, type ReplayResult } from '../simulation/replay-result';
import { VerbError } from './errors';
import { prepareReplay, type PreparedReplay } from './replay-inputs';
import type { ReplayOptions } from './replay-options';
import { chooseRuleBook } from './rule-books';

export type { ReplayOptions } from './replay-options';
export type { ReplayLine } from '../simulation/replay-lines';
export type { ReplayResult } from '../simulation/replay-result';

/** Where a replay says what it does, as it does it. */
export interface ReplayListener {
  readonly line: (line: ReplayLine) => void;
  /** A remark for a person: what was left out, inferred or switched off. */
  readonly remark: (text: string) => void;
  readonly progress?: (done: number, of: number) => void;
}

export interface FinishedReplay {
  readonly results: readonly ReplayResult[];
  readonly hash: string;
  readonly tradingDate: string;
  /** IANA zone of the trading date's exchange. */
  readonly zone: string;
}

const ACCOUNT = { key: 'REPLAY', currency: 'USD', cash: money('100000') } as const;
/** A recording of trades has neither quotes nor volume history. */
const NOT_IN_A_RECORDING = ['quote', 'volume-history'] as const;

/** Runs the replay to its end. @throws VerbError */
export async function replay(
  options: ReplayOptions,
  listener: ReplayListener,
): Promise<FinishedReplay> {
  const { book, ordersHash } = await chooseRuleBook({
    riskRules: options.riskRules,
    unavailableSources: NOT_IN_A_RECORDING,
  });
  for (const { key, facts } of book.switchedOff) {
    listener.remark(`rule ${key} is switched off: the recording cannot give ${facts.join(', ')}`);
  }
  const prepared = prepareReplay(options, listener.remark);
  const ruleSetHash = book.hash;
  const inputsHash = hashOf([prepared.inputsHash, ruleSetHash, ordersHash, optionsText(options)]);
  const journal = openJournal(options.journal);
  try {
    const clock = new ManualClock(prepared.startsAt);
    const exchange = new Exchange({ ...PLAIN_SETTINGS, commission: options.commission });
    const publish = (records: readonly JournalRecord[]): void => {
      for (const { message } of refusedIn(records)) listener.remark(message);
      for (const line of linesOf(records, engine.state)) listener.line(line);
    };
    const broker = new InProcessBroker(exchange, clock, (stamped) => run.deliver(stamped));
    const limits = DEFAULT_LIMITS;
    const engine = await Engine.open({ journal, broker, rules: book, limits, publish });
    const plan: ReplayPlan = {
      ...prepared,
      account: ACCOUNT,
      strategy: options.strategy,
      start: { kind: 'START_RUN', mode: 'REPLAY', inputsHash, ruleSetHash },
    };
    const { progress } = listener;
    const run = new Replay(plan, { engine, exchange, clock, ...(progress && { progress }) });
    await run.run();
    journal.complete();
    return finish(prepared, { engine, journal, clock, strategy: options.strategy });
  } catch (cause) {
    throw explained(cause);
  } finally {
    journal.close();
  }
}

/** Symbols that the engine did not arm, which no check of the file alone can find. */
function refusedIn(records: readonly JournalRecord[]): readonly Finding[] {
  return records.flatMap(({ event }) =>
    event.type === 'InstructionsRecorded'
      ? event.file.findings.filter(({ severity }) => severity === 'ERROR')
      : [],
  );
}

function finish(
  prepared: PreparedReplay,
  run: {
    readonly engine: Engine;
    readonly journal: Journal;
    readonly clock: ManualClock;
    readonly strategy: string;
  },
): FinishedReplay {
  const { hash } = run.journal.head();
  const { tradingDate, zone } = prepared;
  const { state, market } = run.engine;
  const findings = [...state.files.values()].flatMap((file) => file.findings);
  const results = prepared.symbols.map(({ symbol, reason: known }) => {
    const refused = findings.find(({ pointer }) => pointer === `/${symbol}`);
    const reason = known ?? refused?.message ?? null;
    return resultOf(state, market, {
      ...{ symbol, reason, hash, account: ACCOUNT.key, strategy: run.strategy },
      tradingDate: prepared.hasTrades ? tradingDate : null,
      at: prepared.hasTrades ? run.clock.now() : null,
    });
  });
  return { results, hash, tradingDate, zone };
}

function openJournal(path: string | null): RerunJournal {
  try {
    return new RerunJournal(new SqliteJournal(path ?? ':memory:'));
  } catch (cause) {
    throw explained(cause);
  }
}

/** A journal that does not fit is the caller's to mend; anything else is ours. */
function explained(cause: unknown): unknown {
  const root = cause instanceof Error && cause.cause instanceof JournalError ? cause.cause : cause;
  return root instanceof JournalError ? new VerbError(root.message, 2, { cause: root }) : cause;
}

function optionsText(options: ReplayOptions): string {
  const { strategy, sessionEnd, commission } = options;
  return JSON.stringify({ strategy, sessionEnd, commission });
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
