/**
 * The catalogue of facts: every name a rule may use, with type, unit, meaning, source and age.
 * The schemas, the checks before each evaluation and the reference page all come from here.
 * Knows nothing of how a fact is computed.
 */
import type { FactValue } from '../../domain/verdict';

/** Where the value comes from; a run that lacks a source switches off the rules that need it. */
export type FactSource = 'order' | 'book' | 'account' | 'last-price' | 'quote' | 'volume-history';
export const FACT_SOURCES: readonly FactSource[] = [
  'order',
  'book',
  'account',
  'last-price',
  'quote',
  'volume-history',
];

/** Which family of rules may use a fact. */
export type RuleFamily = 'risk' | 'conditional';
/** What a fact can be: a finite number, a truth value, or one word of a fixed list. */
export type FactType =
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'enum'; readonly values: readonly string[] };

export interface FactEntry {
  readonly name: string;
  readonly type: FactType;
  /** What a number counts; null for words and truth values. */
  readonly unit: string | null;
  readonly meaning: string;
  readonly source: FactSource;
  readonly applies: readonly RuleFamily[];
  /** Milliseconds: an older reading must be left out, which counts as missing. Null: always now. */
  readonly maxAgeMs: number | null;
}

const NUMBER: FactType = { kind: 'number' };
const RISK: readonly RuleFamily[] = ['risk'];
const CONDITIONAL: readonly RuleFamily[] = ['conditional'];
const BOTH: readonly RuleFamily[] = ['risk', 'conditional'];
const LAST_PRICE_MS = 30_000;
const QUOTE_MS = 5_000;
/** Volume is a daily figure: the longest gap between two sessions is a long weekend. */
const VOLUME_MS = 5 * 86_400_000;

function words(name: string, values: readonly string[], meaning: string): FactEntry {
  const type: FactType = { kind: 'enum', values };
  return { name, type, unit: null, meaning, source: 'order', applies: RISK, maxAgeMs: null };
}
function count(name: string, meaning: string): FactEntry {
  const [source, applies]: [FactSource, readonly RuleFamily[]] = ['book', RISK];
  return { name, type: NUMBER, unit: 'orders', meaning, source, applies, maxAgeMs: null };
}

function truth(name: string, meaning: string): FactEntry {
  const type: FactType = { kind: 'boolean' };
  return { name, type, unit: null, meaning, source: 'book', applies: RISK, maxAgeMs: null };
}

const ORDER_FACTS: readonly FactEntry[] = [
  {
    ...words('side', ['BUY', 'SELL'], 'Whether the order buys or sells.'),
    applies: BOTH,
  },
  words(
    'orderType',
    ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'MARKET_IF_TOUCHED'],
    'The type under which the order goes to the broker.',
  ),
  words(
    'effect',
    ['OPEN', 'REDUCE'],
    'Whether the order adds to what its strategy owns or gives some of it back.',
  ),
  words(
    'role',
    ['ENTRY', 'TAKE_PROFIT', 'STOP_LOSS', 'DCA', 'PYRAMID', 'MANUAL', 'LIQUIDATION'],
    'Why the order exists.',
  ),
  {
    name: 'orderQuantity',
    type: NUMBER,
    unit: 'units',
    meaning: 'Quantity of the order, never negative.',
    source: 'order',
    applies: RISK,
    maxAgeMs: null,
  },
  {
    name: 'orderNotional',
    type: NUMBER,
    unit: 'base currency',
    meaning: 'What the order is worth: quantity times its price, or the last price if it has none.',
    source: 'order',
    applies: RISK,
    maxAgeMs: null,
  },
];

const PRICE_FACTS: readonly FactEntry[] = [
  {
    name: 'limitDistancePct',
    type: NUMBER,
    unit: 'percent of the last price',
    meaning:
      'How far the order price lies beyond the last price on the aggressive side (BUY above, ' +
      'SELL below); negative on the passive side, 0 for a market order. A stop-limit is measured ' +
      'from its stop price.',
    source: 'last-price',
    applies: RISK,
    maxAgeMs: LAST_PRICE_MS,
  },
  {
    name: 'priceAgeMs',
    type: NUMBER,
    unit: 'milliseconds',
    meaning:
      'Age of the price that the trigger of the order looks at, else of the last price of the ' +
      'instrument. For an order for the opening auction 0 where it is of the session before or ' +
      'later.',
    source: 'last-price',
    applies: RISK,
    maxAgeMs: null,
  },
  {
    name: 'price',
    type: NUMBER,
    unit: 'currency of the instrument, per unit',
    meaning: 'The price the trigger looks at.',
    source: 'last-price',
    applies: CONDITIONAL,
    maxAgeMs: null,
  },
  {
    name: 'spreadPct',
    type: NUMBER,
    unit: 'percent of the middle price',
    meaning: 'Distance between the best bid and the best ask.',
    source: 'quote',
    applies: BOTH,
    maxAgeMs: QUOTE_MS,
  },
  {
    name: 'orderPctOfAverageVolume',
    type: NUMBER,
    unit: 'percent of the 20-day average daily volume',
    meaning: 'Quantity of the order against what is traded on an average day.',
    source: 'volume-history',
    applies: RISK,
    maxAgeMs: VOLUME_MS,
  },
];

