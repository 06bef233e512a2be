/**
 * One instrument's trailing stops as they stand at this moment. A price between the nearest stop
 * and the nearest best price costs two comparisons, however many there are; a new best price is a
 * few additions for each of them. What is recorded lags by an interval at most; this never does.
 */
import { price, toNumber, type Price } from '../../domain/decimal';
import type { OrderId } from '../../domain/ids';
import type { Side } from '../../domain/order';
import type { TrailMove } from '../../domain/input';
import { followed, isBetter, type Trailing } from './trail';

/** A stop that moves is recorded once in this many milliseconds at most. */
export const RECORD_EVERY = 1_000;

/** A price as it was seen. */
export interface SeenPrice {
  readonly price: number;
  readonly priceText: string;
}

/** What starts to be followed. */
interface Arming {
  readonly order: OrderId;
  readonly side: Side;
  readonly trigger: Trailing;
  /** The broker holds it: it is followed here, and fires there. */
  readonly elsewhere?: boolean;
}

interface Stop<T> {
  readonly item: T;
  readonly order: OrderId;
  readonly side: Side;
  /** As it is recorded, or about to be. */
  recorded: Trailing;
  /** Its level and its distance as doubles: an amount, or else a part of the best price. */
  level: number;
  readonly by: number | null;
  readonly part: number;
  /** The best price of now; null: it does not follow yet. */
  best: Price | null;
  /** The first price to do something on the good side: a better one, or that of its activation. */
  gains: number;
  /** No price on this side of it fires; at or through it the exact level decides. */
  bound: number;
  /** The broker holds it. */
  readonly elsewhere: boolean;
  /** It has fired and nobody has said yet what became of it. */
  out: boolean;
}

/** Doubles of such sums are this exact, and more. */
const SLACK = 1e-12;
const NONE: readonly never[] = [];

export class Trails<T> {
  readonly #stops = new Map<OrderId, Stop<T>>();
  #fresh: Stop<T>[] = [];
  /** Between them, and not at either, a price does nothing. */
  #low = -Infinity;
  #high = Infinity;
  #dueAt = Infinity;

  /** Follows from the next price on. What it has seen under an earlier arming is kept. */
  arm(item: T, { order, side, trigger, elsewhere = false }: Arming): void {
    const { bestPrice } = trigger.trail;
    const before = this.#stops.get(order)?.best ?? null;
    const kept = bestPrice !== null && before !== null && isBetter(side, before, bestPrice);
    const best = kept ? before : bestPrice;
    const { trailBy, trailPercent } = trigger.trail;
    const stop: Stop<T> = {
      ...{ item, order, side, recorded: trigger, best, elsewhere },
      level: toNumber(trigger.level),
      by: trailBy === null ? null : toNumber(trailBy),
      part: Number(trailPercent ?? 0) / 100,
      ...{ gains: 0, bound: 0, out: false },
    };
    this.drop(order);
    settle(stop, best === null ? null : toNumber(best));
    this.#fresh.push(stop);
  }

  /** A price was seen: what was armed before it starts to look. */
  admit(): void {
    if (this.#fresh.length === 0) return;
    for (const stop of this.#fresh) this.#stops.set(stop.order, stop);
    this.#fresh = [];
    this.#bracket();
  }

  /** Forgets an order that waits no more. */
  drop(order: OrderId): void {
    this.#fresh = this.#fresh.filter((stop) => stop.order !== order);
    if (this.#stops.delete(order)) this.#bracket();
  }

  /** Every stop that this price reaches; all others follow it. */
  take(seen: SeenPrice): readonly T[] {
    if (this.#low < seen.price && seen.price < this.#high) return NONE;
    const taken: T[] = [];
    let exact: Price | null = null;
    for (const stop of this.#stops.values()) {
      if (!stop.out && !stop.elsewhere && reaches(stop, seen.price)) {
        stop.out = true;
        this.#dueAt = -Infinity;
        taken.push(stop.item);
      } else if (gains(stop, seen.price)) {
        exact ??= price(seen.priceText);
        this.#gain(stop, exact, seen.price);
      }
    }
    this.#bracket();
    return taken;
  }

  /** It was looked at and stays armed. */
  putBack(order: OrderId): void {
    const stop = this.#stops.get(order);
    if (stop === undefined) return;
    stop.out = false;
    this.#bracket();
  }

  /**
   * What is to be recorded now: each once in an interval, and at once when it has fired. All: also
   * what is not due yet.
   */
  moved(at: number, all = false): readonly TrailMove[] {
    if (at < this.#dueAt && !all) return NONE;
    this.#dueAt = Infinity;
    const moves: TrailMove[] = [];
    for (const stop of this.#stops.values()) {
      const now = asOfNow(stop);
      const { recorded, out, order } = stop;
      const begins = recorded.trail.bestPrice === null && now.trail.bestPrice !== null;
      if (!begins && now.level === recorded.level) continue;
      const dueAt = recorded.trail.movedAt + RECORD_EVERY;
      if (!begins && !out && !all && at < dueAt) this.#dueAt = Math.min(this.#dueAt, dueAt);
      else if (now.trail.bestPrice !== null) {
        moves.push({ order, from: recorded.level, bestPrice: now.trail.bestPrice });
        stop.recorded = { ...now, trail: { ...now.trail, movedAt: at } };
        stop.level = toNumber(now.level);
      }
    }
    return moves;
  }

  #gain(stop: Stop<T>, seen: Price, best: number): void {
    const dueAt = stop.best === null ? -Infinity : stop.recorded.trail.movedAt + RECORD_EVERY;
    stop.best = seen;
    settle(stop, best);
    this.#dueAt = Math.min(this.#dueAt, dueAt);
  }

  /** Between which prices nothing happens, as things stand. */
  #bracket(): void {
    let [low, high] = [-Infinity, Infinity];
    for (const { side, gains, bound, out, elsewhere } of this.#stops.values()) {
      const up = side === 'SELL';
      if (up) high = Math.min(high, gains);
      else low = Math.max(low, gains);
      if (out || elsewhere) continue;
      if (up) low = Math.max(low, bound);
      else high = Math.min(high, bound);
    }
    this.#low = low;
    this.#high = high;
  }
}

function asOfNow<T>({ recorded, side, best }: Stop<T>): Trailing {
  return best === null ? recorded : followed(recorded, side, best);
}

/** Works out in doubles where the stop acts next; a little too near rather than too far. */
function settle<T>(stop: Stop<T>, best: number | null): void {
  const up = stop.side === 'SELL';
  const nowhere = up ? -Infinity : Infinity;
  if (best === null) {
    const { activateAt, firstLevel } = stop.recorded.trail;
    stop.gains = activateAt === null ? nowhere : toNumber(activateAt);
    stop.bound = firstLevel === null ? nowhere : stop.level;
    return;
  }
  const distance = (stop.by ?? best * stop.part) - best * SLACK;
  stop.gains = best;
  stop.bound = up ? Math.max(stop.level, best - distance) : Math.min(stop.level, best + distance);
}

/** Whether a price is at or through the level; works that out exactly once for a best price. */
function reaches<T>(stop: Stop<T>, seen: number): boolean {
  const up = stop.side === 'SELL';
  const through = (): boolean => (up ? seen <= stop.bound : seen >= stop.bound);
  if (!through()) return false;
  stop.bound = toNumber(asOfNow(stop).level);
  return through();
}

/** Whether the stop follows to this price. */
function gains<T>(stop: Stop<T>, seen: number): boolean {
  if (seen === stop.gains) return stop.best === null;
  return stop.side === 'SELL' ? seen > stop.gains : seen < stop.gains;
}
