// What was acknowledged is there after the end of the gateway, however it ended.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteGatewayStore } from '../../src/persistence/gateway-store';
import { startGateway } from '../../src/presets/gateway';
import { gatewayWith, stepTo, StoqeyClient } from '../support/gateway-kit';

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-gateway-'));
  data = join(folder, 'gateway.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FAR_BELOW = 40;

describe('a gateway that is started again', () => {
  it('goes on: working orders fill, ids, cash, positions and time are as they were', async () => {
    let gateway = await gatewayWith({ data });
    let client = await StoqeyClient.join(gateway);
    await stepTo(gateway, 'KO');
    client.place('KO', { totalQuantity: 100, orderRef: 'first' });
    await client.answered();
    await stepTo(gateway, 'KO');
    const kept = client.place('KO', {
      orderType: 'STP',
      auxPrice: 90,
      action: 'SELL',
      orderRef: 'stop',
    });
    client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW, orderRef: 'low', tif: 'GTC' });
    client.ib.reqAccountSummary(client.requestId(), 'All', 'TotalCashValue');
    await client.answered();
    const cash = client.all('accountSummary')[0]![3];
    const permIds = client.all('openOrder').map(([, , { permId }]) => permId as number);
    const at = gateway.clock.now();
    await client.leave();
    await gateway.close();

    gateway = await gatewayWith({ data });
    expect(gateway.clock.now()).toBe(at);
    client = await StoqeyClient.join(gateway);
    expect(client.nextId).toBe(4);
    client.ib.reqAllOpenOrders();
    client.ib.reqPositions();
    client.ib.reqExecutions(client.requestId(), {});
    client.ib.reqAccountSummary(client.requestId(), 'All', 'TotalCashValue');
    await client.answered();
    expect(client.all('openOrder').map(([, , { orderRef }]) => orderRef)).toEqual(['stop', 'low']);
    expect(client.all('position').map(([, { symbol }, size]) => [symbol, size])).toEqual([
      ['KO', 100],
    ]);
    expect(client.all('execDetails').map(([, , { orderRef }]) => orderRef)).toEqual(['first']);
    expect(client.all('accountSummary')[0]![3]).toBe(cash);
    await stepTo(gateway, 'KO');
    await stepTo(gateway, 'KO');
    const fresh = client.place('KO', { orderRef: 'new' });
    await client.answered();
    expect(client.statuses(kept).at(-1)).toBe('Filled');
    expect(permIds).not.toContain(client.all('openOrder').find(([id]) => id === fresh)![2].permId);
    await client.leave();
    await gateway.close();
  });

  it('shows a trailing stop where it stood, and lets it follow from there', async () => {
    let gateway = await gatewayWith({ data });
    let client = await StoqeyClient.join(gateway);
    const terms = { orderType: 'TRAIL', auxPrice: 5, trailStopPrice: 30, tif: 'GTC' };
    client.place('KO', { ...terms, action: 'SELL', orderRef: 'trail' });
    await client.answered();
    const traded: number[] = [];
    for (let n = 0; n < 20; n += 1) traded.push(Number(await stepTo(gateway, 'KO')));
    await client.leave();
    await gateway.close();
    gateway = await gatewayWith({ data });
    client = await StoqeyClient.join(gateway);
    const stopShown = async (): Promise<number> => {
      client.ib.reqAllOpenOrders();
      await client.answered();
      return client.all('openOrder').at(-1)![2].trailStopPrice as number;
    };
    const best = Math.max(...traded);
    expect(await stopShown()).toBeCloseTo(best - 5, 8);
    let higher = 0;
    while (higher <= best) higher = Number(await stepTo(gateway, 'KO'));
    expect(await stopShown()).toBeCloseTo(higher - 5, 8);
    await client.leave();
    await gateway.close();
  });

  it('refuses a file of another market, of something else, and one in use', async () => {
    const gateway = await gatewayWith({ data });
    await expect(gatewayWith({ data })).rejects.toThrow(/cannot be opened.*Another gateway/s);
    await gateway.close();
    await expect(gatewayWith({ data, seed: 2 })).rejects.toThrow(/same seed or recording/);
    await expect(gatewayWith({ data: folder })).rejects.toThrow(/cannot be opened/);
  });

  it('says which port is busy and what to do', async () => {
    const gateway = await gatewayWith();
    await expect(startGateway({ port: gateway.port })).rejects.toThrow(
      /another program uses that port/,
    );
    await gateway.close();
  });
});

it('says nothing that it could not keep', async () => {
  let failed: Error | null = null;
  const gateway = await gatewayWith({ data, onFailure: (error) => (failed = error) });
  const client = await StoqeyClient.join(gateway);
  const write = jest.spyOn(SqliteGatewayStore.prototype, 'write').mockImplementation(() => {
    throw new Error('the disk is full');
  });
  const gone = client.next('disconnected');
  client.place('KO', {});
  await gone;
  write.mockRestore();
  expect(client.all('openOrder')).toEqual([]);
  expect(failed).toMatchObject({ message: 'the disk is full' });
  await gateway.close();
});

describe('a gateway process that is killed', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  /** Runs the verb from the sources and resolves with its port. */
  async function process_(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
    const root = process.cwd();
    const args = ['gateway', '--port', '0', '--data', data, '--speed', '5'];
    const child = spawn(process.execPath, [join(root, 'bin', 'tidegate'), ...args], { cwd: root });
    children.push(child);
    const port = await new Promise<number>((resolve, reject) => {
      let text = '';
      const hear = (bytes: Buffer): void => {
        text += bytes.toString();
        const found = /TWS gateway on 127\.0\.0\.1:(\d+)/.exec(text);
        if (found !== null) resolve(Number(found[1]));
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
    });
    return { child, port };
  }
  const ended = (child: ChildProcess): Promise<unknown> =>
    new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

  it('has lost nothing it had acknowledged, and its time has not gone back', async () => {
    let { child, port } = await process_();
    let client = await StoqeyClient.join({ host: '127.0.0.1', port });
    const low = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW, orderRef: 'low' });
    const filled = client.next('commissionReport');
    client.place('KO', { orderRef: 'bought' });
    await filled;
    await client.answered();
    const time = client.all('currentTime').at(-1)![0] as number;
    const gone = ended(child);
    const left = client.next('disconnected');
    child.kill('SIGKILL');
    expect(await gone).toBe('SIGKILL');
    await left;

    ({ child, port } = await process_());
    client = await StoqeyClient.join({ host: '127.0.0.1', port });
    client.ib.reqOpenOrders();
    client.ib.reqExecutions(client.requestId(), {});
    client.ib.reqPositions();
    await client.answered();
    expect(client.nextId).toBe(3);
    expect(client.all('currentTime')[0]![0]).toBeGreaterThanOrEqual(time);
    expect(client.all('openOrder').map(([id]) => id)).toEqual([low]);
    expect(client.all('execDetails').map(([, , { orderRef }]) => orderRef)).toEqual(['bought']);
    expect(client.all('position').map(([, , size]) => size)).toEqual([10]);
    const modified = client.next('orderStatus', (id, status) => id === low && status === 'Filled');
    client.place('KO', { orderType: 'LMT', lmtPrice: 90, orderRef: 'low' }, low);
    await modified;
    await client.leave();
    const over = ended(child);
    child.kill('SIGTERM');
    expect(await over).toBe(0);
  });
});
