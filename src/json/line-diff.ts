// The difference between two texts of as many lines, as a unified diff. Made for corrections in
// place, which never break or join a line. Must not know what the text is about.

import { printable } from './code-frame';

const CONTEXT = 3;
const RED = '\u001b[31m';
const GREEN = '\u001b[32m';
const CYAN = '\u001b[36m';
const PLAIN = '\u001b[0m';

export interface DiffedText {
  readonly name: string;
  readonly text: string;
}

/** Empty where nothing differs. Control characters of the texts are made harmless. */
export function unifiedDiff(from: DiffedText, to: DiffedText, colour = false): string {
  const [before, after] = [linesOf(from.text), linesOf(to.text)];
  const changed = before.flatMap((line, i) => (line === after[i] ? [] : [i]));
  if (changed.length === 0) return '';
  const paint = (line: string, code: string): string => (colour ? `${code}${line}${PLAIN}` : line);
  const rows = [`--- ${printable(from.name)}`, `+++ ${printable(to.name)}`];
  for (const { first, last } of hunks(changed, before.length)) {
    const span = `${first + 1},${last - first + 1}`;
    rows.push(paint(`@@ -${span} +${span} @@`, CYAN));
    for (let i = first; i <= last;) {
      const start = i;
      while (i <= last && before[i] !== after[i]) i++;
      for (let j = start; j < i; j++) rows.push(paint(`-${shownLine(before[j])}`, RED));
      for (let j = start; j < i; j++) rows.push(paint(`+${shownLine(after[j])}`, GREEN));
      if (i === start) rows.push(` ${shownLine(before[i++])}`);
    }
  }
  return rows.join('\n');
}

interface Hunk {
  readonly first: number;
  readonly last: number;
}

/** Changes whose contexts touch are one hunk. */
function hunks(changed: readonly number[], count: number): readonly Hunk[] {
  const found: Hunk[] = [];
  for (const line of changed) {
    const first = Math.max(0, line - CONTEXT);
    const last = Math.min(count - 1, line + CONTEXT);
    const open = found.at(-1);
    if (open !== undefined && first <= open.last + 1) found[found.length - 1] = { ...open, last };
    else found.push({ first, last });
  }
  return found;
}

/** The end of the last line is no line of its own. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function shownLine(line: string | undefined): string {
  return printable(line ?? '');
}
