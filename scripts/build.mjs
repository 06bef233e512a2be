// Compiles src to dist and bundles web to dist-web, side by side, each when a source or a setting
// of its own changed since the last time.

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  hashOf,
  isEntryPoint,
  listFiles,
  readStamp,
  root,
  runBeside,
  runTypeScriptBeside,
  say,
  withLock,
} from './support.mjs';

// In the outputs, so that a deleted output is built again.
const STAMP = 'dist/.stamp';
const WEB_STAMP = 'dist-web/.stamp';
const WEB_PAGE = 'dist-web/graphiql/index.html';

export function sourceHash() {
  return hashOf([
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.bench.json',
  ]);
}

/** The pages, and the versions of what is bundled into them. */
function webHash() {
  return hashOf(['web', 'package-lock.json']);
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

async function compile() {
  say('building dist (tsc)');
  // No stamp means that the last build broke off or failed: then what the compiler remembers of it
  // may not be what is on the disk, so it starts from nothing.
  if (readStamp(STAMP) === undefined) rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
  rmSync(join(root, STAMP), { force: true });
  // Read before compiling: a source saved meanwhile makes the next start build again.
  const hash = sourceHash();
  await runTypeScriptBeside('tsconfig.build.json');
  removeOrphans();
  writeFileSync(join(root, STAMP), `${hash}\n`);
}

async function bundle() {
  say('building dist-web (vite)');
  rmSync(join(root, WEB_STAMP), { force: true });
  const hash = webHash();
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  const config = join('web', 'graphiql', 'vite.config.mjs');
  await runBeside(process.execPath, [vite, 'build', '--config', config, '--logLevel', 'warn']);
  writeFileSync(join(root, WEB_STAMP), `${hash}\n`);
}

const isCompiled = () => readStamp(STAMP) === sourceHash();
// Checks that take src alone to another place have no pages to build.
const isBundled = () =>
  !existsSync(join(root, 'web')) ||
  (existsSync(join(root, WEB_PAGE)) && readStamp(WEB_STAMP) === webHash());

/** Builds if needed; returns whether it did. The dependencies must be installed. */
export async function build() {
  if (isCompiled() && isBundled()) return false;
  return withLock(async () => {
    const halves = [];
    if (!isCompiled()) halves.push(compile());
    if (!isBundled()) halves.push(bundle());
    // Both to their end, so that nothing writes any more when the lock is given back.
    const results = await Promise.allSettled(halves);
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return halves.length > 0;
  });
}

if (isEntryPoint(import.meta.url)) {
  await build().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
