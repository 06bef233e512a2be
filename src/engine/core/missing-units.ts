/**
 * Units that strategies own in the book and that the account does not hold: sold from outside, or
 * gone in a difference between broker and book. No exit may be for them, since it would open the
 * other side. Knows no order.
 */
import { equals, minus, negate, NO_QUANTITY, plus, signOf } from '../../domain/decimal';
import type { Quantity } from '../../domain/decimal';
import { adoptionOf } from '../../domain/fill';
import type { AccountKey, InstrumentKey, StrategyKey } from '../../domain/ids';
import type { Side } from '../../domain/order';
import { signed } from './ledger';
import { holdingOf, positionKey, positionOf, type PositionBreak, type State } from './state';

export interface Place {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
}

/** A place as it will be once what is being decided is folded in. */
export interface Foreseen {
  /** Signed, by owner; null is UNALLOCATED. Who is not named holds what he holds now. */
  readonly holdings?: ReadonlyMap<StrategyKey | null, Quantity>;
  /** What the broker holds beyond the book; absent: what is certain now. */
  readonly difference?: Quantity;
}

/**
 * What the broker holds beyond the book, where that is certain. As it was found: both sides move
 * with every fill since.
 */
export function certainDifference(state: State, { account, instrument }: Place): Quantity {
  return differenceOf(state.breaks.get(positionKey(account, instrument)));
}

/** The same, and where nothing is certain what is suspected. */
export function possibleDifference(state: State, place: Place): Quantity {
  const key = positionKey(place.account, place.instrument);
  if (state.breaks.has(key)) return certainDifference(state, place);
  const suspected = state.suspectedBreaks.get(key);
  if (suspected === undefined) return NO_QUANTITY;
  // The fill that was on its way has come.
  const came = equals(suspected.brokerQuantity, positionOf(state, place).quantity);
  return came ? NO_QUANTITY : differenceOf(suspected);
}

function differenceOf(known: PositionBreak | undefined): Quantity {
  return known === undefined ? NO_QUANTITY : minus(known.brokerQuantity, known.bookQuantity);
}

/** What an owner holds, or will hold. */
export function heldIn(
  state: State,
  place: Place & { readonly strategy: StrategyKey | null },
  { holdings }: Foreseen,
): Quantity {
  return holdings?.get(place.strategy) ?? holdingOf(state, place).quantity;
}

/**
 * What the account holds beyond what strategies own; negative: less. What it came with is as it
 * should be, whatever strategies own beside it.
 */
export function beyondStrategies(state: State, place: Place, foreseen: Foreseen): Quantity {
  const { account, instrument } = place;
  const unallocated = heldIn(state, { ...place, strategy: null }, foreseen);
  const adoption = state.fills.get(adoptionOf(account, instrument));
  const brought = adoption ? signed(adoption.side, adoption.quantity) : NO_QUANTITY;
  const difference = foreseen.difference ?? certainDifference(state, place);
  return plus(besides(unallocated, brought), difference);
}

/** What is left of the first without the second, where both are on one side. */
function besides(unallocated: Quantity, brought: Quantity): Quantity {
  if (signOf(unallocated) !== signOf(brought)) return unallocated;
  const rest = minus(unallocated, brought);
  return signOf(rest) === signOf(unallocated) ? rest : NO_QUANTITY;
}

/**
 * How many units all strategies together may give back on this side; may be negative. Null: all
 * that they own, since nothing is missing. One that owns the other side takes nothing from it.
 */
export function unitsThere(
  state: State,
  place: Place & { readonly side: Side },
  foreseen: Foreseen,
): Quantity | null {
  const beyond = beyondStrategies(state, place, foreseen);
  const sells = place.side === 'SELL';
  if (signOf(beyond) !== (sells ? -1 : 1)) return null;
  let owned = NO_QUANTITY;
  for (const strategy of positionOf(state, place).owners) {
    if (strategy === null) continue;
    const held = heldIn(state, { ...place, strategy }, foreseen);
    if (signOf(held) === (sells ? 1 : -1)) owned = plus(owned, held);
  }
  const there = plus(owned, beyond);
  return sells ? there : negate(there);
}
