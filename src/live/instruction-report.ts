/**
 * What became of a file of the inbox, as the text that lies beside it: for whom, for which day,
 * each symbol, each finding with its place, and what to do next. Must not know folders.
 */
import type { LoadAnswer } from '../domain/desk';
import type { Finding, InstructionFileRecord } from '../domain/instruction';
import type { Disposal } from '../instructions/inbox';
import { NO_PROFILE, type Profile } from '../instructions/profile';

export interface Subject {
  readonly fileName: string;
  readonly strategy: string;
  /** Of its folder; absent where it was not looked at. */
  readonly profile?: Profile;
  /** Epoch milliseconds on the engine's clock. */
  readonly at: number;
}

/** A file that the desk has looked at. */
export function disposalOf(
  subject: Subject,
  record: InstructionFileRecord,
  { orders }: Pick<LoadAnswer, 'orders'>,
): Disposal {
  const { accepted, symbols, findings } = record;
  const refused = symbols.filter((each) => !each.accepted).length;
  const nothing = !accepted || (refused > 0 && refused === symbols.length);
  const symbolLines = symbols.map(({ symbol, accepted: own }) => {
    const armed = (orders.get(symbol) ?? []).filter(({ status }) => status === 'ARMED').length;
    return `  ${symbol}  ${own ? `accepted, ${counted(armed, 'order')} armed` : 'refused'}`;
  });
  return disposal(subject, {
    shelf: nothing ? 'refused' : 'processed',
    outcome: nothing ? 'refused, nothing is armed' : refused > 0 ? 'loaded in part' : 'loaded',
    record,
    details: [
      ...(symbolLines.length > 0 ? [symbolLines.join('\n')] : []),
      ...findings.map((each) => findingText(each, subject.fileName)),
    ],
    next: nothing ? CORRECT_FILE : refused > 0 ? CORRECT_SYMBOLS : 'Nothing.',
  });
}

const CORRECT_FILE =
  '`tidegate instructions fix` writes a copy with what is certain put right; correct the rest, ' +
  'and put the file into the inbox again.';
const CORRECT_SYMBOLS =
  'Correct the refused symbols, and put the whole file into the inbox again under its name: ' +
  'what was accepted and has not changed stays as it is.';

/** A file that was not loaded, for a reason outside its findings. */
export function refusedWith(subject: Subject, why: string): Disposal {
  return disposal(subject, {
    shelf: 'refused',
    outcome: 'refused, nothing is armed',
    details: [`  ${why}`],
    next: 'Mend that, and put the file into the inbox again.',
  });
}

/** A file whose content was armed before: nothing was done. */
export function loadedBefore(subject: Subject, day: string, today: string): Disposal {
  const again = day === today;
  return disposal(subject, {
    shelf: again ? 'processed' : 'refused',
    outcome: again ? 'loaded already' : 'not loaded again',
    details: [`  The same content was loaded for ${day}. A file is for one trading date.`],
    next: again ? 'Nothing.' : tradeAgain(today),
  });
}

/** How content that was loaded for one date is traded on another. */
export function tradeAgain(day: string): string {
  return (
    `To trade it on ${day}, write "tradingDate": "${day}" into it, ` +
    'or load it with `tidegate instructions load`.'
  );
}

interface Report extends Pick<Disposal, 'shelf'> {
  readonly outcome: string;
  readonly record?: InstructionFileRecord;
  /** Blocks of lines. */
  readonly details: readonly string[];
  readonly next: string;
}

function disposal(
  { fileName, strategy, profile = NO_PROFILE, at }: Subject,
  report: Report,
): Disposal {
  const { shelf, outcome, record, details, next } = report;
  const head = [
    `${fileName}: ${outcome}`,
    `  when      ${new Date(at).toISOString()}`,
    `  strategy  ${strategy}`,
    ...profileLine(profile),
    ...(record === undefined
      ? []
      : [`  account   ${record.account}`, `  date      ${record.tradingDate}`]),
  ];
  const text = [head.join('\n'), ...details, `Next: ${next}`].join('\n\n');
  return { shelf, at, report: `${text}\n` };
}

/** What the folder said; nothing where it said nothing. */
function profileLine({ settings, ...owner }: Profile): string[] {
  const said = Object.entries({ ...owner, ...settings }).filter(([, value]) => value !== null);
  return said.length === 0
    ? []
    : [`  profile   ${said.map(([key, value]) => `${key} ${value}`).join(', ')}`];
}

function findingText(finding: Finding, fileName: string): string {
  const { severity, code, line, column, message, proposal } = finding;
  const place = line === null ? '' : `  ${fileName}:${line}:${column ?? 1}`;
  const rows = [`${severity} ${code}${place}`, `  ${message}`];
  return [...rows, ...(proposal === null ? [] : [`  Proposal: ${proposal}`])].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
