// Flips bits of a journal file, one byte at a time, and reads it. Arguments: folder and step.
// Every byte of its last 4 KiB with a step of 1; further ahead, every seventh of these.
// Prints what came of it as JSON. In a process of its own, since a driver could end it.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/domain/event';
import { SqliteJournal } from '../../src/persistence/journal';
import { JournalError } from '../../src/persistence/journal-record';

const [folder = '', step = '1'] = process.argv.slice(2);
const whole = join(folder, 'whole.db');
const file = join(folder, 'flipped.db');

const journal = new SqliteJournal(whole);
for (let n = 0; n < 30; n += 1) {
  const event: Event = { type: 'PlanClosed', plan: `pln-${n}`, reason: 'é'.repeat(20) };
  journal.append({ inputId: `in-${n}`, at: 1_700_000_000_000 + n, events: [event] });
}
const expected = JSON.stringify([...journal.read(0)]);
journal.close();

const bytes = readFileSync(whole);
const counts = { found: 0, harmless: 0, wrong: 0, unexplained: [] as string[] };
/** Records from the head are lost with their pages: the tables of lists know the head. */
const isPrefix = (text: string): boolean => expected.startsWith(text.slice(0, -1));

function look(): void {
  let flipped: SqliteJournal | null = null;
  try {
    flipped = new SqliteJournal(file);
    const read = JSON.stringify([...flipped.read(0)]);
    if (isPrefix(read)) counts.harmless += 1;
    else counts.wrong += 1;
  } catch (cause) {
    counts.found += 1;
    if (!(cause instanceof JournalError)) counts.unexplained.push(String(cause));
  } finally {
    try {
      flipped?.close();
    } catch {
      // What cannot be read cannot always be closed in order either.
    }
  }
}

const stride = (at: number): number => Number(step) * (at < bytes.length - 4_096 ? 7 : 1);

async function main(): Promise<void> {
  for (let at = 0; at < bytes.length; at += stride(at)) {
    const damaged = Buffer.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    writeFileSync(file, damaged);
    look();
    if (at % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write(JSON.stringify(counts));
}

void main();
