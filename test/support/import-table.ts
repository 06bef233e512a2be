// Reads the table of allowed imports out of docs/architecture.md and judges one source file by it.
// Knows nothing of the disk, so that the architecture test can feed it samples that must fail.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

export interface ImportRow {
  /** Below src: a folder such as `engine/core`, or a file there without its ending, `main`. */
  readonly folder: string;
  /** A row such as "engine (loop, feed)" speaks of the files in the folder, not of subfolders. */
  readonly filesOnly: boolean;
  readonly mayImport: readonly string[] | 'everything';
  readonly packages: readonly string[] | 'everything';
}

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const withoutComments = (cell: string): string => cell.replace(/\([^)]*\)/g, ' ');

function words(cell: string): string[] {
  const list = withoutComments(cell).replace(/`/g, '');
  return list.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

function allowed(cell: string): readonly string[] | 'everything' {
  const list = words(cell);
  const only = list.length === 1 ? list[0] : undefined;
  if (only === 'nothing' || only === 'none') return [];
  return only === 'everything' || only === 'its own' ? 'everything' : list;
}

/** The rows of the table whose first heading is "folder" and whose second is "may import". */
export function parseImportTable(markdown: string): ImportRow[] {
  const rows: ImportRow[] = [];
  let inTable = false;
  for (const line of markdown.split(/\r?\n/)) {
    const cells = line.split('|').slice(1, -1);
    const [folder = '', mayImport = '', packages = ''] = cells.map((cell) => cell.trim());
    if (!line.trim().startsWith('|')) inTable = false;
    else if (/^folder$/i.test(folder) && /^may import$/i.test(mayImport)) inTable = true;
    else if (inTable && !/^:?-+:?$/.test(folder)) {
      for (const name of words(folder)) {
        rows.push({
          folder: name.replace(/^src\//, '').replace(/(\/|\.ts)$/, ''),
          filesOnly: folder.includes('('),
          mayImport: allowed(mayImport),
          packages: allowed(packages),
        });
      }
    }
  }
  return rows;
}

/** The row that owns a path below src (without ending): the longest folder that contains it. */
export function ownerOf(path: string, rows: readonly ImportRow[]): ImportRow | undefined {
  const owners = rows.filter(({ folder, filesOnly }) => {
    if (path === folder) return true;
    return filesOnly ? posix.dirname(path) === folder : path.startsWith(`${folder}/`);
  });
  return owners.sort((a, b) => b.folder.length - a.folder.length)[0];
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, '').split('/')[0]}`;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function allowsPackage(row: ImportRow, name: string): boolean {
  if (row.packages === 'everything') return true;
  return row.packages.some((entry) =>
    entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry,
  );
}

function relativeFault(from: string, specifier: string, rows: readonly ImportRow[]): string {
  const target = posix.join(posix.dirname(from), specifier);
  const [own, other] = [ownerOf(from, rows), ownerOf(target, rows)];
  if (target.startsWith('..')) return 'leaves src';
  if (own === undefined || own.mayImport === 'everything' || own === other) return '';
  if (other === undefined) return 'leads to a folder that is not in the table';
  return own.mayImport.includes(other.folder) ? '' : `${own.folder} may not import ${other.folder}`;
}

/** What is wrong with the imports of one file below src; type imports count too. */
export function importFaults(file: SourceFile, rows: readonly ImportRow[]): string[] {
  const path = file.path.replace(/^src\//, '').replace(/\.ts$/, '');
  const own = ownerOf(path, rows);
  if (own === undefined) return [`${file.path}: its folder is not in the import table`];
  const { importedFiles } = ts.preProcessFile(file.text, true, true);
  return importedFiles.flatMap(({ fileName: specifier, pos }) => {
    const line = file.text.slice(0, pos).split('\n').length;
    const fault = specifier.startsWith('.')
      ? relativeFault(path, specifier, rows)
      : allowsPackage(own, packageOf(specifier))
        ? ''
        : `${own.folder} may not use the package ${packageOf(specifier)}`;
    return fault === '' ? [] : [`${file.path}:${line}: import of '${specifier}': ${fault}`];
  });
}
