// Writes schema.graphql from the code, or with --check says whether it differs. Reads dist, so that
// it says what is shipped.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { root, say } from './support.mjs';

const FILE = 'schema.graphql';

async function main(args) {
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    say(`schema takes --check and nothing else, not ${unknown.join(' ')}`);
    return 2;
  }
  await bootstrap();
  await build();
  const built = createRequire(join(root, 'dist', 'cli', 'main.js'));
  const text = built('../resolvers/schema.js').printApiSchema();
  const path = join(root, FILE);
  const same = existsSync(path) && readFileSync(path, 'utf8') === text;
  if (args.includes('--check')) {
    console.log(same ? `${FILE} agrees with the code` : `${FILE} differs; run npm run schema`);
    return same ? 0 : 1;
  }
  if (!same) writeFileSync(path, text);
  console.log(same ? 'nothing changed' : `wrote ${FILE}`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
