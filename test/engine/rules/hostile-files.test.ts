/**
 * Rule files that mean harm or are merely wrong: each is refused with a fault that names the place
 * and what to do. Knows nothing of deciding about orders.
 */
import { Engine } from 'json-rules-engine';
import { evaluate, runnable } from '../../../src/engine/rules/evaluate';
import type { Group, RuleFault } from '../../../src/engine/rules/rule-set';
import { orderFaults, orderRule, riskFaults, riskRule, ruleOver } from './support';

const HOSTILE_PATH =
  "$..[?(p=\"globalThis.reached=1\",a=@['__proto__']['constructor'].constructor(p),a())]";
const QUANTITY = { fact: 'orderQuantity', operator: 'lessThanInclusive', value: 100 };

function codes(faults: readonly RuleFault[]): readonly string[] {
  return faults.map((fault) => fault.code);
}
/** Faults of a rule whose only condition is this one. */
async function faultsOf(condition: unknown): Promise<readonly RuleFault[]> {
  return riskFaults(riskRule({ conditions: { all: [condition] } }));
}

const before = Reflect.ownKeys(Object.prototype);
afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect((globalThis as Record<string, unknown>)['reached']).toBeUndefined();
});

test('the rule the hostile ones are made from loads', async () => {
  expect(await riskFaults(riskRule())).toEqual([]);
  expect(await orderFaults(orderRule())).toEqual([]);
});

describe('a path', () => {
  test('is refused by the schema, wherever it stands', async () => {
    for (const path of ['$.a', HOSTILE_PATH, '', 7]) {
      expect(codes(await faultsOf({ ...QUANTITY, path }))).toEqual(['RULE_PATH_REFUSED']);
    }
    expect(codes(await faultsOf({ ...QUANTITY, params: {} }))).toEqual(['RULE_PATH_REFUSED']);
    const reference = { fact: 'orderQuantity', path: HOSTILE_PATH };
    expect(codes(await faultsOf({ ...QUANTITY, value: reference }))).toEqual(['RULE_TYPE']);
    expect(codes(await orderFaults(orderRule({ path: '$' })))).toEqual(['RULE_PATH_REFUSED']);
  });

  test('is refused by our resolver, should one ever get past the schema', async () => {
    const leaf = { ...QUANTITY, path: HOSTILE_PATH };
    const rules = [runnable('r', { all: [leaf] } as unknown as Group, 1)];
    const facts = new Map([['orderQuantity', { a: 1 } as unknown as number]]);
    await expect(evaluate({ rules, facts })).rejects.toThrow('a path in a condition is refused');
  });

  test('is refused by the package that stands in for JSONPath, under a stock engine', async () => {
    const conditions = { all: [{ ...QUANTITY, path: HOSTILE_PATH }] };
    const engine = new Engine([{ conditions, event: { type: 'r' } }]);
    await expect(engine.run({ orderQuantity: { a: 1 } })).rejects.toThrow('JSONPath is refused');
  });
});

describe('keys that reach a prototype', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused', async (key) => {
    const text = JSON.stringify(riskRule());
    const texts = [
      text.replace('"key"', `"${key}":{"polluted":1},"key"`),
      text.replace('"orderQuantity":100}', `"orderQuantity":100,"${key}":{"polluted":1}}`),
      text.replace('"fact":', `"${key}":{"polluted":1},"fact":`),
    ];
    for (const hostile of texts) {
      expect(codes(await riskFaults(hostile))).toContain('RULE_JSON_FORBIDDEN_KEY');
    }
  });

  test('as a name of a fact or an operator they are unknown words', async () => {
    for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(codes(await faultsOf({ ...QUANTITY, fact: word }))).toContain('RULE_FACT_UNKNOWN');
      const faults = await faultsOf({ ...QUANTITY, operator: word });
      expect(codes(faults)).toContain('RULE_OPERATOR_UNKNOWN');
    }
    const faults = await riskFaults(riskRule({ message: '{constructor}' }));
    expect(codes(faults)).toEqual(['RULE_PLACEHOLDER_UNKNOWN']);
  });
});

