// Strategies own units in the book that the account does not hold: sold by hand, or gone in a
// break. No exit is for them, whoever sends it and wherever it rests; what is there can be left.

import { price, quantity, toText } from '../../src/domain/decimal';
import { ACCOUNT, connectedDesk, openLinkDesk, STRATEGY, type LinkDesk } from '../support/link-kit';
import { canonical, folded } from '../support/trading-kit';

const AAPL = { account: ACCOUNT, instrument: 'AAPL' };
const ENTRY = ['over BUY 10 market 10'];
const LONG = ['SELL 10 market 12', 'SELL 10 market 8 stop'];

const brokerHolds = (link: LinkDesk): string =>
  toText(link.far.positions.get('AAPL')?.quantity ?? quantity('0'));
const sizeAt = (link: LinkDesk, leg: string): string => {
  const { status, quantity: size, filledQuantity } = link.desk.order(leg);
  return status === 'CANCELLED' ? status : String(+toText(size) - +toText(filledQuantity));
};
const denial = (link: LinkDesk, order: string): string =>
  link.desk.order(order).statusMessage ?? '';

async function inPosition(long: readonly string[] = LONG): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ENTRY, long });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', '10', '10.5');
  return link;
}

/** What the broker's positions say for certain. */
const seen = (link: LinkDesk): Promise<void> =>
  link.input({
    ...{ kind: 'POSITION_SEEN', ...AAPL },
    brokerQuantity: link.far.positions.get('AAPL')?.quantity ?? quantity('0'),
  });
/** The stop filled, or somebody sold, and no list of the broker shows it. */
async function lose(link: LinkDesk, units: string): Promise<void> {
  link.far.move('AAPL', quantity(`-${units}`));
  await seen(link);
}
/** Fills what works at the market, as the broker would. */
async function fillMarket(link: LinkDesk, at: string): Promise<void> {
  for (const { order, status, type, quantity: size } of [...link.far.orders.values()]) {
    if (order === null || status !== 'WORKING' || type !== 'MARKET') continue;
    link.far.fill(order, toText(size), at);
  }
  await link.heard();
}

describe('a position that somebody closes by hand', () => {
  it('is not sold again by a touch, and its stop leaves the broker', async () => {
    const link = await inPosition();
    await link.foreign('SELL', '10', '10.5');
    expect(link.desk.held('AAPL')).toBe('10');
    expect(link.far.left.at(-1)).toBe('cancel ord-00000003');
    await link.desk.tick('AAPL', '12.5');
    await fillMarket(link, '12.5');
    expect(brokerHolds(link)).toBe('0');
    expect(link.status('long[0]')).toBe('ARMED');
    expect(denial(link, 'long[0]')).toBe(
      'nothing of it is there: momentum owns 10 AAPL, DU1 holds 0',
    );
  });

  it('in part is left for what is there, and no more', async () => {
    const link = await inPosition();
    await link.foreign('SELL', '6', '10.5');
    expect(sizeAt(link, 'long[1]')).toBe('4');
    await link.desk.tick('AAPL', '12.5');
    await fillMarket(link, '12.5');
    expect([brokerHolds(link), link.desk.held('AAPL')]).toEqual(['0', '6']);
    expect(sizeAt(link, 'long[1]')).toBe('CANCELLED');
  });

  it('in part and bought again has its stop for all of it', async () => {
    const link = await inPosition();
    await link.foreign('SELL', '6', '10.5');
    await link.foreign('BUY', '5', '10.5');
    expect(sizeAt(link, 'long[1]')).toBe('9');
    await link.foreign('BUY', '2', '10.5');
    expect(sizeAt(link, 'long[1]')).toBe('10');
  });

  it('refuses a sale by hand, and names both sides', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.foreign('SELL', '7', '10');
    await link.desk.place('AAPL', 'SELL 4 market');
    expect(link.status('ord-00000002')).toBe('DENIED');
    expect(denial(link, 'ord-00000002')).toBe(
      'H13: SELL 4 would turn the position of 3 round: momentum owns 10 AAPL, DU1 holds 3',
    );
    await link.desk.place('AAPL', 'SELL 3 market');
    expect(link.status('ord-00000003')).toBe('WORKING');
    await link.desk.place('AAPL', 'SELL 1 market');
    expect(denial(link, 'ord-00000004')).toContain('DU1 holds 3, and 3 are on their way out');
  });

  it('short: the mirror image', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', {
      entry: ['under SELL 10 market 10'],
      short: ['BUY 10 market 8', 'BUY 10 market 12 stop'],
    });
    await link.desk.ticks('AAPL', '10 9.5');
    await link.fill('entry[0]', '10', '9.5');
    await link.foreign('BUY', '6', '9.5');
    expect(sizeAt(link, 'short[1]')).toBe('4');
    await link.desk.tick('AAPL', '7.5');
    await fillMarket(link, '7.5');
    expect(brokerHolds(link)).toBe('0');
  });

  it('while the link is down is looked at once all is heard', async () => {
    const link = await inPosition();
    await link.drop();
    link.far.mute = true;
    await link.foreign('SELL', '10', '10.5');
    await link.foreign('BUY', '4', '10.5');
    link.far.mute = false;
    await link.connect();
    expect([link.status('long[1]'), sizeAt(link, 'long[1]')]).toEqual(['WORKING', '4']);
  });
});

