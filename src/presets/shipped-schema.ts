/** The GraphQL schema of this Tidegate as it is shipped; a test holds it to the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function shippedSchema(): string {
  return readFileSync(join(__dirname, '..', '..', 'schema.graphql'), 'utf8');
}
