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
/** Real milliseconds that a thread waits for another file: those of a morning come in a row. */
const LINGER = 5_000;

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

/** A thread that has answered: the next file is spared its start, and is checked by warm code. */
interface Idle {
  readonly worker: Worker;
  readonly script: string;
  readonly timer: NodeJS.Timeout;
}
let idle: Idle | null = null;

/** One file at a time on each thread: a file that ends its thread takes no other one with it. */
function answerOf(file: InstructionBytes, beside: Beside): Promise<PackedFile> {
  const worker = idleThread(beside) ?? newThread(beside);
  return new Promise<PackedFile>((resolve, reject) => {
    const ended = (): void => {
      reject(new Error(`the check of ${file.fileName} ended without a result`));
    };
    worker.on('error', reject);
    worker.on('exit', ended);
    worker.on('message', (answer: PackedFile) => {
      silence(worker);
      keep(worker, beside);
      resolve(answer);
    });
    worker.postMessage(file);
  });
}

function newThread({ script, execArgv }: Beside): Worker {
  return new Worker(script, { ...(execArgv !== undefined && { execArgv }) });
}

function idleThread({ script }: Beside): Worker | null {
  if (idle?.script !== script) return null;
  const { worker, timer } = idle;
  clearTimeout(timer);
  idle = null;
  silence(worker);
  worker.ref();
  return worker;
}

/** For a while, and not at the cost of a process that wants to end; one is enough. */
function keep(worker: Worker, { script }: Beside): void {
  if (idle !== null) return end(worker);
  const forget = (): void => {
    if (idle?.worker === worker) {
      clearTimeout(idle.timer);
      idle = null;
    }
  };
  worker.on('error', forget);
  worker.on('exit', forget);
  worker.unref();
  const timer = setTimeout(() => {
    forget();
    end(worker);
  }, LINGER);
  timer.unref();
  idle = { worker, script, timer };
}

/** By name: the thread's own listeners, by which it hears, must stay. */
function silence(worker: Worker): void {
  for (const name of ['message', 'error', 'exit']) worker.removeAllListeners(name);
}

function end(worker: Worker): void {
  worker.terminate().catch(() => undefined);
}
