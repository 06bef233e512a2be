/**
 * Exits follow what their strategy owns, those of a plan and those placed by hand alike: after each
 * fill every one at the broker is brought to the size of the position, and none outlives it. Those
 * that wait for a price may each cover the whole position; those that fill at once share it, in
 * file order. Units that the account certainly does not hold are nobody's to give back.
 */
import {
  abs,
  compare,
  isZero,
  larger,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  smaller,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { isAtBroker, type Order } from '../../domain/order';
import type { StrategyKey } from '../../domain/ids';
import { executedUnits, isOverWith } from './executed';
import { heldLikewise } from './exits-beside';
import type { OwnFill } from './late-fills';
import { beyondStrategies, heldIn, unitsThere, type Foreseen, type Place } from './missing-units';
import { exitsOfOwner, exitsOfPlace, fillsAtOnce, needsResize, remainingOf } from './sizing';
import { holdingKey, linkAllows, orderOf, workingOrders, type State } from './state';
import { cancelOf } from './tidy-events';

/** What the exits at the broker must be asked for after a fill. */
export function exitsFollow(state: State, given: OwnFill, loose: Quantity): Event[] {
  const { order, holdingAfter } = given;
  const foreseen = { holdings: new Map([[order.strategy, holdingAfter]]) };
  const seen = withFill(given);
  const own = exitsMatch(state, order, { foreseen, loose, seen });
  if (isZero(beyondStrategies(state, order, foreseen))) return own;
  // What one gives back is not there for the others.
  const others = ownersOf(state, order).filter(({ strategy }) => strategy !== order.strategy);
  return [...own, ...others.flatMap((owner) => exitsMatch(state, owner, { foreseen, seen }))];
}

interface Given {
  /** What is held once what is being decided is folded in. */
  readonly foreseen?: Foreseen;
  /** Units of the owner that are being closed otherwise. */
  readonly loose?: Quantity;
  /** An order as it will be then. */
  readonly seen?: (order: Order) => Order;
}

/** What the exits of an owner must be asked for, so that they fit what it holds. */
function exitsMatch(state: State, owner: Owner, given: Given): Event[] {
  const { foreseen = {}, loose = NO_QUANTITY, seen = (order) => order } = given;
  const held = heldIn(state, owner, foreseen);
  const exits = exitsOfOwner(state, owner).map(seen).filter(isAtBroker);
  const [reducing, idle] = [
    exits.filter((other) => reduces(other, held)),
    exits.filter((other) => !reduces(other, held)),
  ];
  const most = inReach(state, owner, given);
  const size = minus(most, loose);
  const ended = [...idle.filter(canEnd), ...armedInVain(state, owner, held)].map(cancelled);
  if (!isZero(most)) return [...ended, ...resizedTo(state, reducing, size)];
  const vain = reducing.filter((order) => canEnd(order) && order.status !== 'UNKNOWN');
  return [...ended, ...vain.map((order) => cancelOf(order, 'what it is for is not there'))];
}

/** Exits armed by hand outlive no position: they would give back of the next one. */
function armedInVain(state: State, owner: Owner, held: Quantity): Order[] {
  return [...(state.exits.get(holdingKey(owner)) ?? [])]
    .map((id) => orderOf(state, id))
    .filter(({ status, role }) => status === 'ARMED' && role === 'MANUAL')
    .filter((order) => order.heldBy === 'ENGINE' && !reduces(order, held));
}

/**
 * What the owner holds less what is certainly missing, or another strategy of the account is giving
 * back. While the link is not ready nothing is certain: executions and positions are on their way.
 */
function inReach(state: State, owner: Owner, { foreseen = {}, seen }: Given): Quantity {
  const held = heldIn(state, owner, foreseen);
  if (!linkAllows(state)) return abs(held);
  const side = signOf(held) > 0 ? 'SELL' : 'BUY';
  const there = unitsThere(state, { ...owner, side }, foreseen);
  if (there === null) return abs(held);
  const others = exitsOfPlace(state, owner)
    .filter((order) => order.strategy !== owner.strategy && order.side === side)
    .map((order) => seen?.(order) ?? order);
  const free = minus(there, remainingOf(others.filter(fillsAtOnce)));
  return larger(smaller(abs(held), free), NO_QUANTITY);
}

type Owner = Place & { readonly strategy: StrategyKey };

/** An exit of each strategy that has any at the broker. */
function ownersOf(state: State, place: Place): Order[] {
  return [...new Map(exitsOfPlace(state, place).map((each) => [each.strategy, each])).values()];
}

/**
 * The same where no fill did it: a liquidation that has nothing left to flatten, since an execution
 * was corrected, must not open the other side.
 */
function exitsFit(state: State, owner: Owner, given: Given): Event[] {
  const held = heldIn(state, owner, given.foreseen ?? {});
  const vain = exitsOfOwner(state, owner)
    .filter(({ role, status }) => role === 'LIQUIDATION' && status !== 'CANCEL_PENDING')
    .filter((other) => !reduces(other, held));
  const cancels = vain.map((other) => cancelOf(other, 'nothing is left to flatten'));
  return [...cancels, ...exitsMatch(state, owner, given)];
}

/**
 * The exits of every strategy in a place where units went missing or came back, or an execution was
 * corrected.
 */
export function exitsOfPlaceFit(state: State, place: Place, given: Given): Event[] {
  return ownersOf(state, place).flatMap((owner) => exitsFit(state, owner, given));
}

/**
 * What follows for the exits of a place where one of them is not what it was: it turned up, or is
 * on its way at any price. Where nothing is missing each fits already.
 */
export function exitsGiveWay(state: State, order: Order, now: Partial<Order>): Event[] {
  if (order.effect !== 'REDUCE' || !linkAllows(state)) return [];
  if (isZero(beyondStrategies(state, order, {}))) return [];
  const seen = (each: Order): Order => (each.id === order.id ? { ...each, ...now } : each);
  return exitsOfPlaceFit(state, order, { seen });
}

/** Every exit at the broker: what changed while nothing could be asked is asked now. */
export function exitsReviewed(state: State): Event[] {
  const owners = new Map<string, Order>();
  for (const instrument of state.working.keys()) {
    for (const order of workingOrders(state, instrument)) {
      if (order.effect === 'REDUCE') owners.set(holdingKey(order), order);
    }
  }
  return [...owners.values()].flatMap((owner) => exitsFit(state, owner, {}));
}

/** A fill between a request and its answer may ask for yet another quantity. */
export function resizedAgain(state: State, settled: Order): Event[] {
  const held = heldIn(state, settled, {});
  if (!canResize(state, settled) || !reduces(settled, held)) return [];
  const exits = exitsOfOwner(state, settled).map((each) =>
    each.id === settled.id ? settled : each,
  );
  const reducing = exits.filter((other) => isAtBroker(other) && reduces(other, held));
  return resizedTo(state, reducing, inReach(state, settled, {})).filter(
    (event) => 'order' in event && event.order === settled.id,
  );
}

/**
 * Requests that bring exits on one side to a position of this size. What cannot be changed now, as
 * it is being cancelled or is UNKNOWN, may still fill: no exit grows into its share, and none
 * shrinks for it, since it most likely will not.
 */
function resizedTo(state: State, exits: readonly Order[], held: Quantity): Event[] {
  const liquidating = exits.filter(({ role }) => role === 'LIQUIDATION');
  const fixed = exits.filter((order) => !canResize(state, order) && fillsAtOnce(order));
  const most = minus(held, remainingOf(liquidating));
  const sure = minus(most, remainingOf(fixed.filter(({ role }) => role !== 'LIQUIDATION')));
  let taken = NO_QUANTITY;
  let sized = exits;
  const events: Event[] = [];
  for (const order of exits.filter((each) => canResize(state, each)).sort(byPlace)) {
    const flies = fillsAtOnce(order);
    const before = flies ? taken : NO_QUANTITY;
    const now = minus(order.requestedQuantity ?? order.quantity, executedUnits(order));
    // A stop that has left is made no larger: what opens beside it is late, and flattened.
    const left = order.role === 'STOP_LOSS' && flies && order.sending !== null;
    const cap = left ? now : null;
    const share = (free: Quantity): Quantity => capped(shareOf(order, minus(free, before)), cap);
    const high = share(most);
    const low = smaller(share(sure), leftBeside(sized, order, most));
    const open = compare(now, high) > 0 ? high : larger(now, low);
    if (flies) taken = plus(taken, open);
    const requestedQuantity = plus(executedUnits(order), open);
    sized = sized.map((each) => (each.id === order.id ? { ...each, requestedQuantity } : each));
    if (!isZero(open)) events.push(...asked(order, plus(executedUnits(order), open)));
    else if (flies) events.push(cancelled(order));
    // All of it is being closed otherwise: until it is, what rests is for no more than is held.
    else if (signOf(held) > 0) {
      events.push(...asked(order, plus(executedUnits(order), smaller(now, held))));
    }
  }
  return events;
}

/**
 * To what size an exit may grow: one by hand never takes what others rest for at the same price,
 * which it was cut for when it was sent. Those of a plan overlap as the file has them.
 */
function leftBeside(exits: readonly Order[], order: Order, most: Quantity): Quantity {
  const wayOut = fillsAtOnce(order) && order.trigger === null;
  if (order.role !== 'MANUAL' || wayOut) return most;
  return minus(most, heldLikewise(exits, order));
}

const capped = (size: Quantity, cap: Quantity | null): Quantity =>
  cap === null ? size : smaller(size, cap);

/** What an exit may still fill when so much is free. */
function shareOf(order: Order, free: Quantity): Quantity {
  const open = larger(free, NO_QUANTITY);
  if (order.coversPosition === true) return open;
  return smaller(minus(order.intendedQuantity, executedUnits(order)), open);
}

/** What was approved and has not left yet needs no request: it leaves in its new size. */
function asked(order: Order, quantity: Quantity): Event[] {
  if (!needsResize(order, quantity)) return [];
  if (order.sending === null) return [{ type: 'OrderModified', order: order.id, quantity }];
  return [{ type: 'OrderModifyRequested', order: order.id, quantity }];
}

const cancelled = (order: Order): Event => cancelOf(order, 'position closed');

/** Liquidations are sent once. */
const canEnd = (order: Order): boolean =>
  isAtBroker(order) && order.role !== 'LIQUIDATION' && order.status !== 'CANCEL_PENDING';

/**
 * To the broker, a change of an order it does not have is a new order. So only one that it is known
 * to have is changed, or one that was written to the very connection the change goes over.
 */
function canResize(state: State, order: Order): boolean {
  if (!canEnd(order) || order.status === 'UNKNOWN') return false;
  if (order.sending === null) return true;
  if (!linkAllows(state)) return false;
  return order.status !== 'SUBMITTED' || order.sending.epoch === state.link.epoch;
}
const byPlace = (a: Order, b: Order): number => a.rank - b.rank || (a.id < b.id ? -1 : 1);
const reduces = ({ side }: Order, held: Quantity): boolean =>
  signOf(held) === (side === 'SELL' ? 1 : -1);

/** The order as it will be once the fill is folded in. */
function withFill({ order, fill }: OwnFill) {
  return (other: Order): Order => {
    if (other.id !== order.id) return other;
    const filledQuantity = plus(other.filledQuantity, fill.quantity);
    const whole = isOverWith(other, fill.quantity);
    return { ...other, filledQuantity, status: whole ? 'FILLED' : other.status };
  };
}
