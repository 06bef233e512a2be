/**
 * Small replays from texts: an instruction file and a few trades, written to a folder of their
 * own.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReplayOptions } from '../../src/presets/replay';

export interface SmallOrder {
  readonly on?: 'cross-over' | 'cross-under';
  readonly action: 'BUY' | 'SELL';
  readonly order?: 'limit' | 'Market';
  readonly quantity?: number | string;
  readonly price: string;
  readonly comment?: string;
}

/** One symbol of an instruction file, in the file's own words. */
export function symbolOf(
  entries: readonly SmallOrder[],
  ifLong: readonly SmallOrder[] = [],
  ifShort: readonly SmallOrder[] = [],
): object {
  const written = (order: SmallOrder): object => ({
    ...(order.comment === undefined ? {} : { _comment: order.comment }),
    ...(order.on === undefined ? {} : { On: order.on }),
    Action: order.action,
    Order: order.order ?? 'Market',
    Qty: order.quantity ?? 1,
    price: order.price,
  });
  return {
    'Entry OCA': entries.map(written),
    'Orders if Long': ifLong.map(written),
    'Orders if Short': ifShort.map(written),
  };
}

/** `14:30:00 IBM 181.91 100` on a date becomes a CSV row; a full time is taken as it is. */
export function tradesCsv(date: string, rows: readonly string[]): string {
  const lines = rows.map((row) => {
    const [time = '', symbol = '', price = '', size = '100'] = row.split(' ');
    const full = time.includes('T') ? time : `${date}T${time}Z`;
    return [full, symbol, price, size].join(',');
  });
  return ['time,symbol,price,size', ...lines, ''].join('\n');
}

/** Writes both files and yields what a replay of them is asked. */
export function smallReplay(
  instructions: object | string,
  trades: string,
  changes: Partial<ReplayOptions> = {},
): ReplayOptions {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-small-'));
  const text = typeof instructions === 'string' ? instructions : JSON.stringify(instructions);
  writeFileSync(join(folder, 'day.json'), text);
  writeFileSync(join(folder, 'trades.csv'), trades);
  return {
    instructions: join(folder, 'day.json'),
    trades: join(folder, 'trades.csv'),
    previousCloses: new Map(),
    riskRules: null,
    strategy: 'default',
    sessionEnd: 'calendar',
    commission: 'none',
    journal: null,
    ...changes,
  };
}