describe('the condition tree', () => {
  test('must not be empty, for an empty list is true of every order', async () => {
    for (const conditions of [{ all: [] }, { any: [] }, { all: [QUANTITY, { any: [] }] }]) {
      expect(codes(await riskFaults(riskRule({ conditions })))).toContain('RULE_EMPTY_LIST');
    }
    expect(codes(await riskFaults(riskRule({ conditions: {} })))).toContain('RULE_EMPTY_LIST');
  });

  test('has one of all and any in each place', async () => {
    const both = { all: [QUANTITY], any: [QUANTITY] };
    const faults = await riskFaults(riskRule({ conditions: both }));
    expect(codes(faults)).toEqual(['RULE_CONDITION_SHAPE']);
    expect(codes(await faultsOf(both))).toEqual(['RULE_CONDITION_SHAPE']);
    expect(codes(await faultsOf({ ...QUANTITY, all: [QUANTITY] }))).toContain('RULE_KEY_UNKNOWN');
  });

  test('has no "not", no named conditions and no priorities', async () => {
    const [not] = await faultsOf({ not: QUANTITY });
    expect(not?.message).toContain('opposite operator');
    for (const extra of [{ condition: 'x' }, { ...QUANTITY, priority: 2 }]) {
      expect(codes(await faultsOf(extra))).toContain('RULE_KEY_UNKNOWN');
    }
  });

  test('is at most six groups deep and sixty-four conditions wide', async () => {
    const nest = (depth: number): unknown =>
      depth === 1 ? { all: [QUANTITY] } : { all: [nest(depth - 1)] };
    expect(await riskFaults(riskRule({ conditions: nest(6) }))).toEqual([]);
    const seven = await riskFaults(riskRule({ conditions: nest(7) }));
    expect(codes(seven)).toEqual(['RULE_TOO_LARGE']);
    expect(codes(await riskFaults(riskRule({ conditions: nest(40) })))).toEqual([
      'RULE_JSON_TOO_DEEP',
    ]);
    const wide = (n: number) => ({ all: Array.from({ length: n }, () => QUANTITY) });
    expect(await riskFaults(riskRule({ conditions: wide(64) }))).toEqual([]);
    const tooWide = await riskFaults(riskRule({ conditions: wide(65) }));
    expect(codes(tooWide)).toEqual(['RULE_TOO_LARGE']);
    const split = { all: [wide(40), wide(40)] };
    expect(codes(await riskFaults(riskRule({ conditions: split })))).toEqual(['RULE_TOO_LARGE']);
  });
});

