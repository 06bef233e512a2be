/** Maps the system as a whole to the API. */
import type { ScopeKind } from '../domain/trading-state';
import { scopeKey, type StateCause } from '../engine/core/state';
import type { ApiSystem, ApiTradingStateEntry } from '../schema/system';
import type { ApiContext } from './context';
import { ruleSetView } from './decision.view';

export function systemView({ engine, feed, desk }: ApiContext): ApiSystem {
  const { state, reason } = desk.link();
  const own = engine.state.tradingStates.get(scopeKey({ kind: 'SYSTEM', key: '' })) ?? 'ACTIVE';
  const causes = [...engine.state.stateCauses.values()].sort((a, b) => a.at - b.at);
  return {
    mode: desk.mode,
    tradingState: engine.hasStopped ? 'HALTED' : own,
    tradingStates: causes.map(entryOf),
    link: state,
    linkReason: reason,
    ruleSet: ruleSetView(desk.rules()),
    sequence: feed.head,
    now: desk.now(),
  };
}

function entryOf({ scope, state, reason, by, at }: StateCause): ApiTradingStateEntry {
  const of = (kind: ScopeKind): string | null => (scope.kind === kind ? scope.key : null);
  return {
    ...{ state, reason, setBy: by, since: at },
    ...{ account: of('ACCOUNT'), strategy: of('STRATEGY'), instrument: of('INSTRUMENT') },
  };
}
