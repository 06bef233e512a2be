/**
 * What would be decided about an order placed now. A flip is judged in both its parts: the second
 * against the books as they are once the first has filled at the last price and nothing else of
 * the old position is at the broker. Reads the state and changes nothing.
 */
import type { Command } from '../domain/input';
import type { Order } from '../domain/order';
import type { Refusal } from '../domain/refusal';
import type { Decision, PreviewedDecision } from '../domain/verdict';
import { Assessor, type AssessorParts } from './assessor';
import { closedState } from './core/closed-state';
import { manualOrder, unusable } from './core/decide-place';
import { makeDecision } from './core/decision';
import { openingAfter } from './core/flips';
import { sendableQuantity } from './core/sendable';

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;

export interface PreviewParts extends AssessorParts {
  /** Whether an order approved now would leave at once. */
  readonly canSend: boolean;
}

/** The decision, or why `placeOrder` would refuse the order as unusable. */
export async function previewOf(
  parts: PreviewParts,
  command: Placing,
  at: number,
): Promise<PreviewedDecision | Refusal> {
  const { state } = parts;
  const fault = unusable(state, { command, at });
  if (fault !== null) return fault;
  const order = manualOrder(state, { command, at });
  const decision = await decided(parts, order, at);
  if (order.flip === undefined) return { ...decision, opening: null };
  const after = {
    ...parts,
    state: closedState(state, { order, market: parts.context.market, at }),
  };
  const opening = await decided(after, openingAfter(state, order, at), at);
  return {
    ...decision,
    approved: decision.approved && opening.approved,
    codes: [...new Set([...decision.codes, ...opening.codes])],
    opening,
  };
}

async function decided(parts: PreviewParts, order: Order, at: number): Promise<Decision> {
  const { state, context, canSend } = parts;
  const assessment = await new Assessor(parts).assessRisk(order, at);
  const quantity = sendableQuantity(state, order);
  const ask = { ...context, assessment, canSend };
  return { ...makeDecision(state, ask, { order, quantity, at }), id: 'dec-preview' };
}
