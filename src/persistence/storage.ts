/**
 * Opens everything that lasts: the journal, the query tables behind it and the questions to them,
 * embedded under a data folder or on a MySQL or MariaDB server. It must not know the engine.
 */
import { join } from 'node:path';
import type { LogLevel } from '../domain/desk';
import type { History, Journal } from '../domain/ports';
import { parseDatabaseUrl } from './database-url';
import { FolderLock } from './folder-lock';
import { SqlHistory } from './history';
import { SqliteJournal } from './journal';
import { causeText, JournalError } from './journal-record';
import { MySqlJournal } from './mysql-journal';
import { Projector } from './projector';
import { StorageError } from './storage-error';
import type { ViewPlace } from './view-database';

export interface StorageOptions {
  /** Where embedded databases are; created when it is missing. */
  readonly dataDir: string;
  /** `mysql://` or `mariadb://`; null: embedded databases in the data folder. */
  readonly databaseUrl: string | null;
  readonly log: (level: LogLevel, message: string) => void;
}

export interface Storage {
  readonly journal: Journal;
  readonly projector: Projector;
  readonly history: History;
  /** Fills the query tables, closes everything and lets another server in. */
  close(): Promise<void>;
}

/**
 * The data folder belongs to one server, whichever database it uses. All or nothing: what was
 * opened before a fault is closed again. @throws StorageError, JournalError
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { dataDir, databaseUrl, log } = options;
  const address = databaseUrl === null ? null : parseDatabaseUrl(databaseUrl);
  const lock = new FolderLock(dataDir);
  let journal: Journal | null = null;
  try {
    journal =
      address === null
        ? new SqliteJournal(join(dataDir, 'journal.db'))
        : await MySqlJournal.open(address);
    const place: ViewPlace = address === null ? { file: join(dataDir, 'views.db') } : { address };
    return joined({ lock, journal, projector: await Projector.open({ place, journal, log }) });
  } catch (cause) {
    await journal?.close();
    lock.release();
    if (cause instanceof StorageError || cause instanceof JournalError) throw cause;
    throw new StorageError(
      `The query tables cannot be opened (${causeText(cause)}). They hold nothing that the ` +
        'journal does not: see docs/storage.md for how to delete them and have them filled again.',
      { cause },
    );
  }
}

function joined(parts: {
  readonly lock: FolderLock;
  readonly journal: Journal;
  readonly projector: Projector;
}): Storage {
  const { lock, journal, projector } = parts;
  return {
    journal,
    projector,
    history: new SqlHistory(projector, projector.made),
    close: async () => {
      await projector.close();
      await journal.close();
      lock.release();
    },
  };
}
