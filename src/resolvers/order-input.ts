/** Reads the orders that clients hand in: names, numbers, and which price goes with which type. */
import type { Desk } from '../domain/desk';
import type { Command } from '../domain/input';
import { price, quantity } from '../domain/decimal';
import type { Instrument } from '../domain/instrument';
import type { OrderType, TrailDistance, TrailTerms } from '../domain/order';
import type { State } from '../engine/core/state';
import type { ModifyOrderInput, OrderInput, TriggerInput } from '../schema/inputs';
import type { ApiUserError } from '../schema/payloads';
import {
  levelFault,
  priceFault,
  priceOrNull,
  quantityFault,
  quantityOrNull,
  requestIdFault,
} from './checks';
import { findAccount, findStrategy, knownOrUnasked } from './find';
import { fault, Faults } from './user-errors';

export type PlaceCommand = Extract<Command, { readonly kind: 'PLACE_ORDER' }>;
export type ModifyCommand = Extract<Command, { readonly kind: 'MODIFY_ORDER' }>;

/** The command, or everything that is wrong with the input. */
export type Read<C> = { readonly command: C } | { readonly errors: readonly ApiUserError[] };

type PriceField = 'limitPrice' | 'stopPrice';
const PRICES: readonly {
  readonly field: PriceField;
  readonly name: string;
  readonly types: ReadonlySet<OrderType>;
}[] = [
  { field: 'limitPrice', name: 'Limit price', types: new Set(['LIMIT', 'STOP_LIMIT']) },
  {
    field: 'stopPrice',
    name: 'Stop price',
    types: new Set(['STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'MARKET_IF_TOUCHED']),
  },
];

interface Priced {
  readonly type: OrderType;
  readonly limitPrice?: string | null | undefined;
  readonly stopPrice?: string | null | undefined;
}

function checkPrices(faults: Faults, priced: Priced, instrument: Instrument | undefined): void {
  for (const { field, name, types } of PRICES) {
    const at = priceOrNull(priced[field]);
    if (at !== null && !types.has(priced.type)) {
      faults.add(field, fault('INVALID', `A ${priced.type} order takes no ${name.toLowerCase()}.`));
    } else if (at !== null && instrument !== undefined) {
      faults.check(field, priceFault(at, name, instrument));
    }
  }
}

function checkMissing(faults: Faults, priced: Priced): void {
  for (const { field, name, types } of PRICES) {
    if (priced[field] != null || !types.has(priced.type)) continue;
    faults.add(field, fault('INVALID', `A ${priced.type} order needs a ${name.toLowerCase()}.`));
  }
}

interface ReadAs {
  readonly requestId: string;
  /** Where the order stands in the input. */
  readonly base: readonly string[];
  readonly desk: Pick<Desk, 'link' | 'tradingDate'>;
}

/** Of the order alone, for a preview and for placing it. */
export function readOrder(
  state: State,
  input: OrderInput,
  { requestId, base, desk }: ReadAs,
): Read<PlaceCommand> {
  const faults = new Faults(base);
  const strategy = faults.take('strategy', findStrategy(state, input.strategy));
  const instrument = faults.take(
    'instrument',
    knownOrUnasked(state, input.instrument, () => desk.link()),
  );
  const account = faults.take('account', findAccount(state, input.account ?? null));
  const units = quantity(input.quantity);
  if (instrument !== undefined) faults.check('quantity', quantityFault(units, instrument));
  checkMissing(faults, input);
  checkPrices(faults, input, instrument);
  checkAuction(faults, input);
  const trigger = readTrigger(faults, input);
  const trail = readDistance(faults, input);
  const exits = readBracket(faults, input);
  if (strategy === undefined || instrument === undefined || account === undefined || faults.any) {
    return { errors: faults.errors };
  }
  const { side, type, timeInForce, outsideRegularHours } = input;
  const { key } = instrument;
  return {
    command: {
      ...{ kind: 'PLACE_ORDER', requestId, strategy, account, instrument: key },
      ...{ side, type, timeInForce, quantity: units, outsideRegularHours },
      limitPrice: priceOrNull(input.limitPrice),
      stopPrice: priceOrNull(input.stopPrice),
      ...(trail === null ? {} : { trail }),
      ...(trigger === undefined ? {} : { trigger }),
      ...(input.allowFlip ? { allowFlip: true } : {}),
      ...(trigger === undefined && !input.allowFlip ? {} : endOf(input, instrument, desk)),
      ...(exits === null ? {} : { bracket: { ...exits, tradingDate: desk.tradingDate(key) } }),
    },
  };
}

/** What an opening auction takes. */
function checkAuction(faults: Faults, input: OrderInput) {
  const { type, timeInForce, outsideRegularHours, allowFlip } = input;
  if (timeInForce !== 'OPG') return;
  if (allowFlip) {
    const why = 'A flip is two orders, and the opening auction takes one';
    faults.add('timeInForce', fault('INVALID', `${why}: give DAY or GTC.`));
  }
  if (type !== 'MARKET' && type !== 'LIMIT') {
    const next = 'Give MARKET or LIMIT';
    faults.add('type', fault('INVALID', `The opening auction takes no ${type} order. ${next}.`));
  }
  if (!outsideRegularHours) return;
  const why = 'An order for the opening auction fills there or nowhere';
  faults.add('outsideRegularHours', fault('INVALID', `${why}: leave this out.`));
}

/** What releases the order; undefined: nothing does, or it is at fault. */
function readTrigger(faults: Faults, { trigger, type, timeInForce }: OrderInput) {
  if (trigger == null) return undefined;
  if (trigger.kind === 'TRAIL' && type !== 'MARKET') {
    const next = 'Give MARKET: that is what is sent when it fires';
    faults.add('type', fault('INVALID', `A trailing stop releases no ${type} order. ${next}.`));
  } else if (type !== 'MARKET' && type !== 'LIMIT') {
    const next = 'Give the type that is sent when the trigger fires: MARKET or LIMIT';
    faults.add('type', fault('INVALID', `A ${type} order takes no trigger. ${next}.`));
  }
  if (timeInForce === 'OPG') {
    const why = 'An order for the opening auction takes no trigger';
    faults.add('timeInForce', fault('INVALID', `${why}: give DAY, GTC or IOC.`));
  }
  const level = price(trigger.level);
  const trail = readTrail(trigger);
  const wrong = [level, trail?.trailBy, trail?.activateAt].map((at) =>
    at == null ? null : levelFault(at),
  );
  const first = wrong.find((each) => each !== null) ?? null;
  if (first !== null) faults.add('trigger', first);
  const { kind, priceSource } = trigger;
  const looksAt = priceSource == null ? {} : { priceSource };
  return first === null
    ? { kind, level, ...(trail === null ? {} : { trail }), ...looksAt }
    : undefined;
}

/** The distance of a trailing stop at the broker; null: none is given, or it is at fault. */
function readDistance(faults: Faults, { trailBy, trailPercent }: OrderInput): TrailDistance | null {
  const by = priceOrNull(trailBy);
  const wrong = by === null ? null : levelFault(by);
  if (wrong !== null) faults.add('trailBy', wrong);
  if (wrong !== null || (by === null && trailPercent == null)) return null;
  return { trailBy: by, trailPercent: trailPercent ?? null };
}

/** The exits of an entry; null: none are asked for. Whether they fit is the engine's to say. */
function readBracket(faults: Faults, { bracket }: OrderInput) {
  if (bracket == null) return null;
  const { takeProfit, stopLoss, stopLimit, trailBy, trailPercent = null } = bracket;
  const prices = { takeProfit, stopLoss, stopLimit, trailBy };
  for (const [name, text] of Object.entries(prices)) {
    const at = priceOrNull(text);
    if (at !== null) faults.check(`bracket.${name}`, levelFault(at));
  }
  const trails = trailBy != null || trailPercent !== null;
  return {
    takeProfit: priceOrNull(takeProfit),
    stopLoss: priceOrNull(stopLoss),
    stopLimit: priceOrNull(stopLimit),
    trail: trails ? { trailBy: priceOrNull(trailBy), trailPercent } : null,
  };
}

/** The terms of a trailing stop; null: none are given. Whether they fit is the engine's to say. */
function readTrail({ trailBy, trailPercent, activateAt }: TriggerInput): TrailTerms | null {
  if (trailBy == null && trailPercent == null && activateAt == null) return null;
  return {
    trailBy: priceOrNull(trailBy),
    trailPercent: trailPercent ?? null,
    activateAt: priceOrNull(activateAt),
  };
}

/** All but GTC wait, for their trigger or for a flat position, until the end of one session. */
function endOf({ timeInForce }: OrderInput, { key }: Instrument, desk: ReadAs['desk']) {
  return timeInForce === 'GTC' ? {} : { tradingDate: desk.tradingDate(key) };
}

/** A change to an order that exists. */
export function readModify(state: State, input: ModifyOrderInput): Read<ModifyCommand> {
  const faults = new Faults(['input']);
  faults.check('requestId', requestIdFault(input.requestId));
  const order = state.orders.get(input.orderId);
  if (order === undefined) {
    faults.add('orderId', fault('NOT_FOUND', 'There is no order of this id.'));
    return { errors: faults.errors };
  }
  const instrument = state.instruments.get(order.instrument);
  const units = quantityOrNull(input.quantity);
  if (units !== null && instrument !== undefined) {
    faults.check('quantity', quantityFault(units, instrument));
  }
  checkPrices(faults, { ...input, type: order.type }, instrument);
  const limitPrice = priceOrNull(input.limitPrice);
  const stopPrice = priceOrNull(input.stopPrice);
  const level = priceOrNull(input.triggerLevel);
  if (level !== null) faults.check('triggerLevel', levelFault(level));
  if ([units, limitPrice, stopPrice, level].every((each) => each === null)) {
    faults.add(null, fault('INVALID', 'Nothing to change: give a quantity or a price.'));
  }
  if (faults.any) return { errors: faults.errors };
  const { requestId } = input;
  return {
    command: {
      ...{ kind: 'MODIFY_ORDER', requestId, order: order.id },
      ...{ quantity: units, limitPrice, stopPrice },
      ...(level === null ? {} : { level }),
    },
  };
}
