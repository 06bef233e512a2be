// Prices, contracts and the account over the wire; the made-up market and a recorded day behind it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MadeUpMarket } from '../../src/broker/simulator/made-up-market';
import type { MarketEvent } from '../../src/broker/simulator/market';
import type { RunningGateway } from '../../src/presets/gateway';
import { gatewayWith, stepTo, stock, StoqeyClient } from '../support/gateway-kit';

let gateway: RunningGateway;
let client: StoqeyClient;
afterEach(async () => {
  await client.leave();
  await gateway.close();
});

describe('a client of the made-up market', () => {
  beforeEach(async () => {
    gateway = await gatewayWith();
    client = await StoqeyClient.join(gateway);
    await stepTo(gateway, 'KO');
  });

  it('learns what an instrument is, its tick and its hours', async () => {
    const id = client.requestId();
    client.ib.reqContractDetails(id, stock('AAPL'));
    client.ib.reqMarketRule(26);
    await client.answered();
    expect(client.all('contractDetails')[0]![1]).toMatchObject({
      contract: { symbol: 'AAPL', conId: 265598, primaryExch: 'NASDAQ', currency: 'USD' },
      ...{ minTick: 0.01, marketRuleIds: '26,26', validExchanges: 'SMART,NASDAQ' },
      ...{ timeZoneId: 'US/Eastern', minSize: 1 },
      liquidHours: expect.stringMatching(/^20240311:0930-20240311:1600;20240312:0930-/),
    });
    expect(client.all('contractDetailsEnd')).toEqual([[id]]);
    expect(client.all('marketRule')).toEqual([[26, [{ lowEdge: 0, increment: 0.01 }]]]);
  });

  it('hears bid, ask and last with their sizes and the time, until it has enough', async () => {
    const id = client.requestId();
    client.ib.reqMktData(id, stock('KO'), '', false, false);
    await client.answered();
    expect(client.all('marketDataType')).toEqual([[id, 1]]);
    client.told.length = 0;
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    const prices = client.all('tickPrice').map(([, type, price]) => [type, price]);
    expect(prices.map(([type]) => type)).toEqual([1, 2, 4]);
    const [bid, ask, last] = prices.map(([, price]) => price as number);
    expect(bid).toBeLessThan(ask!);
    expect(last).toBe(Number(traded));
    expect(client.all('tickSize').map(([, type]) => type)).toEqual([3, 0, 3, 5, 8]);
    expect(client.all('tickString')[0]!.slice(0, 2)).toEqual([id, 45]);
    client.ib.cancelMktData(id);
    await client.answered();
    client.told.length = 0;
    await stepTo(gateway, 'KO');
    client.ib.cancelMktData(id);
    await client.answered();
    expect(client.all('tickPrice')).toEqual([]);
    expect(client.codes(id)).toEqual([300]);
  });

  it('gets a snapshot with its end, and ticks one by one', async () => {
    const [snapshot, ticks] = [client.requestId(), client.requestId()];
    client.ib.reqMktData(snapshot, stock('KO'), '', true, false);
    client.ib.reqTickByTickData(ticks, stock('KO'), 'Last' as never, 0, false);
    await client.answered();
    expect(client.all('tickSnapshotEnd')).toEqual([[snapshot]]);
    const traded = await stepTo(gateway, 'KO');
    await client.answered();
    expect(client.all('tickByTickAllLast')[0]!.slice(0, 4)).toEqual([
      ...[ticks, 1, expect.any(String), Number(traded)],
    ]);
  });

  it('is refused the 101st line and a number in use', async () => {
    const ids = [...Array(101).keys()].map(() => client.requestId());
    for (const id of ids) client.ib.reqMktData(id, stock('KO'), '', false, false);
    client.ib.reqMktData(ids[0]!, stock('KO'), '', false, false);
    await client.answered();
    expect([client.codes(ids[100]!), client.codes(ids[0]!)]).toEqual([[101], [102]]);
  });

  it('reads thirty days of bars, the day before last', async () => {
    const [days, minutes] = [client.requestId(), client.requestId()];
    const ask = (id: number, length: string, size: string): unknown =>
      client.ib.reqHistoricalData(
        ...([id, stock('KO'), '', length, size, 'TRADES', 1, 1, false] as never as Parameters<
          typeof client.ib.reqHistoricalData
        >),
      );
    ask(days, '60 D', '1 day');
    ask(minutes, '600 S', '1 min');
    await client.answered();
    const bars = (id: number): readonly (string | number)[][] =>
      client.all('historicalData').filter(([about]) => about === id) as never;
    const dates = bars(days).map(([, date]) => date);
    expect(dates).toHaveLength(32);
    expect(dates.slice(-3)).toEqual([
      ...['20240308', '20240311', expect.stringMatching(/^finished-/)],
    ]);
    for (const [, , open, high, low, close] of bars(days).slice(0, -1) as number[][]) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open!, close!));
      expect(low).toBeLessThanOrEqual(Math.min(open!, close!));
    }
    expect(bars(minutes)[0]![1]).toBe('20240311 09:31:00 US/Eastern');
  });

  it.each([
    ['bars of no size', ['1 D', '7 mins', 'TRADES'], 162],
    ['no duration', ['x', '1 day', 'TRADES'], 162],
    ['data that is not there', ['1 D', '1 day', 'OPTION_VOLUME'], 162],
    ['more bars than a client can read', ['30 D', '1 min', 'TRADES'], 162],
  ])('is refused %s', async (_what, [length, size, what], code) => {
    const id = client.requestId();
    client.ib.reqHistoricalData(
      ...([id, stock('KO'), '', length, size, what, 1, 1, false] as never as Parameters<
        typeof client.ib.reqHistoricalData
      >),
    );
    await client.answered();
    expect(client.codes(id)).toEqual([code]);
  });

  it('sees what the account is worth, before and after a purchase', async () => {
    client.ib.reqAccountUpdates(true, 'DU0000001');
    client.ib.reqPositions();
    client.ib.reqPnL(client.requestId(), 'DU0000001', '');
    await client.answered();
    const value = (key: string): string =>
      client.all('updateAccountValue').findLast(([name]) => name === key)?.[1] as string;
    expect(['NetLiquidation', 'BuyingPower', 'TotalCashValue'].map(value)).toEqual([
      ...['100000.00', '400000.00', '100000.00'],
    ]);
    expect(client.all('accountDownloadEnd')).toEqual([['DU0000001']]);
    client.place('KO', { totalQuantity: 100 });
    await client.answered();
    const traded = Number(await stepTo(gateway, 'KO'));
    await client.answered();
    expect(value('TotalCashValue')).toBe((100_000 - traded * 100 - 1).toFixed(2));
    expect(value('NetLiquidation')).toBe('99999.00');
    const [account, contract, position, average] = client.all('position').at(-1)!;
    expect([account, contract.symbol, position]).toEqual(['DU0000001', 'KO', 100]);
    expect(average).toBeCloseTo(traded + 0.01, 8);
    expect(client.all('updatePortfolio').at(-1)![0]).toMatchObject({ symbol: 'KO' });
    expect(client.all('pnl').length).toBeGreaterThan(0);
  });
});

