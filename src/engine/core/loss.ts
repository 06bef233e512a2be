/**
 * H10: an account that has lost its daily maximum is halted. Looked at on every price of what the
 * account holds, after every fill, and at every opening order. It must not decide anything else.
 */
import {
  compare,
  isZero,
  minus,
  negate,
  NO_MONEY,
  plus,
  signOf,
  times,
  toText,
  type Money,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Fill } from '../../domain/fill';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import type { Context } from './context';
import { tighten } from './decision';
import { accountPnl, lastPrice } from './exposure';
import { signed } from './ledger';
import { lossLimit } from './loss-limit';
import { positionOf, scopeKey, type State } from './state';

/** Accounts that hold the instrument and have reached their limit without being halted yet. */
export function accountsAtLoss(
  state: State,
  context: Context,
  instrument: InstrumentKey,
): AccountKey[] {
  if (state.positions.size === 0) return [];
  return [...state.accounts.keys()].filter((account) => {
    if (isZero(positionOf(state, { account, instrument }).quantity)) return false;
    const known = state.tradingStates.get(scopeKey({ kind: 'ACCOUNT', key: account }));
    return known !== 'HALTED' && isReached(state, context, { account, gain: NO_MONEY });
  });
}

/** Halts the account when its loss has reached the limit; nothing otherwise. */
export function haltOnLoss(state: State, context: Context, account: AccountKey): Event[] {
  return haltWith(state, context, { account, gain: NO_MONEY });
}

/** The same once a fill is folded in, which may be at another price than the last one. */
export function haltOnFill(state: State, context: Context, fill: Fill): Event[] {
  const last = lastPrice(context, fill.instrument);
  const change = signed(fill.side, fill.quantity);
  const gain =
    last === undefined ? NO_MONEY : minus(times(last, change), times(fill.price, change));
  return haltWith(state, context, { account: fill.account, gain });
}

interface Question {
  readonly account: AccountKey;
  /** What is about to be gained beside what the books say. */
  readonly gain: Money;
}

function isReached(state: State, context: Context, { account, gain }: Question): boolean {
  const limit = lossLimit(state, context, account);
  const pnl = plus(accountPnl(state, context, account), gain);
  return signOf(limit) > 0 && compare(pnl, negate(limit)) <= 0;
}

function haltWith(state: State, context: Context, question: Question): Event[] {
  if (!isReached(state, context, question)) return [];
  const { account, gain } = question;
  const lost = negate(plus(accountPnl(state, context, account), gain));
  const limit = lossLimit(state, context, account);
  return tighten(state, {
    scope: { kind: 'ACCOUNT', key: account },
    next: 'HALTED',
    reason: `the account has lost ${toText(lost)} of at most ${toText(limit)} today`,
    by: 'H10',
  });
}
