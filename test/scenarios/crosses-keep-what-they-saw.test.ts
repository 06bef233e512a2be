// What an armed cross has seen of the price is its own: a change of its size, an outage for one
// that reduces a position, or a price at which it could not leave take nothing from it.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import type { TriggerKind } from '../../src/domain/order';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { canonical, folded, openDesk, type Desk } from '../support/trading-kit';

type Change = Extract<Command, { kind: 'MODIFY_ORDER' }>;
const on = (kind: TriggerKind, level: string) => ({ trigger: { kind, level: price(level) } });
const changed = (order: string, what: Partial<Change>): Change => ({
  ...{ kind: 'MODIFY_ORDER', requestId: 'change', order, quantity: null },
  ...{ limitPrice: null, stopPrice: null },
  ...what,
});

describe('a change that leaves the level as it is', () => {
  it.each([
    ['of its quantity', { quantity: quantity('4') }],
    ['of its limit', { limitPrice: price('12') }],
    ['that names the same level', { level: price('10.0'), quantity: quantity('4') }],
  ] as const)('%s: the next price beyond it fires', async (_what, change) => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 5 limit 11', on('CROSS_OVER', '10'));
    await desk.tick('AAPL', '9.9');
    expect(await desk.command(changed('ord-00000001', change))).toBeNull();
    await desk.tick('AAPL', '10.1');
    expect(desk.order('ord-00000001').trigger?.firedAt).not.toBeNull();
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('before the open it keeps the close, and an opening gap fires it', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 market 10'] }, '9.5');
    const { id } = desk.order('entry[0]');
    await desk.command(changed(id, { quantity: quantity('4') }));
    await desk.tick('AAPL', '10.5');
    expect([desk.order(id).status, toText(desk.order(id).quantity)]).toEqual(['WORKING', '4']);
  });

  it('what a journal of before says of such a change still reads: it begins anew', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 market 10'] }, '9.5');
    const { id } = desk.order('entry[0]');
    await desk.command(changed(id, { quantity: quantity('4') }));
    expect(desk.events('ArmedOrderChanged')).toMatchObject([{ levelKept: true }]);
    await desk.command(changed(id, { requestId: 'level', level: price('11') }));
    expect(desk.order(id).trigger?.reference).toBeNull();
  });
});

async function long(link: LinkDesk, prices = '10'): Promise<LinkDesk> {
  await link.desk.place('AAPL', 'BUY 100 market');
  await link.fill('ord-00000001', '100', prices);
  return link;
}

describe('an outage of the feed', () => {
  async function outage(desk: Desk, ...prices: readonly string[]): Promise<void> {
    desk.gate.close(desk.clock.now());
    desk.clock.set(desk.clock.now() + 61_000);
    desk.engine.forgetPrices(desk.state.instruments.keys(), desk.clock.now());
    desk.gate.open(desk.clock.now());
    for (const each of prices) await desk.tick('AAPL', each);
  }

  it('takes nothing from a cross that reduces: the first price beyond it fires', async () => {
    const link = await long(await connectedDesk());
    await link.desk.place('AAPL', 'SELL 100 market', on('CROSS_UNDER', '9'));
    await link.desk.tick('AAPL', '9.5');
    await outage(link.desk, '8');
    expect(link.far.left.at(-1)).toBe('place ord-00000002 SELL 100 MARKET');
  });

  it('nor where the price was beyond it before: it must come back and cross', async () => {
    const link = await long(await connectedDesk());
    await link.desk.tick('AAPL', '8.5');
    await link.desk.place('AAPL', 'SELL 100 market', on('CROSS_UNDER', '9'));
    await link.desk.tick('AAPL', '8.4');
    await outage(link.desk, '8', '9.1');
    expect(link.status('ord-00000002')).toBe('ARMED');
    await link.desk.tick('AAPL', '8.9');
    expect(link.status('ord-00000002')).toBe('WORKING');
  });

  it('sets the reference of one that opens anew', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'SELL 100 market', on('CROSS_UNDER', '9'));
    await desk.tick('AAPL', '9.5');
    await outage(desk, '8');
    expect(desk.order('ord-00000001').status).toBe('ARMED');
  });
});

describe('a cross that reduces and could not leave', () => {
  async function declined(): Promise<LinkDesk> {
    const link = await long(await connectedDesk());
    await link.desk.place('AAPL', 'SELL 100 market', on('CROSS_UNDER', '9'));
    await link.desk.tick('AAPL', '9.5');
    await link.desk.place('AAPL', 'SELL 100 market');
    await link.desk.tick('AAPL', '8.9');
    expect(link.desk.order('ord-00000002').declined?.reason).toContain('nothing is left');
    link.far.say({ kind: 'CANCELLED', order: 'ord-00000003', reason: 'no' });
    link.far.alter('ord-00000003', { status: 'CANCELLED' });
    await link.heard();
    return link;
  }

  it('leaves with the next price beyond its level once nothing is in its way', async () => {
    const link = await declined();
    await link.desk.tick('AAPL', '8.8');
    expect(link.far.left.at(-1)).toBe('place ord-00000002 SELL 100 MARKET');
  });

  it('does not leave while the price is back, and does when it falls again', async () => {
    const link = await declined();
    await link.desk.ticks('AAPL', '9 9.4');
    expect(link.status('ord-00000002')).toBe('ARMED');
    await link.desk.tick('AAPL', '8.8');
    expect(link.status('ord-00000002')).toBe('WORKING');
  });

  it.each(['a restart', 'an outage', 'a change of its size'])('also after %s', async (what) => {
    const link = await declined();
    if (what === 'a restart') {
      await link.restart();
      await link.connect();
    }
    const { engine, state, clock } = link.desk;
    if (what === 'an outage') engine.forgetPrices(state.instruments.keys(), clock.now());
    const change = changed('ord-00000002', { quantity: quantity('90') });
    if (what === 'a change of its size') await link.command(change);
    await link.desk.tick('AAPL', '8.8');
    expect(link.status('ord-00000002')).toBe('WORKING');
  });
});
