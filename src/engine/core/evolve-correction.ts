/**
 * A corrected execution: the new version takes the place of the old one in the ledger, exactly
 * as if it had been the first. The instrument's holdings are folded again from its executions,
 * because an average cost cannot be taken back.
 */
import { minus, NO_MONEY, NO_QUANTITY, plus, times } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { versionOf, type Fill, type Holding } from '../../domain/fill';
import type { ExecId } from '../../domain/ids';
import { invariant } from '../../domain/invariant';
import { refillOrder } from './evolve-executions';
import { chargeEarly, checkBooks } from './evolve-ledger';
import { afterFill, signed } from './ledger';
import {
  holdingKey,
  holdingOf,
  NO_HOLDING,
  orderOf,
  positionKey,
  positionOf,
  type State,
} from './state';

type Correction = Extract<Event, { type: 'FillCorrected' }>;

export function foldCorrection(state: State, event: Correction, at: number): void {
  const { replaces, fill } = event;
  const old = state.fills.get(replaces);
  invariant(old !== undefined, () => `the corrected execution ${replaces} is not in the book`);
  invariant(!state.fills.has(fill.execId), () => `execution ${fill.execId} was folded twice`);
  replaceFill(state, replaces, fill);
  owns(state, fill);
  state.versions.set(versionOf(fill.execId).base, fill.execId);
  const fee = state.charged.get(replaces);
  if (fee !== undefined) {
    // The broker charges the execution once, whatever its version.
    state.charged.delete(replaces);
    state.charged.set(fill.execId, fee);
  }
  foldAgain(state, fill);
  const account = state.accounts.get(fill.account);
  invariant(account !== undefined, () => `correction in unknown account ${fill.account}`);
  const change = minus(valueOf(fill), valueOf(old));
  account.cash = minus(account.cash, change);
  account.cashFlow = minus(account.cashFlow, change);
  if (old.order !== null) refillOrder(state, orderOf(state, old.order), { old, now: fill, at });
  if (fee === undefined) chargeEarly(state, fill);
  checkBooks(state, fill);
}

/** A correction that does not fit its order makes UNALLOCATED an owner. */
function owns(state: State, fill: Fill): void {
  const position = positionOf(state, fill);
  if (position.owners.includes(fill.strategy)) return;
  const owners = [...position.owners, fill.strategy];
  state.positions.set(positionKey(fill.account, fill.instrument), { ...position, owners });
}

const valueOf = (fill: Fill) => times(fill.price, signed(fill.side, fill.quantity));

/** In the place of the old one, since later fills build on its cost. */
function replaceFill(state: State, replaces: ExecId, fill: Fill): void {
  const all = [...state.fills];
  state.fills.clear();
  for (const [execId, known] of all) {
    if (execId === replaces) state.fills.set(fill.execId, fill);
    else state.fills.set(execId, known);
  }
}

/** The holdings of everyone who ever had a part, and the position, from the executions alone. */
function foldAgain(state: State, place: Fill): void {
  const holdings = new Map<string, Holding>();
  for (const strategy of positionOf(state, place).owners) {
    const key = { ...place, strategy };
    holdings.set(holdingKey(key), { ...NO_HOLDING, fees: holdingOf(state, key).fees });
  }
  let [quantity, cashFlow] = [NO_QUANTITY, NO_MONEY];
  for (const fill of state.fills.values()) {
    if (fill.account !== place.account || fill.instrument !== place.instrument) continue;
    const key = holdingKey(fill);
    holdings.set(key, afterFill(holdings.get(key) ?? NO_HOLDING, fill));
    quantity = plus(quantity, signed(fill.side, fill.quantity));
    cashFlow = minus(cashFlow, valueOf(fill));
  }
  for (const [key, holding] of holdings) state.holdings.set(key, holding);
  const position = positionOf(state, place);
  const key = positionKey(place.account, place.instrument);
  state.positions.set(key, { ...position, quantity, cashFlow });
}
