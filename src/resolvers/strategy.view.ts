/** Maps a strategy to the API. Its list of orders is asked of the history by its resolver. */
import { isZero } from '../domain/decimal';
import type { StrategyStage } from '../domain/book';
import { stricter, type TradingState } from '../domain/trading-state';
import { scopeKey, type State, type StrategyState } from '../engine/core/state';
import type { ApiMoney, ApiProfitAndLoss } from '../schema/node';
import type { ApiAllocation, ApiStrategy } from '../schema/position';
import { partsOfStrategy } from './holdings';
import { strategyId } from './ids';
import { moneyOrNull, pnlOf } from './money';
import { AllocationView } from './position.view';
import type { Views } from './views';

/** What a strategy's figures are counted in: the currency of the account opened first. */
export function baseCurrency(state: State): string {
  const [first] = state.accounts.values();
  return first?.currency ?? 'USD';
}

export class StrategyView implements ApiStrategy {
  readonly typeName = 'Strategy';
  readonly id: string;
  readonly key: string;
  readonly stage: StrategyStage;
  readonly weight: string;
  readonly allowsShort: boolean;

  constructor(
    private readonly views: Views,
    private readonly strategy: StrategyState,
  ) {
    this.id = strategyId(strategy.key);
    this.key = strategy.key;
    this.stage = strategy.stage;
    this.weight = strategy.weight;
    this.allowsShort = strategy.allowsShort;
  }

  get tradingState(): TradingState {
    const { tradingStates } = this.views.state;
    const own = tradingStates.get(scopeKey({ kind: 'STRATEGY', key: this.key })) ?? 'ACTIVE';
    return stricter(own, tradingStates.get(scopeKey({ kind: 'SYSTEM', key: '' })) ?? 'ACTIVE');
  }

  get capital(): ApiMoney | null {
    return moneyOrNull(this.strategy.capital, baseCurrency(this.views.state));
  }

  get allocations(): readonly ApiAllocation[] {
    return partsOfStrategy(this.views.state, this.key)
      .filter(({ holding }) => !isZero(holding.quantity))
      .map((part) => new AllocationView(this.views, { ...part, strategy: this.key }));
  }

  get pnl(): ApiProfitAndLoss {
    const parts = partsOfStrategy(this.views.state, this.key);
    return pnlOf(this.views, parts, baseCurrency(this.views.state));
  }
}
