/**
 * The hard limits H1 to H15, in code: no rule file reaches them. Orders that only reduce are held
 * to the structural ones alone, so that nothing blocks getting out. H16 is a property of the
 * configuration, not of an order.
 */
import { compare, isMultipleOf } from '../../domain/decimal';
import { signOf, toNumber, toText, type Price } from '../../domain/decimal';
import type { HardCode } from '../../domain/denial';
import type { Order, OrderType } from '../../domain/order';
import type { Facts, RuleCheck, Verdict } from '../../domain/verdict';
import type { Context } from './context';
import { distanceFromLast } from './exposure';
import { lossLimit } from './loss-limit';
import type { Intent } from './risk-facts';
import { isOnStage, pricedFor } from './staging';
import { strictestCause, tradingStateFor, workingOrders, type State } from './state';
import { unreconciled } from './unreconciled';
import { againstPosition, exitSize, oppositeOpening, type Finding } from './zero-limits';

/** Everything a hard limit may look at. */
export interface HardQuestion extends Intent {
  readonly facts: Facts;
  readonly verdict: Verdict | null;
}

/** Every hard limit that applies, passed or failed, in order of number. */
export function hardChecks(state: State, given: Context, question: HardQuestion): RuleCheck[] {
  const context = pricedFor(given, question.order);
  const structural = [
    ...identity(state, question),
    ...connected(state, question),
    ...numbers(state, context, question),
  ];
  const rest =
    question.order.effect === 'REDUCE'
      ? [exitSize(state, question)]
      : [
          oneCurrency(state, question),
          tradingState(state, question),
          reconciled(state, question),
          oppositeOpening(state, question),
          againstPosition(state, question),
          ...worth(context, question),
          ...pace(state, context, question),
          ...marketLimits(context, question),
          loss(state, context, question),
          ruleSet(context, question),
        ];
  return [...structural, ...rest].sort(byNumber).map(toCheck);
}

function toCheck(finding: Finding): RuleCheck {
  const { fact, operator, limit, value, passed } = finding;
  return {
    ruleKey: finding.code,
    outcome: passed ? 'PASSED' : 'FAILED',
    effect: 'DENY',
    message: passed ? null : finding.message,
    location: null,
    conditions: [{ fact, operator, limit, value, passed, distance: null }],
  };
}

const byNumber = (a: Finding, b: Finding): number => numberOf(a.code) - numberOf(b.code);
const numberOf = (code: string): number => Number(code.slice(1));

function tradingState(state: State, { order }: HardQuestion): Finding {
  const now = tradingStateFor(state, order);
  return {
    code: 'H1',
    fact: 'tradingState',
    operator: 'equal',
    limit: 'ACTIVE',
    value: now,
    passed: now === 'ACTIVE',
    message: `trading${causeWords(state, order)} is ${now}: nothing opens until a person lifts it`,
  };
}

/** The strictest one says what it is of, and why. */
function causeWords(state: State, order: Order): string {
  const cause = strictestCause(state, order);
  if (cause === null) return '';
  const { scope, reason } = cause;
  const what =
    scope.kind === 'SYSTEM' ? 'as a whole' : `of ${scope.kind.toLowerCase()} ${scope.key}`;
  return ` ${what} (${reason})`;
}

function identity(state: State, { order }: HardQuestion): Finding[] {
  const unknown = [
    state.accounts.has(order.account) ? null : `account ${order.account}`,
    state.strategies.has(order.strategy) ? null : `strategy ${order.strategy}`,
    state.instruments.has(order.instrument) ? null : `instrument ${order.instrument}`,
  ].filter((name) => name !== null);
  return [
    {
      code: 'H2',
      fact: 'unknownKeys',
      operator: 'equal',
      limit: 'none',
      value: unknown.length === 0 ? 'none' : unknown.join(', '),
      passed: unknown.length === 0,
      message: `${unknown.join(', ')} is not known here`,
    },
  ];
}

