/**
 * A changed file over what an earlier version of it made: a plan that only waits is replaced, one
 * that has begun stays as it is, and every difference is told. Orders at the broker are not
 * touched.
 */
import { isZero, toText } from '../../domain/decimal';
import type { Event } from '../../domain/event';
import type { Finding } from '../../domain/instruction';
import type { TrailTerms } from '../../domain/order';
import type { Plan, PlanLeg, PlanSpec } from '../../domain/plan';
import { priceKindOf, priceWords } from '../../domain/price-source';
import { ordersOfPlan, type State } from './state';
import { cancelOf } from './tidy-events';

/** What becomes of the plan that stands. */
export interface Replacement {
  /** Whether the new instructions take its place. */
  readonly replaced: boolean;
  /** Of the plan that stands; they happen also where nothing takes its place. */
  readonly events: readonly Event[];
  readonly finding: Finding | null;
}

export function replacementOf(state: State, plan: Plan, spec: PlanSpec): Replacement {
  const changes = differences(plan.spec, spec);
  if (changes.length === 0) return { replaced: false, events: [], finding: null };
  const { symbol } = plan.spec;
  const said = changes.join('; ');
  const begun = whyBegun(state, plan);
  if (begun !== null) {
    const what = `${symbol} keeps its instructions (${said})`;
    const message = `${what}: ${begun}. Change or cancel its orders by hand.`;
    return {
      replaced: false,
      events: [],
      finding: finding('KEPT', 'WARNING', { symbol, message }),
    };
  }
  const { cycles } = spec.settings;
  if (plan.cycle > cycles) {
    const why = `round trips done: ${plan.cycle - 1}, and the file allows ${cycles}`;
    const message = `The entries of ${symbol} wait no more (${said}): ${why}.`;
    const events = waitsNoMore(state, plan, 'a changed file allows no more round trips');
    return { replaced: false, events, finding: finding('REPLACED', 'INFO', { symbol, message }) };
  }
  const events = waitsNoMore(state, plan, REPLACED);
  const message = `${symbol} is replaced: ${said}.`;
  return { replaced: true, events, finding: finding('REPLACED', 'INFO', { symbol, message }) };
}

function waitsNoMore(state: State, plan: Plan, reason: string): Event[] {
  const waiting = ordersOfPlan(state, plan.id).filter(({ status }) => status === 'ARMED');
  const cancels = waiting.map((order) => cancelOf(order, reason));
  return [...cancels, { type: 'PlanClosed', plan: plan.id, reason }];
}

const REPLACED = 'replaced by a changed file';

/** Whether a changed file took its place. */
export function isReplaced({ closedFor }: Plan): boolean {
  return closedFor === REPLACED;
}

/** Null while nothing of it has fired and nothing is held by it. */
function whyBegun(state: State, plan: Plan): string | null {
  if (plan.status === 'IN_POSITION') return 'it is in position';
  if (plan.status === 'DONE') return 'it is done for the session';
  const fired = ordersOfPlan(state, plan.id).find(
    (order) => order.status !== 'ARMED' && (!isOver(order.status) || !isZero(order.filledQuantity)),
  );
  return fired === undefined ? null : `its entry ${fired.id} is ${fired.status}`;
}

const OVER: ReadonlySet<string> = new Set([
  'CANCELLED',
  'DENIED',
  'REJECTED',
  'EXPIRED',
  'NOT_SENT',
]);
const isOver = (status: string): boolean => OVER.has(status);

/** In words, leg by leg; empty: both say the same. */
function differences(before: PlanSpec, after: PlanSpec): string[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was?.exact === is?.exact) return [];
    if (was === undefined) return [`${name} is new: ${is?.words ?? ''}`];
    if (is === undefined) return [`${name} is gone: ${was.words}`];
    return [`${name} was ${was.words}, is ${is.words}`];
  });
}

interface Said {
  readonly words: string;
  /** All of it, also what the words leave out. */
  readonly exact: string;
}

function wordsOf({ entries, ifLong, ifShort, settings }: PlanSpec): Map<string, Said> {
  const { exitQuantity, cycles, onClose = 'KEEP', ocaRelease = 'TRIGGER' } = settings;
  const whole =
    `exits ${exitQuantity}, ${cycles} round trips, on close ${onClose}, ` +
    `entries released by ${ocaRelease}`;
  const said = new Map([['settings', { words: whole, exact: JSON.stringify(settings) }]]);
  for (const leg of [...entries, ...ifLong, ...ifShort]) {
    // Where it stands in the text is no difference.
    const exact = JSON.stringify({ ...leg, pointer: '' });
    said.set(leg.leg, { words: legWords(leg), exact });
  }
  return said;
}

function legWords(leg: PlanLeg): string {
  const { side, quantity, type, price, cross, firesOnGap, namedStop, trail } = leg;
  const looks = sourceWords(leg);
  if (trail !== undefined) return `${side} ${toText(quantity)} ${trailWords(trail)}${looks}`;
  const on = cross === null ? '' : ` on ${cross === 'CROSS_OVER' ? 'cross-over' : 'cross-under'}`;
  const gap = cross === null || firesOnGap ? '' : ', gap ignored';
  const stop = namedStop ? ', a stop' : '';
  const at = price === null ? '' : ` ${toText(price)}`;
  return `${side} ${toText(quantity)} ${type.toLowerCase()}${on}${at}${gap}${stop}${looks}`;
}

function sourceWords({ priceSource, side }: PlanLeg): string {
  if (priceSource === undefined) return '';
  return `, looks at the ${priceWords(priceKindOf(priceSource, side))}`;
}

function trailWords({ trailBy, trailPercent, activateAt }: TrailTerms): string {
  const behind = trailBy === null ? `${trailPercent ?? ''} %` : toText(trailBy);
  return `trailing by ${behind}${activateAt === null ? '' : ` from ${toText(activateAt)} on`}`;
}

function finding(
  code: 'KEPT' | 'REPLACED',
  severity: Finding['severity'],
  { symbol, message }: { readonly symbol: string; readonly message: string },
): Finding {
  return {
    ...{ severity, code, message, pointer: `/${symbol}` },
    ...{ line: null, column: null, proposal: null },
  };
}
