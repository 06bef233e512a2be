// The prepared tabs of GraphiQL: they are there, and the schema knows everything they ask for.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values';
import { limitsRule } from '../../src/server/limits';
import { DESK_SDL } from '../support/graphql-desk';

const FOLDER = 'web/graphiql/tabs';
const tabs = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => name.replace('.graphql', ''));

// The printed schema is what the tabs are for; the desk stands in for it until it is there.
const sdl = existsSync('schema.graphql') ? readFileSync('schema.graphql', 'utf8') : DESK_SDL;
const schema = buildSchema(sdl);

describe('the prepared tabs of GraphiQL', () => {
  it('are the five that a person starts with', () => {
    expect(tabs).toEqual([
      '1-portfolio-now',
      '2-live-fills',
      '3-why-was-my-order-denied',
      '4-preview-an-order',
      '5-halt-trading',
    ]);
  });

  it.each(tabs)('run as they are: %s', (name) => {
    const document = parse(readFileSync(`${FOLDER}/${name}.graphql`, 'utf8'));
    expect(validate(schema, document)).toEqual([]);
    expect(validate(schema, document, [limitsRule])).toEqual([]);
    const file = `${FOLDER}/${name}.json`;
    const values = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const declared = getOperationAST(document)?.variableDefinitions ?? [];
    expect(getVariableValues(schema, declared, values).errors).toBeUndefined();
  });
});
