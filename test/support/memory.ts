// What this process keeps in memory. Resident pages are no measure: how lazily garbage is collected
// depends on the machine.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of objects and buffers that are still referenced. */
export function keptBytes(): number {
  // What is finalized by the first is freed by the second.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
