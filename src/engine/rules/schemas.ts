/**
 * The JSON Schemas of rule files, generated from the catalogues of facts and operators.
 * Editors use them for completion and hover, the loader refuses by them.
 * What a schema cannot say well (types against facts, one price leg) is left to the set checks.
 */
import { factsOf, type FactEntry, type RuleFamily } from './fact-catalogue';
import { COMPARISONS, LEGS } from './operators';

export const MAX_CONDITIONS = 64;
/** A price as text, positive: `69.484375`. */
const PRICE_PATTERN = '^(?=.*[1-9])\\d{1,15}(\\.\\d{1,15})?$';
const KEY_PATTERN = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$';
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;
/** The schemas by the file name under which they are committed. */
export interface Schemas {
  readonly 'risk-rule.schema.json': Schema;
  readonly 'conditional-order.schema.json': Schema;
}

function text(description: string, maxLength: number): Schema {
  return { description, type: 'string', minLength: 1, maxLength };
}
function named(description: string, entries: readonly { name: string; meaning: string }[]): Schema {
  return {
    description,
    type: 'string',
    enum: entries.map((entry) => entry.name),
    enumDescriptions: entries.map((entry) => entry.meaning),
  };
}
function closed(description: string, properties: Schema, required: readonly string[]): Schema {
  return { description, type: 'object', additionalProperties: false, required, properties };
}
function list(description: string, items: Schema, maxItems: number): Schema {
  return { description, type: 'array', minItems: 1, maxItems, uniqueItems: true, items };
}

function hover(fact: FactEntry): string {
  const unit = fact.unit === null ? '' : ` In ${fact.unit}.`;
  return `${fact.meaning}${unit}`;
}
function valueOfFact(fact: FactEntry): Schema {
  const description = hover(fact);
  if (fact.type.kind === 'enum') return { description, type: 'string', enum: fact.type.values };
  return { description, type: fact.type.kind };
}
function factValues(family: RuleFamily, leftOut: readonly string[]): Schema {
  const facts = factsOf(family).filter((fact) => !leftOut.includes(fact.name));
  const properties = Object.fromEntries(facts.map((fact) => [fact.name, valueOfFact(fact)]));
  return closed('The facts of the moment, by name.', properties, []);
}

const SCALAR: Schema = { type: ['number', 'boolean', 'string'], maxLength: 64 };
const COMPARED: Schema = {
  description:
    'What the fact is compared with: a number, true or false, a word, or a list of them.',
  type: ['number', 'boolean', 'string', 'array'],
  maxLength: 64,
  minItems: 1,
  maxItems: 64,
  uniqueItems: true,
  items: SCALAR,
};
const LEVEL: Schema = closed(
  'The level of the armed order.',
  { parameter: { description: 'Always `level`.', const: 'level' } },
  ['parameter'],
);

/** The parts of a condition tree, to be put under $defs. */
function conditionParts(family: RuleFamily): Schema {
  const facts = factsOf(family).map((fact) => ({ name: fact.name, meaning: hover(fact) }));
  const operators = family === 'risk' ? COMPARISONS : [...LEGS, ...COMPARISONS];
  const value =
    family === 'risk' ? COMPARED : { if: { type: 'object' }, then: LEVEL, else: COMPARED };
  const comparison = closed(
    'One comparison: the fact must stand to the value as the operator says.',
    {
      fact: named('The name of a fact; docs/reference lists them with their units.', facts),
      operator: named('How the fact must stand to the value.', operators),
      value,
    },
    ['fact', 'operator', 'value'],
  );
  const parts = { type: 'array', minItems: 1, maxItems: MAX_CONDITIONS };
  const items = { $ref: '#/$defs/condition' };
  const group = {
    ...closed(
      'Conditions that must all be true, or of which one must be.',
      {
        all: { description: 'Every one of these must be true.', ...parts, items },
        any: { description: 'At least one of these must be true.', ...parts, items },
      },
      [],
    ),
    minProperties: 1,
    maxProperties: 1,
  };
  const condition = {
    if: { type: 'object', anyOf: [{ required: ['all'] }, { required: ['any'] }] },
    then: { $ref: '#/$defs/group' },
    else: { $ref: '#/$defs/comparison' },
  };
  return { comparison, group, condition };
}

const HEAD: Schema = {
  $schema: { description: 'Where this schema lies, for editors.', type: 'string', maxLength: 200 },
  key: {
    ...text('The name of the rule: the name of its file without .json.', 64),
    pattern: KEY_PATTERN,
  },
  description: text('What the rule is for, in one sentence.', 500),
};
const CONDITIONS = { $ref: '#/$defs/group' };
const NAME = text('What the example shows.', 120);

