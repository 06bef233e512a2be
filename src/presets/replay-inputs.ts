/**
 * The inputs of a replay, made ready: the checked instruction file, the trades that matter, which
 * instruments they are, and from when to when each one counts. Whatever cannot run is named.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import {
  CalendarRangeError,
  exchangeDate,
  sessionOn,
  zoneOf,
  type CalendarKey,
} from '../calendar/sessions';
import { price, toText } from '../domain/decimal';
import type { PlanToArm } from '../domain/input';
import type { CheckedFile, CheckedSymbol } from '../domain/instruction';
import type { Instrument } from '../domain/instrument';
import type { PlanSpec } from '../domain/plan';
import { unusableLeg } from '../instructions/fits';
import { readInstructionFile } from '../instructions/read';
import { renderCheck } from '../instructions/render';
import { resolveInstrument } from '../market-data/instruments';
import type { TradeTape } from '../market-data/trade-tape';
import {
  parseTrades,
  readBytes,
  TradesFileError,
  type TradesFile,
} from '../market-data/trades-csv';
import type { SessionWindow } from '../simulation/replay';
import { VerbError } from './errors';
import type { ReplayOptions } from './replay-options';

export interface ReplaySymbol {
  readonly symbol: string;
  /** Why it does not run; null when it does. */
  readonly reason: string | null;
}

export interface PreparedReplay {
  readonly tape: TradeTape;
  readonly instruments: readonly Instrument[];
  readonly windows: ReadonlyMap<string, SessionWindow>;
  readonly file: { readonly name: string; readonly contentHash: string };
  readonly tradingDate: string;
  /** False for a recording without a single row. */
  readonly hasTrades: boolean;
  readonly zone: string;
  readonly startsAt: number;
  readonly plans: readonly PlanToArm[];
  /** Every symbol of the file, in its order. */
  readonly symbols: readonly ReplaySymbol[];
  /** SHA-256 over the file, the trades and the previous closes. */
  readonly inputsHash: string;
}

type Remark = (text: string) => void;

/** @throws VerbError (exit code 2) when a file cannot be used */
export function prepareReplay(options: ReplayOptions, remark: Remark): PreparedReplay {
  const checked = checkedFile(options, remark);
  const wanted = new Set(checked.symbols.map(({ symbol }) => symbol));
  const { trades, tradesHash } = recordedTrades(options.trades, wanted);
  const { tape } = trades;
  if (tape.outOfOrder > 0) {
    remark(`rows not in order of time, now put in order: ${tape.outOfOrder}`);
  }
  if (trades.withoutPrice > 0) {
    remark(`rows without a price above zero, which do not count: ${trades.withoutPrice}`);
  }
  for (const symbol of options.previousCloses.keys()) {
    if (!wanted.has(symbol)) remark(`--previous-close ${symbol}: the file has no such symbol`);
  }
  const day = tradingDay(trades);
  const stated = checked.owner.tradingDate;
  if (stated !== null && stated !== day.date) {
    const message = `${checked.fileName} is for ${stated}, and the trades are of ${day.date}.`;
    throw new VerbError(message, 2);
  }
  const circumstances: Circumstances = { tape, day, options, remark };
  const candidates = checked.symbols.map((each) => candidateOf(each, circumstances));
  for (const { symbol, reason } of candidates) {
    if (reason !== null) remark(`${symbol} does not run: ${reason}`);
  }
  const runs = candidates.flatMap(({ run }) => run ?? []);
  return {
    tape,
    instruments: runs.map((run) => run.instrument),
    windows: new Map(runs.map((run) => [run.instrument.key, run.window])),
    file: { name: checked.fileName, contentHash: checked.contentHash },
    tradingDate: day.date,
    hasTrades: trades.firstAt !== undefined,
    zone: zoneOf(day.calendar),
    startsAt: startOf(runs, trades),
    plans: runs.map((run) => run.plan),
    symbols: candidates.map(({ symbol, reason }) => ({ symbol, reason })),
    inputsHash: inputsHash(checked, tradesHash, options),
  };
}

/** The first trade that counts; without one, the first row of the file. */
function startOf(runs: readonly Run[], { firstAt }: TradesFile): number {
  const starts = runs.map((run) => run.firstAt);
  return starts.length > 0 ? Math.min(...starts) : (firstAt ?? 0);
}

/** @throws VerbError when the whole file is refused */
function checkedFile({ instructions, settings = {} }: ReplayOptions, remark: Remark): CheckedFile {
  const { checked, text } = readInstructionFile(instructions, { settings });
  if (!checked.accepted) throw new VerbError(renderCheck(checked, text), 2);
  const serious = checked.findings.filter(({ severity }) => severity !== 'INFO');
  if (serious.length > 0) remark(renderCheck({ ...checked, findings: serious }, text));
  return checked;
}

