/**
 * One server on a data folder. The lock is a transaction that is never committed, in a tiny
 * database of its own: the operating system ends it with the process, however that ends. It must
 * not know what else is in the folder.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { causeText } from './journal-record';
import { StorageError } from './storage-error';

export class FolderLock {
  readonly #db: Database.Database;

  /** Takes the folder, which is created where it is missing. @throws StorageError */
  constructor(folder: string) {
    const holder = join(folder, 'lock.txt');
    this.#db = open(folder);
    try {
      this.#db.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      this.#db.close();
      throw new StorageError(
        `Another Tidegate uses the folder ${folder}${told(holder)}. End it first, or name ` +
          'another data folder with TIDEGATE_DATA_DIR.',
        { cause },
      );
    }
    writeFileSync(holder, `process ${process.pid} since ${new Date().toISOString()}\n`);
  }

  release(): void {
    if (this.#db.open) this.#db.close();
  }
}

function open(folder: string): Database.Database {
  try {
    // Books are nobody else's to read.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new Database(join(folder, 'lock.db'));
  } catch (cause) {
    throw new StorageError(
      `The data folder ${folder} cannot be used (${causeText(cause)}). Make it writable, or name ` +
        'another one.',
      { cause },
    );
  }
}

/** Who has it, for the message alone: the lock itself is what counts. */
function told(holder: string): string {
  try {
    return ` (${readFileSync(holder, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
