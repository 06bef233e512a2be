/**
 * The way of an instruction file to the engine: checked, its symbols looked up at the broker, the
 * closes of the session before fetched, and armed; or, as a rehearsal, what would be.
 */
import { CalendarRangeError, previousSession } from '../calendar/sessions';
import type { BrokerLink } from '../domain/broker-link';
import type { Price } from '../domain/decimal';
import type { LoadAnswer, LoadRequest, LogLevel } from '../domain/desk';
import { sameSettings, type ImportSettings } from '../domain/import-settings';
import type { Command, PlanToArm } from '../domain/input';
import type { CheckedFile, Finding, InstructionFileRecord } from '../domain/instruction';
import type { Instrument } from '../domain/instrument';
import type { Order } from '../domain/order';
import type { Clock } from '../domain/ports';
import type { Refusal } from '../domain/refusal';
import { changesOf, loadFault } from '../engine/core/decide-instructions';
import { worstCasesOf } from '../engine/core/worst-case';
import type { State } from '../engine/core/state';
import type { Engine } from '../engine/loop';
import { Breath } from '../instructions/breath';
import { checkBeside } from '../instructions/check-beside';
import { unusableLeg } from '../instructions/fits';
import { contradiction } from '../instructions/owner';
import { checkSettings } from '../instructions/profile';
import { shortFindings } from '../instructions/shorts';
import { partsOf, portionsOf, type LoadCommand } from './instruction-parts';
import { rehearseLoad } from './load-rehearsal';
import { currentOrNext, judgeDate } from './sessions';

export interface LoaderParts {
  readonly engine: Engine;
  readonly link: Pick<BrokerLink, 'dailyBars'>;
  readonly clock: Clock;
  readonly inputId: () => string;
  /** The instrument of a symbol; null where the broker does not know it or cannot be asked. */
  readonly findInstrument: (symbol: string) => Promise<Instrument | null>;
  readonly watch: (instrument: Instrument) => void;
  readonly log: (level: LogLevel, message: string) => void;
}

type Loading = Extract<Command, { kind: 'LOAD_INSTRUCTIONS' | 'RECORD_REFUSED_INSTRUCTIONS' }>;

const refusal = (code: Refusal['code'], message: string, field: string | null): LoadAnswer => ({
  file: null,
  orders: new Map(),
  refusal: { code, message, field },
});

/** Real milliseconds that the symbols of one file may take at the broker. */
const LOOK_UP_TIME = 8_000;

export class InstructionLoader {
  readonly #parts: LoaderParts;
  /** Ends with the file that is being armed: what was asked of the books of one stays true. */
  #arming: Promise<unknown> = Promise.resolve();
  /** By instrument and date: several files of a morning name the same ones. */
  readonly #closes = new Map<string, Price>();

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  async load(request: LoadRequest): Promise<LoadAnswer> {
    const { engine, clock } = this.#parts;
    const { fileName, content, strategy, dryRun } = request;
    if (!engine.state.strategies.has(strategy)) {
      return refusal('NOT_FOUND', `there is no strategy ${strategy}`, 'strategy');
    }
    const { profile, findings: wrong } = checkSettings(request.settings ?? {});
    if (profile === null) {
      const faults = wrong.filter(({ severity }) => severity === 'ERROR');
      return refusal('INVALID', faults.map(({ message }) => message).join(' '), 'settings');
    }
    const settings = isEmpty(profile.settings) ? {} : { settings: profile.settings };
    const bytes = new TextEncoder().encode(content);
    const checked = await checkBeside({ fileName, bytes, ...settings });
    const { contentHash, owner } = checked;
    const other = contradiction(owner, request);
    if (other !== null) return refusal('INVALID', other.message, other.field);
    const account = this.#accountOf(owner.account ?? request.account);
    if (typeof account !== 'string') return account;
    const stated = owner.tradingDate ?? request.tradingDate;
    const tradingDate = stated ?? currentOrNext('XNYS', clock.now()).date;
    const fault = judged(tradingDate, clock.now());
    if (fault !== null) return { file: null, orders: new Map(), refusal: fault };
    const named = { fileName, contentHash, strategy, account, tradingDate, ...settings };
    if (!checked.accepted) {
      const { findings } = checked;
      const kind = 'RECORD_REFUSED_INSTRUCTIONS';
      return this.#run({ kind, ...named, findings }, dryRun);
    }
    const ready = await this.#plans(checked, tradingDate);
    const mayShort = engine.state.strategies.get(strategy)?.allowsShort !== false;
    const shorts = mayShort ? [] : shortFindings(ready.plans, strategy);
    const findings = [...ready.findings, ...shorts];
    return this.#run({ kind: 'LOAD_INSTRUCTIONS', ...named, ...ready, findings }, dryRun);
  }

