/** An instruction file: recorded as it was handed in, and its accepted symbols armed. */
import type { Event } from '../../domain/event';
import { idFrom, type PlanId } from '../../domain/ids';
import { sameSettings } from '../../domain/import-settings';
import type { Command, PlanToArm } from '../../domain/input';
import type { Finding, InstructionFileRecord } from '../../domain/instruction';
import type { Plan } from '../../domain/plan';
import type { Refusal, RefusalCode } from '../../domain/refusal';
import { bracketThere } from './brackets';
import { outcome, refused, type Ask, type Outcome } from './context';
import { planArmed, waitingPlan } from './plan-entries';
import { accountNow, beyondLimits } from './plan-limits';
import { replacementOf } from './plan-replacement';
import { plansOn, type State } from './state';

interface Given<C> {
  readonly command: C;
  readonly at: number;
}
type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

type Load = Of<'LOAD_INSTRUCTIONS'>;

/**
 * Arms the entries of every plan; the same content again is a no-op. A file that is handed over in
 * parts is recorded with the last one: until then, handing it over again goes on where it ended.
 */
export function loadInstructions(state: State, ask: Ask, given: Given<Load>): Outcome {
  const { command, at } = given;
  const fault = loadFault(state, command);
  if (fault !== null) return { events: [], refusal: fault };
  const events: Event[] = [];
  const made = new Map<string, PlanId>();
  for (const { symbol, instrument } of command.armedBefore ?? []) {
    const plan = planOn(state, { ...command, instrument });
    if (plan === undefined) {
      return refused('INVALID', `${symbol} was not armed by a part before this one`, 'plans');
    }
    made.set(symbol, plan.id);
  }
  const findings: Finding[] = [...(command.findings ?? [])];
  const beyond: string[] = [];
  const now = accountNow(state, ask, command.account);
  let plansAhead = 0;
  let ahead = 0;
  for (const asked of command.plans) {
    const { spec, instrument, previousClose } = asked;
    const known = planOn(state, { ...command, instrument });
    const replacement = known === undefined ? null : replacementOf(state, known, spec);
    const stays = known !== undefined && replacement?.replaced === false;
    const limit = stays ? null : beyondLimits(state, ask, { now, plan: asked });
    if (limit !== null) {
      findings.push(limit);
      beyond.push(spec.symbol);
      continue;
    }
    if (replacement?.finding != null && isWhole(command)) findings.push(replacement.finding);
    events.push(...(replacement?.events ?? []));
    if (stays) {
      made.set(spec.symbol, known.id);
      continue;
    }
    const { strategy, account, tradingDate, fileName, contentHash, settings } = command;
    const plan = waitingPlan({
      id: idFrom('pln', state.plansMade + plansAhead + 1),
      ...{ strategy, account, instrument, tradingDate, fileName, contentHash, spec },
      ...(settings !== undefined && { settings }),
      ...{ cycle: known?.cycle ?? 1, follows: null },
    });
    // The close before the session plays no part after a round trip of it.
    const close = plan.cycle === 1 ? previousClose : null;
    plansAhead += 1;
    made.set(spec.symbol, plan.id);
    events.push(...planArmed(state, ask, { plan, previousClose: close, at, ahead }));
    ahead += spec.entries.length;
  }
  if (command.continues === true) return outcome(events);
  const symbolsOfFile = [
    ...[...made].map(([symbol, id]) => ({ symbol, accepted: true, plan: id })),
    ...[...beyond, ...(command.refusedSymbols ?? [])].map((symbol) => ({
      symbol,
      accepted: false,
      plan: null,
    })),
  ];
  const whole = { command: { ...command, findings }, at };
  const recorded = record(state, whole, { accepted: true, symbols: symbolsOfFile });
  return outcome([...recorded, ...events]);
}

const isWhole = ({ continues, armedBefore }: Load): boolean =>
  continues !== true && armedBefore === undefined;

/** Whether a plan of the file is new, or takes the place of the one that stands. */
export function armsAnew(
  state: State,
  command: Load,
  { spec, instrument }: Pick<PlanToArm, 'spec' | 'instrument'>,
): boolean {
  const known = planOn(state, { ...command, instrument });
  return known === undefined || replacementOf(state, known, spec).replaced;
}