describe('a recorded day', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-recorded-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('fills what came for the opening with its first trade, or ends it there', async () => {
    const trades = join(folder, 'day.csv');
    const rows = ['182.00', '181.00'].map(
      (price, n) => `2013-10-08T13:30:0${n}.000Z,IBM,${price},100`,
    );
    writeFileSync(trades, ['time,symbol,price,size', ...rows, ''].join('\n'));
    gateway = await gatewayWith({ trades, previousCloses: new Map([['IBM', '181.50']]) });
    client = await StoqeyClient.join(gateway);
    const market = client.place('IBM', { tif: 'OPG' });
    const limits = [181.5, 182.5].map((lmtPrice) =>
      client.place('IBM', { tif: 'OPG', orderType: 'LMT', lmtPrice }),
    );
    await client.answered();
    expect([market, ...limits].map((id) => client.statuses(id).at(-1))).toEqual([
      ...['PreSubmitted', 'PreSubmitted', 'PreSubmitted'],
    ]);
    await gateway.stepTrade();
    await client.answered();
    expect(client.all('execDetails').map(([, , { price }]) => price)).toEqual([182, 182]);
    expect([market, ...limits].map((id) => client.statuses(id).at(-1))).toEqual([
      ...['Filled', 'Cancelled', 'Filled'],
    ]);
  });

  it('goes on only when it is stepped, fills before the price, and ends', async () => {
    const trades = join(folder, 'day.csv');
    const rows = ['182.00', '182.10', '182.20', '182.05'].map(
      (price, n) => `2013-10-08T13:30:0${n}.000Z,IBM,${price},100`,
    );
    writeFileSync(trades, ['time,symbol,price,size', ...rows, ''].join('\n'));
    gateway = await gatewayWith({ trades, previousCloses: new Map([['IBM', '181.50']]) });
    client = await StoqeyClient.join(gateway);
    const id = client.requestId();
    client.ib.reqMktData(id, stock('IBM'), '', false, false);
    client.ib.reqHistoricalData(
      ...([id, stock('IBM'), '', '2 D', '1 day', 'TRADES', 1, 1, false] as never as Parameters<
        typeof client.ib.reqHistoricalData
      >),
    );
    await client.answered();
    expect(client.all('historicalData')[0]!.slice(1, 6)).toEqual([
      ...['20131007', 181.5, 181.5, 181.5, 181.5],
    ]);
    expect(await gateway.stepTrade()).toMatchObject({ priceText: '182.00' });
    client.place('IBM', { tif: 'GTC' });
    await client.answered();
    client.told.length = 0;
    expect(await gateway.stepTrade()).toMatchObject({ priceText: '182.10' });
    await client.answered();
    const kinds = client.told.map(({ event }) => event);
    expect(kinds.indexOf('execDetails')).toBeLessThan(kinds.indexOf('tickPrice'));
    expect(client.all('execDetails')[0]![2]).toMatchObject({ price: 182.1 });
    expect(gateway.clock.now()).toBe(Date.parse('2013-10-08T13:30:01.000Z'));
    const day = client.place('IBM', { orderType: 'LMT', lmtPrice: 100 });
    const kept = client.place('IBM', { orderType: 'LMT', lmtPrice: 100, tif: 'GTC' });
    await client.answered();
    await gateway.stepTrade();
    await gateway.stepTrade();
    expect(await gateway.stepTrade()).toBeNull();
    await client.answered();
    expect([client.statuses(day).at(-1), client.statuses(kept).at(-1)]).toEqual([
      ...['Cancelled', 'Submitted'],
    ]);
  });
});

