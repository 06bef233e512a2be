// The wire itself, by a client of our own: versions, greetings, every request, broken frames.

import type { RunningGateway } from '../../src/presets/gateway';
import { seededRandom } from '../../src/broker/simulator/random';
import { frameOf, rawFrame } from '../../src/broker/simulator/tws-frames';
import { gatewayWith, RawClient, stepTo, StoqeyClient } from '../support/gateway-kit';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await gatewayWith();
  await stepTo(gateway, 'KO');
});
afterEach(() => gateway.close());

const VERSIONS = [151, 163, 164, 169, 170, 176, 177, 178, 183, 187, 191, 192, 193];
const KO = ['0', 'KO', 'STK', '', '0', '', '', 'SMART', '', 'USD', '', ''];

/** A plain order as a client of the version writes it; every field that is not named is unset. */
function placeOrder(id: number, version: number, terms: Record<string, string> = {}): string[] {
  const { action = 'BUY', quantity = '10', type = 'MKT', limit = '', ref = 'r' } = terms;
  return [
    ...['3', String(id), ...KO, '', '', action, quantity, type, limit, '', 'DAY', '', '', '', '0'],
    ...[ref, '1', '0', '0', '0', '0', '0', '0', '0', '', '0', '', '', '', '', ''],
    ...(version < 177 ? [''] : []),
    ...['', '0', '', '-1', '0', '', '', '0', '', '', '0', '0', '', '', '', '', '', '', '', '0'],
    ...['', '', '', '', '0', '', '', '', '', '', '', '', '', '', '', '0', '', '', '0', '0', '', ''],
    ...['0', '', '0', '0', '0', '0', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''],
    ...['0', '0', '0', ''],
    ...(version >= 158 ? [''] : []),
    ...(version >= 160 ? [''] : []),
    ...(version >= 162 ? [''] : []),
    ...(version >= 166 ? [''] : []),
    ...(version >= 169 ? [''] : []),
    ...(version >= 183 ? [''] : []),
    ...(version >= 184 ? ['0'] : []),
    ...(version >= 187 && version < 190 ? ['', '2147483647'] : []),
    ...(version >= 189 ? ['0'] : []),
    ...(version >= 192 ? ['2147483647'] : []),
  ];
}

describe('clients of different versions', () => {
  it.each(VERSIONS)('%i: an order, its fill, its cancel and its contract', async (version) => {
    const client = await RawClient.join(gateway, version);
    expect(client.version).toBe(version);
    client.say(...placeOrder(1, version));
    const limit = { type: 'LMT', limit: '40', ref: 'kept' };
    client.say(...placeOrder(2, version, limit));
    client.say(...['9', '8', '500', ...KO, '0', '', ''], ...(version >= 176 ? [''] : []));
    const first = await client.answers();
    const status = (id: string, frames: string[][]): string | undefined =>
      frames.filter((frame) => frame[0] === '3' && frame[1] === id).at(-1)?.[2];
    expect([status('1', first), status('2', first)]).toEqual(['Submitted', 'Submitted']);
    const contract = first.find(([code]) => code === '10')!;
    expect(contract).toContain('8894');
    expect(contract).toHaveLength(
      [36, version >= 152, version < 164, version < 164, version === 163, version >= 182]
        .map(Number)
        .reduce((sum, each) => sum + each) +
        (version >= 164 ? 3 : 0) +
        (version >= 186 ? 1 : 0),
    );
    const traded = await stepTo(gateway, 'KO');
    client.say(...cancelOf(2, version));
    const later = await client.answers();
    expect([status('1', later), status('2', later)]).toEqual(['Filled', 'Cancelled']);
    const execution = later.find(([code]) => code === '11')!;
    expect(execution).toHaveLength(version >= 178 ? 32 : 31);
    expect(execution[20]).toBe(traded.replace(/0+$/, ''));
    expect(execution[15]).toMatch(version >= 174 ? /\d US\/Eastern$/ : /^\d{8} {2}\d\d:\d\d:\d\d$/);
    const error = later.find(([code, , id]) => code === '4' && id === '2')!;
    expect(error.slice(2, 4)).toEqual(['2', '202']);
    expect(error).toHaveLength(version >= 166 ? 6 : 5);
    await client.leave();
  });

  function cancelOf(id: number, version: number): string[] {
    if (version >= 192) return ['4', String(id), '', '', '2147483647'];
    const rfq = version >= 187 && version < 190 ? ['', '', '2147483647'] : [];
    return ['4', '1', String(id), ...(version >= 169 ? [''] : []), ...rfq];
  }

  it.each([
    ['above ours', 'v100..220', '193'],
    ['with options behind it', 'v151..178 +PACEAPI', '178'],
    ['alone', 'v176', '176'],
  ])('agree on a version %s', async (_what, text, agreed) => {
    const client = RawClient.open(gateway);
    const frame = client.frame(() => true);
    client.socket.write(Buffer.concat([Buffer.from('API\0'), rawFrame(text)]));
    expect((await frame)[0]).toBe(agreed);
    await client.leave();
  });
});

