/**
 * The wrapper around the rule engine: approved only when every rule that applies said yes, whatever
 * else happens. Knows nothing of files.
 */
import fc from 'fast-check';
import type { Facts, RuleScope } from '../../../src/domain/verdict';
import { evaluate, runnable } from '../../../src/engine/rules/evaluate';
import { FACTS } from '../../../src/engine/rules/fact-catalogue';
import { createRuleBook, emptyRuleBook } from '../../../src/engine/rules/rule-book';
import { CALM, checkFor, OPEN, REDUCE, riskRule, ruleOver, setOf, shippedSet } from './support';

test('what a rule uses and is not usable always denies an order that opens', async () => {
  const book = createRuleBook(await shippedSet());
  const used = FACTS.filter((fact) => fact.type.kind === 'number' && fact.name in CALM)
    .map((fact) => fact.name)
    .filter((name) => !['allocationQuantity', 'grossExposure', 'accountPnlToday'].includes(name));
  const hostile = fc.oneof(
    fc.constantFrom(NaN, Infinity, -Infinity, null, undefined, '', '0', '9000.00', true, false),
    fc.string(),
    fc.object(),
    fc.array(fc.integer()),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...used), hostile, async (name, value) => {
      const facts = { ...CALM, [name]: value } as unknown as Facts;
      const verdict = await book.assessRisk(facts, OPEN);
      expect(verdict.approved).toBe(false);
      expect(verdict.codes.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('a fact of the prototype is a missing fact', async () => {
  const book = createRuleBook(await shippedSet());
  const facts = Object.create(CALM) as Facts;
  const verdict = await book.assessRisk(facts, OPEN);
  expect(verdict.codes).toHaveLength(9);
});

test('a strange effect, strategy or set of facts is denied, and never thrown', async () => {
  const book = createRuleBook(await shippedSet());
  for (const scope of [null, undefined, {}, { ...OPEN, effect: 'BOTH' }, 'OPEN', 7]) {
    const verdict = await book.assessRisk(CALM, scope as RuleScope);
    expect(verdict).toMatchObject({ approved: false, codes: ['RULES_UNAVAILABLE'] });
  }
  for (const facts of [null, undefined]) {
    const verdict = await book.assessRisk(facts as unknown as Facts, OPEN);
    expect(verdict).toMatchObject({ approved: false, codes: ['RULES_UNAVAILABLE'] });
    expect(verdict.checks.every((check) => check.outcome === 'FAILED')).toBe(true);
  }
});

test('overlapping evaluations on one book skip no rule', async () => {
  const book = createRuleBook(await shippedSet());
  const orders = Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 10 : 5000));
  const verdicts = await Promise.all(
    orders.map((orderQuantity) => book.assessRisk({ ...CALM, orderQuantity }, OPEN)),
  );
  for (const [i, verdict] of verdicts.entries()) {
    expect(verdict.checks).toHaveLength(9);
    expect(verdict.approved).toBe(orders[i] === 10);
    expect(verdict.codes).toEqual(orders[i] === 10 ? [] : ['MAX_ORDER_QUANTITY']);
  }
});

test('checks and codes come sorted by key, whatever order the rules were given in', async () => {
  const set = await shippedSet();
  const turned = { ...set, risk: [...set.risk].reverse() };
  const book = createRuleBook(turned);
  const verdict = await book.assessRisk({}, OPEN);
  const keys = verdict.checks.map((check) => check.ruleKey);
  expect(keys).toEqual([...keys].sort());
  expect(verdict.codes).toEqual([...verdict.codes].sort());
  expect(book.hash).toBe(createRuleBook(set).hash);
});

test('a rule that only warns fails without refusing', async () => {
  const book = createRuleBook(await setOf(riskRule({ onFail: 'WARN' })));
  const verdict = await book.assessRisk({ ...CALM, orderQuantity: 101 }, OPEN);
  expect(verdict).toMatchObject({ approved: true, codes: [] });
  expect(checkFor(verdict, 'my-rule')).toMatchObject({ outcome: 'FAILED', effect: 'WARN' });
});

test('a rule that sets a trading state refuses the order that broke it, but no exit', async () => {
  const appliesTo = { effect: ['OPEN', 'REDUCE'], strategies: ['*'], accounts: ['*'] };
  for (const onFail of ['REDUCE', 'HALT']) {
    const book = createRuleBook(await setOf(riskRule({ onFail, appliesTo })));
    const facts = { ...CALM, orderQuantity: 101 };
    const opening = await book.assessRisk(facts, OPEN);
    expect(opening).toMatchObject({ approved: false, codes: ['MY_RULE'] });
    expect(checkFor(opening, 'my-rule')).toMatchObject({ outcome: 'FAILED', effect: onFail });
    const exit = await book.assessRisk(facts, { ...OPEN, effect: 'REDUCE' });
    expect(exit).toMatchObject({ approved: true, codes: [] });
  }
});

test('a warning rule that cannot be checked refuses what opens, never what gets out', async () => {
  const appliesTo = { effect: ['OPEN', 'REDUCE'], strategies: ['*'], accounts: ['*'] };
  const book = createRuleBook(await setOf(riskRule({ onFail: 'WARN', appliesTo })));
  expect(await book.assessRisk({}, OPEN)).toMatchObject({
    approved: false,
    codes: ['RULES_UNAVAILABLE'],
  });
  const exit = await book.assessRisk({}, REDUCE);
  expect(exit).toMatchObject({ approved: true, codes: [] });
  expect(checkFor(exit, 'my-rule').outcome).toBe('FAILED');
  expect((await book.assessRisk(null as unknown as Facts, REDUCE)).approved).toBe(true);
});

test('a rule for one strategy or account says nothing about another', async () => {
  const appliesTo = { effect: ['OPEN'], strategies: ['momentum'], accounts: ['DU1', 'DU2'] };
  const book = createRuleBook(await setOf(riskRule({ appliesTo })));
  const facts = { ...CALM, orderQuantity: 101 };
  expect((await book.assessRisk(facts, OPEN)).approved).toBe(false);
  const other = await book.assessRisk(facts, { ...OPEN, strategy: 'Momentum' });
  expect(other.approved).toBe(true);
  expect(checkFor(other, 'my-rule').outcome).toBe('NOT_APPLICABLE');
  expect((await book.assessRisk(facts, { ...OPEN, account: 'DU3' })).approved).toBe(true);
  expect((await book.assessRisk(facts, { ...OPEN, account: 'DU2' })).approved).toBe(false);
});

test('a rule whose facts a run cannot know is switched off and named', async () => {
  const spread = ruleOver(
    { all: [{ fact: 'spreadPct', operator: 'lessThan', value: 1 }] },
    { spreadPct: 0.5 },
    { spreadPct: 1 },
  );
  const set = await setOf(riskRule(), { ...spread, key: 'narrow-spread' });
  const full = createRuleBook(set, { unavailableSources: [] });
  expect((await full.assessRisk(CALM, OPEN)).codes).toEqual(['NARROW_SPREAD']);
  const book = createRuleBook(set, { unavailableSources: ['quote', 'volume-history'] });
  expect(book.switchedOff).toEqual([{ key: 'narrow-spread', facts: ['spreadPct'] }]);
  expect(book.hash).not.toBe(full.hash);
  const verdict = await book.assessRisk(CALM, OPEN);
  expect(verdict.approved).toBe(true);
  expect(verdict.checks.map((check) => check.ruleKey)).toEqual(['my-rule']);
  expect((await book.assessRisk({ ...CALM, orderQuantity: 101 }, OPEN)).approved).toBe(false);
});

test('a rule that is not enabled is never in force', async () => {
  const set = await setOf(
    riskRule(),
    riskRule({
      key: 'idle',
      enabled: false,
      conditions: { all: [{ fact: 'orderQuantity', operator: 'lessThan', value: 1 }] },
      examples: [
        { name: 'in', facts: { orderQuantity: 0 }, passes: true },
        { name: 'out', facts: { orderQuantity: 1 }, passes: false },
      ],
    }),
  );
  const verdict = await createRuleBook(set).assessRisk(CALM, OPEN);
  expect(verdict.checks.map((check) => check.ruleKey)).toEqual(['my-rule']);
});

test('an empty book approves, says that it is empty, and keeps the kinds of order', async () => {
  const { orders } = await shippedSet();
  const book = emptyRuleBook(orders);
  expect(book.empty).toBe(true);
  expect(book.kinds.size).toBe(16);
  expect(await book.assessRisk({}, OPEN)).toEqual({
    approved: true,
    codes: [],
    ruleSetHash: book.hash,
    checks: [],
  });
  expect(createRuleBook(await shippedSet()).empty).toBe(false);
});

test('nested groups pass and fail as they read, and blame the condition that decided', async () => {
  const conditions = {
    all: [
      {
        any: [
          { fact: 'orderType', operator: 'in', value: ['LIMIT', 'STOP_LIMIT'] },
          { fact: 'orderNotional', operator: 'lessThan', value: 1000 },
        ],
      },
      { fact: 'side', operator: 'notEqual', value: 'SELL' },
    ],
  };
  const passing = { orderType: 'LIMIT', orderNotional: 5000, side: 'BUY' };
  const failing = { orderType: 'MARKET', orderNotional: 5000, side: 'BUY' };
  const book = createRuleBook(await setOf(ruleOver(conditions, passing, failing)));
  const ask = async (facts: Facts) => book.assessRisk(facts, OPEN);
  expect((await ask(passing)).approved).toBe(true);
  expect((await ask({ ...failing, orderNotional: 999 })).approved).toBe(true);
  const denied = checkFor(await ask(failing), 'my-rule');
  expect(denied.message).toBe('orderType is MARKET; the limit is LIMIT, STOP_LIMIT');
  const sells = checkFor(await ask({ ...passing, side: 'SELL' }), 'my-rule');
  expect(sells.message).toBe('side is SELL; the limit is SELL');
  expect(sells.conditions.map((each) => each.passed)).toEqual([true, false, false]);
  expect((await ask({ ...passing, side: 'buy' })).approved).toBe(false);
});

test('every comparison agrees with a plain one written by hand', async () => {
  const byHand: Record<string, (a: number, b: number) => boolean> = {
    equal: (a, b) => a === b,
    notEqual: (a, b) => a !== b,
    lessThan: (a, b) => a < b,
    lessThanInclusive: (a, b) => a <= b,
    greaterThan: (a, b) => a > b,
    greaterThanInclusive: (a, b) => a >= b,
  };
  const near = fc.integer({ min: -3, max: 3 }).map((n) => n / 2);
  const operator = fc.constantFrom(...Object.keys(byHand)) as fc.Arbitrary<'equal'>;
  await fc.assert(
    fc.asyncProperty(operator, near, near, async (name, value, limit) => {
      const condition = { fact: 'accountPnlToday', operator: name, value: limit };
      const rules = [runnable('r', { all: [condition] }, 1)];
      const facts = new Map([['accountPnlToday', value]]);
      const outcome = (await evaluate({ rules, facts })).get('r');
      expect(outcome?.passed).toBe(byHand[name]?.(value, limit));
    }),
  );
});

test('answers in microtasks only, so the single writer may wait for it', async () => {
  const book = createRuleBook(await shippedSet());
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await book.assessRisk(CALM, OPEN);
  expect(turned).toBe(false);
});
