// Runs the kill test (test/kill/run.ts) compiled, against dist: server and gateway as processes,
// killed at random, and their books compared. Arguments are handed on:
// npm run kill-test -- --cycles 100 --seed 1

import { spawnSync } from 'node:child_process';
import { compiled } from './compile.mjs';
import { root, say } from './support.mjs';

try {
  const runner = await compiled('test', 'kill', 'run.js');
  const args = ['--enable-source-maps', runner, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
