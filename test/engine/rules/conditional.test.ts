/**
 * Conditional orders: the price legs, the whole rule at the moment a leg fired, and what a file of
 * this family may say. Knows nothing of how orders are armed.
 */
import fc from 'fast-check';
import { ORDER_KINDS } from '../../../src/domain/conditional';
import type { ConditionalQuestion } from '../../../src/domain/ports';
import type { Facts } from '../../../src/domain/verdict';
import { LEGS, legHolds, legLooksUp } from '../../../src/engine/rules/operators';
import { createRuleBook, type LoadedRuleBook } from '../../../src/engine/rules/rule-book';
import type { RuleFault } from '../../../src/engine/rules/rule-set';
import { orderFaults, orderRule, shippedSet } from './support';

const FLAT: Facts = {
  allocationQuantity: 0,
  addsInFlight: 0,
  exitsInFlight: 0,
  tradingState: 'ACTIVE',
};
const UP: ConditionalQuestion = {
  side: 'BUY',
  price: 69.49,
  previous: 69.48,
  level: 69.484375,
  facts: FLAT,
};

let book: LoadedRuleBook;
beforeAll(async () => {
  book = createRuleBook(await shippedSet());
});

function codes(faults: readonly RuleFault[]): readonly string[] {
  return faults.map((fault) => fault.code);
}

