/** The verbs that ask a running server, as processes beside the whole of Tidegate. */
import '../support/try-again';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { send, startTestServer, type Answered } from '../support/graphql-server';
import { GROUNDS, House } from '../support/house';

const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'bin', 'tidegate');
const folder = mkdtempSync(join(tmpdir(), 'remote-verbs-'));
let house: House;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(BIN, args, { cwd: folder, env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
/** At the house. */
const tidegate = (...args: readonly string[]): Promise<Ran> =>
  run([...args, '--port', String(house.port)]);
const json = async (...args: readonly string[]): Promise<Answered> =>
  JSON.parse((await tidegate(...args, '--json')).out);

const BUY = ['orders', 'place', '--strategy', 'swing', '--instrument', 'KO', '--side', 'buy'];
const TOO_MUCH = [...BUY, '--type', 'limit', '--quantity', '900', '--limit', '52.00'];
const LIMIT = [...BUY, '--type', 'limit', '--quantity', '1', '--limit'];

beforeAll(async () => {
  await run(['version']);
  house = House.quiet(GROUNDS[0]!);
  await house.ready();
  await house.does('createStrategy', { key: 'swing' }, 'userErrors { code }');
});
afterAll(async () => {
  await house.end();
  rmSync(folder, { recursive: true });
});

describe('tidegate orders', () => {
  it('places an order under a request id that it names, lists and cancels it', async () => {
    const placed = await tidegate(...LIMIT, '52.00');
    expect([placed.code, placed.err]).toEqual([0, expect.stringMatching(/^request id cli-\S+\n$/)]);
    expect(placed.out).toMatch(/^ID +STATUS +SIDE +FILLED +INSTRUMENT +TYPE +PRICE +STRATEGY/);
    const [id = ''] = /ord-\w+/.exec(placed.out) ?? [];
    await house.order((order) => order.id === id && order.status === 'WORKING');
    const listed = await tidegate('orders', 'list', '--status', 'working', '--strategy', 'swing');
    expect([listed.code, listed.err]).toEqual([0, '']);
    expect(listed.out).toMatch(new RegExp(`${id} +WORKING +BUY +0/1 +KO +LMT +52 +swing`));
    expect(await tidegate('orders', 'cancel', id)).toMatchObject({ code: 0, err: '' });
    await house.order((order) => order.id === id && order.status === 'CANCELLED');
    const again = await tidegate('orders', 'cancel', id, 'ord-nowhere');
    expect(again.code).toBe(3);
    expect(again.err).toMatch(
      new RegExp(`^${id} NOT_CANCELLABLE: [^\\n]*\\nord-nowhere NOT_FOUND: `),
    );
  });

  it('arms an order that waits for a price', async () => {
    const waiting = [...BUY, '--type', 'market', '--quantity', '1', '--trigger', 'cross-over'];
    const { code, out } = await tidegate(...waiting, '--level', '65.125');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/ ARMED +BUY +0\/1 +KO +MKT +> 65\.125 +swing/),
    ]);
    expect((await tidegate(...waiting)).err).toContain('--level is missing');
    const source = ['--level', '65.5', '--price-source', 'bid-ask'];
    const quoted = await tidegate(...waiting, ...source);
    expect(quoted.out).toMatch(/ ARMED +BUY +0\/1 +KO +MKT +> 65\.5 bid-ask +swing/);
    const wrong = await tidegate(...waiting, '--level', '65', '--price-source', 'open');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('BID_ASK')]);
    const alone = await tidegate(...BUY, '--type', 'market', '--quantity', '1', ...source.slice(2));
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('belongs to --trigger')]);
  });

  it('places an entry with its exits, and says which of them is at fault', async () => {
    const entry = [...BUY, '--instrument', 'NVDA', '--type', 'limit', '--quantity', '1'];
    const exits = ['--limit', '40', '--take-profit', '60', '--stop-loss', '35'];
    const dry = await tidegate(...entry, ...exits, '--dry-run');
    expect(dry.out).toContain('BUY 1 NVDA limit 40 DAY, take-profit 60, stop 35 would be ');
    const wrong = await tidegate(...entry, '--limit', '40', '--stop-loss', '41');
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringMatching(/^INVALID: .* below the/m)]);
    const trailing = [...entry, '--limit', '40', '--trail-percent', '5'];
    const far = await tidegate(...trailing, '--stop-loss', '35');
    expect(far.err).toMatch(/INVALID: the stop has a price or follows by a distance/);
    const armed = ['--trigger', 'cross-over', '--level', '900', '--type', 'market'];
    const { bracket, status } = (
      await json(...entry, ...armed, '--take-profit', '950', '--trail-by', '2')
    ).order;
    const shown = { takeProfit: '950', stopLoss: null, stopLimit: null, trailBy: '2' };
    expect([status, bracket]).toEqual(['ARMED', { ...shown, trailPercent: null }]);
  });

  it('places a trailing stop, which the server refuses where nothing is held', async () => {
    const sell = ['orders', 'place', '--strategy', 'swing', '--instrument', 'KO', '--side', 'sell'];
    const one = [...sell, '--quantity', '1', '--trail-by', '2'];
    const native = await tidegate(...one, '--type', 'trailing-stop', '--stop', '50');
    const held = [...one, '--type', 'market', '--trigger', 'trail', '--level', '50'];
    for (const each of [native, await tidegate(...held)]) {
      expect([each.code, each.err]).toEqual([3, expect.stringContaining('only gives back')]);
    }
    const early = await tidegate(...one, '--type', 'market', '--activate-at', '60');
    expect([early.code, early.err]).toEqual([2, expect.stringContaining('--trigger TRAIL')]);
  });

  it('fits its table into a hundred columns, and prints the data with --json', async () => {
    const { out } = await tidegate('orders', 'list');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    const orders = await json('orders', 'list', '--instrument', 'KO', '--first', '1');
    expect(orders).toMatchObject([{ instrument: { key: 'KO' }, strategy: { key: 'swing' } }]);
    expect((await tidegate('orders', 'list', '--first', '1')).err).toMatch(/There are more/);
    const none = await tidegate('orders', 'list', '--status', 'unknown');
    expect(none).toMatchObject({ code: 0, out: 'There are no such orders.\n' });
  });

  it('rehearses an order: what the rules say, and nothing is placed', async () => {
    const before = await house.orders();
    const good = await tidegate(...LIMIT, '52.00', '--dry-run');
    expect([good.code, good.out]).toEqual([
      0,
      expect.stringContaining('would be approved. Nothing'),
    ]);
    const bad = await tidegate(...TOO_MUCH, '--dry-run');
    expect([bad.code, bad.out]).toEqual([3, expect.stringContaining('would be denied')]);
    expect(bad.out).toMatch(/ {2}DENY max-order-notional: .*max-order-notional\.json:\d+/);
    expect(await house.orders()).toEqual(before);
  });

  it('says which rule denied an order, and exits with 3', async () => {
    const { code, out, err } = await tidegate(...TOO_MUCH);
    expect([code, out]).toEqual([3, expect.stringMatching(/ DENIED [^]* DENY max-order-notional/)]);
    expect(err).toMatch(/^RISK_DENIED: /m);
  });

  it('is safe to repeat with its request id, and says so when the answer was lost', async () => {
    // A relay that loses the answer of a request that has arrived.
    const relay = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const headers = { 'content-type': 'application/json' };
        void send(house.port, { headers, body }).then(() => response.destroy());
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const lost = await run([...LIMIT, '52.01', '--url', url]);
    relay.close();
    expect([lost.code, lost.out]).toEqual([4, '']);
    const [, id = ''] = /repeat the same command with --request-id (\S+):/.exec(lost.err) ?? [];
    expect(lost.err).toContain('It is unknown whether the order was placed');
    const repeated = await tidegate(...LIMIT, '52.01', '--request-id', id);
    expect([repeated.code, repeated.err]).toEqual([0, '']);
    const made = (await house.orders()).filter(({ requestId }) => requestId === id);
    expect(made).toHaveLength(1);
    expect(repeated.out).toContain(made[0].id);
    expect(await tidegate(...LIMIT, '52.02', '--request-id', id)).toMatchObject({
      ...{ code: 3, err: expect.stringMatching(/^DUPLICATE: /) },
    });
  });

  it.each([
    [[...BUY, '--type', 'limit', '--quantity', '1'], 3, /^INVALID: A LIMIT order needs a limit/m],
    [[...LIMIT, '52.00', '--strategy', 'swign'], 3, /NOT_FOUND: .*Did you mean "swing"\?/],
    [[...LIMIT, 'cheap'], 2, /^BAD_USER_INPUT: /m],
    [BUY, 2, /--type is missing/],
    [[...BUY, '--type', 'limt', '--quantity', '1'], 2, /--type LIMT is not one of MARKET, LIMIT/],
    [
      ['orders', 'list', '--status', 'wroking'],
      2,
      /--status WROKING is not one of ARMED, .*WORKING/,
    ],
    [['orders', 'list', '--first', '0'], 2, /--first 0 must be/],
    [['orders', 'list', '--timeout', 'soon'], 2, /--timeout soon must be/],
    [['orders', 'list', '--url', 'http://x'], 2, /leave --host and --port away/],
    [['orders', 'cancel'], 2, /Which orders\?/],
    [['orders'], 2, /needs a second word: orders list, orders place, orders cancel/],
  ])('refuses %j with exit code %i and says why', async (args, code, says) => {
    const ran = await (args.length === 1 ? run(args) : tidegate(...args));
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(says);
    expect(ran.err).not.toMatch(/\n\s+at /);
  });
});

