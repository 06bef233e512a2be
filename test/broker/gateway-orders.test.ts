// Orders over the wire, as the library of the live path sees them: place, change, cancel, brackets,
// groups, refusals, two clients.

import type { RunningGateway } from '../../src/presets/gateway';
import { gatewayWith, orderOf, stepTo, stock, StoqeyClient } from '../support/gateway-kit';

let gateway: RunningGateway;
let client: StoqeyClient;
const others: StoqeyClient[] = [];

beforeEach(async () => {
  gateway = await gatewayWith();
  client = await StoqeyClient.join(gateway);
  await stepTo(gateway, 'KO');
});
afterEach(async () => {
  for (const each of [client, ...others.splice(0)]) await each.leave();
  await gateway.close();
});

async function joined(clientId: number): Promise<StoqeyClient> {
  const other = await StoqeyClient.join(gateway, clientId);
  others.push(other);
  return other;
}
/** A price that KO does not reach within a test. */
const FAR_BELOW = 40;
const FAR_ABOVE = 90;

describe('an order', () => {
  it('is acknowledged, fills on the next trade and costs a dollar at least', async () => {
    const id = client.place('KO', { orderRef: 'ord-00000001' });
    await client.answered();
    expect(client.statuses(id)).toEqual(['Submitted']);
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(id)).toEqual(['Submitted', 'Filled']);
    const [reqId, contract, execution] = client.all('execDetails')[0]!;
    expect({ reqId, ...(contract as object), ...(execution as object) }).toMatchObject({
      ...{ reqId: -1, symbol: 'KO', conId: 8894, orderId: id, clientId: 1, side: 'BOT' },
      ...{ shares: 10, price: Number(traded), cumQty: 10, avgPrice: Number(traded) },
      ...{ orderRef: 'ord-00000001', acctNumber: 'DU0000001', exchange: 'NYSE' },
      execId: expect.stringMatching(/^[0-9a-f]{8}\.[0-9a-f]{8}\.01\.01$/),
      time: expect.stringMatching(/^20240311 09:4\d:\d\d US\/Eastern$/),
      permId: client.all('openOrder')[0]![2].permId,
    });
    expect(client.all('commissionReport')[0]![0]).toMatchObject({ commission: 1, currency: 'USD' });
    expect(client.all('commissionReport')[0]![0].realizedPNL).toBeUndefined();
  });

  it('tells the execution before the filled order, and the commission after it', async () => {
    client.place('KO', {});
    await client.answered();
    client.told.length = 0;
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.told.map(({ event }) => event)).toEqual([
      ...['execDetails', 'openOrder', 'orderStatus', 'commissionReport', 'currentTime'],
    ]);
  });

  it('realises what a sale made, commissions included', async () => {
    client.place('KO', { totalQuantity: 100 });
    await client.answered();
    const bought = Number(await stepTo(gateway, 'KO'));
    client.place('KO', { action: 'SELL', totalQuantity: 100 });
    await client.answered();
    const sold = Number(await stepTo(gateway, 'KO'));
    await client.answered();
    const { realizedPNL } = client.all('commissionReport')[1]![0];
    expect(realizedPNL).toBeCloseTo((sold - bought) * 100 - 2, 6);
  });

  it('with a limit waits for its price and is cancelled with 202', async () => {
    const id = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    await stepTo(gateway, 'KO');
    client.ib.cancelOrder(id, undefined);
    await client.answered();
    expect(client.statuses(id)).toEqual(['Submitted', 'Cancelled']);
    expect(client.codes(id)).toEqual([202]);
    expect(client.all('execDetails')).toEqual([]);
  });

  it('with a limit above the market fills at the better price of the trade', async () => {
    client.place('KO', { orderType: 'LMT', lmtPrice: FAR_ABOVE });
    await client.answered();
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.all('execDetails')[0]![2].price).toBe(Number(traded));
  });

  it.each([
    ['STP', { auxPrice: FAR_ABOVE, action: 'SELL' }],
    ['STP LMT', { auxPrice: FAR_ABOVE, lmtPrice: FAR_BELOW, action: 'SELL' }],
    ['MIT', { auxPrice: FAR_ABOVE, action: 'BUY' }],
  ])('%s is reached by one trade and fills on the next', async (orderType, terms) => {
    const id = client.place('KO', { orderType, ...terms });
    await client.answered();
    expect(client.statuses(id)).toEqual(['PreSubmitted']);
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(id)).toEqual(['PreSubmitted', 'Submitted']);
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(id).at(-1)).toBe('Filled');
    expect(client.all('execDetails')[0]![2].price).toBe(Number(traded));
  });

  it('TRAIL follows the best price and is reached when the market comes back', async () => {
    const id = client.place('KO', { orderType: 'TRAIL', auxPrice: 0.02, action: 'SELL' });
    let best = 0;
    let reached = NaN;
    while (!client.statuses(id).includes('Submitted')) {
      const traded = Number(await stepTo(gateway, 'KO'));
      if (best > 0 && traded <= Number((best - 0.02).toFixed(2))) reached = traded;
      best = Math.max(best, traded);
      await client.answered();
    }
    expect(reached).toBeLessThanOrEqual(Number((best - 0.02).toFixed(2)));
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.all('execDetails')[0]![2].price).toBe(Number(traded));
  });

  it('IOC that finds no price ends without 202, FOK as Inactive', async () => {
    const terms = { orderType: 'LMT', lmtPrice: FAR_BELOW };
    const ioc = client.place('KO', { ...terms, tif: 'IOC' });
    const fok = client.place('KO', { ...terms, tif: 'FOK' });
    await client.answered();
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(ioc)).toEqual(['Submitted', 'PendingCancel', 'Cancelled']);
    expect(client.statuses(fok)).toEqual(['Submitted', 'Inactive']);
    expect([...client.codes(ioc), ...client.codes(fok)]).toEqual([]);
  });

  it('for the opening waits for the next one', async () => {
    const id = client.place('KO', { tif: 'OPG' });
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(id)).toEqual(['PreSubmitted']);
    client.ib.cancelOrder(id, undefined);
    await client.answered();
    expect(client.statuses(id).at(-1)).toBe('Cancelled');
  });

  it('with a price condition waits for it', async () => {
    const condition = {
      ...{ type: 1, conjunctionConnection: 'a', isMore: true, strValue: '1' },
      ...{ conId: 265598, exchange: 'SMART', triggerMethod: 0 },
    };
    const id = client.place('KO', { conditions: [condition] });
    await client.answered();
    expect(client.statuses(id).at(-1)).toBe('PreSubmitted');
    await stepTo(gateway, 'AAPL');
    await client.answered();
    expect(client.statuses(id).at(-1)).toBe('Submitted');
  });
});

