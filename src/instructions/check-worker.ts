/** The thread that `checkBeside` starts: checks each file it is handed, one after the other. */
import { parentPort } from 'node:worker_threads';
import { checkInstructionFile, type InstructionBytes } from './check';
import { packed } from './packed';

parentPort?.on('message', (file: InstructionBytes) => {
  parentPort?.postMessage(packed(checkInstructionFile(file)));
});
