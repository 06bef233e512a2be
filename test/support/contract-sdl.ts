// The contract of the GraphQL API, read out of the paper that lies beside the checkout, if it does.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';

const PAPER = join(__dirname, '..', '..', '..', 'shared', 'graphql.md');

/** The contract's schema, or null where its paper is absent. */
export function contractSchema(): GraphQLSchema | null {
  let text: string;
  try {
    text = readFileSync(PAPER, 'utf8');
  } catch {
    process.stderr.write('Skipping the comparison with the contract: ../shared is missing.\n');
    return null;
  }
  const sdl = /```graphql\n([\s\S]*?)\n```/.exec(text)?.[1];
  if (sdl === undefined) throw new Error('the paper of the contract holds no schema');
  return buildSchema(sdl);
}
