// A checked file as people read it in a terminal, and as the one JSON object the command prints.
// Must not judge anything.

import type { CheckedFile, CheckedSymbol, Finding } from '../domain/instruction';
import { codeFrame, printable } from '../json/code-frame';

export interface InstructionFileJson {
  readonly fileName: string;
  readonly contentHash: string;
  readonly accepted: boolean;
  readonly symbols: readonly { readonly symbol: string; readonly accepted: boolean }[];
  readonly findings: readonly Finding[];
}

/** The shape of InstructionFile in the API: no plans, findings in the order of the text. */
export function toJson(checked: CheckedFile): InstructionFileJson {
  const { fileName, contentHash, accepted, symbols, findings } = checked;
  return {
    fileName,
    contentHash,
    accepted,
    symbols: symbols.map(({ symbol, accepted: own }) => ({ symbol, accepted: own })),
    findings,
  };
}

/** Summary, symbols, then every finding with its place in the text. */
export function renderCheck(checked: CheckedFile, text: string): string {
  const { fileName, symbols, findings } = checked;
  const blocks = [
    [`${printable(fileName)}: ${summaryOf(checked)}`, ...symbols.map(symbolLine)].join('\n'),
    ...findings.map((finding) => findingBlock(finding, fileName, text)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function summaryOf({ accepted, symbols, findings }: CheckedFile): string {
  const loaded = symbols.filter((each) => each.accepted).length;
  const verdict = accepted
    ? `accepted, ${loaded} of ${counted(symbols.length, 'symbol')} loads`
    : 'refused, nothing of it loads';
  const count = (severity: Finding['severity'], noun: string): string =>
    counted(findings.filter((each) => each.severity === severity).length, noun);
  const found = [count('ERROR', 'error'), count('WARNING', 'warning'), count('INFO', 'note')];
  return `${verdict} (${found.join(', ')})`;
}

function symbolLine({ symbol, plan }: CheckedSymbol): string {
  if (plan === null) return `  ${symbol}: refused`;
  const { entries, ifLong, ifShort } = plan;
  const entryCount = entries.length === 1 ? '1 entry' : `${entries.length} entries`;
  const long = counted(ifLong.length, 'order');
  const short = counted(ifShort.length, 'order');
  return `  ${symbol}: loads with ${entryCount}, ${long} if long, ${short} if short`;
}

function findingBlock(finding: Finding, fileName: string, text: string): string {
  const { severity, code, message, line, column, proposal } = finding;
  const place = line === null || column === null ? '' : `:${line}:${column}`;
  const rows = [`${severity} ${code}  ${printable(fileName)}${place}`, `  ${printable(message)}`];
  if (line !== null && column !== null && text !== '') {
    rows.push(indented(codeFrame(text, line, column)));
  }
  if (proposal !== null) rows.push(`  Proposal: ${printable(proposal)}`);
  return rows.join('\n');
}

function indented(block: string): string {
  return block.replace(/^/gm, '  ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
