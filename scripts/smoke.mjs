// Runs every verb once on the shipped example, as a user would, and judges exit code and output;
// then starts Tidegate and ends it.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canStart, startFault } from './smoke-start.mjs';
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
  [['config', 'show', '--json'], (stdout) => JSON.parse(stdout).settings.mode.value === 'demo'],
  [['schema', 'print'], (stdout) => stdout.includes('type Subscription')],
  [['replay', '--instructions', INSTRUCTIONS, '--trades', TRADES, '--json'], endsInResult],
];

let passed = 0;
let failed = 0;
function report(what, found) {
  if (found === undefined) passed += 1;
  else failed += 1;
  console.log(`${found === undefined ? 'ok  ' : 'FAIL'} ${what}`);
  if (found !== undefined) console.log(found);
}

for (const [args, isRight] of checks) report(`tidegate ${args.join(' ')}`, fault(args, isRight));
if (canStart) report('npm start', await startFault());
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