describe('faults made on purpose', () => {
  beforeEach(async () => {
    gateway = await gatewayWith();
    client = await StoqeyClient.join(gateway);
    await stepTo(gateway, 'KO');
  });

  it('double, drop, delay and swap messages', async () => {
    gateway.control.disturb({ message: '11', action: 'DUPLICATE', count: 1 });
    gateway.control.disturb({ message: '59', action: 'LATE', count: 1 });
    gateway.control.disturb({ message: '53', action: 'DROP', count: 1 });
    client.place('KO', {});
    await client.answered();
    await stepTo(gateway, 'KO');
    client.ib.reqOpenOrders();
    await client.answered();
    expect(client.all('execDetails')).toHaveLength(2);
    expect([client.all('commissionReport'), client.all('openOrderEnd')]).toEqual([[], []]);
    const late = client.next('commissionReport');
    gateway.control.releaseLate();
    await late;
    gateway.control.disturb({ message: '5', action: 'REORDER', count: 1 });
    client.told.length = 0;
    client.place('KO', { orderType: 'LMT', lmtPrice: 40 });
    await client.answered();
    expect(client.told.map(({ event }) => event).slice(0, 2)).toEqual(['orderStatus', 'openOrder']);
  });

  it('correct an execution: one id but for its end, and the position follows', async () => {
    client.place('KO', { totalQuantity: 100 });
    await client.answered();
    await stepTo(gateway, 'KO');
    await client.answered();
    const { execId } = client.all('execDetails')[0]![2];
    expect(gateway.control.correctExecution(execId as string, { quantity: '90' })).toBe(true);
    client.ib.reqPositions();
    client.ib.reqExecutions(client.requestId(), {});
    await client.answered();
    const corrected = client.all('execDetails').map(([, , each]) => [each.execId, each.shares]);
    const second = (execId as string).replace(/01$/, '02');
    expect(corrected.slice(1)).toEqual([
      [second, 90],
      [second, 90],
    ]);
    expect(client.all('position').at(-1)![2]).toBe(90);
  });

  it('refuse an order, take ids back, split writes, tell notices, fall silent', async () => {
    const { control } = gateway;
    control.rejectNextOrder(201, 'Order rejected - reason:test');
    const id = client.place('KO', {});
    control.splitWrites(true);
    control.notice(1100);
    await client.answered();
    expect(client.codes(id)).toEqual([201]);
    expect(client.all('info').at(-1)).toEqual([expect.stringContaining('lost'), 1100]);
    client.place('KO', {}, 40);
    control.rollBackNextValidId(5);
    const next = client.next('nextValidId');
    client.ib.reqIds(1);
    expect((await next).args).toEqual([36]);
    control.stall(1);
    await stepTo(gateway, 'KO');
    const count = client.told.length;
    const filled = client.next('execDetails');
    control.resume(1);
    await filled;
    expect(client.told.length).toBeGreaterThan(count);
  });

  it('refuse a client id once', async () => {
    gateway.control.refuseClientId(7);
    const refused = StoqeyClient.join(gateway, 8);
    await (await refused).leave();
    expect((await StoqeyClient.join(gateway, 9)).nextId).toBe(1);
  });
});