/** Cash is kept in the account's currency: a trade in another one would be booked as if in it. */
function oneCurrency(state: State, { order }: HardQuestion): Finding {
  const ours = state.accounts.get(order.account)?.currency ?? 'none';
  const theirs = state.instruments.get(order.instrument)?.currency ?? 'none';
  return {
    code: 'H2',
    fact: 'instrumentCurrency',
    operator: 'equal',
    limit: ours,
    value: theirs,
    passed: ours === theirs,
    message:
      `${order.instrument} trades in ${theirs} and the account is kept in ${ours}: ` +
      'trading in another currency is not supported',
  };
}

/** Nothing leaves, exits included, while there is nowhere to send it to; what is staged stays. */
function connected(state: State, { order }: HardQuestion): Finding[] {
  if (isOnStage(order)) return [];
  if (state.link.mode === null || state.link.mode === 'REPLAY') return [];
  const { ready } = state.link;
  return [
    {
      code: 'H3',
      fact: 'link',
      operator: 'equal',
      limit: 'READY',
      value: ready ? 'READY' : 'NOT_READY',
      passed: ready,
      message:
        'the broker link is not ready: nothing is sent, and nothing is kept to be sent later',
    },
  ];
}

/** An instrument in which broker and book differ, or an order is UNKNOWN, opens nothing. */
function reconciled(state: State, { order }: HardQuestion): Finding {
  const why = unreconciled(state, order);
  return {
    code: 'H3',
    fact: 'unreconciled',
    operator: 'equal',
    limit: 'none',
    value: why ?? 'none',
    passed: why === null,
    message: `${order.instrument} is not reconciled: ${why ?? ''}`,
  };
}

