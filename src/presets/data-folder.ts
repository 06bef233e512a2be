/**
 * The folders a start needs on disk: the databases' and the inbox. Made when missing, tried before
 * anything is opened in them. Says what is new; what is in the databases is the journal's to say.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { VerbError } from './errors';

/** The demo's instruction files, as they come with Tidegate. */
export const DEMO_SAMPLES = resolve(__dirname, '..', '..', 'examples', 'demo');

export interface FoldersWanted {
  readonly dataDir: string;
  readonly instructionsDir: string;
  /** Folder whose *.json a new start finds in its inbox; null copies none. */
  readonly samples: string | null;
}

export interface OpenedFolders {
  /** New: there was no folder, or nothing in it but hidden files. */
  readonly state: 'new' | 'continued';
  /** File names that were copied to the inbox. */
  readonly copied: readonly string[];
}

/** @throws VerbError (exit code 1) where a folder cannot be used, with the next step */
export async function openFolders(wanted: FoldersWanted): Promise<OpenedFolders> {
  const { dataDir, instructionsDir, samples } = wanted;
  await usable(dataDir, DATA);
  await usable(instructionsDir, INBOX).catch((cause: unknown) => readable(instructionsDir, cause));
  const isNew = (await readdir(dataDir)).every((name) => name.startsWith('.'));
  const copied = isNew && samples !== null ? await copySamples(samples, instructionsDir) : [];
  return { state: isNew ? 'new' : 'continued', copied };
}

interface Purpose {
  readonly what: string;
  readonly variable: string;
}
const DATA: Purpose = { what: 'data folder', variable: 'TIDEGATE_DATA_DIR' };
const INBOX: Purpose = { what: 'instruction folder', variable: 'TIDEGATE_INSTRUCTIONS_DIR' };

/** Books and instructions are nobody else's to read. */
const PRIVATE = 0o700;

async function usable(folder: string, purpose: Purpose): Promise<void> {
  try {
    await make(folder);
    await tryToWrite(folder);
  } catch (cause) {
    throw new VerbError(unusable(folder, purpose, cause), 1, { cause });
  }
}

/**
 * One folder after the other. Node's own way of making the folders above never ends where a file
 * system denies that the folder above is there, as /proc does.
 */
async function make(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(folder); !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    await mkdir(each, { mode: PRIVATE }).catch((cause: unknown) => {
      // Somebody was faster; whether it is of use is tried next.
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

/** Permissions do not tell: a disk may be full, or mounted read-only. */
async function tryToWrite(folder: string): Promise<void> {
  const file = join(folder, `.tidegate-${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile('.');
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    await rm(file, { force: true });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOENT: 'its folder cannot be made',
};

function unusable(folder: string, { what, variable }: Purpose, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const why = REASONS[code] === undefined ? code : `${REASONS[code]} (${code})`;
  return `The ${what} ${folder} cannot be used: ${why}. Mend that, or set ${variable} to another.`;
}

const MAY_NOT_WRITE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);
const codeOf = (cause: unknown): unknown => (cause as NodeJS.ErrnoException).code;

/** Files can be loaded from an inbox that is mounted for reading only; they stay there. */
async function readable(inbox: string, cause: unknown): Promise<void> {
  const reason = cause instanceof VerbError ? codeOf(cause.cause) : undefined;
  if (!MAY_NOT_WRITE.has(reason)) throw cause;
  await readdir(inbox).catch(() => {
    throw cause;
  });
}

/** A file of the user's with the same name stays as it is. */
async function copySamples(from: string, to: string): Promise<string[]> {
  const copied: string[] = [];
  const names = (await readdir(from)).filter((name) => name.endsWith('.json')).sort();
  for (const name of names) {
    try {
      await copyFile(join(from, name), join(to, name), constants.COPYFILE_EXCL);
      copied.push(name);
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST' && !MAY_NOT_WRITE.has(codeOf(cause))) throw cause;
    }
  }
  return copied;
}
