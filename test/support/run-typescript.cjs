// Runs a TypeScript file in a process of its own: node run-typescript.cjs file.ts arguments...
// For tests that kill a process.

const { resolve } = require('node:path');
require('./typescript-hook.cjs');

const [, , file, ...rest] = process.argv;
process.argv = [process.argv[0], resolve(file), ...rest];
require(resolve(file));
