// Puts files where they can be seen whole or not at all, and never in the place of another one.
// Must not know what is in them.

import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Writes a file as a whole. @throws NodeJS.ErrnoException with EEXIST when the name is taken */
export async function putNewFile({ path, bytes }: NewFile): Promise<void> {
  const draft = await writeDraft({ path, bytes });
  try {
    await moveToFreeName(draft, path);
  } catch (cause) {
    await unlink(draft).catch(() => undefined);
    throw cause;
  }
}

/** Writes a file as a whole, in the place of one that has the name. */
export async function replaceFile({ path, bytes }: NewFile): Promise<void> {
  const draft = await writeDraft({ path, bytes });
  try {
    await rename(draft, path);
  } catch (cause) {
    await unlink(draft).catch(() => undefined);
    throw cause;
  }
}

/** Moves within one disk. @throws NodeJS.ErrnoException with EEXIST when the name is taken */
export async function moveToFreeName(from: string, to: string): Promise<void> {
  try {
    // A rename would silently take the place of another file.
    await link(from, to);
  } catch (cause) {
    if (!NO_LINKS.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    if (await exists(to)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
    return rename(from, to);
  }
  await unlink(from);
}

/** What disks without hard links answer. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function writeDraft({ path, bytes }: NewFile): Promise<string> {
  const name = `.${basename(path)}.${randomBytes(6).toString('hex')}.draft`;
  const draft = join(dirname(path), name);
  const handle = await open(draft, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