describe('values', () => {
  test('NaN and Infinity are no JSON, and a number too large for one is named', async () => {
    const text = JSON.stringify(riskRule());
    for (const word of ['NaN', 'Infinity', '-Infinity', '0x10', '.5', '+1']) {
      const faults = await riskFaults(text.replace('"value":100', `"value":${word}`));
      expect(codes(faults)).toContain('RULE_JSON_SYNTAX');
    }
    const huge = await riskFaults(text.replace('"value":100', '"value":1e400'));
    expect(huge.length).toBeGreaterThan(0);
    const long = await riskFaults(text.replace('"value":100', '"value":100.0000000000000001'));
    expect(codes(long)).toEqual(['RULE_NUMBER']);
  });

  test('a number in quotes is refused, for text compares letter by letter', async () => {
    const [fault] = await faultsOf({ ...QUANTITY, value: '10000' });
    expect(fault).toMatchObject({
      code: 'RULE_VALUE_TYPE',
      suggestion: 'write 10000 without quotes',
    });
    expect(codes(await faultsOf({ ...QUANTITY, value: null }))).toEqual(['RULE_TYPE']);
    expect(codes(await faultsOf({ ...QUANTITY, value: true }))).toEqual(['RULE_VALUE_TYPE']);
    expect(codes(await faultsOf({ ...QUANTITY, value: [100] }))).toEqual(['RULE_VALUE_TYPE']);
    const facts = { orderQuantity: '9000.00' };
    const examples = [
      { name: 'in', facts, passes: true },
      { name: 'out', facts, passes: false },
    ];
    const faults = await riskFaults(riskRule({ examples }));
    expect(codes(faults)).toEqual(['RULE_TYPE', 'RULE_TYPE']);
  });

  test('an operator must fit the type of its fact', async () => {
    const side = { fact: 'side', operator: 'equal', value: 'BUY' };
    const [fault] = await faultsOf({ ...side, value: 'BYU' });
    expect(fault).toMatchObject({ code: 'RULE_VALUE_TYPE', suggestion: 'did you mean "BUY"?' });
    const [order] = await faultsOf({ ...side, operator: 'lessThan' });
    expect(order?.code).toBe('RULE_OPERATOR_TYPE');
    const [list] = await faultsOf({ ...side, operator: 'in' });
    expect(list?.code).toBe('RULE_VALUE_TYPE');
    const lists = { ...side, operator: 'in', value: ['BUY', 'HOLD'] };
    const [word] = await faultsOf(lists);
    expect(word?.code).toBe('RULE_VALUE_TYPE');
  });
});

describe('unknown words', () => {
  test('an unknown fact, operator or key is named with the nearest known one', async () => {
    const [fact] = await faultsOf({ ...QUANTITY, fact: 'orderQuantiy' });
    expect(fact).toMatchObject({
      code: 'RULE_FACT_UNKNOWN',
      suggestion: 'did you mean "orderQuantity"?',
    });
    expect(fact?.frame).toContain('^');
    const [operator] = await faultsOf({ ...QUANTITY, operator: 'lessThanInclusve' });
    expect(operator?.suggestion).toBe('did you mean "lessThanInclusive"?');
    const [decorated] = await faultsOf({ ...QUANTITY, operator: 'not:equal' });
    expect(decorated?.code).toBe('RULE_OPERATOR_UNKNOWN');
    const [key] = await riskFaults(riskRule({ onfail: 'DENY' }));
    expect(key).toMatchObject({
      code: 'RULE_KEY_UNKNOWN',
      suggestion: 'did you mean "onFail"?',
    });
    const [conditional] = await faultsOf({ ...QUANTITY, fact: 'exitsInFlight', value: 0 });
    expect(conditional?.code).toBe('RULE_FACT_UNKNOWN');
  });

  test('a placeholder that stands for nothing is refused', async () => {
    const faults = await riskFaults(riskRule({ message: 'worth {orderNotionl} {currency}' }));
    expect(codes(faults)).toEqual(['RULE_PLACEHOLDER_UNKNOWN', 'RULE_PLACEHOLDER_UNKNOWN']);
    expect(faults[0]?.suggestion).toBe('did you mean "orderNotional"?');
  });

  test('all faults of a file come at once, each with its line', async () => {
    const faults = await riskFaults(
      riskRule({
        key: 'My Rule',
        onFail: 'REFUSE',
        conditions: { all: [{ fact: 'orderSize', operator: 'below', value: 1 }] },
      }),
    );
    expect(codes(faults)).toEqual([
      'RULE_FORMAT',
      'RULE_FACT_UNKNOWN',
      'RULE_OPERATOR_UNKNOWN',
      'RULE_WORD_UNKNOWN',
    ]);
    const lines = faults.map((fault) => fault.line);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(new Set(lines).size).toBe(4);
  });
});

describe('doubled keys', () => {
  test('are refused in a file, whichever of the two would have won', async () => {
    const text = JSON.stringify(riskRule());
    const faults = await riskFaults(text.replace('"value":100', '"value":100,"value":100000'));
    expect(codes(faults)).toEqual(['RULE_JSON_DUPLICATE_KEY']);
  });
});

