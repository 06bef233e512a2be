/**
 * The shipped risk rules one by one: what passes, what fails, at the limit and one step beside it,
 * and that no unusable fact passes. Knows nothing of how rules are loaded.
 */
import type { LoadedRuleBook } from '../../../src/engine/rules/rule-book';
import { createRuleBook } from '../../../src/engine/rules/rule-book';
import { codeOfRule } from '../../../src/domain/denial';
import type { Facts } from '../../../src/domain/verdict';
import { CALM, checkFor, OPEN, REDUCE, shippedSet } from './support';

/** Rule, fact, values that pass, values that do not. */
const TABLE: readonly [string, string, readonly number[], readonly number[]][] = [
  ['max-order-quantity', 'orderQuantity', [1, 999, 1000], [1001, 1_000_000]],
  ['max-order-notional', 'orderNotional', [0, 24999.99, 25000], [25000.01, 1e9]],
  ['price-collar', 'limitDistancePct', [-20, -19.99, 0, 4.99, 5], [5.01, -20.01, 900]],
  ['max-position-instrument', 'worstCasePositionNotional', [49999.99, 50000], [50000.01]],
  ['max-position-instrument', 'worstCasePositionQuantity', [4999, 5000], [5001]],
  ['max-open-orders', 'openOrdersStrategyInstrument', [0, 9], [10, 11]],
  ['order-rate-strategy', 'ordersLastSecond', [0, 4], [5, 6]],
  ['order-rate-strategy', 'ordersLastMinute', [0, 59], [60, 61]],
  ['order-rate-strategy', 'ordersToday', [0, 499], [500, 501]],
  ['price-freshness', 'priceAgeMs', [0, 4999, 5000], [5001, 86_400_000]],
  ['duplicate-order', 'similarOrderAgeMs', [2000, 2001, 86_400_000], [1999, 0]],
];
const UNUSABLE: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['NaN', NaN],
  ['infinite', Infinity],
  ['minus infinite', -Infinity],
  ['a numeric string', '1'],
  ['an empty string', ''],
  ['true', true],
  ['an object', { valueOf: () => 1 }],
  ['a list', [1]],
];

let book: LoadedRuleBook;
beforeAll(async () => {
  book = createRuleBook(await shippedSet());
});

test('an ordinary order passes every shipped rule', async () => {
  const verdict = await book.assessRisk(CALM, OPEN);
  expect(verdict.codes).toEqual([]);
  expect(verdict.approved).toBe(true);
  expect(verdict.checks.map((check) => check.outcome)).toEqual(Array(9).fill('PASSED'));
});

test('no shipped rule looks at an order that only gets out', async () => {
  const verdict = await book.assessRisk({}, REDUCE);
  expect(verdict.approved).toBe(true);
  expect(new Set(verdict.checks.map((check) => check.outcome))).toEqual(
    new Set(['NOT_APPLICABLE']),
  );
  expect(verdict.checks.every((check) => check.conditions.length === 0)).toBe(true);
});

for (const [rule, fact, passing, failing] of TABLE) {
  test.each(passing)(`${rule} passes when ${fact} is %p`, async (value) => {
    const verdict = await book.assessRisk({ ...CALM, [fact]: value }, OPEN);
    expect(verdict.approved).toBe(true);
    expect(checkFor(verdict, rule).outcome).toBe('PASSED');
  });
  test.each(failing)(`${rule} denies when ${fact} is %p`, async (value) => {
    const verdict = await book.assessRisk({ ...CALM, [fact]: value }, OPEN);
    expect(verdict.approved).toBe(false);
    expect(verdict.codes).toEqual([codeOfRule(rule)]);
    const check = checkFor(verdict, rule);
    expect(check.outcome).toBe('FAILED');
    expect(check.message).not.toContain('{');
    expect(check.conditions.find((each) => each.fact === fact && !each.passed)).toBeDefined();
  });
  test.each(UNUSABLE)(`${rule} denies when ${fact} is %s`, async (_name, value) => {
    const facts = { ...CALM, [fact]: value } as unknown as Facts;
    if (value === undefined) delete (facts as Record<string, unknown>)[fact];
    const verdict = await book.assessRisk(facts, OPEN);
    expect(verdict.approved).toBe(false);
    expect(verdict.codes).toEqual([codeOfRule(rule)]);
    const check = checkFor(verdict, rule);
    expect(check.message).toContain(fact);
    const condition = check.conditions.find((each) => each.fact === fact);
    expect(condition).toMatchObject({ value: null, passed: false, distance: null });
  });
}

test('the record names value, limit, place and how far the value is from the limit', async () => {
  const verdict = await book.assessRisk({ ...CALM, orderNotional: 25000.01 }, OPEN);
  expect(checkFor(verdict, 'max-order-notional')).toEqual({
    ruleKey: 'max-order-notional',
    outcome: 'FAILED',
    effect: 'DENY',
    message: 'order notional 25000.01 is above the limit of 25000',
    location: 'risk/max-order-notional.json:6',
    conditions: [
      {
        fact: 'orderNotional',
        operator: 'lessThanInclusive',
        limit: '25000',
        value: '25000.01',
        passed: false,
        distance: '-0.01',
      },
    ],
  });
});

test('the message of a rule with several conditions is about the one that failed', async () => {
  const verdict = await book.assessRisk({ ...CALM, ordersLastMinute: 61 }, OPEN);
  const check = checkFor(verdict, 'order-rate-strategy');
  expect(check.message).toBe('ordersLastMinute is 61; the limit is 60');
  expect(check.conditions.map((each) => each.passed)).toEqual([true, false, true]);
  expect(check.conditions.map((each) => each.distance)).toEqual(['5', '-1', '500']);
});

describe('no-short', () => {
  test.each([
    [false, false, true],
    [false, true, true],
    [true, true, true],
    [true, false, false],
  ])('wouldBeShort %p, strategyAllowsShort %p: passes %p', async (short, allowed, passes) => {
    const facts = { ...CALM, wouldBeShort: short, strategyAllowsShort: allowed };
    const verdict = await book.assessRisk(facts, OPEN);
    expect(verdict.codes).toEqual(passes ? [] : ['NO_SHORT']);
  });

  test.each(['wouldBeShort', 'strategyAllowsShort'])(
    'fails closed on an unusable %s',
    async (fact) => {
      for (const value of [undefined, null, 0, 1, 'true', NaN]) {
        const facts = { ...CALM, wouldBeShort: true, [fact]: value } as unknown as Facts;
        expect((await book.assessRisk(facts, OPEN)).approved).toBe(false);
      }
    },
  );
});