describe('a difference between broker and book', () => {
  it('that is certain cuts the exits at the broker, and its end gives them back', async () => {
    const link = await inPosition();
    await lose(link, '6');
    expect(link.desk.state.breaks.size).toBe(1);
    expect(sizeAt(link, 'long[1]')).toBe('4');
    link.far.move('AAPL', quantity('6'));
    await seen(link);
    expect(link.desk.state.breaks.size).toBe(0);
    expect(sizeAt(link, 'long[1]')).toBe('10');
  });

  it('that has nothing left there takes the exits away, and a touch sells nothing', async () => {
    const link = await inPosition();
    await lose(link, '10');
    expect(sizeAt(link, 'long[1]')).toBe('CANCELLED');
    await link.desk.tick('AAPL', '12.5');
    expect(link.far.left.filter((each) => each.includes('SELL 10 MARKET'))).toEqual([]);
    expect(link.status('long[0]')).toBe('ARMED');
  });

  it('that is explained late by its execution cuts nothing twice', async () => {
    const link = await inPosition();
    await lose(link, '6');
    link.far.mute = true;
    const sale = link.far.execute({ order: null, side: 'SELL', instrument: 'AAPL' }, '6', '10.5');
    link.far.move('AAPL', quantity('6'));
    link.far.mute = false;
    link.far.say(sale);
    await link.heard();
    expect(sizeAt(link, 'long[1]')).toBe('4');
    await seen(link);
    expect(sizeAt(link, 'long[1]')).toBe('4');
    expect(link.desk.events('OrderCancelRequested')).toEqual([]);
  });

  it('that is only suspected holds back what would be sent, and leaves what rests', async () => {
    const link = await inPosition();
    await link.drop();
    link.far.move('AAPL', quantity('-10'));
    await link.connect();
    expect(link.desk.state.suspectedBreaks.size).toBe(1);
    expect([link.status('long[1]'), sizeAt(link, 'long[1]')]).toEqual(['WORKING', '10']);
    await link.desk.tick('AAPL', '12.5');
    expect(link.status('long[0]')).toBe('ARMED');
    await link.desk.place('AAPL', 'SELL 10 market');
    expect(denial(link, 'ord-00000004')).toContain('momentum owns 10 AAPL, DU1 holds 0');
    link.far.move('AAPL', quantity('10'));
    await seen(link);
    await link.desk.tick('AAPL', '12.6');
    expect(link.status('long[0]')).toBe('WORKING');
  });

  it('beside a stop without a trace: what is there can be left, and no more', async () => {
    const link = await connectedDesk();
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.fill('ord-00000001', '10', '10');
    await link.desk.place('AAPL', 'SELL 10 stop 8', { timeInForce: 'GTC' });
    await link.drop();
    link.far.forget('ord-00000002');
    link.far.move('AAPL', quantity('-6'));
    await link.connect();
    expect(link.status('ord-00000002')).toBe('UNKNOWN');
    await link.desk.place('AAPL', 'SELL 10 market');
    await link.desk.place('AAPL', 'SELL 4 market');
    expect([link.status('ord-00000003'), link.status('ord-00000004')]).toEqual([
      'DENIED',
      'WORKING',
    ]);
  });

  it('ends an exit without a trace that turns up after all', async () => {
    const link = await inPosition(['SELL 10 market 8 stop']);
    const { permId } = link.desk.order('long[0]');
    const theirs = link.far.orders.get(permId!)!;
    await link.drop();
    link.far.forget(link.id('long[0]'));
    link.far.move('AAPL', quantity('-10'));
    await link.connect();
    await seen(link);
    expect(link.status('long[0]')).toBe('UNKNOWN');
    link.far.orders.set(theirs.permId, theirs);
    await link.again();
    expect(sizeAt(link, 'long[0]')).toBe('CANCELLED');
  });

  it('with more at the broker than in the book holds no sale back', async () => {
    const link = await inPosition();
    link.far.move('AAPL', quantity('5'));
    await seen(link);
    expect(sizeAt(link, 'long[1]')).toBe('10');
    await link.desk.tick('AAPL', '12.5');
    expect(link.status('long[0]')).toBe('WORKING');
  });
});

