// The embedded driver frees its statements only when the process comes to rest: the tables must
// leave it the time, or memory grows by more than 100 MB in the run below.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SUPPORT = join(__dirname, '..', 'support');
const ALLOWED = 60;

it('filling and asking the tables thousands of times leaves memory as it was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'memory-'));
  const script = [join(SUPPORT, 'run-typescript.cjs'), join(SUPPORT, 'busy-tables.ts')];
  const run = spawnSync(process.execPath, ['--expose-gc', ...script, folder, '5000'], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true, force: true });
  expect(run.stderr).toBe('');
  const [early = NaN, late = NaN] = run.stdout.split(' ').map(Number);
  expect(late - early).toBeLessThan(ALLOWED);
});
