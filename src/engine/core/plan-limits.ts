/**
 * Whether the worst case of a plan passes the limits that its orders will be held to one by one:
 * the hard limits on worth and loss, and the risk rules that look at sizes. A plan that is armed is
 * one whose adds are not refused half-way, as far as that can be known before its first order. The
 * size of the entry's own order is judged when it fires: denied then, it leaves nothing half done.
 */
import {
  abs,
  compare,
  isPlainDecimal,
  isZero,
  larger,
  minus,
  money,
  negate,
  NO_MONEY,
  NO_QUANTITY,
  plus,
  portionOf,
  shareOf,
  signOf,
  smaller,
  times,
  toNumber,
  toText,
  addSteps,
  type Money,
  type Quantity,
} from '../../domain/decimal';
import type { AccountKey, InstrumentKey } from '../../domain/ids';
import type { PlanToArm } from '../../domain/input';
import type { Finding } from '../../domain/instruction';
import type { Facts, RuleCheck } from '../../domain/verdict';
import type { PlanSpec } from '../../domain/plan';
import type { WorstCase } from '../../domain/worst-case';
import { planSide, type Ask, type Context } from './context';
import { accountPnl, grossExposure, markOf } from './exposure';
import { lossLimit } from './loss-limit';
import { positionOf, type State } from './state';
import { faultsOfAdds, factsOfAdds, worstCaseFinding } from './adds-at-once';
import { worstCasesOf } from './worst-case';

interface Place {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
}

/** A side of a plan on an instrument, for an account as it stands. */
export interface Judged {
  readonly now: AccountNow;
  readonly instrument: InstrumentKey;
  readonly spec: PlanSpec;
  readonly worst: WorstCase;
}

/** What a plan's account is held to. */
export interface PlanLimits {
  /** H7. */
  readonly position: Money;
  /** H10, less what has been lost today; never negative. */
  readonly loss: Money;
}

export function planLimits(state: State, context: Context, account: AccountKey): PlanLimits {
  const left = minus(lossLimit(state, context, account), lostToday(state, context, account));
  return { position: context.limits.maxPositionNotional, loss: larger(left, NO_MONEY) };
}

/** What an account stands at while a file is judged: worked out once for all of its plans. */
export interface AccountNow {
  readonly account: AccountKey;
  readonly gross: Money;
  readonly lost: Money;
}

export function accountNow(state: State, context: Context, account: AccountKey): AccountNow {
  const gross = grossExposure(state, context, { account, id: '' });
  return { account, gross, lost: lostToday(state, context, account) };
}

/** Gains of today do not count: they may be gone by then. */
function lostToday(state: State, context: Context, account: AccountKey): Money {
  return larger(negate(accountPnl(state, context, account)), NO_MONEY);
}

/** A figure of the worst case: what the plan adds to what is there without it. */
interface Figure {
  readonly words: string;
  readonly own: Money;
  readonly there: Money;
  /** Units that make up what it adds. */
  readonly units: Quantity;
  readonly of: 'an add' | 'the position' | 'the position and its stops';
}
type Fact =
  | 'orderQuantity'
  | 'orderNotional'
  | 'worstCasePositionQuantity'
  | 'worstCasePositionNotional'
  | 'grossExposure'
  | 'loss';

function figuresOf(
  state: State,
  context: Context,
  { now, instrument, worst }: Omit<Judged, 'spec'>,
): Readonly<Record<Fact, Figure>> {
  const { account, gross, lost } = now;
  const place = { account, instrument };
  const held = heldOnSide(state, place, worst);
  const heldWorth = times(markOf(state, context, place), held);
  const { quantity, notional, addQuantity, addNotional, stoppedLoss, cycles } = worst;
  const add = { units: addQuantity, there: NO_MONEY, of: 'an add' } as const;
  const position = { units: quantity, of: 'the position' } as const;
  const loss = addSteps(NO_MONEY, stoppedLoss, cycles);
  return {
    orderQuantity: { ...add, words: 'units of an add', own: counted(addQuantity) },
    orderNotional: { ...add, words: 'an add', own: addNotional },
    worstCasePositionQuantity: {
      ...{ ...position, words: 'units of the position', own: counted(quantity) },
      there: counted(held),
    },
    worstCasePositionNotional: {
      ...{ ...position, words: 'the position', own: notional, there: heldWorth },
    },
    grossExposure: { ...position, words: 'the gross exposure', own: notional, there: gross },
    loss: {
      ...{ words: 'the loss of the account', own: loss, units: quantity },
      ...{ there: lost, of: 'the position and its stops' },
    },
  };
}

