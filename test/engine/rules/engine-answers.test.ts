/**
 * A rule engine that forgets, repeats, invents, contradicts or throws must never approve an order.
 * Knows nothing of the rules themselves.
 */
import { Engine, type EngineResult, type RuleResult } from 'json-rules-engine';
import { createRuleBook, type LoadedRuleBook } from '../../../src/engine/rules/rule-book';
import { CALM, OPEN, shippedSet } from './support';

let book: LoadedRuleBook;
const run = Object.getOwnPropertyDescriptor(Engine.prototype, 'run')?.value as Engine['run'];

beforeAll(async () => {
  book = createRuleBook(await shippedSet());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets every run of the engine answer something else than it found. */
function answering(change: (answer: EngineResult) => EngineResult): void {
  jest.spyOn(Engine.prototype, 'run').mockImplementation(async function (this: Engine, ...args) {
    return change(await run.apply(this, args));
  });
}

test('an engine that answers as it should approves', async () => {
  answering((answer) => answer);
  expect((await book.assessRisk(CALM, OPEN)).approved).toBe(true);
});

const LIES: readonly [string, (answer: EngineResult) => EngineResult][] = [
  ['forgets a rule', (answer) => ({ ...answer, results: answer.results.slice(1) })],
  ['forgets them all', (answer) => ({ ...answer, results: [] })],
  ['repeats one', ({ results, ...rest }) => ({ ...rest, results: [...results, ...results] })],
  [
    'answers for a rule that is not there',
    (answer) => {
      const invented = { ...answer.results[0], name: 'invented' } as RuleResult;
      return { ...answer, results: [...answer.results, invented] };
    },
  ],
  [
    'calls a failed rule passed',
    (answer) => {
      const [first] = answer.results;
      if (first !== undefined) first.result = false;
      return answer;
    },
  ],
  [
    'leaves out a condition',
    (answer) => {
      const [first] = answer.results;
      const conditions = first?.conditions as unknown as { all: { result?: unknown }[] };
      delete conditions.all[0]?.result;
      return answer;
    },
  ],
];

test.each(LIES)('an engine that %s denies with RULES_UNAVAILABLE', async (_name, change) => {
  answering(change);
  const verdict = await book.assessRisk(CALM, OPEN);
  expect(verdict).toMatchObject({ approved: false, codes: ['RULES_UNAVAILABLE'] });
  expect(verdict.checks.every((check) => check.outcome === 'FAILED')).toBe(true);
});

test('an engine that throws denies, and nothing fires', async () => {
  jest.spyOn(Engine.prototype, 'run').mockRejectedValue(new Error('out of order'));
  const verdict = await book.assessRisk(CALM, OPEN);
  expect(verdict).toMatchObject({ approved: false, codes: ['RULES_UNAVAILABLE'] });
  expect(verdict.checks[0]?.message).toContain('out of order');
  const question = { side: 'BUY', price: 9, previous: null, level: 10, facts: {} } as const;
  const answer = await book.assessConditional('take-profit', question);
  expect(answer).toMatchObject({ fires: false });
  expect(answer.reason).toContain('out of order');
});

test('a set with one rule twice denies rather than counting it once', async () => {
  const set = await shippedSet();
  const doubled = createRuleBook({ ...set, risk: [...set.risk, ...set.risk.slice(0, 1)] });
  const verdict = await doubled.assessRisk(CALM, OPEN);
  expect(verdict).toMatchObject({ approved: false, codes: ['RULES_UNAVAILABLE'] });
});
