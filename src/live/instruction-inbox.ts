/**
 * What becomes of a file in the inbox: it waits until the broker can be asked and the date that was
 * stated for it can be armed, its strategy is created where there is none, it is loaded, the log
 * says what was armed and what was refused, and the file is put away with its report.
 * Must not know how files are found, nor how they are checked.
 */
import type { LinkStatus } from '../domain/broker-link';
import type { LoadAnswer, LoadRequest, LogLevel } from '../domain/desk';
import type { Command } from '../domain/input';
import type { FileOwner, Finding, InstructionFileRecord } from '../domain/instruction';
import type { Refusal } from '../domain/refusal';
import { contentHashOf } from '../instructions/check';
import { checkBeside } from '../instructions/check-beside';
import { watchInbox } from '../instructions/inbox';
import type { Disposal, Inbox, InboxFile, Taken } from '../instructions/inbox';
import { mayNameOwner, NO_OWNER } from '../instructions/owner';
import type { Asked } from './armed-on';
import {
  disposalOf,
  loadedBefore,
  refusedWith,
  tradeAgain,
  type Subject,
} from './instruction-report';
import { currentOrNext, isTooEarly } from './sessions';
import type { Profile } from '../instructions/profile';

/** What the inbox needs of the live desk. */
export interface InboxDesk {
  now(): number;
  link(): LinkStatus;
  loadInstructions(request: LoadRequest): Promise<LoadAnswer>;
  execute(command: Command): Promise<Refusal | null>;
}

export interface InstructionInboxParts {
  readonly folder: string;
  readonly desk: InboxDesk;
  readonly hasStrategy: (key: string) => boolean;
  /** The last trading date for which the strategy's file with this content was armed so. */
  readonly armedOn: (load: Omit<Asked, 'tradingDate'>) => string | null;
  readonly log: (level: LogLevel, message: string) => void;
  /** For tests; see `InboxOptions`. */
  readonly settleMs?: number;
  readonly pollMs?: number;
}

/** Real milliseconds between two looks at a link that is not ready. */
const LOOK_AGAIN = 100;
const MOST_FINDINGS = 5;

/** Loads what is in the folder, and what comes; ends with `stop`. */
export function startInstructionInbox(parts: InstructionInboxParts): Inbox {
  const { folder, log, settleMs, pollMs } = parts;
  const waiting = new AbortController();
  const inbox = watchInbox({
    folder,
    onFile: (file) => take(file, parts, waiting.signal),
    onNoText: ({ fileName, strategy }, why) =>
      refusedWith({ fileName, strategy, at: parts.desk.now() }, why),
    onWarning: (message) => log('WARNING', message),
    ...(settleMs !== undefined && { settleMs }),
    ...(pollMs !== undefined && { pollMs }),
  });
  return {
    stop: () => {
      waiting.abort();
      return inbox.stop();
    },
  };
}

async function take(
  file: InboxFile,
  parts: InstructionInboxParts,
  stopped: AbortSignal,
): Promise<Taken> {
  const { desk, hasStrategy, armedOn, log } = parts;
  const { fileName, content, profile } = file;
  const { settings } = profile;
  const own = await ownerOf(file);
  const strategy = own.strategy ?? file.strategy;
  const account = own.account ?? profile.account;
  const tradingDate = own.tradingDate ?? profile.tradingDate;
  const subject: Subject = { fileName, strategy, profile, at: desk.now() };
  // A file is for one trading date: left lying by a crash, it does not trade again on the next.
  const contentHash = contentHashOf(new TextEncoder().encode(content));
  const armed = armedOn({ contentHash, strategy, settings, stated: tradingDate });
  if (armed !== null) {
    const day = tradingDate ?? currentOrNext('XNYS', subject.at).date;
    tellLoadedBefore({ fileName, strategy, armed, day }, log);
    return loadedBefore(subject, armed, day);
  }
  // Without a link no symbol can be looked up: the file would be refused for good.
  if (!(await linkReady(desk, stopped))) return null;
  const refuse = ({ message }: Refusal): Disposal => {
    log('WARNING', `${fileName} was not loaded: ${message}`);
    return refusedWith(subject, message);
  };
  if (!hasStrategy(strategy)) {
    const refused = await desk.execute({
      kind: 'CREATE_STRATEGY',
      ...{ strategy, allowsShort: true, stage: 'PAPER' },
    });
    if (refused !== null) return refuse(refused);
    log('INFO', `Strategy ${strategy} was created at stage PAPER, for ${fileName}.`);
  }
  const owner = { strategy, account, tradingDate, settings };
  const request = { fileName, content, ...owner, dryRun: false };
  const answer = await loadWhenConnected(desk, request, stopped);
  if (answer === null) return null;
  const { refusal, file: record } = answer;
  const isEarly = (): boolean =>
    tradingDate !== null && isTooEarly('XNYS', tradingDate, desk.now());
  if (refusal !== null && isEarly()) {
    log('WARNING', `${fileName} waits in the folder: ${earlyFor(tradingDate)}.`);
    return { isDue: () => !isEarly() };
  }
  if (refusal !== null && isOfProfile(refusal, { own, profile })) {
    log('WARNING', `${fileName} waits in the folder: ${refusal.message}. Its profile says so.`);
    return 'MEND_PROFILE';
  }
  if (refusal !== null) return refuse(refusal);
  if (record === null) return null;
  tell(record, answer, log);
  return disposalOf(subject, record, answer);
}