describe('a change', () => {
  it('of price and quantity keeps the order and its permId', async () => {
    const id = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    await client.answered();
    client.place('KO', { orderType: 'LMT', lmtPrice: 41, totalQuantity: 25 }, id);
    await client.answered();
    const orders = client.all('openOrder').map(([, , order]) => order);
    expect(orders.at(-1)).toMatchObject({ lmtPrice: 41, totalQuantity: 25 });
    expect(new Set(orders.map(({ permId }) => permId)).size).toBe(1);
  });

  it('that cannot be leaves the order as it was', async () => {
    const id = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    client.place('KO', { orderType: 'LMT', lmtPrice: 41.005 }, id);
    client.place('KO', { orderType: 'LMT', lmtPrice: 41, totalQuantity: 0 }, id);
    client.place('KO', { orderType: 'LMT', lmtPrice: 41, action: 'SELL' }, id);
    await client.answered();
    expect(client.codes(id)).toEqual([110, 321, 105]);
    client.ib.reqOpenOrders();
    await client.answered();
    expect(client.all('openOrder').at(-1)![2]).toMatchObject({
      lmtPrice: FAR_BELOW,
      action: 'BUY',
    });
    expect(client.statuses(id).at(-1)).toBe('Submitted');
  });

  it('of a filled order is 104, of an ended one its id used twice', async () => {
    const filled = client.place('KO', {});
    const ended = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    client.ib.cancelOrder(ended, undefined);
    await client.answered();
    await stepTo(gateway, 'KO');
    client.place('KO', { totalQuantity: 11 }, filled);
    client.place('KO', { totalQuantity: 11 }, ended);
    await client.answered();
    expect(client.codes(filled)).toEqual([104]);
    expect(client.codes(ended)).toEqual([202, 103]);
  });
});

