/** The text of an instruction file as it must be sent: exactly as it stands in the file. */
import { basename } from 'node:path';
import type { FileOwner } from '../domain/instruction';
import { checkInstructionFile, MAX_FILE_BYTES } from '../instructions/check';
import { NO_OWNER } from '../instructions/owner';
import { readInstructionBytes } from '../instructions/read';
import { decodeUtf8 } from '../json/text';
import { VerbError } from './errors';

export interface InstructionText {
  readonly fileName: string;
  /** With its byte-order mark, so that it has the hash of the file. */
  readonly content: string;
}

/** @throws VerbError (exit code 2) for what is no file, too large, or no UTF-8 */
export function instructionText(path: string): InstructionText {
  const read = readInstructionBytes(path);
  if (!read.ok) throw new VerbError(`${path} cannot be loaded. ${read.message}`, 2);
  const decoded = decodeUtf8(read.bytes, MAX_FILE_BYTES);
  if (!decoded.ok && decoded.fault.kind !== 'EMPTY') {
    throw new VerbError(`${path} cannot be loaded. ${decoded.fault.message}`, 2);
  }
  const content = new TextDecoder('utf-8', { ignoreBOM: true }).decode(read.bytes);
  return { fileName: basename(path), content };
}

/** Whose the file says it is; nothing where it cannot be read, which is said elsewhere. */
export function statedOwner(path: string): FileOwner {
  const read = readInstructionBytes(path);
  if (!read.ok) return NO_OWNER;
  return checkInstructionFile({ fileName: basename(path), bytes: read.bytes }).owner;
}
