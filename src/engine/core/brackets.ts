/**
 * A bracket by hand: an entry with a target, a stop or both, kept as a plan of its own with one
 * entry. The plan and its entry are one record; from there on everything follows as for the symbol
 * of an instruction file. It begins flat, since its exits are for all that its strategy holds.
 */
import { compare, isZero, price, signOf, toText, type Price } from '../../domain/decimal';
import { idFrom } from '../../domain/ids';
import type { BracketAsk, Command, PlanToArm } from '../../domain/input';
import { isFinal, opposite, type Order } from '../../domain/order';
import type { Plan, PlanLeg, PlanSpec } from '../../domain/plan';
import type { Refusal, RefusalCode } from '../../domain/refusal';
import type { Ask, Context } from './context';
import { outcome, type Outcome } from './context';
import { waitingPlan } from './plan-entries';
import { accountNow, faultsOfPlan } from './plan-limits';
import { holdingOf, ordersOfPlan, plansOn, type HoldingKey, type State } from './state';

type Placing = Extract<Command, { kind: 'PLACE_ORDER' }>;
export type Bracketing = Placing & { readonly bracket: BracketAsk };

export const isBracket = (command: Placing): command is Bracketing => command.bracket !== undefined;

const fault = (message: string, field: string, code: RefusalCode = 'INVALID'): Refusal => ({
  ...{ code, message, field },
});

/** What is wrong with a bracket by what it says, whatever market and book are; null: nothing. */
export function faultOfBracket(command: Placing): Refusal | null {
  if (!isBracket(command)) return null;
  return faultOfEntry(command) ?? faultOfExits(command) ?? faultOfSides(command, statedIn(command));
}

function faultOfEntry({ type, timeInForce, allowFlip, trigger }: Placing): Refusal | null {
  if (type !== 'MARKET' && type !== 'LIMIT') {
    return fault(`the entry of a bracket is a MARKET or a LIMIT order, not ${type}`, 'type');
  }
  if (timeInForce === 'OPG') {
    return fault('an order for the opening auction takes no bracket', 'timeInForce');
  }
  if (allowFlip === true) {
    return fault('a flip takes no bracket: close the position first', 'allowFlip');
  }
  if (trigger?.kind !== 'TRAIL') return null;
  return fault('a trailing stop gives back, and a bracket is for what opens', 'trigger');
}

function faultOfExits({ side, bracket }: Bracketing): Refusal | null {
  const { takeProfit, stopLoss, stopLimit, trail } = bracket;
  if (takeProfit === null && stopLoss === null && trail === null) {
    return fault('a bracket has a take-profit, a stop-loss or both', 'bracket');
  }
  if (stopLoss !== null && trail !== null) {
    return fault('the stop has a price or follows by a distance: give one', 'bracket.stopLoss');
  }
  if (stopLimit !== null && stopLoss === null) {
    return fault('a stop limit belongs to a stop-loss price', 'bracket.stopLimit');
  }
  for (const [name, at] of Object.entries({ takeProfit, stopLoss, stopLimit })) {
    if (at !== null && signOf(at) <= 0) return fault('must be above zero', `bracket.${name}`);
  }
  if (stopLimit !== null && stopLoss !== null && isBeyond(side, stopLimit, stopLoss)) {
    const message =
      `the stop at ${toText(stopLoss)} could not fill at its limit ${toText(stopLimit)} when it ` +
      `is hit: give ${toText(stopLoss)} or ${side === 'BUY' ? 'less' : 'more'}`;
    return fault(message, 'bracket.stopLimit');
  }
  if (takeProfit === null || stopLoss === null || isBeyond(side, takeProfit, stopLoss)) return null;
  const where = side === 'BUY' ? 'above' : 'below';
  return fault(`the take-profit must be ${where} the stop-loss`, 'bracket.takeProfit');
}

/** Whether a price is better than another for whoever entered on this side. */
const isBeyond = (side: Order['side'], at: Price, than: Price): boolean =>
  compare(at, than) * (side === 'BUY' ? 1 : -1) > 0;

interface Reference {
  readonly words: string;
  readonly at: Price;
}

/** What the entry says of the price it is to fill at. */
function statedIn({ limitPrice, trigger }: Placing): Reference[] {
  return [
    ...(limitPrice === null ? [] : [{ words: 'the limit of the entry', at: limitPrice }]),
    ...(trigger === undefined ? [] : [{ words: 'the level of the entry', at: trigger.level }]),
  ];
}

