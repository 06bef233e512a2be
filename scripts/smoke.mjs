// Runs every verb once on the shipped example, as a user would, and judges exit code and output.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './support.mjs';

const INSTRUCTIONS = 'examples/demo.json';
const TRADES = 'examples/demo-trades.csv.gz';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function fault(args, isRight) {
  const launcher = join('bin', 'tidegate');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [launcher, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    timeout: 10 * 60_000,
  });
  if (error !== undefined) return error.message;
  if (status !== 0) return `exit code ${status}\n${stdout.slice(-2000)}${stderr.slice(-4000)}`;
  return isRight(stdout) ? undefined : `unexpected output, ending in:\n${stdout.slice(-2000)}`;
}

/** The last line is the result of a run, with the hash by which two runs are compared. */
function endsInResult(stdout) {
  const lines = stdout.trimEnd().split('\n');
  try {
    const events = lines.map((line) => JSON.parse(line));
    const last = events.at(-1);
    return last.event === 'RESULT' && typeof last.hash === 'string' && last.hash !== '';
  } catch {
    return false;
  }
}

const checks = [
  [['version'], (stdout) => stdout === `${version}\n`],
  [['rules', 'check'], () => true],
  [['instructions', 'check', INSTRUCTIONS], () => true],
  [['replay', '--instructions', INSTRUCTIONS, '--trades', TRADES, '--json'], endsInResult],
];

let failed = 0;
for (const [args, isRight] of checks) {
  const found = fault(args, isRight);
  if (found !== undefined) failed += 1;
  console.log(`${found === undefined ? 'ok  ' : 'FAIL'} tidegate ${args.join(' ')}`);
  if (found !== undefined) console.log(found);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
