// A process that appends to a journal until it is killed: appender.ts file <path> | server <url>.
// Prints the sequence of each acknowledged batch of three. Knows no more than a server would.

import { writeSync } from 'node:fs';
import type { Event } from '../../src/domain/event';
import type { Journal } from '../../src/domain/ports';
import { parseDatabaseUrl } from '../../src/persistence/database-url';
import { SqliteJournal } from '../../src/persistence/journal';
import { MySqlJournal } from '../../src/persistence/mysql-journal';

const [kind, place = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const journal: Journal =
    kind === 'file' ? new SqliteJournal(place) : await MySqlJournal.open(parseDatabaseUrl(place));
  for (let n = 0; ; n += 1) {
    const events = [0, 1, 2].map((part): Event => {
      return { type: 'PlanClosed', plan: `pln-${n}`, reason: `part ${part} ${'x'.repeat(500)}` };
    });
    await journal.append({ inputId: `batch-${n}`, at: n, events });
    writeSync(1, `${journal.head().sequence}\n`);
  }
}

main().catch((cause: unknown) => {
  process.stderr.write(`${String(cause)}\n`);
  process.exit(1);
});