/** The target lies on the winning side of the entry, the stop on the losing one. */
function faultOfSides({ side, bracket }: Bracketing, references: Reference[]): Refusal | null {
  const { takeProfit, stopLoss, trail } = bracket;
  const [winning, losing] = side === 'BUY' ? ['above', 'below'] : ['below', 'above'];
  for (const { words, at } of references) {
    const named = `${words}, ${toText(at)}`;
    if (takeProfit !== null && !isBeyond(side, takeProfit, at)) {
      const message = `the take-profit ${toText(takeProfit)} must be ${winning} ${named}`;
      return fault(message, 'bracket.takeProfit');
    }
    if (stopLoss !== null && !isBeyond(side, at, stopLoss)) {
      const message = `the stop-loss ${toText(stopLoss)} must be ${losing} ${named}`;
      return fault(message, 'bracket.stopLoss');
    }
    const by = trail?.trailBy ?? null;
    if (by !== null && side === 'BUY' && compare(by, at) >= 0) {
      return fault(`the distance must be smaller than ${named}`, 'bracket.trailBy');
    }
  }
  return null;
}

/** The plan and its entry, or why neither comes to be. */
export function bracketPlaced(
  state: State,
  ask: Ask,
  { command, entry }: { readonly command: Bracketing; readonly entry: Order },
): Outcome {
  const refusal =
    faultOfPlace(state, command) ??
    faultOfSides(command, seenBy(ask, command)) ??
    faultOfWorst(state, ask, command);
  if (refusal !== null || entry.plan === null) return { events: [], refusal };
  const { strategy, account, instrument, bracket } = command;
  const plan = waitingPlan({
    ...{ id: entry.plan, strategy, account, instrument, tradingDate: bracket.tradingDate },
    ...{ fileName: '', contentHash: '', byHand: true, spec: bracketSpec(command) },
    ...{ cycle: 1, follows: null },
  });
  return outcome([
    { type: 'PlanCreated', plan },
    { type: 'OrderArmed', order: entry },
  ]);
}

/** What an entry of a bracket has beside what every order by hand has. */
export function ofBracket(state: State, command: Placing): Partial<Order> {
  if (!isBracket(command)) return {};
  return { role: 'ENTRY', plan: idFrom('pln', state.plansMade + 1), leg: ENTRY };
}

/** An entry at the market, or whose limit is there, fills around the last price. */
function seenBy({ market }: Context, command: Bracketing): Reference[] {
  const { trigger, instrument, limitPrice, side } = command;
  const last = trigger === undefined ? market.last(instrument) : undefined;
  if (last === undefined) return [];
  const at = price(last.priceText);
  const rests = limitPrice !== null && isBeyond(side, at, limitPrice);
  return rests ? [] : [{ words: 'the last price', at }];
}

/** Its exits are for all that its strategy holds: it begins flat, and alone. */
function faultOfPlace(state: State, command: Bracketing): Refusal | null {
  const { strategy, instrument } = command;
  const { quantity } = holdingOf(state, command);
  if (!isZero(quantity)) {
    const message =
      `${strategy} holds ${toText(quantity)} ${instrument}, and a bracket begins flat, since its ` +
      'exits are for all of it: place entry and exits one by one';
    return fault(message, 'bracket');
  }
  const other = plansOn(state, command).find((plan) => isLive(state, plan));
  if (other === undefined) return null;
  const from = other.byHand === true ? 'a bracket by hand' : `instructions of ${other.fileName}`;
  const message = `${strategy} has ${from} for ${instrument} already: ${liveOrders(state, other)}`;
  return fault(`${message}. Cancel it or wait until it is over`, 'bracket');
}

/** Something of it may still trade. */
const isLive = (state: State, { id, status }: Plan): boolean =>
  status !== 'DONE' && ordersOfPlan(state, id).some((order) => !isFinal(order));

const liveOrders = (state: State, { id }: Plan): string =>
  ordersOfPlan(state, id)
    .filter((order) => !isFinal(order))
    .map((order) => order.id)
    .join(', ');

/** Why a file arms nothing there now: a bracket by hand that is not over; null: there is none. */
export function bracketThere(state: State, place: HoldingKey): string | null {
  const there = plansOn(state, place).find((plan) => plan.byHand === true && isLive(state, plan));
  return there === undefined ? null : liveOrders(state, there);
}

function faultOfWorst(state: State, ask: Ask, command: Bracketing): Refusal | null {
  const { account } = command;
  const said = faultsOfPlan(state, ask, {
    now: accountNow(state, ask, account),
    plan: bracketToJudge(ask, command),
  });
  if (said.length === 0) return null;
  const message = `${WORST_CASE}: with the entry filled and its stop hit, ${said.join('; ')}`;
  return fault(message, 'bracket', 'RISK_DENIED');
}

/** The code under which the worst case of a bracket is refused. */
export const WORST_CASE = 'WORST_CASE';

