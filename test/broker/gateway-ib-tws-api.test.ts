// An independent client of the protocol, written by others, completes its start-up and an order
// against the gateway. It is an ES module, so it runs in a process of its own.

import { spawn } from 'node:child_process';
import { gatewayWith, stepTo } from '../support/gateway-kit';

const SCRIPT = `
import { Client, Contract, Order } from 'ib-tws-api';
const [port] = process.argv.slice(-1);
const api = new Client({ host: '127.0.0.1', port: Number(port), clientId: 9, timeoutMs: 20000 });
const say = (what, value) => console.log(JSON.stringify([what, value]));
const contract = () => Contract.stock('KO');
say('time', await api.getCurrentTime());
say('details', await api.getContractDetails(contract()));
const low = await api.placeOrder({ contract: contract(),
  order: Order.limit({ action: 'BUY', totalQuantity: 1, lmtPrice: 0.01 }) });
say('open', await api.getAllOpenOrders());
say('cancelled', await api.cancelOrder(low));
await api.placeOrder({ contract: contract(),
  order: Order.market({ action: 'BUY', totalQuantity: 5 }) });
say('placed', await api.getAllOpenOrders());
process.stdin.once('data', async () => {
  say('positions', await api.getPositions());
  process.exit(0);
});
`;

it('ib-tws-api starts up, cancels one order and fills another', async () => {
  const gateway = await gatewayWith();
  await stepTo(gateway, 'KO');
  const args = ['--input-type=module', '--eval', SCRIPT, '--', String(gateway.port)];
  const child = spawn(process.execPath, args, { cwd: process.cwd() });
  const said = new Map<string, never>();
  let rest = '';
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const placed = new Promise<void>((resolve) => {
    child.stdout.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((each) => each.startsWith('["'))) {
        const [what, value] = JSON.parse(line) as [string, never];
        said.set(what, value);
        if (what === 'placed') resolve();
      }
    });
  });
  await Promise.race([placed, ended]);
  expect(errors).toBe('');
  await stepTo(gateway, 'KO');
  child.stdin.write('go\n');
  expect(await ended).toBe(0);
  expect(said.get('time')).toBe(Math.floor(gateway.clock.now() / 1_000) - 1);
  expect(JSON.stringify(said.get('details'))).toContain('"conId":8894');
  // It also counts the openOrder that came with the acknowledgement. Of an openOrder it reads the
  // legs' prices only behind legs, so for every stock it is one field off from there to the end.
  const [open] = said.get('open') as unknown as readonly object[];
  expect(open).toMatchObject({
    contract: { symbol: 'KO', conId: 8894 },
    order: { action: 'BUY', lmtPrice: 0.01, orderType: 'LMT', tif: 'DAY', clientId: 9 },
  });
  expect(JSON.stringify(said.get('cancelled'))).toContain('Order Canceled');
  expect(JSON.stringify(said.get('positions'))).toContain('"position":5');
  await gateway.close();
});
