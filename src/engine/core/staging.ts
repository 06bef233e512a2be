/**
 * Orders for an opening auction: approved when they are placed, held while the broker would not
 * take them, and decided once more when they leave. What is too late for its auction expires.
 */
import { toNumber, toText } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Command } from '../../domain/input';
import type { LastPrice, Market } from '../../domain/market';
import { isFinal, type Order, type Staging } from '../../domain/order';
import { outcome, type Context, type Outcome } from './context';
import { holdingOf, linkAllows, type State } from './state';
import { effectOf } from './effect';

/** Placed for an auction, and not released to it. */
export function isOnStage(order: Order): boolean {
  return order.staged !== undefined && order.staged.releasedAt === undefined && !isFinal(order);
}

export function stagedEvent({ id, tradingDate, staged }: Order): Event {
  const at = new Date(staged?.releaseAt ?? 0).toISOString();
  const reason = `staged for the open of ${tradingDate ?? 'the next session'}: sent at ${at}`;
  return { type: 'OrderStaged', order: id, reason };
}

interface Given {
  readonly command: Extract<Command, { kind: 'RELEASE_STAGED' }>;
  readonly at: number;
}

/** Nothing happens before its time, nor while the link is not ready: it is asked again. */
export function releaseStaged(state: State, { command, at }: Given): Outcome {
  const events: Event[] = [];
  for (const { order: id, price } of command.orders) {
    const order = state.orders.get(id);
    if (order?.staged === undefined || !isOnStage(order)) continue;
    const late = missedAuction(order, at);
    if (late !== null) events.push(late);
    else if (at >= order.staged.releaseAt && linkAllows(state)) {
      events.push({ type: 'OrderReleased', order: id, price, ...turned(state, order) });
    }
  }
  return outcome(events);
}

/** The end of an order that its auction would not take any more; null: it would. */
export function missedAuction({ id, staged, tradingDate }: Order, at: number): Event | null {
  if (staged === undefined || at <= staged.until) return null;
  const reason = `the opening auction of ${tradingDate ?? 'its session'} was missed`;
  return { type: 'OrderExpired', order: id, reason };
}

/** What was staged to open and now meets a position of the other side gives back of it. */
function turned(state: State, order: Order): Pick<Order, 'effect'> | Record<string, never> {
  if (order.effect === 'REDUCE') return {};
  const effect = effectOf(holdingOf(state, order).quantity, order.side);
  return effect === order.effect ? {} : { effect };
}

/** The order once it is released. */
export function released(
  order: Order,
  event: Extract<Event, { type: 'OrderReleased' }>,
  releasedAt: number,
): Partial<Order> {
  const { staged, effect: before } = order;
  if (staged === undefined) return {};
  const { price, effect = before } = event;
  return {
    ...{ heldBy: 'BROKER', statusMessage: null, effect },
    staged: { ...staged, price: price ?? staged.price, releasedAt },
  };
}

/** Between sessions there is no new price: the close before the auction stands for it. */
export function pricedFor(context: Context, { staged, instrument }: Order): Context {
  if (staged === undefined) return context;
  const { market } = context;
  const last = (key: string): LastPrice | undefined => {
    const known = market.last(key);
    return key === instrument ? closeOr(known, staged) : known;
  };
  const latest: Market['latest'] = (key, kind) =>
    kind === 'LAST' ? last(key) : market.latest(key, kind);
  return { ...context, market: { last, latest } };
}

function closeOr(known: LastPrice | undefined, staged: Staging): LastPrice | undefined {
  const { price, pricesSince: at } = staged;
  if (price === null || (known !== undefined && known.at >= at)) return known;
  return { at, price: toNumber(price), priceText: toText(price) };
}

/** Whether a price has no age for the order: trading stands still since, or it is of today. */
export function isNewest({ staged }: Order, priceAt: number): boolean {
  return staged !== undefined && priceAt >= staged.pricesSince;
}
