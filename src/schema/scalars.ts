/**
 * The scalars of the API: exact decimals as text, instants, dates, places in the journal. Each
 * refuses what it does not understand with BAD_USER_INPUT. They know the shape of a value, and
 * nothing of what it is for.
 */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isPlainDecimal, money, toText } from '../domain/decimal';
import type { Money, Price, Quantity } from '../domain/decimal';

/** Any exact decimal of the domain. */
export type Amount = Price | Quantity | Money;

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** The text of a value, which must be text: a number has lost digits before it gets here. */
function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  return refuse(`${what} is written as text, in quotes, not as ${typeof value}`);
}

/** A scalar whose literals are strings, read like its variables. */
function textScalar(config: {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly serialize: (value: unknown) => unknown;
  readonly parse: (text: string) => unknown;
}): GraphQLScalarType {
  const { name, description, specifiedByURL, serialize, parse } = config;
  const parseValue = (value: unknown): unknown => parse(textOf(value, `A ${name}`));
  return new GraphQLScalarType({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    serialize,
    parseValue,
    parseLiteral: (node: ValueNode) => {
      if (node.kind === Kind.STRING) return parseValue(node.value);
      return refuse(`A ${name} is written as text, in quotes`);
    },
  });
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

export const DecimalScalar = textScalar({
  name: 'Decimal',
  description:
    'Exact decimal in a string, such as "69.48". Never a Float: numbers are refused. Answers are ' +
    'canonical: no exponent, no trailing zeros, no negative zero.',
  specifiedByURL: 'https://www.w3.org/TR/xmlschema11-2/#decimal',
  serialize: (value) => toText(typeof value === 'string' ? money(value) : (value as Amount)),
  parse: (text) => {
    if (isPlainDecimal(text)) return toText(money(text));
    return refuse(`${quoted(text)} is not a plain decimal number such as "69.48"`);
  },
});

const DAY_MS = 86_400_000;
/** The day whose date is known as text: instants come in lists, and those share their day. */
let knownDay = NaN;
let knownDate = '';

/** What `toISOString` gives, in a quarter of its time. @throws RangeError for what is no instant */
function instantText(at: number): string {
  const day = Math.floor(at / DAY_MS);
  if (day !== knownDay) {
    knownDate = new Date(day * DAY_MS).toISOString().slice(0, -'00:00:00.000Z'.length);
    knownDay = day;
  }
  const ms = Math.floor(at) - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const time = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
  return `${knownDate}${time}:${twoDigits(seconds % 60)}.${threeDigits(ms % 1_000)}Z`;
}
const twoDigits = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
const threeDigits = (n: number): string => (n < 100 ? `0${twoDigits(n)}` : `${n}`);

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: 'RFC 3339 instant in UTC with milliseconds, such as "2026-01-05T14:30:00.000Z".',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => instantText(value as number),
  parse: (text) => {
    const at = INSTANT.test(text) ? Date.parse(text) : NaN;
    if (Number.isNaN(at)) refuse(`${quoted(text)} is not an instant in UTC`);
    return at;
  },
});

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const LocalDateScalar = textScalar({
  name: 'LocalDate',
  description:
    'Calendar date of a trading session, in the exchange\'s time zone, such as "2026-01-05".',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/local-date.html',
  serialize: (value) => value,
  parse: (text) => {
    const at = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
    const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
    return exists ? text : refuse(`${quoted(text)} is not a date such as "2026-01-05"`);
  },
});

/** Below 2^53 with room to spare. */
const SEQUENCE = /^(0|[1-9]\d{0,14})$/;

export const SequenceScalar = textScalar({
  name: 'Sequence',
  description:
    'Opaque, totally ordered position in the journal. Pass it back as `after` to resume a feed.',
  serialize: (value) => String(value),
  parse: (text) => {
    if (SEQUENCE.test(text)) return Number(text);
    return refuse(`${quoted(text)} is not a sequence; pass one back as a feed or system gave it`);
  },
});

export const CurrencyScalar = textScalar({
  name: 'Currency',
  description: 'ISO 4217 code, such as "USD".',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  serialize: (value) => value,
  parse: (text) => {
    if (/^[A-Z]{3}$/.test(text)) return text;
    return refuse(`${quoted(text)} is not a currency code such as "USD"`);
  },
});

function plainObject(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? value : refuse('A JSONObject is an object');
}

export const JSONObjectScalar = new GraphQLScalarType({
  name: 'JSONObject',
  description: "A JSON object. Only for the user's own rule and instruction text.",
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: plainObject,
  parseLiteral: () => refuse('A JSONObject travels in a variable'),
});
