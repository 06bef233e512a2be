/**
 * A replay as a person reads it: one line per event in the exchange's time, and a table at the
 * end.
 */
import type { ReplayLine, ReplayResult } from '../presets/replay';

/** `09:32:07.232  IBM  TRIGGER  entry[0]  at 181.91  crossed over 181.9` */
export function lineText(line: ReplayLine, zone: string): string {
  const { event, symbol, order, price, quantity, position, reason } = line;
  const parts = [
    clockOf(line.time, zone),
    symbol.padEnd(6),
    event.padEnd(7),
    order.padEnd(9),
    detailOf({ event, price, quantity }).padEnd(18),
    event === 'FILL' ? `position ${position}` : '',
    event === 'FILL' ? '' : (reason ?? ''),
  ];
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .trimEnd();
}

function detailOf(line: Pick<ReplayLine, 'event' | 'price' | 'quantity'>): string {
  const { event, price, quantity } = line;
  const at = price === null ? '' : ` at ${price}`;
  return event === 'TRIGGER' ? at.trim() : `${quantity ?? ''}${at}`.trim();
}

function clockOf(time: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(time));
}

const COLUMNS: readonly (readonly [string, (result: ReplayResult) => string])[] = [
  ['symbol', (r) => r.symbol],
  ['fills', (r) => String(r.fills)],
  ['denied', (r) => String(r.denied)],
  ['position', (r) => r.position],
  ['avg cost', (r) => r.averageCost ?? '-'],
  ['last', (r) => r.lastPrice ?? '-'],
  ['realised', (r) => r.realizedPnl],
  ['unrealised', (r) => r.unrealizedPnl],
  ['commissions', (r) => r.commissions],
  ['profit', (r) => `${r.pnl} ${r.currency}`],
];

/** The results as a table; a symbol that did not run says why on a line of its own. */
export function resultTable(results: readonly ReplayResult[]): string {
  const rows = [COLUMNS.map(([title]) => title), ...results.map(cellsOf)];
  const widths = COLUMNS.map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, n) => aligned(cell, n, widths)).join('  '));
  const reasons = results.filter((result) => result.reason !== null);
  return [
    ...table.map((row) => row.trimEnd()),
    'profit = realised + unrealised at the last price - commissions',
    ...reasons.map(({ symbol, reason }) => `${symbol} did not run: ${reason ?? ''}`),
  ].join('\n');
}

const cellsOf = (result: ReplayResult): string[] => COLUMNS.map(([, cell]) => cell(result));

/** Words to the left, numbers to the right. */
function aligned(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