const BOOK_FACTS: readonly FactEntry[] = [
  {
    name: 'worstCasePositionNotional',
    type: NUMBER,
    unit: 'base currency',
    meaning: 'Worth of the position with all live orders of this side and this order filled.',
    source: 'book',
    applies: RISK,
    maxAgeMs: null,
  },
  {
    name: 'worstCasePositionQuantity',
    type: NUMBER,
    unit: 'units',
    meaning: 'Size of the position with all live orders of this side and this order filled.',
    source: 'book',
    applies: RISK,
    maxAgeMs: null,
  },
  count(
    'openOrdersStrategyInstrument',
    'Orders of the strategy in the instrument that are at the broker before this one; ' +
      'armed ones do not count.',
  ),
  truth('wouldBeShort', 'Whether the strategy would own less than nothing once this order fills.'),
  truth('strategyAllowsShort', 'Whether the strategy was created with allowsShort.'),
  count('ordersLastSecond', 'Opening orders the strategy sent in the last second before this one.'),
  count('ordersLastMinute', 'Opening orders the strategy sent in the last minute before this one.'),
  count('ordersToday', 'Opening orders the strategy sent today before this one.'),
  {
    name: 'similarOrderAgeMs',
    type: NUMBER,
    unit: 'milliseconds',
    meaning:
      "Time since the strategy's last order of the same instrument, side, quantity and price or " +
      'level; 86,400,000 when there was none today.',
    source: 'book',
    applies: RISK,
    maxAgeMs: null,
  },
  {
    name: 'allocationQuantity',
    type: NUMBER,
    unit: 'units',
    meaning: 'What the strategy owns of the instrument; negative when it is short.',
    source: 'book',
    applies: BOTH,
    maxAgeMs: null,
  },
  {
    ...count(
      'addsInFlight',
      'Adds of the plan that went to the broker as market orders and are not final.',
    ),
    applies: CONDITIONAL,
  },
  {
    ...count('exitsInFlight', 'Exits of the plan that have fired and are on their way.'),
    applies: CONDITIONAL,
  },
  {
    name: 'tradingState',
    type: { kind: 'enum', values: ['ACTIVE', 'REDUCING', 'HALTED'] },
    unit: null,
    meaning: 'The strictest trading state that applies to the order.',
    source: 'book',
    applies: CONDITIONAL,
    maxAgeMs: null,
  },
];

const ACCOUNT_FACTS: readonly FactEntry[] = [
  {
    name: 'grossExposure',
    type: NUMBER,
    unit: 'base currency',
    meaning:
      'Worth of all positions, long and short added, as if this order and all live orders that ' +
      'open had filled.',
    source: 'account',
    applies: RISK,
    maxAgeMs: null,
  },
  {
    name: 'accountPnlToday',
    type: NUMBER,
    unit: 'base currency',
    meaning: 'Profit of the account since the start of its day; a loss is negative.',
    source: 'account',
    applies: RISK,
    maxAgeMs: null,
  },
];

/** Every fact, in the order of the reference page. */
export const FACTS: readonly FactEntry[] = [
  ...ORDER_FACTS,
  ...PRICE_FACTS,
  ...BOOK_FACTS,
  ...ACCOUNT_FACTS,
];

const BY_NAME: ReadonlyMap<string, FactEntry> = new Map(FACTS.map((fact) => [fact.name, fact]));

/** The entry of a fact, or undefined when no fact has that name. */
export function factNamed(name: string): FactEntry | undefined {
  return BY_NAME.get(name);
}
/** The facts a family of rules may use, in catalogue order. */
export function factsOf(family: RuleFamily): readonly FactEntry[] {
  return FACTS.filter((fact) => fact.applies.includes(family));
}

/**
 * What is wrong with a value as this fact, in words that follow the fact's name; null when it is
 * usable: a finite number, a truth value, or a word of the fact's list.
 */
export function faultOfValue(fact: FactEntry, value: unknown): string | null {
  if (value === undefined || value === null) return 'is missing';
  switch (fact.type.kind) {
    case 'number':
      if (typeof value !== 'number') return `is a ${typeof value}, not a number`;
      return Number.isFinite(value) ? null : 'is not a finite number';
    case 'boolean':
      return typeof value === 'boolean' ? null : `is a ${typeof value}, not true or false`;
    case 'enum':
      if (typeof value !== 'string') return `is a ${typeof value}, not a word`;
      return fact.type.values.includes(value) ? null : 'is not a word this fact knows';
  }
}

/** A usable value of the fact out of untrusted facts, or undefined; inherited members are none. */
export function usableFact(
  facts: Readonly<Record<string, unknown>>,
  fact: FactEntry,
): FactValue | undefined {
  if (!Object.hasOwn(facts, fact.name)) return undefined;
  const value = facts[fact.name];
  return faultOfValue(fact, value) === null ? (value as FactValue) : undefined;
}
