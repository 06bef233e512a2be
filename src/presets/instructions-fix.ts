/** Writes a corrected copy of an instruction file, never over the file itself. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkInstructionFile } from '../instructions/check';
import { fixInstructions, type FixedFile } from '../instructions/fix';
import { putNewFile, replaceFile } from '../instructions/put-file';
import { readInstructionBytes, refusedUnread } from '../instructions/read';
import { fixJson, renderFix, type InstructionFixJson } from '../instructions/render-fix';
import { VerbError } from './errors';

export interface FixRequest {
  readonly file: string;
  /** Null: beside the file, as `<name>.fixed.json`. */
  readonly out: string | null;
  /** Take the place of a copy that is there. */
  readonly force: boolean;
  readonly colour: boolean;
}

export interface FixReport {
  /** True when an ERROR is left in the copy, or in the file where there is no copy. */
  readonly hasErrors: boolean;
  readonly text: string;
  readonly json: InstructionFixJson;
}

/** @throws VerbError where the copy may not, or cannot, be written */
export async function fixInstructionFile(request: FixRequest): Promise<FixReport> {
  const { file, colour } = request;
  const fixed = fixedFile(file);
  const copy = fixed.corrections.length === 0 ? null : await writeCopy(fixed, request);
  return {
    hasErrors: fixed.checked.findings.some(({ severity }) => severity === 'ERROR'),
    text: renderFix(fixed, { file, copy }, colour),
    json: fixJson(fixed, { file, copy }),
  };
}

function fixedFile(file: string): FixedFile {
  const fileName = basename(file);
  const read = readInstructionBytes(file);
  if (read.ok) return fixInstructions(fileName, read.bytes);
  const nothing = { corrections: [], before: '', after: '', withheld: [] };
  return { ...nothing, bytes: new Uint8Array(), checked: refusedUnread(fileName, read) };
}

/** The path of the copy. */
async function writeCopy(fixed: FixedFile, { file, out, force }: FixRequest): Promise<string> {
  const path = out ?? besides(file);
  if (await isSameFile(file, path)) {
    throw new VerbError(`${path} is the file itself, which is never changed. Name another.`, 2);
  }
  demandSame(fixed);
  try {
    const copy = { path, bytes: fixed.bytes };
    await (force ? replaceFile(copy) : putNewFile(copy));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST')
      throw new VerbError(`${path} cannot be written: ${message}`, 1, { cause });
    throw new VerbError(`${path} exists already. Use --force to replace it, or name another.`, 2);
  }
  return path;
}

/** `day.fixed.json` for `day.json`. */
function besides(file: string): string {
  const name = basename(file).replace(/\.json$/i, '');
  return join(dirname(file), `${name}.fixed.json`);
}

/** By what they are, not by name: a link or another way of writing the path leads there too. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const look = (path: string) => stat(path, { bigint: true }).catch(() => null);
  const [a, b] = [await look(one), await look(other)];
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino;
}

/** The very bytes that are written have the verdict that is told. @throws Error */
function demandSame({ bytes, checked }: FixedFile): void {
  const again = checkInstructionFile({ fileName: checked.fileName, bytes });
  const codes = ({ findings }: typeof again): string => findings.map(({ code }) => code).join(' ');
  if (codes(again) === codes(checked)) return;
  throw new Error('The corrected copy is not what was checked; nothing was written.');
}
