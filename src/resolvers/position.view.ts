/**
 * Maps a position and its allocations to the API. The figures are taken when the view is made, all
 * at once, so that the parts of one answer always add up.
 */
import { isZero, minus, NO_MONEY, NO_QUANTITY, plus } from '../domain/decimal';
import type { Holding } from '../domain/fill';
import { uncoveredUnits, unprotectedUnits } from '../engine/core/coverage';
import { positionKey, positionOf } from '../engine/core/state';
import type { ApiInstrument } from '../schema/instrument';
import type { ApiMoney, ApiProfitAndLoss } from '../schema/node';
import type { ApiAccount, ApiAllocation, ApiPosition, ApiStrategy } from '../schema/position';
import type { Amount } from '../schema/scalars';
import { partsOf, type PositionPlace } from './holdings';
import { allocationId, type AllocationPlace } from './ids';
import { averageCost, moneyOf, pnlOf } from './money';
import type { Views } from './views';

export class PositionView implements ApiPosition {
  readonly account: ApiAccount;
  readonly instrument: ApiInstrument;
  readonly quantity: Amount;
  readonly averageCost: ApiMoney;
  readonly allocations: readonly ApiAllocation[];
  readonly unallocated: Amount;
  readonly difference: Amount;

  constructor(views: Views, place: PositionPlace) {
    const { state } = views;
    const parts = partsOf(state, place);
    const { quantity } = positionOf(state, place);
    const cost = parts.map(({ holding }) => holding.cost).reduce(plus, NO_MONEY);
    const broken = state.breaks.get(positionKey(place.account, place.instrument));
    this.account = views.account(place.account);
    this.instrument = views.instrument(place.instrument);
    this.quantity = quantity;
    this.averageCost = moneyOf(averageCost(cost, quantity), this.instrument.currency);
    this.allocations = parts.flatMap(({ strategy, holding }) =>
      strategy === null || isZero(holding.quantity)
        ? []
        : [new AllocationView(views, { ...place, strategy, holding })],
    );
    const free = parts.find(({ strategy }) => strategy === null);
    this.unallocated = free?.holding.quantity ?? NO_QUANTITY;
    this.difference =
      broken === undefined ? NO_QUANTITY : minus(broken.brokerQuantity, broken.bookQuantity);
  }
}

export class AllocationView implements ApiAllocation {
  readonly typeName = 'Allocation';
  readonly id: string;
  readonly account: ApiAccount;
  readonly instrument: ApiInstrument;
  readonly quantity: Amount;
  readonly averageCost: ApiMoney;
  readonly uncovered: Amount;
  readonly unprotected: Amount;
  readonly #holding: Holding;
  readonly #strategy: string;

  constructor(
    private readonly views: Views,
    part: AllocationPlace & { readonly holding: Holding },
  ) {
    const { holding } = part;
    this.id = allocationId(part);
    this.account = views.account(part.account);
    this.instrument = views.instrument(part.instrument);
    this.quantity = holding.quantity;
    this.averageCost = moneyOf(
      averageCost(holding.cost, holding.quantity),
      this.instrument.currency,
    );
    this.uncovered = uncoveredUnits(views.state, part);
    this.unprotected = unprotectedUnits(views.state, part);
    this.#holding = holding;
    this.#strategy = part.strategy;
  }

  get strategy(): ApiStrategy {
    return this.views.strategy(this.#strategy);
  }

  get pnl(): ApiProfitAndLoss {
    const held = { instrument: this.instrument.key, holding: this.#holding };
    return pnlOf(this.views, [held], this.instrument.currency);
  }
}
