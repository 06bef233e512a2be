// A short run of the kill test, so that it stays alive: real processes, SIGKILL, and the comparison
// of the books. And that the comparison finds what it is there to find.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { audit } from '../kill/audit';
import type { Kept } from '../kill/person';
import { projectRoot } from '../support/project-files';

interface Printed {
  readonly status: number | null;
  readonly result: Readonly<Record<string, number>>;
  readonly said: string;
}

function killTest(...args: readonly string[]): Printed {
  const script = join(projectRoot, 'scripts', 'kill-test.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--json', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const result = line.startsWith('{') ? (JSON.parse(line) as Printed['result']) : {};
  return { status, result, said: stderr };
}

describe('the kill test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-kills-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const gatewayFile = join(folder, 'gateway.db');
  const evidence = { dataDir: join(folder, 'data'), databaseUrl: null, gatewayFile, kept: [] };

  it('loses and doubles nothing while server and gateway are killed', () => {
    const { status, result, said } = killTest('--cycles', '6', '--gateway', '--folder', folder);
    expect([status, said]).toEqual([0, expect.any(String)]);
    expect(result).toMatchObject({ cycles: 6, lost: 0, duplicated: 0, faults: 0 });
    expect(result['ordersAtTheGateway']).toBeGreaterThan(0);
  });

  it('finds an execution that was lost and an order that was doubled', async () => {
    expect((await audit(evidence)).faults).toEqual([]);
    const db = new Database(gatewayFile);
    const copy = (table: string, change: string): void => {
      db.exec(`INSERT INTO ${table} SELECT id || 'x', ${change} FROM ${table} LIMIT 1`);
    };
    copy('orders', `json_set(record, '$.permId', 999)`);
    copy('executions', `json_set(record, '$.execId', '0000e0d5.99999999.01.01')`);
    db.close();
    const { faults, figures } = await audit(evidence);
    expect(figures['duplicated']).toBe(1);
    expect(faults.join('\n')).toMatch(/execution 0000e0d5.99999999.01.01 was booked 0 times/);
  });

  it('finds a request that was answered and is nowhere', async () => {
    const order = 'ord-99999999';
    const place = { strategy: 'north', instrument: 'IBM', side: 'BUY', type: 'MARKET' } as const;
    const lost: Kept = {
      intent: {
        ...{ id: 'req-lost', kind: 'PLACE', ...place },
        ...{ quantity: '1', limitPrice: null, stopPrice: null },
      },
      answer: { refusal: null, order },
      sent: 1,
    };
    const { figures, faults } = await audit({ ...evidence, kept: [lost] });
    expect(figures['lost']).toBe(1);
    expect(faults).toContain(`lost: req-lost ${order}`);
  });

  it('refuses what it does not understand', () => {
    const { status, said } = killTest('--cycles', 'many');
    expect(status).toBe(2);
    expect(said).toContain('--cycles is a number from 1 up');
  });
});
