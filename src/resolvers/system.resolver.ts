/** The system as a whole: what it is, and the kill switch with its release. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Scope } from '../domain/trading-state';
import type { State } from '../engine/core/state';
import { SetTradingStateInput } from '../schema/inputs';
import { SetTradingStatePayload } from '../schema/payloads';
import { ApiSystem } from '../schema/system';
import { reasonFault } from './checks';
import type { ApiContext } from './context';
import { findAccount, findInstrumentKey, findStrategy } from './find';
import { systemView } from './system.view';
import { fault, Faults, refusalError, type Found } from './user-errors';

@Resolver()
export class SystemResolver {
  @Query(() => ApiSystem, { description: 'The system as a whole.' })
  system(@Ctx() context: ApiContext): ApiSystem {
    return systemView(context);
  }

  @Mutation(() => SetTradingStatePayload, {
    description: 'The kill switch, and its release.',
  })
  async setTradingState(
    @Arg('input', () => SetTradingStateInput, { description: 'State, reason and scope.' })
    input: SetTradingStateInput,
    @Ctx() context: ApiContext,
  ): Promise<SetTradingStatePayload> {
    const { engine, desk } = context;
    const faults = new Faults(['input']);
    faults.check('reason', reasonFault(input.reason));
    const scope = scopeOf(engine.state, input, faults);
    if (scope === undefined || faults.any) return { system: null, userErrors: faults.errors };
    const { state, reason } = input;
    const by = context.principal ?? 'graphql';
    const command = { kind: 'SET_TRADING_STATE', scope, state, reason, by } as const;
    const edge = { id: desk.commandId(), at: desk.now() };
    const refusal = await engine.execute(command, edge);
    if (refusal === null) return { system: systemView(context), userErrors: [] };
    const error = refusalError(refusal, (field) => ['input', field]);
    return { system: null, userErrors: [error] };
  }
}

type ScopeInput = Pick<SetTradingStateInput, 'strategy' | 'instrument' | 'account'>;

/** At most one scope; none is the whole system. */
function scopeOf(state: State, input: ScopeInput, faults: Faults): Scope | undefined {
  const given: [string, Scope['kind'], Found<string>][] = [];
  const { strategy, instrument, account } = input;
  if (strategy != null) given.push(['strategy', 'STRATEGY', findStrategy(state, strategy)]);
  if (instrument != null) {
    given.push(['instrument', 'INSTRUMENT', findInstrumentKey(state, instrument)]);
  }
  if (account != null) given.push(['account', 'ACCOUNT', findAccount(state, account)]);
  const [first, ...others] = given;
  if (first === undefined) return { kind: 'SYSTEM', key: '' };
  if (others.length > 0) {
    const message = 'Name at most one of strategy, instrument and account; one call for each.';
    faults.add(null, fault('INVALID', message));
    return undefined;
  }
  const [field, kind, found] = first;
  const key = faults.take(field, found);
  return key === undefined ? undefined : { kind, key };
}
