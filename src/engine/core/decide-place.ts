/**
 * An order placed by hand: armed, and due to be sent at once or when its trigger fires. The rules
 * are asked when it is.
 */
import type { OrderKind } from '../../domain/conditional';
import { COMPARABLE_DIGITS, plus, signOf, significantDigits } from '../../domain/decimal';
import type { Price } from '../../domain/decimal';
import { idFrom } from '../../domain/ids';
import type { Command, TriggerAsk } from '../../domain/input';
import type { Order, TrailTerms, Trigger, TriggerKind } from '../../domain/order';
import type { Refusal } from '../../domain/refusal';
import { bracketPlaced, faultOfBracket, isBracket, ofBracket, sameBracket } from './brackets';
import { outcome, refused, type Ask, type Outcome } from './context';
import { faultOfFlip, splitAtZero } from './flips';
import { newOrder } from './new-order';
import { lookingAt } from './plan-orders';
import { stopOf, trailFromLevel } from './trail';
import { effectOf } from './effect';
import { holdingOf, orderOf, type State } from './state';

interface Given<C> {
  readonly command: C;
  readonly at: number;
}
type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Request ids of orders that come from a plan. */
export const OWN_REQUEST = /^(pln-|flatten\/|flip\/)/;
export const OWN_REQUEST_SAID =
  'request ids that start with pln-, flatten/ or flip/ are made by Tidegate itself';

export function placeOrder(state: State, ask: Ask, given: Given<Of<'PLACE_ORDER'>>): Outcome {
  if (OWN_REQUEST.test(given.command.requestId)) {
    return refused('INVALID', OWN_REQUEST_SAID, 'requestId');
  }
  const { command } = given;
  const fault = faultOf(state, command);
  if (fault !== null) return { events: [], refusal: fault };
  const order = manualOrder(state, given);
  const first = state.requests.get(order.requestId);
  if (first === undefined) {
    if (isBracket(command)) return bracketPlaced(state, ask, { command, entry: order });
    const opens = stopOf(order) !== null && order.effect === 'OPEN';
    return opens ? refusedEntry(order) : outcome([{ type: 'OrderArmed', order }]);
  }
  const known = orderOf(state, first);
  if (sameAsk(known, order) && sameBracket(state, known, command)) return outcome([]);
  const used = `was already used by ${first} for another order`;
  const message = `H4: request id ${order.requestId} ${used}`;
  return refused('DUPLICATE', message, 'requestId');
}

/** Why no order can be made of it, whatever was asked for before; null: one can. */
export function unusable(state: State, given: Given<Of<'PLACE_ORDER'>>): Refusal | null {
  const fault = faultOf(state, given.command);
  if (fault !== null) return fault;
  const order = manualOrder(state, given);
  const opens = stopOf(order) !== null && order.effect === 'OPEN';
  return opens ? refusedEntry(order).refusal : null;
}

function faultOf(state: State, command: Of<'PLACE_ORDER'>): Refusal | null {
  const { trigger } = command;
  return (
    faultOfBracket(command) ??
    faultOfDistance(command) ??
    faultOfFlip(command) ??
    (trigger === undefined ? faultOfTrail(state, command) : faultOfTrigger(state, command, trigger))
  );
}

function faultOfTrigger(
  state: State,
  { type, timeInForce, instrument }: Of<'PLACE_ORDER'>,
  { kind, trail }: TriggerAsk,
): Refusal | null {
  const fault = (message: string, field: string): Refusal => ({ code: 'INVALID', message, field });
  if (timeInForce === 'OPG') {
    return fault('an order for the opening auction waits for no trigger', 'timeInForce');
  }
  if ((kind === 'TRAIL') !== (trail !== undefined)) {
    return fault('a trailing stop needs its distance, and no other trigger has one', 'trigger');
  }
  if (trail === undefined) {
    const message = `what a trigger releases is a MARKET or a LIMIT order, not ${type}`;
    return type === 'MARKET' || type === 'LIMIT' ? null : fault(message, 'type');
  }
  if (type !== 'MARKET')
    return fault(`a trailing stop releases a MARKET order, not ${type}`, 'type');
  if (!state.instruments.has(instrument)) return unknownInstrument(instrument);
  const wrong = faultOfTerms(trail);
  return wrong === null ? null : fault(wrong, 'trigger');
}

/** Of an order that the broker is to hold. */
function faultOfTrail(state: State, command: Of<'PLACE_ORDER'>): Refusal | null {
  const { type, trail, instrument } = command;
  const fault = (message: string, field: string): Refusal => ({ code: 'INVALID', message, field });
  if ((type === 'TRAILING_STOP') !== (trail !== undefined)) {
    return fault('a TRAILING_STOP needs its distance, and no other type has one', 'type');
  }
  if (trail === undefined) return null;
  if (!state.instruments.has(instrument)) return unknownInstrument(instrument);
  const wrong = faultOfTerms({ ...trail, activateAt: null });
  return wrong === null ? null : fault(wrong, 'trailBy');
}

/** Of the stop of a bracket that trails. */
function faultOfDistance({ bracket }: Of<'PLACE_ORDER'>): Refusal | null {
  const trail = bracket?.trail ?? null;
  const wrong = trail === null ? null : faultOfTerms({ ...trail, activateAt: null });
  if (wrong === null) return null;
  const field = trail?.trailBy == null ? 'bracket.trailPercent' : 'bracket.trailBy';
  return { code: 'INVALID', message: wrong, field };
}

function unknownInstrument(instrument: string): Refusal {
  const message = `there is no instrument ${instrument}`;
  return { code: 'NOT_FOUND', message, field: 'instrument' };
}