/** As its worst case is looked at: an entry at the market by the last price. */
export function bracketToJudge(context: Context, command: Bracketing): PlanToArm {
  const spec = bracketSpec(command);
  const [seen] = seenBy(context, command);
  const entries = spec.entries.map((leg) => ({ ...leg, price: leg.price ?? seen?.at ?? null }));
  return { spec: { ...spec, entries }, instrument: command.instrument, previousClose: null };
}

const ENTRY = 'entry';

/** What a bracket says, as a plan. At one instant the stop goes before the target. */
export function bracketSpec(command: Bracketing): PlanSpec {
  const { instrument, side, type, quantity, limitPrice, trigger, bracket } = command;
  const exits = exitLegs(bracket, { side: opposite(side), quantity });
  const entry: PlanLeg = {
    ...plainLeg({ leg: ENTRY, rank: 0, side, quantity }),
    type: type === 'LIMIT' ? 'LIMIT' : 'MARKET',
    price: limitPrice ?? trigger?.level ?? null,
  };
  return {
    symbol: instrument,
    settings: { exitQuantity: 'POSITION', cycles: 1 },
    entries: [entry],
    ifLong: side === 'BUY' ? exits : [],
    ifShort: side === 'BUY' ? [] : exits,
  };
}

type Sized = Pick<PlanLeg, 'side' | 'quantity'>;

function exitLegs(bracket: BracketAsk, sized: Sized): PlanLeg[] {
  const { takeProfit, stopLoss, stopLimit, trail } = bracket;
  const legs: PlanLeg[] = [];
  const stop = plainLeg({ leg: 'stopLoss', rank: 1, ...sized });
  if (trail !== null) {
    const terms = { ...trail, activateAt: null };
    legs.push({ ...stop, type: 'MARKET', price: null, trail: terms, exit: 'STOP_LOSS' });
  } else if (stopLoss !== null) {
    const limited = stopLimit === null ? {} : { limitPrice: stopLimit };
    const type = stopLimit === null ? 'MARKET' : 'LIMIT';
    legs.push({ ...stop, type, price: stopLoss, exit: 'STOP_LOSS', ...limited });
  }
  if (takeProfit !== null) {
    const target = plainLeg({ leg: 'takeProfit', rank: 2, ...sized });
    legs.push({ ...target, type: 'LIMIT', price: takeProfit, exit: 'TAKE_PROFIT' });
  }
  return legs;
}

const plainLeg = (named: Sized & { readonly leg: string; readonly rank: number }) => ({
  ...{ ...named, pointer: '', cross: null, firesOnGap: true, namedStop: false },
});

/** Whether the first request under an id asked for the same exits. */
export function sameBracket(state: State, first: Order, command: Placing): boolean {
  const plan = first.plan === null ? undefined : state.plans.get(first.plan);
  const exits = (spec: PlanSpec | undefined): string =>
    JSON.stringify([...(spec?.ifLong ?? []), ...(spec?.ifShort ?? [])]);
  return exits(plan?.spec) === exits(isBracket(command) ? bracketSpec(command) : undefined);
}

/** What a bracket asked for, and the orders that came of it so far. */
export interface BracketShown extends Omit<BracketAsk, 'tradingDate' | 'trail'> {
  readonly trailBy: Price | null;
  readonly trailPercent: string | null;
  readonly exits: readonly Order[];
}

/** Of the entry of a bracket by hand; null: it is none. */
export function bracketOf(state: State, entry: Order): BracketShown | null {
  const plan = planByHand(state, entry);
  if (plan === null || entry.role !== 'ENTRY') return null;
  const legs = [...plan.spec.ifLong, ...plan.spec.ifShort];
  const stop = legs.find(({ exit }) => exit === 'STOP_LOSS');
  return {
    takeProfit: legs.find(({ exit }) => exit === 'TAKE_PROFIT')?.price ?? null,
    stopLoss: stop?.price ?? null,
    stopLimit: stop?.limitPrice ?? null,
    trailBy: stop?.trail?.trailBy ?? null,
    trailPercent: stop?.trail?.trailPercent ?? null,
    exits: ordersOfPlan(state, plan.id).filter(({ role }) => role !== 'ENTRY'),
  };
}

/** The entry that an exit of a bracket by hand belongs to; null: it belongs to none. */
export function entryOfBracket(state: State, exit: Order): Order | null {
  const plan = exit.role === 'ENTRY' ? null : planByHand(state, exit);
  if (plan === null) return null;
  return ordersOfPlan(state, plan.id).find(({ role }) => role === 'ENTRY') ?? null;
}

function planByHand(state: State, order: Order): Plan | null {
  const plan = order.plan === null ? undefined : state.plans.get(order.plan);
  return plan?.byHand === true ? plan : null;
}
