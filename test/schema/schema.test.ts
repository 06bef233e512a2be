// Holds the schema to its habits: everything explained, no floats, opaque scalars, and the shape
// that clients rely on.

import * as fc from 'fast-check';
import type { GraphQLError } from 'graphql';
import { isScalarType, parse, validate, validateSchema } from 'graphql';
import { buildApiSchema, printApiSchema } from '../../src/resolvers/schema';
import { readProjectFile } from '../support/project-files';
import { contractSchema } from '../support/contract-sdl';
import { membersOf } from '../support/schema-members';

const schema = buildApiSchema();
const members = membersOf(schema);

/** What the contract holds and nothing here knows yet. */
const NOT_BUILT = [
  'AllocationMove',
  'AllocationPolicy',
  'AllocationShareInput',
  'AttributeFillInput',
  'AttributeFillPayload',
  'Mode.BACKTEST',
  'Mode.LIVE',
  'Mutation.attributeFill',
  'Mutation.reconcile',
  'Mutation.runAllocation',
  'Mutation.setStrategyMode',
  'Mutation.transferAllocation',
  'Mutation.updateRiskRule',
  'OrderRole.REBALANCE',
  'ReconcileInput',
  'ReconcilePayload',
  'RunAllocationInput',
  'RunAllocationPayload',
  'SetStrategyModeInput',
  'SetStrategyModePayload',
  'StrategyMode',
  'Strategy.mode',
  'TransferAllocationInput',
  'TransferAllocationPayload',
  'UpdateRiskRuleInput',
  'UpdateRiskRulePayload',
  'UserErrorCode.CONFIRMATION_REQUIRED',
].sort();

describe('the schema', () => {
  it('is valid', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('is built the same way again', () => {
    expect(membersOf(buildApiSchema())).toEqual(members);
  });

  it('explains every type, field, argument and value', () => {
    const silent = members.filter(({ description }) => (description ?? '').trim().length < 4);
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(members.length).toBeGreaterThan(300);
  });

  it('says of everything that may be null when it is', () => {
    const silent = members.filter(
      ({ nullable, description }) => nullable && !/\bnull\b/i.test(description ?? ''),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('has no floats', () => {
    expect(members.filter(({ core }) => core === 'Float')).toEqual([]);
  });

  it('names the standard of every scalar that has one', () => {
    const own = Object.values(schema.getTypeMap()).filter(isScalarType);
    const without = own.filter(({ specifiedByURL }) => specifiedByURL == null);
    const builtIn = ['Boolean', 'ID', 'Int', 'String'];
    expect(without.map(({ name }) => name).sort()).toEqual([...builtIn, 'Sequence'].sort());
  });

  it('is what schema.graphql says', () => {
    expect(readProjectFile('schema.graphql').text).toBe(printApiSchema());
  });
});

const contract = contractSchema();
const itWithContract = contract === null ? it.skip : it;

describe('the contract', () => {
  const promised = contract === null ? [] : membersOf(contract);
  const known = new Map(members.map((member) => [member.name, member]));
  const typeOf = (name: string): string => name.split('.')[0]!;

  itWithContract('agrees with everything the schema shares with it', () => {
    const differing = promised.filter(({ name, signature }) => {
      const ours = known.get(name);
      return ours !== undefined && ours.signature !== signature;
    });
    expect(differing.map(({ name, signature }) => `${name}: ${signature}`)).toEqual([]);
  });

  itWithContract('is held but for the parts that are listed here', () => {
    const missing = promised.map(({ name }) => name).filter((name) => !known.has(name));
    const heads = missing.filter((name) => {
      const parent = /^(.*)\(/.exec(name)?.[1] ?? (name.includes('.') ? typeOf(name) : name);
      return parent === name || !missing.includes(parent);
    });
    expect(heads.sort()).toEqual(NOT_BUILT);
  });
});

describe('scalars', () => {
  const failure = (document: string): GraphQLError | undefined =>
    validate(schema, parse(document))[0];

  it.each([
    ['a number for a Decimal', '1.5', 'written as text'],
    ['an exponent', '"1e5"', 'not a plain decimal'],
    ['words', '"many"', 'not a plain decimal'],
    ['nothing', '""', 'not a plain decimal'],
    ['infinity', '"Infinity"', 'not a plain decimal'],
    ['an endless number', `"${'9'.repeat(65)}"`, 'not a plain decimal'],
  ])('refuse %s', (_what, literal, message) => {
    const names = 'strategy: "s", instrument: "A"';
    const order = `{ ${names}, side: BUY, type: MARKET, quantity: ${literal} }`;
    const error = failure(`{ previewOrder(order: ${order}) { id } }`);
    expect(error?.message).toContain(message);
    expect(error?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['orderFeed(after: "-1") { __typename }', 'not a sequence'],
    ['orderFeed(after: "0x10") { __typename }', 'not a sequence'],
    ['orderFeed(after: "99999999999999999999") { __typename }', 'not a sequence'],
    ['orderFeed(after: 5) { __typename }', 'written as text'],
  ])('refuse a sequence: %s', (field, message) => {
    expect(failure(`subscription { ${field} }`)?.message).toContain(message);
  });

  it.each(['"2026-02-30"', '"2026-2-3"', '"today"', '20260203'])('refuse the date %s', (date) => {
    const error = failure(`{ instructionFiles(tradingDate: ${date}) { id } }`);
    expect(error?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('give decimals back in one canonical form', () => {
    const decimal = schema.getType('Decimal');
    if (!isScalarType(decimal)) throw new Error('no Decimal');
    const texts = ['1.50', '+2', '.5', '-0', '007', '123456789012345678901234.123456789'];
    const canonical = ['1.5', '2', '0.5', '0', '7', '123456789012345678901234.123456789'];
    expect(texts.map((text) => decimal.parseValue(text))).toEqual(canonical);
    expect(canonical.map((text) => decimal.serialize(text))).toEqual(canonical);
  });

  it('give instants as toISOString does, whatever came before', () => {
    const instant = schema.getType('DateTime');
    if (!isScalarType(instant)) throw new Error('no DateTime');
    const anyOf = fc.oneof(
      fc.date({ noInvalidDate: true }),
      fc.date({ min: new Date('2026-01-01'), max: new Date('2026-01-03'), noInvalidDate: true }),
    );
    fc.assert(
      fc.property(fc.array(anyOf), (dates) => {
        const texts = dates.map((date) => instant.serialize(date.getTime()));
        expect(texts).toEqual(dates.map((date) => date.toISOString()));
      }),
    );
    expect(() => instant.serialize(NaN)).toThrow(RangeError);
  });
});
