/**
 * Watches the folder in which people and programs drop instruction files, hands over each content
 * once, when it has stopped changing, and puts the file away. Must not know what is in it.
 */
import { createHash } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { printable } from '../json/code-frame';
import { InboxProfiles, WITHOUT_PROFILE, type FolderProfile } from './inbox-profiles';
import { lookInto, readEntry, type InboxEntry, type InboxLook, type Shelf } from './inbox-files';
import { putAway } from './inbox-shelves';
import type { Profile } from './profile';

export interface InboxFile {
  readonly fileName: string;
  readonly path: string;
  /** As its profile says; else the name of its folder, and `default` directly in the inbox. */
  readonly strategy: string;
  readonly profile: Profile;
  readonly content: string;
}

/** A file that is too early stays, and is handed over again by itself when its time has come. */
export interface Waiting {
  readonly isDue: () => boolean;
}

/** Null: it stays. MEND_PROFILE: it stays until its profile has changed. */
export type Taken = Disposal | Waiting | 'MEND_PROFILE' | null;

/** Where a file goes that was taken. */
export interface Disposal {
  readonly shelf: Shelf;
  /** What became of it, in words; lies beside it. */
  readonly report: string;
  /** Epoch milliseconds: part of its name where another has that already. */
  readonly at: number;
}

export interface InboxOptions {
  readonly folder: string;
  /**
   * Called for one file at a time, in order of names. Null leaves the file where it is, and so does
   * a rejection, which is a warning; neither is a retry.
   */
  readonly onFile: (file: InboxFile) => Promise<Taken>;
  /** What becomes of a file whose content is no text of a bearable size. */
  readonly onNoText: (file: Omit<InboxFile, 'content' | 'profile'>, why: string) => Disposal | null;
  /** What a person should know: what is not read, and why. Once each. */
  readonly onWarning: (message: string) => void;
  /** A file counts as finished when it has not changed for so long. */
  readonly settleMs?: number;
  /** Some folders tell nobody of changes (network disks): looked at this often at least. */
  readonly pollMs?: number;
}

export const DEFAULT_STRATEGY = 'default';
/** A slow writer, such as a copy over a network, pauses for less. */
const SETTLE_MS = 1_000;
const POLL_MS = 2000;
/** A file that was just made is empty until its first line is written. */
const EMPTY_WAITS = 5;
/** Notices come in bursts; one look serves them all. */
const GATHER_MS = 20;

interface Seen {
  readonly signature: string;
  /** When this signature was first seen, on a clock that only goes forward. */
  readonly since: number;
  /** Read, or refused: not looked at again until it changes. */
  done: boolean;
  /** The profile under which it could not be taken: looked at again under another. */
  refusedUnder?: string;
  /** It was too early: looked at again when this says so. */
  isDue?: () => boolean;
}

/** Made by `watchInbox`; ends with `stop`. */
export interface Inbox {
  /** Resolves when no callback runs and none will follow. */
  stop(): Promise<void>;
}

/** Begins with what is in the folder already. A folder that is missing is made. */
export function watchInbox(options: InboxOptions): Inbox {
  const watched = new WatchedInbox(options);
  watched.begin();
  return watched;
}

