/**
 * Why an armed order has not fired: what it waits for, how near the price has come since it was
 * armed, and what the rule said when its level was reached and it stayed.
 */
import type { PriceRange, SeenPrice } from '../domain/desk';
import { compare, minus, price, toText, type Price } from '../domain/decimal';
import type { Order, Trigger } from '../domain/order';
import { kindOf, priceWords } from '../domain/price-source';
import { heldHereWords } from '../engine/core/held-exits';
import { isInForce } from '../engine/core/trail';
import type { ApiTriggerEvaluation, ApiWaiting } from '../schema/trigger';
import type { Amount } from '../schema/scalars';
import type { Views } from './views';

/** Null for an order that waits for no trigger of ours. */
export function waitingOf(views: Views, order: Order): ApiWaiting | null {
  const { trigger, instrument } = order;
  if (order.status !== 'ARMED' || order.heldBy !== 'ENGINE' || trigger === null) return null;
  const since = trigger.armedAt ?? order.createdAt;
  const goal = goalOf(trigger);
  const kind = kindOf(order);
  const last = views.engine.market.latest(instrument, kind);
  // A price of the same millisecond came before: an order looks at the next one.
  const from = (trigger.trail?.movedAt ?? since) + 1;
  const range = views.desk.rangeSince({ instrument, kind }, from);
  const closest = range === null ? null : closestOf(order, goal, range);
  return {
    since,
    lastPrice: last === undefined ? null : price(last.priceText),
    distance: last === undefined ? null : minus(goal.level, price(last.priceText)),
    closestPrice: closest === null ? null : price(closest.priceText),
    closestAt: closest?.at ?? null,
    lastEvaluation: evaluationOf(order),
    explanation: [
      ...[heldHereWords(order) ?? []].flat(),
      explained(order, { trigger: goal, last: last?.priceText ?? null, range }),
    ].join(' '),
  };
}

function evaluationOf({ declined }: Order): ApiTriggerEvaluation | null {
  return declined ?? null;
}

/** What the order waits for first: for a trailing stop that is none yet, its activation price. */
function goalOf(trigger: Trigger): Trigger {
  const activateAt = trigger.trail?.activateAt ?? null;
  if (isInForce(trigger) || activateAt === null) return trigger;
  return { ...trigger, level: activateAt };
}

const looksUp = ({ side }: Order, trigger: Trigger): boolean => {
  const { kind } = trigger;
  if (kind === 'CROSS_OVER' || kind === 'CROSS_UNDER') return kind === 'CROSS_OVER';
  const stops = kind === 'STOP' || isInForce(trigger);
  return stops === (side === 'BUY');
};

/** Of a cross that has been through from the start, no price was near: it must come back first. */
function closestOf(order: Order, trigger: Trigger, { high, low }: PriceRange): SeenPrice | null {
  const up = looksUp(order, trigger);
  const seen = up ? high : low;
  const ahead = compare(price(seen.priceText), trigger.level) * (up ? 1 : -1);
  return ahead > 0 ? null : seen;
}

interface Explaining {
  readonly trigger: Trigger;
  readonly last: string | null;
  readonly range: PriceRange | null;
}

function explained(order: Order, { trigger, last, range }: Explaining): string {
  const up = looksUp(order, trigger);
  const level = toText(trigger.level);
  const what = wanted(trigger, { up, level });
  const kind = kindOf(order);
  if (last === null) {
    const price = kind === 'LAST' ? 'price' : priceWords(kind);
    return `${what} No ${price} of ${order.instrument} has been seen yet.`;
  }
  const now = `The ${priceWords(kind)} is ${last}.`;
  const declined = order.declined ?? null;
  if (declined !== null) {
    const at = toText(declined.price);
    return `${what} At ${at} it was reached, and the order stayed: ${declined.reason}. ${now}`;
  }
  if (range === null) return `${what} No price has come since it was armed. ${now}`;
  const closest = closestOf(order, trigger, range);
  if (closest === null)
    return `${what} ${beyond(trigger, { up, level, last: price(last) })} ${now}`;
  const short = toText(distance(trigger.level, price(closest.priceText)));
  const nearest = `${closest.priceText}, ${short} short`;
  const since = trigger.trail?.bestPrice == null ? 'it was armed' : 'its stop last moved';
  return `${what} The nearest price since ${since} was ${nearest}. ${now}`;
}

const distance = (a: Price, b: Price): Amount => (compare(a, b) > 0 ? minus(a, b) : minus(b, a));

function wanted(
  trigger: Trigger,
  { up, level }: { readonly up: boolean; readonly level: string },
): string {
  const { kind } = trigger;
  if (kind === 'TRAIL' && !isInForce(trigger)) {
    return `It is no stop before a price at ${level} or ${up ? 'above' : 'below'}.`;
  }
  if (kind === 'CROSS_OVER') return `It fires above ${level}, after a price at or below it.`;
  if (kind === 'CROSS_UNDER') return `It fires below ${level}, after a price at or above it.`;
  return `It fires at ${level} or ${up ? 'above' : 'below'}.`;
}

/** A cross whose level lies behind the price. */
function beyond(
  { level }: Trigger,
  at: { readonly up: boolean; readonly level: string; readonly last: Price },
): string {
  const through = compare(at.last, level) * (at.up ? 1 : -1) > 0;
  const side = at.up ? 'below' : 'above';
  return through
    ? `The price is through already and must first come back to ${at.level} or ${side}.`
    : `The price had been through before it came back; it is at or ${side} the level now.`;
}
