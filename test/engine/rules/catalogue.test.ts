/**
 * The catalogues and what is generated from them: schemas as committed, reference pages, numbers as
 * text. Knows nothing of deciding about orders.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import fc from 'fast-check';
import { money, minus, toText } from '../../../src/domain/decimal';
import { FACTS, factNamed, faultOfValue } from '../../../src/engine/rules/fact-catalogue';
import { difference, distanceOf, numberText } from '../../../src/engine/rules/operators';
import { renderFactReference, renderRuleReference } from '../../../src/engine/rules/reference';
import { generateSchemas } from '../../../src/engine/rules/schemas';
import { SHIPPED, shippedFiles, shippedSet } from './support';

test('the committed schemas are the generated ones', () => {
  for (const [name, schema] of Object.entries(generateSchemas())) {
    const committed: unknown = JSON.parse(readFileSync(join(SHIPPED, 'schemas', name), 'utf8'));
    expect(JSON.stringify(committed)).toBe(JSON.stringify(schema));
  }
});

test('the schemas are sound by the draft they name', () => {
  const ajv = new Ajv2020({ allowUnionTypes: true });
  ajv.addVocabulary(['enumDescriptions']);
  for (const schema of Object.values(generateSchemas())) {
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  }
});

test('every object of a schema is closed', () => {
  const open: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const schema = node as Record<string, unknown>;
    const conditional = /\/(if|then)(\/|$)/.test(path) && !path.endsWith('value/then');
    if (schema['type'] === 'object' && schema['additionalProperties'] !== false && !conditional) {
      open.push(path);
    }
    for (const [key, child] of Object.entries(schema)) visit(child, `${path}/${key}`);
  };
  visit(generateSchemas(), '');
  expect(open).toEqual([]);
});

test('shipped files name their schema first and end with a line break', () => {
  for (const file of [...shippedFiles('risk'), ...shippedFiles('orders')]) {
    const text = Buffer.from(file.bytes).toString('utf8');
    expect(text).toMatch(/^\{\n {2}"\$schema": "\.\.\/schemas\/[a-z-]+\.schema\.json",\n {2}"key"/);
    expect(text.endsWith('}\n')).toBe(true);
  }
});

test('facts have unique names, a meaning, and a unit where they are numbers', () => {
  expect(new Set(FACTS.map((fact) => fact.name)).size).toBe(FACTS.length);
  for (const fact of FACTS) {
    expect(fact.meaning.length).toBeGreaterThan(10);
    expect(fact.unit !== null).toBe(fact.type.kind === 'number');
    expect(factNamed(fact.name)).toBe(fact);
  }
  expect(factNamed('toString')).toBeUndefined();
});

test('a value is usable only when it is finite and of the type of its fact', () => {
  const side = factNamed('side')!;
  const price = factNamed('price')!;
  expect(faultOfValue(side, 'BUY')).toBeNull();
  expect(faultOfValue(side, 'buy')).toBe('is not a word this fact knows');
  expect(faultOfValue(side, 1)).toBe('is a number, not a word');
  expect(faultOfValue(price, 0)).toBeNull();
  expect(faultOfValue(price, NaN)).toBe('is not a finite number');
  expect(faultOfValue(price, '1')).toBe('is a string, not a number');
  expect(faultOfValue(price, null)).toBe('is missing');
});

test('numbers are written without exponents', () => {
  expect(numberText(1e21)).toBe(`1${'0'.repeat(21)}`);
  expect(numberText(-1.25e-7)).toBe('-0.000000125');
  expect(numberText(1.5e300)).toHaveLength(301);
  expect(numberText(-0)).toBe('0');
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(numberText(value))).toBe(value === 0 ? 0 : value);
      expect(numberText(value)).not.toContain('e');
    }),
  );
});

test('distances are exact decimals', () => {
  expect(difference(25000, 25000.01)).toBe('-0.01');
  expect(difference(0.3, 0.1)).toBe('0.2');
  expect(difference(1e-9, 1)).toBe('-0.999999999');
  expect(difference(1e200, 1)).toBe(numberText(1e200));
  const amount = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9 }))
    .map(([n, places]) => n / 10 ** places);
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const exact = toText(minus(money(numberText(a)), money(numberText(b))));
      expect(difference(a, b)).toBe(exact);
    }),
  );
});

test('distance is the room left, and has no number for words and equality', () => {
  expect(distanceOf('lessThan', 4, 5)).toBe('1');
  expect(distanceOf('greaterThanInclusive', 4, 5)).toBe('-1');
  expect(distanceOf('equal', 4, 5)).toBeNull();
  expect(distanceOf('in', 'BUY', ['BUY'])).toBeNull();
  expect(distanceOf('lessThan', undefined, 5)).toBeNull();
});

test('the reference pages name every fact, operator and shipped rule', async () => {
  const facts = renderFactReference();
  for (const fact of FACTS) expect(facts).toContain(`\`${fact.name}\``);
  expect(facts).toContain('`crossesAbove`');
  const set = await shippedSet();
  const rules = renderRuleReference(set);
  for (const rule of [...set.risk, ...set.orders]) expect(rules).toContain(`\`${rule.key}\``);
  expect(rules).toContain('`MAX_ORDER_NOTIONAL`');
  expect(rules).toContain('orderNotional must be at most 25000');
  // Rows of one table have as many cells as its head.
  for (const page of [facts, rules]) {
    for (const block of page.split('\n\n').filter((part) => part.startsWith('|'))) {
      const cells = block
        .trim()
        .split('\n')
        .map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  }
});
