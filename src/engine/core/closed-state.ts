/**
 * The books as they would be once the first part of a flip has filled to its end at the last
 * price: its position flat, its exits over. For looking ahead; the state itself stays as it is.
 */
import { minus, NO_QUANTITY, plus, price, times } from '../../domain/decimal';
import type { Market } from '../../domain/market';
import type { Order } from '../../domain/order';
import { holdingKey, holdingOf, positionKey, positionOf, type State } from './state';

interface Closing {
  readonly order: Order;
  readonly market: Market;
  readonly at: number;
}

export function closedState(state: State, { order, market, at }: Closing): State {
  const { account, instrument } = order;
  const held = holdingOf(state, order);
  const position = positionOf(state, order);
  const place = holdingKey(order);
  const exits = state.exits.get(place) ?? new Set();
  const working = [...(state.working.get(instrument) ?? [])].filter((id) => !exits.has(id));
  const known = state.accounts.get(account);
  const accounts = new Map(state.accounts);
  if (known !== undefined) {
    const last = market.last(instrument);
    const worth = last === undefined ? held.cost : times(price(last.priceText), held.quantity);
    accounts.set(account, {
      ...known,
      cash: plus(known.cash, worth),
      sends: [...known.sends, at],
    });
  }
  return {
    ...state,
    accounts,
    holdings: new Map(state.holdings).set(place, { ...held, quantity: NO_QUANTITY }),
    positions: new Map(state.positions).set(positionKey(account, instrument), {
      ...position,
      quantity: minus(position.quantity, held.quantity),
    }),
    working: new Map(state.working).set(instrument, new Set(working)),
    exits: new Map(state.exits).set(place, new Set()),
  };
}
