// Every hard limit: passes exactly at the limit, fails one step beyond; exits by structure only.

import { DENIALS } from '../../../src/domain/denial';
import { money, price, quantity } from '../../../src/domain/decimal';
import type { HardLimits } from '../../../src/domain/limits';
import type { Command } from '../../../src/domain/input';
import {
  ACCOUNT,
  openDesk,
  ruleBook,
  type Desk,
  type DeskOptions,
} from '../../support/trading-kit';

type Changes = Partial<Extract<Command, { kind: 'PLACE_ORDER' }>>;
interface Case {
  readonly code: string;
  readonly what: string;
  readonly limits?: Partial<HardLimits>;
  /** Orders before the one in question. */
  readonly before?: readonly string[];
  readonly passes: string;
  readonly fails: string;
}

/** The codes of the last decision. */
function codesOf(desk: Desk): readonly string[] {
  return desk.events('DecisionMade').at(-1)!.decision.codes;
}
async function deskAt(last: string, options: DeskOptions = {}): Promise<Desk> {
  const desk = await openDesk({ ...options, symbols: ['AAPL', 'MSFT'] });
  await desk.tick('MSFT', '50');
  await desk.tick('AAPL', last);
  return desk;
}

const WIDE = { maxOrderNotional: money('1000000000'), maxPositionNotional: money('1000000000') };
const CASES: readonly Case[] = [
  {
    ...{ code: 'H5', what: 'quantity above zero', passes: 'BUY 1 market', fails: 'BUY 0 market' },
  },
  { code: 'H5', what: 'whole lots', passes: 'BUY 2 market', fails: 'BUY 1.5 market' },
  { code: 'H5', what: 'whole ticks', passes: 'BUY 1 limit 99.99', fails: 'BUY 1 limit 99.995' },
  { code: 'H5', what: 'a price above zero', passes: 'SELL 1 limit 81', fails: 'SELL 1 limit 0' },
  {
    ...{ code: 'H5', what: 'at most the maximum quantity', limits: { ...WIDE, ...gross() } },
    ...{ passes: 'BUY 1000000 market', fails: 'BUY 1000001 market' },
  },
  {
    ...{ code: 'H6', what: 'order notional', limits: { maxOrderNotional: money('1000') } },
    ...{ passes: 'BUY 10 market', fails: 'BUY 11 market' },
  },
  {
    ...{ code: 'H6', what: 'order notional at the limit price', passes: 'BUY 10 limit 100' },
    ...{ limits: { maxOrderNotional: money('1000') }, fails: 'BUY 10 limit 100.01' },
  },
  {
    ...{ code: 'H7', what: 'worst case with live orders', before: ['BUY 5 limit 100'] },
    ...{ limits: { maxPositionNotional: money('1000') }, passes: 'BUY 5 market' },
    fails: 'BUY 6 market',
  },
  {
    ...{ code: 'H7', what: 'worst case of a short', before: ['SELL 5 limit 101'] },
    ...{ limits: { maxPositionNotional: money('1005') }, passes: 'SELL 5 market' },
    fails: 'SELL 6 market',
  },
  {
    ...{ code: 'H8', what: 'gross exposure', limits: { maxGrossExposure: money('1000') } },
    ...{ passes: 'SELL 10 market', fails: 'SELL 11 market' },
  },
  {
    ...{ code: 'H8', what: 'gross exposure with live openings', before: ['BUY 5 limit 100'] },
    ...{ limits: { maxGrossExposure: money('1000') }, passes: 'BUY 5 limit 100' },
    fails: 'BUY 5 limit 100.01',
  },
  {
    ...{ code: 'H12', what: 'where a stop begins to act', passes: 'BUY 1 stop 120' },
    fails: 'BUY 1 stop 120.01',
  },
  {
    ...{ code: 'H12', what: 'the price collar above', passes: 'BUY 1 limit 120' },
    fails: 'BUY 1 limit 120.01',
  },
  {
    ...{ code: 'H12', what: 'the price collar below', passes: 'BUY 1 limit 80' },
    fails: 'BUY 1 limit 79.99',
  },
  {
    ...{ code: 'H9', what: 'sends per second', limits: { maxSendsPerSecond: 3 } },
    ...{ before: ['BUY 1 market', 'BUY 1 market'], passes: 'BUY 1 market', fails: 'again' },
  },
  {
    ...{ code: 'H9', what: 'orders per minute', limits: { maxOrdersPerMinute: 3 } },
    ...{ before: ['BUY 1 market', 'BUY 1 market'], passes: 'BUY 1 market', fails: 'again' },
  },
  {
    ...{ code: 'H9', what: 'active orders of a side', limits: { maxActivePerSide: 3 } },
    ...{ before: ['BUY 1 limit 90', 'BUY 1 limit 91', 'SELL 1 limit 110'] },
    ...{ passes: 'BUY 1 limit 92', fails: 'again' },
  },
];
function gross(): Partial<HardLimits> {
  return { maxGrossExposure: money('1000000000') };
}