describe('tidegate instructions', () => {
  const order = { On: 'cross-over', Action: 'BUY', Order: 'limit', Qty: 1, price: '900' };
  const stop = { _comment: 'SL', Action: 'SELL', Order: 'Market', Qty: 1, price: '800' };
  const write = (name: string, symbols: Answered): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(symbols));
    return path;
  };
  const good = { MSFT: { 'Entry OCA': [order], 'Orders if Long': [stop] } };

  it('rehearses a file, loads it, and lists it', async () => {
    const load = ['instructions', 'load', write('day.json', good), '--strategy', 'swing'];
    const rehearsed = await tidegate(...load, '--dry-run');
    expect([rehearsed.code, rehearsed.err]).toEqual([0, '']);
    expect(rehearsed.out).toMatch(/1 of 1 symbols would load\. A rehearsal: nothing is armed\./);
    expect(rehearsed.out).toMatch(/MSFT +BUY +1 +900 USD +100 USD +0 +[\d.]+ USD/);
    expect(await json('instructions', 'list', '--strategy', 'swing')).toEqual([]);
    const loaded = await tidegate(...load);
    expect(loaded.out).toMatch(
      /^day\.json for swing in DU\d+ on [\d-]+: 1 of 1 symbols loaded\.$/m,
    );
    expect(loaded.out).toMatch(/ord-\w+ +ARMED +BUY +0\/1 +MSFT +LMT +> 900 +swing/);
    expect((await tidegate(...load)).out).toBe(loaded.out);
    const listed = await tidegate('instructions', 'list', '--strategy', 'swing');
    expect(listed.out).toMatch(/ID +DATE +STRATEGY +FILE .*\nins-\w+ +[\d-]+ +swing +day\.json /);
    expect(listed.out).toMatch(/MSFT +WAITING +0\/1 +0 +0 +- {2}armed: entry\[0\]/);
    const date = '2001-01-02';
    expect(await json('instructions', 'list', '--date', date)).toEqual([]);
  });

  it('exits with 2 for a refused symbol or file, with the place of each fault', async () => {
    const half = { AAPL: good.MSFT, IBM: { 'Entry OCA': [{ ...order, Qty: 0 }] } };
    const args = ['--strategy', 'swing', '--dry-run'];
    const partly = await tidegate('instructions', 'load', write('half.json', half), ...args);
    expect([partly.code, partly.out]).toEqual([2, expect.stringMatching(/IBM +refused/)]);
    expect(partly.out).toMatch(/ERROR QUANTITY_NOT_POSITIVE {2}half\.json:1:\d+/);
    const list = await tidegate('instructions', 'load', write('list.json', []), ...args);
    expect([list.code, list.err]).toEqual([
      2,
      expect.stringMatching(/^INVALID: The file is refused/),
    ]);
  });

  it('says what is wrong with the request, the file and the server', async () => {
    const path = write('x.json', good);
    const nobody = await tidegate('instructions', 'load', path, '--strategy', 'swign');
    expect([nobody.code, nobody.err]).toEqual([3, expect.stringContaining('Did you mean "swing"')]);
    const missing = await tidegate('instructions', 'load', 'nowhere.json', '--strategy', 'swing');
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('no such file')]);
    expect((await tidegate('instructions', 'load', path)).err).toContain('--strategy is missing');
    const late = await tidegate(
      ...['instructions', 'load', path, '--strategy', 'swing', '--date', '2001-01-02'],
    );
    expect([late.code, late.err]).toEqual([
      3,
      expect.stringMatching(/^STALE: 2001-01-02 has passed/),
    ]);
  });
});