  #accountOf(account: string | null): string | LoadAnswer {
    const { accounts } = this.#parts.engine.state;
    if (account !== null) {
      const known = accounts.has(account);
      return known ? account : refusal('NOT_FOUND', `there is no account ${account}`, 'account');
    }
    const [only, another] = accounts.keys();
    if (only === undefined) {
      const message = 'no account is known yet: wait until the broker link has been ready once';
      return refusal('NOT_CONNECTED', message, 'account');
    }
    const names = [...accounts.keys()].join(', ');
    if (another === undefined) return only;
    return refusal('AMBIGUOUS', `there are several accounts: name one of ${names}`, 'account');
  }

  /** What can be armed, and the symbols that cannot with the reason as a finding. */
  async #plans(checked: CheckedFile, tradingDate: string) {
    const plans: PlanToArm[] = [];
    const findings: Finding[] = [...checked.findings];
    const refusedSymbols: string[] = [];
    const refuse = (symbol: string, message: string): void => {
      refusedSymbols.push(symbol);
      findings.push(findingOf(symbol, message));
    };
    const until = performance.now() + LOOK_UP_TIME;
    const breath = new Breath();
    for (const { symbol, plan } of checked.symbols) {
      await breath.draw();
      if (plan === null) {
        refusedSymbols.push(symbol);
        continue;
      }
      const late = performance.now() > until;
      const instrument = late ? null : await this.#parts.findInstrument(symbol);
      if (instrument === null && late) {
        refuse(symbol, 'it could not be looked up in time: split the file by symbols');
        continue;
      }
      if (instrument === null) {
        refuse(symbol, `the broker knows no instrument ${symbol}, or cannot be asked now`);
        continue;
      }
      const unusable = unusableLeg(plan, instrument);
      if (unusable !== null) {
        refuse(symbol, unusable);
        continue;
      }
      const previousClose = await this.#previousClose(instrument, tradingDate);
      plans.push({ spec: plan, instrument: instrument.key, previousClose });
      this.#parts.watch(instrument);
    }
    return { plans, findings, refusedSymbols };
  }

  /**
   * Null when it is not to be had, which is said: the first price then sets the reference, and an
   * opening gap through a level fires nothing.
   */
  async #previousClose(instrument: Instrument, tradingDate: string): Promise<Price | null> {
    try {
      const { date } = previousSession(instrument.calendar, tradingDate);
      const place = `${instrument.key}|${date}`;
      const known = this.#closes.get(place);
      if (known !== undefined) return known;
      const bars = await this.#parts.link.dailyBars(instrument, 5);
      const close = bars.find((bar) => bar.date === date)?.close;
      if (close !== undefined) {
        this.#closes.set(place, close);
        return close;
      }
      this.#withoutClose(instrument, `the broker has no bar of ${date}`);
    } catch (cause) {
      this.#withoutClose(instrument, cause instanceof Error ? cause.message : String(cause));
    }
    return null;
  }

  #withoutClose({ key }: Instrument, why: string): void {
    const what = `The close of ${key} before this session is not known (${why})`;
    this.#parts.log('WARNING', `${what}: its entries do not fire on an opening gap.`);
  }

  async #run(command: Loading, dryRun: boolean): Promise<LoadAnswer> {
    const { engine, clock, inputId } = this.#parts;
    const at = clock.now();
    if (dryRun) {
      const rehearsed = await this.#rehearse(command, at);
      return { ...rehearsed, worstCases: worstCasesIn(command) };
    }
    const refused =
      command.kind === 'LOAD_INSTRUCTIONS'
        ? await this.#inTurn(() => this.#arm(command))
        : await engine.execute(command, { id: inputId(), at });
    const file = this.#recorded(command);
    const orders = await this.#ordersOf(file);
    return { file, orders, worstCases: worstCasesIn(command), refusal: refused };
  }

  async #rehearse(command: Loading, at: number): Promise<LoadAnswer> {
    const { engine } = this.#parts;
    const known = this.#recorded(command);
    if (command.kind === 'RECORD_REFUSED_INSTRUCTIONS') {
      const { events, refusal: refused } = await engine.rehearse(command, at);
      const recorded = events.find((event) => event.type === 'InstructionsRecorded');
      return { file: previewOf(recorded?.file ?? known), orders: new Map(), refusal: refused };
    }
    const { file, orders, refusal: refused } = await rehearseLoad(engine, command, at);
    const same = file !== null && JSON.stringify(file.symbols) === JSON.stringify(known?.symbols);
    const preview = previewOf(same || file === null ? known : file);
    return { file: preview, orders: bySymbol(orders), refusal: refused };
  }

  /** One file after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#arming.then(work);
    this.#arming = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Part by part. Refused as a whole, before anything is armed; when the session ends meanwhile,
   * or the process does, what is armed stays by itself, and the file can be handed in again.
   */
  async #arm(command: LoadCommand): Promise<Refusal | null> {
    const { engine, clock, inputId } = this.#parts;
    const fault = loadFault(engine.state, command);
    if (fault !== null) return fault;
    const breath = new Breath();
    const passing = await this.#withinLimits(command);
    for (const part of partsOf(await withChanges(engine.state, passing))) {
      const late = judged(command.tradingDate, clock.now());
      if (late !== null) return late;
      const refused = await engine.execute(part, { id: inputId(), at: clock.now() });
      if (refused !== null) return refused;
      if (part.continues === true) await breath.turn();
    }
    return null;
  }

  /** A file in parts is recorded with the last of them: what stays behind is known before. */
  async #withinLimits(command: LoadCommand): Promise<LoadCommand> {
    const [, second] = partsOf(command);
    if (second === undefined) return command;
    const breath = new Breath();
    const beyond = new Map<string, Finding>();
    for (const part of partsOf(command)) {
      const found = await this.#parts.engine.beyondLimits(part);
      for (const [instrument, finding] of found) beyond.set(instrument, finding);
      await breath.turn();
    }
    const refused = command.plans.filter(({ instrument }) => beyond.has(instrument));
    return {
      ...command,
      plans: command.plans.filter(({ instrument }) => !beyond.has(instrument)),
      findings: [...(command.findings ?? []), ...beyond.values()],
      refusedSymbols: [
        ...refused.map(({ spec }) => spec.symbol),
        ...(command.refusedSymbols ?? []),
      ],
    };
  }

  #recorded(command: Loading): InstructionFileRecord | null {
    const { contentHash, strategy, account, tradingDate, settings } = command;
    let latest: InstructionFileRecord | null = null;
    for (const file of this.#parts.engine.state.files.values()) {
      const content = file.contentHash === contentHash && sameSettings(file.settings, settings);
      const same = content && file.strategy === strategy;
      if (same && file.account === account && file.tradingDate === tradingDate) latest = file;
    }
    return latest;
  }

  async #ordersOf(
    file: InstructionFileRecord | null,
  ): Promise<ReadonlyMap<string, readonly Order[]>> {
    const { state } = this.#parts.engine;
    const orders: Order[] = [];
    const breath = new Breath();
    for (const { plan } of file?.symbols ?? []) {
      await breath.draw();
      const ids = plan === null ? [] : (state.planOrders.get(plan) ?? []);
      orders.push(...ids.flatMap((id) => state.orders.get(id) ?? []));
    }
    return bySymbol(orders);
  }
}

