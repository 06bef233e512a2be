/**
 * From a leg of a plan to an order: its role by side and price geometry, its kind, and the prices
 * it is sent with. Geometry is measured from R, the price of the entry's first fill.
 */
import type { ConditionalKind, OrderKind } from '../../domain/conditional';
import { compare, type Price, type Quantity } from '../../domain/decimal';
import { idFrom } from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import { invariant } from '../../domain/invariant';
import type { Order, OrderType, Trigger } from '../../domain/order';
import type { Direction, Plan, PlanLeg } from '../../domain/plan';
import { keptSource, type PriceSource } from '../../domain/price-source';
import type { Context } from './context';
import { newOrder } from './new-order';
import { limitOnTick, stopOnTick } from './rounding';
import type { State } from './state';
import { trailFrom, type Trailing } from './trail';

/** Whether a leg gives back what the direction holds. */
export function isExit(leg: PlanLeg, direction: Direction): boolean {
  return leg.side === (direction === 'LONG' ? 'SELL' : 'BUY');
}

/** The kind of an order after the entry. At R itself the comment decides, else it is no stop. */
export function kindAfterEntry(leg: PlanLeg, direction: Direction, reference: Price): OrderKind {
  if (leg.trail !== undefined) {
    return leg.trail.activateAt === null ? 'trailing-stop' : 'trailing-stop-from-price';
  }
  if (leg.exit !== undefined) return leg.exit === 'STOP_LOSS' ? 'stop-loss' : 'take-profit';
  const above = compare(statedPrice(leg), reference);
  const isStop = above === 0 ? leg.namedStop : leg.side === 'BUY' ? above > 0 : above < 0;
  if (isExit(leg, direction)) {
    if (isStop) return 'stop-loss';
    return leg.type === 'LIMIT' ? 'take-profit' : 'take-profit-on-touch';
  }
  if (isStop) return 'pyramid';
  return leg.type === 'LIMIT' ? 'dca' : 'dca-on-touch';
}

/** What a leg that is no trailing stop has. */
function statedPrice({ price, leg }: PlanLeg): Price {
  invariant(price !== null, () => `${leg} has no price`);
  return price;
}

export function kindOfEntry(leg: PlanLeg): OrderKind {
  return leg.cross === 'CROSS_UNDER' ? 'entry-on-cross-under' : 'entry-on-cross-over';
}

/** What an order is made of: the leg and the moment it arms. */
export interface Arming {
  readonly plan: Plan;
  readonly leg: PlanLeg;
  readonly kind: OrderKind;
  readonly quantity: Quantity;
  /** The previous session's close, for an entry. */
  readonly reference: Price | null;
  readonly at: number;
  /** How many orders the same decision has made before this one. */
  readonly ahead: number;
}

/** The order of a leg, ARMED. */
export function orderFromLeg(state: State, context: Context, arming: Arming): Order {
  const { plan, leg, at } = arming;
  const kind = kindNamed(context, arming.kind);
  const instrument = state.instruments.get(plan.instrument);
  if (instrument === undefined) throw new Error(`no instrument ${plan.instrument} in the state`);
  const exit = kind.role === 'TAKE_PROFIT' || kind.role === 'STOP_LOSS';
  const covers = exit && plan.spec.settings.exitQuantity === 'POSITION';
  return newOrder(at, {
    id: idFrom('ord', state.ordersMade + arming.ahead + 1),
    requestId: `${plan.id}/${leg.leg}`,
    ...(covers ? { coversPosition: true } : {}),
    strategy: plan.strategy,
    account: plan.account,
    instrument: plan.instrument,
    role: kind.role,
    effect: exit ? 'REDUCE' : 'OPEN',
    side: leg.side,
    ...wording(kind, arming, instrument),
    timeInForce: exit ? 'GTC' : 'DAY',
    intendedQuantity: covers ? arming.quantity : leg.quantity,
    quantity: arming.quantity,
    heldBy: kind.heldBy,
    trigger: kind.heldBy === 'BROKER' ? null : triggerOf(kind, arming, instrument.tickSize),
    kind: kind.key,
    ocaGroup: kind.role === 'ENTRY' ? `oca-${plan.id}` : null,
    plan: plan.id,
    leg: leg.leg,
    rank: leg.rank,
    source: plan.byHand === true ? null : `${plan.fileName}#${leg.pointer}`,
  });
}

function triggerOf({ trigger: kind }: ConditionalKind, of: Arming, tickSize: Price): Trigger {
  const { leg } = of;
  const stop = trailingStop(of, tickSize);
  if (stop !== null) return lookingAt(stop, leg.priceSource);
  // The close is that of the last trade: it plays no bid and no ask.
  const reference = leg.priceSource === undefined ? of.reference : null;
  const plain = { kind, level: statedPrice(leg), reference, firedAt: null, firedPrice: null };
  return lookingAt(plain, leg.priceSource);
}

/** A trigger that looks at this price; what looks at the last trade does not say so. */
export function lookingAt<T extends Trigger>(trigger: T, source: PriceSource | undefined): T {
  const priceSource = keptSource(source);
  return priceSource === undefined ? trigger : { ...trigger, priceSource };
}

function kindNamed(context: Context, key: OrderKind): ConditionalKind {
  const kind = context.kinds.get(key);
  if (kind === undefined) throw new Error(`the rule folder defines no conditional order ${key}`);
  return kind;
}

/** The stop of a leg that trails, from the price of the entry's first fill on. */
function trailingStop({ plan, leg, at }: Arming, tickSize: Price): Trailing | null {
  if (leg.trail === undefined || plan.reference === null) return null;
  return trailFrom(plan.reference, { side: leg.side, terms: leg.trail, tickSize, at });
}

type Wording = Pick<Order, 'type' | 'limitPrice' | 'stopPrice' | 'trail'>;

/**
 * Order type and prices: as the broker holds it, or as it is sent when the engine's trigger
 * fires.
 */
function wording(kind: ConditionalKind, arming: Arming, { tickSize }: Instrument): Wording {
  const { leg } = arming;
  const trailing = kind.heldBy === 'BROKER' ? trailingStop(arming, tickSize) : null;
  if (trailing !== null) {
    const { level: stopPrice, trail } = trailing;
    return { type: 'TRAILING_STOP', limitPrice: null, stopPrice, trail };
  }
  const limited = leg.type === 'LIMIT' ? (leg.limitPrice ?? statedPrice(leg)) : null;
  const limit = limited === null ? null : limitOnTick(limited, tickSize, leg.side);
  if (kind.heldBy === 'BROKER' && kind.trigger === 'STOP') {
    const type: OrderType = limit === null ? 'STOP' : 'STOP_LIMIT';
    const stopPrice = stopOnTick(statedPrice(leg), tickSize, leg.side);
    return { type, limitPrice: limit, stopPrice };
  }
  return { type: limit === null ? 'MARKET' : 'LIMIT', limitPrice: limit, stopPrice: null };
}
