// The floor under loading instruction files: their texts parsed, and as many bytes written and
// synced as the journal took. Knows nothing of the product.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BareLoad {
  readonly files: readonly string[];
  readonly bytes: number;
  /** Portions in which the bytes are written, each synced. */
  readonly batches: number;
}

/** Milliseconds. */
export function bareLoad({ files, bytes, batches }: BareLoad): number {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const file = openSync(join(folder, 'floor'), 'w');
  const portion = Buffer.alloc(Math.ceil(bytes / Math.max(1, batches)), 'x');
  const start = performance.now();
  for (const content of files) JSON.parse(content);
  for (let n = 0; n < batches; n += 1) {
    writeSync(file, portion);
    fdatasyncSync(file);
  }
  const millis = performance.now() - start;
  closeSync(file);
  rmSync(folder, { recursive: true });
  return millis;
}
