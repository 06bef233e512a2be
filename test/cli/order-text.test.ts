// What the rehearsal of an order prints.

import { previewText } from '../../src/cli/order-text';
import type { PreviewDecision, RuleCheck } from '../../src/client/orders';

const check = (ruleKey: string, outcome: string, message: string | null = null): RuleCheck => ({
  ...{ ruleKey, outcome, message, effect: 'DENY', location: null },
});
const closing: PreviewDecision = {
  ...{ id: 'dec-preview', quantity: '10', approved: false, codes: ['H1'], opening: null },
  checks: [check('H13', 'PASSED')],
};

it('prints both parts of a flip, each with what stands against it', () => {
  const against = [check('H1', 'FAILED', 'trading is REDUCING'), check('H2', 'PASSED')];
  const opening = { ...closing, quantity: '390', checks: against };
  expect(previewText({ ...closing, opening }).split('\n')).toEqual([
    'It is a flip, two orders.',
    'First 10 to close the position:',
    '  1 other rules passed.',
    'Then 390 to open the rest:',
    '  DENY H1: trading is REDUCING',
    '  1 other rules passed.',
  ]);
});

it('prints the checks alone where nothing is turned', () => {
  expect(previewText(closing)).toBe('  1 other rules passed.');
});
