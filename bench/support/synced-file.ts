// What the disk asks for one durable write: the yardstick of everything that is written before it
// is sent.

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

const PAGE = Buffer.alloc(4_096, 'x');

export class SyncedFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** Microseconds of one page, written and synchronized. */
  append(): number {
    const start = performance.now();
    writeSync(this.#file, PAGE);
    fdatasyncSync(this.#file);
    return (performance.now() - start) * 1_000;
  }

  close(): void {
    closeSync(this.#file);
  }
}