describe('a refusal', () => {
  it.each([
    ['an unknown symbol', 'NOPE', {}, 200],
    ['a price off the tick', 'KO', { orderType: 'LMT', lmtPrice: 40.001 }, 110],
    ['a fraction of a share', 'KO', { totalQuantity: 1.5 }, 10243],
    ['no quantity', 'KO', { totalQuantity: 0 }, 321],
    ['more than ten million shares', 'KO', { totalQuantity: 10_000_001 }, 201],
    ['a limit order without a limit', 'KO', { orderType: 'LMT' }, 321],
    ['an unknown type', 'KO', { orderType: 'REL' }, 387],
    ['an unknown time in force', 'KO', { tif: 'GTX' }, 321],
    ['another account', 'KO', { account: 'DU1' }, 321],
    ['a parent that is not there', 'KO', { parentId: 77 }, 10006],
    ['an attribute it does not have', 'KO', { hidden: true }, 321],
    ['a price that is no number', 'KO', { orderType: 'LMT', lmtPrice: NaN }, 320],
    ['a price beyond all numbers', 'KO', { orderType: 'LMT', lmtPrice: Infinity }, 320],
    ['an exponent', 'KO', { totalQuantity: 1e21 }, 320],
  ])('names %s with its code, and nothing comes of it', async (_what, symbol, terms, code) => {
    const id = client.place(symbol, terms);
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.codes(id)).toEqual([code]);
    client.ib.reqAllOpenOrders();
    await client.answered();
    expect([client.all('openOrder'), client.all('execDetails')]).toEqual([[], []]);
  });

  it('of a used id is 103, also below the highest and after a refused order', async () => {
    client.place('NOPE', {}, 50);
    client.place('KO', {}, 50);
    client.place('KO', {}, 49);
    await client.answered();
    expect([client.codes(50), client.codes(49)]).toEqual([[200, 103], [103]]);
    const next = client.next('nextValidId');
    client.ib.reqIds(1);
    expect((await next).args[0]).toBe(51);
  });

  it('of a cancel tells unknown, filled and cancelled apart', async () => {
    const filled = client.place('KO', {});
    const ended = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    await client.answered();
    await stepTo(gateway, 'KO');
    for (const id of [filled, ended, ended, 999]) client.ib.cancelOrder(id, undefined);
    await client.answered();
    expect(client.codes(filled)).toEqual([161]);
    expect(client.codes(ended)).toEqual([202, 10148]);
    expect(client.codes(999)).toEqual([10147]);
  });
});

it('answers what if with margin and commission, and creates nothing', async () => {
  const id = client.place('KO', { whatIf: true, totalQuantity: 1000 });
  await client.answered();
  const [, , order, state] = client.all('openOrder')[0]!;
  expect(order).toMatchObject({ whatIf: true, orderId: id });
  expect(state).toMatchObject({ status: 'PreSubmitted', commission: 5 });
  expect(state.initMarginChange).toBeGreaterThan(10_000);
  expect(client.statuses(id)).toEqual([]);
  client.place('KO', {}, id);
  await client.answered();
  expect(client.codes(id)).toEqual([]);
  expect(client.statuses(id)).toEqual(['Submitted']);
});

