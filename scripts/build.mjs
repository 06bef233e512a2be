// Compiles src to dist when a source or a setting changed since the last time.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  hashOf,
  isEntryPoint,
  listFiles,
  readStamp,
  root,
  runTypeScript,
  say,
  withLock,
} from './support.mjs';

// In dist, so that a deleted dist is built again.
const STAMP = 'dist/.stamp';

export function sourceHash() {
  return hashOf([
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.bench.json',
  ]);
}

/** The compiler leaves the output of a source that was renamed or removed: take it away. */
function removeOrphans() {
  const outputs = new Set(['dist/.stamp', 'dist/.tsbuildinfo']);
  for (const source of listFiles(['src'])) {
    const stem = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '');
    outputs.add(stem);
    for (const ending of ['.js', '.js.map', '.d.ts']) outputs.add(stem + ending);
  }
  for (const file of listFiles(['dist'])) {
    if (!outputs.has(file)) rmSync(join(root, file));
  }
}

function compile() {
  say('building dist (tsc)');
  // No stamp means that the last build broke off or failed: then what the compiler remembers of it
  // may not be what is on the disk, so it starts from nothing.
  if (readStamp(STAMP) === undefined) rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
  rmSync(join(root, STAMP), { force: true });
  // Read before compiling: a source saved meanwhile makes the next start build again.
  const hash = sourceHash();
  runTypeScript('tsconfig.build.json');
  removeOrphans();
  writeFileSync(join(root, STAMP), `${hash}\n`);
}

/** Builds if needed; returns whether it did. The dependencies must be installed. */
export async function build() {
  if (readStamp(STAMP) === sourceHash()) return false;
  return withLock(() => {
    if (readStamp(STAMP) === sourceHash()) return false;
    compile();
    return true;
  });
}

if (isEntryPoint(import.meta.url)) {
  await build().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