/** Units as a plain number, to be compared with others of their kind. */
const counted = (units: Quantity): Money => money(toText(units));

/** What is held the other way may be gone by then. */
function heldOnSide(state: State, place: Place, { direction }: WorstCase): Quantity {
  const { quantity } = positionOf(state, place);
  return signOf(quantity) === (direction === 'LONG' ? 1 : -1) ? abs(quantity) : NO_QUANTITY;
}

const reached = ({ own, there }: Figure): Money => plus(own, there);

function numbersOf(figures: Readonly<Record<string, Figure>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(figures).map(([f, each]) => [f, toNumber(reached(each))]),
  );
}

/** What risk rules may look at before there is an order: sizes and worth, of the worst case. */
export function worstCaseFacts(state: State, context: Context, given: Judged): Facts {
  const { instrument, spec, worst } = given;
  const figures = figuresOf(state, context, given);
  const { orderQuantity, orderNotional, loss, ...position } = figures;
  const facts: Record<string, Facts[string]> = {
    ...{ side: worst.direction === 'LONG' ? 'BUY' : 'SELL', effect: 'OPEN' },
    ...numbersOf(position),
    accountPnlToday: -toNumber(reached(loss)),
    ...factsOfAdds(spec, worst.direction, context),
  };
  if (isZero(worst.addQuantity)) return facts;
  const volume = state.instruments.get(instrument)?.averageVolume ?? null;
  const size = toNumber(worst.addQuantity);
  const share = volume === null ? {} : { orderPctOfAverageVolume: (size / volume) * 100 };
  return { ...facts, ...numbersOf({ orderQuantity, orderNotional }), ...share };
}

export interface PlanQuestion extends Judged {
  /** The risk rules that its facts do not pass. */
  readonly checks: readonly RuleCheck[];
}

/** Why the worst case of a side does not pass, each with what would; empty: it passes. */
export function faultsOfWorstCase(
  state: State,
  context: Context,
  question: PlanQuestion,
): readonly string[] {
  const { instrument, spec, worst, now } = question;
  const place = { account: now.account, instrument };
  const currency = currencyFault(state, place);
  if (currency !== null) return [currency];
  const figures = figuresOf(state, context, question);
  const lot = state.instruments.get(instrument)?.lotSize ?? NO_QUANTITY;
  const { limits } = context;
  const { maxOrderNotional, maxPositionNotional, maxGrossExposure } = limits;
  const hard = [
    above({ code: 'H6', figure: figures.orderNotional, limit: maxOrderNotional, lot }),
    above({
      code: 'H7',
      figure: figures.worstCasePositionNotional,
      limit: maxPositionNotional,
      lot,
    }),
    above({ code: 'H8', figure: figures.grossExposure, limit: maxGrossExposure, lot }),
    lossFault(figures.loss, lossLimit(state, context, now.account), lot),
  ];
  const ruled = question.checks.map((check) => ruleFault(check, figures, lot));
  const adds = faultsOfAdds(spec, worst.direction, context);
  return [...hard.flatMap((each) => each ?? []), ...adds, ...ruled];
}

/** Cash is kept in one currency: an order in another one would be denied (H2). */
function currencyFault(state: State, { account, instrument }: Place): string | null {
  const ours = state.accounts.get(account)?.currency ?? 'no currency that is known';
  const theirs = state.instruments.get(instrument)?.currency ?? '';
  if (ours === theirs && theirs !== '') return null;
  const trades = theirs === '' ? 'a currency that is not known' : theirs;
  return `H2: it trades in ${trades} and the account is kept in ${ours}`;
}

