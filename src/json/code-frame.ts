// The lines around a fault with a caret under it, as plain text for a terminal or a log.
// Must not know what the fault is.

const CONTEXT = 2;
const WIDTH = 100;
const TAB = '  ';
/** Control and direction characters could move the cursor or hide what stands there. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Two lines before and after, line numbers, and a caret. Line and column count from 1. */
export function codeFrame(text: string, line: number, column: number): string {
  const window = linesAround(text, line);
  const digits = String(window.at(-1)?.number ?? line).length;
  const caretAt = Math.max(0, column - 1);
  const rows: string[] = [];
  // Every line is cut at the same place, so that what stands under each other still does.
  const own = window.find((each) => each.number === line)?.content ?? '';
  const from = cutFrom(own, caretAt);
  for (const { number, content } of window) {
    const marker = number === line ? '>' : ' ';
    rows.push(`${marker} ${String(number).padStart(digits)} | ${cut(content, from)}`.trimEnd());
    if (number === line) {
      const before = printable(own.slice(from, caretAt)).length + (from > 0 ? 1 : 0);
      rows.push(`  ${' '.repeat(digits)} | ${' '.repeat(before)}^`);
    }
  }
  return rows.join('\n');
}

/** The text without characters that could play with the terminal. */
export function printable(text: string): string {
  return text.replaceAll('\t', TAB).replace(UNPRINTABLE, '\u00b7');
}

interface NumberedLine {
  readonly number: number;
  readonly content: string;
}

function linesAround(text: string, line: number): readonly NumberedLine[] {
  const window: NumberedLine[] = [];
  const breaks = /\r\n|\r|\n/g;
  let number = 1;
  let start = 0;
  while (number <= line + CONTEXT) {
    const end = breaks.exec(text);
    const content = text.slice(start, end === null ? text.length : end.index);
    if (number >= line - CONTEXT) window.push({ number, content });
    if (end === null) break;
    start = end.index + end[0].length;
    number++;
  }
  // The blank after the last line break is only worth showing where the fault is there.
  const last = window.at(-1);
  if (last !== undefined && last.content === '' && last.number > line) window.pop();
  return window;
}

function cutFrom(content: string, caretAt: number): number {
  return content.length <= WIDTH || caretAt < WIDTH - 20 ? 0 : caretAt - WIDTH / 2;
}

function cut(content: string, from: number): string {
  const kept = content.slice(from, from + WIDTH);
  const head = from > 0 && content.length > 0 ? '\u2026' : '';
  const tail = content.length > from + WIDTH ? '\u2026' : '';
  return head + printable(kept) + tail;
}
