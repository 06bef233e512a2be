/**
 * Checks an instruction file beside the event loop, which goes on with fills and prices: a file
 * of the largest size takes seconds. Must not know what becomes of the file.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CheckedFile } from '../domain/instruction';
import { checkInstructionFile, type InstructionBytes } from './check';
import { unpacked, type PackedFile } from './packed';

/** Checked in a few milliseconds: less than a thread takes to start. */
const SMALL = 16 * 1024;

export interface Beside {
  /** The program of the thread. */
  readonly script: string;
  /** Options of node for it. */
  readonly execArgv?: string[];
}

const COMPILED: Beside = { script: join(__dirname, 'check-worker.js') };

/**
 * What `checkInstructionFile` says of it. Where Tidegate runs from
 * its sources there is no program for a thread, and the check runs in this one.
 * @throws when the thread cannot be started or runs out of memory
 */
export async function checkBeside(
  file: InstructionBytes,
  beside: Beside = COMPILED,
): Promise<CheckedFile> {
  const { bytes } = file;
  if (bytes.length <= SMALL || !existsSync(beside.script)) return checkInstructionFile(file);
  return unpacked(await answerOf(file, beside));
}

function answerOf(file: InstructionBytes, { script, execArgv }: Beside): Promise<PackedFile> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: file,
      ...(execArgv !== undefined && { execArgv }),
    });
    worker.on('message', resolve);
    worker.on('error', reject);
    // After an answer this changes nothing.
    worker.on('exit', () => {
      reject(new Error(`the check of ${file.fileName} ended without a result`));
    });
  });
}
