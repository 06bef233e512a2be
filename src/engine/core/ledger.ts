/**
 * Who owns what, and what it cost: pure arithmetic on holdings, by average cost. Nothing here
 * rounds but the share of a cost that has no exact decimal, and that share is taken from one side
 * and given to the other, so that realised minus cost equals the cash flow exactly.
 */
import {
  abs,
  equals,
  isZero,
  minus,
  negate,
  NO_QUANTITY,
  plus,
  shareOf,
  signOf,
  smaller,
  times,
  type Money,
  type Price,
  type Quantity,
} from '../../domain/decimal';
import type { Fill, Holding } from '../../domain/fill';
import { invariant } from '../../domain/invariant';
import type { Side } from '../../domain/order';

/** Positive for a purchase, negative for a sale. */
export function signed(side: Side, quantity: Quantity): Quantity {
  return side === 'BUY' ? quantity : negate(quantity);
}

/** The holding after a fill. */
export function afterFill(
  holding: Holding,
  fill: Pick<Fill, 'side' | 'quantity' | 'price'>,
): Holding {
  const change = signed(fill.side, fill.quantity);
  const reduces = signOf(holding.quantity) * signOf(change) < 0;
  const closing = reduces ? closingPart(holding.quantity, change) : NO_QUANTITY;
  const opening = minus(change, closing);
  const closed = reduces ? close(holding, closing, fill.price) : holding;
  return {
    quantity: plus(closed.quantity, opening),
    cost: plus(closed.cost, times(fill.price, opening)),
    realized: closed.realized,
    fees: closed.fees,
    cashFlow: minus(closed.cashFlow, times(fill.price, opening)),
  };
}

/** The part of a change that goes towards zero, with the sign of the change. */
function closingPart(held: Quantity, change: Quantity): Quantity {
  const size = smaller(abs(held), abs(change));
  return signOf(change) > 0 ? size : negate(size);
}

function close(holding: Holding, closing: Quantity, price: Price): Holding {
  const released = equals(abs(closing), abs(holding.quantity))
    ? holding.cost
    : shareOf(holding.cost, abs(closing), abs(holding.quantity));
  const proceeds = times(price, negate(closing));
  return {
    ...holding,
    quantity: plus(holding.quantity, closing),
    cost: minus(holding.cost, released),
    realized: plus(holding.realized, minus(proceeds, released)),
    cashFlow: plus(holding.cashFlow, proceeds),
  };
}

/** The holding after a commission or another fee. */
export function afterFee(holding: Holding, fee: Money): Holding {
  return { ...holding, fees: plus(holding.fees, fee) };
}

/** Profit not yet realised, at a mark. */
export function unrealized(holding: Holding, mark: Price): Money {
  return minus(times(mark, holding.quantity), holding.cost);
}

/**
 * What must hold of every holding: cash flow = realised - cost, and nothing held costs nothing.
 * @throws InvariantBreach
 */
export function checkHolding(holding: Holding, whose: string): void {
  const expected = minus(holding.realized, holding.cost);
  invariant(
    equals(holding.cashFlow, expected),
    () => `cash identity of ${whose}: cash flow is not realised profit minus cost`,
  );
  invariant(
    !isZero(holding.quantity) || isZero(holding.cost),
    () => `${whose} holds nothing and still carries a cost`,
  );
}
