/**
 * Looks at and reads the files of an instruction folder with the care an open folder needs: nothing
 * but regular files, nothing by way of a link, nothing that is still being written. Must not know
 * what the content means, nor remember anything.
 */
import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../json/code-frame';
import { decodeUtf8, tooLargeMessage } from '../json/text';
import { MAX_FILE_BYTES } from './check';

/** The folders for files that were taken, inside the inbox and inside each strategy's folder. */
export const SHELVES = ['processed', 'refused'] as const;
export type Shelf = (typeof SHELVES)[number];

/** A name that a file of instructions may have. */
const FILE_NAME = /^[^.].*\.json$/i;
/** What a folder says of the files beside it. */
const PROFILE = 'profile.json';
const ARCHIVE = /^[^.].*\.(zip|gz|tgz|tar|bz2|xz|zst|7z|rar)$/i;
const STRATEGY_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** More in one folder are not looked at: somebody has dropped the wrong thing there. */
const MOST_FILES = 1000;
/** Each is watched. */
const MOST_FOLDERS = 1000;

export interface InboxEntry {
  readonly path: string;
  readonly fileName: string;
  readonly strategy: string;
  /** Changes whenever the file or its content does. */
  readonly signature: string;
  /** The same, but for what moving a file changes. */
  readonly identity: string;
  readonly isEmpty: boolean;
}
export interface InboxLook {
  readonly entries: readonly InboxEntry[];
  /** What is there and is not read, by path, in words. */
  readonly leftAlone: ReadonlyMap<string, string>;
  /** By folder; null: it is there and is no regular file. */
  readonly profiles: ReadonlyMap<string, InboxEntry | null>;
  /** The folders whose files belong here, the inbox itself first. */
  readonly folders: readonly string[];
}

/** What is in the folder and one folder deep, in order of names. @throws when it is gone */
export async function lookInto(folder: string, defaultStrategy: string): Promise<InboxLook> {
  const look: Look = {
    ...{ entries: [], leftAlone: new Map(), profiles: new Map(), folders: [folder] },
  };
  const subfolders = await collect(folder, defaultStrategy, look);
  for (const [count, name] of subfolders.entries()) {
    const path = join(folder, name);
    if (count >= MOST_FOLDERS) {
      look.leftAlone.set(`${folder}/`, TOO_MANY_FOLDERS);
      break;
    }
    if (!STRATEGY_KEY.test(name)) {
      look.leftAlone.set(path, NO_STRATEGY);
      continue;
    }
    look.folders.push(path);
    // A folder that has just gone is no fault: the next look does not see it.
    const deeper = await collect(path, name, look).catch(ignoreMissing);
    for (const each of deeper ?? []) look.leftAlone.set(join(path, each), TOO_DEEP);
  }
  return look;
}

const NO_STRATEGY =
  'is not read: a folder here is named after a strategy, up to 64 letters, digits, dots, dashes.';
const TOO_DEEP = 'is not read: instruction files lie in the inbox or one folder deep.';
const NOT_REGULAR = 'is not read: it is a link, a pipe or a device. Copy the file itself here.';
const IS_ARCHIVE = 'is not read: it is an archive. Unpack it and put its .json files here.';
const HARD_LINK =
  'is not read: it has another name elsewhere (a hard link). Copy the file itself here.';
const UNSAFE_NAME = 'is not read: its name holds characters that do not print. Rename it.';
const TWO_PROFILES = 'is not read: there are two profiles. Keep one of them.';
const TOO_MANY_FOLDERS = `holds more than ${MOST_FOLDERS} folders; the rest is not read.`;
const TOO_MANY = `holds more than ${MOST_FILES} instruction files; the rest waits for these.`;

interface Look {
  readonly entries: InboxEntry[];
  readonly leftAlone: Map<string, string>;
  readonly profiles: Map<string, InboxEntry | null>;
  readonly folders: string[];
}

