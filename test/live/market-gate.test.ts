// Prices reach the engine only inside the session and only while the link is ready; what a short
// outage held back is looked at, what a longer one did is not.

import { price } from '../../src/domain/decimal';
import type { LatestQuote } from '../../src/domain/desk';
import type { Instrument } from '../../src/domain/instrument';
import type { LocalJournal } from '../../src/domain/ports';
import { MarketGate } from '../../src/live/market-gate';
import { copyOf } from '../support/link-kit';
import { instrumentNamed, openDesk, T0, type Desk } from '../support/trading-kit';

const XNYS = instrumentNamed('AAPL', { calendar: 'XNYS' });

async function open(journal?: LocalJournal) {
  const desk = await openDesk(journal === undefined ? {} : { journal });
  let [works, ids] = [0, 0];
  const gate = new MarketGate({
    engine: desk.engine,
    work: () => {
      works += 1;
    },
    inputId: () => `quote-${(ids += 1)}`,
  });
  const see = async (last: string | null, at: number, instrument: Instrument = XNYS) => {
    const none = { bid: null, ask: null };
    const now: LatestQuote = {
      instrument: 'AAPL',
      ...none,
      last: last === null ? null : price(last),
      at,
    };
    gate.see(instrument, now);
    await desk.engine.drain();
  };
  return { desk, gate, see, works: () => works };
}
const lastOf = (desk: Desk) => desk.engine.market.last('AAPL')?.priceText ?? null;
const fired = (desk: Desk) => desk.events('TriggerFired').length;

it('lets nothing through before the link is ready, and then the newest', async () => {
  const { desk, gate, see } = await open();
  await see('10', T0);
  await see('11', T0 + 1);
  expect(lastOf(desk)).toBeNull();
  gate.open(T0 + 2);
  expect(lastOf(desk)).toBe('11');
});

it.each([
  [-1, null],
  [0, '10'],
  [6.5 * 3_600_000, '10'],
  [6.5 * 3_600_000 + 1, null],
])('%i ms from the open lets %s through', async (after, seen) => {
  const { desk, gate, see } = await open();
  gate.open(T0);
  await see('10', T0 + after);
  expect(lastOf(desk)).toBe(seen);
});

it('knows the session of the next day as well', async () => {
  const { desk, gate, see } = await open();
  gate.open(T0);
  await see('10', T0 + 1);
  await see('11', T0 + 12 * 3_600_000);
  expect(lastOf(desk)).toBe('10');
  await see('12', T0 + 24 * 3_600_000);
  expect(lastOf(desk)).toBe('12');
});

it('passes over a quote without a last price', async () => {
  const { desk, gate, see } = await open();
  gate.open(T0);
  await see(null, T0);
  expect(lastOf(desk)).toBeNull();
});

async function armed() {
  const kit = await open();
  kit.gate.open(T0);
  await kit.see('9', T0);
  await kit.desk.load('AAPL', { entry: ['over BUY 10 market 10'] });
  await kit.see('9.5', T0 + 1_000);
  return kit;
}

it('after a short outage looks at what came meanwhile: the cross fires', async () => {
  const { desk, gate, see } = await armed();
  gate.close(T0 + 2_000);
  await see('10.5', T0 + 3_000);
  expect(fired(desk)).toBe(0);
  gate.open(T0 + 62_000);
  await desk.engine.drain();
  expect(fired(desk)).toBe(1);
});

it('after more than a minute the next price only sets the reference', async () => {
  const { desk, gate, see } = await armed();
  gate.close(T0 + 2_000);
  gate.close(T0 + 50_000);
  gate.open(T0 + 62_001);
  await see('10.5', T0 + 62_002);
  expect(fired(desk)).toBe(0);
  await see('10', T0 + 62_003);
  await see('10.5', T0 + 62_004);
  expect(fired(desk)).toBe(1);
});

it('never takes a price of before a long outage for one of now', async () => {
  const { desk, gate, see } = await armed();
  gate.close(T0 + 2_000);
  await see('10.5', T0 + 3_000);
  gate.open(T0 + 3_600_000);
  await desk.engine.drain();
  expect([fired(desk), lastOf(desk)]).toEqual([0, '9.5']);
});

it('works only when something fired', async () => {
  const { see, works } = await armed();
  expect(works()).toBe(0);
  await see('10.5', T0 + 3_000);
  expect(works()).toBe(1);
});

it('has what waits for a first price looked at again when it comes', async () => {
  const before = await openDesk();
  await before.tick('AAPL', '10');
  await before.place('AAPL', 'BUY 5 market');
  await before.tick('AAPL', '10');
  await before.place('AAPL', 'SELL 8 market', { allowFlip: true });
  await before.tick('AAPL', '10');
  const opens = before.records.find(
    ({ event }) => event.type === 'OrderArmed' && event.order.flipOf !== undefined,
  )!;
  // The run ends when the position is flat, and another one goes on without a price.
  const { desk, gate, see, works } = await open(copyOf(before.journal, opens.sequence));
  const status = () => [...desk.state.orders.values()].at(-1)!.status;
  gate.open(desk.clock.now());
  expect(status()).toBe('ARMED');
  await see('10', T0 + 5_000);
  expect([status(), works()]).toEqual(['WORKING', 1]);
});