const earlyFor = (date: string | null): string =>
  `it is for ${date ?? ''}, and a session comes before; it is loaded when that one has closed`;

/** Whether what was refused stands in the profile: the file itself may be right. */
function isOfProfile(
  { field }: Refusal,
  { own, profile }: { readonly own: FileOwner; readonly profile: Profile },
): boolean {
  if (field !== 'account' && field !== 'tradingDate') return false;
  return own[field] === null && profile[field] !== null;
}

/** What the file says itself, which goes before its profile. */
async function ownerOf({ fileName, content }: InboxFile): Promise<FileOwner> {
  if (!mayNameOwner(content)) return NO_OWNER;
  const bytes = new TextEncoder().encode(content);
  return (await checkBeside({ fileName, bytes })).owner;
}

/** The link may be lost between the look at it and the question. Null when it was stopped. */
async function loadWhenConnected(
  desk: InboxDesk,
  request: LoadRequest,
  stopped: AbortSignal,
): Promise<LoadAnswer | null> {
  for (;;) {
    const answer = await desk.loadInstructions(request);
    if (answer.refusal?.code !== 'NOT_CONNECTED') return answer;
    await pause(stopped);
    if (!(await linkReady(desk, stopped))) return null;
  }
}

/** False when there is no need any more. */
async function linkReady(desk: InboxDesk, stopped: AbortSignal): Promise<boolean> {
  while (!stopped.aborted && desk.link().state !== 'READY') {
    await pause(stopped);
  }
  return !stopped.aborted;
}

function pause(stopped: AbortSignal): Promise<void> {
  return new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_AGAIN);
    stopped.addEventListener('abort', done);
    if (stopped.aborted) done();
  });
}

function tellLoadedBefore(
  given: Readonly<Record<'fileName' | 'strategy' | 'armed' | 'day', string>>,
  log: InstructionInboxParts['log'],
): void {
  const { fileName, strategy, armed, day } = given;
  const what = `${fileName} for ${strategy}: the same content was loaded for ${armed} already`;
  if (armed === day) return log('INFO', `${what}; nothing was done.`);
  log('WARNING', `${what}. It is not traded on ${day}. ${tradeAgain(day)}`);
}

function tell(
  record: InstructionFileRecord,
  { orders }: LoadAnswer,
  log: InstructionInboxParts['log'],
): void {
  const { fileName, strategy, tradingDate, accepted, symbols, findings } = record;
  const errors = findings.filter(({ severity }) => severity === 'ERROR');
  const whose = `${fileName} of ${tradingDate} for strategy ${strategy}`;
  if (!accepted) return log('WARNING', `${whose} was refused: ${listed(fileName, errors)}`);
  const loaded = symbols.filter((each) => each.accepted).map(({ symbol }) => symbol);
  const refused = symbols.filter((each) => !each.accepted).map(({ symbol }) => symbol);
  if (loaded.length > 0) {
    const armed = [...orders.values()].flat().filter(({ status }) => status === 'ARMED').length;
    log('INFO', `${whose} is loaded: ${loaded.join(', ')}; ${armed} orders are armed.`);
  }
  if (refused.length > 0) {
    log('WARNING', `${whose}: ${refused.join(', ')} refused: ${listed(fileName, errors)}`);
  }
}

function listed(fileName: string, errors: readonly Finding[]): string {
  const shown = errors.slice(0, MOST_FINDINGS).map(({ line, column, message }) => {
    const place = line === null ? '' : `${fileName}:${line}:${column ?? 1}: `;
    return `${place}${message}`;
  });
  const more = errors.length - shown.length;
  const check = 'run `tidegate instructions check` on it for the rest';
  return [...shown, ...(more > 0 ? [`and ${more} more; ${check}`] : [])].join(' | ');
}
