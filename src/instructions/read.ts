// Reads an instruction file from disk and checks it. The size is known before a byte is read, and
// nothing but a regular file is opened. Must not know which folder the file came from, or why.

import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import type { FindingCode } from '../domain/finding';
import type { CheckedFile } from '../domain/instruction';
import { decodeUtf8, tooLargeMessage } from '../json/text';
import { checkInstructionFile, MAX_FILE_BYTES, type InstructionBytes } from './check';
import { Findings, NO_TEXT } from './findings';
import { NO_OWNER } from './owner';

export interface InstructionFile {
  readonly checked: CheckedFile;
  /** For code frames; empty where the bytes are no text. */
  readonly text: string;
}

/** Never throws: what cannot be read is a finding too. */
export function readInstructionFile(
  path: string,
  options: Pick<InstructionBytes, 'strict' | 'settings'> = {},
): InstructionFile {
  const fileName = path.split(/[\\/]/).at(-1) ?? path;
  const read = readInstructionBytes(path);
  if (!read.ok) return { checked: refusedUnread(fileName, read), text: '' };
  const { bytes } = read;
  const decoded = decodeUtf8(bytes, MAX_FILE_BYTES);
  const checked = checkInstructionFile({ fileName, bytes, ...options });
  return { checked, text: decoded.ok ? decoded.text : '' };
}

export type ReadBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: FindingCode; readonly message: string };

/** Never throws. */
export function readInstructionBytes(path: string): ReadBytes {
  try {
    const before = refusal(statSync(path));
    if (before !== null) return before;
    // Should it have become a pipe since, opening must not wait for somebody to write.
    const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(handle);
      return refusal(stats) ?? { ok: true, bytes: readAtMost(handle, MAX_FILE_BYTES + 1) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return {
      ok: false,
      code: 'FILE_UNREADABLE',
      message: `The file cannot be read: ${why(error)}.`,
    };
  }
}

function refusal(stats: Stats): ReadBytes | null {
  if (!stats.isFile()) {
    return { ok: false, code: 'FILE_UNREADABLE', message: 'This is not a regular file.' };
  }
  if (stats.size <= MAX_FILE_BYTES) return null;
  return {
    ok: false,
    code: 'FILE_TOO_LARGE',
    message: tooLargeMessage(stats.size, MAX_FILE_BYTES),
  };
}

/** One byte more than is allowed shows a file that has grown since its size was read. */
function readAtMost(handle: number, most: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(most);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function why(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission';
  return String(error).replace(/^\w*Error: /, '');
}

/** The verdict on a file whose bytes cannot be had. */
export function refusedUnread(
  fileName: string,
  { code, message }: { readonly code: FindingCode; readonly message: string },
): CheckedFile {
  const findings = new Findings();
  findings.add(code, NO_TEXT, message);
  return {
    fileName,
    contentHash: '',
    owner: NO_OWNER,
    accepted: false,
    symbols: [],
    findings: findings.list,
    corrections: [],
  };
}