describe('a greeting', () => {
  it.each([
    ['of something else', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['with too old a version', Buffer.concat([Buffer.from('API\0'), rawFrame('v100..150')])],
    ['without a version', Buffer.concat([Buffer.from('API\0'), rawFrame('hello')])],
    ['with a frame too long', Buffer.concat([Buffer.from('API\0'), Buffer.alloc(4, 0xff)])],
    [
      'followed by anything but startApi',
      Buffer.concat([Buffer.from('API\0'), rawFrame('v100..193'), frameOf(['49', '1'])]),
    ],
  ])('%s closes the connection', async (_what, bytes) => {
    const client = RawClient.open(gateway);
    client.socket.write(bytes);
    await client.ended();
    expect(client.closed).toBe(true);
  });
});

it('understands frames cut at every byte and many in one piece alike', async () => {
  const client = RawClient.open(gateway);
  const bytes = Buffer.concat([
    ...[Buffer.from('API\0'), rawFrame('v100..193'), frameOf(['71', '2', '3', ''])],
    ...[frameOf(placeOrder(1, 193)), frameOf(['49', '1'])],
  ]);
  const time = client.frame(([code]) => code === '49');
  client.socket.setNoDelay(true);
  for (const byte of bytes) client.socket.write(Buffer.from([byte]));
  await time;
  expect(client.frames.filter(([code]) => code === '3')).toHaveLength(1);
  await client.leave();
});

describe('every request', () => {
  /** Takes something back, sets something, or only ever tells what comes later. */
  const WITHOUT_ANSWER = new Set([14, 59, 63, 64, 75, 77, 90, 93, 95, 97, 50]);
  const KNOWN = [...Array(25).keys()]
    .map((n) => n + 1)
    .concat([...Array(56).keys()].map((n) => n + 49));

  it.each(KNOWN.filter((code) => code !== 60 && code !== 71))(
    '%i is answered or refused',
    async (code) => {
      const client = await RawClient.join(gateway, 193);
      const id = '700';
      const contract: Record<number, string[]> = {
        1: ['11', id, ...KO, '0', '', '0', '0', ''],
        3: placeOrder(700, 193).slice(1),
        4: [id, '', '', '2147483647'],
        6: ['2', '1', 'DU0000001'],
        7: ['3', id, '0', '', '', '', '', '', ''],
        9: ['8', id, ...KO, '0', '', '', ''],
        20: [id, ...KO, '0', '', '1 day', '5 D', '1', 'TRADES', '1', '0', ''],
        58: ['', '2147483647'],
        62: ['1', id, 'All', 'NetLiquidation'],
        87: [id, ...KO, '0', '1', 'TRADES', '1'],
        91: ['26'],
        92: [id, 'DU0000001', ''],
        94: [id, 'DU0000001', '', '8894'],
        97: [id, ...KO, 'Last', '0', '0'],
        50: ['3', id, ...KO, '5', 'TRADES', '1', ''],
      };
      const generic = code >= 78 ? [id, 'x', 'x', 'x', 'x'] : ['1', id, 'x', 'x', 'x'];
      client.say(String(code), ...(contract[code] ?? generic));
      if (code === 58) client.say('16', '1');
      const answers = await client.answers();
      if (!WITHOUT_ANSWER.has(code) && code !== 15) expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) expect(answer[0]).toMatch(/^\d+$/);
      await client.leave();
    },
  );

  it('that does not exist is refused and the stream goes on', async () => {
    const client = await RawClient.join(gateway, 193);
    for (const code of ['60', '999', 'x', '-1', '']) client.say(code, '1', '2');
    const answers = await client.answers();
    expect(answers.map((fields) => fields[3])).toEqual(['320', '320', '320', '320', '320']);
    await client.leave();
  });
});

