// A person changes an order that works: decided like an order, and the one at the broker stays as
// it is when the answer is no.

import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import type { DeskOptions } from '../support/trading-kit';
import { connectedDesk, type LinkDesk } from '../support/link-kit';

type Modify = Extract<Command, { kind: 'MODIFY_ORDER' }>;
const [FIRST, SECOND] = ['ord-00000001', 'ord-00000002'] as const;
let requests = 0;

/** Null, or `CODE: why`. */
async function change(
  { desk }: LinkDesk,
  what: { quantity?: string; limitPrice?: string; stopPrice?: string },
  changes: Partial<Modify> = {},
): Promise<string | null> {
  requests += 1;
  const refusal = await desk.refusal({
    ...{ kind: 'MODIFY_ORDER', requestId: `m${requests}`, order: FIRST },
    quantity: what.quantity === undefined ? null : quantity(what.quantity),
    limitPrice: what.limitPrice === undefined ? null : price(what.limitPrice),
    stopPrice: what.stopPrice === undefined ? null : price(what.stopPrice),
    ...changes,
  });
  return refusal && `${refusal.code}: ${refusal.message}`;
}
async function working(words = 'BUY 10 limit 9', options: DeskOptions = {}): Promise<LinkDesk> {
  const link = await connectedDesk(options);
  await link.desk.place('AAPL', words);
  return link;
}
function terms({ desk }: LinkDesk, id: string = FIRST): string {
  const { status, quantity: size, limitPrice, stopPrice } = desk.order(id);
  return [status, toText(size), toText((limitPrice ?? stopPrice)!)].join(' ');
}
/** 10 shares, and an exit for 6 of them. */
async function withExit(words = 'SELL 6 limit 12'): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.place('AAPL', 'BUY 10 market');
  await link.fill(FIRST, '10', '10');
  await link.desk.place('AAPL', words);
  return link;
}

