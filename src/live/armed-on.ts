/**
 * Whether a file in the inbox has traded already. One that was begun and not ended, since the
 * process ended in between, goes on in the same session and in no later one.
 */
import type { State } from '../engine/core/state';

export interface Asked {
  readonly contentHash: string;
  readonly strategy: string;
  /** The session that is on, or the next one, exchange-local. */
  readonly tradingDate: string;
}

/** The last trading date for which the content was armed; null: it shall be loaded. */
export function armedOn(
  state: State,
  { contentHash, strategy, tradingDate }: Asked,
): string | null {
  let last: string | null = null;
  const see = (date: string): void => {
    if (last === null || date > last) last = date;
  };
  for (const file of state.files.values()) {
    if (file.contentHash !== contentHash || file.strategy !== strategy) continue;
    if (file.symbols.some(({ accepted }) => accepted)) see(file.tradingDate);
  }
  for (const plan of state.plans.values()) {
    if (plan.contentHash !== contentHash || plan.strategy !== strategy) continue;
    if (plan.tradingDate < tradingDate) see(plan.tradingDate);
  }
  return last;
}
