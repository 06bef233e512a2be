/**
 * What a plan can come to at worst, by the levels it names: every entry and add filled at its level
 * (one entry of the group: each figure is that of the worse one), then the stops hit at theirs. A
 * trailing stop stands its distance behind the entry's level, since it only ever gets better; one
 * that waits for an activation price is no stop. Knows no market and no book.
 */
import {
  addSteps,
  compare,
  isZero,
  larger,
  minus,
  NO_MONEY,
  NO_QUANTITY,
  percentOf,
  plus,
  price,
  signOf,
  smaller,
  times,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { Direction, PlanLeg, PlanSpec } from '../../domain/plan';
import type { WorstCase } from '../../domain/worst-case';
import { isExit, kindAfterEntry } from './plan-orders';

/** Units at a price. */
interface Level {
  readonly at: Price;
  readonly units: Quantity;
}

/** What the orders of a side are, seen from one entry. */
interface Ladder {
  readonly entry: Level;
  /** On the winning side of the entry. */
  readonly pyramids: readonly Level[];
  /** On the losing side, the nearest first. */
  readonly averaging: readonly Level[];
  /** The nearest first. */
  readonly stops: readonly Level[];
}

/** What was worked out once: a load asks for the same plan several times. */
const known = new WeakMap<PlanSpec, readonly WorstCase[]>();

/** Of each side that an entry can take, the long one first. */
export function worstCasesOf(spec: PlanSpec): readonly WorstCase[] {
  const before = known.get(spec);
  if (before !== undefined) return before;
  const cases = [...worstCaseOf(spec, 'LONG'), ...worstCaseOf(spec, 'SHORT')];
  known.set(spec, cases);
  return cases;
}

/** None where no entry takes the side. */
function worstCaseOf(spec: PlanSpec, direction: Direction): WorstCase[] {
  const ladders = spec.entries
    .filter((leg) => !isExit(leg, direction))
    .flatMap((leg) => ladderFrom(spec, leg, direction));
  const [first, ...others] = ladders.map((ladder) => caseOf(spec, ladder, direction));
  return first === undefined ? [] : [others.reduce(worse, first)];
}

function ladderFrom(spec: PlanSpec, entry: PlanLeg, direction: Direction): Ladder[] {
  const { price: level } = entry;
  if (level === null) return [];
  const pyramids: Level[] = [];
  const averaging: Level[] = [];
  const stops: Level[] = [];
  for (const leg of direction === 'LONG' ? spec.ifLong : spec.ifShort) {
    const kind = kindAfterEntry(leg, direction, level);
    if (kind === 'stop-loss' || kind === 'trailing-stop') {
      stops.push({ at: stopLevel(leg, level), units: leg.quantity });
    } else if (leg.price !== null && !isExit(leg, direction)) {
      const add = { at: leg.price, units: leg.quantity };
      if (kind === 'pyramid') pyramids.push(add);
      else averaging.push(add);
    }
  }
  const nearest = (a: Level, b: Level): number => compare(a.at, b.at) * away(direction);
  return [
    {
      ...{ entry: { at: level, units: entry.quantity }, pyramids },
      ...{ averaging: averaging.sort(nearest), stops: stops.sort(nearest) },
    },
  ];
}

/** Losing prices of a long position fall: those that come first are higher. */
const away = (direction: Direction): 1 | -1 => (direction === 'LONG' ? -1 : 1);

function stopLevel({ price: level, trail, side }: PlanLeg, entry: Price): Price {
  if (level !== null) return level;
  const distance = trail?.trailBy ?? percentOf(entry, trail?.trailPercent ?? '0');
  if (side === 'BUY') return plus(entry, distance);
  const stop = minus(entry, distance);
  return signOf(stop) > 0 ? stop : WORTHLESS;
}
const WORTHLESS = price('0');

function caseOf(spec: PlanSpec, ladder: Ladder, direction: Direction): WorstCase {
  const adds = [...ladder.pyramids, ...ladder.averaging];
  const quantity = unitsOf([ladder.entry, ...adds]);
  const { exitQuantity, cycles } = spec.settings;
  const [nearest] = ladder.stops;
  const whole = exitQuantity === 'POSITION' && nearest !== undefined;
  const stops = whole ? [{ ...nearest, units: quantity }] : ladder.stops;
  const uncovered = larger(minus(quantity, unitsOf(stops)), NO_QUANTITY);
  const stoppedLoss = lossOf({ ...ladder, stops }, direction);
  return {
    ...{ direction, quantity, uncovered },
    notional: notionalOf(ladder, direction),
    addQuantity: adds.reduce((most, { units }) => larger(most, units), NO_QUANTITY),
    addNotional: adds.reduce((most, each) => larger(most, worthOf([each])), NO_MONEY),
    ...lossIn(cycles, { stoppedLoss, bounded: isZero(uncovered) }),
  };
}

/**
 * Adds at higher prices than the entry's take what is held along: then every unit is worth the
 * highest level. One that only averages down a long position holds each at its own.
 */
function notionalOf({ entry, pyramids, averaging }: Ladder, direction: Direction): Money {
  const fills = [entry, ...pyramids, ...averaging];
  if (direction === 'LONG' && pyramids.length === 0) return worthOf(fills);
  const highest = fills.reduce((most, { at }) => larger(most, at), entry.at);
  return times(highest, unitsOf(fills));
}

/**
 * The greatest loss while the price runs away from the entry: what fills first is closed first, by
 * the nearest stops. An add that lies beyond the stop that closes it never makes the loss look
 * smaller: the price may turn before it fills.
 */
function lossOf({ entry, pyramids, averaging, stops }: Ladder, direction: Direction): Money {
  const waiting = [...stops];
  let stop = waiting.shift();
  let lost = NO_MONEY;
  let most = NO_MONEY;
  for (const { at, units } of [entry, ...pyramids, ...averaging]) {
    let open = units;
    while (stop !== undefined && !isZero(open)) {
      const closed = smaller(open, stop.units);
      const each = direction === 'LONG' ? minus(at, stop.at) : minus(stop.at, at);
      lost = plus(lost, times(each, closed));
      open = minus(open, closed);
      const left = minus(stop.units, closed);
      stop = isZero(left) ? waiting.shift() : { at: stop.at, units: left };
    }
    most = larger(most, lost);
  }
  return most;
}

function worthOf(levels: readonly Level[]): Money {
  return levels.reduce((sum, { at, units }) => plus(sum, times(at, units)), NO_MONEY);
}

function unitsOf(levels: readonly Level[]): Quantity {
  return levels.reduce((sum, { units }) => plus(sum, units), NO_QUANTITY);
}

/** Only one entry of the group fills: of two, each figure of the worse one. */
function worse(one: WorstCase, other: WorstCase): WorstCase {
  const bounded = one.loss !== null && other.loss !== null;
  const stoppedLoss = larger(one.stoppedLoss, other.stoppedLoss);
  return {
    direction: one.direction,
    quantity: larger(one.quantity, other.quantity),
    notional: larger(one.notional, other.notional),
    addQuantity: larger(one.addQuantity, other.addQuantity),
    addNotional: larger(one.addNotional, other.addNotional),
    uncovered: larger(one.uncovered, other.uncovered),
    ...lossIn(one.cycles, { stoppedLoss, bounded }),
  };
}

/** The figures that speak of the loss. */
function lossIn(
  cycles: number,
  { stoppedLoss, bounded }: { readonly stoppedLoss: Money; readonly bounded: boolean },
): Pick<WorstCase, 'stoppedLoss' | 'loss' | 'cycles' | 'lossOfAllCycles'> {
  const loss = bounded ? stoppedLoss : null;
  const lossOfAllCycles = bounded ? addSteps(NO_MONEY, stoppedLoss, cycles) : null;
  return { stoppedLoss, loss, cycles, lossOfAllCycles };
}
