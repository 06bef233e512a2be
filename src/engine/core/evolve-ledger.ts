/**
 * The ledger's part of the fold: a fill moves shares and cash, a commission moves cash. Positions
 * are kept from the account's side, holdings from the owners' side, and both sums are compared
 * after every change: a difference halts trading.
 */
import {
  abs,
  compare,
  equals,
  minus,
  NO_MONEY,
  NO_QUANTITY,
  plus,
  signOf,
  times,
  toText,
  type Money,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { adoptionOf, versionOf, type Fill } from '../../domain/fill';
import type { ExecId } from '../../domain/ids';
import { invariant } from '../../domain/invariant';
import { fillOrder, overfillOrder } from './evolve-executions';
import { afterFee, afterFill, checkHolding, signed } from './ledger';
import {
  holdingKey,
  holdingOf,
  orderOf,
  positionKey,
  positionOf,
  type HoldingKey,
  type State,
} from './state';

type FillEvent = Extract<Event, { type: 'OrderFilled' }>;

export function foldFill(state: State, event: FillEvent, at: number): void {
  const { fill } = event;
  invariant(!state.fills.has(fill.execId), () => `execution ${fill.execId} was folded twice`);
  checkFill(state, fill);
  state.fills.set(fill.execId, fill);
  state.versions.set(versionOf(fill.execId).base, fill.execId);
  const before = holdingOf(state, fill);
  const holding = afterFill(before, fill);
  invariant(
    equals(holding.quantity, event.holdingAfter),
    () => `the fill ${fill.execId} leaves ${toText(holding.quantity)}, not what it said`,
  );
  invariant(
    equals(minus(holding.realized, before.realized), event.realized),
    () => `the fill ${fill.execId} does not realise what it said`,
  );
  state.holdings.set(holdingKey(fill), holding);
  movePosition(state, fill);
  if (fill.order !== null) fillOrder(state, fill, at);
  else if (event.beyond !== undefined) {
    overfillOrder(state, event.beyond, { units: fill.quantity, at });
  }
  chargeEarly(state, fill);
  checkBooks(state, fill);
}

/** The commission that came before its execution. */
export function chargeEarly(state: State, fill: Fill): void {
  const early = state.earlyCommissions.get(fill.execId);
  if (early === undefined) return;
  state.earlyCommissions.delete(fill.execId);
  charge(state, fill, early);
}

/**
 * An execution is of something, at a price, of what its order asked for, and of no more than was
 * sent. Checked before the fill is written too, so that a journal can always be folded.
 * @throws InvariantBreach
 */
export function checkFill(state: State, fill: Fill): void {
  const { execId, quantity } = fill;
  invariant(signOf(quantity) > 0, () => `execution ${execId} is of ${toText(quantity)} units`);
  invariant(signOf(fill.price) > 0, () => `execution ${execId} is at ${toText(fill.price)}`);
  if (fill.order === null) return;
  const fault = fillFault(state, fill);
  invariant(fault === null, () => fault ?? '');
}

/** Why an execution cannot be one of its order; null where it can. */
export function fillFault(state: State, fill: Fill): string | null {
  if (fill.order === null) return null;
  const { execId } = fill;
  const order = orderOf(state, fill.order);
  const filled = plus(order.filledQuantity, fill.quantity);
  if (compare(filled, order.sentQuantity) > 0) {
    return `${execId} fills ${order.id} to ${toText(filled)}, sent ${toText(order.sentQuantity)}`;
  }
  for (const field of ['account', 'instrument', 'side', 'strategy'] as const) {
    if (fill[field] !== order[field]) {
      return `execution ${execId} is of another ${field} than its order ${order.id}`;
    }
  }
  return null;
}

function movePosition(state: State, fill: Fill): void {
  const position = positionOf(state, fill);
  const value = times(fill.price, signed(fill.side, fill.quantity));
  const known = position.owners.includes(fill.strategy);
  state.positions.set(positionKey(fill.account, fill.instrument), {
    ...position,
    quantity: plus(position.quantity, signed(fill.side, fill.quantity)),
    cashFlow: minus(position.cashFlow, value),
    owners: known ? position.owners : [...position.owners, fill.strategy],
  });
  const account = state.accounts.get(fill.account);
  invariant(account !== undefined, () => `fill ${fill.execId} in unknown account ${fill.account}`);
  account.cash = minus(account.cash, value);
  account.cashFlow = minus(account.cashFlow, value);
}

/** Shares the account held before Tidegate came: UNALLOCATED owns them at their average cost. */
export function foldAdoption(
  state: State,
  event: Extract<Event, { type: 'PositionAdopted' }>,
  at: number,
): void {
  const { account: key, instrument, quantity, price } = event;
  const account = state.accounts.get(key);
  invariant(account !== undefined, () => `a position in unknown account ${key}`);
  const fill: Fill = {
    ...{ execId: adoptionOf(key, instrument), order: null, strategy: null },
    ...{ account: key, instrument, price, at },
    side: signOf(quantity) > 0 ? 'BUY' : 'SELL',
    quantity: abs(quantity),
  };
  // They were paid for before: cash stays, and what the account was worth includes them.
  const paid = times(price, quantity);
  account.cash = plus(account.cash, paid);
  account.openingCash = plus(account.openingCash, paid);
  account.dayBase = plus(account.dayBase, paid);
  state.fills.set(fill.execId, fill);
  state.holdings.set(holdingKey(fill), afterFill(holdingOf(state, fill), fill));
  movePosition(state, fill);
  checkBooks(state, fill);
}

export function foldCommission(state: State, execId: ExecId, amount: Money): void {
  invariant(!state.charged.has(execId), () => `the commission of ${execId} was folded twice`);
  state.charged.set(execId, amount);
  const fill = state.fills.get(execId);
  if (fill === undefined) {
    state.earlyCommissions.set(execId, amount);
    return;
  }
  charge(state, fill, amount);
  checkBooks(state, fill);
}

function charge(state: State, fill: Fill, amount: Money): void {
  state.holdings.set(holdingKey(fill), afterFee(holdingOf(state, fill), amount));
  const position = positionOf(state, fill);
  state.positions.set(positionKey(fill.account, fill.instrument), {
    ...position,
    fees: plus(position.fees, amount),
  });
  const account = state.accounts.get(fill.account);
  invariant(account !== undefined, () => `commission in unknown account ${fill.account}`);
  account.cash = minus(account.cash, amount);
  account.fees = plus(account.fees, amount);
}

/**
 * The books of one instrument in one account balance: every share has an owner, every cent too.
 * @throws InvariantBreach
 */
export function checkBooks(state: State, key: Pick<HoldingKey, 'account' | 'instrument'>): void {
  const position = positionOf(state, key);
  let [quantity, cashFlow, fees] = [NO_QUANTITY, NO_MONEY, NO_MONEY];
  for (const strategy of position.owners) {
    const holding = holdingOf(state, { ...key, strategy });
    checkHolding(holding, `${strategy ?? 'UNALLOCATED'} in ${key.instrument}`);
    quantity = plus(quantity, holding.quantity);
    cashFlow = plus(cashFlow, holding.cashFlow);
    fees = plus(fees, holding.fees);
  }
  const where = `${key.instrument} in ${key.account}`;
  invariant(
    equals(quantity, position.quantity),
    () => `allocations and UNALLOCATED of ${where} are not the position`,
  );
  invariant(equals(cashFlow, position.cashFlow), () => `cash flows of ${where} do not add up`);
  invariant(equals(fees, position.fees), () => `fees of ${where} do not add up`);
  checkCash(state, key.account);
}

function checkCash(state: State, accountKey: string): void {
  const account = state.accounts.get(accountKey);
  invariant(account !== undefined, () => `unknown account ${accountKey}`);
  const expected = minus(plus(account.openingCash, account.cashFlow), account.fees);
  invariant(
    equals(account.cash, expected),
    () => `cash of ${accountKey} is not opening cash plus cash flow minus fees`,
  );
}
