/** What the books hold: accounts, instruments, positions. Read from the engine, at once. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { ApiInstrument } from '../schema/instrument';
import { ApiAccount, ApiPosition } from '../schema/position';
import type { ApiContext } from './context';
import { findAccount } from './find';
import { mustFind } from './user-errors';
import { viewsOf } from './views';

@Resolver()
export class BookResolver {
  @Query(() => [ApiAccount], { description: 'The accounts, as the broker reported them.' })
  accounts(@Ctx() context: ApiContext): readonly ApiAccount[] {
    const views = viewsOf(context);
    return [...views.state.accounts.keys()].map((key) => views.account(key));
  }

  @Query(() => [ApiInstrument], {
    description:
      'What has been met here so far, by key. Others are looked up at the broker when an ' +
      'order, a preview or a file names them.',
  })
  instruments(
    @Arg('search', () => String, {
      nullable: true,
      description: 'Part of the key or symbol, in any case. Null: all.',
    })
    search: string | null | undefined,
    @Ctx() context: ApiContext,
  ): readonly ApiInstrument[] {
    const views = viewsOf(context);
    const wanted = (search ?? '').toLowerCase();
    return [...views.state.instruments.values()]
      .filter(({ key, symbol }) => `${key} ${symbol}`.toLowerCase().includes(wanted))
      .map(({ key }) => key)
      .sort()
      .map((key) => views.instrument(key));
  }

  @Query(() => [ApiPosition], { description: 'What is held, by account and instrument.' })
  positions(
    @Arg('account', () => String, {
      nullable: true,
      description: 'Key of the account. Null: all accounts.',
    })
    account: string | null | undefined,
    @Ctx() context: ApiContext,
  ): readonly ApiPosition[] {
    const views = viewsOf(context);
    const { state } = views;
    const keys =
      account == null
        ? [...state.accounts.keys()]
        : [mustFind('account', findAccount(state, account))];
    return keys.flatMap((key) => views.account(key).positions);
  }
}