interface Limit {
  readonly code: string;
  readonly figure: Figure;
  readonly limit: Money;
  readonly lot: Quantity;
}

function above({ code, figure, limit, lot }: Limit): string | null {
  const { words, of } = figure;
  if (compare(reached(figure), limit) <= 0) return null;
  const head = `${code}: ${words} could be worth ${toText(reached(figure))}, and the limit is`;
  const fits = passing(unitsWithin(figure, limit, { lot, below: false }), of);
  return `${head} ${toText(limit)}; ${fits}`;
}

/** An account that has lost exactly its limit is halted. */
function lossFault(figure: Figure, limit: Money, lot: Quantity): string | null {
  if (isZero(figure.own) || compare(reached(figure), limit) < 0) return null;
  const { words, there, of } = figure;
  const today = isZero(there) ? '' : ` (${toText(there)} of it lost today)`;
  const could = `could be ${toText(reached(figure))}${today}, and has to stay below`;
  const fits = passing(unitsWithin(figure, limit, { lot, below: true }), of);
  return `H10: ${words} ${could} ${toText(limit)}; ${fits}`;
}

/** Units of the figure that keep within the limit, or below it, in whole lots. */
function unitsWithin(
  { own, there, units }: Figure,
  limit: Money,
  { lot, below }: { readonly lot: Quantity; readonly below: boolean },
): Quantity {
  const room = smaller(minus(limit, there), own);
  if (signOf(room) <= 0 || isZero(lot)) return NO_QUANTITY;
  const fits = portionOf(units, { part: room, whole: own }, lot);
  const reaches = below && compare(shareOf(own, fits, units), room) >= 0;
  return reaches ? larger(minus(fits, lot), NO_QUANTITY) : fits;
}

function passing(units: Quantity, of: Figure['of']): string {
  if (isZero(units)) return 'no Qty would pass';
  return `${toText(units)} units of ${of} would pass`;
}

/** A rule that refuses and lacks no fact. One that does is asked when an order is to leave. */
export function isAnsweredNo({ outcome, effect, conditions }: RuleCheck): boolean {
  if (outcome !== 'FAILED' || effect === 'WARN') return false;
  return conditions.every(({ value }) => value !== null);
}

function ruleFault(
  { ruleKey, message, conditions }: RuleCheck,
  figures: Readonly<Record<Fact, Figure>>,
  lot: Quantity,
): string {
  const said = `${ruleKey}: ${message ?? 'refused'}`;
  const failed = conditions.find(({ passed, operator }) => !passed && operator.startsWith('less'));
  const figure = Object.entries(figures).find(([fact]) => fact === failed?.fact)?.[1];
  if (failed === undefined || figure === undefined || !isPlainDecimal(failed.limit)) return said;
  const below = failed.operator === 'lessThan';
  const fits = unitsWithin(figure, money(failed.limit), { lot, below });
  return `${said}; ${passing(fits, figure.of)}`;
}

interface PlanToJudge {
  readonly now: AccountNow;
  readonly plan: Pick<PlanToArm, 'spec' | 'instrument'>;
}

/** Why the worst case of a plan does not pass, side by side; empty: it does. */
export function faultsOfPlan(state: State, ask: Ask, { now, plan }: PlanToJudge): string[] {
  const { spec, instrument } = plan;
  return worstCasesOf(spec).flatMap((worst) => {
    const side = worst.direction === 'LONG' ? 'BUY' : 'SELL';
    const checks = ask.assessment.plans?.get(planSide(instrument, side)) ?? [];
    const faults = faultsOfWorstCase(state, ask, { now, instrument, spec, worst, checks });
    return faults.map((fault) => `${worst.direction} ${fault}`);
  });
}

/** Why a plan is not armed, as a finding of its symbol; null: its worst case passes. */
export function beyondLimits(state: State, ask: Ask, judged: PlanToJudge): Finding | null {
  const said = faultsOfPlan(state, ask, judged);
  return said.length === 0 ? null : worstCaseFinding(judged.plan.spec, said);
}
