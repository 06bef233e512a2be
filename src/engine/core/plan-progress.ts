/**
 * What a trader wants to know of one symbol of an instruction file: how far its plan has come over
 * all of its round trips, and why it stands there. A reading of the state; it decides nothing.
 */
import { compare, isZero, minus, NO_MONEY, NO_QUANTITY, plus, toText } from '../../domain/decimal';
import type { Money, Quantity } from '../../domain/decimal';
import type { PlanId } from '../../domain/ids';
import { isAtBroker, isFinal, type Order } from '../../domain/order';
import type { Plan } from '../../domain/plan';
import type { PlanState } from '../../domain/plan-state';
import { signed } from './ledger';
import { isReplaced } from './plan-replacement';
import { firstCycle, holdingKey, ordersOfPlan, strictestCause, tradingStateFor } from './state';
import type { State } from './state';

export interface PlanProgress {
  readonly state: PlanState;
  /** In words. */
  readonly reason: string;
  /** Round trips that were begun. */
  readonly cycles: number;
  readonly maxCycles: number;
  /** Units that entries and adds have brought, over all round trips. */
  readonly entered: Quantity;
  /** Units that its exits have given back. */
  readonly exited: Quantity;
  /** Sold less bought, before commissions; null while more was entered than given back, or less. */
  readonly realized: Money | null;
  /** The entry that was taken last. */
  readonly entry: Order | null;
  /** The order that closed the last round trip; null: none of the plan's own did. */
  readonly exit: Order | null;
}

/** Of the plan that a file became or kept, with all the round trips that it is one of. */
export function planProgress(state: State, plan: PlanId): PlanProgress | null {
  const cycles = cyclesOf(state, firstCycle(state, plan));
  const last = cycles.at(-1);
  if (last === undefined) return null;
  const begun = cycles.filter(({ orders }) => orders.some(hasFilled));
  const trip = begun.at(-1);
  const sums = sumsOf(cycles.flatMap(({ orders }) => orders));
  const entry = trip?.plan.entryOrder ?? null;
  return {
    ...standing(state, last, trip),
    cycles: begun.length,
    maxCycles: last.plan.spec.settings.cycles,
    ...sums,
    entry: entry === null ? null : (state.orders.get(entry) ?? null),
    exit: trip?.plan.status === 'DONE' ? closerOf(state, trip) : null,
  };
}

interface Cycle {
  readonly plan: Plan;
  readonly orders: readonly Order[];
}
type Standing = Pick<PlanProgress, 'state' | 'reason'>;

const hasFilled = ({ filledQuantity }: Order): boolean => !isZero(filledQuantity);

function cyclesOf(state: State, first: PlanId): Cycle[] {
  const cycles: Cycle[] = [];
  for (let id: PlanId | null = first; id !== null;) {
    const plan: Plan | undefined = state.plans.get(id);
    if (plan === undefined) return cycles;
    cycles.push({ plan, orders: ordersOfPlan(state, id) });
    id = plan.followedBy;
  }
  return cycles;
}

/** `trip`: the last round trip that was begun, which may be one before the last. */
function standing(state: State, last: Cycle, trip: Cycle | undefined): Standing {
  const { plan, orders } = last;
  if (plan.status === 'IN_POSITION') return { state: 'IN_POSITION', reason: heldWords(last) };
  if (isReplaced(plan) && trip === undefined) {
    return { state: 'REPLACED', reason: 'a changed file has taken its place before it began' };
  }
  if (trip === last) return { state: 'EXITED', reason: exitWords(state, last) };
  const entries = orders.filter(({ role }) => role === 'ENTRY');
  const working = entries.find(isAtBroker);
  if (working !== undefined) return { state: 'WORKING', reason: workingWords(working) };
  const armed = entries.filter(({ status }) => status === 'ARMED');
  if (plan.status === 'WAITING' && armed.length > 0) return waits(state, armed);
  if (trip !== undefined) return { state: 'EXITED', reason: exitWords(state, trip) };
  return ended(entries);
}

function waits(state: State, armed: readonly Order[]): Standing {
  const [first] = armed;
  const names = armed.map(legOf).join(', ');
  const now = first === undefined ? 'ACTIVE' : tradingStateFor(state, first);
  if (first === undefined || now === 'ACTIVE') {
    return { state: 'WAITING', reason: `armed: ${names}` };
  }
  const { scope, reason = '' } = strictestCause(state, first) ?? {};
  const where =
    scope === undefined ? '' : ` for ${`${scope.kind.toLowerCase()} ${scope.key}`.trim()}`;
  const said = reason === '' ? '' : ` (${reason})`;
  const what = `armed: ${names}; trading is ${now}${where}${said}: an entry that fires is denied`;
  return { state: 'BLOCKED', reason: what };
}