describe('a change of a working order', () => {
  it.each([
    [{ quantity: '20' }, 'WORKING 20 9'],
    [{ quantity: '4' }, 'WORKING 4 9'],
    [{ limitPrice: '9.5' }, 'WORKING 10 9.5'],
    [{ quantity: '7', limitPrice: '8.5' }, 'WORKING 7 8.5'],
  ])('to %j is made and confirmed', async (what, expected) => {
    const link = await working();
    expect(await change(link, what)).toBeNull();
    expect(terms(link)).toBe(expected);
    expect(link.far.left).toHaveLength(2);
  });

  it.each([
    [{ limitPrice: '9.005' }, 'OFF_TICK'],
    [{ limitPrice: '0' }, 'INVALID'],
    [{ stopPrice: '9' }, 'INVALID'],
    [{ quantity: '0' }, 'INVALID'],
    [{}, 'INVALID'],
    [{ quantity: '1.5' }, 'RISK_DENIED: the change was refused: H5'],
    [{ quantity: '20000' }, 'RISK_DENIED: the change was refused: H6'],
    [{ limitPrice: '5' }, 'RISK_DENIED: the change was refused: H12'],
  ])('to %j is refused, and the order works on as it was', async (what, code) => {
    const link = await working();
    expect(await change(link, what)).toContain(code);
    expect(terms(link)).toBe('WORKING 10 9');
    expect(link.far.left).toHaveLength(1);
    expect(link.desk.order(FIRST).decision).toBe('dec-00000001');
  });

  it('is made once, however often it is asked under one request id', async () => {
    const link = await working();
    for (let n = 0; n < 3; n += 1) {
      expect(await change(link, { quantity: '20' }, { requestId: 'once' })).toBeNull();
    }
    expect(link.far.left).toHaveLength(2);
    await link.restart();
    await link.connect();
    await link.desk.tick('AAPL', '10');
    expect(await change(link, { quantity: '20' }, { requestId: 'once' })).toBeNull();
    expect(link.far.left).toHaveLength(2);
  });

  it.each([[{ quantity: '22' }], [{ quantity: '21', limitPrice: '9.5' }]])(
    'is refused where its request id asked for something else before (%j)',
    async (what) => {
      const link = await working();
      expect(await change(link, { quantity: '21' }, { requestId: 'same' })).toBeNull();
      expect(await change(link, what, { requestId: 'same' })).toMatch(/^DUPLICATE/);
      expect(terms(link)).toBe('WORKING 21 9');
      await link.restart();
      await link.connect();
      expect(await change(link, what, { requestId: 'same' })).toMatch(/^DUPLICATE/);
      expect(await change(link, { quantity: '21' }, { requestId: 'same' })).toBeNull();
    },
  );

  it('cannot borrow the request id of another order, its own placing, or a plan', async () => {
    const link = await working();
    await link.desk.place('AAPL', 'BUY 1 limit 9');
    await change(link, { quantity: '11' }, { requestId: 'mine' });
    const other = await change(link, { quantity: '2' }, { order: SECOND, requestId: 'mine' });
    expect(other).toContain('DUPLICATE');
    const { requestId } = link.desk.order(FIRST);
    expect(await change(link, { quantity: '12' }, { requestId })).toContain('DUPLICATE');
    expect(await change(link, { quantity: '12' }, { requestId: 'pln-1/x' })).toContain('INVALID');
    expect(terms(link)).toBe('WORKING 11 9');
  });

  it('of an order that nobody has is NOT_FOUND, of one that is over STALE', async () => {
    const link = await working();
    expect(await change(link, { quantity: '2' }, { order: 'ord-9' })).toContain('NOT_FOUND');
    await link.cancel(FIRST);
    expect(await change(link, { quantity: '2' })).toContain('STALE');
  });

  it('waits for certainty: not while it is ending, UNKNOWN, unsent or the link down', async () => {
    const link = await working();
    link.far.deaf = true;
    await link.cancel(FIRST);
    expect(await change(link, { quantity: '20' })).toContain('CANCEL_PENDING');
    await link.drop();
    await link.connect({ openOrders: [] });
    expect(await change(link, { quantity: '20' })).toContain('NOT_CONNECTED');
    const idle = await working();
    await idle.drop();
    expect(await change(idle, { quantity: '20' })).toContain('NOT_CONNECTED');
    const full = await connectedDesk();
    await full.pace(0);
    await full.desk.place('AAPL', 'BUY 10 limit 9');
    expect(await change(full, { quantity: '20' })).toContain('NOT_CONNECTED');
  });

  it('that only lowers is not held against the order itself', async () => {
    const limits = { maxGrossExposure: money('100'), maxActivePerSide: 1 };
    const link = await working('BUY 10 limit 9', { limits });
    expect(await change(link, { quantity: '9' })).toBeNull();
    expect(await change(link, { quantity: '12' })).toContain('H8');
  });

  it('counts against the limits of others before the broker has taken it', async () => {
    const limits = { maxPositionNotional: money('200'), maxGrossExposure: money('200') };
    const link = await working('BUY 10 limit 9', { limits });
    link.far.mute = true;
    await change(link, { quantity: '20' });
    await link.desk.place('AAPL', 'BUY 5 limit 9');
    expect(link.desk.order(SECOND).status).toBe('DENIED');
  });

  it('of the price leaves a change of the size that is under way', async () => {
    const link = await working();
    link.far.mute = true;
    await change(link, { quantity: '20' });
    await change(link, { limitPrice: '9.5' });
    expect(link.far.left.at(-1)).toBe('modify ord-00000001 BUY 20 LIMIT 9.5');
  });

  it('that the broker refuses leaves the order as it was', async () => {
    const link = await working();
    link.far.mute = true;
    await change(link, { quantity: '20' });
    await link.desk.report({ kind: 'MODIFY_REFUSED', order: FIRST, reason: '105' });
    expect(terms(link)).toBe('WORKING 10 9');
    expect(link.desk.order(FIRST).requestedQuantity).toBeNull();
  });

  it('below what has filled is refused; one that the fills overtake ends the order', async () => {
    const link = await working();
    await link.fill(FIRST, '4', '9');
    expect(await change(link, { quantity: '4' })).toContain('INVALID');
    link.far.mute = true;
    await change(link, { quantity: '6' });
    link.far.mute = false;
    await link.fill(FIRST, '2', '9');
    const report = { kind: 'MODIFIED', order: FIRST, quantity: quantity('6') } as const;
    await link.desk.report(report);
    expect(terms(link)).toBe('FILLED 6 9');
  });

  it('that was made and filled unheard stands in what was executed', async () => {
    const link = await working();
    link.far.mute = true;
    await change(link, { quantity: '20' });
    link.far.fill(FIRST, '20', '9');
    link.far.mute = false;
    await link.drop();
    await link.connect();
    expect(terms(link)).toBe('FILLED 20 9');
    await link.desk.report({ kind: 'MODIFY_REFUSED', order: FIRST, reason: 'lost' });
    const { statusMessage, requestedQuantity } = link.desk.order(FIRST);
    expect([terms(link), statusMessage, requestedQuantity]).toEqual(['FILLED 20 9', null, null]);
  });

  it('is proved by an execution beyond the old size, and the rest works on', async () => {
    const link = await working();
    link.far.mute = true;
    await change(link, { quantity: '20' });
    link.far.mute = false;
    await link.fill(FIRST, '12', '9');
    expect(terms(link)).toBe('PARTIALLY_FILLED 20 9');
    await link.desk.report({ kind: 'MODIFIED', order: FIRST, quantity: quantity('20') });
    await link.fill(FIRST, '8', '9');
    expect(terms(link)).toBe('FILLED 20 9');
  });
});