class WatchedInbox implements Inbox {
  readonly #settleMs: number;
  readonly #pollMs: number;
  readonly #seen = new Map<string, Seen>();
  /** For whom which content was taken, by path. */
  readonly #contents = new Map<string, string>();
  readonly #warned = new Set<string>();
  readonly #profiles = new InboxProfiles(({ path, signature }, message) => {
    this.#warn(`${path} ${signature}`, `${this.#name(path)} is not a usable profile. ${message}`);
  });
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly inode: bigint }>();
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Infinity;
  #running: Promise<void> = Promise.resolve();
  #looking = false;
  #noticed = false;
  #stopped = false;

  constructor(private readonly options: InboxOptions) {
    this.#settleMs = options.settleMs ?? SETTLE_MS;
    this.#pollMs = options.pollMs ?? POLL_MS;
  }

  begin(): void {
    this.#lookIn(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    await this.#running;
  }

  /** Looks after so many milliseconds, or earlier if that is due anyway. */
  #lookIn(delay: number): void {
    const at = performance.now() + delay;
    if (this.#stopped || at >= this.#dueAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      this.#running = this.#look();
    }, delay);
  }

  #notice(): void {
    if (this.#looking) this.#noticed = true;
    else this.#lookIn(GATHER_MS);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#noticed = false;
    try {
      const look = await this.#lookOrMake();
      await this.#watchAll(look.folders);
      this.#warnOf(look.leftAlone);
      await this.#take(look);
    } catch (cause) {
      this.#warn('', `The instruction folder cannot be read: ${String(cause)}`);
    } finally {
      this.#looking = false;
    }
    const unfinished = [...this.#seen.values()].some(({ done }) => !done);
    this.#lookIn(this.#noticed ? GATHER_MS : unfinished ? this.#settleMs : this.#pollMs);
  }

  async #lookOrMake(): Promise<InboxLook> {
    const { folder } = this.options;
    try {
      return await lookInto(folder, DEFAULT_STRATEGY);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // What is in it from now on is new, also under an old name.
    for (const path of this.#seen.keys()) this.#forget(path);
    this.options.onWarning(`The instruction folder ${folder} was missing; it was made again.`);
    return lookInto(folder, DEFAULT_STRATEGY);
  }

  /** A notice only brings the next look forward, so that a watch that fails costs nothing else. */
  async #watchAll(folders: readonly string[]): Promise<void> {
    for (const [folder, { watcher }] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) {
      const stats = await stat(folder, { bigint: true }).catch(() => null);
      const present = this.#watchers.get(folder);
      // A folder that was deleted and made again is another one of the same name.
      if (stats === null || present?.inode === stats.ino || this.#stopped) continue;
      present?.watcher.close();
      this.#watch(folder, stats.ino);
    }
  }

  #watch(folder: string, inode: bigint): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#notice());
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, { watcher, inode });
    } catch {
      this.#watchers.delete(folder);
    }
  }

  async #take({ entries, profiles }: InboxLook): Promise<void> {
    const paths = new Set([...entries, ...profiles.values()].map((each) => each?.path));
    for (const path of this.#seen.keys()) {
      if (!paths.has(path)) this.#forget(path);
    }
    for (const entry of entries) {
      if (this.#stopped) return;
      const own = profiles.get(dirname(entry.path));
      const given = own === undefined ? WITHOUT_PROFILE : await this.#profileOf(own);
      if (this.#isFinished(entry, given) && given !== null) await this.#read(entry, given);
    }
  }

  #forget(path: string): void {
    this.#seen.delete(path);
    this.#contents.delete(path);
  }

  /** Null while it may still be written, or is wrong: the files beside it wait. */
  async #profileOf(entry: InboxEntry | null): Promise<FolderProfile | null> {
    if (entry === null || !this.#hasSettled(entry)) return null;
    const seen = this.#seen.get(entry.path);
    if (seen !== undefined) seen.done = true;
    return this.#profiles.of(entry);
  }

  /** Whether it is to be taken: settled, and not taken before. */
  #isFinished(entry: InboxEntry, given: FolderProfile | null): boolean {
    const settled = this.#hasSettled(entry);
    const seen = this.#seen.get(entry.path);
    if (seen?.refusedUnder === undefined) return settled && seen?.done !== true;
    return given !== null && (given.signature !== seen.refusedUnder || seen.isDue?.() === true);
  }

  /** Whether it has kept its size and time for long enough. */
  #hasSettled({ path, signature, isEmpty }: InboxEntry): boolean {
    const wait = isEmpty ? this.#settleMs * EMPTY_WAITS : this.#settleMs;
    const now = performance.now();
    const seen = this.#seen.get(path);
    if (seen?.signature !== signature) {
      this.#seen.set(path, { signature, since: now, done: false });
      return false;
    }
    return now - seen.since >= wait;
  }

  async #read(entry: InboxEntry, { profile, signature }: FolderProfile): Promise<void> {
    const { path, fileName } = entry;
    const strategy = profile.strategy ?? entry.strategy;
    const read = await readEntry(entry);
    // Looked at again with what it has become.
    if (read.state === 'changed') return void this.#seen.delete(path);
    const seen = this.#seen.get(path);
    if (seen !== undefined) {
      seen.done = true;
      delete seen.refusedUnder;
      delete seen.isDue;
    }
    if (read.state !== 'read') {
      this.#warn(`${path} ${entry.signature}`, `${this.#name(path)} is not read. ${read.message}`);
      if (read.state === 'unreadable') return;
      const disposal = this.options.onNoText({ fileName, path, strategy }, read.message);
      return this.#putAway(entry, disposal);
    }
    const { content } = read;
    const hash = createHash('sha256').update(content).digest('hex');
    const load = JSON.stringify([hash, strategy, profile]);
    const known = [...this.#contents.values()].includes(load);
    this.#contents.set(path, load);
    if (known || this.#stopped) return;
    const taken = await this.#handOver({ fileName, path, strategy, profile, content });
    if (taken === null || (taken !== 'MEND_PROFILE' && 'shelf' in taken)) {
      return this.#putAway(entry, taken);
    }
    this.#contents.delete(path);
    if (seen === undefined) return;
    seen.refusedUnder = signature;
    if (taken !== 'MEND_PROFILE') seen.isDue = taken.isDue;
  }

  async #handOver(file: InboxFile): Promise<Taken> {
    try {
      return await this.options.onFile(file);
    } catch (cause) {
      this.options.onWarning(`${this.#name(file.path)} was not taken: ${String(cause)}`);
      return null;
    }
  }

  /** A file that cannot be moved stays, was taken, and is not taken again while it is the same. */
  async #putAway(entry: InboxEntry, disposal: Disposal | null): Promise<void> {
    if (disposal === null) return;
    const { path } = entry;
    const moved = await putAway(entry, disposal);
    switch (moved.state) {
      case 'moved':
      case 'changed':
        // Whatever stands there now, or comes, is another file.
        return this.#forget(path);
      case 'stays': {
        const folder = dirname(path);
        const shelf = this.#name(join(folder, disposal.shelf));
        const message =
          `Files in ${this.#name(folder)} stay there after they were taken: nothing can be ` +
          `moved to ${shelf} (${moved.why}). They are not loaded again; mend that, or move them.`;
        this.#warn(folder, message);
      }
    }
  }

  #warnOf(leftAlone: ReadonlyMap<string, string>): void {
    for (const [path, why] of leftAlone) this.#warn(path, `${this.#name(path)} ${why}`);
  }

  /** Once for each reason. */
  #warn(reason: string, message: string): void {
    const key = `${reason}\n${message}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.options.onWarning(message);
  }

  /** `instructions/momentum/x.json`, as a person knows it. */
  #name(path: string): string {
    const { folder } = this.options;
    const below = relative(folder, path);
    return printable(below === '' ? basename(folder) : `${basename(folder)}/${below}`);
  }
}
