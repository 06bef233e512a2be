/**
 * Puts a file of the inbox away once it was taken: beside its report, on the shelf that says what
 * became of it, never in the place of another. Must not know why it goes where.
 */
import { lstat, mkdir, rename, unlink } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { factsOf, type InboxEntry, type Shelf } from './inbox-files';
import { moveToFreeName, putNewFile } from './put-file';

export interface PutAway {
  readonly shelf: Shelf;
  readonly report: string;
  readonly at: number;
}

export type Moved =
  | { readonly state: 'moved' }
  /** It is gone, or no longer what was taken: nothing was moved. */
  | { readonly state: 'changed' }
  | { readonly state: 'stays'; readonly why: string };

/** As many files with one name in one second. */
const MOST_NAMES = 100;

/**
 * The report is there before the file: a crash between the two leaves a file in the inbox, which is
 * taken again to no effect, and never one on a shelf that nobody can explain.
 */
export async function putAway(entry: InboxEntry, what: PutAway): Promise<Moved> {
  const shelf = join(dirname(entry.path), what.shelf);
  try {
    await mkdir(shelf, { mode: 0o700 }).catch(ignoreExisting);
    // A link would lead out of the inbox.
    if (!(await lstat(shelf)).isDirectory()) return stays('it is not a folder');
    for (const name of namesFor(entry.fileName, what.at)) {
      const moved = await putUnder(join(shelf, name), entry, what.report);
      if (moved !== null) return moved;
    }
    return stays('too many files of its name are there');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return stays(code ?? String(cause));
  }
}

const stays = (why: string): Moved => ({ state: 'stays', why });

function ignoreExisting(cause: unknown): void {
  if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
}

/** `day.json`, then with the time, then with the time and a number. */
function* namesFor(fileName: string, at: number): Generator<string> {
  yield fileName;
  const { name, ext } = parse(fileName);
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  yield `${name}.${time}${ext}`;
  for (let i = 2; i <= MOST_NAMES; i++) yield `${name}.${time}-${i}${ext}`;
}

/** Null where the name is taken. The report reserves it. */
async function putUnder(to: string, entry: InboxEntry, report: string): Promise<Moved | null> {
  const reportPath = `${to}.report.txt`;
  if (await isThere(to)) return null;
  if (!(await isSame(entry))) return { state: 'changed' };
  try {
    await putNewFile({ path: reportPath, bytes: new TextEncoder().encode(report) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw cause;
  }
  let moved: Moved = { state: 'changed' };
  try {
    moved = await move(entry, to);
  } finally {
    if (moved.state !== 'moved') await unlink(reportPath);
  }
  return moved;
}

/** A new file may take the place of the one that was read at any moment: it is never put away. */
async function move(entry: InboxEntry, to: string): Promise<Moved> {
  const { path, identity } = entry;
  if (!(await isSame(entry))) return { state: 'changed' };
  await rename(path, to);
  if (factsOf(await lstat(to, { bigint: true })).identity === identity) return { state: 'moved' };
  try {
    await moveToFreeName(to, path);
  } catch {
    return stays(`a file that took its place while it was moved lies unread at ${to}`);
  }
  return { state: 'changed' };
}

/** Whether what was taken still stands where it stood. */
async function isSame({ path, signature }: InboxEntry): Promise<boolean> {
  const stats = await lstat(path, { bigint: true }).catch(() => null);
  return stats !== null && factsOf(stats).signature === signature;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
