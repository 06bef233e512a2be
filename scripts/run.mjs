// npm start: installs and builds what is missing, then runs the program until it is told to stop.
// Arguments are handed on: npm start -- --mode paper

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { runChild, startedByNpm } from './child.mjs';
import { root, say } from './support.mjs';

const PROGRAM = join(root, 'dist', 'main.js');

async function main(args) {
  const parent = process.ppid;
  await bootstrap();
  await build();
  if (!existsSync(PROGRAM)) throw new Error('this checkout has no src/main.ts to start');
  // npm may have been stopped during the build.
  if (startedByNpm() && process.ppid !== parent) return 143;
  return runChild(PROGRAM, args, { parent });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
