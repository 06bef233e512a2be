/** Maps what a plan can come to at worst to the API, with the limits it is held against. */
import type { WorstCase } from '../domain/worst-case';
import type { ApiInstructionWorstCase } from '../schema/worst-case';
import { moneyOf, moneyOrNull } from './money';
import type { Views } from './views';

export function worstCaseView(
  { state, engine }: Views,
  worst: WorstCase,
  { account, instrument }: { readonly account: string; readonly instrument: string },
): ApiInstructionWorstCase {
  const ours = state.accounts.get(account)?.currency ?? 'USD';
  const currency = state.instruments.get(instrument)?.currency ?? ours;
  const { position, loss: lossLimit } = engine.limitsOf(account);
  const { direction, quantity, notional, uncovered, loss, cycles, lossOfAllCycles } = worst;
  return {
    side: direction === 'LONG' ? 'BUY' : 'SELL',
    ...{ maxQuantity: quantity, maxNotional: moneyOf(notional, currency) },
    ...{ uncoveredQuantity: uncovered, loss: moneyOrNull(loss, currency), cycles },
    lossOfAllCycles: moneyOrNull(lossOfAllCycles, currency),
    ...{ positionLimit: moneyOf(position, ours), lossLimit: moneyOf(lossLimit, ours) },
  };
}