describe('broken frames', () => {
  it('neither end the gateway nor make a fill, and other clients do not notice', async () => {
    const random = seededRandom(20240311);
    const pick = (n: number): number => Math.floor(random() * n);
    const good = await StoqeyClient.join(gateway, 50);
    const junk = [
      '',
      'NaN',
      '-1',
      '1e400',
      '-2147483649',
      '\u00e9\ud83d\ude00',
      'x'.repeat(5_000),
      '9'.repeat(70),
    ];
    let clientId = 100;
    for (let round = 0; round < 60; round += 1) {
      clientId += 1;
      const client = await RawClient.join(gateway, VERSIONS[pick(VERSIONS.length)]!, clientId);
      for (let n = 0; n < 20; n += 1) {
        const order = placeOrder(1 + n, client.version, { type: 'LMT', limit: '0.01' });
        const fields = pick(2) === 0 ? order : [String(pick(110)), ...order.slice(1, pick(30))];
        for (let cut = pick(4); cut >= 0; cut -= 1) {
          fields[1 + pick(fields.length)] = junk[pick(junk.length)]!;
        }
        if (pick(3) === 0) fields.length = 1 + pick(fields.length);
        // What would fill at once is no broken order.
        if (fields[0] === '3' && fields.includes('MKT')) continue;
        client.say(...fields.map((field) => field ?? ''));
      }
      if (pick(4) === 0) client.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]));
      else await client.answers();
      await client.leave();
    }
    await stepTo(gateway, 'KO');
    await stepTo(gateway, 'KO');
    good.ib.reqExecutions(good.requestId(), {});
    await good.answered();
    const fills = good.all('execDetails').filter(([, , { price }]) => price > 0.01);
    expect(fills.filter(([, , { side }]) => side === 'BOT')).toEqual([]);
    await good.leave();
  });

  it('with a field that cannot be read name it, with the id of the order', async () => {
    const client = await RawClient.join(gateway, 193);
    client.say(...placeOrder(9, 193, { quantity: 'ten' }));
    client.say(...placeOrder(10, 193).slice(0, 30));
    const answers = await client.answers();
    expect(answers.map((fields) => fields.slice(2, 4))).toEqual([
      ['9', '320'],
      ['10', '320'],
    ]);
    expect(answers[0]![4]).toContain('totalQuantity "ten"');
    await client.leave();
  });
});

it('lets go a client that does not read, and serves the others', async () => {
  const [slow, good] = [await RawClient.join(gateway, 193, 1), await StoqeyClient.join(gateway, 2)];
  slow.socket.pause();
  const request = frameOf([
    '20',
    '1',
    ...KO,
    '0',
    '',
    '1 min',
    '10 D',
    '1',
    'TRADES',
    '1',
    '0',
    '',
  ]);
  for (let n = 0; n < 150 && !slow.closed; n += 1) {
    for (let m = 0; m < 2; m += 1) slow.socket.write(request);
    await good.answered();
  }
  slow.socket.resume();
  await slow.ended();
  await good.answered();
  await good.leave();
});