describe('the server of a verb', () => {
  it('is found by the configuration, in which a flag comes before the environment', async () => {
    const port = String(house.port);
    const list = ['orders', 'list', '--first', '1'];
    expect((await run(list, { TIDEGATE_PORT: port })).code).toBe(0);
    expect((await run([...list, '--port', port], { TIDEGATE_PORT: '1' })).code).toBe(0);
    writeFileSync(join(folder, '.env'), `TIDEGATE_PORT=${port}\n`);
    expect((await run(list)).code).toBe(0);
    rmSync(join(folder, '.env'));
  });

  it('that does not run is named in one line with the next step', async () => {
    const { code, out, err } = await run(['orders', 'list', '--url', 'http://127.0.0.1:1']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^No server answers at http:\/\/127\.0\.0\.1:1\/graphql \([A-Za-z_ ]+\)\. Start/,
    );
    expect(err.trimEnd()).not.toContain('\n');
  });

  it('with a token is asked with the one that is configured', async () => {
    const token = 'a-token-of-at-least-22-characters';
    const guarded = await startTestServer({ token });
    const list = ['orders', 'list', '--url', guarded.url];
    const without = await run(list);
    const wrong = await run(list, { TIDEGATE_TOKEN: `${token}x` });
    const right = await run(list, { TIDEGATE_TOKEN: token });
    await guarded.close();
    expect([without.code, without.err]).toEqual([1, expect.stringMatching(/wants a token\. Set/)]);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/refuses the token\. Set/)]);
    // This server knows other things than orders: it was let in, and not understood.
    expect(right.err).toMatch(/^BAD_USER_INPUT|^GRAPHQL_VALIDATION_FAILED/);
  });
});
