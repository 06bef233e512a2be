// A difference counts when it stands for more than five seconds and over two complete reads.

import { NO_MONEY, quantity, toText } from '../../src/domain/decimal';
import { PositionWatch } from '../../src/live/position-watch';
import { ACCOUNT, openDesk } from '../support/trading-kit';

const held = (units: string, account = ACCOUNT) => ({
  ...{ account, instrument: 'AAPL', quantity: quantity(units), averageCost: null },
});

async function open() {
  const { state } = await openDesk();
  const watch = new PositionWatch();
  const read = (at: number, ...positions: ReturnType<typeof held>[]) =>
    watch.read(state, positions, at).map(({ brokerQuantity }) => toText(brokerQuantity));
  return { state, watch, read };
}

it('says nothing of what matches', async () => {
  const { watch, read } = await open();
  expect(read(0, held('0'))).toEqual([]);
  expect(watch.suspects).toBe(false);
});

it('is certain after two reads and more than five seconds, not before', async () => {
  const { watch, read } = await open();
  expect(read(0, held('5'))).toEqual([]);
  expect(watch.suspects).toBe(true);
  expect(read(5_000, held('5'))).toEqual([]);
  expect(read(5_001, held('5'))).toEqual(['5']);
});

it('needs a second read, however long the first is ago', async () => {
  const { read } = await open();
  expect(read(0, held('5'))).toEqual([]);
  expect(read(60_000, held('5'))).toEqual(['5']);
});

it('begins anew when the difference changes', async () => {
  const { read } = await open();
  read(0, held('5'));
  expect(read(6_000, held('6'))).toEqual([]);
  expect(read(12_001, held('6'))).toEqual(['6']);
});

it('forgets when both match in between, and when the connection ends', async () => {
  const { watch, read } = await open();
  read(0, held('5'));
  read(3_000, held('0'));
  expect(read(6_000, held('5'))).toEqual([]);
  watch.forget();
  expect(watch.suspects).toBe(false);
  expect(read(60_000, held('5'))).toEqual([]);
});

it('takes what a read does not name for zero, and minds no foreign account', async () => {
  const { state, read } = await open();
  state.positions.set(`${ACCOUNT}|AAPL`, {
    ...{ quantity: quantity('4'), owners: [] },
    ...{ cashFlow: NO_MONEY, fees: NO_MONEY },
  });
  read(0, held('9', 'DU9'));
  expect(read(6_000, held('9', 'DU9'))).toEqual(['0']);
});

it('tells at once that a known difference is gone', async () => {
  const { state, read } = await open();
  const place = { account: ACCOUNT, instrument: 'AAPL' };
  const difference = { brokerQuantity: quantity('5'), bookQuantity: quantity('0') };
  state.breaks.set(`${ACCOUNT}|AAPL`, { ...place, ...difference });
  expect(read(0, held('0'))).toEqual(['0']);
});

it('knows a difference that stays while the instrument trades', async () => {
  const { state, read } = await open();
  const bookHas = (units: string): void => {
    state.positions.set(`${ACCOUNT}|AAPL`, {
      ...{ quantity: quantity(units), owners: [] },
      ...{ cashFlow: NO_MONEY, fees: NO_MONEY },
    });
  };
  bookHas('1');
  expect(read(0, held('11'))).toEqual([]);
  bookHas('2');
  expect(read(3_000, held('12'))).toEqual([]);
  bookHas('3');
  expect(read(6_000, held('13'))).toEqual(['13']);
});

it('looks at what is known to differ, also where neither side names it any more', async () => {
  const { state, read } = await open();
  const sides = { brokerQuantity: quantity('5'), bookQuantity: quantity('0') };
  state.breaks.set(`${ACCOUNT}|AAPL`, { account: ACCOUNT, instrument: 'AAPL', ...sides });
  expect(read(0)).toEqual(['0']);
});
