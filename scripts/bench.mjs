// Runs the benches (bench/run.ts) compiled, against dist, so that they measure what is shipped.
// Arguments are handed on: npm run bench -- NAME --json

import { spawnSync } from 'node:child_process';
import { compiled } from './compile.mjs';
import { root, say } from './support.mjs';

try {
  const runner = await compiled('bench', 'run.js');
  // Collecting between the samples keeps one bench's garbage out of the next one's time.
  const args = ['--expose-gc', '--enable-source-maps', runner, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, {
    ...{ cwd: root, stdio: 'inherit' },
    // As `tidegate start` sets it.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