describe('a hard limit', () => {
  it.each(CASES)('$code, $what: passes at $passes', async (given) => {
    const desk = await deskAt('100', { limits: given.limits ?? {} });
    for (const words of given.before ?? []) await desk.place('AAPL', words);
    await desk.place('AAPL', given.passes);
    expect(codesOf(desk)).toEqual([]);
  });

  it.each(CASES)('$code, $what: fails at $fails', async (given) => {
    const desk = await deskAt('100', { limits: given.limits ?? {} });
    for (const words of given.before ?? []) await desk.place('AAPL', words);
    if (given.fails === 'again') await desk.place('AAPL', given.passes);
    await desk.place('AAPL', given.fails === 'again' ? given.passes : given.fails);
    expect(codesOf(desk)).toContain(given.code);
    expect(desk.exchange.working(ACCOUNT)).toHaveLength(desk.events('OrderSubmitted').length);
  });

  it('H9 counts sends of the last second and minute only', async () => {
    for (const [limits, wait] of [
      [{ maxSendsPerSecond: 1 }, 1_000],
      [{ maxOrdersPerMinute: 1 }, 60_000],
    ] as const) {
      const desk = await deskAt('100', { limits: { ...limits, maxPriceAge: 100_000 } });
      await desk.place('AAPL', 'BUY 1 limit 90');
      desk.clock.set(desk.clock.now() + wait - 1);
      await desk.place('AAPL', 'BUY 1 limit 91');
      expect(codesOf(desk)).toEqual(['H9']);
      desk.clock.set(desk.clock.now() + 1);
      await desk.place('AAPL', 'BUY 1 limit 92');
      expect(codesOf(desk)).toEqual([]);
    }
  });

  it('H11 lets a price be 30 s old and not a millisecond more', async () => {
    const desk = await deskAt('100');
    desk.clock.set(desk.clock.now() + 30_000);
    await desk.place('AAPL', 'BUY 1 market');
    expect(codesOf(desk)).toEqual([]);
    desk.clock.set(desk.clock.now() + 1);
    await desk.place('AAPL', 'BUY 2 market');
    expect(codesOf(desk)).toEqual(['H11']);
  });

  it('H11 and what is worth nothing known deny an order without any price', async () => {
    const desk = await openDesk();
    await desk.place('AAPL', 'BUY 1 market');
    expect(codesOf(desk)).toEqual(expect.arrayContaining(['H6', 'H7', 'H8', 'H11']));
  });

  it('H5 refuses prices that the order type does not take, or lacks', async () => {
    const odd: readonly Changes[] = [
      { limitPrice: price('100') },
      { stopPrice: price('100') },
      { type: 'LIMIT' },
      { type: 'STOP' },
      { type: 'STOP_LIMIT', stopPrice: price('100') },
    ];
    const desk = await deskAt('100');
    for (const changes of odd) {
      await desk.place('AAPL', 'BUY 1 market', changes);
      expect(codesOf(desk)).toEqual(['H5']);
    }
  });

  it('H15 denies an opening whose verdict comes from another rule set', async () => {
    const book = await ruleBook('none');
    const other = { ...book, hash: 'another' };
    const desk = await deskAt('100', { rules: other });
    await desk.place('AAPL', 'BUY 1 market');
    expect(codesOf(desk)).toEqual(['H15']);
  });

  it('H15 and RULES_UNAVAILABLE let an exit pass', async () => {
    const book = await ruleBook('none');
    let broken = false;
    const verdict = { approved: false, codes: [], ruleSetHash: 'none', checks: [] };
    const rules = {
      ...book,
      assessRisk: (...asked: Parameters<typeof book.assessRisk>) =>
        broken ? Promise.resolve(verdict) : book.assessRisk(...asked),
    };
    const desk = await deskAt('100', { rules });
    await desk.place('AAPL', 'BUY 1 market');
    await desk.tick('AAPL', '100');
    broken = true;
    await desk.place('AAPL', 'BUY 1 market');
    expect(codesOf(desk)).toEqual(['H15', 'RULES_UNAVAILABLE']);
    await desk.place('AAPL', 'SELL 1 market');
    expect(codesOf(desk)).toEqual([]);
  });

  it('other than the structural ones never refuses an exit', async () => {
    const tight: Partial<HardLimits> = {
      ...{ maxPositionNotional: money('1000'), maxGrossExposure: money('1000') },
      ...{ maxSendsPerSecond: 1, maxOrdersPerMinute: 1, maxActivePerSide: 1 },
      ...{ maxOrderNotional: money('1000'), maxDailyLoss: money('1'), priceCollarPercent: 0 },
    };
    const desk = await deskAt('100', { limits: tight });
    await desk.place('AAPL', 'BUY 10 market');
    await desk.tick('AAPL', '100');
    const scope = { kind: 'SYSTEM', key: '' } as const;
    const halted = { scope, state: 'HALTED', reason: 'test', by: 'ann' } as const;
    await desk.command({ kind: 'SET_TRADING_STATE', ...halted });
    desk.clock.set(desk.clock.now() + 500_000);
    for (const words of ['SELL 10 limit 500', 'SELL 10 stop 1', 'SELL 10 market']) {
      await desk.place('AAPL', words);
      expect(codesOf(desk)).toEqual([]);
    }
  });

  it.each([
    ['SELL 10 limit 100.001', {}, 'H5'],
    ['SELL 1.5 market', {}, 'H5'],
    ['SELL 11 market', {}, 'H13'],
  ])('refuses the exit %s by structure', async (words, changes, code) => {
    const desk = await deskAt('100');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.tick('AAPL', '100');
    await desk.place('AAPL', words, changes);
    expect(codesOf(desk)).toEqual([code]);
  });

  it('that refused is recorded with what was demanded and what was found', async () => {
    const desk = await deskAt('100', { limits: { maxOrderNotional: money('1000') } });
    await desk.place('AAPL', 'BUY 11 market', { quantity: quantity('11') });
    const checks = desk.events('DecisionMade').at(-1)!.decision.checks;
    const check = checks.find(({ ruleKey }) => ruleKey === 'H6');
    expect(check?.conditions[0]).toMatchObject({ limit: '1000', value: '1100', passed: false });
    expect(check?.message).toBe('order notional 1100 is above the hard limit of 1000');
    const codes = new Set(DENIALS.map(({ code }) => code as string));
    for (const { ruleKey } of checks) expect(codes.has(ruleKey)).toBe(true);
  });
});
