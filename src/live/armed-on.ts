/**
 * Whether a file in the inbox has traded already. One that was begun and not ended, since the
 * process ended in between, goes on in the same session and in no later one.
 */
import { sameSettings, type ImportSettings } from '../domain/import-settings';
import type { InstructionFileRecord } from '../domain/instruction';
import type { Plan } from '../domain/plan';
import type { State } from '../engine/core/state';

export interface Asked {
  readonly contentHash: string;
  readonly strategy: string;
  /** What holds where the file is silent: under other settings it is another load. */
  readonly settings?: ImportSettings;
  /** The date that the file or its profile states; another one is another load. */
  readonly stated?: string | null;
  /** The session that is on, or the next one, exchange-local. */
  readonly tradingDate: string;
}

/** The last trading date for which the content was armed; null: it shall be loaded. */
export function armedOn(
  state: State,
  { contentHash, strategy, settings, stated = null, tradingDate }: Asked,
): string | null {
  let last: string | null = null;
  const see = (date: string): void => {
    if (last === null || date > last) last = date;
  };
  const isOther = (load: InstructionFileRecord | Plan): boolean =>
    (stated !== null && load.tradingDate !== stated) ||
    load.contentHash !== contentHash ||
    load.strategy !== strategy ||
    !sameSettings(load.settings, settings);
  for (const file of state.files.values()) {
    if (isOther(file)) continue;
    if (file.symbols.some(({ accepted }) => accepted)) see(file.tradingDate);
  }
  for (const plan of state.plans.values()) {
    if (isOther(plan)) continue;
    if (plan.tradingDate < tradingDate) see(plan.tradingDate);
  }
  return last;
}
