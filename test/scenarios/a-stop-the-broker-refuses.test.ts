// The broker refuses to hold an exit of a plan. Tidegate holds it itself, says so and what to do,
// and fires it as the broker would have; a refusal of what it then sends is not held once more.

import { price, quantity, toText } from '../../src/domain/decimal';
import { uncoveredUnits } from '../../src/engine/core/coverage';
import { logRecord } from '../../src/presets/order-log';
import { ACCOUNT, connectedDesk, STRATEGY, type LinkDesk } from '../support/link-kit';
import { canonical, folded, type PlanWords } from '../support/trading-kit';

const WORDS = 'Order rejected: no stop orders in this contract';
const STOP = 'SELL 10 market 8 stop';
const HELD = 'ord-00000003';

/** In position with 10 at 10.5; the broker takes no exit that rests there. */
async function refused(words: Partial<PlanWords> = {}): Promise<LinkDesk> {
  const link = await connectedDesk();
  link.far.refuses = ({ side, type }) => (side === 'SELL' && type !== 'MARKET' ? WORDS : null);
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long: [STOP], ...words });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  return link;
}
const uncovered = ({ desk }: LinkDesk): string =>
  toText(uncoveredUnits(desk.state, { account: ACCOUNT, strategy: STRATEGY, instrument: 'AAPL' }));
const locked = ({ desk }: LinkDesk): boolean =>
  desk.state.tradingStates.get('INSTRUMENT|AAPL') === 'REDUCING';
const sent = ({ far }: LinkDesk): string[] => far.left.filter((line) => line.startsWith('place'));
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

it('is held here with the same level, size and role, and says why', async () => {
  const link = await refused();
  expect(link.status('long[0]')).toBe('REJECTED');
  expect(link.desk.order(HELD)).toMatchObject({
    ...{ status: 'ARMED', heldBy: 'ENGINE', role: 'STOP_LOSS', leg: 'long[0]', type: 'MARKET' },
    ...{ quantity: quantity('10'), timeInForce: 'GTC' },
    trigger: { kind: 'STOP', level: price('8') },
    insteadOf: { order: 'ord-00000002', reason: WORDS },
    statusMessage: `held by Tidegate because the broker refused it: ${WORDS}`,
  });
  expect([uncovered(link), locked(link)]).toEqual(['0', false]);
  const said = warnings(link).filter((line) => line.includes('Held by Tidegate'));
  expect(said).toEqual([expect.stringContaining(`${WORDS}. It does nothing while`)]);
  expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
});

it.each([
  ['at', '8'],
  ['through', '5'],
])('fires once, %s its level, at the market', async (_, at) => {
  const link = await refused();
  await link.desk.ticks('AAPL', `9 ${at} ${at} ${at}`);
  expect(sent(link).slice(2)).toEqual([`place ${HELD} SELL 10 MARKET`]);
  await link.fill(HELD, '10', at);
  expect([link.desk.held('AAPL'), link.status(HELD)]).toEqual(['0', 'FILLED']);
});

it('fires with the next price where the price is through it already', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long: [STOP] });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  await link.desk.tick('AAPL', '7.5');
  await link.desk.report({ kind: 'REJECTED', order: link.id('long[0]'), reason: WORDS });
  expect(sent(link)).toHaveLength(2);
  await link.desk.tick('AAPL', '7.4');
  expect(sent(link).at(-1)).toBe(`place ${HELD} SELL 10 MARKET`);
});

it('is for what is held when it fires, and no more', async () => {
  const link = await refused({ entry: ['over BUY 20 market 10'], long: ['SELL 20 market 8 stop'] });
  expect(uncovered(link)).toBe('0');
  await link.fill('entry[0]', '10', '10.5');
  expect([link.desk.held('AAPL'), uncovered(link)]).toEqual(['20', '0']);
  await link.desk.place('AAPL', 'SELL 5 market');
  await link.fill('ord-00000004', '5', '10');
  await link.desk.ticks('AAPL', '8');
  expect(sent(link).at(-1)).toBe(`place ${HELD} SELL 15 MARKET`);
});