/** No entry waits or works any more, and none has filled. */
function ended(entries: readonly Order[]): Standing {
  const fired = entries.filter(hasFired).at(-1);
  const decisive = fired ?? entries.at(-1);
  if (decisive === undefined) return { state: 'CANCELLED', reason: 'nothing of it is left' };
  switch (decisive.status) {
    case 'EXPIRED':
      return { state: 'EXPIRED', reason: fired === undefined ? NEVER : unfilledWords(decisive) };
    case 'DENIED':
    case 'REJECTED':
    case 'NOT_SENT':
      return { state: 'FAILED', reason: saidOf(decisive) };
    default: {
      const unfilled = fired === undefined ? saidOf(decisive) : unfilledWords(decisive);
      return { state: 'CANCELLED', reason: unfilled };
    }
  }
}

const NEVER = 'the session ended and no entry had fired';
const hasFired = ({ trigger }: Order): boolean => (trigger?.firedAt ?? null) !== null;
const legOf = ({ leg, id }: Order): string => leg ?? id;
/** `long[0] ord-00000002`; an order that is no leg of the file has its id alone. */
const nameOf = ({ leg, id }: Order): string => (leg === null ? id : `${leg} ${id}`);

/** `entry[0] ord-00000001 is DENIED: POSITION_LIMIT` */
function saidOf(order: Order): string {
  const { status, statusMessage } = order;
  const why = statusMessage === null ? '' : `: ${statusMessage}`;
  return `${nameOf(order)} is ${status}${why}`;
}

/** Of an entry whose level was reached and whose order came to nothing. */
export function unfilledWords(order: Order): string {
  const { trigger, limitPrice } = order;
  const at = trigger?.firedPrice ?? null;
  const fired = at === null ? '' : ` fired at ${toText(at)};`;
  const limit = limitPrice === null ? '' : ` its limit ${toText(limitPrice)} was not met;`;
  return `entry not filled: ${legOf(order)}${fired}${limit} ${saidOf(order)}`;
}

function workingWords(order: Order): string {
  const { limitPrice, quantity, side, id, status } = order;
  const at = limitPrice === null ? 'at the market' : `limit ${toText(limitPrice)}`;
  const what = `${side} ${toText(quantity)} ${at}`;
  return `${legOf(order)} ${id} is ${status}: ${what}, nothing filled yet`;
}

function heldWords({ plan, orders }: Cycle): string {
  const { entered, exited } = sumsOf(orders);
  const side = plan.direction === 'SHORT' ? 'short' : 'long';
  const open = orders.filter((order) => order.effect === 'REDUCE' && !isFinal(order)).map(legOf);
  const exits = open.length === 0 ? 'no exit is open' : `open exits: ${open.join(', ')}`;
  return `${side} ${toText(minus(entered, exited))}; ${exits}`;
}

function exitWords(state: State, cycle: Cycle): string {
  const closer = closerOf(state, cycle);
  if (closer === null) return 'the position was closed by none of its own orders';
  const { filledQuantity, role } = closer;
  const name = role.toLowerCase().replaceAll('_', ' ');
  return `closed by ${nameOf(closer)} (${name}), ${toText(filledQuantity)} units`;
}

/** The exit that left nothing; null where no order of the plan gave the last units back. */
function closerOf(state: State, { plan, orders }: Cycle): Order | null {
  const last = lastToFill(orders);
  if (last === null) return null;
  const { entered, exited } = sumsOf(orders);
  if (compare(entered, exited) <= 0) return last;
  let held = NO_QUANTITY;
  let after = NO_QUANTITY;
  for (const fill of state.fills.values()) {
    if (holdingKey(fill) !== holdingKey(plan)) continue;
    held = plus(held, signed(fill.side, fill.quantity));
    if (fill.order === last.id) after = held;
  }
  return isZero(after) ? last : null;
}

function lastToFill(orders: readonly Order[]): Order | null {
  let last: Order | null = null;
  for (const order of orders) {
    if (order.effect !== 'REDUCE' || !hasFilled(order)) continue;
    if (last === null || order.updatedAt >= last.updatedAt) last = order;
  }
  return last;
}

type Sums = Pick<PlanProgress, 'entered' | 'exited' | 'realized'>;

function sumsOf(orders: readonly Order[]): Sums {
  let entered: Quantity = NO_QUANTITY;
  let exited: Quantity = NO_QUANTITY;
  let cash: Money = NO_MONEY;
  for (const { effect, side, filledQuantity, filledValue } of orders) {
    if (effect === 'OPEN') entered = plus(entered, filledQuantity);
    else exited = plus(exited, filledQuantity);
    cash = side === 'SELL' ? plus(cash, filledValue) : minus(cash, filledValue);
  }
  const even = !isZero(entered) && compare(entered, exited) === 0;
  return { entered, exited, realized: even ? cash : null };
}
