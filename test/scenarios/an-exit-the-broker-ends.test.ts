// The broker ends an exit that nobody here had asked it to end: in TWS by hand, or by its own
// rules. Shares that it leaves bare open nothing more until somebody has looked.

import { toText } from '../../src/domain/decimal';
import { ENDED_WITHOUT_A_WORD } from '../../src/domain/order';
import { uncoveredUnits, unprotectedUnits } from '../../src/engine/core/coverage';
import { logRecord } from '../../src/presets/order-log';
import { ACCOUNT, connectedDesk, STRATEGY, type LinkDesk } from '../support/link-kit';

const STOP = 'SELL 10 market 8 stop';
const WORDS = 'margin deficit (broker code 202)';

async function inPosition(long: readonly string[] = [STOP]): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  return link;
}
async function brokerEnds(
  link: LinkDesk,
  leg: string,
  { kind = 'CANCELLED', reason = WORDS }: { kind?: 'CANCELLED' | 'EXPIRED'; reason?: string } = {},
): Promise<void> {
  const order = link.id(leg);
  link.far.alter(order, { status: 'CANCELLED', reason });
  await link.desk.report({ kind, order, reason });
}
const locked = (link: LinkDesk): boolean =>
  link.desk.state.tradingStates.get('INSTRUMENT|AAPL') === 'REDUCING';
/** What no exit covers, and what no stop does. */
function bare({ desk: { state } }: LinkDesk): string {
  const owner = { account: ACCOUNT, instrument: 'AAPL', strategy: STRATEGY };
  return [uncoveredUnits(state, owner), unprotectedUnits(state, owner)].map(toText).join(', ');
}
function warnings(link: LinkDesk): string[] {
  const said: string[] = [];
  const log = {
    ...{ info: () => undefined, error: () => undefined, debug: () => undefined },
    warning: (message: string) => void said.push(message),
  };
  for (const record of link.desk.records) {
    logRecord(log as unknown as Parameters<typeof logRecord>[0], record, link.desk.state);
  }
  return said;
}

it.each(['CANCELLED', 'EXPIRED'] as const)(
  'the only stop %s locks the instrument',
  async (kind) => {
    const link = await inPosition();
    await brokerEnds(link, 'long[0]', { kind });
    expect([link.status('long[0]'), locked(link)]).toEqual([kind, true]);
    expect(link.desk.order('long[0]').statusMessage).toBe(WORDS);
    expect(warnings(link).filter((line) => line.includes(WORDS))).toHaveLength(2);
    await link.desk.place('AAPL', 'BUY 1 market');
    expect(link.status('ord-00000003')).toBe('DENIED');
  },
);

it('the words of the broker may come after the end, and are kept', async () => {
  const link = await inPosition();
  await brokerEnds(link, 'long[0]', { reason: ENDED_WITHOUT_A_WORD });
  expect(locked(link)).toBe(true);
  const order = link.id('long[0]');
  await link.desk.report({ kind: 'CANCELLED', order, reason: WORDS });
  await link.desk.report({ kind: 'CANCELLED', order, reason: WORDS });
  expect(link.desk.order('long[0]').statusMessage).toBe(WORDS);
  expect(link.desk.events('OrderCancelled')).toHaveLength(2);
  expect(warnings(link).some((line) => line.includes(`cancelled by the broker: ${WORDS}`))).toBe(
    true,
  );
});

it('one that a list shows as cancelled does the same', async () => {
  const link = await inPosition();
  await link.drop();
  link.far.alter(link.id('long[0]'), { status: 'CANCELLED', reason: WORDS });
  await link.connect();
  expect([link.status('long[0]'), locked(link)]).toEqual(['CANCELLED', true]);
});