/** Adds the files of one folder and yields the names of the folders in it. */
async function collect(folder: string, strategy: string, look: Look): Promise<string[]> {
  const subfolders: string[] = [];
  let files = 0;
  for (const fileName of (await readdir(folder)).sort()) {
    if (fileName.startsWith('.')) continue;
    const path = join(folder, fileName);
    const stats = await lstat(path, { bigint: true }).catch(ignoreMissing);
    if (stats === undefined) continue;
    if (isShelf(fileName)) continue;
    if (stats.isDirectory()) {
      subfolders.push(fileName);
      continue;
    }
    const why = whyLeft(fileName, stats);
    const isProfile = fileName.toLowerCase() === PROFILE;
    if (why !== null) look.leftAlone.set(path, why);
    const entry = { path, fileName, strategy, ...factsOf(stats) };
    if (isProfile) addProfile(folder, why === null ? entry : null, look);
    else if (why !== null || !FILE_NAME.test(fileName)) continue;
    else if (++files > MOST_FILES) look.leftAlone.set(folder, TOO_MANY);
    else look.entries.push(entry);
  }
  return subfolders;
}

/** Why a file that could be meant to be read is not; null for all others. */
function whyLeft(name: string, stats: BigIntStats): string | null {
  if (ARCHIVE.test(name)) return IS_ARCHIVE;
  if (name.startsWith('.') || !name.toLowerCase().endsWith('.json')) return null;
  if (printable(name) !== name) return UNSAFE_NAME;
  if (!stats.isFile()) return NOT_REGULAR;
  // By another name it may be a file that nobody meant to show.
  return stats.nlink > 1n ? HARD_LINK : null;
}

/** Null keeps the files beside it waiting: it is there, and cannot be read. */
function addProfile(folder: string, entry: InboxEntry | null, look: Look): void {
  const twice = look.profiles.has(folder);
  if (twice) look.leftAlone.set(join(folder, PROFILE), TWO_PROFILES);
  look.profiles.set(folder, twice ? null : entry);
}

function ignoreMissing(cause: unknown): undefined {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw cause;
}

/** However it is written: a disk may not tell capitals from small letters. */
function isShelf(name: string): boolean {
  return SHELVES.some((each) => each === name.toLowerCase());
}

type Facts = Pick<InboxEntry, 'signature' | 'identity' | 'isEmpty'>;

export function factsOf(stats: BigIntStats): Facts {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const identity = [dev, ino, size, mtimeNs].join(' ');
  return { identity, signature: `${identity} ${ctimeNs}`, isEmpty: size === 0n };
}

const signatureOf = (stats: BigIntStats): string => factsOf(stats).signature;

export type ReadEntry =
  | { readonly state: 'read'; readonly content: string }
  /** It is not what was looked at, or no longer: look again. */
  | { readonly state: 'changed' }
  /** Its content is none that could be read. */
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'unreadable'; readonly message: string };

/** Reads what was looked at, and nothing else should the name lead elsewhere by now. */
export async function readEntry(entry: InboxEntry): Promise<ReadEntry> {
  let handle: FileHandle;
  try {
    handle = await open(entry.path, OPEN_FLAGS);
  } catch (cause) {
    return unopened(cause);
  }
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile() || signatureOf(before) !== entry.signature) return { state: 'changed' };
    if (before.size > BigInt(MAX_FILE_BYTES)) {
      return refused(tooLargeMessage(Number(before.size), MAX_FILE_BYTES));
    }
    const bytes = await readAtMost(handle, Number(before.size) + 1);
    const after = await handle.stat({ bigint: true });
    if (signatureOf(after) !== entry.signature) return { state: 'changed' };
    return textOf(bytes);
  } finally {
    await handle.close();
  }
}

/** Should the name lead to a link or a pipe by now, opening fails or does not wait. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function unopened(cause: unknown): ReadEntry {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { state: 'changed' };
  const message = `It cannot be opened (${code ?? String(cause)}). Make it readable.`;
  return { state: 'unreadable', message };
}

async function readAtMost(handle: FileHandle, most: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(most);
  let length = 0;
  while (length < most) {
    const { bytesRead } = await handle.read(buffer, length, most - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** An empty file is a text too: the check of instructions says what is wrong with it. */
function textOf(bytes: Uint8Array): ReadEntry {
  const decoded = decodeUtf8(bytes, MAX_FILE_BYTES);
  if (!decoded.ok && decoded.fault.kind !== 'EMPTY') return refused(decoded.fault.message);
  // With its byte-order mark, so that the content has the hash of the file.
  return { state: 'read', content: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

const refused = (message: string): ReadEntry => ({ state: 'refused', message });
