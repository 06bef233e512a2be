// Fills query tables in a file batch by batch and asks them after each, for as long as it is told:
// busy-tables.ts <folder> <rounds>. Prints the resident megabytes after a tenth and at the end.

import { join } from 'node:path';
import type { Event } from '../../src/domain/event';
import { emptyState } from '../../src/engine/core/state';
import { SqlHistory } from '../../src/persistence/history';
import { SqliteJournal } from '../../src/persistence/journal';
import { Projector } from '../../src/persistence/projector';

const [folder = '', rounds = '0'] = process.argv.slice(2);
function megabytes(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().rss / 1_048_576);
}

async function main(): Promise<void> {
  const journal = new SqliteJournal(':memory:');
  const place = { file: join(folder, 'views.db') };
  const projector = await Projector.open({ place, journal, log: () => undefined });
  const history = new SqlHistory(projector);
  const state = emptyState();
  const readings: number[] = [];
  for (let n = 1; n <= Number(rounds); n += 1) {
    const file: Event = {
      type: 'InstructionsRecorded',
      file: {
        ...{ id: `f${n % 50}`, fileName: 'day.json', contentHash: 'h', strategy: 's' },
        ...{ account: 'a', tradingDate: '2026-01-05', accepted: true, symbols: [], findings: [] },
        at: n,
      },
    };
    projector.project(journal.append({ inputId: 'x', at: n, events: [file] }), state);
    await history.instructionFile('f1');
    if (n === Number(rounds) / 10 || n === Number(rounds)) readings.push(megabytes());
  }
  await projector.close();
  process.stdout.write(readings.join(' '));
}

void main();