describe('an exit that comes due while its units are missing', () => {
  it('waits, says so once, and leaves when they return', async () => {
    const link = await connectedDesk();
    await link.desk.load('AAPL', { entry: ENTRY, long: ['SELL 10 market 8 stop'] });
    await link.desk.ticks('AAPL', '10 10.5');
    await link.drop();
    link.far.fill(link.id('entry[0]'), '10', '10.5');
    link.far.mute = true;
    const positions = [{ ...AAPL, quantity: quantity('0'), averageCost: null }];
    link.far.mute = false;
    await link.heard();
    await link.connect({ positions });
    expect(link.desk.held('AAPL')).toBe('10');
    await link.desk.ticks('AAPL', '10.5 10.6');
    expect(link.status('long[0]')).toBe('ARMED');
    expect(link.desk.events('OrderHeldBack')).toHaveLength(1);
    expect(canonical(folded(link.desk.journal))).toBe(canonical(link.desk.state));
    await seen(link);
    expect(link.status('long[0]')).toBe('WORKING');
    expect(link.desk.order('long[0]').statusMessage).toBeNull();
  });
});

describe('several strategies in one account', () => {
  const other = 'reversal';
  async function two(second: 'BUY' | 'SELL'): Promise<LinkDesk> {
    const link = await connectedDesk();
    await link.command({ kind: 'CREATE_STRATEGY', strategy: other, allowsShort: true });
    await link.desk.place('AAPL', 'BUY 10 market');
    await link.desk.place('AAPL', `${second} 10 market`, { strategy: other });
    await link.fill('ord-00000001', '10', '10');
    await link.fill('ord-00000002', '10', '10');
    return link;
  }

  it('that own opposite sides keep their full exits', async () => {
    const link = await two('SELL');
    expect(brokerHolds(link)).toBe('0');
    await link.desk.place('AAPL', 'SELL 10 stop 8');
    await link.desk.place('AAPL', 'BUY 10 stop 12', { strategy: other });
    expect([link.status('ord-00000003'), link.status('ord-00000004')]).toEqual([
      'WORKING',
      'WORKING',
    ]);
  });

  it('share what is there: first come, first served', async () => {
    const link = await two('BUY');
    await link.foreign('SELL', '10', '10');
    await link.desk.place('AAPL', 'SELL 7 market');
    await link.desk.place('AAPL', 'SELL 4 market', { strategy: other });
    await link.desk.place('AAPL', 'SELL 3 market', { strategy: other });
    const statuses = ['3', '4', '5'].map((n) => link.status(`ord-0000000${n}`));
    expect(statuses).toEqual(['WORKING', 'DENIED', 'WORKING']);
  });

  it('keep exits for what the others leave them', async () => {
    const link = await two('BUY');
    await link.desk.place('AAPL', 'SELL 10 stop 8');
    await link.desk.place('AAPL', 'SELL 10 stop 7', { strategy: other });
    await link.foreign('SELL', '10', '10');
    expect([sizeAt(link, 'ord-00000003'), sizeAt(link, 'ord-00000004')]).toEqual(['10', '10']);
    await link.fill('ord-00000003', '6', '8');
    expect([sizeAt(link, 'ord-00000003'), sizeAt(link, 'ord-00000004')]).toEqual(['4', '4']);
    await link.fill('ord-00000003', '4', '8');
    expect(sizeAt(link, 'ord-00000004')).toBe('CANCELLED');
    expect(brokerHolds(link)).toBe('0');
  });

  it('give way to the stop that is reached first', async () => {
    const link = await two('BUY');
    await link.desk.place('AAPL', 'SELL 6 stop 8');
    await link.desk.place('AAPL', 'SELL 10 stop 7', { strategy: other });
    await link.foreign('SELL', '10', '10');
    await link.desk.report({ kind: 'ELECTED', order: 'ord-00000003', price: price('8') });
    expect([sizeAt(link, 'ord-00000003'), sizeAt(link, 'ord-00000004')]).toEqual(['6', '4']);
  });
});

it('what an account came with takes nothing from a strategy on the other side', async () => {
  const link = await openLinkDesk();
  const positions = [{ account: 'DU2', instrument: 'AAPL', quantity: quantity('50') }].map(
    (each) => ({ ...each, averageCost: price('10') }),
  );
  const command = { kind: 'OPEN_ACCOUNT', account: 'DU2', currency: 'USD' } as const;
  await link.command({ ...command, cash: link.desk.state.accounts.get(ACCOUNT)!.cash, positions });
  await link.connect({ accounts: [ACCOUNT, 'DU2'], positions });
  await link.desk.place('AAPL', 'SELL 10 market', { account: 'DU2' });
  const sale = { order: 'ord-00000001', account: 'DU2', instrument: 'AAPL', side: 'SELL' } as const;
  const of = { kind: 'FILL', price: price('10'), quantity: quantity('10') } as const;
  await link.desk.report({ ...of, ...sale, execId: 'x1.01' });
  await link.desk.place('AAPL', 'BUY 10 stop 12', { account: 'DU2' });
  expect([STRATEGY, link.status('ord-00000002')]).toEqual(['momentum', 'WORKING']);
});