/** What a file that arms in parts changes, told before the first of them. */
export function changesOf(state: State, command: Load): Finding[] {
  return command.plans.flatMap(({ spec, instrument }) => {
    const known = planOn(state, { ...command, instrument });
    const finding = known === undefined ? null : replacementOf(state, known, spec).finding;
    return finding ?? [];
  });
}

/** Why a file cannot be armed, which is asked of the whole before its first part; null: it can. */
export function loadFault(state: State, command: Load): Refusal | null {
  const { strategy, account, tradingDate, fileName, contentHash } = command;
  const fault = (code: RefusalCode, message: string, field: string): Refusal => ({
    ...{ code, message, field },
  });
  if (!state.strategies.has(strategy)) {
    return fault('NOT_FOUND', `there is no strategy ${strategy}`, 'strategy');
  }
  if (!state.accounts.has(account)) {
    return fault('NOT_FOUND', `there is no account ${account}`, 'account');
  }
  const instruments = new Set(command.armedBefore?.map(({ instrument }) => instrument));
  for (const { spec, instrument } of command.plans) {
    if (!state.instruments.has(instrument)) {
      return fault('NOT_FOUND', `there is no instrument ${instrument}`, 'plans');
    }
    if (instruments.has(instrument)) {
      return fault('INVALID', `${instrument} stands in the file twice`, 'plans');
    }
    instruments.add(instrument);
    const clash = planOn(state, { ...command, instrument });
    if (clash !== undefined && clash.fileName !== fileName && clash.contentHash !== contentHash) {
      const from = `${tradingDate} from ${clash.fileName}`;
      return fault('DUPLICATE', `${spec.symbol} already has instructions for ${from}`, 'plans');
    }
    const bracket = bracketThere(state, { ...command, instrument });
    if (bracket !== null && armsAnew(state, command, { spec, instrument })) {
      const message = `${spec.symbol} has a bracket by hand: ${bracket}`;
      return fault('DUPLICATE', `${message}. Cancel it or wait until it is over`, 'plans');
    }
  }
  return null;
}

/** A file that arms nothing at all is kept with its findings, so that it can be looked up. */
export function recordRefused(
  state: State,
  given: Given<Of<'RECORD_REFUSED_INSTRUCTIONS'>>,
): Outcome {
  return outcome(record(state, given, { accepted: false, symbols: [] }));
}

/** Once for each content, owner and day; again when more of it could be armed than before. */
function record(
  state: State,
  { command, at }: Given<Of<'LOAD_INSTRUCTIONS' | 'RECORD_REFUSED_INSTRUCTIONS'>>,
  what: Pick<InstructionFileRecord, 'accepted' | 'symbols'>,
): Event[] {
  const {
    fileName,
    contentHash,
    strategy,
    account,
    tradingDate,
    findings = [],
    settings,
  } = command;
  for (const file of state.files.values()) {
    const same =
      file.contentHash === contentHash &&
      file.strategy === strategy &&
      file.account === account &&
      file.tradingDate === tradingDate &&
      sameSettings(file.settings, settings) &&
      JSON.stringify(file.symbols) === JSON.stringify(what.symbols);
    if (same) return [];
  }
  const id = idFrom('ins', state.filesMade + 1);
  const named = { fileName, contentHash, strategy, account, tradingDate };
  const silent = settings === undefined ? {} : { settings };
  return [
    { type: 'InstructionsRecorded', file: { id, ...named, ...what, findings, ...silent, at } },
  ];
}

type PlanPlace = Pick<Plan, 'strategy' | 'account' | 'instrument' | 'tradingDate'>;

/** The latest of files: of round trips, or of versions of a file. A bracket by hand is none. */
function planOn(state: State, place: PlanPlace): Plan | undefined {
  return plansOn(state, place)
    .filter(({ tradingDate, byHand }) => tradingDate === place.tradingDate && byHand !== true)
    .at(-1);
}
