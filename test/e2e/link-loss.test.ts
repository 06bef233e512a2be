// The link to the broker comes and goes: it is said, nothing leaves that was refused meanwhile, and
// what was filled meanwhile is booked once.

import '../support/try-again';
import type { Answered } from '../support/graphql-server';
import { GROUNDS, House, until } from '../support/house';

const SERVER = 17;
const BOTH = 'order { id status decision { codes } } userErrors { code message }';
const TOLD = ['3', '5', '11', '59'];
const ALWAYS = 1_000_000;

describe.each(GROUNDS)('a lost link on $name', (ground) => {
  let house: House;
  beforeAll(async () => {
    house = House.quiet(ground);
    await house.ready();
    await house.does('createStrategy', { key: 'hand' }, 'userErrors { code }');
    // Its first price may be late on a busy machine, and an order without one is denied.
    const order =
      '{ strategy: "hand", instrument: "MSFT", side: BUY, type: MARKET, quantity: "1" }';
    const look = `{ previewOrder(order: ${order}) { approved } }`;
    await until(async () => (await house.data(look).catch(() => null))?.previewOrder.approved);
  });
  afterAll(() => house.end());

  let requests = 0;
  const buy = (more: Answered = {}): Promise<Answered> => {
    requests += 1;
    const order = { strategy: 'hand', instrument: 'MSFT', side: 'BUY', type: 'MARKET' };
    const input = {
      requestId: `r${requests}`,
      order: { ...order, quantity: `${requests}`, ...more },
    };
    return house.does('placeOrder', input, BOTH);
  };
  /** The states that the log told since the line. */
  const states = (from: number): string[] =>
    house.lines.slice(from).flatMap((line) => /broker link ([A-Z]+)/.exec(line)?.[1] ?? []);
  const held = async (): Promise<number> => Number((await house.position('MSFT'))?.quantity ?? 0);

  it('lets orders through while it is there', async () => {
    const { order } = await buy();
    await house.order((o) => o.id === order.id && o.status === 'FILLED');
    expect(await held()).toBe(1);
  });

  it('is degraded without its servers; nothing refused is sent later', async () => {
    const { control } = house.gateway;
    const from = house.lines.length;
    control.notice(1100);
    await house.link('DEGRADED');
    const { system } = await house.data('{ system { linkReason } }');
    expect(system.linkReason).toEqual(expect.any(String));
    const { order, userErrors } = await buy();
    expect(userErrors[0].code).toBe('NOT_CONNECTED');
    expect(order).toMatchObject({ status: 'DENIED', decision: { codes: ['H3'] } });
    const ready = await fetch(`http://127.0.0.1:${house.port}/readyz`);
    expect(ready.status).toBe(503);
    control.notice(1102);
    await house.link('READY');
    expect(states(from)).toEqual(['DEGRADED', 'SYNCHRONIZING', 'READY']);
    const next = await buy();
    await house.order((o) => o.id === next.order.id && o.status === 'FILLED');
    expect(await house.order((o) => o.id === order.id)).toMatchObject({
      ...{ status: 'DENIED', brokerOrderId: null, fills: [] },
    });
    expect(await held()).toBe(4);
  });

  it('is made again after it broke, and what filled meanwhile is booked once', async () => {
    const { control } = house.gateway;
    const from = house.lines.length;
    for (const message of TOLD) control.disturb({ message, action: 'DROP', count: ALWAYS });
    const { order } = await buy();
    const guest = await house.guest(61);
    await until(async () => {
      guest.ib.reqAllOpenOrders();
      guest.ib.reqPositions();
      const read = guest.next('positionEnd');
      await read;
      return guest.all('position').some(([, contract, shares]) => {
        return contract.symbol === 'MSFT' && shares === 8;
      });
    });
    expect(await held()).toBe(4);
    control.refuseClientId(SERVER);
    control.dropConnections(SERVER);
    await house.link('DISCONNECTED');
    const lost = await buy();
    expect(lost.userErrors[0].code).toBe('NOT_CONNECTED');
    control.clear();
    await house.link('READY');
    await house.order((o) => o.id === order.id && o.status === 'FILLED');
    expect(await held()).toBe(8);
    expect(states(from)).toEqual(
      expect.arrayContaining(['DISCONNECTED', 'CONNECTING', 'SYNCHRONIZING', 'READY']),
    );
    const { fills } = await house.data('{ fills { nodes { execId order { id } } } }');
    expect(fills.nodes.filter((fill: Answered) => fill.order?.id === order.id)).toHaveLength(1);
    expect((await house.order((o) => o.id === lost.order.id)).brokerOrderId).toBeNull();
    expect((await house.position('MSFT')).difference).toBe('0');
  });

  it('is noticed where the gateway only falls silent', async () => {
    const { control } = house.gateway;
    control.stall(SERVER);
    await until(
      async () => (await house.data('{ system { link } }')).system.link,
      (link) => link !== 'READY',
    );
    const { userErrors } = await buy();
    expect(userErrors[0].code).toBe('NOT_CONNECTED');
    control.resume(SERVER);
    await house.link('READY');
    const { order } = await buy();
    await house.order((o) => o.id === order.id && o.status === 'FILLED');
    expect((await house.position('MSFT')).difference).toBe('0');
    // The loss of the broker's own servers is one, and so may be a connection that was cut while
    // something was on its way, and the id that the cut connection still holds for a moment.
    expect(house.complaints().filter((line) => !/IB (1100|502|326)/.test(line))).toEqual([]);
  });
});
