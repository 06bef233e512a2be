/**
 * Executions out of the ordinary: of nobody's order, of an order they do not fit, and
 * corrections of earlier ones. None is ever dropped: shares that exist have an owner, if need
 * be UNALLOCATED.
 */
import {
  compare,
  isZero,
  minus,
  NO_QUANTITY,
  plus,
  signOf,
  toText,
  type Quantity,
} from '../../domain/decimal';
import type { Event } from '../../domain/event';
import { versionOf, type Fill } from '../../domain/fill';
import type { ExecId } from '../../domain/ids';
import type { Order } from '../../domain/order';
import { tighten } from './decision';
import { uncountedAfter } from './executed';
import { exitsOfPlaceFit } from './exit-sizes';
import { signed } from './ledger';
import { holdingOf, orderOf, positionKey, positionOf, type State } from './state';

/** The version of the same execution that is in the book; null: it is new. */
export function versionInBook(state: State, execId: ExecId): Fill | null {
  const known = state.versions.get(versionOf(execId).base);
  return known === undefined ? null : (state.fills.get(known) ?? null);
}

/** Whether it is in what its account came with: when it was executed may not be known. */
export function cameWithAccount(state: State, execId: ExecId): boolean {
  return state.adopted.has(versionOf(execId).base);
}

/** Why an execution cannot be booked whatever it is of; null where it can. */
export function unusable(
  state: State,
  { execId, quantity, price, account }: Pick<Fill, 'execId' | 'quantity' | 'price' | 'account'>,
): string | null {
  if (!state.accounts.has(account)) return `execution ${execId} of our order is in ${account}`;
  // A correction to nothing takes an execution back.
  const least = versionInBook(state, execId) === null ? 1 : 0;
  if (signOf(quantity) < least) return `execution ${execId} is of ${toText(quantity)} units`;
  return signOf(price) > 0 ? null : `execution ${execId} is at ${toText(price)}`;
}

/**
 * A later version replaces; an earlier one that comes late says nothing new. One for more than was
 * ever sent is nobody's, like an execution that does not fit its order.
 */
export function corrected(
  state: State,
  report: Omit<Fill, 'order' | 'strategy'>,
  known: Fill,
): Event[] {
  if (versionOf(report.execId).version <= versionOf(known.execId).version) return [];
  const { account, instrument, side } = known;
  const order = known.order === null ? null : orderOf(state, known.order);
  const filled = order && plus(minus(order.filledQuantity, known.quantity), report.quantity);
  const fits = order === null || filled === null || compare(filled, order.sentQuantity) <= 0;
  const owner = fits ? { order: known.order, strategy: known.strategy } : NOBODY;
  const fill: Fill = { ...report, ...owner, account, instrument, side };
  const scope = { kind: 'INSTRUMENT', key: instrument } as const;
  const reason = `the broker corrected the execution ${known.execId}: look at the exits`;
  const changed = toText(known.quantity) !== toText(report.quantity);
  return [
    { type: 'FillCorrected', replaces: known.execId, fill },
    ...(changed ? exitsAfterCorrection(state, known, fill) : []),
    ...(changed ? tighten(state, { scope, next: 'REDUCING', reason, by: 'correction' }) : []),
  ];
}

const NOBODY = { order: null, strategy: null } as const;

/** The exits at what is held once the execution is corrected. */
function exitsAfterCorrection(state: State, known: Fill, fill: Fill): Event[] {
  const kept = fill.strategy === known.strategy ? fill.quantity : NO_QUANTITY;
  const change = signed(known.side, minus(kept, known.quantity));
  const holdings = new Map([[known.strategy, plus(holdingOf(state, known).quantity, change)]]);
  if (fill.strategy !== known.strategy) {
    const moved = signed(fill.side, fill.quantity);
    holdings.set(fill.strategy, plus(holdingOf(state, fill).quantity, moved));
  }
  const seen = (order: Order): Order => {
    if (order.id !== known.order) return order;
    return {
      ...order,
      filledQuantity: plus(order.filledQuantity, minus(kept, known.quantity)),
      uncounted: uncountedAfter(order, { from: known.quantity, to: kept }),
    };
  };
  return exitsOfPlaceFit(state, known, { foreseen: { holdings }, seen });
}

/**
 * A sale by hand of what strategies own, or a fill that does not fit its order, lets nothing open
 * in the instrument until somebody has said whose it is.
 */
export function afterExternalFill(
  state: State,
  fill: Fill,
  given: { readonly holdingAfter: Quantity; readonly of: Order | null },
): Event[] {
  const { holdingAfter, of } = given;
  const exits = exitsAfter(state, fill, holdingAfter);
  const owned = ownedByStrategies(state, fill);
  const takes = !isZero(owned) && signOf(owned) * signOf(holdingAfter) < 0;
  if (!takes && of === null) return exits;
  const why =
    of === null
      ? `the execution ${fill.execId} from outside took what strategies own`
      : `the execution ${fill.execId} does not fit its order ${of.id}`;
  const scope = { kind: 'INSTRUMENT', key: fill.instrument } as const;
  const locked = tighten(state, { scope, next: 'REDUCING', reason: why, by: 'external-fill' });
  return [...exits, ...locked];
}

/**
 * What was taken from strategies, or given back to them, changes what their exits are for. In a
 * break it may be what explains that: the next read of the positions tells.
 */
function exitsAfter(state: State, fill: Fill, holdingAfter: Quantity): Event[] {
  if (state.breaks.has(positionKey(fill.account, fill.instrument))) return [];
  return exitsOfPlaceFit(state, fill, { foreseen: { holdings: new Map([[null, holdingAfter]]) } });
}

function ownedByStrategies(state: State, place: Fill): Quantity {
  const owners = positionOf(state, place).owners.filter((strategy) => strategy !== null);
  return owners.reduce(
    (sum, strategy) => plus(sum, holdingOf(state, { ...place, strategy }).quantity),
    NO_QUANTITY,
  );
}
