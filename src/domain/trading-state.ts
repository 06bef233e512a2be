/**
 * ACTIVE, REDUCING, HALTED for the system, an account, a strategy or an instrument. The strictest
 * wins.
 */
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';
export type ScopeKind = 'SYSTEM' | 'ACCOUNT' | 'STRATEGY' | 'INSTRUMENT';

/** What a trading state applies to; the key is empty for the system. */
export interface Scope {
  readonly kind: ScopeKind;
  readonly key: string;
}

const STRICTNESS: Readonly<Record<TradingState, number>> = {
  ACTIVE: 0,
  REDUCING: 1,
  HALTED: 2,
};

/** The stricter of two states. */
export function stricter(a: TradingState, b: TradingState): TradingState {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b;
}