describe('what a rule may do', () => {
  test('a rule that looks at orders that get out must not deny', async () => {
    const appliesTo = { effect: ['OPEN', 'REDUCE'], strategies: ['*'], accounts: ['*'] };
    const faults = await riskFaults(riskRule({ appliesTo }));
    expect(codes(faults)).toEqual(['RULE_DENIES_EXITS']);
    expect(await riskFaults(riskRule({ appliesTo, onFail: 'WARN' }))).toEqual([]);
    const only = { ...appliesTo, effect: ['REDUCE'] };
    expect(codes(await riskFaults(riskRule({ appliesTo: only })))).toEqual(['RULE_DENIES_EXITS']);
  });

  test.each([
    ['orderQuantity', 'lessThanInclusive', 1_000_000, 1_000_001],
    ['orderNotional', 'lessThan', 100_000, 100_000.01],
    ['worstCasePositionNotional', 'lessThanInclusive', 250_000, 250_001],
    ['grossExposure', 'lessThanInclusive', 400_000, 400_001],
    ['ordersLastSecond', 'lessThan', 45, 46],
    ['ordersLastMinute', 'lessThan', 300, 301],
    ['priceAgeMs', 'lessThanInclusive', 30_000, 30_001],
    ['limitDistancePct', 'lessThanInclusive', 20, 20.1],
  ])('a limit on %s looser than the hard one is refused', async (fact, operator, at, beyond) => {
    const rule = (value: number) =>
      ruleOver({ all: [{ fact, operator, value }] }, { [fact]: 1 }, { [fact]: 1e9 });
    expect(await riskFaults(rule(at))).toEqual([]);
    expect(codes(await riskFaults(rule(beyond)))).toEqual(['RULE_LOOSER_THAN_HARD']);
  });

  test('a collar below the hard one on the passive side is refused as well', async () => {
    const all = [{ fact: 'limitDistancePct', operator: 'greaterThan', value: -21 }];
    const rule = ruleOver({ all }, { limitDistancePct: 0 }, { limitDistancePct: -30 });
    expect(codes(await riskFaults(rule))).toEqual(['RULE_LOOSER_THAN_HARD']);
  });

  test('a key that would deny under the code of a hard refusal is refused', async () => {
    for (const key of ['h6', 'rules-unavailable']) {
      const faults = await riskFaults(riskRule({ key }), `${key}.json`);
      expect(codes(faults)).toEqual(['RULE_KEY_RESERVED']);
    }
  });
});

describe('examples', () => {
  const passing = { name: 'in', facts: { orderQuantity: 100 }, passes: true };
  const failing = { name: 'out', facts: { orderQuantity: 101 }, passes: false };

  test('that the rule contradicts are named with what it said', async () => {
    const wrong = { ...failing, name: 'wrong', passes: true };
    const [fault] = await riskFaults(riskRule({ examples: [passing, failing, wrong] }));
    expect(fault?.code).toBe('RULE_EXAMPLE_WRONG');
    expect(fault?.message).toContain('"wrong" should pass');
    expect(fault?.message).toContain('quantity 101 is above 100');
  });

  test('must show one order that passes and one that does not', async () => {
    for (const examples of [
      [passing, { ...passing, name: 'again' }],
      [failing, { ...failing, name: 'again' }],
    ]) {
      const faults = await riskFaults(riskRule({ examples }));
      expect(codes(faults)).toEqual(['RULE_EXAMPLE_MISSING']);
    }
    const faults = await riskFaults(riskRule({ examples: [passing] }));
    expect(codes(faults)).toContain('RULE_EMPTY_LIST');
  });

  test('must hold every fact, for a missing one fails any rule', async () => {
    const empty = { name: 'empty', facts: {}, passes: false };
    const faults = await riskFaults(riskRule({ examples: [passing, empty] }));
    expect(codes(faults)).toEqual(['RULE_EXAMPLE_FACTS']);
  });
});
