// After a long outage many orders forget its prices in parts: no instrument takes a price before
// its part is done, and what is armed meanwhile keeps what it was armed with.

import { price } from '../../src/domain/decimal';
import { MarketGate } from '../../src/live/market-gate';
import { instrumentNamed, openDesk, T0 } from '../support/trading-kit';

const SYMBOLS = Array.from({ length: 12 }, (_, n) => `S${n}`);
const LONG_AFTER = T0 + 120_000;

/** Each symbol has a cross over 10 that has last seen 9, and the link is lost. */
async function afterOutage() {
  const desk = await openDesk({ symbols: [...SYMBOLS, 'NEW'], instrument: { calendar: 'XNYS' } });
  let ids = 0;
  const gate = new MarketGate({
    ...{ engine: desk.engine, work: () => undefined, inputId: () => `quote-${(ids += 1)}` },
    mostOrders: 4,
  });
  const see = (symbol: string, last: string, at: number): void => {
    const instrument = instrumentNamed(symbol, { calendar: 'XNYS' });
    gate.see(instrument, { instrument: symbol, bid: null, ask: null, last: price(last), at });
  };
  gate.open(T0);
  for (const symbol of SYMBOLS) {
    await desk.load(symbol, { entry: ['over BUY 10 market 10'] });
    see(symbol, '9', T0);
  }
  gate.close(T0 + 1_000);
  const settled = async (): Promise<void> => {
    for (let n = 0; n < 30; n += 1) await new Promise((resolve) => setImmediate(resolve));
    await desk.engine.drain();
  };
  const fired = (): (string | undefined)[] =>
    desk
      .events('TriggerFired')
      .map(({ order }) => desk.state.orders.get(order)?.instrument)
      .sort();
  desk.clock.set(LONG_AFTER);
  return { desk, gate, see, settled, fired };
}
const sorted = [...SYMBOLS].sort();

it('no price right after it fires a cross, whichever part its instrument is in', async () => {
  const { gate, see, settled, fired } = await afterOutage();
  gate.open(LONG_AFTER);
  for (const symbol of SYMBOLS) see(symbol, '10.5', LONG_AFTER);
  await settled();
  expect(fired()).toEqual([]);
  for (const symbol of SYMBOLS) see(symbol, '10', LONG_AFTER + 1);
  for (const symbol of SYMBOLS) see(symbol, '10.5', LONG_AFTER + 2);
  await settled();
  expect(fired()).toEqual(sorted);
});

it('a price that waits for its part is looked at when that is done', async () => {
  const { desk, gate, see, settled, fired } = await afterOutage();
  gate.open(LONG_AFTER);
  for (const symbol of SYMBOLS) see(symbol, '9.5', LONG_AFTER);
  const known = () => SYMBOLS.filter((symbol) => desk.engine.market.last(symbol)?.price === 9.5);
  expect(known().length).toBeLessThan(SYMBOLS.length);
  await settled();
  expect(known()).toEqual(SYMBOLS);
  for (const symbol of SYMBOLS) see(symbol, '10.5', LONG_AFTER + 1);
  await settled();
  expect(fired()).toEqual(sorted);
});

it('an order that is armed meanwhile still fires on its opening gap', async () => {
  const { desk, gate, see, settled, fired } = await afterOutage();
  gate.open(LONG_AFTER);
  const loaded = desk.load('NEW', { entry: ['over BUY 10 market 10'] }, '9');
  await loaded;
  see('NEW', '11', LONG_AFTER + 1);
  await settled();
  expect(fired()).toEqual(['NEW']);
});

it('a link that is lost again meanwhile holds everything back until it is ready', async () => {
  const { desk, gate, see, settled, fired } = await afterOutage();
  gate.open(LONG_AFTER);
  gate.close(LONG_AFTER + 1);
  for (const symbol of SYMBOLS) see(symbol, '10.5', LONG_AFTER + 2);
  await settled();
  for (const symbol of SYMBOLS) expect(desk.engine.market.last(symbol)?.price).toBe(9);
  gate.open(LONG_AFTER + 3);
  await settled();
  for (const symbol of SYMBOLS) expect(desk.engine.market.last(symbol)?.price).toBe(10.5);
  expect(fired()).toEqual([]);
});