describe('a bracket', () => {
  /** A parent with a take-profit and a stop, the way the broker's guide has it. */
  function bracket(parent: Record<string, unknown> = {}): [number, number, number] {
    const parentId = client.place('KO', { transmit: false, ...parent });
    const child = { action: 'SELL', parentId, tif: 'GTC' };
    const profit = client.place('KO', {
      ...child,
      orderType: 'LMT',
      lmtPrice: 50,
      transmit: false,
    });
    const stop = client.place('KO', { ...child, orderType: 'STP', auxPrice: FAR_BELOW });
    return [parentId, profit, stop];
  }

  it('is not there before its last leg', async () => {
    client.place('KO', { transmit: false });
    await client.answered();
    client.ib.reqAllOpenOrders();
    await client.answered();
    await stepTo(gateway, 'KO');
    expect([client.all('openOrder'), client.all('orderStatus')]).toEqual([[], []]);
  });

  it('lets the children work only when the parent is filled, and one end the other', async () => {
    const [parent, profit, stop] = bracket();
    await client.answered();
    expect(client.statuses(parent)).toEqual(['Submitted']);
    const held = client.all('orderStatus').filter(([id]) => id !== parent);
    expect(held.map(([id, status, , , , , , , , why]) => [id, status, why])).toEqual([
      [profit, 'PreSubmitted', 'child'],
      [stop, 'PreSubmitted', 'child'],
    ]);
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(parent).at(-1)).toBe('Filled');
    expect(client.statuses(profit).at(-1)).toBe('Submitted');
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(profit).at(-1)).toBe('Filled');
    expect(client.statuses(stop).at(-1)).toBe('Cancelled');
    expect(client.codes(stop)).toEqual([202]);
    expect(client.all('execDetails').map(([, , { orderId }]) => orderId)).toEqual([parent, profit]);
  });

  it('ends its children with a parent that is cancelled', async () => {
    const [parent, profit, stop] = bracket({ orderType: 'LMT', lmtPrice: FAR_BELOW });
    await client.answered();
    client.ib.cancelOrder(parent, undefined);
    await client.answered();
    for (const id of [parent, profit, stop]) {
      expect(client.statuses(id).at(-1)).toBe('Cancelled');
      expect(client.codes(id)).toEqual([202]);
    }
  });

  it('cut off before its last leg leaves nothing that works', async () => {
    const parent = client.place('KO', { transmit: false });
    client.place('KO', { parentId: parent, action: 'SELL', transmit: false });
    await client.answered();
    gateway.control.dropConnections(1);
    const other = await joined(2);
    await stepTo(gateway, 'KO');
    other.ib.reqAllOpenOrders();
    other.ib.reqPositions();
    await other.answered();
    expect([other.all('openOrder'), other.all('position')]).toEqual([[], []]);
  });
});

describe('a group of which one cancels the others', () => {
  it('fills once when two would fill on one trade', async () => {
    const oca = { ocaGroup: 'G1', ocaType: 1, orderType: 'LMT', lmtPrice: FAR_ABOVE };
    const [first, second] = [client.place('KO', oca), client.place('KO', oca)];
    await client.answered();
    await stepTo(gateway, 'KO');
    await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.statuses(first).at(-1)).toBe('Filled');
    expect(client.statuses(second)).toEqual(['Submitted', 'Cancelled']);
    expect(client.codes(second)).toEqual([202]);
    expect(client.all('execDetails')).toHaveLength(1);
  });

  it.each([2, 3])('reduces the others by what was filled (type %i)', async (ocaType) => {
    await client.leave();
    await gateway.close();
    gateway = await gatewayWith({ settings: { exchange: PARTIAL } });
    client = await StoqeyClient.join(gateway);
    const group = { ocaGroup: 'G2', ocaType, totalQuantity: 100, orderType: 'LMT' };
    const filling = client.place('KO', { ...group, lmtPrice: FAR_ABOVE });
    const waiting = client.place('KO', { ...group, lmtPrice: FAR_BELOW });
    await client.answered();
    await stepTo(gateway, 'KO');
    await client.answered();
    const filled = client.all('execDetails')[0]![2].shares as number;
    expect(filled).toBeLessThan(100);
    const reduced = client.all('openOrder').filter(([id]) => id === waiting);
    expect(reduced.at(-1)![2].totalQuantity).toBe(100 - filled);
    while (client.statuses(filling).at(-1) !== 'Filled') {
      await stepTo(gateway, 'KO');
      await client.answered();
    }
    expect(client.statuses(waiting).at(-1)).toBe('Cancelled');
  });

  it('takes nobody in when it has been filled', async () => {
    const oca = { ocaGroup: 'G3', ocaType: 1 };
    client.place('KO', oca);
    await client.answered();
    await stepTo(gateway, 'KO');
    const late = client.place('KO', oca);
    await client.answered();
    expect(client.codes(late)).toEqual([201]);
  });
});

