// An order with a trigger: held here until its price comes, then decided, sized and sent once.

import { price, quantity, toText, type Price } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import type { TriggerKind } from '../../src/domain/order';
import { connectedDesk } from '../support/link-kit';
import { canonical, folded, openDesk } from '../support/trading-kit';

const on = (kind: TriggerKind, level: string): { kind: TriggerKind; level: Price } => ({
  kind,
  level: price(level),
});
const FIRST = 'ord-00000001';
const SECOND = 'ord-00000002';

it.each([
  ['CROSS_OVER', 'BUY 5 market', '10', '9.9 10 10.01'],
  ['CROSS_UNDER', 'SELL 5 market', '10', '10.1 10 9.99'],
  ['TOUCH', 'BUY 5 limit 10', '10', '10.2 10.01 10'],
  ['TOUCH', 'SELL 5 market', '10', '9.8 9.99 10'],
  ['STOP', 'BUY 5 market', '10', '9.8 9.99 10'],
  ['STOP', 'SELL 5 market', '10', '10.2 10.01 10'],
] as const)('%s releases %s at %s, on the third price and not before', async (...given) => {
  const [kind, words, level, prices] = given;
  const desk = await openDesk();
  await desk.place('AAPL', words, { trigger: on(kind, level) });
  const [first = '', second = '', third = ''] = prices.split(' ');
  await desk.ticks('AAPL', `${first} ${second}`);
  expect(desk.order(FIRST).status).toBe('ARMED');
  await desk.tick('AAPL', third);
  expect(desk.order(FIRST)).toMatchObject({ status: 'WORKING', role: 'MANUAL' });
  expect(toText(desk.order(FIRST).trigger!.firedPrice!)).toBe(third);
});

it('fires once, however often the price comes back, also after a restart', async () => {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'BUY 5 limit 9', { trigger: on('CROSS_OVER', '10') });
  await link.restart();
  await link.connect();
  await link.desk.ticks('AAPL', '11 9.5 11 9.5 11');
  expect(link.far.left).toEqual([`place ${FIRST} BUY 5 LIMIT 9`]);
});

it('is not sent at once, and is no other order under the same request', async () => {
  const desk = await openDesk();
  const placed = { requestId: 'one', trigger: on('STOP', '12') };
  expect(await desk.place('AAPL', 'BUY 5 market', placed)).toBeNull();
  expect(await desk.place('AAPL', 'BUY 5 market', placed)).toBeNull();
  const other = { requestId: 'one', trigger: on('STOP', '13') };
  expect(await desk.place('AAPL', 'BUY 5 market', other)).toMatch(/already used/);
  expect(await desk.place('AAPL', 'BUY 5 market', { requestId: 'one' })).toMatch(/already used/);
  expect([...desk.state.orders.keys()]).toEqual([FIRST]);
  expect(desk.order(FIRST)).toMatchObject({ status: 'ARMED', heldBy: 'ENGINE' });
});

it('is refused as what no trigger can release', async () => {
  const desk = await openDesk();
  const trigger = on('CROSS_OVER', '10');
  expect(await desk.place('AAPL', 'BUY 5 stop 12', { trigger })).toMatch(/MARKET or a LIMIT/);
  const auction = { trigger, timeInForce: 'OPG' } as const;
  expect(await desk.place('AAPL', 'BUY 5 market', auction)).toMatch(/opening auction/);
  expect(desk.state.orders.size).toBe(0);
});

it('asks the rules when it fires, and is denied then', async () => {
  const desk = await openDesk();
  await desk.place('AAPL', 'BUY 5 market', { trigger: on('CROSS_OVER', '10') });
  const scope = { kind: 'SYSTEM', key: '' } as const;
  await desk.command({
    ...{ kind: 'SET_TRADING_STATE', scope, state: 'HALTED', reason: 'stop', by: 'me' },
  });
  expect(desk.order(FIRST).status).toBe('ARMED');
  await desk.ticks('AAPL', '9.9 10.1');
  expect(desk.order(FIRST).status).toBe('DENIED');
});

describe('beside a position', () => {
  async function long(units: string) {
    const desk = await openDesk();
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', `BUY ${units} market`);
    await desk.tick('AAPL', '10');
    return desk;
  }

  it('a stop is cut to what is left of the position', async () => {
    const desk = await long('10');
    await desk.place('AAPL', 'SELL 10 market', { trigger: on('STOP', '9') });
    await desk.place('AAPL', 'SELL 7 market');
    await desk.ticks('AAPL', '10 8.9 8.8');
    expect(toText(desk.order(SECOND).filledQuantity)).toBe('3');
    expect(desk.held('AAPL')).toBe('0');
  });

  it('a stop ends with its position, and gives back nothing of the next one', async () => {
    const desk = await long('10');
    await desk.place('AAPL', 'SELL 10 market', { trigger: on('STOP', '9') });
    await desk.place('AAPL', 'SELL 10 market');
    await desk.tick('AAPL', '10');
    expect(desk.order(SECOND)).toMatchObject({
      ...{ status: 'CANCELLED', statusMessage: 'position closed' },
    });
    await desk.place('AAPL', 'BUY 4 market');
    await desk.ticks('AAPL', '10 8.9 8.8');
    expect(desk.held('AAPL')).toBe('4');
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('what was armed to open gives back of a position that came later', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'SELL 10 market', { trigger: on('CROSS_UNDER', '9') });
    expect(desk.order(FIRST).effect).toBe('OPEN');
    await desk.place('AAPL', 'BUY 4 market');
    await desk.ticks('AAPL', '10 8.9 8.8');
    expect(desk.order(FIRST)).toMatchObject({ effect: 'REDUCE', status: 'FILLED' });
    expect(toText(desk.order(FIRST).filledQuantity)).toBe('4');
    expect(desk.held('AAPL')).toBe('0');
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });
});