describe('locks nothing', () => {
  it('where somebody here had asked for it', async () => {
    const link = await inPosition();
    await link.cancel(link.id('long[0]'));
    expect([link.status('long[0]'), locked(link)]).toEqual(['CANCELLED', false]);
  });

  it.each([
    ['a stop, where another stop is for all of it', [STOP, 'SELL 10 market 7 stop']],
    ['a target, where a stop is for all of it', ['SELL 10 limit 12', STOP]],
  ])('%s', async (_, long) => {
    const link = await inPosition(long);
    await brokerEnds(link, 'long[0]');
    expect([link.status('long[0]'), locked(link)]).toEqual(['CANCELLED', false]);
  });

  it('where nothing is left to protect', async () => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    link.far.deaf = true;
    await link.fill('long[1]', '10', '12');
    await brokerEnds(link, 'long[0]');
    expect([link.desk.held('AAPL'), locked(link)]).toEqual(['0', false]);
  });

  it('where nothing is left to protect, and the broker rejects it', async () => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    link.far.cancel = () => undefined;
    await link.fill('long[1]', '10', '12');
    expect(link.status('long[0]')).toBe('CANCEL_PENDING');
    const reason = 'too late to cancel';
    await link.desk.report({ kind: 'REJECTED', order: link.id('long[0]'), reason });
    expect([link.desk.held('AAPL'), link.status('long[0]')]).toEqual(['0', 'REJECTED']);
    expect(locked(link)).toBe(false);
  });

  it('where the way out at the close is rejected once the stop has filled', async () => {
    const link = await connectedDesk();
    const settings = { onClose: 'FLATTEN' } as const;
    await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long: [STOP], settings });
    await link.desk.ticks('AAPL', '10 10.5');
    await link.fill('entry[0]', '10', '10.5');
    await link.desk.closeOut('AAPL');
    link.far.cancel = () => undefined;
    link.far.modify = () => undefined;
    await link.fill('long[0]', '10', '8');
    const out = [...link.desk.state.orders.values()].at(-1)!;
    expect([out.role, link.desk.held('AAPL')]).toEqual(['LIQUIDATION', '0']);
    const reason = 'it would open a short position';
    await link.desk.report({ kind: 'REJECTED', order: out.id, reason });
    expect([link.status(out.id), locked(link)]).toEqual(['REJECTED', false]);
  });

  it.each([
    ['the end of the session', 'DAY', 'EXPIRED'],
    ['the moment it was for', 'IOC', 'CANCELLED'],
  ] as const)('at %s, of an order by hand', async (_, timeInForce, kind) => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.desk.place('AAPL', 'SELL 10 limit 11', { timeInForce });
    await brokerEnds(link, 'ord-00000002', { kind });
    expect([link.status('ord-00000002'), locked(link)]).toEqual([kind, false]);
  });

  it('where a list shows a day order as cancelled whose session is over', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.desk.place('AAPL', 'SELL 10 limit 11');
    await link.drop();
    link.far.alter('ord-00000002', { status: 'CANCELLED', reason: WORDS });
    const snapshot = link.far.snapshot();
    const dayOrdersEndedBefore = link.desk.clock.now() + 1;
    await link.input({ kind: 'LINK_SYNCHRONIZED', snapshot, dayOrdersEndedBefore });
    expect([link.status('ord-00000002'), locked(link)]).toEqual(['CANCELLED', false]);
  });

  it('where what ended would have opened', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 limit 9');
    await brokerEnds(link, 'ord-00000001');
    expect([link.status('ord-00000001'), locked(link)]).toEqual(['CANCELLED', false]);
  });
});

describe('a stop beside a target for the same units', () => {
  it.each(['CANCELLED', 'EXPIRED'] as const)('%s locks: a target is no stop', async (kind) => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    await brokerEnds(link, 'long[0]', { kind });
    expect([link.status('long[0]'), locked(link), bare(link)]).toEqual([kind, true, '0, 10']);
    expect(warnings(link).filter((line) => line.includes(WORDS))).toHaveLength(2);
  });

  it('locks where a list shows that it was cancelled', async () => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    await link.drop();
    link.far.alter(link.id('long[0]'), { status: 'CANCELLED', reason: WORDS });
    await link.connect();
    expect([link.status('long[0]'), locked(link), bare(link)]).toEqual([
      'CANCELLED',
      true,
      '0, 10',
    ]);
  });

  it('locks where the words come after the end', async () => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    await brokerEnds(link, 'long[0]', { reason: ENDED_WITHOUT_A_WORD });
    expect(locked(link)).toBe(true);
    await link.desk.report({ kind: 'CANCELLED', order: link.id('long[0]'), reason: WORDS });
    expect(warnings(link).some((line) => line.includes(WORDS))).toBe(true);
  });

  it('locks where it is a trailing stop', async () => {
    const link = await inPosition(['SELL 10 trail 1', 'SELL 10 limit 12']);
    await brokerEnds(link, 'long[0]');
    expect([locked(link), bare(link)]).toEqual([true, '0, 10']);
  });

  it('locks where it was held here and had fired', async () => {
    const link = await connectedDesk();
    link.far.refuses = ({ type }) => (type === 'STOP' ? 'no stops' : null);
    await link.desk.load('AAPL', {
      entry: ['over BUY 10 market 10'],
      long: [STOP, 'SELL 10 limit 12'],
    });
    await link.desk.ticks('AAPL', '10 10.5');
    await link.fill('entry[0]', '10', '10.5');
    expect([locked(link), bare(link)]).toEqual([false, '0, 0']);
    await link.desk.tick('AAPL', '8');
    const sent = [...link.desk.state.orders.values()].at(-1)!.id;
    expect([link.status(sent), bare(link)]).toEqual(['WORKING', '0, 0']);
    await brokerEnds(link, sent);
    expect([link.status(sent), locked(link), bare(link)]).toEqual(['CANCELLED', true, '0, 10']);
  });

  it('locks where both were placed by hand', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.desk.place('AAPL', 'SELL 10 stop 8', { timeInForce: 'GTC' });
    await link.desk.place('AAPL', 'SELL 10 limit 12', { timeInForce: 'GTC' });
    await brokerEnds(link, 'ord-00000002');
    expect([locked(link), bare(link)]).toEqual([true, '0, 10']);
  });

  it('is missed where the way out that flew meanwhile ends too', async () => {
    const link = await inPosition([STOP, 'SELL 10 limit 12']);
    await link.desk.place('AAPL', 'SELL 10 market', { timeInForce: 'GTC' });
    const out = [...link.desk.state.orders.values()].at(-1)!.id;
    await brokerEnds(link, 'long[0]');
    expect([locked(link), bare(link)]).toEqual([false, '0, 0']);
    await brokerEnds(link, out);
    expect([locked(link), bare(link)]).toEqual([true, '0, 10']);
  });
});

it('a part that is left bare locks too', async () => {
  const link = await inPosition([
    'SELL 6 market 8 stop',
    'SELL 4 limit 12',
    'SELL 6 market 7 stop',
  ]);
  await brokerEnds(link, 'long[0]');
  expect(locked(link)).toBe(true);
});
