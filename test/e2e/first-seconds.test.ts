// The demo as a person sees it first: one entry fires, passes the rules, fills over the wire, its
// exits rest at the gateway, one order is denied, one stays armed; and a second start goes on.

import '../support/try-again';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Answered } from '../support/graphql-server';
import { GROUNDS, House, until } from '../support/house';

const at = (symbol: string, role: string) => (order: Answered) =>
  order.instrument.key === symbol && order.role === role;
const OPEN = ['WORKING', 'ARMED', 'SUBMITTED', 'PARTIALLY_FILLED'];

/** What the gateway itself says of its open orders, by type. */
async function resting(house: House, guest: number): Promise<Answered[]> {
  const client = await house.guest(guest);
  client.ib.reqAllOpenOrders();
  await client.answered();
  const orders = client.all('openOrder').map(([, contract, order]) => ({
    ...{ symbol: contract.symbol, action: order.action, type: order.orderType },
    ...{ quantity: order.totalQuantity, permId: String(order.permId), group: order.ocaGroup },
  }));
  await client.leave();
  return orders.sort((a, b) => a.type.localeCompare(b.type, 'en'));
}

async function cashOf(house: House): Promise<string> {
  const account = await until(
    async () => (await house.data('{ accounts { netLiquidation { amount } } }')).accounts[0],
    (seen) => seen?.netLiquidation != null,
  );
  return account.netLiquidation.amount;
}

describe.each(GROUNDS)('the first seconds of the demo on $name', (ground) => {
  let house: House;
  beforeAll(async () => {
    house = House.on(ground, 1);
    await house.start();
  });
  afterAll(() => house.end());

  it('show an entry that fired, filled, and rests its exits at the gateway', async () => {
    const stop = await house.order(
      (o) => at('AMZN', 'STOP_LOSS')(o) && o.status === 'WORKING' && o.permId !== null,
    );
    const entry = await house.order((o) => at('AMZN', 'ENTRY')(o) && o.status === 'FILLED');
    expect(entry).toMatchObject({ quantity: '80', filledQuantity: '80', type: 'MARKET' });
    expect(entry.decision).toEqual({ approved: true, codes: [] });
    expect(entry.fills.length).toBeGreaterThan(0);
    const profit = await house.order(
      (o) => at('AMZN', 'TAKE_PROFIT')(o) && o.status === 'WORKING' && o.permId !== null,
    );
    const [limit, stopped, ...more] = await resting(house, 401);
    expect(more).toEqual([]);
    expect(limit).toMatchObject({ symbol: 'AMZN', action: 'SELL', type: 'LMT', quantity: 80 });
    expect(stopped).toMatchObject({ symbol: 'AMZN', action: 'SELL', type: 'STP', quantity: 80 });
    expect([limit?.permId, stopped?.permId]).toEqual([profit.permId, stop.permId]);
    expect(await house.position('AMZN')).toMatchObject({
      ...{ quantity: '80', unallocated: '0', difference: '0' },
      allocations: [{ strategy: { key: 'default' }, quantity: '80' }],
    });
  });

  it('show an order that was denied, with its decision, and one that is armed', async () => {
    const denied = await house.order((o) => at('KO', 'ENTRY')(o) && o.status === 'DENIED');
    expect(denied).toMatchObject({ permId: null, brokerOrderId: null, fills: [] });
    expect(denied.decision).toEqual({ approved: false, codes: ['MAX_ORDER_NOTIONAL'] });
    const armed = await house.order((o) => at('SPY', 'ENTRY')(o) && o.status === 'ARMED');
    expect(armed.decision).toBeNull();
    const done = join(house.inbox, 'processed', 'demo-day.json');
    expect(await until(() => existsSync(done))).toBe(true);
    expect(house.complaints()).toEqual([]);
  });

  it('are gone on with by a second start', async () => {
    const read = `{ system { now sequence } strategies { key } fills { nodes { execId } }
      accounts { pnl { commissions { amount } } } positions { quantity averageCost { amount } } }`;
    const cash = await cashOf(house);
    const rests = await resting(house, 402);
    const orders = await house.orders();
    const before = await house.data(read);
    await house.stop();
    await house.ready();
    const after = await house.data(read);
    expect(after.system.now >= before.system.now).toBe(true);
    expect(Number(after.system.sequence)).toBeGreaterThan(Number(before.system.sequence));
    expect({ ...after, system: null }).toEqual({ ...before, system: null });
    expect(await house.orders()).toEqual(orders);
    expect(await resting(house, 403)).toEqual(rests);
    // Worth what its shares are worth now; the cash beside them is the same.
    expect(Math.abs(Number(await cashOf(house)) - Number(cash))).toBeLessThan(500);
  });

  it('leave exits that still work after it, and no id is used twice', async () => {
    const known = await house.orders();
    const exit = known.find((o) => at('AMZN', 'TAKE_PROFIT')(o) && o.status === 'WORKING');
    const ids = known.flatMap(({ brokerOrderId }) => brokerOrderId ?? []);
    // A marketable exit: what rested since the first start fills in the second.
    const { userErrors } = await house.does(
      'modifyOrder',
      { requestId: 'out', orderId: exit.id, limitPrice: '100' },
      'userErrors { code message }',
    );
    expect(userErrors).toEqual([]);
    await house.order((o) => o.id === exit.id && o.status === 'FILLED');
    await house.order((o) => at('AMZN', 'STOP_LOSS')(o) && o.status === 'CANCELLED');
    expect(await house.position('AMZN')).toBeNull();
    await until(
      () => resting(house, 404),
      (rests) => rests.length === 0,
    );
    const { order } = await house.does(
      'placeOrder',
      {
        requestId: 'again',
        order: {
          ...{ strategy: 'default', instrument: 'AMZN', side: 'BUY', type: 'LIMIT' },
          ...{ quantity: '1', limitPrice: '160' },
        },
      },
      'order { id }',
    );
    const placed = await house.order((o) => o.id === order.id && o.permId !== null);
    expect(Math.max(...ids)).toBeLessThan(placed.brokerOrderId);
    expect(known.map(({ id }) => id)).not.toContain(placed.id);
    expect(OPEN).toContain(placed.status);
    expect(house.complaints()).toEqual([]);
  });
});