const APPLIES_TO = closed(
  'Which orders the rule looks at; it says nothing about any other.',
  {
    effect: list(
      'OPEN: orders that add to what the strategy owns. REDUCE: orders that give some back.',
      { enum: ['OPEN', 'REDUCE'] },
      2,
    ),
    strategies: list('Keys of strategies, or `*` for all.', text('A key, or `*`.', 64), 200),
    accounts: list('Keys of accounts, or `*` for all.', text('A key, or `*`.', 64), 200),
  },
  ['effect', 'strategies', 'accounts'],
);

/** No rule may refuse an order that only gets out. */
const NEVER_DENIES_EXITS: Schema = {
  if: {
    type: 'object',
    required: ['appliesTo'],
    properties: {
      appliesTo: {
        type: 'object',
        required: ['effect'],
        properties: { effect: { type: 'array', contains: { const: 'REDUCE' } } },
      },
    },
  },
  then: { type: 'object', properties: { onFail: { enum: ['WARN', 'REDUCE', 'HALT'] } } },
};

function riskSchema(): Schema {
  const example = closed(
    'Facts and what the rule must say to them; checked whenever the file is loaded.',
    {
      name: NAME,
      facts: factValues('risk', []),
      passes: { description: 'Whether an order with these facts passes.', type: 'boolean' },
    },
    ['name', 'facts', 'passes'],
  );
  const properties = {
    ...HEAD,
    enabled: { description: 'False takes the rule out of force.', type: 'boolean', default: true },
    appliesTo: APPLIES_TO,
    conditions: CONDITIONS,
    onFail: {
      ...named('What happens when the conditions are not true.', [
        { name: 'DENY', meaning: 'The order is refused.' },
        { name: 'WARN', meaning: 'The order goes on and the failure is recorded.' },
        { name: 'REDUCE', meaning: 'The strategy may only reduce until a person lifts it.' },
        { name: 'HALT', meaning: 'The strategy is halted until a person lifts it.' },
      ]),
    },
    message: text(
      'What a person reads when it fails. {limit}, {fact} and {value} stand for the first ' +
        'condition that failed, {orderNotional} and the like for any fact.',
      300,
    ),
    examples: { ...list('At least one that passes, one that does not.', example, 50), minItems: 2 },
  };
  const required = Object.keys(properties).filter((key) => !['$schema', 'enabled'].includes(key));
  return {
    $schema: DRAFT,
    $id: 'risk-rule.schema.json',
    title: 'Risk rule',
    ...closed('What must be true for an order to pass.', properties, required),
    allOf: [NEVER_DENIES_EXITS],
    $defs: conditionParts('risk'),
  };
}

const ORDER = closed(
  'What the order is, and who watches the price.',
  {
    role: {
      description: 'Why the order exists.',
      enum: ['ENTRY', 'TAKE_PROFIT', 'STOP_LOSS', 'DCA', 'PYRAMID', 'MANUAL'],
    },
    heldBy: named('Who watches the price.', [
      { name: 'ENGINE', meaning: 'Tidegate sends the order when the whole rule is true.' },
      { name: 'BROKER', meaning: 'The order rests there: a price leg and no other condition.' },
    ]),
  },
  ['role', 'heldBy'],
);

function orderSchema(): Schema {
  const price: Schema = {
    description: 'A price, as text.',
    type: 'string',
    maxLength: 31,
    pattern: PRICE_PATTERN,
  };
  const example = closed(
    'Prices and whether they fire; checked whenever the file is loaded.',
    {
      name: NAME,
      ticks: {
        description: 'Prices in the order in which they come.',
        type: 'array',
        minItems: 1,
        maxItems: 64,
        items: price,
      },
      parameters: closed('The armed instance.', { level: price }, ['level']),
      side: { description: 'BUY unless it says SELL.', enum: ['BUY', 'SELL'] },
      facts: factValues('conditional', ['price', 'side']),
      fires: { description: 'Whether the rule fires on one of the ticks.', type: 'boolean' },
    },
    ['name', 'ticks', 'parameters', 'fires'],
  );
  const properties = {
    ...HEAD,
    parameters: closed(
      'What an armed instance brings along.',
      {
        level: { description: 'The price level, exact, never rounded to a tick.', const: 'price' },
      },
      ['level'],
    ),
    conditions: CONDITIONS,
    order: ORDER,
    examples: { ...list('At least one that fires, one that does not.', example, 50), minItems: 2 },
  };
  return {
    $schema: DRAFT,
    $id: 'conditional-order.schema.json',
    title: 'Conditional order',
    ...closed(
      'When an armed order fires.',
      properties,
      Object.keys(properties).filter((key) => key !== '$schema'),
    ),
    $defs: conditionParts('conditional'),
  };
}

/** Both schemas, as they must stand in rules/schemas. */
export function generateSchemas(): Schemas {
  return {
    'risk-rule.schema.json': riskSchema(),
    'conditional-order.schema.json': orderSchema(),
  };
}
