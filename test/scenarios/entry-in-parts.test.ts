// The entry fills in parts: exits arm with the first and grow, adds wait for the last.

import { price, quantity, toText } from '../../src/domain/decimal';
import type { Broker } from '../../src/domain/ports';
import { ACCOUNT, openDesk, type Desk } from '../support/trading-kit';

const SILENT: Broker = {
  canSend: () => true,
  place: () => undefined,
  modify: () => undefined,
  cancel: () => undefined,
};
let executions = 0;
function fill(desk: Desk, leg: string, units: string, at = '70.5'): Promise<void> {
  executions += 1;
  const { id, side } = desk.order(leg);
  return desk.report({
    ...{ kind: 'FILL', order: id, execId: `x${executions}`, account: ACCOUNT, instrument: 'AAPL' },
    ...{ side, quantity: quantity(units), price: price(at) },
  });
}
const elect = (desk: Desk, leg: string): Promise<void> =>
  desk.report({ kind: 'ELECTED', order: desk.order(leg).id, price: price('68') });

async function fired() {
  const desk = await openDesk({ broker: () => SILENT });
  await desk.load('AAPL', {
    entry: ['over BUY 100 market 70'],
    long: ['SELL 200 market 68 stop', 'SELL 50 limit 72', 'BUY 100 limit 69'],
  });
  await desk.ticks('AAPL', '69.5 70.5');
  return desk;
}
const sizeOf = (desk: Desk, leg: string): string => {
  const { quantity: size, requestedQuantity } = desk.order(leg);
  return toText(requestedQuantity ?? size);
};

describe('an entry that fills in parts', () => {
  it('arms the exits at the first part, sized to it, and lets them grow', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    expect([sizeOf(desk, 'long[0]'), sizeOf(desk, 'long[1]')]).toEqual(['30', '30']);
    await fill(desk, 'entry[0]', '40', '71');
    expect([sizeOf(desk, 'long[0]'), sizeOf(desk, 'long[1]')]).toEqual(['70', '50']);
    expect(toText([...desk.state.plans.values()][0]!.reference!)).toBe('70.5');
  });

  it('arms the adds only when it is complete', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    expect(desk.order('long[2]')).toBeUndefined();
    await fill(desk, 'entry[0]', '70');
    expect(desk.order('long[2]').status).toBe('SUBMITTED');
  });

  it('arms the adds when the rest of it is cancelled by hand', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    const { id } = desk.order('entry[0]');
    await desk.command({ kind: 'CANCEL_ORDER', order: id, reason: 'enough' });
    await desk.report({ kind: 'CANCELLED', order: id, reason: '' });
    expect(desk.order('long[2]').status).toBe('SUBMITTED');
  });

  it('arms no adds when the session ends before it is complete', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    const { id } = desk.order('entry[0]');
    await desk.report({ kind: 'EXPIRED', order: id, reason: 'session end' });
    await fill(desk, 'long[1]', '10', '72');
    expect(desk.order('long[2]')).toBeUndefined();
  });

  it('gives way to a stop that fires, and arms no adds while the stop is on its way', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    await elect(desk, 'long[0]');
    const { id, status } = desk.order('entry[0]');
    expect(status).toBe('CANCEL_PENDING');
    await desk.report({ kind: 'CANCELLED', order: id, reason: '' });
    expect(desk.order('long[2]')).toBeUndefined();
    await fill(desk, 'long[0]', '30', '67.9');
    expect([desk.held('AAPL'), desk.order('long[2]')]).toEqual(['0', undefined]);
  });

  it('is flattened for what fills after the stop has fired, or has filled', async () => {
    for (const stopFirst of [false, true]) {
      const desk = await fired();
      await fill(desk, 'entry[0]', '30');
      await elect(desk, 'long[0]');
      if (stopFirst) await fill(desk, 'long[0]', '30', '67.9');
      await fill(desk, 'entry[0]', '25', '68');
      if (!stopFirst) await fill(desk, 'long[0]', '30', '67.9');
      const [flatten] = [...desk.state.orders.values()].filter((o) => o.role === 'LIQUIDATION');
      expect([flatten?.side, toText(flatten!.quantity)]).toEqual(['SELL', '25']);
      await fill(desk, flatten!.id, '25', '67.8');
      expect(desk.held('AAPL')).toBe('0');
    }
  });

  it('keeps what fills after a cancel by hand, and sizes the exits to it', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '30');
    const { id } = desk.order('entry[0]');
    await desk.command({ kind: 'CANCEL_ORDER', order: id, reason: 'enough' });
    await fill(desk, 'entry[0]', '25');
    expect([desk.held('AAPL'), sizeOf(desk, 'long[0]')]).toEqual(['55', '55']);
  });

  it('is flattened twice when two exits fill late, each for its own part', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '100');
    await fill(desk, 'long[0]', '100', '67.9');
    expect(desk.held('AAPL')).toBe('0');
    await fill(desk, 'long[1]', '20', '72');
    await fill(desk, 'long[1]', '30', '72');
    const flatten = [...desk.state.orders.values()].filter((o) => o.role === 'LIQUIDATION');
    expect(flatten.map((o) => [o.side, toText(o.quantity)])).toEqual([
      ['BUY', '20'],
      ['BUY', '30'],
    ]);
    for (const { id, quantity: size } of flatten) await fill(desk, id, toText(size), '72');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('is flattened again when the liquidation itself goes through zero', async () => {
    const desk = await fired();
    await fill(desk, 'entry[0]', '60');
    await fill(desk, 'long[0]', '60', '67.9');
    await fill(desk, 'long[1]', '20', '72');
    const [first] = [...desk.state.orders.values()].filter((o) => o.role === 'LIQUIDATION');
    await fill(desk, 'entry[0]', '20', '68');
    expect(desk.order(first!.id).status).toBe('CANCEL_PENDING');
    await fill(desk, first!.id, '20', '68');
    const last = [...desk.state.orders.values()].at(-1)!;
    expect([desk.held('AAPL'), last.side, toText(last.quantity)]).toEqual(['20', 'SELL', '20']);
    await fill(desk, last.id, '20', '68');
    expect(desk.held('AAPL')).toBe('0');
  });
});