const NEEDS_LIMIT: ReadonlySet<OrderType> = new Set(['LIMIT', 'STOP_LIMIT']);
const NEEDS_STOP: ReadonlySet<OrderType> = new Set([
  ...(['STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'MARKET_IF_TOUCHED'] as const),
]);

function numbers(state: State, context: Context, question: HardQuestion): Finding[] {
  const { order, quantity } = question;
  const faults: string[] = [];
  const lot = state.instruments.get(order.instrument)?.lotSize;
  if (signOf(quantity) <= 0) faults.push(`quantity ${toText(quantity)} is not above zero`);
  if (compare(quantity, context.limits.maxQuantity) > 0) {
    faults.push(`quantity ${toText(quantity)} is above ${toText(context.limits.maxQuantity)}`);
  }
  if (lot !== undefined && !isMultipleOf(quantity, lot)) {
    faults.push(`quantity ${toText(quantity)} is not a multiple of ${toText(lot)}`);
  }
  faults.push(...priceFaults(state, order, 'limitPrice', NEEDS_LIMIT));
  faults.push(...priceFaults(state, order, 'stopPrice', NEEDS_STOP));
  return [
    {
      code: 'H5',
      fact: 'numberFaults',
      operator: 'equal',
      limit: 'none',
      value: faults.length === 0 ? 'none' : faults.join('; '),
      passed: faults.length === 0,
      message: faults.join('; '),
    },
  ];
}

function priceFaults(
  state: State,
  order: Order,
  ...[field, needed]: ['limitPrice' | 'stopPrice', ReadonlySet<OrderType>]
): string[] {
  const price: Price | null = order[field];
  const name = field === 'limitPrice' ? 'limit price' : 'stop price';
  if (price === null)
    return needed.has(order.type) ? [`a ${order.type} order needs a ${name}`] : [];
  if (!needed.has(order.type)) return [`a ${order.type} order takes no ${name}`];
  if (signOf(price) <= 0) return [`${name} ${toText(price)} is not above zero`];
  const tick = state.instruments.get(order.instrument)?.tickSize;
  if (tick !== undefined && !isMultipleOf(price, tick)) {
    return [`${name} ${toText(price)} is not a multiple of ${toText(tick)}`];
  }
  return [];
}

interface AtMost {
  readonly code: HardCode;
  readonly facts: Facts;
  readonly fact: string;
  readonly limit: number;
  readonly words: string;
}

/** A fact that must be known and at most the limit. */
function atMost({ code, facts, fact, limit, words }: AtMost): Finding {
  const value = facts[fact];
  const usable = typeof value === 'number' ? value : undefined;
  return {
    code,
    fact,
    operator: 'lessThanInclusive',
    limit: String(limit),
    value: usable === undefined ? null : String(usable),
    passed: usable !== undefined && usable <= limit,
    message:
      usable === undefined
        ? `${words} is not known`
        : `${words} ${String(usable)} is above the hard limit of ${String(limit)}`,
  };
}

function worth({ limits }: Context, { facts }: HardQuestion): Finding[] {
  return [
    atMost({
      code: 'H6',
      facts,
      fact: 'orderNotional',
      limit: toNumber(limits.maxOrderNotional),
      words: 'order notional',
    }),
    atMost({
      code: 'H7',
      facts,
      fact: 'worstCasePositionNotional',
      limit: toNumber(limits.maxPositionNotional),
      words: 'worst-case position',
    }),
    atMost({
      code: 'H8',
      facts,
      fact: 'grossExposure',
      limit: toNumber(limits.maxGrossExposure),
      words: 'gross exposure',
    }),
  ];
}

function pace(state: State, { limits }: Context, question: HardQuestion): Finding[] {
  const { order, at } = question;
  const sends = state.accounts.get(order.account)?.sends ?? [];
  const since = (age: number): number => sends.filter((sent) => sent > at - age).length;
  const active = workingOrders(state, order.instrument).filter(
    (other) =>
      other.account === order.account && other.side === order.side && other.id !== order.id,
  ).length;
  const count = (fact: string, value: number, limit: number): Finding =>
    atMost({
      code: 'H9',
      facts: { [fact]: value + 1 },
      fact,
      limit,
      words: `${fact} with this one`,
    });
  return [
    count('accountOrdersLastSecond', since(1_000), limits.maxSendsPerSecond),
    count('accountOrdersLastMinute', since(60_000), limits.maxOrdersPerMinute),
    count('activeOrdersOfSide', active, limits.maxActivePerSide),
  ];
}

function marketLimits(context: Context, { facts, order }: HardQuestion): Finding[] {
  const { limits } = context;
  const beyond = facts['limitDistancePct'];
  const distance = distanceFromLast(context, order);
  const known = typeof beyond === 'number' && distance !== undefined;
  const away: Facts = known ? { distance: Math.max(Math.abs(beyond), distance) } : {};
  return [
    atMost({
      code: 'H11',
      facts,
      fact: 'priceAgeMs',
      limit: limits.maxPriceAge,
      words: 'age of the price in ms',
    }),
    atMost({
      code: 'H12',
      facts: away,
      fact: 'distance',
      limit: limits.priceCollarPercent,
      words: 'distance from the last price in percent',
    }),
  ];
}

function loss(state: State, context: Context, question: HardQuestion): Finding {
  const limit = toNumber(lossLimit(state, context, question.order.account));
  const pnl = question.facts['accountPnlToday'];
  const lost = typeof pnl === 'number' ? -pnl : undefined;
  return {
    code: 'H10',
    fact: 'accountPnlToday',
    operator: 'greaterThan',
    limit: String(-limit),
    value: typeof pnl === 'number' ? String(pnl) : null,
    passed: lost !== undefined && lost < limit,
    message: `the account has lost ${String(lost)} of at most ${String(limit)} today: halted`,
  };
}

function ruleSet(context: Context, { verdict }: HardQuestion): Finding {
  const hash = verdict?.ruleSetHash ?? null;
  return {
    code: 'H15',
    fact: 'ruleSetHash',
    operator: 'equal',
    limit: context.ruleSetHash,
    value: hash,
    passed: hash === context.ruleSetHash,
    message: 'the verdict does not come from the rule set in force',
  };
}
