/**
 * What the adds of a plan are sure to be refused for when they are sent: those that rest at the
 * broker are sent together, in the moment the entry is complete, at a price near its level. Too
 * many of them on one side (H9), or one too far from that level (H12), would be DENIED for good,
 * and the price may trade through it later. Known from the levels alone.
 */
import { percentBetween, toText } from '../../domain/decimal';
import type { Finding } from '../../domain/instruction';
import type { HardLimits } from '../../domain/limits';
import type { Direction, PlanLeg, PlanSpec } from '../../domain/plan';
import type { Facts } from '../../domain/verdict';
import type { Context } from './context';
import { isExit, kindAfterEntry } from './plan-orders';

/** The kinds say who holds an add until its level is reached; absent: as they are shipped. */
interface Sending {
  readonly limits: HardLimits;
  readonly kinds?: Context['kinds'];
}

/** Of one entry: the adds of its side that leave together when it is complete. */
interface Together {
  readonly entry: PlanLeg;
  readonly adds: readonly PlanLeg[];
}

function addsAtOnce(spec: PlanSpec, direction: Direction, kinds?: Context['kinds']): Together[] {
  const after = direction === 'LONG' ? spec.ifLong : spec.ifShort;
  const adds = after.filter((leg) => leg.price !== null && !isExit(leg, direction));
  if (adds.length === 0) return [];
  return spec.entries.flatMap((entry) => {
    const { price: level } = entry;
    if (level === null || isExit(entry, direction)) return [];
    const rests = (leg: PlanLeg): boolean => {
      const kind = kindAfterEntry(leg, direction, level);
      const heldBy = kinds?.get(kind)?.heldBy;
      return heldBy === undefined ? kind !== 'dca-on-touch' : heldBy === 'BROKER';
    };
    return [{ entry, adds: adds.filter(rests) }];
  });
}

const mostOf = (together: readonly Together[]): number =>
  together.reduce((most, { adds }) => Math.max(most, adds.length), 0);

/** Why the limits, whatever else is going on, would refuse adds of a plan; null: they would not. */
export function addsRefused(spec: PlanSpec, sending: Sending): Finding | null {
  const said = (['LONG', 'SHORT'] as const).flatMap((direction) =>
    faultsOfAdds(spec, direction, sending).map((fault) => `${direction} ${fault}`),
  );
  return said.length === 0 ? null : worstCaseFinding(spec, said);
}

/** What the last of them meets: those before it have been sent in the same moment. */
export function factsOfAdds(spec: PlanSpec, direction: Direction, { kinds }: Sending): Facts {
  const before = mostOf(addsAtOnce(spec, direction, kinds)) - 1;
  if (before < 1) return {};
  return {
    openOrdersStrategyInstrument: before,
    ...{ ordersLastSecond: before, ordersLastMinute: before, ordersToday: before },
  };
}

/** Each with the limit and what would pass; empty: nothing is sure to be refused. */
export function faultsOfAdds(spec: PlanSpec, direction: Direction, sending: Sending): string[] {
  const { limits, kinds } = sending;
  const together = addsAtOnce(spec, direction, kinds);
  const most = mostOf(together);
  const limit = Math.min(limits.maxActivePerSide, limits.maxSendsPerSecond);
  const many =
    most <= limit
      ? []
      : [
          `H9: ${most} adds would be sent together when the entry is complete, and the limit is ` +
            `${limit}; ${limit} adds would pass`,
        ];
  return [...many, ...tooFar(together, limits.priceCollarPercent)];
}

/** The farthest add of each entry. */
function tooFar(together: readonly Together[], limit: number): string[] {
  const said = together.flatMap(({ entry, adds }) => {
    const far = adds
      .map((add) => ({ add, distance: distanceOf(entry, add) }))
      .filter(({ distance }) => distance > limit)
      .sort((a, b) => b.distance - a.distance);
    const [farthest] = far;
    if (farthest === undefined || entry.price === null) return [];
    const { add, distance } = farthest;
    const at = add.price === null ? '' : ` at ${toText(add.price)}`;
    const away = `${percentWords(distance)} percent from the level ${toText(entry.price)}`;
    return [
      `H12: the add ${add.leg}${at} is ${away} of ${entry.leg}, and the limit is ${limit}: ` +
        'it would be refused when the entry is complete',
    ];
  });
  return said;
}

function distanceOf({ price: from }: PlanLeg, { price: to }: PlanLeg): number {
  return from === null || to === null ? 0 : Math.abs(percentBetween(from, to));
}

/** Digits enough to see that it is beyond a limit. */
const percentWords = (percent: number): string => String(Number(percent.toPrecision(6)));

/** The finding of a symbol that is not armed; each part begins with its side. */
export function worstCaseFinding({ symbol }: PlanSpec, said: readonly string[]): Finding {
  const message = `${symbol} is not armed: with every level filled, ${said.join('; ')}.`;
  return {
    ...{ severity: 'ERROR', code: 'WORST_CASE', message, pointer: `/${symbol}` },
    ...{ line: null, column: null, proposal: null },
  };
}
