/** H13: no order takes the position of a strategy through zero. An exit is refused by it alone. */
import { compare, isZero, larger, minus, NO_QUANTITY, toText } from '../../domain/decimal';
import type { Quantity } from '../../domain/decimal';
import type { HardCode } from '../../domain/denial';
import type { Order } from '../../domain/order';
import { heldAgainst } from './flips';
import type { Intent } from './risk-facts';
import { restingLikewise } from './exits-beside';
import { bothSides, freeToReduce } from './sizing';
import { workingOrders, type State } from './state';

/** What a hard limit found, passed or failed. */
export interface Finding {
  readonly code: HardCode;
  readonly fact: string;
  readonly operator: string;
  readonly limit: string;
  readonly value: string | null;
  readonly passed: boolean;
  readonly message: string;
}

export function exitSize(state: State, { order, quantity }: Intent): Finding {
  const free = freeToReduce(state, order);
  // A plan's own exits are cut and flattened; what a person adds to them has to fit beside them.
  // One that waits for its trigger was cut to what its price leaves beside them.
  const waits = order.trigger !== null && order.trigger.firedAt === null;
  const byHand = order.role === 'MANUAL' && !waits;
  const resting = byHand ? restingLikewise(state, order) : NO_QUANTITY;
  const owned = larger(minus(free, resting), NO_QUANTITY);
  const missing = bothSides(state, order);
  const size = `${order.side} ${toText(quantity)}`;
  const beside =
    `${toText(resting)} of the position of ${toText(free)} rest in other exits that the same ` +
    'move of the price can fill: change or cancel one of them, or send a MARKET order';
  const turns = isZero(resting)
    ? `${size} would turn the position of ${toText(owned)} round`
    : `${size} would be too much: ${beside}`;
  return {
    code: 'H13',
    fact: 'orderQuantity',
    operator: 'lessThanInclusive',
    limit: toText(owned),
    value: toText(quantity),
    passed: compare(quantity, owned) <= 0,
    message: `${turns}${missing === null ? howToFlip(order, owned) : `: ${missing}`}`,
  };
}

/** What a person can ask for instead, where the whole position is free. */
function howToFlip(order: Order, owned: Quantity): string {
  const { role, type, trigger, flip, timeInForce } = order;
  const plain = role === 'MANUAL' && (type === 'MARKET' || type === 'LIMIT') && trigger === null;
  if (!plain || flip !== undefined || isZero(owned)) return '';
  if (timeInForce === 'OPG') return ': send at most that';
  return ': send at most that, or set allowFlip to close it first and then open the rest';
}

/** Two orders that open on either side would meet in one that goes through zero. */
export function oppositeOpening(state: State, { order }: Intent): Finding {
  const opposite = workingOrders(state, order.instrument).find(
    (other) =>
      other.effect === 'OPEN' &&
      other.side !== order.side &&
      other.account === order.account &&
      other.strategy === order.strategy,
  );
  return {
    code: 'H13',
    fact: 'oppositeOpeningOrder',
    operator: 'equal',
    limit: 'none',
    value: opposite?.id ?? 'none',
    passed: opposite === undefined,
    message: `${opposite?.id ?? ''} works on the other side: one would fill through zero`,
  };
}

/** What opens meets no position of the other side: an entry waits, or a person closes first. */
export function againstPosition(state: State, { order }: Intent): Finding {
  const held = heldAgainst(state, order);
  const value = held === null ? '0' : toText(held);
  return {
    code: 'H13',
    fact: 'heldOnOtherSide',
    operator: 'equal',
    limit: '0',
    value,
    passed: held === null,
    message: `${order.strategy} holds ${value} on the other side: close that first`,
  };
}
