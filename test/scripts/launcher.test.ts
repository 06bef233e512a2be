// Owns the promises of the launcher: arguments and exit codes pass through it, every way of asking
// it to end reaches the program once, and nothing is left running. Runs real processes.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { projectRoot } from '../support/project-files';

const LAUNCHER = `
import { runChild } from ${JSON.stringify(join(projectRoot, 'scripts', 'child.mjs'))};
const [program, ...args] = process.argv.slice(2);
process.exitCode = await runChild(program, args);
`;

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  write('launch.mjs', LAUNCHER);
  const { outputText } = transpileModule(
    readFileSync(join(projectRoot, 'src', 'presets', 'stop-signals.ts'), 'utf8'),
    { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } },
  );
  write('stop-signals.cjs', outputText);
});
afterEach(() => {
  for (const process of started.splice(0)) process.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** A program that tells its pid, and ends as the live engine does: `stop` in milliseconds. */
function program(name: string, options: { stopMs?: number; patienceMs?: number } = {}): string {
  const { stopMs = 0, patienceMs = 10_000 } = options;
  return write(
    `${name}.cjs`,
    `const { stopOnSignals } = require('./stop-signals.cjs');
     stopOnSignals({
       stop: (why) => {
         console.log('stopping: ' + why);
         return new Promise((done) => setTimeout(done, ${stopMs}));
       },
       complain: (message) => console.log(message),
       patienceMs: ${patienceMs},
     });
     console.log('pid ' + process.pid + ' ' + process.argv.slice(2).join(' '));
     setInterval(() => {}, 1000);`,
  );
}

interface Run {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly code: Promise<number | null>;
}
function launch(command: string, args: readonly string[], env = process.env): Run {
  const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { process: child, out: () => out, code };
}
const plainEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
const node = (...args: readonly string[]): Run => launch(process.execPath, args, plainEnv());

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10);
}
async function pidOf(run: Run): Promise<number> {
  await until(() => /pid \d+/.test(run.out()));
  return Number(/pid (\d+)/.exec(run.out())?.[1]);
}
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process whose end nobody has asked for yet still has its number.
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

describe('the launcher', () => {
  it('hands on arguments and the exit code', async () => {
    const code = write('code.cjs', 'process.exit(process.argv.length);');
    expect(await node('launch.mjs', code, '--mode', 'paper').code).toBe(4);
  });

  it('ends with 128 and the number of the signal that ended the program', async () => {
    const code = write(
      'killed.cjs',
      "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 9);",
    );
    expect(await node('launch.mjs', code).code).toBe(137);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hands on %s', async (signal) => {
    const run = node('launch.mjs', program('plain'), 'a', 'b');
    const pid = await pidOf(run);
    run.process.kill(signal);
    expect(await run.code).toBe(0);
    expect(run.out()).toBe(`pid ${pid} a b\nstopping: ${signal}\n`);
    expect(isAlive(pid)).toBe(false);
  });

  it('takes a signal that npm repeats at once for one', async () => {
    const run = node('launch.mjs', program('slow', { stopMs: 100 }));
    await pidOf(run);
    run.process.kill('SIGINT');
    run.process.kill('SIGINT');
    expect(await run.code).toBe(0);
  });

  it('kills at a second signal', async () => {
    const run = node('launch.mjs', program('stuck', { stopMs: 60_000 }));
    const pid = await pidOf(run);
    run.process.kill('SIGINT');
    await until(() => run.out().includes('stopping'));
    await sleep(600);
    run.process.kill('SIGINT');
    expect(await run.code).toBe(137);
    expect(isAlive(pid)).toBe(false);
  });

  it('kills a program that hears nothing', async () => {
    const deaf = "process.on('SIGTERM', () => {}); console.log('pid ' + process.pid);";
    const run = node('launch.mjs', write('deaf.cjs', `${deaf} setInterval(() => {}, 1000);`));
    const pid = await pidOf(run);
    run.process.kill('SIGTERM');
    expect(await run.code).toBe(137);
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const run = node('launch.mjs', program('orphan'));
    const pid = await pidOf(run);
    run.process.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('leaves nothing behind when npm gets a SIGTERM', async () => {
    program('owned');
    const scripts = { start: 'node launch.mjs owned.cjs' };
    write('package.json', JSON.stringify({ name: 'owned', version: '1.0.0', scripts }));
    const run = launch('npm', ['start', '--silent'], plainEnv());
    const pid = await pidOf(run);
    run.process.kill('SIGTERM');
    await run.code;
    await until(() => !isAlive(pid));
  });

  it('stays when a parent that is not npm goes', async () => {
    const background = 'node launch.mjs "$0" & echo launched; exec sleep 0';
    const run = launch('sh', ['-c', background, program('background')], plainEnv());
    const pid = await pidOf(run);
    await run.code;
    await sleep(400);
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGTERM');
    await until(() => !isAlive(pid));
  });
});

describe('a program that is told to stop', () => {
  it('does not wait for a stop that hangs', async () => {
    const run = node(program('hanging', { stopMs: 60_000, patienceMs: 50 }));
    await pidOf(run);
    run.process.kill('SIGTERM');
    expect(await run.code).toBe(1);
    expect(run.out()).toContain('Stopping took longer than 0.05 s');
  });

  it.each([
    ['npx', false],
    ['', true],
  ])('looks after its parent when started by "%s"', async (event, stays) => {
    const env = { ...plainEnv(), npm_lifecycle_event: event };
    const code = program(`child-of-${event}`);
    const parent = launch('sh', ['-c', `"$0" "$1" & wait`, process.execPath, code], env);
    const pid = await pidOf(parent);
    parent.process.kill('SIGKILL');
    await parent.code;
    if (stays) {
      await sleep(400);
      expect(isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGTERM');
    }
    await until(() => !isAlive(pid));
  });

  it('ends with 130 at a second signal', async () => {
    const run = node(program('twice', { stopMs: 60_000 }));
    await pidOf(run);
    run.process.kill('SIGINT');
    await until(() => run.out().includes('stopping'));
    await sleep(600);
    run.process.kill('SIGINT');
    expect(await run.code).toBe(130);
  });
});
