// What the broker session says reaches the engine in the order it was said, and nothing that
// belongs to a connection that has ended makes the link ready.

import type { BrokerSnapshot, LinkState } from '../../src/domain/broker-link';
import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { BrokerReport } from '../../src/domain/input';
import { holdingOf, positionOf } from '../../src/engine/core/state';
import { Intake } from '../../src/live/intake';
import { MarketGate } from '../../src/live/market-gate';
import { QuoteBoard } from '../../src/live/quote-board';
import { ACCOUNT, instrumentNamed, openLinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

async function open() {
  const link = await openLinkDesk();
  const { engine, clock } = link.desk;
  const log: string[] = [];
  let [ids, matched] = [0, 0];
  const work = (): void => {
    void engine.drain();
  };
  const inputId = (): string => `in-${(ids += 1)}`;
  const gate = new MarketGate({ engine, work, inputId });
  const intake = new Intake({
    ...{ engine, clock, gate, inputId, work, quotes: new QuoteBoard() },
    log: (level, message) => log.push(`${level} ${message}`),
    matched: () => {
      matched += 1;
    },
  });
  const become = (state: LinkState, reason: string | null = null): void => {
    link.far.up = state === 'READY';
    intake.link({ state, epoch: 1, reason });
  };
  const ready = async (changes: Partial<BrokerSnapshot> = {}): Promise<void> => {
    become('SYNCHRONIZING');
    while ((await intake.snapshot(link.far.snapshot(changes))) === 'ASK_AGAIN');
    become('READY');
    await engine.drain();
  };
  const types = (): string[] => link.desk.records.map(({ event }) => event.type);
  return { link, intake, engine, log, become, ready, types, matched: () => matched };
}
const fill = (order: string | null, execId: string): BrokerReport => ({
  ...{ kind: 'FILL', order, execId, account: ACCOUNT, instrument: 'AAPL', side: 'BUY' },
  ...{ quantity: quantity('1'), price: price('10') },
});

it('a snapshot is matched after everything that was said before it', async () => {
  const { link, intake, become, types, engine } = await open();
  become('SYNCHRONIZING');
  intake.report(fill(null, 'a'));
  intake.report({ kind: 'COMMISSION', execId: 'a', amount: money('1') });
  const positions = [
    { account: ACCOUNT, instrument: 'AAPL', quantity: quantity('1'), averageCost: price('10') },
  ];
  await intake.snapshot(link.far.snapshot({ positions }));
  intake.report(fill(null, 'b'));
  await engine.drain();
  const after = types().slice(types().indexOf('OrderFilled'));
  expect(after).toEqual(['OrderFilled', 'CommissionCharged', 'LinkReady', 'OrderFilled']);
  expect(link.desk.state.breaks.size).toBe(0);
});

it('a fill is taken whatever the state of the link', async () => {
  const { intake, become, engine, link } = await open();
  for (const [n, state] of (['DISCONNECTED', 'DEGRADED', 'CONNECTING'] as const).entries()) {
    become(state);
    intake.report(fill(null, `x${n}`));
  }
  await engine.drain();
  const place = { account: ACCOUNT, instrument: 'AAPL' };
  expect(toText(positionOf(link.desk.state, place).quantity)).toBe('3');
});

it('an account of the first snapshot is opened with what it holds and is worth', async () => {
  const { intake, ready, link } = await open();
  const instrument = instrumentNamed('KO');
  intake.instrument(instrument);
  const values = { netLiquidation: null, buyingPower: null, cash: money('700') };
  intake.account({ account: 'DU2', currency: 'EUR', ...values });
  const held = {
    account: 'DU2',
    instrument: 'KO',
    quantity: quantity('3'),
    averageCost: price('9'),
  };
  await ready({ accounts: [ACCOUNT, 'DU2'], positions: [held] });
  const { state } = link.desk;
  expect(state.accounts.get('DU2')).toMatchObject({ currency: 'EUR' });
  expect(toText(holdingOf(state, { ...held, strategy: null }).quantity)).toBe('3');
  expect(state.breaks.size).toBe(0);
  await ready({ accounts: [ACCOUNT, 'DU2'], positions: [held] });
  expect(link.desk.events('AccountOpened')).toHaveLength(1);
});

it('what was executed before an account came is never booked on top', async () => {
  const { intake, become, ready, link, engine } = await open();
  intake.instrument(instrumentNamed('KO'));
  const place = { account: 'DU2', instrument: 'KO' };
  const held = { ...place, quantity: quantity('3'), averageCost: price('9') };
  const told = (execId: string, order: string | null = null): void => {
    const seen = { ...fill(order, execId), ...place } as BrokerReport;
    intake.report(seen);
  };
  become('SYNCHRONIZING');
  told('early.01');
  told('early.01');
  await ready({ accounts: [ACCOUNT, 'DU2'], positions: [held] });
  expect(link.desk.events('AccountOpened').at(-1)).toMatchObject({ executions: ['early.01'] });
  const shares = () => toText(positionOf(link.desk.state, place).quantity);
  told('early.01');
  told('early.02');
  await engine.drain();
  expect(shares()).toBe('3');
  told('late.01');
  await engine.drain();
  expect(shares()).toBe('4');
  const state = canonical(link.desk.state);
  expect(canonical(folded(link.desk.journal))).toBe(state);
  expect(state).toContain('early');
});

it.each(['DISCONNECTED', 'DEGRADED', 'CONNECTING'] as const)(
  'a link that is %s before it was ready is not ready in the engine either',
  async (state) => {
    const { link, intake, become, engine } = await open();
    become('SYNCHRONIZING');
    await intake.snapshot(link.far.snapshot());
    expect(link.desk.state.link.ready).toBe(true);
    become(state, 'it broke');
    await engine.drain();
    expect(link.desk.state.link.ready).toBe(false);
  },
);

it('a snapshot that is overtaken by the end of its connection matches nothing', async () => {
  const { link, intake, become, engine, matched } = await open();
  become('SYNCHRONIZING');
  const snapshot = intake.snapshot(link.far.snapshot({ accounts: [ACCOUNT, 'DU2'] }));
  become('DISCONNECTED', 'it broke');
  await snapshot;
  await engine.drain();
  expect([link.desk.state.link.ready, matched()]).toEqual([false, 0]);
});

it('two connections are two epochs, and ids go on from the highest', async () => {
  const { link, become, ready, engine } = await open();
  await ready({ nextBrokerOrderId: 40 });
  await link.desk.place('AAPL', 'BUY 1 limit 9');
  become('DISCONNECTED', 'it broke');
  await ready({ nextBrokerOrderId: 12 });
  await engine.drain();
  await link.desk.place('AAPL', 'BUY 2 limit 9');
  const ids = link.desk.events('OrderSent').map(({ brokerOrderId }) => brokerOrderId);
  expect(ids).toEqual([40, 41]);
  expect(link.desk.events('LinkReady').map(({ epoch }) => epoch)).toEqual([1, 2]);
});

it('orders are found by both identities', async () => {
  const { link, intake, ready } = await open();
  await ready();
  await link.desk.place('AAPL', 'BUY 1 limit 9');
  expect(intake.byPermId('1001')).toBe('ord-00000001');
  expect(intake.byBrokerOrderId(link.far.clientId, 1)).toBe('ord-00000001');
  expect([intake.byPermId('9'), intake.byBrokerOrderId(8, 1)]).toEqual([null, null]);
  expect([intake.permIdOf('ord-00000001'), intake.permIdOf('x')]).toEqual(['1001', null]);
});

it('a difference of a later round is a suspicion, of the first a fact', async () => {
  const { link, intake, ready, engine } = await open();
  await ready();
  link.far.move('AAPL', quantity('2'));
  intake.positions([...link.far.positions.values()]);
  await engine.drain();
  expect([link.desk.state.breaks.size, intake.suspects]).toEqual([0, true]);
  link.desk.clock.set(link.desk.clock.now() + 6_000);
  intake.positions([...link.far.positions.values()]);
  await engine.drain();
  expect(link.desk.state.breaks.size).toBe(1);
});

it('says once that the state of the link has changed, and why', async () => {
  const { become, log } = await open();
  become('CONNECTING');
  become('CONNECTING');
  become('DISCONNECTED', 'refused');
  expect(log).toEqual(['INFO broker link CONNECTING', 'WARNING broker link DISCONNECTED: refused']);
});

it('a quote without a last price moves the board and not the engine', async () => {
  const { intake, ready, link } = await open();
  await ready();
  const at = link.desk.clock.now();
  intake.quote({ at, instrument: 'AAPL', bid: price('9.9') });
  expect(link.desk.engine.market.last('AAPL')?.priceText).toBe('10');
  intake.quote({ at, instrument: 'AAPL', last: price('9.95') });
  expect(link.desk.engine.market.last('AAPL')).toMatchObject({ priceText: '9.95', bid: 9.9 });
});

describe('a day order that the broker calls cancelled', () => {
  async function cancelledAt(time: string, asked: boolean) {
    const { link, intake, engine, ready } = await open();
    link.desk.state.instruments.set('AAPL', instrumentNamed('AAPL', { calendar: 'XNYS' }));
    await ready();
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    link.desk.clock.set(Date.parse(time));
    link.far.mute = true;
    if (asked) await link.cancel('ord-00000001');
    intake.report({ kind: 'CANCELLED', order: 'ord-00000001', reason: 'by the broker' });
    await engine.drain();
    return link.status('ord-00000001');
  }

  it.each([
    ['expires at the close', '2026-01-05T21:00:00.000Z', false, 'EXPIRED'],
    ['expires after it', '2026-01-05T21:00:07.000Z', false, 'EXPIRED'],
    ['expires where the next session is on already', '2026-01-06T14:30:00.000Z', false, 'EXPIRED'],
    ['is cancelled inside the session', '2026-01-05T20:59:59.000Z', false, 'CANCELLED'],
    ['is cancelled where somebody asked for it', '2026-01-05T21:00:07.000Z', true, 'CANCELLED'],
  ])('%s', async (_, time, asked, status) => {
    expect(await cancelledAt(time, asked)).toBe(status);
  });
});

describe('an account that is seen for the first time', () => {
  const position = (units: string) => ({
    ...{ account: 'DU2', instrument: 'AAPL', quantity: quantity(units), averageCost: price('10') },
  });
  const accounts = [ACCOUNT, 'DU2'];
  const bought: BrokerReport = { ...fill(null, 'early'), account: 'DU2' } as BrokerReport;

  it('is opened by two readings that say the same', async () => {
    const { link, intake, become } = await open();
    become('SYNCHRONIZING');
    const snapshot = link.far.snapshot({ accounts, positions: [position('7')] });
    expect(await intake.snapshot(snapshot)).toBe('ASK_AGAIN');
    expect(link.desk.state.accounts.has('DU2')).toBe(false);
    expect(await intake.snapshot(snapshot)).toBe('MATCHED');
    expect(link.desk.state.accounts.has('DU2')).toBe(true);
  });

  it('waits for the position that an execution of that moment made', async () => {
    const { link, intake, become } = await open();
    become('SYNCHRONIZING');
    const lacks = link.far.snapshot({ accounts, positions: [] });
    const has = link.far.snapshot({ accounts, positions: [position('1')] });
    expect(await intake.snapshot(lacks)).toBe('ASK_AGAIN');
    intake.report(bought);
    expect(await intake.snapshot(lacks)).toBe('ASK_AGAIN');
    expect(await intake.snapshot(has)).toBe('ASK_AGAIN');
    expect(await intake.snapshot(has)).toBe('MATCHED');
    const place = { account: 'DU2', instrument: 'AAPL' };
    expect(toText(positionOf(link.desk.state, place).quantity)).toBe('1');
  });
});
