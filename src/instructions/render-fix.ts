// What `instructions fix` did to a file, as people read it in a terminal, and as the one JSON
// object the command prints. Must not correct or judge anything.

import type { Finding } from '../domain/instruction';
import { printable } from '../json/code-frame';
import { unifiedDiff } from '../json/line-diff';
import type { FixedFile, MadeCorrection } from './fix';

export interface FixNames {
  /** The file that was given, as a person knows it. */
  readonly file: string;
  /** The copy; null where none was written. */
  readonly copy: string | null;
}

export interface InstructionFixJson {
  readonly file: string;
  readonly copy: string | null;
  readonly corrections: readonly MadeCorrection[];
  /** ERRORs of the copy, with places in it. */
  readonly left: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** A unified diff; empty where nothing was corrected. */
  readonly diff: string;
}

export function fixJson(fixed: FixedFile, names: FixNames): InstructionFixJson {
  return {
    ...names,
    corrections: fixed.corrections,
    left: ofSeverity(fixed, 'ERROR'),
    warnings: ofSeverity(fixed, 'WARNING'),
    diff: diffOf(fixed, names, false),
  };
}

/** Summary, corrections, difference, and what is left to a person. */
export function renderFix(fixed: FixedFile, names: FixNames, colour: boolean): string {
  const place = (each: MadeCorrection): string =>
    `${printable(names.file)}:${each.line}:${each.column}`;
  const made = fixed.corrections.map(
    (each) => `${place(each)}  ${changeOf(each)}\n  ${each.code}: ${printable(each.message)}`,
  );
  const left = ofSeverity(fixed, 'ERROR').map((each) => leftText(each, fixed, names));
  const warnings = ofSeverity(fixed, 'WARNING').map((each) => leftText(each, fixed, names));
  return [
    summaryOf(fixed, names),
    ...(made.length > 0 ? [made.join('\n'), diffOf(fixed, names, colour)] : []),
    ...(left.length > 0 ? [`Left, to be corrected by hand:\n${left.join('\n')}`] : []),
    ...(warnings.length > 0 ? [`Worth a look:\n${warnings.join('\n')}`] : []),
  ].join('\n\n');
}

function summaryOf(fixed: FixedFile, { file, copy }: FixNames): string {
  const { length } = ofSeverity(fixed, 'ERROR');
  const left = length === 0 ? 'no error is left' : `${counted(length, 'error')} left`;
  if (copy !== null) {
    const made = counted(fixed.corrections.length, 'correction');
    return `${printable(file)}: ${made}, ${left}. The corrected copy: ${printable(copy)}`;
  }
  const why = length === 0 ? 'there is nothing to correct' : `nothing can be corrected, ${left}`;
  return `${printable(file)}: ${why}. No copy was written.`;
}

function changeOf({ was, is }: MadeCorrection): string {
  if (was === '') return `added ${printable(is)}`;
  return is === '' ? `removed ${printable(was)}` : `${printable(was)} -> ${printable(is)}`;
}

const WITHHELD =
  'Not corrected: the price would then speak against the comment, or cannot be judged.';

function leftText(finding: Finding, { withheld }: FixedFile, { file, copy }: FixNames): string {
  const { line, column, code, message } = finding;
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  const more = withheld.includes(finding) ? ` ${WITHHELD}` : '';
  return `${printable(copy ?? file)}${place}\n  ${code}: ${printable(message)}${more}`;
}

function diffOf({ before, after }: FixedFile, { file, copy }: FixNames, colour: boolean): string {
  return unifiedDiff({ name: file, text: before }, { name: copy ?? file, text: after }, colour);
}

function ofSeverity({ checked }: FixedFile, severity: Finding['severity']): readonly Finding[] {
  return checked.findings.filter((each) => each.severity === severity);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
