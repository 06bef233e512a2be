/**
 * The arithmetic of a trailing stop: its level is the best price less its distance, on the tick
 * farther from the market, and it never goes back. Knows nothing of when prices come in.
 */
import { compare, minus, percentOf, plus, type Price } from '../../domain/decimal';
import type { Input } from '../../domain/input';
import { isFinal, type Order, type Side, type Trail } from '../../domain/order';
import type { TrailTerms, Trigger } from '../../domain/order';
import { stopOnTick } from './rounding';

/** A trigger that is a trailing stop. */
export interface Trailing extends Trigger {
  readonly trail: Trail;
}

/** What a trailing stop begins with, beside its terms. */
export interface TrailStart {
  readonly side: Side;
  readonly terms: TrailTerms;
  readonly tickSize: Price;
  readonly at: number;
}

export function isTrailing(trigger: Trigger | null): trigger is Trailing {
  return trigger?.trail !== undefined;
}

/** The stop of an order that trails, held here or at the broker; null: of any other order. */
export function stopOf({ trigger, trail, stopPrice }: Order): Trailing | null {
  if (isTrailing(trigger)) return trigger;
  return trail === undefined || stopPrice === null ? null : trailing(stopPrice, trail);
}

/** An order that the broker holds, and that follows the price there. */
export function followsAtBroker(order: Order): boolean {
  return order.trail !== undefined && !isFinal(order) && !order.elected;
}

/** What is known of a stop at the broker follows on from where the broker says that it stands. */
export function stopSaid(trail: Trail, at: number): Trail {
  return { ...trail, bestPrice: null, movedAt: at };
}

/** A trailing stop that would fire at its level; before it is activated there may be none. */
export function isInForce(trigger: Trigger | null): boolean {
  if (!isTrailing(trigger)) return false;
  return trigger.trail.bestPrice !== null || trigger.trail.firstLevel !== null;
}

/** Whether a price is better than another for whoever holds what the order gives back. */
export function isBetter(side: Side, price: Price, than: Price): boolean {
  return compare(price, than) * (side === 'SELL' ? 1 : -1) > 0;
}

/** One that begins at a fill: at once, or at its activation price and with no stop until then. */
export function trailFrom(fill: Price, { side, terms, tickSize, at }: TrailStart): Trailing {
  const { activateAt } = terms;
  const begins = activateAt === null || !isBetter(side, activateAt, fill);
  const level = levelBehind(begins ? fill : activateAt, { side, terms, tickSize });
  const bestPrice = begins ? fill : null;
  return trailing(level, { ...terms, tickSize, bestPrice, firstLevel: null, movedAt: at });
}

/** One with a first level of its own, in force at once: it follows from the next price on. */
export function trailFromLevel(level: Price, { terms, tickSize, at }: TrailStart): Trailing {
  const trail = { ...terms, tickSize, bestPrice: null, firstLevel: level, movedAt: at };
  return trailing(level, trail);
}

function trailing(level: Price, trail: Trail): Trailing {
  const unfired = { reference: null, firedAt: null, firedPrice: null };
  return { kind: 'TRAIL', level, trail, ...unfired };
}

/** The trigger once this price was seen: the very same one where it changes nothing. */
export function followed<T extends Trailing>(trigger: T, side: Side, seen: Price): T {
  const { trail, level } = trigger;
  const { bestPrice, activateAt, tickSize } = trail;
  if (bestPrice === null && activateAt !== null && isBetter(side, activateAt, seen)) return trigger;
  if (bestPrice !== null && !isBetter(side, seen, bestPrice)) return trigger;
  const next = levelBehind(seen, { side, terms: trail, tickSize });
  const moved = moves(side, { from: level, to: next, tickSize });
  return { ...trigger, level: moved ? next : level, trail: { ...trail, bestPrice: seen } };
}

/** A level changes by a tick at least, and towards the market only. */
function moves(
  side: Side,
  { from, to, tickSize }: { readonly from: Price; readonly to: Price; readonly tickSize: Price },
): boolean {
  const gain = side === 'SELL' ? minus(to, from) : minus(from, to);
  return compare(gain, tickSize) >= 0;
}

/** The level of a stop whose best price this is. */
function levelBehind(best: Price, of: Omit<TrailStart, 'at'>): Price {
  const { trailBy, trailPercent } = of.terms;
  const distance = trailBy ?? percentOf(best, trailPercent ?? '0');
  const exact = of.side === 'SELL' ? minus(best, distance) : plus(best, distance);
  return stopOnTick(exact, of.tickSize, of.side);
}

/** Moved by a person: it follows anew from there, and at once where it had begun to. */
export function levelSetByHand(
  trigger: Trailing,
  { level, at }: { readonly level: Price; readonly at: number },
): Trailing {
  const { trail } = trigger;
  const activateAt = trail.bestPrice === null ? trail.activateAt : null;
  const firstLevel = trail.firstLevel ?? level;
  const anew = { activateAt, bestPrice: null, firstLevel, movedAt: at };
  return { ...trigger, level, trail: { ...trail, ...anew } };
}

/** What resizes a stop, tells of one or has one held here is measured by where stops are now. */
export function looksAtStops(input: Input): boolean {
  return input.kind === 'REPORT' && ['FILL', 'ELECTED', 'REJECTED'].includes(input.report.kind);
}