/** @throws VerbError */
function recordedTrades(file: string, wanted: ReadonlySet<string>) {
  try {
    const bytes = readBytes(file);
    const tradesHash = createHash('sha256').update(bytes).digest('hex');
    return { trades: parseTrades(basename(file), bytes, wanted), tradesHash };
  } catch (cause) {
    if (!(cause instanceof TradesFileError)) throw cause;
    throw new VerbError(cause.message, 2, { cause });
  }
}

interface TradingDay {
  readonly date: string;
  /** Of the first trade's instrument: whose date it is. */
  readonly calendar: CalendarKey;
}

/** The exchange date of the first trade that matters; of any trade when none does. */
function tradingDay({ tape, firstAt }: TradesFile): TradingDay {
  if (tape.length === 0) return { date: exchangeDate('UTC', firstAt ?? 0), calendar: 'UTC' };
  const { instrument, at } = tape.trade(0);
  const { calendar } = resolveInstrument(instrument, tape).instrument;
  return { date: exchangeDate(calendar, at), calendar };
}

interface Candidate {
  readonly symbol: string;
  readonly reason: string | null;
  readonly run: Run | null;
}
interface Run {
  readonly instrument: Instrument;
  readonly window: SessionWindow;
  readonly firstAt: number;
  readonly plan: PlanToArm;
}
interface Circumstances {
  readonly tape: TradeTape;
  readonly day: TradingDay;
  readonly options: ReplayOptions;
  readonly remark: Remark;
}

function candidateOf({ symbol, plan }: CheckedSymbol, given: Circumstances): Candidate {
  const { tape, day, options, remark } = given;
  const stays = (reason: string): Candidate => ({ symbol, reason, run: null });
  if (plan === null) return stays('the instruction file was refused for it');
  if (tape.fineness(symbol) === undefined) return stays('the recording has no trades of it');
  const quoted = legOnQuotes(plan);
  if (quoted !== null) return stays(quoted);
  const { instrument, known } = resolveInstrument(symbol, tape);
  const { calendar, tickSize, lotSize } = instrument;
  if (!known) {
    const steps = `tick ${toText(tickSize)} and smallest quantity ${toText(lotSize)}`;
    const sessions = options.sessionEnd === 'last' ? '' : '; its session is the UTC day';
    remark(`${symbol} is not a known instrument: ${steps} are the recording's${sessions}`);
  }
  const unusable = unusableLeg(plan, instrument);
  if (unusable !== null) return stays(unusable);
  const window = windowOf(instrument, given);
  if (window === null) return stays(`${calendar} has no session on ${day.date}`);
  const counted = countTrades(tape, symbol, window);
  if (counted.outside > 0) {
    remark(`trades of ${symbol} outside the session of ${day.date}: ${counted.outside}`);
  }
  if (counted.firstAt === null) return stays(`no trades in the session of ${day.date}`);
  const close = options.previousCloses.get(symbol);
  const previousClose = close === undefined ? null : price(close);
  const run: Run = {
    instrument,
    window,
    firstAt: counted.firstAt,
    plan: { spec: plan, instrument: instrument.key, previousClose },
  };
  return { symbol, reason: null, run };
}

/** What looks at quotes would never fire here; null: nothing does. */
function legOnQuotes({ entries, ifLong, ifShort }: PlanSpec): string | null {
  for (const { leg, priceSource } of [...entries, ...ifLong, ...ifShort]) {
    if (priceSource === undefined) continue;
    const word = priceSource.toLowerCase().replace('_', '-');
    const next = 'take "priceSource" out, or give "last", to replay it on last prices';
    return `${leg} looks at quotes ("${word}") and the recording has only trades: ${next}`;
  }
  return null;
}

/** @throws VerbError when the calendar does not cover the date */
function windowOf(instrument: Instrument, given: Circumstances): SessionWindow | null {
  const { tape, day, options } = given;
  if (options.sessionEnd === 'last') {
    return { open: -Infinity, close: tape.trade(tape.length - 1).at };
  }
  try {
    return sessionOn(instrument.calendar, day.date) ?? null;
  } catch (cause) {
    if (!(cause instanceof CalendarRangeError)) throw cause;
    const hint = 'Or give --session-end last, which asks no calendar.';
    throw new VerbError(`${cause.message} ${hint}`, 2, { cause });
  }
}

function countTrades(tape: TradeTape, symbol: string, { open, close }: SessionWindow) {
  let outside = 0;
  let firstAt: number | null = null;
  for (let n = 0; n < tape.length; n += 1) {
    const { instrument, at } = tape.trade(n);
    if (instrument !== symbol) continue;
    if (at < open || at > close) outside += 1;
    else firstAt ??= at;
  }
  return { outside, firstAt };
}

function inputsHash(checked: CheckedFile, tradesHash: string, options: ReplayOptions): string {
  const closes = [...options.previousCloses]
    .map(([symbol, text]) => `${symbol}=${toText(price(text))}`)
    .sort();
  const settings = Object.entries(options.settings ?? {}).map(([key, word]) => `${key}=${word}`);
  const parts = [checked.contentHash, tradesHash, ...closes, ...settings];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
