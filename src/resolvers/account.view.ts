/** Maps an account to the API: the books beside what the broker says of it. */
import type { Money } from '../domain/decimal';
import type { AccountState } from '../engine/core/state';
import type { ApiMoney, ApiProfitAndLoss } from '../schema/node';
import type { ApiAccount, ApiPosition } from '../schema/position';
import { allPositions, isHeld, partsOf } from './holdings';
import { accountId } from './ids';
import { moneyOrNull, pnlOf } from './money';
import { PositionView } from './position.view';
import type { Views } from './views';

export class AccountView implements ApiAccount {
  readonly typeName = 'Account';
  readonly id: string;
  readonly key: string;
  readonly currency: string;

  constructor(
    private readonly views: Views,
    account: AccountState,
  ) {
    this.id = accountId(account.key);
    this.key = account.key;
    this.currency = account.currency;
  }

  get positions(): readonly ApiPosition[] {
    const { state } = this.views;
    return allPositions(state)
      .filter((place) => place.account === this.key && isHeld(state, place))
      .map((place) => new PositionView(this.views, place));
  }

  get netLiquidation(): ApiMoney | null {
    return this.#said((values) => values.netLiquidation);
  }

  get buyingPower(): ApiMoney | null {
    return this.#said((values) => values.buyingPower);
  }

  get pnl(): ApiProfitAndLoss {
    const { state } = this.views;
    const parts = allPositions(state)
      .filter((place) => place.account === this.key)
      .flatMap((place) => partsOf(state, place));
    return pnlOf(this.views, parts, this.currency);
  }

  #said(pick: (values: Said) => Money | null): ApiMoney | null {
    const values = this.views.desk.accountValues(this.key);
    return values === null ? null : moneyOrNull(pick(values), values.currency);
  }
}

interface Said {
  readonly netLiquidation: Money | null;
  readonly buyingPower: Money | null;
}
