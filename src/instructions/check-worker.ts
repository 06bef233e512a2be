/** The thread that `checkBeside` starts: checks the one file it was given, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkInstructionFile, type InstructionBytes } from './check';
import { packed } from './packed';

parentPort?.postMessage(packed(checkInstructionFile(workerData as InstructionBytes)));
