/** What would be decided about an order, and of a bracket whether its worst case would pass. */
import type { Refusal } from '../domain/refusal';
import type { PreviewedDecision, RuleCheck } from '../domain/verdict';
import { isBracket, WORST_CASE } from '../engine/core/brackets';
import type { Engine } from '../engine/loop';
import type { PlaceCommand } from './order-input';

type Previewing = Pick<Engine, 'preview' | 'rehearse'>;

/** The decision, or why there would be none. Nothing is recorded and nothing is sent. */
export async function previewed(
  engine: Previewing,
  command: PlaceCommand,
  at: number,
): Promise<PreviewedDecision | Refusal> {
  if (!isBracket(command)) return engine.preview(command, at);
  // No client has used this id: it is none.
  const { refusal } = await engine.rehearse({ ...command, requestId: '' }, at);
  const beyond = refusal?.code === 'RISK_DENIED';
  if (refusal !== null && !beyond) return refusal;
  const decision = await engine.preview(command, at);
  if ('code' in decision) return decision;
  const check: RuleCheck = {
    ...{ ruleKey: WORST_CASE, effect: 'DENY', outcome: beyond ? 'FAILED' : 'PASSED' },
    ...{ message: refusal?.message ?? null, location: null, conditions: [] },
  };
  return {
    ...decision,
    approved: decision.approved && !beyond,
    codes: beyond ? [...decision.codes, WORST_CASE] : decision.codes,
    checks: [...decision.checks, check],
  };
}
