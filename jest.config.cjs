// Types are checked by "npm run typecheck"; here they are only stripped, which is quick.
const compile = [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/fixed-seed.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The compiled copies would be found beside the sources by name.
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/dist-web', '<rootDir>/.cache'],
  transform: { '\\.ts$': compile },
  // For what hangs only: a slow machine fails no test, so this is far above what any of them takes.
  testTimeout: 300_000,
  maxWorkers: 2,
};
