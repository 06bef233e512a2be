/**
 * Plans that are not to outlast a session, by the clock: which of them are due to be closed out
 * now, which the end of their session found in position all the same, and what flattens and has not
 * left by then. Sends nothing.
 */
import type { Session } from '../calendar/sessions';
import { abs, toText } from '../domain/decimal';
import type { Command } from '../domain/input';
import { FLATTEN_BEFORE_CLOSE } from '../domain/plan';
import { CLOSING_OUT, duePlans } from '../engine/core/close-out';
import { isOwed } from '../engine/core/session-over';
import { holdingOf, orderOf, type State } from '../engine/core/state';

/** The command that closes them out; null while there is none, or nothing to close. */
export function closeOutDue(
  state: State,
  given: {
    readonly session: Session;
    readonly instruments: readonly string[];
    readonly at: number;
  },
): Extract<Command, { kind: 'CLOSE_OUT' }> | null {
  const { session, at } = given;
  if (state.flattening.size === 0 || at < session.close - FLATTEN_BEFORE_CLOSE) return null;
  const here = new Set(given.instruments);
  const due = duePlans(state, session.date).flatMap(({ instrument }) =>
    here.has(instrument) ? [instrument] : [],
  );
  if (due.length === 0) return null;
  const instruments = [...new Set(due)];
  return { kind: 'CLOSE_OUT', instruments, tradingDate: session.date, reason: CLOSING_OUT };
}

/** A sentence for each plan whose position should be gone. */
export function leftOpen(state: State, instruments: readonly string[], before: string): string[] {
  const here = new Set(instruments);
  const said: string[] = [];
  for (const id of state.flattening) {
    const plan = state.plans.get(id);
    if (plan?.status !== 'IN_POSITION' || !here.has(plan.instrument)) continue;
    if (plan.tradingDate >= before) continue;
    const held = toText(abs(holdingOf(state, plan).quantity));
    said.push(
      `${plan.strategy} still holds ${held} ${plan.instrument} of ${plan.tradingDate}, which was ` +
        'to be closed before the session ended. Its exits stay; it is tried again before the end ' +
        'of the next session.',
    );
  }
  return said;
}

/** A sentence for each order that flattens and waits when a session ends. */
export function leftOver(state: State, instruments: readonly string[]): string[] {
  const here = new Set(instruments);
  return [...state.dueSends]
    .map((id) => orderOf(state, id))
    .filter((order) => isOwed(order) && here.has(order.instrument))
    .map(({ side, quantity, instrument, strategy, statusMessage }) => {
      const what = `${side} ${toText(quantity)} ${instrument} of ${strategy} has not left`;
      const why = statusMessage ?? 'it closes what should not be open';
      return `${what}: ${why}. No session ends it: it is sent when the link is ready.`;
    });
}
