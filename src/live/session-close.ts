/**
 * Ends what was armed for a session that is over, in parts where many orders were: fills, prices of
 * other markets and questions are worked off in between. Must not know when a session is over.
 */
import { ordersOver, type CloseSession } from '../engine/core/session-over';
import type { State } from '../engine/core/state';
import { Breath } from '../instructions/breath';

/** Orders of a part: some milliseconds of the engine's time. */
const MOST_ORDERS = 300;

export interface CloseParts {
  readonly state: State;
  readonly execute: (command: CloseSession) => Promise<unknown>;
  /** Whether prices come in, or soon may: then all that is left ends at once, before one. */
  readonly hurries: () => boolean;
  /** Whether what is left shall wait for the next start. */
  readonly stopping: () => boolean;
}

/** Each part is one batch of the journal. What a crash leaves is ended at the next start. */
export async function closeInParts(
  command: CloseSession,
  { state, execute, hurries, stopping }: CloseParts,
): Promise<void> {
  const breath = new Breath();
  while (!stopping() && ordersOver(state, command).next().done !== true) {
    await execute(hurries() ? command : { ...command, most: MOST_ORDERS });
    await breath.turn();
  }
}
