/**
 * Exits of one strategy that one price could fill together, before any of them can be resized:
 * what rests for the same move of the price, and what the price that releases another one reaches.
 */
import { compare, larger, minus, NO_QUANTITY, plus } from '../../domain/decimal';
import type { Price, Quantity } from '../../domain/decimal';
import type { Order } from '../../domain/order';
import { executedUnits } from './executed';
import { exitsOfOwner, isInFlight } from './sizing';
import { holdingKey, orderOf, type State } from './state';

const STOPS: ReadonlySet<Order['type']> = new Set(['STOP', 'STOP_LIMIT', 'TRAILING_STOP']);

/**
 * Units of other exits of the strategy that wait for the same move of the price: targets beside a
 * target, stops beside a stop, at the broker or armed by hand. One price could fill them all before
 * any can be resized.
 */
export function restingLikewise(state: State, order: Order): Quantity {
  if (order.type === 'MARKET') return NO_QUANTITY;
  const stops = waitsAsStop(order);
  const armed = [...(state.exits.get(holdingKey(order)) ?? [])]
    .map((id) => orderOf(state, id))
    .filter(({ status, heldBy }) => status === 'ARMED' && heldBy === 'ENGINE')
    .filter(({ role }) => role === 'MANUAL')
    .filter(({ side }) => side === order.side);
  const likewise = [...resting(state, order), ...armed].filter(
    (other) => other.id !== order.id && waitsAsStop(other) === stops,
  );
  return mostOf(likewise);
}

/** The same of exits at the broker alone, as they are or will be. */
export function heldLikewise(exits: readonly Order[], order: Order): Quantity {
  const stops = waitsAsStop(order);
  const likewise = exits.filter(
    (other) => other.id !== order.id && waitsAsStop(other) === stops && !isInFlight(other),
  );
  return mostOf(likewise);
}

/**
 * Units of other exits at the broker that could fill together with one which this price releases.
 * A target counts every target, since all of them fill above some price; a stop that sends a limit
 * counts those that did so before it, and what its limit reaches. What the price itself reaches
 * counts beside any.
 */
export function besideFired(state: State, order: Order, firedOn: Price): Quantity {
  return mostOf(
    resting(state, order).filter((other) => {
      if (isReached(other, firedOn)) return true;
      if (order.limitPrice === null) return false;
      if (!waitsAsStop(order)) return !waitsAsStop(other);
      return firedAsStop(other) || (!isStop(other) && isReached(other, order.limitPrice));
    }),
  );
}

/** Other exits at the broker on the order's side that wait for a price there. */
function resting(state: State, order: Order): Order[] {
  return exitsOfOwner(state, order).filter(
    (other) => other.id !== order.id && other.side === order.side && !isInFlight(other),
  );
}

/** Whether it goes with a loss: below the market for what sells, above it for what buys. */
function waitsAsStop(order: Order): boolean {
  const { trigger } = order;
  if (trigger === null || trigger.firedAt !== null) return isStop(order);
  return losing(order, trigger.kind);
}

const isStop = ({ type }: Order): boolean => STOPS.has(type);

type Kind = NonNullable<Order['trigger']>['kind'];
function losing({ side }: Order, kind: Kind): boolean {
  if (kind === 'STOP' || kind === 'TRAIL') return true;
  return kind === (side === 'SELL' ? 'CROSS_UNDER' : 'CROSS_OVER');
}

/** A stop held here that has sent its limit: it is on its way, as far as the limit lets it. */
function firedAsStop(order: Order): boolean {
  const { trigger } = order;
  return trigger !== null && trigger.firedAt !== null && losing(order, trigger.kind);
}

/** Whether a price fills it, or sets it off, as it stands or as it was asked to be. */
function isReached(order: Order, at: Price): boolean {
  const stop = isStop(order);
  const prices = [order, order.requestedPrices]
    .map((each) => (stop ? each?.stopPrice : (each?.limitPrice ?? each?.stopPrice)))
    .filter((each) => each != null);
  const upwards = (order.side === 'SELL') !== stop;
  return prices.some((each) => (upwards ? compare(at, each) >= 0 : compare(at, each) <= 0));
}

/** What may fill of them, where changes that were asked for are made or not. */
function mostOf(orders: readonly Order[]): Quantity {
  const each = (order: Order): Quantity =>
    minus(larger(order.quantity, order.requestedQuantity ?? order.quantity), executedUnits(order));
  return orders.reduce((sum, order) => plus(sum, each(order)), NO_QUANTITY);
}
