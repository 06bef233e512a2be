/**
 * Cash and positions of the gateway's one account, by average cost with commissions in it, as the
 * broker counts. Knows no order and no wire; the exact decimals are the domain's.
 */
import {
  abs,
  isZero,
  minus,
  money,
  negate,
  NO_MONEY,
  NO_QUANTITY,
  perUnit,
  plus,
  price,
  quantity,
  shareOf,
  signOf,
  smaller,
  times,
  toText,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { InstrumentKey } from '../../domain/ids';
import type { GatewayExecution, GatewayPosition } from './gateway-records';

/** What a position is worth at a price. */
export interface Valuation {
  readonly instrument: InstrumentKey;
  readonly quantity: Quantity;
  readonly averageCost: Price;
  readonly price: Price;
  readonly value: Money;
  readonly unrealized: Money;
  readonly realized: Money;
}

interface Held {
  quantity: Quantity;
  cost: Money;
  realized: Money;
}

export class GatewayBooks {
  #cash: Money;
  readonly #positions = new Map<InstrumentKey, Held>();
  readonly #changed = new Set<InstrumentKey>();

  constructor(private readonly opening: Money) {
    this.#cash = opening;
  }

  get cash(): Money {
    return this.#cash;
  }

  /** Units held; negative is short. */
  held(instrument: InstrumentKey): Quantity {
    return this.#positions.get(instrument)?.quantity ?? NO_QUANTITY;
  }

  /** Every instrument ever held, flat ones included. */
  instruments(): InstrumentKey[] {
    return [...this.#positions.keys()];
  }

  /** Average cost per unit, commissions included; zero where nothing is held. */
  averageCost(instrument: InstrumentKey): Price {
    const held = this.#positions.get(instrument);
    if (held === undefined || isZero(held.quantity)) return price('0');
    return perUnit(held.cost, held.quantity);
  }

  valuation(instrument: InstrumentKey, at: Price): Valuation {
    const held = this.#held(instrument);
    const value = times(at, held.quantity);
    return {
      ...{ instrument, quantity: held.quantity, price: at, value, realized: held.realized },
      averageCost: this.averageCost(instrument),
      unrealized: minus(value, held.cost),
    };
  }

  /** Books an execution without its commission; what it realised, or null if it only opened. */
  trade(execution: TradeOf): Money | null {
    const held = this.#held(execution.instrument);
    const units = quantity(execution.quantity);
    const at = price(execution.price);
    const change = execution.side === 'BUY' ? units : negate(units);
    this.#cash = minus(this.#cash, times(at, change));
    const closing =
      signOf(held.quantity) === -signOf(change) ? smaller(abs(held.quantity), units) : NO_QUANTITY;
    const opening = minus(units, closing);
    let realized: Money | null = null;
    if (signOf(closing) > 0) {
      const cost = shareOf(held.cost, closing, abs(held.quantity));
      const proceeds = times(at, execution.side === 'SELL' ? closing : negate(closing));
      realized = minus(proceeds, cost);
      held.cost = minus(held.cost, cost);
      held.realized = plus(held.realized, realized);
    }
    held.quantity = plus(held.quantity, change);
    if (isZero(held.quantity)) held.cost = NO_MONEY;
    const signed = execution.side === 'BUY' ? opening : negate(opening);
    held.cost = plus(held.cost, times(at, signed));
    this.#changed.add(execution.instrument);
    return realized;
  }

  /** Books a commission: into the cost of what was opened, or out of what was realised. */
  charge(instrument: InstrumentKey, amount: Money, opened: boolean): void {
    const held = this.#held(instrument);
    this.#cash = minus(this.#cash, amount);
    if (opened && !isZero(held.quantity)) held.cost = plus(held.cost, amount);
    else held.realized = minus(held.realized, amount);
    this.#changed.add(instrument);
  }

  /** Starts over and books these executions: after one of them was corrected. */
  rebuild(executions: Iterable<GatewayExecution>): void {
    this.#cash = this.opening;
    for (const [instrument, held] of this.#positions) {
      Object.assign(held, { quantity: NO_QUANTITY, cost: NO_MONEY, realized: NO_MONEY });
      this.#changed.add(instrument);
    }
    for (const execution of executions) {
      const realized = this.trade(execution);
      const commission = money(execution.commission);
      if (!isZero(commission)) this.charge(execution.instrument, commission, realized === null);
    }
  }

  restore(cash: Money, positions: readonly GatewayPosition[]): void {
    this.#cash = cash;
    for (const position of positions) {
      this.#positions.set(position.instrument, {
        quantity: quantity(position.quantity),
        cost: money(position.cost),
        realized: money(position.realized),
      });
    }
  }

  /** Positions that changed since the last call, as records. */
  takeChanged(): GatewayPosition[] {
    const changed = [...this.#changed].map((instrument) => this.#record(instrument));
    this.#changed.clear();
    return changed;
  }

  #record(instrument: InstrumentKey): GatewayPosition {
    const held = this.#held(instrument);
    const { cost, realized } = held;
    return {
      ...{ instrument, quantity: toText(held.quantity) },
      ...{ cost: toText(cost), realized: toText(realized) },
    };
  }

  #held(instrument: InstrumentKey): Held {
    let held = this.#positions.get(instrument);
    if (held === undefined) {
      held = { quantity: NO_QUANTITY, cost: NO_MONEY, realized: NO_MONEY };
      this.#positions.set(instrument, held);
    }
    return held;
  }
}

type TradeOf = Pick<GatewayExecution, 'instrument' | 'side' | 'quantity' | 'price'>;