const PARTIAL = {
  ...{ seed: 3, latency: { min: 0, max: 0 }, partialFills: 1, slippageTicks: 0 },
} as const;

describe('two clients', () => {
  it('may use one order id, each for an order of its own', async () => {
    const other = await joined(2);
    client.place('KO', { orderRef: 'one' }, 10);
    other.place('KO', { orderRef: 'two', totalQuantity: 20 }, 10);
    await Promise.all([client.answered(), other.answered()]);
    await stepTo(gateway, 'KO');
    await Promise.all([client.answered(), other.answered()]);
    const refs = [client, other].map((each) =>
      each.all('execDetails').map(([, , { orderRef, shares }]) => [orderRef, shares]),
    );
    expect(refs).toEqual([[['one', 10]], [['two', 20]]]);
  });

  it('see each other by all open orders, their own by open orders', async () => {
    const other = await joined(2);
    const id = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW, orderRef: 'mine' });
    await client.answered();
    other.ib.reqOpenOrders();
    await other.answered();
    expect(other.all('openOrder')).toEqual([]);
    other.ib.reqAllOpenOrders();
    await other.answered();
    expect(other.all('openOrder')[0]![2]).toMatchObject({
      orderId: id,
      clientId: 1,
      orderRef: 'mine',
    });
    expect(other.all('openOrderEnd')).toHaveLength(2);
  });

  it('cannot cancel each other by id, but all of it by the global cancel', async () => {
    const other = await joined(2);
    const id = client.place('KO', { orderType: 'LMT', lmtPrice: FAR_BELOW });
    await client.answered();
    other.ib.cancelOrder(id, undefined);
    await other.answered();
    expect(other.codes(id)).toEqual([10147]);
    other.ib.reqGlobalCancel({});
    await other.answered();
    await client.answered();
    expect(client.statuses(id).at(-1)).toBe('Cancelled');
  });

  it('cannot share a client id: the second is told 326 and let go', async () => {
    const { IBApi } = await import('@stoqey/ib');
    const { host, port } = gateway;
    const second = new IBApi({ host, port, clientId: 1, maxReqPerSec: 1_000_000 });
    const told = new Promise<number>((resolve) => {
      second.on('info' as never, ((_text: string, code: number) => resolve(code)) as never);
    });
    const gone = new Promise<void>((resolve) =>
      second.once('disconnected' as never, resolve as never),
    );
    second.connect();
    expect(await told).toBe(326);
    await gone;
    await client.answered();
  });
});

it('tells completed orders and executions again, with their references', async () => {
  const filled = client.place('KO', { orderRef: 'a' });
  const ended = client.place('KO', { orderRef: 'b', orderType: 'LMT', lmtPrice: FAR_BELOW });
  await client.answered();
  await stepTo(gateway, 'KO');
  client.ib.cancelOrder(ended, undefined);
  await client.answered();
  const other = await joined(5);
  other.ib.reqCompletedOrders(false);
  other.ib.reqExecutions(other.requestId(), {});
  await other.answered();
  const completed = other
    .all('completedOrder')
    .map(([, order, state]) => [...[order.orderRef, state.status, order.filledQuantity]]);
  expect(completed).toEqual([
    ['a', 'Filled', 10],
    ['b', 'Cancelled', 0],
  ]);
  const again = other.all('execDetails').map(([, , each]) => [each.orderId, each.orderRef]);
  expect(again).toEqual([[filled, 'a']]);
  expect(other.all('commissionReport')).toHaveLength(1);
  expect(other.all('execDetailsEnd')).toHaveLength(1);
});

it('knows an order by the contract number alone', async () => {
  const id = client.orderId();
  client.ib.placeOrder(id, { conId: 8894, exchange: 'SMART' }, orderOf({}) as never);
  await client.answered();
  expect(client.statuses(id)).toEqual(['Submitted']);
  expect(stock('KO')).toMatchObject({ symbol: 'KO' });
});