describe('a change of an exit', () => {
  it('is never for more than the position', async () => {
    const link = await withExit();
    expect(await change(link, { quantity: '11' }, { order: SECOND })).toContain('H13');
    expect(await change(link, { quantity: '10' }, { order: SECOND })).toBeNull();
    expect(terms(link, SECOND)).toBe('WORKING 10 12');
  });

  it('passes whatever the trading state and the price collar say', async () => {
    const link = await withExit();
    const scope = { kind: 'SYSTEM', key: '' } as const;
    await link.command({
      ...{ kind: 'SET_TRADING_STATE', scope, state: 'HALTED', reason: 'stop', by: 'me' },
    });
    expect(await change(link, { limitPrice: '15' }, { order: SECOND })).toBeNull();
  });

  it('of its stop price goes out as a stop', async () => {
    const link = await withExit('SELL 6 stop 8');
    expect(await change(link, { stopPrice: '8.5' }, { order: SECOND })).toBeNull();
    expect(link.far.left.at(-1)).toBe('modify ord-00000002 SELL 6 STOP 8.5');
  });
});

describe('a new price of an exit', () => {
  it('stands when a fill resizes the exit before the broker has confirmed it', async () => {
    const link = await withExit('SELL 10 stop 8');
    link.far.mute = true;
    await change(link, { stopPrice: '9' }, { order: SECOND });
    link.far.mute = false;
    await link.desk.place('AAPL', 'SELL 4 market');
    await link.fill('ord-00000003', '4', '10');
    expect(link.far.left.at(-1)).toBe(`modify ${SECOND} SELL 6 STOP 9`);
    expect(terms(link, SECOND)).toBe('WORKING 6 9');
  });

  it('stands beside a new quantity that follows it', async () => {
    const link = await withExit('SELL 10 stop 8');
    link.far.mute = true;
    await change(link, { stopPrice: '9' }, { order: SECOND });
    await change(link, { quantity: '7' }, { order: SECOND });
    expect(link.far.left.at(-1)).toBe(`modify ${SECOND} SELL 7 STOP 9`);
  });

  it('that the broker refused is forgotten: the exit is resized at its old one', async () => {
    const link = await withExit('SELL 10 stop 8');
    link.far.mute = true;
    await change(link, { stopPrice: '9' }, { order: SECOND });
    await link.desk.report({ kind: 'MODIFY_REFUSED', order: SECOND, reason: '201' });
    link.far.alter(SECOND, { stopPrice: price('8') });
    link.far.mute = false;
    expect(terms(link, SECOND)).toBe('WORKING 10 8');
    await link.desk.place('AAPL', 'SELL 4 market');
    await link.fill('ord-00000003', '4', '10');
    expect(link.far.left.at(-1)).toBe(`modify ${SECOND} SELL 6 STOP 8`);
  });
});