describe('a price leg', () => {
  // side, previous, price, and which legs hold at level 10.
  test.each([
    ['BUY', 9, 11, 'crossesAbove atOrAbove stopsAt trailsAt'],
    ['BUY', 10, 11, 'crossesAbove atOrAbove stopsAt trailsAt'],
    ['BUY', 9, 10, 'atOrAbove atOrBelow touches stopsAt trailsAt'],
    ['BUY', 11, 9, 'crossesBelow atOrBelow touches'],
    ['BUY', 10, 9, 'crossesBelow atOrBelow touches'],
    ['BUY', 11, 12, 'atOrAbove stopsAt trailsAt'],
    ['BUY', null, 11, 'atOrAbove stopsAt trailsAt'],
    ['BUY', null, 9, 'atOrBelow touches'],
    ['SELL', 11, 9, 'crossesBelow atOrBelow stopsAt trailsAt'],
    ['SELL', 9, 11, 'crossesAbove atOrAbove touches'],
    ['SELL', 11, 10, 'atOrAbove atOrBelow touches stopsAt trailsAt'],
  ] as const)('%s from %p to %p', (side, previous, price, expected) => {
    const question = { side, previous, price, level: 10 };
    const held = LEGS.map((leg) => leg.name).filter((leg) => legHolds(leg, question));
    expect(held.sort()).toEqual(expected.split(' ').sort());
  });

  test('knows which way it looks', () => {
    for (const { name } of LEGS) {
      for (const side of ['BUY', 'SELL'] as const) {
        const up = legLooksUp(name, side);
        const beyond = up ? { previous: 9, price: 11 } : { previous: 11, price: 9 };
        expect(legHolds(name, { side, level: 10, ...beyond })).toBe(true);
        const short = up ? { previous: 8, price: 9 } : { previous: 12, price: 11 };
        expect(legHolds(name, { side, level: 10, ...short })).toBe(false);
      }
    }
  });

  test('says the same in the rule engine as by itself', async () => {
    const kinds = [...book.kinds.values()];
    const price = fc.integer({ min: 5, max: 15 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.constantFrom('BUY' as const, 'SELL' as const),
        fc.tuple(price, price, price),
        async (kind, side, [previous, now, level]) => {
          const question = { side, previous, price: now, level };
          const verdict = await book.assessConditional(kind.key, { ...question, facts: FLAT });
          expect(verdict.fires).toBe(legHolds(kind.leg, question));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the shipped kinds', () => {
  test('are all there, each with its role, keeper and trigger', () => {
    expect([...book.kinds.keys()].sort()).toEqual([...ORDER_KINDS].sort());
    const rows = [...book.kinds.values()].map((kind) =>
      [kind.key, kind.role, kind.heldBy, kind.trigger].join(' '),
    );
    expect(rows.sort()).toEqual([
      'by-hand-on-cross-over MANUAL ENGINE CROSS_OVER',
      'by-hand-on-cross-under MANUAL ENGINE CROSS_UNDER',
      'by-hand-on-stop MANUAL ENGINE STOP',
      'by-hand-on-touch MANUAL ENGINE TOUCH',
      'by-hand-on-trail MANUAL ENGINE TRAIL',
      'dca DCA BROKER TOUCH',
      'dca-on-touch DCA ENGINE TOUCH',
      'entry-on-cross-over ENTRY ENGINE CROSS_OVER',
      'entry-on-cross-under ENTRY ENGINE CROSS_UNDER',
      'pyramid PYRAMID BROKER STOP',
      'stop-loss STOP_LOSS BROKER STOP',
      'stop-loss-held-here STOP_LOSS ENGINE STOP',
      'take-profit TAKE_PROFIT BROKER TOUCH',
      'take-profit-on-touch TAKE_PROFIT ENGINE TOUCH',
      'trailing-stop STOP_LOSS BROKER TRAIL',
      'trailing-stop-from-price STOP_LOSS ENGINE TRAIL',
    ]);
  });

  test('an entry fires through its level and records how far', async () => {
    expect(await book.assessConditional('entry-on-cross-over', UP)).toEqual({
      fires: true,
      reason: null,
      conditions: [
        {
          fact: 'price',
          operator: 'crossesAbove',
          limit: '69.484375',
          value: '69.49',
          passed: true,
          distance: '0.005625',
        },
        {
          fact: 'allocationQuantity',
          operator: 'equal',
          limit: '0',
          value: '0',
          passed: true,
          distance: null,
        },
      ],
    });
  });

  test('an entry does not fire while something is owned, and says why', async () => {
    const facts = { ...FLAT, allocationQuantity: -3 };
    const verdict = await book.assessConditional('entry-on-cross-over', { ...UP, facts });
    expect(verdict.fires).toBe(false);
    expect(verdict.reason).toBe('allocationQuantity is -3 and must equal 0');
  });

  test('an add on touch waits for another add and for an exit', async () => {
    const touch: ConditionalQuestion = { ...UP, price: 9, previous: null, level: 10 };
    expect((await book.assessConditional('dca-on-touch', touch)).fires).toBe(true);
    for (const fact of ['addsInFlight', 'exitsInFlight']) {
      const facts = { ...FLAT, [fact]: 1 };
      const verdict = await book.assessConditional('dca-on-touch', { ...touch, facts });
      expect(verdict).toMatchObject({ fires: false, reason: `${fact} is 1 and must equal 0` });
    }
  });
});

describe('what cannot be evaluated does not fire', () => {
  test.each([NaN, Infinity, null, undefined, '0', true, {}])(
    'allocationQuantity %p',
    async (value) => {
      const facts = { ...FLAT, allocationQuantity: value } as unknown as Facts;
      const verdict = await book.assessConditional('entry-on-cross-over', { ...UP, facts });
      expect(verdict.fires).toBe(false);
      expect(verdict.reason).toContain('allocationQuantity');
    },
  );

  test.each([
    ['price', NaN],
    ['price', '69.49'],
    ['price', undefined],
    ['level', NaN],
    ['level', '69.48'],
    ['previous', NaN],
    ['previous', undefined],
    ['facts', null],
  ])('%s %p', async (name, value) => {
    const question = { ...UP, [name]: value };
    const verdict = await book.assessConditional('entry-on-cross-over', question);
    expect(verdict.fires).toBe(false);
    expect(verdict.reason).not.toBeNull();
  });

  test('a kind that is not there, or a question that is none', async () => {
    const verdict = await book.assessConditional('dca-never', UP);
    expect(verdict.reason).toBe('no conditional order is named dca-never');
    const none = null as unknown as ConditionalQuestion;
    expect((await book.assessConditional('stop-loss', none)).fires).toBe(false);
  });
});

describe('a file', () => {
  const LEG = { fact: 'price', operator: 'crossesAbove', value: { parameter: 'level' } };
  const over = (conditions: unknown) => orderRule({ conditions });
  const FREE = { fact: 'allocationQuantity', operator: 'equal', value: 0 };

  test('may add conditions to its price leg', async () => {
    const any = [FREE, { fact: 'spreadPct', operator: 'lessThan', value: 0.1 }];
    expect(await orderFaults(over({ all: [LEG, { any }] }))).toEqual([
      expect.objectContaining({ code: 'RULE_EXAMPLE_WRONG' }),
    ]);
    const examples = [
      {
        name: 'yes',
        ticks: ['1', '3'],
        parameters: { level: '2' },
        facts: { spreadPct: 0.05 },
        fires: true,
      },
      { name: 'no spread', ticks: ['1', '3'], parameters: { level: '2' }, fires: false },
    ];
    const rule = orderRule({ conditions: { all: [LEG, { any }] }, examples });
    expect(await orderFaults(rule)).toEqual([]);
  });

  test('needs exactly one price leg, in the root all', async () => {
    for (const conditions of [
      { all: [FREE] },
      { any: [LEG, FREE] },
      { all: [LEG, { ...LEG, operator: 'touches' }] },
      { all: [FREE, { any: [LEG, FREE] }] },
      { all: [{ all: [LEG] }] },
      { all: [{ ...LEG, value: 12 }] },
      { all: [LEG, { fact: 'price', operator: 'lessThan', value: { parameter: 'level' } }] },
    ]) {
      expect(codes(await orderFaults(over(conditions)))).toContain('RULE_PRICE_LEG');
    }
    const onOther = { ...LEG, fact: 'allocationQuantity' };
    expect(codes(await orderFaults(over({ all: [onOther] })))).toContain('RULE_OPERATOR_TYPE');
  });

  test('held by the broker has nothing but a leg the broker can hold', async () => {
    const broker = { role: 'DCA', heldBy: 'BROKER' };
    const cross = orderRule({ order: broker });
    expect(codes(await orderFaults(cross))).toEqual(['RULE_BROKER_HELD']);
    const touch = { ...LEG, operator: 'touches' };
    const more = orderRule({ order: broker, conditions: { all: [touch, FREE] } });
    expect(codes(await orderFaults(more))).toEqual(['RULE_BROKER_HELD']);
  });

  test('may not change what the engine counts on for a kind it arms itself', async () => {
    const rule = orderRule({ key: 'stop-loss' });
    const faults = await orderFaults(rule, 'stop-loss.json');
    expect(codes(faults)).toEqual(['RULE_KIND_CHANGED']);
  });

  test('has prices as text, above zero, and no strange parameters', async () => {
    for (const level of ['0', '-1', '1e3', '', '0.00', 'abc', '1,5', ' 1']) {
      const examples = [
        { name: 'yes', ticks: ['1', '3'], parameters: { level }, fires: true },
        { name: 'no', ticks: ['1'], parameters: { level: '2' }, fires: false },
      ];
      expect(codes(await orderFaults(orderRule({ examples })))).toEqual(['RULE_FORMAT']);
    }
    const parameters = { level: 'price', quantity: 'units' };
    expect(codes(await orderFaults(orderRule({ parameters })))).toEqual(['RULE_KEY_UNKNOWN']);
    const wrong = { ...LEG, value: { parameter: 'levl' } };
    const [fault] = await orderFaults(over({ all: [wrong] }));
    expect(fault?.suggestion).toBe('did you mean "level"?');
  });

  test('must show one price path that fires and one that does not', async () => {
    const yes = { name: 'yes', ticks: ['1', '3'], parameters: { level: '2' }, fires: true };
    const faults = await orderFaults(orderRule({ examples: [yes, { ...yes, name: 'again' }] }));
    expect(codes(faults)).toEqual(['RULE_EXAMPLE_MISSING']);
    const no = { ...yes, name: 'no', fires: false };
    const [wrong] = await orderFaults(orderRule({ examples: [yes, no] }));
    expect(wrong?.message).toBe('the example "no" should not fire, but it fires');
  });
});