it('is gone with the position', async () => {
  const link = await refused();
  await link.desk.place('AAPL', 'SELL 10 market');
  await link.fill('ord-00000004', '10', '10');
  expect(link.status(HELD)).toBe('CANCELLED');
});

it('survives a restart, and then fires once', async () => {
  const link = await refused();
  await link.restart();
  await link.connect();
  await link.desk.ticks('AAPL', '9 8 7');
  expect(sent(link).filter((line) => line.includes(HELD))).toEqual([
    `place ${HELD} SELL 10 MARKET`,
  ]);
});

it('is not sent to the broker again by a new connection', async () => {
  const link = await refused();
  const before = sent(link).length;
  await link.drop();
  await link.connect();
  expect([sent(link).length, link.status(HELD)]).toEqual([before, 'ARMED']);
});

it('sends the limit of a stop-limit', async () => {
  const link = await refused({ long: ['SELL 10 limit 8 stop'] });
  link.far.refuses = () => null;
  await link.desk.ticks('AAPL', '9 8');
  expect(sent(link).at(-1)).toBe(`place ${HELD} SELL 10 LIMIT 8`);
});

it('follows the price as the trailing stop it stands for', async () => {
  const link = await refused({ long: ['SELL 10 trail 1'] });
  expect(link.desk.order(HELD)).toMatchObject({ type: 'MARKET', trigger: { kind: 'TRAIL' } });
  expect(uncovered(link)).toBe('0');
  await link.desk.ticks('AAPL', '12 11.2');
  expect(link.status(HELD)).toBe('ARMED');
  await link.desk.tick('AAPL', '11');
  expect(sent(link).at(-1)).toBe(`place ${HELD} SELL 10 MARKET`);
});

it('touches its price as the take-profit it stands for', async () => {
  const link = await refused({ long: ['SELL 10 limit 12'] });
  link.far.refuses = () => null;
  await link.desk.ticks('AAPL', '11.99 12.5');
  expect(sent(link).at(-1)).toBe(`place ${HELD} SELL 10 LIMIT 12`);
});

it('refused once more when it fires, locks the instrument and is not held again', async () => {
  const link = await refused();
  link.far.refuses = () => 'no trading permissions';
  await link.desk.ticks('AAPL', '8 7 6');
  expect([link.status(HELD), locked(link), uncovered(link)]).toEqual(['REJECTED', true, '10']);
  expect(sent(link)).toHaveLength(3);
  expect(warnings(link).join('\n')).toContain('no trading permissions');
});

it('refused after the link was lost with it, locks too and is not held again', async () => {
  const link = await refused({ long: ['SELL 10 limit 12'] });
  await link.pace(0);
  await link.desk.tick('AAPL', '12.5');
  await link.drop();
  link.far.room = Infinity;
  await link.connect();
  const again = 'ord-00000004';
  expect([link.status(HELD), link.status(again)]).toEqual(['NOT_SENT', 'REJECTED']);
  expect([locked(link), uncovered(link), link.desk.state.orders.size]).toEqual([true, '10', 4]);
  expect(link.desk.order(again).insteadOf).toEqual(link.desk.order(HELD).insteadOf);
  expect(warnings(link).filter((line) => line.includes('Held by Tidegate'))).toHaveLength(1);
});

it('is not held where a person had called it back, nor once the position is gone', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ['over BUY 10 market 10'], long: [STOP] });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  link.far.deaf = true;
  await link.cancel(link.id('long[0]'));
  await link.desk.report({ kind: 'REJECTED', order: link.id('long[0]'), reason: WORDS });
  expect(link.desk.order(HELD)).toBeUndefined();
});

it('an exit by hand that is refused is its owner’s to place again', async () => {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'BUY 10 market');
  await link.fill('ord-00000001', '10', '10');
  link.far.refuses = () => WORDS;
  await link.desk.place('AAPL', 'SELL 10 stop 8');
  expect([link.status('ord-00000002'), locked(link)]).toEqual(['REJECTED', true]);
  expect(link.desk.state.orders.size).toBe(2);
});