const isEmpty = (settings: ImportSettings): boolean => Object.keys(settings).length === 0;

/** The engine tells what a small file changes; of one in parts it must be known before. */
async function withChanges(state: State, command: LoadCommand): Promise<LoadCommand> {
  const portions = portionsOf(command.plans);
  if (portions.length < 2) return command;
  const findings = [...(command.findings ?? [])];
  const breath = new Breath();
  for (const plans of portions) {
    await breath.draw();
    findings.push(...changesOf(state, { ...command, plans }));
  }
  return { ...command, findings };
}

const previewOf = (file: Omit<InstructionFileRecord, 'id'> | null): InstructionFileRecord | null =>
  file === null ? null : { ...file, id: 'ins-preview' };

/** On a rehearsal the plans are in no book yet. */
function worstCasesIn(command: Loading): NonNullable<LoadAnswer['worstCases']> {
  const { plans } = command.kind === 'LOAD_INSTRUCTIONS' ? command : { plans: [] };
  return new Map(plans.map(({ spec }) => [spec.symbol, () => worstCasesOf(spec)]));
}

function bySymbol(orders: readonly Order[]): ReadonlyMap<string, readonly Order[]> {
  const grouped = new Map<string, Order[]>();
  for (const order of orders) {
    const group = grouped.get(order.instrument) ?? [];
    group.push(order);
    grouped.set(order.instrument, group);
  }
  return grouped;
}

function findingOf(symbol: string, message: string): Finding {
  return {
    ...{ severity: 'ERROR', code: 'INSTRUMENT', message, pointer: `/${symbol}` },
    ...{ line: null, column: null, proposal: null },
  };
}

/** A date that the calendar does not cover is no date to arm for. */
function judged(date: string, at: number): Refusal | null {
  try {
    return dateFault(date, at);
  } catch (cause) {
    if (!(cause instanceof CalendarRangeError)) throw cause;
    return { code: 'INVALID', message: cause.message, field: 'tradingDate' };
  }
}

function dateFault(date: string, at: number): Refusal | null {
  const field = 'tradingDate';
  switch (judgeDate('XNYS', date, at)) {
    case 'CURRENT':
      return null;
    case 'PASSED':
      return { code: 'STALE', message: `${date} has passed: a file never arms late`, field };
    case 'NO_SESSION':
      return { code: 'INVALID', message: `the exchange has no session on ${date}`, field };
    case 'TOO_EARLY': {
      const message = `a session comes before ${date}: load the file when that one has closed`;
      return { code: 'INVALID', message, field };
    }
  }
}