describe('the end of a session', () => {
  const close = (before: string): Command => ({
    ...{ kind: 'CLOSE_SESSION', instruments: ['AAPL'], reason: 'session end' },
    ...{ before, keepExits: true },
  });

  it('ends what was armed for it, a stop too, and not what stays until cancelled', async () => {
    const desk = await openDesk();
    const trigger = on('STOP', '12');
    const tradingDate = '2026-01-05';
    await desk.place('AAPL', 'BUY 5 market', { trigger, tradingDate });
    await desk.place('AAPL', 'BUY 6 market', { trigger, timeInForce: 'GTC' });
    await desk.command(close('2026-01-05'));
    expect(desk.order(FIRST).status).toBe('ARMED');
    await desk.command(close('2026-01-06'));
    expect([desk.order(FIRST).status, desk.order(SECOND).status]).toEqual(['EXPIRED', 'ARMED']);
  });
});

describe('a change while it waits', () => {
  type Change = Extract<Command, { kind: 'MODIFY_ORDER' }>;
  const change = (id: string, what: Partial<Change>): Change => ({
    ...{ kind: 'MODIFY_ORDER', requestId: 'change', order: id, quantity: null },
    ...{ limitPrice: null, stopPrice: null },
    ...what,
  });

  it('moves the level: from then on the new one is looked at, and not the old', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 5 market', { trigger: on('CROSS_OVER', '10') });
    await desk.tick('AAPL', '9.9');
    expect(await desk.command(change(FIRST, { level: price('11') }))).toBeNull();
    await desk.ticks('AAPL', '10.5 10.9');
    expect(desk.order(FIRST).status).toBe('ARMED');
    await desk.tick('AAPL', '11.1');
    expect(desk.order(FIRST).status).toBe('WORKING');
    expect(canonical(folded(desk.journal))).toBe(canonical(desk.state));
  });

  it('moves it to where the price is already: the next price only sets the reference', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 5 market', { trigger: on('CROSS_OVER', '10') });
    await desk.tick('AAPL', '9.9');
    await desk.command(change(FIRST, { level: price('9') }));
    await desk.tick('AAPL', '9.8');
    expect(desk.order(FIRST).status).toBe('ARMED');
    await desk.ticks('AAPL', '8.9 9.1');
    expect(desk.order(FIRST).status).toBe('WORKING');
  });

  it('changes size and limit, and the same request changes nothing again', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 5 limit 9', { trigger: on('TOUCH', '9.5') });
    const asked = change(FIRST, { quantity: quantity('8'), limitPrice: price('9.25') });
    expect(await desk.command(asked)).toBeNull();
    expect(await desk.command(asked)).toBeNull();
    expect(await desk.command({ ...asked, quantity: quantity('9') })).toMatch(/already used/);
    expect(desk.events('ArmedOrderChanged')).toHaveLength(1);
    await desk.ticks('AAPL', '9.6 9.5');
    const { quantity: size, limitPrice } = desk.order(FIRST);
    expect([toText(size), toText(limitPrice!)]).toEqual(['8', '9.25']);
  });

  it('moves an entry of a plan, whose sibling stays as it is', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 10 market 10', 'under SELL 10 market 9'] });
    const { id } = desk.order('entry[0]');
    expect(await desk.command(change(id, { level: price('11') }))).toBeNull();
    await desk.ticks('AAPL', '9.9 10.5 10.9 11.1');
    expect(desk.story('trigger')).toEqual(['4 trigger entry[0] at 11.1']);
    expect(desk.order('entry[1]').status).toBe('CANCELLED');
  });

  it('is refused for what it cannot be', async () => {
    const desk = await openDesk();
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'BUY 5 market', { trigger: on('CROSS_OVER', '12') });
    await desk.place('AAPL', 'BUY 5 limit 9');
    const refusals = [
      await desk.command(change(FIRST, {})),
      await desk.command(change(FIRST, { level: price('0') })),
      await desk.command(change(FIRST, { limitPrice: price('9') })),
      await desk.command(change(SECOND, { level: price('9') })),
    ];
    expect(refusals).toEqual([
      expect.stringMatching(/nothing to change/),
      expect.stringMatching(/above zero/),
      expect.stringMatching(/no limitPrice/),
      expect.stringMatching(/waits for no trigger/),
    ]);
    expect(desk.events('ArmedOrderChanged')).toEqual([]);
  });
});