/** What is wrong with a distance or an activation price; null: nothing. */
function faultOfTerms({ trailBy, trailPercent, activateAt }: TrailTerms): string | null {
  if ((trailBy === null) === (trailPercent === null)) {
    return 'a trailing stop follows by an amount or by a percent: give one of the two';
  }
  if (trailBy !== null && signOf(trailBy) <= 0) return 'the distance must be above zero';
  if (significantDigits(trailPercent ?? '') > COMPARABLE_DIGITS) {
    return `the distance in percent has at most ${COMPARABLE_DIGITS} digits`;
  }
  const percent = trailPercent === null ? null : Number(trailPercent);
  if (percent !== null && !(percent > 0 && percent < 100)) {
    return 'the distance in percent must be above 0 and below 100';
  }
  if (activateAt === null || signOf(activateAt) > 0) return null;
  return 'the activation price must be above zero';
}

/** Nothing to follow for: what trails gives back, and never opens. */
function refusedEntry({ strategy, side, instrument, trigger }: Order): Outcome {
  const held = side === 'SELL' ? 'long' : 'short';
  const message =
    `a trailing stop only gives back: ${strategy} holds no ${held} position in ${instrument} ` +
    `that a ${side} would reduce. Place it when the position is there`;
  return refused('INVALID', message, trigger === null ? 'type' : 'trigger');
}

/** Whether two orders ask for the same thing: a retry, not a slip. */
function sameAsk(a: Order, b: Order): boolean {
  const words = (order: Order): string =>
    JSON.stringify([
      ...[order.strategy, order.account, order.instrument, order.side, order.type],
      ...[order.timeInForce, wholeQuantity(order), order.limitPrice],
      ...stopWords(order),
    ]);
  return words(a) === words(b);
}

/** Both parts of a flip, which may be over by the time it is asked for again. */
const wholeQuantity = ({ intendedQuantity, flip }: Order) =>
  flip === undefined ? intendedQuantity : plus(intendedQuantity, flip.quantity);

/** Of a trailing stop what it began with: how far it has come since is nobody's wish. */
function stopWords({ stopPrice, trigger, trail = trigger?.trail }: Order): readonly unknown[] {
  const { trailBy, trailPercent, activateAt, firstLevel } = trail ?? {};
  const level = firstLevel ?? trigger?.level ?? stopPrice;
  const { kind, priceSource } = trigger ?? {};
  return [kind, level, trailBy, trailPercent, activateAt, priceSource];
}

/** The order a command asks for, as it would be armed. */
export function manualOrder(state: State, { command, at }: Given<Of<'PLACE_ORDER'>>): Order {
  const { requestId, strategy, account, instrument, side, type, timeInForce } = command;
  const { limitPrice, stopPrice } = command;
  const held = holdingOf(state, command).quantity;
  const split = splitAtZero(state, command);
  return newOrder(at, {
    ...{ requestId, strategy, account, instrument, side, type, timeInForce },
    ...{ limitPrice, stopPrice },
    id: idFrom('ord', state.ordersMade + 1),
    role: 'MANUAL',
    effect: effectOf(held, command.side),
    intendedQuantity: split.quantity,
    ...split,
    outsideRegularHours: command.outsideRegularHours ?? false,
    ...(command.staged === undefined ? {} : { staged: command.staged }),
    ...armedWith(state, { command, at }),
    ...ofBracket(state, command),
  });
}

const KIND_BY_HAND = {
  CROSS_OVER: 'by-hand-on-cross-over',
  CROSS_UNDER: 'by-hand-on-cross-under',
  TOUCH: 'by-hand-on-touch',
  STOP: 'by-hand-on-stop',
  TRAIL: 'by-hand-on-trail',
} as const satisfies Record<TriggerKind, OrderKind>;

/** What a trigger adds. In the middle of a session the first price is the reference of a cross. */
function armedWith(state: State, { command, at }: Given<Of<'PLACE_ORDER'>>): Partial<Order> {
  const { trigger, tradingDate, instrument, side } = command;
  const tickSize = state.instruments.get(instrument)?.tickSize;
  if (trigger === undefined) {
    return {
      ...trailing({ command, at }, tickSize),
      ...(tradingDate === undefined ? {} : { tradingDate }),
    };
  }
  const { kind, level, trail: terms, priceSource } = trigger;
  const plain = { kind, level, reference: null, firedAt: null, firedPrice: null };
  const made =
    terms === undefined || tickSize === undefined
      ? plain
      : trailFromLevel(level, { side, terms, tickSize, at });
  return {
    heldBy: 'ENGINE',
    kind: KIND_BY_HAND[kind],
    trigger: lookingAt<Trigger>(made, priceSource),
    ...(tradingDate === undefined ? {} : { tradingDate }),
  };
}

/** What a stop has beside its price that is to follow at the broker. */
function trailing(
  { command, at }: Given<Of<'PLACE_ORDER'>>,
  tickSize: Price | undefined,
): Partial<Order> {
  const { trail, stopPrice, side } = command;
  if (trail === undefined || stopPrice === null || tickSize === undefined) return {};
  const terms = { ...trail, activateAt: null };
  return { trail: trailFromLevel(stopPrice, { side, terms, tickSize, at }).trail };
}

/**
 * The order as it is when its trigger fires. What was armed by hand to open and now meets a
 * position of the other side gives back of it and never turns it; an exit never opens.
 */
export function asFired(state: State, order: Order): Order {
  if (order.role !== 'MANUAL' || order.effect === 'REDUCE') return order;
  return { ...order, effect: effectOf(holdingOf(state, order).quantity, order.side) };
}