describe('the made-up market', () => {
  beforeEach(async () => {
    gateway = await gatewayWith();
    client = await StoqeyClient.join(gateway);
  });
  const take = (market: MadeUpMarket, count: number): MarketEvent[] =>
    [...Array(count).keys()].map(() => market.take());

  it('is the same for the same seed, also from the middle, and another for another', () => {
    const whole = take(new MadeUpMarket({ seed: 5 }), 4_000);
    expect(take(new MadeUpMarket({ seed: 5 }), 4_000)).toEqual(whole);
    const from = whole[1_999]!.at;
    const later = whole.filter(({ at }) => at > from);
    expect(take(new MadeUpMarket({ seed: 5, from }), later.length)).toEqual(later);
    expect(take(new MadeUpMarket({ seed: 6 }), 100)).not.toEqual(whole.slice(0, 100));
  });

  it('gives every instrument a quote and a trade within each second, inside the quote', () => {
    const market = new MadeUpMarket({ seed: 1 });
    const last = new Map<string, number>();
    const quotes = new Map<string, { bid: string; ask: string }>();
    for (const event of take(market, 60_000)) {
      if (event.kind === 'QUOTE') quotes.set(event.instrument, event);
      if (event.kind !== 'TRADE') continue;
      const { instrument, price, at } = event.trade;
      expect(at - (last.get(instrument) ?? at)).toBeLessThanOrEqual(1_000);
      last.set(instrument, at);
      const quote = quotes.get(instrument);
      expect(price).toBeGreaterThanOrEqual(Number(quote?.bid));
      expect(price).toBeLessThanOrEqual(Number(quote?.ask));
    }
    expect(last.size).toBe(10);
  });

  it('ends its day and begins the next session of the calendar', () => {
    const market = new MadeUpMarket({ seed: 1, from: Date.parse('2024-03-15T19:59:58Z') });
    const events: MarketEvent[] = [];
    while (events.at(-1)?.kind !== 'OPEN') events.push(market.take());
    const [close, open] = events.slice(-2);
    expect([close, open]).toMatchObject([
      { kind: 'CLOSE', date: '2024-03-15' },
      { kind: 'OPEN', date: '2024-03-18' },
    ]);
  });

  it('has bars that are made of its trades', () => {
    const market = new MadeUpMarket({ seed: 1 });
    const start = market.now;
    const trades: number[] = [];
    for (let event = market.take(); event.at < start + 60_000; event = market.take()) {
      if (event.kind !== 'TRADE' || event.trade.instrument !== 'SPY') continue;
      trades.push(event.trade.price);
    }
    const [bar] = market.bars({ instrument: 'SPY', from: start, to: start + 1, size: 60_000 });
    expect(bar).toMatchObject({
      ...{ open: trades[0]!.toFixed(2), close: trades.at(-1)!.toFixed(2), trades: trades.length },
      ...{ high: Math.max(...trades).toFixed(2), low: Math.min(...trades).toFixed(2) },
    });
  });
});
