/** Rows as a table that fits a terminal. Must not know what the rows are about. */
import { printable } from '../json/code-frame';

export interface Column<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  readonly right?: boolean;
  /** The width it may be cut to when the table is too wide; without it, it never is. */
  readonly least?: number;
}

/** A text of a server or a file, without characters that could play with the terminal. */
export const harmless = (text: string): string => printable(text);

const WIDTH = 100;
const GAP = '  ';

/** The widest cells are cut first, with a mark; what must be copied, such as an id, never is. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ head }) => head),
    ...rows.map((row) => columns.map(({ text }) => printable(text(row)))),
  ];
  const widths = fitted(columns, cells);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? cell.length;
        const shown = cell.length > width ? `${cell.slice(0, width - 1)}\u2026` : cell;
        return columns[i]?.right === true ? shown.padStart(width) : shown.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return cells.map(line).join('\n');
}

function fitted<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
): readonly number[] {
  const widths = columns.map((_, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0),
  );
  const gaps = GAP.length * (columns.length - 1);
  for (let total = sum(widths) + gaps; total > WIDTH; total--) {
    let widest = -1;
    for (const [i, width] of widths.entries()) {
      const least = columns[i]?.least ?? width;
      if (width > least && width > (widths[widest] ?? 0)) widest = i;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
