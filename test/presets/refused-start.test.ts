// Owns what a start says that cannot be: one line with the next step, the exit code, and nothing
// made where it could be known before.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main';
import { FolderLock } from '../../src/persistence/folder-lock';
import { SqliteGatewayStore } from '../../src/persistence/gateway-store';

// The verb names the compiled file, which only the built program has.
jest.mock('../../src/presets/serve.js', () => jest.requireActual('../../src/presets/serve'), {
  virtual: true,
});

let base: string;
let dataDir: string;
let said: jest.SpyInstance;
const held: { close(): void }[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'refused-'));
  dataDir = join(base, 'data');
  said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  said.mockRestore();
  for (const each of held.splice(0)) each.close();
  rmSync(base, { recursive: true, force: true });
});

/** Starts, and fails where the start succeeds. */
async function start(more: Readonly<Record<string, string>> = {}) {
  const flags = { port: '0', 'gateway-port': '0', 'data-dir': dataDir, ...more };
  const all = { ...flags, 'instructions-dir': join(base, 'inbox'), 'log-level': 'error' };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const code = await main(['start', ...args]);
  return { code, lines: said.mock.calls.map(String).join('\n').split('\n') };
}

async function busyPort(): Promise<string> {
  const server: Server = createServer();
  held.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return String((server.address() as AddressInfo).port);
}

describe('a start that cannot be', () => {
  it('says that the port of the API is busy before it makes a folder', async () => {
    const port = await busyPort();
    const { code, lines } = await start({ port });
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringContaining(`Port ${port}`)] });
    expect(lines[0]).toMatch(/in use.*TIDEGATE_PORT \(--port\)/);
    expect(existsSync(dataDir)).toBe(false);
    expect(existsSync(join(base, 'inbox'))).toBe(false);
  });

  it('names the setting of a busy port of the gateway', async () => {
    const port = await busyPort();
    const { code, lines } = await start({ 'gateway-port': port });
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(`127.0.0.1:${port}: another .*TIDEGATE_GATEWAY_PORT .--gateway-port`),
    ]);
  });

  it('names the process that has the data folder', async () => {
    mkdirSync(dataDir);
    const [lock, store] = [
      new FolderLock(dataDir),
      new SqliteGatewayStore(join(dataDir, 'gateway.db')),
    ];
    held.push(store, { close: () => lock.release() });
    const { code, lines } = await start();
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        `^Another Tidegate uses the folder ${dataDir} .process ${process.pid} since .*` +
          'TIDEGATE_DATA_DIR',
      ),
    ]);
  });

  it('says what to do where the rules folder is missing or bare', async () => {
    const rules = join(base, 'rules');
    const missing = await start({ 'rules-dir': rules });
    expect(missing.code).toBe(2);
    expect(missing.lines).toEqual([
      expect.stringMatching(`^There is no rules folder ${rules}. Set TIDEGATE_RULES_DIR to`),
    ]);
    mkdirSync(rules);
    const bare = await start({ 'rules-dir': rules });
    expect(bare.code).toBe(2);
    expect(bare.lines.at(-1)).toMatch(/^Set TIDEGATE_RULES_DIR to a folder that holds risk\//);
  });

  it('is one with a port of real money', async () => {
    const { code, lines } = await start({ mode: 'paper', 'ib-port': '7496' });
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/^IB_PORT 7496 .*7497/)]);
    expect(existsSync(dataDir)).toBe(false);
  });
});
