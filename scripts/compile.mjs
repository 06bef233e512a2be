// Compiles the programs that come beside the product (bench, test/kill) against dist, so that they
// run on what is shipped.

import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build, sourceHash } from './build.mjs';
import { hashOf, readStamp, root, runTypeScript, say, withLock } from './support.mjs';

const OUTPUT = join(root, '.cache', 'bench');
const STAMP = '.cache/bench/.stamp';

/** The programs import ../src/...; beside their output that name leads to dist. */
function linkSources() {
  const link = join(OUTPUT, 'src');
  mkdirSync(OUTPUT, { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(root, 'dist'), link, 'junction');
}

function compile() {
  const hash = hashOf(['bench', 'test/kill', 'test/support'], sourceHash());
  if (readStamp(STAMP) === hash) return;
  say('building the benches (tsc)');
  rmSync(OUTPUT, { recursive: true, force: true });
  runTypeScript('tsconfig.bench.json');
  linkSources();
  writeFileSync(join(root, STAMP), `${hash}\n`);
}

/** Path of the compiled program, everything made anew that is old. */
export async function compiled(...path) {
  await bootstrap();
  await build();
  await withLock(compile);
  return join(OUTPUT, ...path);
}
