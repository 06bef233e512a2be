// Runs the benches (bench/run.ts) compiled, against dist, so that they measure what is shipped.
// Arguments are handed on: npm run bench -- NAME --json

import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build, sourceHash } from './build.mjs';
import { hashOf, readStamp, root, runTypeScript, say, withLock } from './support.mjs';

const OUTPUT = join(root, '.cache', 'bench');
const STAMP = '.cache/bench/.stamp';

/** The benches import ../src/...; beside their output that name leads to dist. */
function linkSources() {
  const link = join(OUTPUT, 'src');
  mkdirSync(OUTPUT, { recursive: true });
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(join(root, 'dist'), link, 'junction');
}

function compileBenches() {
  const hash = hashOf(['bench', 'test/support'], sourceHash());
  if (readStamp(STAMP) === hash) return;
  say('building the benches (tsc)');
  rmSync(OUTPUT, { recursive: true, force: true });
  runTypeScript('tsconfig.bench.json');
  linkSources();
  writeFileSync(join(root, STAMP), `${hash}\n`);
}

try {
  await bootstrap();
  await build();
  await withLock(compileBenches);
  const runner = join(OUTPUT, 'bench', 'run.js');
  // Collecting between the samples keeps one bench's garbage out of the next one's time.
  const args = ['--expose-gc', '--enable-source-maps', runner, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
