/** Readings of the books: which positions there are, and who owns what of them. */
import { isZero } from '../domain/decimal';
import type { Holding } from '../domain/fill';
import type { AccountKey, InstrumentKey, StrategyKey } from '../domain/ids';
import { holdingOf, positionKey, positionOf, type State } from '../engine/core/state';

export interface PositionPlace {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
}

/** One owner's part; null is UNALLOCATED. */
export interface OwnedPart extends PositionPlace {
  readonly strategy: StrategyKey | null;
  readonly holding: Holding;
}

/** Every position that ever was or that the broker says there is, by account and instrument. */
export function allPositions(state: State): PositionPlace[] {
  const keys = new Set([...state.positions.keys(), ...state.breaks.keys()]);
  return [...keys]
    .sort()
    .map((key) => {
      const cut = key.indexOf('|');
      return { account: key.slice(0, cut), instrument: key.slice(cut + 1) };
    })
    .filter((place) => state.instruments.has(place.instrument));
}

/** What every owner that ever had a part has of it now. */
export function partsOf(state: State, place: PositionPlace): OwnedPart[] {
  return positionOf(state, place).owners.map((strategy) => ({
    ...place,
    strategy,
    holding: holdingOf(state, { ...place, strategy }),
  }));
}

/** Whether there is anything to show: units, an owner, or a break. */
export function isHeld(state: State, place: PositionPlace): boolean {
  if (state.breaks.has(positionKey(place.account, place.instrument))) return true;
  if (!isZero(positionOf(state, place).quantity)) return true;
  return partsOf(state, place).some(({ holding }) => !isZero(holding.quantity));
}

/** Parts of all positions that a strategy ever had. */
export function partsOfStrategy(state: State, strategy: StrategyKey | null): OwnedPart[] {
  return allPositions(state).flatMap((place) =>
    partsOf(state, place).filter((part) => part.strategy === strategy),
  );
}
