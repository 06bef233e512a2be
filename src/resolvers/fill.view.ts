/** Maps a fill to the API. */
import type { Money } from '../domain/decimal';
import type { Fill } from '../domain/fill';
import type { Side } from '../domain/order';
import type { ApiInstrument } from '../schema/instrument';
import type { ApiMoney } from '../schema/node';
import type { ApiFill, ApiOrder } from '../schema/order';
import type { Amount } from '../schema/scalars';
import { fillId } from './ids';
import { moneyOrNull } from './money';
import type { Views } from './views';

export class FillView implements ApiFill {
  readonly typeName = 'Fill';
  readonly id: string;
  readonly execId: string;
  readonly side: Side;
  readonly quantity: Amount;
  readonly price: Amount;
  readonly at: number;
  readonly #fill: Fill;
  readonly #realized: Money | null;

  constructor(
    private readonly views: Views,
    { fill, realized }: { readonly fill: Fill; readonly realized: Money | null },
  ) {
    this.#fill = fill;
    this.#realized = realized;
    this.id = fillId(fill.execId);
    this.execId = fill.execId;
    this.side = fill.side;
    this.quantity = fill.quantity;
    this.price = fill.price;
    this.at = fill.at;
  }

  get order(): ApiOrder | null {
    return this.#fill.order === null ? null : this.views.orderOfId(this.#fill.order);
  }
  get instrument(): ApiInstrument {
    return this.views.instrument(this.#fill.instrument);
  }
  get realizedPnl(): ApiMoney | null {
    return moneyOrNull(this.#realized, this.instrument.currency);
  }
  /** Comes after the fill, so it is looked up when it is asked for. */
  get commission(): ApiMoney | null {
    const charged = this.views.state.charged.get(this.#fill.execId) ?? null;
    return moneyOrNull(charged, this.views.account(this.#fill.account).currency);
  }
}
