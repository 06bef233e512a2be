/**
 * A change that a person asks for. Of a working order it is decided like an order: the rules see it
 * as it would be, and the order at the broker stays as it is when they refuse. An order that waits
 * for its trigger is changed at once.
 */
import { compare, equals, isMultipleOf, minus, signOf, toText } from '../../domain/decimal';
import type { Price } from '../../domain/decimal';
import type { Command } from '../../domain/input';
import { isAtBroker, isFinal, type Order } from '../../domain/order';
import type { Refusal } from '../../domain/refusal';
import { outcome, refused, type Ask, type Outcome } from './context';
import { OWN_REQUEST, OWN_REQUEST_SAID } from './decide-place';
import { decisionEvents, makeDecision, reasonOf } from './decision';
import type { Intent } from './risk-facts';
import { isOnStage } from './staging';
import { linkAllows, type AskedChange, type State } from './state';

type Modify = Extract<Command, { kind: 'MODIFY_ORDER' }>;
interface Given {
  readonly command: Modify;
  readonly at: number;
}

export function modifyOrder(state: State, ask: Ask, given: Given): Outcome {
  const { command, at } = given;
  if (OWN_REQUEST.test(command.requestId)) {
    return refused('INVALID', OWN_REQUEST_SAID, 'requestId');
  }
  const first = state.requests.get(command.requestId);
  const placedIt = state.orders.get(command.order)?.requestId === command.requestId;
  const asked = state.changes.get(command.requestId);
  const again = first === command.order && !placedIt;
  if (again && asked !== undefined && sameChange(command, asked)) return outcome([]);
  if (first !== undefined) {
    const message = `H4: request id ${command.requestId} was already used by ${first}`;
    return refused('DUPLICATE', message, 'requestId');
  }
  const known = state.orders.get(command.order);
  if (known?.status === 'ARMED' && isOnStage(known)) {
    const message = 'an order staged for the opening auction is not changed: cancel it, place anew';
    return refused('INVALID', message, 'order');
  }
  if (known?.status === 'ARMED' && known.heldBy === 'ENGINE') {
    return changeArmed(state, known, command);
  }
  const refusal = faultOf(state, command);
  if (refusal !== null) return { events: [], refusal };
  const intent = changedIntent(state, command, at);
  if (intent === null) return refused('NOT_FOUND', `there is no order ${command.order}`, 'order');
  const decision = makeDecision(state, ask, intent);
  const decided = decisionEvents(state, decision);
  if (!decision.approved) {
    const message = `the change was refused: ${reasonOf(decision)}`;
    return { events: decided, refusal: { code: 'RISK_DENIED', message, field: null } };
  }
  const { order } = intent;
  return outcome([
    ...decided,
    {
      type: 'OrderModifyRequested',
      order: order.id,
      ...{ quantity: order.quantity, limitPrice: order.limitPrice, stopPrice: order.stopPrice },
      requestId: command.requestId,
    },
  ]);
}

/** The rules are asked when it fires: until then a person may have it as it pleases. */
function changeArmed(state: State, order: Order, command: Modify): Outcome {
  const { requestId } = command;
  const refusal = faultOfFields(state, order, command);
  if (refusal !== null) return { events: [], refusal };
  const { trigger } = order;
  if (trigger === null) throw new Error(`${order.id} waits without a trigger`);
  const level = command.level ?? trigger.level;
  if (signOf(level) <= 0) return refused('INVALID', 'the level must be above zero', 'level');
  const quantity = command.quantity ?? order.intendedQuantity;
  const limitPrice = command.limitPrice ?? order.limitPrice;
  const kept = equals(level, trigger.level) ? ({ levelKept: true } as const) : {};
  const changed = { order: order.id, level, quantity, limitPrice, requestId };
  return outcome([{ type: 'ArmedOrderChanged', ...changed, ...kept }]);
}

/** Whether a change asks for nothing that the first one did not. */
function sameChange(command: Modify, asked: AskedChange): boolean {
  const { quantity, limitPrice, stopPrice } = command;
  if (quantity !== null && !equals(quantity, asked.quantity)) return false;
  const same = (now: Price | null, then: Price | null): boolean =>
    now === null || (then !== null && equals(now, then));
  if (!same(command.level ?? null, asked.level ?? null)) return false;
  return same(limitPrice, asked.limitPrice) && same(stopPrice, asked.stopPrice);
}

/** What would be at the broker, and how much of it is left to fill; null: no such order. */
export function changedIntent(state: State, command: Modify, at: number): Intent | null {
  const known = state.orders.get(command.order);
  if (known === undefined) return null;
  const quantity = command.quantity ?? known.requestedQuantity ?? known.quantity;
  const standing = known.requestedPrices ?? known;
  const order: Order = {
    ...known,
    quantity,
    intendedQuantity: quantity,
    limitPrice: command.limitPrice ?? standing.limitPrice,
    stopPrice: command.stopPrice ?? standing.stopPrice,
  };
  return { order, quantity: minus(quantity, known.filledQuantity), at };
}

const say = (code: Refusal['code'], message: string, field: string | null = null): Refusal => ({
  ...{ code, message, field },
});

function faultOf(state: State, command: Modify): Refusal | null {
  const order = state.orders.get(command.order);
  if (order === undefined) return say('NOT_FOUND', `there is no order ${command.order}`, 'order');
  const { id, status } = order;
  if (isFinal(order))
    return say('STALE', `order ${id} is ${status} and cannot be changed`, 'order');
  if (!isAtBroker(order) || status === 'CANCEL_PENDING') {
    return say('INVALID', `order ${id} is ${status}: only a working order can be changed`, 'order');
  }
  if (!linkAllows(state) || status === 'SUBMITTED' || status === 'UNKNOWN') {
    const message = `the broker has not confirmed ${id}: wait until the link is ready and it works`;
    return say('NOT_CONNECTED', message);
  }
  if (command.level != null) {
    return say('INVALID', `order ${id} waits for no trigger: it has no level`, 'level');
  }
  return faultOfFields(state, order, command);
}

function faultOfFields(state: State, order: Order, command: Modify): Refusal | null {
  const { id, type, filledQuantity } = order;
  const { quantity, limitPrice, stopPrice, level = null } = command;
  if ([quantity, limitPrice, stopPrice, level].every((each) => each === null)) {
    return say('INVALID', 'nothing to change: name a quantity or a price');
  }
  if (quantity !== null && compare(quantity, filledQuantity) <= 0) {
    const message = `${toText(filledQuantity)} of ${id} are filled: the new quantity must be above`;
    return say('INVALID', message, 'quantity');
  }
  const tick = state.instruments.get(order.instrument)?.tickSize;
  for (const field of ['limitPrice', 'stopPrice'] as const) {
    const price = command[field];
    if (price === null) continue;
    if (order[field] === null) return say('INVALID', `a ${type} order has no ${field}`, field);
    if (signOf(price) <= 0) return say('INVALID', `${field} must be above zero`, field);
    if (tick !== undefined && !isMultipleOf(price, tick)) {
      const message = `${toText(price)} is not a multiple of the tick size ${toText(tick)}`;
      return say('OFF_TICK', message, field);
    }
  }
  return null;
}
