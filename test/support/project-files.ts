// Lists and reads the project's own files for the tests that judge the code as text.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './import-table';

export const projectRoot = join(__dirname, '..', '..');

/** What is committed or would be: a fault shows before the commit, not after it. */
export function projectPaths(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' });
  // A file that was deleted and not yet committed is still listed.
  const listed = output.split('\0').filter((path) => path !== '');
  return listed.filter((path) => existsSync(join(projectRoot, path))).sort();
}

export function readProjectFile(path: string): SourceFile {
  return { path, text: readFileSync(join(projectRoot, path), 'utf8') };
}
