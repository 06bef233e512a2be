// Starts that cannot be: one clear line with the next step, an exit code that is not 0, and nothing
// left running. What is shipped is tried, as processes.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from '../support/house';

const PROGRAM = resolve('dist', 'main.js');

let folder: string;
const started: ChildProcess[] = [];
const servers: Server[] = [];
beforeAll(() => {
  const built = spawnSync(process.execPath, [resolve('scripts', 'build.mjs')], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starts-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly code: Promise<number | null>;
}

function launch(more: Readonly<Record<string, string>> = {}): Run {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TIDEGATE_|DATABASE_URL|IB_)/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    ...{ TIDEGATE_PORT: '0', TIDEGATE_GATEWAY_PORT: '0' },
    TIDEGATE_DATA_DIR: join(folder, 'data'),
    TIDEGATE_INSTRUCTIONS_DIR: join(folder, 'inbox'),
    ...more,
  };
  // In a group of its own, so that what it leaves behind can be seen.
  const child = spawn(process.execPath, [PROGRAM], { cwd: folder, env, detached: true });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const code = new Promise<number | null>((done) => child.once('close', done));
  return { child, out: () => out, err: () => err, code };
}

async function busyPort(): Promise<string> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return String((server.address() as AddressInfo).port);
}

/** Whether anything of the group is there. */
function isAlive({ child }: Run): boolean {
  try {
    process.kill(-(child.pid ?? NaN), 0);
    return true;
  } catch {
    return false;
  }
}

async function refused(run: Run): Promise<string> {
  const code = await run.code;
  expect({ code, banner: run.out().includes('GraphiQL') }).not.toMatchObject({ code: 0 });
  expect(run.out()).not.toContain('GraphiQL');
  expect(isAlive(run)).toBe(false);
  const lines = run.err().trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/ at .*\.js|Error:/);
  return lines[0] ?? '';
}

describe('a start that cannot be', () => {
  it('names the database server that does not answer', async () => {
    const url = `mysql://someone:secret-word@127.0.0.1:1/books`;
    const line = await refused(launch({ DATABASE_URL: url }));
    expect(line).toContain('127.0.0.1:1');
    expect(line).not.toContain('secret-word');
    expect(line).toMatch(/Start|start|check|Check/);
  });

  it('names a busy port of the API, and what to set', async () => {
    const port = await busyPort();
    const line = await refused(launch({ TIDEGATE_PORT: port }));
    expect(line).toContain(port);
    expect(line).toMatch(/TIDEGATE_PORT/);
  });

  it('names a busy port of the gateway, and what to set', async () => {
    const port = await busyPort();
    const line = await refused(launch({ TIDEGATE_GATEWAY_PORT: port }));
    expect(line).toContain(port);
    expect(line).toMatch(/TIDEGATE_GATEWAY_PORT/);
  });

  it('names a folder that cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'no folder');
    const line = await refused(launch({ TIDEGATE_DATA_DIR: join(file, 'data') }));
    expect(line).toContain(join(file, 'data'));
    expect(line).toContain('TIDEGATE_DATA_DIR');
  });

  it('names a variable that nobody knows', async () => {
    const line = await refused(launch({ TIDEGATE_PROT: '4001' }));
    expect(line).toContain('TIDEGATE_PROT');
    expect(line).toContain('TIDEGATE_PORT?');
  });

  it('names the other server on the same folder, which goes on undisturbed', async () => {
    const first = launch();
    const url = await until(
      () => /GraphQL +(http:\S+)/.exec(first.out())?.[1] ?? '',
      (seen) => seen !== '',
    );
    const line = await refused(launch());
    expect(line).toContain(join(folder, 'data'));
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ system { mode } }"}',
    });
    expect(await answer.json()).toEqual({ data: { system: { mode: 'DEMO' } } });
    first.child.kill('SIGTERM');
    expect(await first.code).toBe(0);
    expect(isAlive(first)).toBe(false);
  });
});
